"""The names of school and room as they stand outside the encryption, in the key file, for the door; she may leave them out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from app.vault import keycopies
from app.vault.keyfile import LONGEST_NAME, KeyFile
from app.vault.vault import Vault


def are_shown(vault: Vault) -> bool:
    """Whether names stand there. Raises KeyFileMissing, KeyFileDamaged or KeyFileNewer."""
    content = keycopies.current(vault.folder, vault.master)
    return bool(content.school or content.room)


def show(vault: Vault, school: str, room: str) -> None:
    """Write these names there; two empty ones take them away. Nothing is written where they stand there already.

    Raises as ``keycopies.change``.
    """
    school, room = school[:LONGEST_NAME], room[:LONGEST_NAME]
    content = keycopies.current(vault.folder, vault.master)
    if (content.school, content.room) != (school, room):
        keycopies.change(vault.folder, vault.master, partial(_named, school, room))


def _named(school: str, room: str, content: KeyFile) -> KeyFile:
    return replace(content, school=school, room=room)
