"""What can be looked at on macOS, without an administrator's rights."""

from __future__ import annotations

from app.vault.environment.answer import Answer, Unanswered, care, good
from app.vault.environment.system import System


def disk(system: System) -> Answer:
    """Whether FileVault is on."""
    told = system.run("fdesetup", "status")
    if "FileVault is On" in told:
        return good("磁盘已加密(FileVault)。")
    if "FileVault is Off" in told:
        return care("磁盘没有加密。", "请在「系统设置 → 隐私与安全性 → 文件保险箱」里打开文件保险箱。")
    raise Unanswered
