"""Changing the ways into the vault: the password, the recovery code, the school's sealed code. Each is one slot of the key file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from app.errors import Problem
from app.vault import ballast, keycopies, passwords
from app.vault.keyfile import ENVELOPE, PASSWORD, RECOVERY, KeyFile, Slot, new_slot
from app.vault.keys import Password
from app.vault.meta import Meta
from app.vault.recovery import RecoveryCode
from app.vault.trail import Act

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.vault import Vault

NEW_PASSWORD = "更换口令"  # noqa: S105 - words of the trail
NEW_CODE = "更换恢复码"
NEW_ENVELOPE = "设置学校备用码"
NO_ENVELOPE = "撤销学校备用码"
_SLOTS_KNOWN = "key_slots"


class OldPasswordWrong(Problem):
    """The password asked for before keys are changed is not the vault's."""

    def __init__(self) -> None:
        super().__init__("现在的口令不对，什么也没有改。", "请再输入一次打开档案时用的口令。")


def change_password(vault: Vault, old: str, new: str, names: Iterable[str] = ()) -> None:
    """Replace the password; the codes stay. Takes two derivations of 0.5 to 1 s, the old one's and the new one's.

    Raises OldPasswordWrong, and as ``renew_password``; then the old password stands.
    """
    _judge(vault, new, names)
    confirm(vault, old)
    if new == old:
        raise passwords.PasswordRefused("新口令和现在的一样。")
    _renew(vault, new)


def renew_password(vault: Vault, password: str, names: Iterable[str] = ()) -> None:
    """Replace the password after a code has opened the vault; the codes stay. Takes the derivation's 0.5 to 1 s.

    The password may hold none of ``names``, nor of those in the key file.

    Raises PasswordRefused, FileHeld, NoRoom or NotWritable; then the old password stands.
    """
    _judge(vault, password, names)
    _renew(vault, password)


def renew_code(vault: Vault, password: str, code: RecoveryCode, slot_id: str = RECOVERY) -> None:
    """Put a new code in the place of the old one, which opens nothing any more; ``slot_id`` is RECOVERY or ENVELOPE.

    The password is asked for, or whoever finds the PC unlocked could make herself a way in. Two derivations.

    Raises OldPasswordWrong, FileHeld, NoRoom or NotWritable; then the old code stands.
    """
    confirm(vault, password)
    kdf = keycopies.current(vault.folder, vault.master).slots[PASSWORD].kdf.fresh()
    _put(vault, NEW_ENVELOPE if slot_id == ENVELOPE else NEW_CODE, slot_id, new_slot(slot_id, vault.master, code, kdf))


def drop_envelope(vault: Vault, password: str) -> None:
    """Take the school's sealed code away: it opens nothing any more. Raises as ``renew_code``."""
    confirm(vault, password)
    _put(vault, NO_ENVELOPE, ENVELOPE, None)


def has_envelope(vault: Vault) -> bool:
    """Whether a sealed code for the school's safe opens the vault."""
    return ENVELOPE in keycopies.current(vault.folder, vault.master).slots


def confirm(vault: Vault, password: str) -> None:
    """See that this is the vault's password; one derivation. Raises OldPasswordWrong."""
    if not vault.check_password(password):
        raise OldPasswordWrong


def note_slots(session: Session, content: KeyFile) -> None:
    """Have the database know which slots the key file has, inside the caller's write."""
    session.merge(Meta(key=_SLOTS_KNOWN, value=content.slots_digest()))


def known_slots(session: Session) -> str:
    """The digest of the slots the database knows of; empty in a vault of before."""
    known = session.get(Meta, _SLOTS_KNOWN)
    return known.value if known is not None else ""


def _judge(vault: Vault, password: str, names: Iterable[str]) -> None:
    content = keycopies.current(vault.folder, vault.master)
    passwords.check_new(password, (content.school, content.room, *names))


def _renew(vault: Vault, password: str) -> None:
    slots = keycopies.current(vault.folder, vault.master).slots
    kdf = (slots.get(PASSWORD) or slots[RECOVERY]).kdf.fresh()
    _put(vault, NEW_PASSWORD, PASSWORD, new_slot(PASSWORD, vault.master, Password(password), kdf))


def _put(vault: Vault, what: str, slot_id: str, slot: Slot | None) -> None:
    """Put one slot into the key file, or take it out, together with its row of the trail: both or neither.

    It happens under the pen, so that a lock meanwhile waits until both are written.
    """
    before: dict[str, Slot] | None = None
    try:
        with vault.write(what) as session:
            vault.record_own(session, Act.KEYS)
            before = keycopies.current(vault.folder, vault.master).slots
            note_slots(session, _set_slots(vault, _with(before, slot_id, slot)))
    except BaseException:
        if before is not None:
            slots = before
            with suppress(Problem):
                ballast.with_room(vault.folder, lambda: _set_slots(vault, slots))
        raise


def _with(slots: dict[str, Slot], slot_id: str, slot: Slot | None) -> dict[str, Slot]:
    return (
        slots | {slot_id: slot} if slot is not None else {name: one for name, one in slots.items() if name != slot_id}
    )


def _set_slots(vault: Vault, slots: dict[str, Slot]) -> KeyFile:
    return keycopies.change(vault.folder, vault.master, lambda now: replace(now, slots=slots))
