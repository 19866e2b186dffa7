"""What can be looked at on Windows, without an administrator's rights. Tried with answers made up after Microsoft's documents only."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

from app.vault.environment.answer import Answer, Unanswered, care, good, unknown
from app.vault.environment.system import System

POWER = r"HKLM\SYSTEM\CurrentControlSet\Control\Power"
SESSION_POWER = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Power"
FILE_SYSTEM = r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem"
FILE_POLICY = r"HKLM\SYSTEM\CurrentControlSet\Policies"
PRINTERS = r"HKLM\SYSTEM\CurrentControlSet\Control\Print\Printers"
CLIPBOARD = r"HKCU\Software\Microsoft\Clipboard"
SYSTEM_POLICY = r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System"
RECALL_POLICY = r"\SOFTWARE\Policies\Microsoft\Windows\WindowsAI"
VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
LOGON = rf"{VERSION}\Winlogon"
SHELL_ASKS = (
    "(New-Object -ComObject Shell.Application).NameSpace('{drive}').Self"
    ".ExtendedProperty('System.Volume.BitLockerProtection')"
)
KEEP_PRINTED = 0x100
"""PRINTER_ATTRIBUTE_KEEPPRINTEDJOBS, in a printer's attributes."""
FIRST_RECALL = 26100
"""The build of Windows 11 24H2, the first with Recall."""
COMMON_ACCOUNTS = frozenset({"administrator", "admin", "user", "guest", "pc", "teacher", "student", "office", "public"})
PROTECTED, BARE = frozenset({"1", "3", "6"}), frozenset({"2", "4", "5", "8"})
"""The shell's System.Volume.BitLockerProtection: on, being encrypted, on and locked; off, being decrypted, suspended, not yet active."""
_OTHERS = re.compile(r"(Everyone|BUILTIN\\Users|\\Authenticated Users):", re.IGNORECASE)


def disk(system: System, folder: Path) -> Answer:
    """Whether BitLocker protects the drive; the shell tells it without an administrator's rights."""
    drive = PureWindowsPath(folder).drive
    if re.fullmatch(r"[A-Za-z]:", drive) is None:
        raise Unanswered
    told = system.run("powershell", "-NoProfile", "-NonInteractive", "-Command", SHELL_ASKS.format(drive=drive)).strip()
    letter = drive.rstrip(":")
    if told in PROTECTED:
        return good("{drive} 盘已用 BitLocker 加密。", drive=letter)
    if told in BARE:
        return care(
            "{drive} 盘没有加密。电脑丢了，系统的临时文件能被别人读出。",
            "请信息老师打开 BitLocker，并把恢复密钥交学校保管。",
            drive=letter,
        )
    return unknown("看不出 {drive} 盘有没有加密。", "请信息老师在「管理 BitLocker」里看一看。", drive=letter)


def hibernation(system: System) -> Answer:
    """Whether sleep or shutting down writes the memory to the disk."""
    set_by_hand = system.registry(POWER, "HibernateEnabled")
    hibernates = set_by_hand if set_by_hand is not None else system.registry(POWER, "HibernateEnabledDefault")
    if hibernates is None:
        raise Unanswered
    if hibernates == 0:
        return good("休眠已关闭，内存不会整个写到磁盘。")
    if system.registry(SESSION_POWER, "HiberbootEnabled"):
        return care(
            "休眠和快速启动开着，关机时会把一部分内存写到磁盘。",
            "请信息老师用管理员命令 powercfg /h off 关掉；磁盘已用 BitLocker 加密的可以不关。",
        )
    return care(
        "休眠开着，休眠时会把内存整个写到磁盘。",
        "请信息老师用管理员命令 powercfg /h off 关掉；磁盘已用 BitLocker 加密的可以不关。",
    )


def page_file(system: System) -> Answer:
    """Whether what is moved out of memory is encrypted."""
    told = [system.registry(key, "NtfsEncryptPagingFile") for key in (FILE_POLICY, FILE_SYSTEM)]
    if 1 in told:
        return good("页面文件已加密。")
    return care(
        "页面文件没有加密，内存里的文字可能被写到磁盘。",
        "请信息老师用管理员命令 fsutil behavior set EncryptPagingFile 1 打开，再重启；磁盘已用 BitLocker 加密的可以不改。",
    )


def permissions(system: System, folder: Path) -> Answer:
    """Whether other accounts of this PC may look into the vault's folder, by its access list."""
    if _OTHERS.search(system.run("icacls", str(folder))):
        return care("这台电脑的别的账户能打开档案文件夹。", "请信息老师把档案文件夹的权限改为只有您的账户可用。")
    return good("档案文件夹只有您的账户能打开。")


def printing(system: System) -> Answer:
    """Whether a printer keeps the pages it has printed."""
    printers = [system.registry(rf"{PRINTERS}\{name}", "Attributes") for name in system.keys(PRINTERS)]
    if any(isinstance(attributes, int) and attributes & KEEP_PRINTED for attributes in printers):
        return care(
            "有打印机设成了「保留打印的文档」，印过的页面会留在电脑里。",
            "请在这台打印机的「打印机属性 → 高级」里去掉「保留打印的文档」。",
        )
    return good("打印完的页面不会留在电脑里。")


def clipboard(system: System) -> Answer:
    """Whether Win+V keeps what is copied, or sends it to other devices."""
    if _is_on(system, "CloudClipboardAutomaticUpload", "AllowCrossDeviceClipboard"):
        return care("复制过的文字会自动传到别的设备。", "请在「设置 → 系统 → 剪贴板」里关掉「跨设备同步」。")
    if _is_on(system, "EnableClipboardHistory", "AllowClipboardHistory"):
        return care("剪贴板历史(Win+V)开着，复制过的文字会留下来。", "请在「设置 → 系统 → 剪贴板」里关掉历史记录。")
    return good("没有打开剪贴板历史。")


def recall(system: System) -> Answer:
    """Whether Windows may keep pictures of the screen (Recall)."""
    build = system.registry(VERSION, "CurrentBuildNumber")
    if str(build).isdecimal() and int(str(build)) < FIRST_RECALL:
        return good("这个版本的 Windows 没有屏幕回顾(Recall)。")
    for hive in ("HKLM", "HKCU"):
        off = system.registry(hive + RECALL_POLICY, "DisableAIDataAnalysis") == 1
        if off or system.registry(hive + RECALL_POLICY, "AllowRecallEnablement") == 0:
            return good("屏幕回顾(Recall)已由设置关掉。")
    return unknown(
        "看不出屏幕回顾(Recall)有没有打开。", "请看「设置 → 隐私和安全性 → 回顾和快照」；有这一项就把「保存快照」关掉。"
    )


def account(system: System) -> Answer:
    """Whether the account is hers alone, as far as it can be told."""
    if str(system.registry(LOGON, "AutoAdminLogon")) == "1":
        return care("这台电脑开机不问密码就进入桌面。", "请在「设置 → 帐户 → 登录选项」里设密码，并关掉自动登录。")
    if system.variable("USERNAME").casefold() in COMMON_ACCOUNTS:
        return care("这个 Windows 账户的名字像是大家共用的。", "请信息老师给您建一个单独的账户，密码只有您知道。")
    return unknown("看不出有没有同事也用这个 Windows 账户。", "请确认只有您自己知道这个账户的密码。")


def _is_on(system: System, setting: str, policy: str) -> bool:
    """Whether she switched something of the clipboard on and the school has not forbidden it."""
    return bool(system.registry(CLIPBOARD, setting)) and system.registry(SYSTEM_POLICY, policy) != 0
