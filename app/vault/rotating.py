"""「有人看到了我的口令」: a new master key, and the database rewritten under it (docs/decisions/rotation.md)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from app.clock import Clock
from app.errors import Problem
from app.vault import keycopies, passwords, renewing, rewriting
from app.vault.backupfile import Unwatched, Work
from app.vault.files import DATABASE, NEXT, as_problem, patiently, sync_folder
from app.vault.keyfile import PASSWORD, RECOVERY, KeyFile, new_slot
from app.vault.keys import SALT_BYTES, MasterKey, Password, new_master_key
from app.vault.locking import VaultLock
from app.vault.recovery import RecoveryCode
from app.vault.rewriting import Epoch
from app.vault.vault import Vault

STEPS = 3


@dataclass(frozen=True, repr=False)
class NewSecrets:
    """What opens the vault afterwards; no repr, for the password is in it."""

    password: str
    code: RecoveryCode


def rotate(vault: Vault, old: str, new: NewSecrets, names: Iterable[str] = (), work: Work | None = None) -> None:
    """Give the vault a new master key, database key, password and recovery code; afterwards it is closed.

    Interrupted at any moment, the vault opens with the old secrets before the key file is written, and with the new ones
    after; what is left to do then is done by the next opening (``finish``). The school's sealed code ends with the rest.

    ``old`` is the present password; ``work`` is told how far it is of STEPS, and may stop it until the key file is written.
    Takes three derivations and the time to write and check a database of this size. Raises OldPasswordWrong, PasswordRefused,
    NoRoom, NotWritable, FileHeld, Busy, Closed, RewriteFailed, or what ``work`` raises to stop; then nothing has changed and
    the vault is open.
    """
    watched = work or Unwatched()
    content = keycopies.current(vault.folder, vault.master)
    passwords.check_new(new.password, (content.school, content.room, *names))
    renewing.confirm(vault, old)
    if new.password == old:
        raise passwords.PasswordRefused("新口令和现在的一样。")
    watched.step(1, STEPS)
    master = replace(new_master_key(), vault_id=vault.vault_id)
    fresh = _fresh(content, master, new)
    watched.step(2, STEPS)

    def rewrite() -> None:
        rewriting.write_next(vault, Epoch.of(content, vault.master), Epoch.of(fresh, master), fresh, watched)
        try:
            watched.step(3, STEPS)
            _commit(vault, fresh, master)
        except BaseException:
            rewriting.drop_next(vault.folder)  # the vault goes on: what is written from now on is not in it
            raise

    vault.hand_over(rewrite)
    lock = VaultLock(vault.folder)
    with suppress(Problem):  # the new secrets hold already: what cannot be done now is done by the next opening
        lock.take()
        try:
            finish(vault.folder, keycopies.current(vault.folder, master), master, vault.clock)
        finally:
            lock.let_go()


def finish(folder: Path, content: KeyFile, master: MasterKey, clock: Clock) -> KeyFile:
    """Bring a change of keys to its end, or take away what one that never counted has left; gives the key file as it is then.

    The vault's lock is held and the vault not open. Raises StillRead, NoRoom, NotWritable, FileHeld or RewriteFailed.
    """
    if content.previous is None:
        rewriting.drop_next(folder)
        return content
    old, new = _replaced(content, master), Epoch.of(content, master)
    try:
        if not new.opens(folder / DATABASE):
            if not new.is_whole(
                folder / NEXT / DATABASE
            ):  # somebody took it away: it is written again from the old one
                rewriting.write_again(folder, old, new, content, clock)
            old.wait_until_unread(folder / DATABASE)
            for log in ("-wal", "-shm"):
                (folder / f"{DATABASE}{log}").unlink(missing_ok=True)
            patiently(lambda: os.replace(folder / NEXT / DATABASE, folder / DATABASE), DATABASE)
            sync_folder(folder)
        rewriting.drop_next(folder)
    except OSError as error:
        raise as_problem(error, DATABASE) from error
    return keycopies.change(folder, master, _without_previous)


def _fresh(content: KeyFile, master: MasterKey, new: NewSecrets) -> KeyFile:
    kdf = content.slots[PASSWORD].kdf
    slots = {
        PASSWORD: new_slot(PASSWORD, master, Password(new.password), kdf.fresh()),
        RECOVERY: new_slot(RECOVERY, master, new.code, kdf.fresh()),
    }
    return replace(content, epoch=content.epoch + 1, salt=secrets.token_bytes(SALT_BYTES), slots=slots)


def _commit(vault: Vault, fresh: KeyFile, master: MasterKey) -> None:
    """Write the key file with both epochs. It counts from the moment one copy says so, even if the other cannot be written."""

    def both(now: KeyFile) -> KeyFile:
        renewed = replace(now, epoch=fresh.epoch, salt=fresh.salt, slots=fresh.slots)
        return renewed.replacing(now, vault.master, master)

    try:
        keycopies.change(vault.folder, vault.master, both, under=master)
    except Problem:
        if keycopies.read_copies(vault.folder)[0].content.epoch != fresh.epoch:
            raise


def _replaced(content: KeyFile, master: MasterKey) -> Epoch:
    if content.previous is None:
        raise ValueError("no epoch is being replaced")
    return Epoch(content.before(master), content.previous.epoch, content.previous.salt)


def _without_previous(now: KeyFile) -> KeyFile:
    return replace(now, previous=None)
