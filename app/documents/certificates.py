"""The counsellor's certificate: a local root made for one leaf only, its private key forgotten at once (security.md §5)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from app.errors import Problem

VALID_YEARS = 20
"""Without a timestamp a reader calls every signature of an expired certificate doubtful, so it lives long."""
KEY_BITS = 3072
LONGEST_SILENCE = timedelta(days=180)
"""A clock further ahead of the trail's last event than this is doubted."""
CLOCK_SLACK = timedelta(minutes=1)
"""The PC's time service may set the clock back by a little; that is no reason to ask."""
_NAME_LIMIT = 64
"""Bytes in UTF-8 of a common name or an organisation: 21 Chinese characters."""


@dataclass(frozen=True)
class Holder:
    """Whose certificate it is."""

    name: str
    school: str
    short_name: str


@dataclass(frozen=True)
class NewCertificate:
    """A leaf with its root, both DER, and the leaf's private key as PKCS #8 DER."""

    leaf: bytes
    root: bytes
    key: bytes = field(repr=False)
    valid_until: datetime


class ClockDoubted(Problem):
    """The PC's clock does not fit what the trail says; asked once before a certificate or a signature is made."""

    def __init__(self, now: datetime, last_event: datetime) -> None:
        super().__init__(
            "电脑现在的时间是 {now}，而档案里最近一次记录在 {last}，看起来不对。签名会带上这个时间。",
            "请先校准电脑时间；确认时间无误后可以继续。",
            now=_words(now),
            last=_words(last_event.astimezone(now.tzinfo)),
        )


def _words(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def check_clock(now: datetime, last_event: datetime | None) -> None:
    """Raise ClockDoubted if ``now`` lies before the last event or more than 180 days after it (security.md T12)."""
    if last_event is not None and not last_event - CLOCK_SLACK <= now <= last_event + LONGEST_SILENCE:
        raise ClockDoubted(now, last_event)


def fingerprint(certificate: bytes) -> str:
    """The SHA-256 of a certificate (DER), 64 hex digits: what tells two of the same name apart."""
    return sha256(certificate).hexdigest()


def in_groups(fingerprint_hex: str) -> str:
    """A fingerprint in groups of four, to be read aloud and compared on paper."""
    digits = fingerprint_hex.upper()
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def make_certificate(holder: Holder, now: datetime) -> NewCertificate:
    """A new root and leaf for the holder. Takes up to a few seconds (two RSA keys): call it in the background.

    A leaf under a root and not a bare self-signed leaf, because poppler, Okular and NSS never come to trust the latter;
    no extended key usage and no CRL or OCSP address, because readers stumble over the one and wait for the other.
    """
    root_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    leaf_key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    start = now - timedelta(days=1)  # a clock corrected by some hours must not make it "not yet valid"
    end = _years_later(now, VALID_YEARS)
    root_name = _root_name(holder)
    root = (
        _draft(root_name, root_name, root_key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    root_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    leaf = (
        _draft(_leaf_name(holder), root_name, leaf_key.public_key(), start, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(root_id, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return NewCertificate(
        leaf=leaf.public_bytes(serialization.Encoding.DER),
        root=root.public_bytes(serialization.Encoding.DER),
        key=leaf_key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        valid_until=end,
    )


def _years_later(moment: datetime, years: int) -> datetime:
    day = min(moment.day, 28) if moment.month == 2 else moment.day
    return moment.replace(year=moment.year + years, day=day)


def _root_name(holder: Holder) -> x509.Name:
    digits = f"{secrets.randbelow(10_000):04d}"
    before = "本机签名根 "
    room = _NAME_LIMIT - len(f"{before} {digits}".encode())
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{before}{_fitting(room, holder.short_name)} {digits}"),
        ]
    )


def _leaf_name(holder: Holder) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fitting(_NAME_LIMIT, holder.school, holder.short_name)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "心理辅导室"),
            x509.NameAttribute(NameOID.COMMON_NAME, _fitting(_NAME_LIMIT, holder.name)),
        ]
    )


def _fitting(room: int, *names: str) -> str:
    """The first of the names that takes at most ``room`` bytes, or the last one cut to that."""
    for name in names:
        if len(name.encode()) <= room:
            return name
    return names[-1].encode()[:room].decode(errors="ignore")


def _draft(
    subject: x509.Name, issuer: x509.Name, public: rsa.RSAPublicKey, start: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,  # nonRepudiation by its newer name
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )
