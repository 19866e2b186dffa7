"""A signing session: ten minutes for one password, and PDFs that other programs accept."""

from __future__ import annotations

import gc
import socket
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from sqlalchemy import select

from app.clock import StandingClock
from app.documents import pades
from app.documents.certificates import ClockDoubted, Holder, NewCertificate, fingerprint
from app.documents.record import Certificate
from app.documents.signing import PasswordRejected, SessionOver, SigningSession, open_signing
from app.documents.verifying import Colour, IssuedFile, Issuers, verify
from app.errors import Problem
from app.vault.trail import Link
from app.vault.vault import Vault
from tests.documents.conftest import HOLDER, NOW, PASSWORD, one_page, signer_of
from tests.documents.others import pdfsig, qpdf_check, qpdf_json


@pytest.fixture(scope="session")
def signed(drawn: bytes, own: NewCertificate) -> bytes:
    return pades.sign(drawn, signer_of(own), NOW)


class TestThePaper:
    """What pdfsig and qpdf say of a signed document."""

    def test_pdfsig_finds_it_valid_and_wholly_signed(self, signed: bytes, tmp_path: Path) -> None:
        said = pdfsig(signed, tmp_path)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert "ETSI.CAdES.detached" in said
        assert "SHA-256" in said
        assert "CN=王静,OU=心理辅导室,O=启明中学,C=CN" in said

    def test_qpdf_finds_no_fault(self, signed: bytes, tmp_path: Path) -> None:
        assert "No syntax or stream encoding errors found" in qpdf_check(signed, tmp_path)

    def test_there_is_nothing_active_in_it_and_no_form_but_the_signature(self, signed: bytes, tmp_path: Path) -> None:
        found = qpdf_json(signed, tmp_path)
        words = {key for one in found for key in one} | {v for one in found for v in one.values() if isinstance(v, str)}
        forbidden = {
            "/OpenAction",
            "/AA",
            "/JavaScript",
            "/JS",
            "/OCProperties",
            "/EmbeddedFiles",
            "/URI",
            "/Launch",
            "/XFA",
        }
        assert not words & forbidden
        assert [one["/FT"] for one in found if "/FT" in one] == ["/Sig"]
        assert [one["/Subtype"] for one in found if one.get("/Type") == "/Annot"] in ([], ["/Widget"])

    def test_the_signature_is_the_profile_asked_for(self, signed: bytes) -> None:
        with pikepdf.open(BytesIO(signed)) as opened:
            field = opened.Root.AcroForm.Fields[0]
            signature = field.V
            assert field.Rect.as_list() == [0, 0, 0, 0]
            assert opened.Root.Perms.DocMDP == signature
            assert signature.Reference[0].TransformParams.P == 1
            contents = bytes(signature.Contents)
        signer = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
        attributes = {attribute["type"].native for attribute in signer["signed_attrs"]}
        assert "signing_certificate_v2" in attributes
        assert "signing_time" not in attributes  # PAdES: the time stands in /M
        assert signer["unsigned_attrs"].native is None

    def test_the_document_stays_as_drawn_and_tells_the_time_of_issue(self, drawn: bytes, signed: bytes) -> None:
        assert signed.startswith(drawn)
        with pikepdf.open(BytesIO(drawn)) as before, pikepdf.open(BytesIO(signed)) as after:
            assert str(after.Root.AcroForm.Fields[0].V.M) == "D:20261120100000+08'00'"
            assert {k: str(v) for k, v in before.docinfo.items()} == {k: str(v) for k, v in after.docinfo.items()}

    def test_nothing_goes_over_the_network(
        self, drawn: bytes, own: NewCertificate, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise AssertionError("the network")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert verify(pades.sign(drawn, signer_of(own), NOW), None).colour is Colour.AMBER

    def test_a_protected_file_is_encrypted_first_and_signed_after(
        self, drawn: bytes, own: NewCertificate, tmp_path: Path
    ) -> None:
        password = "给医院的口令 8"
        locked = pades.sign(pades.encrypt(drawn, password), signer_of(own), NOW, password=password)
        said = pdfsig(locked, tmp_path, password=password)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        checked = qpdf_check(locked, tmp_path, password=password)
        assert "stream encryption method: AESv3" in checked
        with pikepdf.open(BytesIO(drawn)) as before, pikepdf.open(BytesIO(locked), password=password) as after:
            assert {k: str(v) for k, v in before.docinfo.items()} == {k: str(v) for k, v in after.docinfo.items()}
            assert [page.Contents.read_bytes() for page in before.pages] == [
                page.Contents.read_bytes() for page in after.pages
            ]
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(BytesIO(locked))


class TestTheSession:
    """The password opens it, ten minutes or the lock end it."""

    def test_first_use_makes_the_certificate_and_the_next_takes_it(self, signable: Vault, clock: StandingClock) -> None:
        first = open_signing(signable, PASSWORD, HOLDER)
        clock.moment += timedelta(days=30)
        second = open_signing(signable, PASSWORD, HOLDER)
        assert first.fingerprint == second.fingerprint
        with signable.read() as session:
            kept = session.scalars(select(Certificate)).one()
            what = list(session.scalars(select(Link.what).where(Link.kind == "certificate")))
        assert fingerprint(kept.leaf) == first.fingerprint
        assert kept.valid_until == kept.made_at.replace(year=2046)
        assert what == ["生成签名证书"]

    def test_a_new_counsellor_gets_her_own(self, signable: Vault) -> None:
        mine = open_signing(signable, PASSWORD, HOLDER)
        hers = open_signing(signable, PASSWORD, Holder("李梅", HOLDER.school, HOLDER.short_name))
        assert mine.fingerprint != hers.fingerprint

    @pytest.mark.parametrize("nameless", [Holder(HOLDER.name, " ", ""), Holder("", HOLDER.school, "")])
    def test_without_the_names_nothing_is_signed_and_the_settings_are_named(
        self, signable: Vault, nameless: Holder
    ) -> None:
        with pytest.raises(Problem) as told:
            open_signing(signable, PASSWORD, nameless)
        assert "设置 → 学校" in told.value.next_step
        with signable.read() as session:
            assert session.scalars(select(Certificate)).all() == []

    def test_the_wrong_password_opens_nothing(self, signable: Vault) -> None:
        with pytest.raises(PasswordRejected):
            open_signing(signable, PASSWORD + " ", HOLDER)
        with signable.read() as session:
            assert session.scalars(select(Certificate)).all() == []

    def test_it_signs_for_ten_minutes(self, signing: SigningSession, clock: StandingClock) -> None:
        clock.moment += timedelta(minutes=9, seconds=59)
        signed = signing.sign(one_page(), clock.moment)
        known = Issuers(
            {signing.fingerprint: HOLDER.name}, {sha256(signed).hexdigest(): IssuedFile("1", "x", clock.moment)}
        )
        assert verify(signed, known).colour is Colour.GREEN
        clock.moment += timedelta(seconds=1)
        with pytest.raises(SessionOver):
            signing.sign(one_page(), clock.moment)
        clock.moment -= timedelta(minutes=5)
        assert not signing.is_open

    def test_setting_the_clock_back_does_not_prolong_it(self, signing: SigningSession, clock: StandingClock) -> None:
        clock.moment -= timedelta(seconds=1)
        assert not signing.is_open

    def test_the_lock_ends_it_and_drops_the_key(self, signable: Vault, signing: SigningSession) -> None:
        assert _keys_in_memory()
        signable.close()
        assert not signing.is_open
        with pytest.raises(SessionOver):
            signing.sign(one_page(), NOW)
        assert not _keys_in_memory()

    def test_closing_it_drops_the_key(self, signing: SigningSession) -> None:
        signing.close()
        signing.close()
        assert not signing.is_open
        assert not _keys_in_memory()

    def test_a_doubtful_clock_is_asked_about_first(self, signable: Vault, clock: StandingClock) -> None:
        clock.moment -= timedelta(days=400)
        with pytest.raises(ClockDoubted):
            open_signing(signable, PASSWORD, HOLDER)
        with signable.read() as session:
            assert session.scalars(select(Certificate)).all() == []
        assert open_signing(signable, PASSWORD, HOLDER, clock_confirmed=True).is_open

    def test_the_key_lies_wrapped_and_is_bound_to_its_certificate(
        self, signable: Vault, signing: SigningSession
    ) -> None:
        with signable.read() as session:
            wrapped, leaf = session.execute(select(Certificate.wrapped_key, Certificate.leaf)).one()
        assert b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" in leaf  # rsaEncryption, as a plain key would show it too
        assert b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" not in wrapped


def _keys_in_memory() -> list[object]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, pades.LoadedKeySigner | RSAPrivateKey)]
