"""Making a vault, and opening it by password or code. An error here creates and deletes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.clock import Clock
from app.errors import Problem
from app.vault import anchors, ballast, keycopies, keyevents, keyfile, migrating, passwords, places, renewing, triggers
from app.vault.engine import open_engine
from app.vault.files import (
    DATABASE,
    NEXT,
    RESTORED,
    as_problem,
    is_vault,
    make_private_folder,
    remove_stale,
)
from app.vault.founding import checkpoint, finish_founding, make_files
from app.vault.keycopies import Copy, KeyFileDamaged, KeyFileMissing
from app.vault.keyfile import KeyFile, Verified
from app.vault.keys import Kdf, MasterKey, Password, WrongKey, calibrated, new_master_key
from app.vault.locking import VaultLock
from app.vault.pagecheck import PageCheck
from app.vault.proving import NewerVault, Proof, VaultDamaged, VaultMissing, check_files, prove, set_journal_aside
from app.vault.proving import as_problem as database_problem
from app.vault.recovery import RecoveryCode, new_code
from app.vault.text import clean
from app.vault.trail import Act
from app.vault.vault import Vault

__all__ = [
    "KeyFileDamaged", "KeyFileMissing", "NewerVault", "Password", "RecoveryCode", "VaultDamaged", "VaultMissing",
    "WrongPassword", "WrongRecoveryCode", "create_vault", "is_vault", "open_vault", "outside",
]  # fmt: skip

TRAIL_TAIL = 100
"""How many of the trail's last rows are verified at every opening."""

Damaged = Callable[[VaultDamaged], None]


class WrongPassword(Problem):
    """The password does not open the vault; nothing else is the matter."""

    def __init__(self) -> None:
        super().__init__(
            "口令不对，档案没有打开。", "请检查大小写锁定和输入法（全角、中文标点），再输入一次；也可以用恢复码打开。"
        )


class WrongRecoveryCode(Problem):
    """A code without typos that is not this vault's."""

    def __init__(self) -> None:
        super().__init__("这个恢复码没有抄错，但不是这份档案的。", "请找这份档案的恢复码；口令更换后，恢复码仍然有效。")


def outside(folder: Path) -> KeyFile:
    """What may be read before unlock: the school's and room's names and the last verified backup."""
    return keycopies.read_copies(folder)[0].content


def create_vault(
    folder: Path,
    *,
    school: str,
    room: str,
    password: str,
    clock: Clock,
    kdf: Kdf | None = None,
    code: RecoveryCode | None = None,
    first: Callable[[Session], None] | None = None,
) -> tuple[Vault, RecoveryCode]:
    """Make a new vault and open it; the names go into the key file too, empty where she leaves them out.
    ``code`` is a recovery code she has written down already; without it one is made. ``first`` adds the records that a
    vault never stands without; they are in the file before it bears its name.

    Takes seconds: the derivation is measured on this PC unless ``kdf`` gives it. Raises FolderRefused, PasswordRefused,
    NoRoom, NotWritable or AlreadyOpen; whatever was made until then is taken away again.
    """
    passwords.check_new(password, (school, room))
    places.judge_new(folder)
    master, code = new_master_key(), code or new_code()
    names = {"school": _short(school), "room": _short(room)}
    content = keyfile.new_key_file(master, Password(password), code, kdf or calibrated(), **names)
    try:
        make_private_folder(folder)
    except OSError as error:
        raise as_problem(error, folder.name) from error
    lock = VaultLock(folder)
    lock.take()
    try:
        places.judge_new(folder)  # again, now that nobody else can make one here
        make_files(folder, content, master, _database_key(master, content), clock, first)
        proof = prove(folder, _database_key(master, content), content.salt, master.vault_id, None)
        return _opened(folder, content, master, proof, lock, clock, None, keyevents.FOUNDED), code
    except BaseException:
        lock.let_go()
        raise


def open_vault(
    folder: Path,
    secret: Password | RecoveryCode,
    clock: Clock,
    *,
    damaged: Damaged | None = None,
    keyed: Callable[[], None] | None = None,
) -> Vault:
    """Open the vault in a folder; takes 0.5 to 1 s for the derivation, so call it in the background.

    ``damaged`` is called, on a thread of its own, if the page checks that go on afterwards find damage; the vault is
    closed by then; ``keyed`` is called when the key has been derived. Raises VaultMissing, KeyFileMissing, KeyFileDamaged,
    KeyFileNewer, KeyFileOlder, WrongPassword, WrongRecoveryCode, VaultDamaged, NewerVault, AlreadyOpen, FolderRefused, NotEnoughMemory,
    NotWritable, NoRoom or StillRead. After opening by a code the caller asks for a new password at once (``renew_password``).
    """
    if not is_vault(folder):
        raise VaultMissing
    places.judge_existing(folder)
    if (folder / RESTORED).is_dir():
        _finish_restore(folder)
    finish_founding(folder)
    copies = keycopies.read_copies(folder)
    check_files(folder, copies[0].content.backup)
    lock = VaultLock(folder)
    lock.take()
    try:
        slot_id, sealed, master = _unlock(copies, secret)
        if keyed is not None:
            keyed()
        remove_stale(folder)
        set_journal_aside(folder)
        content = ballast.with_room(folder, lambda: _carried_on(folder, sealed, master, clock))
        proof = ballast.with_room(folder, lambda: _proved(folder, content, master))
        what = keyevents.OPENED[slot_id]
        vault = ballast.with_room(folder, lambda: _opened(folder, content, master, proof, lock, clock, damaged, what))
    except OSError as error:
        lock.let_go()
        raise as_problem(error, DATABASE) from error
    except BaseException:
        lock.let_go()
        raise
    with suppress(Problem):  # a copy that cannot be mended now is mended at the next opening; the good one stands
        keycopies.mend_copies(folder, keycopies.sealed_by(keycopies.read_copies(folder), master), master)
    return vault


def _unlock(copies: list[Copy], secret: Password | RecoveryCode) -> tuple[str, KeyFile, MasterKey]:
    """Which slot the secret opens, the newest copy that the master key has sealed, and that key."""
    try:
        slot_id, master = copies[0].content.unlock(secret)
    except WrongKey:
        raise (WrongPassword if isinstance(secret, Password) else WrongRecoveryCode) from None
    return slot_id, keycopies.sealed_by(copies, master), master


def _carried_on(folder: Path, content: KeyFile, master: MasterKey, clock: Clock) -> KeyFile:
    """The key file after a change of all keys that was broken off has been brought to its end."""
    if content.previous is None and not (folder / NEXT).exists():
        return content
    from app.vault import rotating

    return rotating.finish(folder, content, master, clock)


def _proved(folder: Path, content: KeyFile, master: MasterKey) -> Proof:
    try:
        return prove(folder, _database_key(master, content), content.salt, master.vault_id, content.backup)
    except VaultDamaged:
        from app.vault.oldkeys import KeyFileOlder, later_keys

        later = later_keys(folder)
        if later is not None and later.epoch > content.epoch:
            raise KeyFileOlder from None
        raise


def _opened(
    folder: Path,
    content: KeyFile,
    master: MasterKey,
    proof: Proof,
    lock: VaultLock,
    clock: Clock,
    damaged: Damaged | None,
    what: str,
) -> Vault:
    """Open for writing what was proved, bring it up to date, look at its seals, and start the page checks."""
    path, key = folder / DATABASE, _database_key(master, content)
    engine = open_engine(path, key, content.salt)
    try:
        checkpoint(engine)
        if proof.schema < migrating.newest():
            _back_up_first(Vault(folder, master, engine, proof.schema, clock), content.backup)
            _upgrade(engine, content.backup)
        vault = Vault(folder, master, engine, migrating.newest(), clock)
        _check_seals(vault, proof, content.backup)
        _begin(vault, content, what)
        check = PageCheck(path, key, content.salt, lambda: _close_damaged(vault, content.backup, damaged))
    except (DBAPIError, sqlcipher.DatabaseError) as error:
        engine.dispose()
        raise database_problem(error.orig if isinstance(error, DBAPIError) else error, content.backup) from None
    except BaseException:
        engine.dispose()
        raise
    vault.when_closing(check.stop)
    vault.when_closing(lambda: anchors.keep(vault))
    vault.when_closed(lock.let_go)
    check.start()
    ballast.make(folder)
    return vault


def _upgrade(engine: Engine, backup: Verified | None) -> None:
    try:
        migrating.upgrade(engine)
    except migrating.Dangling:
        raise VaultDamaged(backup, "档案里有记录指向已经不在的内容，没有升级，也没有打开。口令没有问题。") from None


def _check_seals(vault: Vault, proof: Proof, backup: Verified | None) -> None:
    """The triggers that seal signed records are all there, and the trail's end holds (all of it after a crash)."""
    with vault.read() as session:
        if triggers.differences(session.connection()):
            raise VaultDamaged(backup, "档案里保护已签署记录的设置被改动过，没有打开。口令没有问题。")
        last = vault.trail.length(session)
        since = 1 if proof.after_crash else max(1, last - TRAIL_TAIL)
        if vault.trail.first_broken(session, since) is not None:
            raise VaultDamaged(backup, "档案的操作留痕对不上，可能被改动过，没有打开。口令没有问题。")


def _begin(vault: Vault, content: KeyFile, what: str) -> None:
    """Number this session, with a word on files that are older than they were, and a row for keys changed past the trail."""
    with vault.read() as session:
        restored = anchors.is_restored(session)
        older = vault.behind = None if restored else anchors.compare(vault, session, content)
        known = renewing.known_slots(session)
    if restored:
        anchors.keep(vault)  # before the row: after a crash her own restore must not look like somebody's older file
    vault.begin_session(f"{what}（{older.event}）" if older else what)
    if known != content.slots_digest():
        with vault.write(keyevents.SLOTS_DIFFER) as session:
            renewing.note_slots(session, content)
            if known and not restored:  # a restored database knows the slots of its day
                vault.record_own(session, Act.KEYS)


def _close_damaged(vault: Vault, backup: Verified | None, damaged: Damaged | None) -> None:
    vault.abandon()
    if damaged is not None:
        damaged(VaultDamaged(backup, "检查时发现档案文件已损坏，档案已关闭。口令没有问题。"))


def _short(name: str) -> str:
    return clean(name).strip()[: keyfile.LONGEST_NAME]


def _database_key(master: MasterKey, content: KeyFile) -> bytes:
    return master.subkey(f"db/{content.epoch}")


def _finish_restore(folder: Path) -> None:
    from app.vault import restoring

    restoring.finish(folder)


def _back_up_first(vault: Vault, newest_good: Verified | None) -> None:
    """Before a migration the file as it is becomes a backup like any other, opened again and checked, unless there is one of it."""
    from app.vault.backup import is_due, local_place, make, tell_outside
    from app.vault.backupfile import BackupDamaged, Unwatched
    from app.vault.backupplaces import sealed

    there = sealed(local_place(vault.folder), vault.master)
    try:
        if is_due(vault, there[0].manifest if there else None):
            tell_outside(vault, make(vault, Unwatched()).manifest)
    except BackupDamaged:
        raise VaultDamaged(newest_good) from None
