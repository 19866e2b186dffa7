"""A counsellor's certificate and an open signing session, without the slow derivation of the password's key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from app.clock import Clock
from app.documents.certificates import Holder, NewCertificate, fingerprint
from app.documents.record import Certificate
from app.documents.signing import SigningSession
from app.vault.vault import Vault


@contextmanager
def signing_session(vault: Vault, holder: Holder, made: NewCertificate, clock: Clock) -> Iterator[SigningSession]:
    """The certificate is kept in the vault; the session is open until the test is over."""
    with vault.write("试") as session:
        certificate = Certificate(
            name=holder.name,
            school=holder.school,
            fingerprint=fingerprint(made.leaf),
            root_fingerprint=fingerprint(made.root),
            made_at=clock.now(),
            valid_until=made.valid_until,
            leaf=made.leaf,
            root=made.root,
            wrapped_key=b"",
        )
        session.add(certificate)
    key = load_der_private_key(made.key, None)
    assert isinstance(key, RSAPrivateKey)
    opened = SigningSession(vault, certificate, key, clock.now())
    yield opened
    opened.close()
