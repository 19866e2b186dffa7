"""What can be looked at on every PC: where the vault lies, who may read it, room, the clock, the keys, the newest backup elsewhere."""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from app.vault import keycopies, places
from app.vault.environment.answer import Answer, Unanswered, care, good
from app.vault.files import DATABASE, KEYS, KEYS_B
from app.vault.places import Kind
from app.vault.trail import Link
from app.vault.vault import Vault

LEAST_FREE = 1 << 30
BACKUP_DAYS = 7
"""So old the newest copy on another device may be."""
SLACK = timedelta(minutes=10)
"""A clock that was set right by minutes is no wrong clock."""
SILENCE = timedelta(days=180)
"""After so long without any use the clock is doubted (security.md T12)."""
_OTHERS = 0o077


def place(folder: Path, kind: Kind | None = None) -> Answer:
    """Whether the vault lies on a disk of this PC that nobody carries off and no program copies away."""
    kind = kind or places.kind_of(folder)
    if kind.network:
        return care("档案在共享盘或别的电脑上。", "请搬到这台电脑自己的磁盘，共享盘只放备份。")
    if places.synced_by(folder):
        return care(
            "档案在网盘或同步软件的文件夹里，会被传到网上。", "请退出静室，把整个档案文件夹搬到不同步的地方再打开。"
        )
    if kind.removable:
        return care("档案在可移动的磁盘上，拔出或丢失时就没有了。", "请搬到电脑自己的磁盘，U 盘只放加密备份。")
    if kind.fat:
        return care(
            "档案所在的磁盘是 FAT 格式，断电时容易丢数据，也不能限制别的账户读取。", "请搬到 NTFS 格式的本机磁盘。"
        )
    if kind.fleeting:
        return care("档案在内存里的临时文件夹，关机后就没有了。", "请马上做一次备份，再搬到电脑自己的磁盘。")
    return good("在这台电脑自己的磁盘上，没有发现网盘或同步软件。")


def permissions(folder: Path) -> Answer:
    """Whether other accounts of this PC may look into the vault's folder, by the file system's modes."""
    if os.name != "posix":
        raise Unanswered
    if not folder.stat().st_mode & _OTHERS:
        return good("档案文件夹只有您的账户能打开。")
    open_to_others = [name for name in (DATABASE, KEYS, KEYS_B) if _is_open(folder / name)]
    if open_to_others:
        return care(
            "这台电脑的别的账户能读到档案文件(内容仍是加密的)。", "请信息老师把档案文件夹的权限改为只有您的账户可用。"
        )
    return care("这台电脑的别的账户能看到档案文件夹。", "请信息老师把档案文件夹的权限改为只有您的账户可用。")


def free_space(folder: Path) -> Answer:
    """Whether there is room for a term's work and its backups."""
    free = shutil.disk_usage(folder).free
    mib = f"{free >> 20:,}"
    if free < LEAST_FREE:
        return care("档案所在的磁盘只剩 {mib} MB。", "请清空回收站、移走大文件，至少腾出 1 GB。", mib=mib)
    return good("档案所在的磁盘还有 {gib} GB。", gib=f"{free / (1 << 30):,.0f}")


def clock(vault: Vault) -> Answer:
    """Whether the PC's clock fits what the trail says."""
    now = vault.now()
    with vault.read() as session:
        newest = session.scalar(select(func.max(Link.at)))
        before = session.scalar(select(func.max(Link.at)).where(Link.session < vault.trail.session_no))
    if newest is not None and now < datetime.fromisoformat(newest) - SLACK:
        return care(
            "电脑时间比档案里最近一次记录还早：现在 {now}，记录到 {last}。",
            "请在系统设置里校准日期和时间；如果每次开机都错，请信息老师换主板电池。",
            **_moments(now, newest),
        )
    if before is not None and now > datetime.fromisoformat(before) + SILENCE:
        return care(
            "距上次打开档案已超过半年：上次 {last}，现在 {now}。",
            "请看一眼电脑的日期对不对；不对就在系统设置里校准。",
            **_moments(now, before),
        )
    return good("电脑时间与档案里的记录对得上。")


def keys(vault: Vault) -> Answer:
    """Whether both copies of the key file are whole and say the same."""
    copies = keycopies.read_copies(vault.folder)
    whole = [copy for copy in copies if keycopies.is_sealed_by(copy, vault.master)]
    if len(whole) == 2 and whole[0].content == whole[1].content:
        return good("钥匙文件的两份副本都完好。")
    return care(
        "钥匙文件的两份副本只有一份可用。", "请锁定后再用口令打开一次，会自动补好；再出现请更换磁盘并先做备份。"
    )


def backup(chosen: bool, carried_at: datetime | None, now: datetime) -> Answer:
    """Whether a copy lies on another device that is not too old; ``chosen``: she named such a place."""
    if not chosen:
        return care(
            "没有设置别的设备上的备份，这台电脑坏了档案就没有了。", "请到「设置 → 备份与恢复」选一个 U 盘或共享盘。"
        )
    if carried_at is None:
        return care("备份还没有存到别的设备上。", "请插上 U 盘或连上共享盘，到「设置 → 备份与恢复」点「立即备份」。")
    days = (now.date() - carried_at.astimezone(now.tzinfo).date()).days
    if days < 0:
        return care(
            "别的设备上最新的备份标的日期在今天以后，不知道有多旧。",
            "请核对电脑的时间，再插上 U 盘或连上共享盘，到「设置 → 备份与恢复」点「立即备份」。",
        )
    if days > BACKUP_DAYS:
        return care(
            "别的设备上最新的备份是 {days} 天前的。",
            "请插上 U 盘或连上共享盘，到「设置 → 备份与恢复」点「立即备份」。",
            days=days,
        )
    if days == 0:
        return good("别的设备上有今天的备份。")
    return good("别的设备上最新的备份是 {days} 天前的。", days=days)


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except FileNotFoundError:
        return False


def _moments(now: datetime, last: str) -> dict[str, object]:
    then = datetime.fromisoformat(last).astimezone(now.tzinfo)
    return {"now": f"{now:%Y-%m-%d %H:%M}", "last": f"{then:%Y-%m-%d %H:%M}"}
