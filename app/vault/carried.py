"""Carried keys: sub-keys that outlive a change of the master key, kept in the database, sealed under the present one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.vault.keys import NONCE_BYTES, MasterKey
from app.vault.meta import Meta

LABELS = ("audit", "pdf-key", "anchor")
"""What was made with these can never be made again: the trail's chain, the sealed signing keys, the anchor outside the folder."""
_PREFIX = "carried/"


def carried(session: Session, master: MasterKey) -> dict[str, bytes]:
    """The sub-keys by label; none in a vault whose master key was never changed. Raises InvalidTag for another master's."""
    rows = session.execute(select(Meta.key, Meta.value).where(Meta.key.startswith(_PREFIX)))
    found = {}
    for name, value in rows:
        label, sealed = name.removeprefix(_PREFIX), bytes.fromhex(value)
        found[label] = _cipher(master).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _bound(master, label))
    return found


def rows(keys: dict[str, bytes], master: MasterKey) -> Iterator[tuple[str, str]]:
    """Keys and values for the table ``meta`` that carry these sub-keys under a new master key."""
    for label, key in keys.items():
        nonce = secrets.token_bytes(NONCE_BYTES)
        yield f"{_PREFIX}{label}", (nonce + _cipher(master).encrypt(nonce, key, _bound(master, label))).hex()


def _cipher(master: MasterKey) -> AESGCM:
    return AESGCM(master.subkey("carried"))


def _bound(master: MasterKey, label: str) -> bytes:
    return f"{master.vault_id}|{label}".encode()
