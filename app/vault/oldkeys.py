"""Old keys: whether keys that were given up open the vault again, by a restore or by an old key file put back, and how that is told."""

from __future__ import annotations

from pathlib import Path

from app.errors import Problem
from app.vault import keycopies
from app.vault.backup import local_place
from app.vault.backupfile import Container
from app.vault.backupplaces import listed
from app.vault.files import ASIDES
from app.vault.keyfile import KeyFile


class KeysOfThatDay(Problem):
    """Wrong, and the vault was restored to before a change of all keys."""

    def __init__(self) -> None:
        super().__init__(
            "口令或恢复码不对，档案没有打开。",
            "这份档案是从更换全部钥匙以前的备份恢复的，要用做那份备份那一天的口令或恢复码打开；以后换的在这里没有用。",
        )


class WrongForOldKeys(Problem):
    """Wrong, and the key file is older than that of a backup beside it: today's secret may well be right."""

    def __init__(self) -> None:
        super().__init__(
            "口令或恢复码不对，档案没有打开。",
            "文件夹里的钥匙文件（vault.keys）比备份里的旧，可能有人放回了旧的。请换回原来的那一个；找不到，请点「从备份恢复」，"
            "用现在的口令打开最新的备份，可以只取回钥匙文件。",
        )


class KeyFileOlder(Problem):
    """The secret was right for the key file, which is of before a change of all keys, and the database of after it."""

    def __init__(self) -> None:
        super().__init__(
            "钥匙文件（vault.keys）是更换全部钥匙以前的，和现在的档案文件对不上，档案没有打开。",
            "可能有人放回了旧的钥匙文件。请换回原来的那一个；找不到，请点「从备份恢复」，用更换以后的口令或恢复码打开最新的备份，"
            "可以只取回钥匙文件。请不要删除任何文件。",
        )


def brings_old_keys(container: Container, folder: Path) -> bool:
    """Whether keys that were given up would open the vault in the folder again, and the present ones would not."""
    return any(content.epoch > container.keys.content.epoch for content in keycopies.contents(folder))


def has_old_keys(folder: Path) -> bool:
    """Whether that has happened: a vault set aside in the folder is of later keys than the present one."""
    later = [content for aside in folder.glob(f"{ASIDES}*") for content in keycopies.contents(aside)]
    present = keycopies.contents(folder)
    return any(own.vault_id == one.vault_id and own.epoch < one.epoch for own in present for one in later)


def in_backups(folder: Path, vault_id: str) -> list[KeyFile]:
    """The key files in the backups that lie beside a vault, the latest first."""
    containers = [found.container for found in listed(local_place(folder)) if found.container is not None]
    return [one.keys.content for one in containers if one.manifest.vault_id == vault_id]


def later_keys(folder: Path) -> KeyFile | None:
    """The key file of a backup beside the vault that is later than the vault's own: an old one was put back. Else None."""
    for own in keycopies.contents(folder)[:1]:
        return next((one for one in in_backups(folder, own.vault_id) if one.generation > own.generation), None)
    return None


def why_wrong(folder: Path, error: Problem) -> Problem:
    """What is told for a secret that does not open the vault."""
    if has_old_keys(folder):
        return KeysOfThatDay()
    return WrongForOldKeys() if later_keys(folder) is not None else error
