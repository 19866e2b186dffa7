"""What can be looked at on Linux, without an administrator's rights."""

from __future__ import annotations

import re
from pathlib import Path

from app.vault.environment.answer import Answer, Unanswered, care, good, unknown
from app.vault.environment.system import System

CLIPBOARDS = frozenset({
    "klipper", "copyq", "gpaste-daemon", "clipit", "parcellite", "xfce4-clipman", "diodon", "cliphist", "clipmenud",
    "clipman", "qlipper", "clipcatd", "greenclip", "plasmashell",
})  # fmt: skip
"""Programs that keep a list of what was copied, as /proc names them; KDE's is part of its desktop."""
AUTOLOGIN = (
    ("/etc/gdm3/daemon.conf", r"^\s*AutomaticLoginEnable\s*=\s*(?i:true)"),
    ("/etc/gdm3/custom.conf", r"^\s*AutomaticLoginEnable\s*=\s*(?i:true)"),
    ("/etc/gdm/custom.conf", r"^\s*AutomaticLoginEnable\s*=\s*(?i:true)"),
    ("/etc/lightdm/lightdm.conf", r"^\s*autologin-user\s*=\s*\S"),
    ("/etc/sddm.conf", r"(?s)\[Autologin\][^\[]*^\s*User\s*=\s*\S"),
)
"""Where the usual login screens say that they ask nobody."""
_KEPT_A_DAY = "86400"
"""What CUPS does where nothing is written (cupsd.conf(5), PreserveJobFiles)."""


def disk(system: System, folder: Path) -> Answer:
    """Whether the disk under the folder is encrypted (dm-crypt, through LVM and RAID)."""
    try:
        encrypted = _is_encrypted(system, system.device(folder))
    except Unanswered:
        return unknown("看不出这块磁盘有没有加密。", "请信息老师确认磁盘已加密(LUKS)。")
    if encrypted:
        return good("磁盘已加密，电脑丢了别人也读不出里面的内容。")
    return care(
        "磁盘没有加密。档案本身是加密的，但系统的临时文件可能留下痕迹。", "请信息老师重装系统时打开磁盘加密(LUKS)。"
    )


def swap(system: System) -> Answer:
    """Whether what is moved out of memory lies encrypted, in memory, or nowhere."""
    places = [line.split()[0] for line in system.text("/proc/swaps").splitlines()[1:] if line.strip()]
    if not places:
        return good("没有交换空间，内存里的内容不会写到磁盘。")
    if all(_is_safe_swap(system, place) for place in places):
        return good("交换空间在内存里或已加密。")
    return care(
        "交换空间没有加密，内存里的文字可能被写到磁盘。", "请信息老师加密交换空间，或者关掉它；没弄好前不要休眠电脑。"
    )


def core_dumps(system: System) -> Answer:
    """Whether a crash would write this program's memory to the disk."""
    if system.is_dumpable():
        return care("程序出错退出时，系统可能把内存写到磁盘。", "请退出静室，用桌面上的静室图标重新打开。")
    return good("静室已关掉内存转储，程序出错退出时不会把内容写到磁盘。")


def clipboard(system: System) -> Answer:
    """Whether a program is running that keeps what is copied."""
    if CLIPBOARDS & set(system.processes()):
        return care("有程序在记录复制过的文字(剪贴板历史)。", "请在剪贴板工具的设置里关掉历史，或在那里清空它。")
    return good("没有发现记录剪贴板历史的程序。")


def account(system: System) -> Answer:
    """Whether the account is hers alone, as far as it can be told."""
    user = system.user()
    if user == 0:
        return care("正在用管理员(root)账户。", "请信息老师给您建一个自己的普通账户，平时用它。")
    if any(_has(system, path, pattern) for path, pattern in AUTOLOGIN):
        return care("这台电脑开机不问密码就进入桌面。", "请在系统设置里关掉自动登录，并给账户设密码。")
    sessions = [line.split() for line in system.run("loginctl", "list-sessions", "--no-legend").splitlines()]
    own = [fields for fields in sessions if fields[1:2] == [str(user)] and "manager" not in fields]
    if len(own) > 1:
        return care(
            "这个账户现在同时登录了 {count} 处。", "如果是同事在用，请信息老师给您一个单独的账户。", count=len(own)
        )
    return unknown("没有发现别人同时在用这个账户。", "请确认只有您自己知道这个账户的密码。")


def printing(system: System) -> Answer:
    """Whether the printing system keeps pages after they are printed (CUPS)."""
    if not system.names("/etc/cups"):
        return good("这台电脑没有打印服务。")
    try:
        written = system.text("/etc/cups/cupsd.conf")
    except PermissionError:
        return unknown("看不到打印服务的设置。", "请信息老师在 cupsd.conf 里写上 PreserveJobFiles No。")
    told = re.findall(r"(?mi)^\s*PreserveJobFiles\s+(\S+)", written) or [_KEPT_A_DAY]
    if told[-1].casefold() in ("no", "off", "false", "0"):
        return good("打印完的页面不会留在电脑里。")
    return care("打印过的页面会在电脑里再留一段时间。", "请信息老师在 cupsd.conf 里写上 PreserveJobFiles No。")


def _is_safe_swap(system: System, place: str) -> bool:
    if place.startswith("/dev/zram"):
        return True
    try:
        device = place.removeprefix("/dev/") if place.startswith("/dev/") else system.device(Path(place))
        return _is_encrypted(system, device)
    except (Unanswered, OSError):
        return False


def _is_encrypted(system: System, device: str) -> bool:
    """Whether all that lies under a block device is encrypted. Raises Unanswered for one the kernel does not know."""
    if not system.names(f"/sys/class/block/{device}"):
        raise Unanswered
    try:
        if system.text(f"/sys/class/block/{device}/dm/uuid").startswith("CRYPT-"):
            return True
    except OSError:
        pass  # no device-mapper device
    under = system.names(f"/sys/class/block/{device}/slaves")
    return bool(under) and all(_is_encrypted(system, each) for each in under)


def _has(system: System, path: str, pattern: str) -> bool:
    try:
        return re.search(pattern, system.text(path), re.MULTILINE) is not None
    except OSError:
        return False
