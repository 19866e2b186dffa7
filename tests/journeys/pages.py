"""Every page of the encrypted database and its write-ahead log in plain, free pages too: SQLCipher 4's pages decrypted one by one.

A page is AES-256-CBC under the raw key; its last 80 bytes are the IV and the HMAC; the first page begins with the salt.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.vault.keycopies import read_copies
from app.vault.keys import Password

PAGE, RESERVED, IV, SALT = 4096, 80, 16, 16
LOG_HEAD, FRAME_HEAD = 32, 24


def database_key(folder: Path, password: str) -> bytes:
    """The key the pages are under, as the key file gives it."""
    content = read_copies(folder)[0].content
    return content.open_slot(Password(password)).subkey(f"db/{content.epoch}")


def plain(folder: Path, key: bytes) -> bytes:
    """All pages of the database and of its log, one after the other."""
    return b"".join(_pages(folder, key))


def damage_a_document(folder: Path, password: str) -> bytes:
    """Turn one bit over in the pages of an issued document, which no opening reads; gives the file as it is then."""
    page = plain(folder, database_key(folder, password)).rindex(b"%%EOF") // (PAGE - RESERVED)
    content = bytearray((folder / "vault.db").read_bytes())
    content[page * PAGE + PAGE // 2] ^= 1
    (folder / "vault.db").write_bytes(content)
    return bytes(content)


def _pages(folder: Path, key: bytes) -> Iterator[bytes]:
    content = (folder / "vault.db").read_bytes()
    assert len(content) % PAGE == 0
    for at in range(0, len(content), PAGE):
        yield _decrypted(content[at : at + PAGE], key, first=at == 0)
    log = folder / "vault.db-wal"
    frames = log.read_bytes()[LOG_HEAD:] if log.exists() else b""
    for at in range(0, len(frames), FRAME_HEAD + PAGE):
        number = int.from_bytes(frames[at : at + 4], "big")
        page = frames[at + FRAME_HEAD : at + FRAME_HEAD + PAGE]
        if number and len(page) == PAGE:
            yield _decrypted(page, key, first=number == 1)


def _decrypted(page: bytes, key: bytes, *, first: bool) -> bytes:
    start, end = (SALT if first else 0), PAGE - RESERVED
    cipher = Cipher(algorithms.AES(key), modes.CBC(page[end : end + IV])).decryptor()
    body = cipher.update(page[start:end]) + cipher.finalize()
    return (b"SQLite format 3\0" if first else b"") + body
