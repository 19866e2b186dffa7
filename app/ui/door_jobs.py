"""The threshold's jobs, each on a thread of its own: a vault opened, made, or given a new password after a code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import Clock
from app.errors import Problem
from app.ui.background import Cancelled, Progress

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.ui.first_run import Setup
    from app.vault.keys import Password
    from app.vault.recovery import RecoveryCode
    from app.vault.vault import Vault


def opened(
    folder: Path,
    secret: Password | RecoveryCode,
    clock: Clock,
    damaged: Callable[[Problem], None],
    keyed: Callable[[], None],
    progress: Progress,
) -> Vault:
    """The vault in a folder. Raises as ``open_vault``."""
    from app.vault.opening import open_vault

    return _unless_stopped(open_vault(folder, secret, clock, damaged=damaged, keyed=keyed), progress)


def made(setup: Setup, clock: Clock, register: Callable[[Setup, Session], None], progress: Progress) -> Vault:
    """A new vault, with the names that ``register`` writes into it. Raises as ``create_vault``."""
    from app.vault.opening import create_vault

    school, room = (setup.school, setup.room) if setup.names_outside else ("", "")
    first = partial(register, setup)
    vault, _ = create_vault(
        setup.folder, school=school, room=room, password=setup.password, clock=clock, code=setup.code, first=first
    )
    return _unless_stopped(vault, progress)


def renewed(vault: Vault, typed: str, names_of: Callable[[Session], tuple[str, ...]], _progress: Progress) -> Vault:
    """The same vault, under a new password in which none of its names may stand. Raises as ``renew_password``."""
    from app.vault.renewing import renew_password

    with vault.read() as session:
        names = names_of(session)
    renew_password(vault, typed, names)
    return vault


def _unless_stopped(vault: Vault, progress: Progress) -> Vault:
    """The vault, or nothing where the program ends meanwhile: then nobody would take it, and it is closed in order."""
    if progress.stopped():
        vault.close()
        raise Cancelled
    return vault
