"""Signed paper for the tests: a vault with a key file, certificates made once, documents of several kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from io import BytesIO

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key
from reportlab.pdfgen.canvas import Canvas

from app.documents.certificates import Holder, NewCertificate, make_certificate
from app.documents.pades import LoadedKeySigner
from app.documents.paper import draw
from app.documents.signing import SigningSession, open_signing
from app.vault import keycopies, keyfile
from app.vault.keyfile import KeyFile
from app.vault.keys import LEAST_MEMORY, Kdf, MasterKey, Password
from app.vault.recovery import new_code
from app.vault.vault import Vault
from tests.conftest import KEY, VAULT_ID
from tests.documents.sample import FOOT, SAMPLE

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
HOLDER = Holder("王静", "启明中学", "启明中学")
PASSWORD = "竹影扫阶尘不动 2026"


def signer_of(made: NewCertificate) -> LoadedKeySigner:
    key = load_der_private_key(made.key, None)
    return LoadedKeySigner(key, made.leaf, made.root)


@pytest.fixture(scope="session")
def own() -> NewCertificate:
    return make_certificate(HOLDER, NOW)


@pytest.fixture(scope="session")
def forged() -> NewCertificate:
    """Another certificate with the very same names: names prove nothing."""
    return make_certificate(HOLDER, NOW)


def one_page() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "one page")
    canvas.save()
    return out.getvalue()


def three_sheets() -> bytes:
    return draw(SAMPLE, FOOT).pdf


def long_letter() -> bytes:
    long = replace(SAMPLE, sheets=SAMPLE.sheets * 4)
    return draw(long, FOOT).pdf


DOCUMENTS: dict[str, Callable[[], bytes]] = {"one page": one_page, "three sheets": three_sheets, "long": long_letter}


@pytest.fixture(scope="session", params=DOCUMENTS)
def drawn(request: pytest.FixtureRequest) -> bytes:
    """A document before it is signed."""
    return DOCUMENTS[request.param]()


@pytest.fixture(scope="session")
def key_file() -> KeyFile:
    """The test vault's key file, with the counsellor's password; derived once for all tests."""
    kdf = Kdf(LEAST_MEMORY, 3, 4, bytes(16))
    return keyfile.new_key_file(MasterKey(VAULT_ID, KEY), Password(PASSWORD), new_code(), kdf, school="", room="")


@pytest.fixture
def signable(vault: Vault, key_file: KeyFile) -> Vault:
    """The test's vault with a key file beside it, so that the password can be asked again."""
    keycopies.write_copies(vault.folder, key_file, MasterKey(VAULT_ID, KEY))
    return vault


@pytest.fixture
def signing(signable: Vault, own: NewCertificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[SigningSession]:
    """A signing session of the counsellor's, open; her certificate is made once for all tests."""
    monkeypatch.setattr("app.documents.signing.make_certificate", lambda holder, now: own)
    session = open_signing(signable, PASSWORD, HOLDER)
    yield session
    session.close()
