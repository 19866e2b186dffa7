"""The keys: Argon2id from a password, AES-GCM around the one master key, sub-keys by HKDF (security.md §3.1)."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field, replace

from argon2.exceptions import HashingError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.errors import Problem

MIB = 1024
"""KiB in a MiB, the unit Argon2 counts memory in."""
LEAST_MEMORY, MOST_MEMORY = 64 * MIB, 1024 * MIB
MOST_ROUNDS, MOST_LANES = 20, 8
KEY_BYTES, SALT_BYTES, NONCE_BYTES, TAG_BYTES = 32, 16, 12, 16
COUNTED_MEMORY = tuple(mib * MIB for mib in (256, 192, 128, 96, 64))
"""The memory a new vault may take, best first: more than 256 MiB would shut out a school PC of 4 GB."""
WANTED_SECONDS, MOST_SECONDS = 0.5, 1.0
USUAL_ROUNDS, USUAL_LANES = 3, 4


class WrongKey(Exception):
    """The wrap does not open with this key: another secret, or the wrap was tampered with."""


class KdfRefused(ValueError):
    """Derivation values outside the accepted bounds; refused before anything is derived."""


class NotEnoughMemory(Problem):
    """The PC has not enough free memory for the derivation; its values are never lowered in silence."""

    def __init__(self, mib: int) -> None:
        super().__init__(
            "电脑的空闲内存不够，暂时打不开档案。", "请关掉其他程序（需要约 {mib} MB 空闲内存）再试。", mib=mib
        )


@dataclass(frozen=True)
class Password:
    """What the counsellor typed, exactly as typed: it is never normalised."""

    text: str = field(repr=False)

    def secret(self) -> bytes:
        """The bytes the key is derived from."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Kdf:
    """The values of one Argon2id derivation; memory in KiB."""

    memory: int
    rounds: int
    lanes: int
    salt: bytes

    def __post_init__(self) -> None:
        within = (
            LEAST_MEMORY <= self.memory <= MOST_MEMORY
            and 1 <= self.rounds <= MOST_ROUNDS
            and 1 <= self.lanes <= MOST_LANES
            and len(self.salt) == SALT_BYTES
        )
        if not within:
            raise KdfRefused("derivation values out of bounds")

    def derive(self, secret: bytes) -> bytes:
        """The 32-byte key of a secret; takes 0.5 to 1 s by design. Raises NotEnoughMemory."""
        try:
            return hash_secret_raw(
                secret, self.salt, self.rounds, self.memory, self.lanes, KEY_BYTES, Type.ID, ARGON2_VERSION
            )
        except (HashingError, MemoryError) as error:
            raise NotEnoughMemory(self.memory // MIB) from error

    def fresh(self) -> Kdf:
        """The same cost with a new salt."""
        return replace(self, salt=secrets.token_bytes(SALT_BYTES))


@dataclass(frozen=True)
class Wrap:
    """The master key sealed under another key by AES-256-GCM."""

    nonce: bytes
    sealed: bytes


@dataclass(frozen=True)
class MasterKey:
    """The one random key of a vault; everything else is derived from it."""

    vault_id: str
    key: bytes = field(repr=False)

    def subkey(self, label: str) -> bytes:
        """A 32-byte key for one purpose: ``db/<epoch>``, ``header-mac``, ``audit``, ``backup-mac``, ``pdf-key``."""
        info = bytes.fromhex(self.vault_id) + label.encode("ascii")
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(self.key)

    def is_same(self, other: MasterKey) -> bool:
        """Whether both are the same key, told in constant time."""
        return self.vault_id == other.vault_id and hmac.compare_digest(self.key, other.key)


def new_master_key() -> MasterKey:
    """A new vault's key and name."""
    return MasterKey(secrets.token_hex(16), secrets.token_bytes(KEY_BYTES))


def wrap(master: MasterKey, key: bytes, bound: bytes) -> Wrap:
    """Seal the master key under a derived key; ``bound`` is authenticated with it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Wrap(nonce, AESGCM(key).encrypt(nonce, master.key, bound))


def unwrap(sealed: Wrap, key: bytes, bound: bytes, vault_id: str) -> MasterKey:
    """Open a wrap. Raises WrongKey."""
    try:
        return MasterKey(vault_id, AESGCM(key).decrypt(sealed.nonce, sealed.sealed, bound))
    except InvalidTag:
        raise WrongKey from None


def calibrated() -> Kdf:
    """Derivation values that take this PC 0.5 to 1 s, with as much memory as that allows, never under the least.

    Raises NotEnoughMemory when not even the least memory is free.
    """
    for memory in COUNTED_MEMORY:
        kdf = Kdf(memory, USUAL_ROUNDS, USUAL_LANES, secrets.token_bytes(SALT_BYTES))
        try:
            seconds = _seconds(kdf)
        except NotEnoughMemory:
            if memory == LEAST_MEMORY:
                raise
            continue
        if seconds > MOST_SECONDS and memory > LEAST_MEMORY:
            continue
        rounds = round(USUAL_ROUNDS * (WANTED_SECONDS + MOST_SECONDS) / 2 / seconds)
        return replace(kdf, rounds=kdf.rounds if seconds >= WANTED_SECONDS else min(rounds, MOST_ROUNDS))
    raise AssertionError("the least memory always answers")


def _seconds(kdf: Kdf) -> float:
    began = time.perf_counter()
    kdf.derive(b"calibration")
    return max(time.perf_counter() - began, 1e-6)
