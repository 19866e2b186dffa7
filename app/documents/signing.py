"""Signing: the counsellor's certificate in the vault, and a session in which its key is open for ten minutes."""

from __future__ import annotations

import secrets
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import load_der_private_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.certificates import Holder, NewCertificate, check_clock, fingerprint, make_certificate
from app.documents.record import Certificate
from app.errors import Problem
from app.vault.vault import Vault

if TYPE_CHECKING:
    from app.documents.pades import LoadedKeySigner

SESSION = timedelta(minutes=10)
"""How long one entry of the password signs."""
_NONCE = 12


class PasswordRejected(Problem):
    """The password given for signing is not the vault's."""

    def __init__(self) -> None:
        super().__init__("口令不对，没有签名。", "请再输入一次打开档案时用的口令。")


class SessionOver(Problem):
    """The ten minutes are over, or the vault was locked in between."""

    def __init__(self) -> None:
        super().__init__("签名的时限已过，没有签发。", "请再输入一次口令，然后重新签发。内容都还在。")


class SigningSession:
    """The key, loaded once, for ten minutes or until the vault is locked; ``close`` drops it."""

    def __init__(self, vault: Vault, certificate: Certificate, key: RSAPrivateKey, opened_at: datetime) -> None:
        from app.documents.pades import LoadedKeySigner

        self.fingerprint = certificate.fingerprint
        self._vault = vault
        self._opened_at = opened_at
        self._ends = opened_at + SESSION
        self._signer: LoadedKeySigner | None = LoadedKeySigner(key, certificate.leaf, certificate.root)
        # A timer too, so that the key does not stay in memory because nobody asks again.
        self._timer = threading.Timer(SESSION.total_seconds(), self.close)
        self._timer.daemon = True
        self._timer.start()
        vault.when_closing(self.close)

    @property
    def is_open(self) -> bool:
        """Whether it still signs."""
        if self._signer is None or self._vault.closed or not self._opened_at <= self._vault.now() < self._ends:
            self.close()
        return self._signer is not None

    def sign(self, pdf: bytes, when: datetime, *, password: str = "") -> bytes:
        """The PDF with one certifying signature; ``password`` opens an encrypted one. Raises SessionOver."""
        from app.documents import pades

        signer = self._signer
        if not self.is_open or signer is None:
            raise SessionOver
        return pades.sign(pdf, signer, when, password=password)

    def close(self) -> None:
        """Let go of the key. Safe to call twice, from any thread."""
        self._signer = None
        self._timer.cancel()


def open_signing(vault: Vault, password: str, holder: Holder, *, clock_confirmed: bool = False) -> SigningSession:
    """Open a session with the vault's password; makes the holder's certificate at first use.

    Takes 0.5 s, with a new certificate up to a few seconds: call it in the background. Raises a Problem where the school or the
    signer has no name, ClockDoubted (then ask, and call again with ``clock_confirmed``) and PasswordRejected.
    """
    if not holder.school.strip() or not holder.name.strip():
        raise Problem("还没有登记学校名称和签署人的姓名，不能签发。", "请到「设置 → 学校」填写，再回来签发。")
    now = vault.now()
    with vault.read() as session:
        last_event = vault.trail.last_event(session)
    if not clock_confirmed:
        check_clock(now, last_event)
    if not vault.check_password(password):
        raise PasswordRejected
    certificate = _present(vault, holder, now) or _first(vault, holder, now)
    return SigningSession(vault, certificate, _unwrapped(vault, certificate), now)


def present_certificate(session: Session, holder: Holder, now: datetime) -> Certificate | None:
    """The holder's newest certificate that is valid now, or None before the first signature."""
    found = select(Certificate).where(Certificate.name == holder.name, Certificate.school == holder.school)
    newest = session.scalars(found.order_by(Certificate.id.desc())).first()
    return newest if newest is not None and newest.made_at - SESSION <= now < newest.valid_until else None


def _present(vault: Vault, holder: Holder, now: datetime) -> Certificate | None:
    with vault.read() as session:
        return present_certificate(session, holder, now)


def _first(vault: Vault, holder: Holder, now: datetime) -> Certificate:
    made = make_certificate(holder, now)
    with vault.write("生成签名证书") as session:
        certificate = Certificate(
            name=holder.name,
            school=holder.school,
            fingerprint=fingerprint(made.leaf),
            root_fingerprint=fingerprint(made.root),
            made_at=now,
            valid_until=made.valid_until,
            leaf=made.leaf,
            root=made.root,
            wrapped_key=_wrapped(vault, made),
        )
        session.add(certificate)
    return certificate


def _wrapped(vault: Vault, made: NewCertificate) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(vault.subkey("pdf-key")).encrypt(nonce, made.key, _bound_to(vault, fingerprint(made.leaf)))


def _unwrapped(vault: Vault, certificate: Certificate) -> RSAPrivateKey:
    with vault.read() as session:
        wrapped = session.scalars(select(Certificate.wrapped_key).where(Certificate.id == certificate.id)).one()
    bound = _bound_to(vault, certificate.fingerprint)
    der = AESGCM(vault.subkey("pdf-key")).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
    key = load_der_private_key(der, password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the signing key is an RSA key")
    return key


def _bound_to(vault: Vault, leaf_fingerprint: str) -> bytes:
    return f"{vault.vault_id}|{leaf_fingerprint}".encode()
