"""Everything that is looked at on this kind of PC, in the order it is shown (security.md §7)."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial

from app.vault.environment import anywhere, linux, mac, windows
from app.vault.environment.answer import Answer, Read, Unanswered, unknown
from app.vault.environment.system import System
from app.vault.vault import Vault

LATE = unknown("等了一会儿没有回答，可能是磁盘或系统太忙。", "请稍后再查一次；每次都这样，请信息老师检查磁盘。")
"""For a read that was given up."""


def reads(
    vault: Vault, chosen: bool, carried_at: datetime | None, system: System | None = None, platform: str = sys.platform
) -> list[Read]:
    """``chosen``: she named a place for backups on another device, ``carried_at``: when the newest verified there was made."""
    folder = vault.folder
    narrow = (
        partial(windows.permissions, system or System(), folder)
        if platform == "win32"
        else partial(anywhere.permissions, folder)
    )
    return [
        Read("档案的位置", partial(anywhere.place, folder)),
        Read("谁能打开文件夹", narrow),
        Read("磁盘空间", partial(anywhere.free_space, folder)),
        Read("钥匙文件", partial(anywhere.keys, vault)),
        Read("别处的备份", partial(anywhere.backup, chosen, carried_at, vault.now())),
        Read("电脑时间", partial(anywhere.clock, vault)),
        *_own(vault, system or System(), platform),
    ]


def answered(read: Read) -> Answer:
    """What a read tells; that it cannot tell where the system does not answer."""
    try:
        return read.look()
    except (Unanswered, OSError):
        return unknown()


def _own(vault: Vault, system: System, platform: str) -> list[Read]:
    """What only this kind of system has."""
    if platform == "win32":
        return [
            Read("磁盘加密", partial(windows.disk, system, vault.folder)),
            Read("休眠", partial(windows.hibernation, system)),
            Read("页面文件", partial(windows.page_file, system)),
            Read("登录账户", partial(windows.account, system)),
            Read("剪贴板历史", partial(windows.clipboard, system)),
            Read("屏幕回顾", partial(windows.recall, system)),
            Read("打印留底", partial(windows.printing, system)),
        ]
    if platform == "darwin":
        return [Read("磁盘加密", partial(mac.disk, system))]
    return [
        Read("磁盘加密", partial(linux.disk, system, vault.folder)),
        Read("交换空间", partial(linux.swap, system)),
        Read("内存转储", partial(linux.core_dumps, system)),
        Read("登录账户", partial(linux.account, system)),
        Read("剪贴板历史", partial(linux.clipboard, system)),
        Read("打印留底", partial(linux.printing, system)),
    ]
