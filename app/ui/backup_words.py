"""What is said of backups at the door and in the settings: when the last one was made, what it holds, whether one is due elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import QCoreApplication

OVERDUE_DAYS = 7
"""So old the newest copy on another device may be."""
MIB = 1 << 20


def when(at: datetime, now: datetime) -> str:
    """今天 16:40, 昨天 9:05, 2026-11-12 16:40."""
    local = at.astimezone(now.tzinfo)
    days = (now.date() - local.date()).days
    day = {0: _tr("今天"), 1: _tr("昨天")}.get(days, f"{local:%Y-%m-%d}")
    return f"{day} {local:%H:%M}"


def held(counts: Mapping[str, int]) -> str:
    """学生 1,203 · 记录 5,021."""
    words = _tr("学生 {students} · 记录 {notes}")
    return words.format(students=f"{counts.get('student', 0):,}", notes=f"{counts.get('note', 0):,}")


def restorable(at: datetime, counts: Mapping[str, int], now: datetime) -> str:
    """The line of the unlock screen: what could be had back if this PC were gone."""
    return _tr("上次可恢复：{when} · {held}").format(when=when(at, now), held=held(counts))


def reminder(carried_at: datetime | None, now: datetime, *, chosen: bool) -> str:
    """Empty, or that the newest copy on another device is too old, or that there is none."""
    if not chosen:
        return _tr("备份还只在这台电脑上，请在「设置 → 备份与恢复」里选一个 U 盘或共享盘。")
    if carried_at is None:
        return _tr("备份还没有存到别的设备上，请插上 U 盘或连上共享盘。")
    days = (now.date() - carried_at.astimezone(now.tzinfo).date()).days
    if days < 0:
        return _tr(
            "别的设备上的备份标的日期在今天以后，不知道有多旧。请核对电脑的时间，再插上 U 盘或连上共享盘备份一次。"
        )
    if days <= OVERDUE_DAYS:
        return ""
    return _tr("别的设备上的备份已是 {days} 天前的，请插上 U 盘或连上共享盘。").format(days=days)


def set_aside(count: int) -> str:
    """What a vault is that a restore has set aside, of so many bytes."""
    return _tr("恢复时整份保留的档案 · {size}").format(size=size(count))


def old_keys() -> str:
    """What a restore to before a change of all keys brings with it."""
    return _tr(
        "注意：这份备份是更换全部钥匙以前做的。恢复后，做备份那一天的口令和恢复码又能打开档案，现在的口令和恢复码打不开；"
        "恢复后请马上再更换全部钥匙。"
    )


def keys_enough() -> str:
    """That nothing but the key file need be taken out of a backup."""
    return _tr("档案文件本身是好的，打不开只是因为钥匙文件：只取回它就行，备份以后写的内容也都在。")


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / MIB:,.1f} MB"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Backup", words)
