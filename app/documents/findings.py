"""Findings: what a PDF's signature shows, before anybody judges it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


class NotSound(Exception):
    """The bytes are no PDF, or a damaged one."""


class NeedsPassword(Exception):
    """The file is encrypted; ``tried`` says whether a password was given and did not open it."""

    def __init__(self, *, tried: bool) -> None:
        super().__init__("the file is encrypted")
        self.tried = tried


@dataclass(frozen=True)
class Signature:
    """What the one signature of a file shows."""

    intact: bool
    """The signed bytes are those that were signed."""
    valid: bool
    """The signature over them was made with the certificate's key."""
    whole_file: bool
    """It covers every byte of the file but itself."""
    unmodified: bool
    """Nothing was added after it."""
    vouched: bool
    """Nothing stands in the signature's own container that no signature holds."""
    forbids_changes: bool
    """It certifies the document with DocMDP P=1."""
    pades: bool
    """Its subfilter is ETSI.CAdES.detached."""
    names_certificate: bool
    """It is bound to its certificate (signing-certificate-v2)."""
    fingerprint: str
    """SHA-256 of the signer's certificate, 64 hex digits."""
    signer: str
    """The common name in it; a name proves nothing."""
    signed_at: datetime | None
    """By the signer's own clock."""


@dataclass(frozen=True)
class Findings:
    """How many signatures the file has, and what the signature shows if there is exactly one."""

    signatures: int
    signature: Signature | None
