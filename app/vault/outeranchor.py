"""The outer anchor: a sealed file in the user's own data folder that says where a vault stood when it was last closed in its folder.

Nobody who puts older files back into the vault's folder puts this one back with them. It holds no name: a vault's id, and of
each folder a digest.
"""

from __future__ import annotations

import hmac
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_path

from app.vault.files import make_private_folder, write_whole
from app.vault.keyfile import Anchor

if TYPE_CHECKING:
    from app.vault.vault import Vault

MOST_BYTES = 16 * 1024
MOST_FOLDERS = 16


@dataclass(frozen=True)
class Stand:
    """Where a vault stood at its closing."""

    generation: int
    """The key file's."""
    anchor: Anchor
    """Where the trail ended."""


def place(vault_id: str) -> Path:
    """The file of one vault."""
    return user_data_path("Jingshi", appauthor=False, roaming=False) / "anchors" / f"{vault_id}.json"


def read(vault: Vault) -> Stand | None:
    """Where the vault stood when it was closed in this folder; if it never was, the furthest it got in another (it was moved).

    None for a vault this user has never closed, and where the file is not one that this vault has sealed.
    """
    stands = _stands(vault)
    return stands.get(_digest(vault.folder)) or max(stands.values(), key=_length, default=None)


def write(vault: Vault, stand: Stand) -> None:
    """Write it down for this folder; the vault's copies elsewhere keep theirs. Raises a Problem where nothing can be written."""
    others = {folder: one for folder, one in _stands(vault).items() if folder != _digest(vault.folder)}
    furthest = sorted(others, key=lambda folder: _length(others[folder]))[1 - MOST_FOLDERS :]
    kept = {folder: others[folder] for folder in furthest} | {_digest(vault.folder): stand}
    folders = {folder: asdict(one) for folder, one in kept.items()}
    target = place(vault.vault_id)
    with suppress(OSError):
        make_private_folder(target.parent)
        write_whole(target, json.dumps({"folders": folders, "mac": _mac(vault, folders)}).encode())


def _stands(vault: Vault) -> dict[str, Stand]:
    try:
        with place(vault.vault_id).open("rb") as file:
            said = json.loads(file.read(MOST_BYTES))
        folders = said["folders"]
        if not hmac.compare_digest(said["mac"], _mac(vault, folders)):
            return {}
        return {folder: Stand(one["generation"], Anchor(**one["anchor"])) for folder, one in folders.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _digest(folder: Path) -> str:
    return sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def _length(stand: Stand) -> int:
    return stand.anchor.count


def _mac(vault: Vault, folders: object) -> str:
    data = json.dumps(folders, sort_keys=True).encode()
    return hmac.digest(vault.subkey("anchor"), vault.vault_id.encode() + b"|" + data, "sha256").hex()
