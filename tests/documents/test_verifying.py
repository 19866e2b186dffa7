"""The verdict on a PDF: every tampering of security.md §5 is red, a stranger's signature amber, only the real thing green."""

from __future__ import annotations

import random
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from app.documents import pades
from app.documents.certificates import NewCertificate, fingerprint, in_groups
from app.documents.verifying import Colour, IssuedFile, Issuers, verify
from tests.documents import tampering
from tests.documents.conftest import HOLDER, NOW, one_page, signer_of
from tests.documents.others import pdfsig

ISSUED = IssuedFile("心转〔2026〕第003号", "学生心理健康转介函", NOW)


@pytest.fixture(scope="session")
def signed(drawn: bytes, own: NewCertificate) -> bytes:
    return pades.sign(drawn, signer_of(own), NOW)


@pytest.fixture(scope="session")
def locked(own: NewCertificate) -> bytes:
    return pades.sign(pades.encrypt(one_page(), "给医院的口令 8"), signer_of(own), NOW, password="给医院的口令 8")


def knowing(own: NewCertificate, *files: bytes) -> Issuers:
    return Issuers({fingerprint(own.leaf): HOLDER.name}, {sha256(file).hexdigest(): ISSUED for file in files})


def test_untouched_and_issued_here_is_green(signed: bytes, own: NewCertificate) -> None:
    verdict = verify(signed, knowing(own, signed))
    assert verdict.colour is Colour.GREEN
    assert verdict.colour.label == "未改动且本机签发"
    assert verdict.sentence == "与 2026年11月20日 签发的《学生心理健康转介函》心转〔2026〕第003号 逐字节一致。"


def test_without_a_vault_the_best_is_amber(signed: bytes, own: NewCertificate) -> None:
    verdict = verify(signed, None)
    assert verdict.colour is Colour.AMBER
    assert in_groups(fingerprint(own.leaf)) in verdict.sentence


@pytest.mark.parametrize("tamper", tampering.RED, ids=lambda tamper: tamper.__name__)
def test_tampering_is_red(signed: bytes, own: NewCertificate, tamper: Callable[[bytes], bytes]) -> None:
    changed = tamper(signed)
    assert changed != signed
    for issuers in (None, knowing(own, signed), knowing(own, signed, changed)):
        verdict = verify(changed, issuers)
        assert verdict.colour is Colour.RED
        assert verdict.sentence.endswith("。")


def test_each_byte_of_the_certificates_counts(own: NewCertificate) -> None:
    """Poppler accepts a certificate changed inside /Contents; here no sampled digit of it may be another."""
    signed = pades.sign(one_page(), signer_of(own), NOW)
    for step in range(200):
        changed = tampering.contents_with_bit(signed, (step + 0.5) / 200, 1 << step % 4)
        assert verify(changed, None).colour is Colour.RED


def test_other_programs_can_be_fooled_where_we_are_not(own: NewCertificate, tmp_path: Path) -> None:
    signed = pades.sign(one_page(), signer_of(own), NOW)
    for tamper in (tampering.page_content_replaced, tampering.annotation_added, tampering.title_changed):
        assert "Signature is Valid" in pdfsig(tamper(signed), tmp_path)
        assert "Total document signed" not in pdfsig(tamper(signed), tmp_path)


def test_same_name_other_certificate_is_amber(drawn: bytes, own: NewCertificate, forged: NewCertificate) -> None:
    theirs = pades.sign(drawn, signer_of(forged), NOW)
    verdict = verify(theirs, knowing(own))
    assert verdict.colour is Colour.AMBER
    assert "谨防冒名" in verdict.sentence
    assert in_groups(fingerprint(forged.leaf)) in verdict.sentence
    # Even where the stranger's file stood in the list, the certificate decides.
    assert verify(theirs, knowing(own, theirs)).colour is Colour.AMBER


def test_a_second_signature_is_red(signed: bytes, own: NewCertificate, forged: NewCertificate) -> None:
    # Stripping the permission first, as a forger would, lets pyHanko add one.
    with pytest.raises(Exception, match="forbids"):
        tampering.signed_otherwise(signed, forged, field="Second", certify=False)
    open_to_more = tampering.signed_otherwise(one_page(), own, docmdp_permissions=MDPPerm.FILL_FORMS)
    twice = tampering.signed_otherwise(open_to_more, forged, field="Second", certify=False)
    verdict = verify(twice, knowing(own, twice))
    assert verdict.colour is Colour.RED
    assert "2 个签名" in verdict.sentence


@pytest.mark.parametrize(
    "how",
    [
        {"certify": False},
        {"docmdp_permissions": MDPPerm.FILL_FORMS},
        {"docmdp_permissions": MDPPerm.ANNOTATE},
        {"subfilter": SigSeedSubFilter.ADOBE_PKCS7_DETACHED},
    ],
)
def test_a_signature_that_allows_more_is_red_even_with_our_key(own: NewCertificate, how: dict[str, object]) -> None:
    loose = tampering.signed_otherwise(one_page(), own, **how)
    assert verify(loose, knowing(own, loose)).colour is Colour.RED
    assert verify(tampering.signed_otherwise(one_page(), own), None).colour is Colour.AMBER


def test_our_key_but_not_our_file_is_red(drawn: bytes, own: NewCertificate) -> None:
    unlisted = pades.sign(drawn, signer_of(own), NOW)
    verdict = verify(unlisted, knowing(own))
    assert verdict.colour is Colour.RED
    assert "逐字节" in verdict.sentence


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4",
        "这是一个改了名的文本文件".encode(),
        b"\x00" * 5000,
        b"PK\x03\x04" + b"\x00" * 100,
        b"%PDF-1.7\n%%EOF",
    ],
)
def test_what_is_no_pdf_is_red(content: bytes) -> None:
    verdict = verify(content, None)
    assert verdict.colour is Colour.RED
    assert "不是完好的 PDF" in verdict.sentence


def test_an_unsigned_pdf_is_red(drawn: bytes, own: NewCertificate) -> None:
    verdict = verify(drawn, knowing(own, drawn))
    assert verdict.colour is Colour.RED
    assert "没有签名" in verdict.sentence


def test_a_file_cut_anywhere_is_red(own: NewCertificate) -> None:
    signed = pades.sign(one_page(), signer_of(own), NOW)
    for end in range(0, len(signed), 379):
        assert verify(signed[:end], knowing(own, signed)).colour is Colour.RED


def test_random_damage_is_never_taken_for_the_real_thing(
    own: NewCertificate, capfd: pytest.CaptureFixture[str]
) -> None:
    signed = pades.sign(one_page(), signer_of(own), NOW)
    chance = random.Random(20261120)
    for _ in range(300):
        at, what = (
            chance.randrange(len(signed)),
            chance.choice([b"", b"/Prev 0", b"/Encrypt 1 0 R", b"<<", b"999999999", b"\0"]),
        )
        changed = signed[:at] + what + signed[at + chance.choice([0, 1, len(what), 300]) :]
        if changed != signed:
            assert verify(changed, knowing(own, signed, changed)).colour in (Colour.RED, Colour.LOCKED)
    assert capfd.readouterr() == ("", "")


def test_voided_paper_stays_green_and_says_so(own: NewCertificate) -> None:
    signed = pades.sign(one_page(), signer_of(own), NOW)
    void = IssuedFile(ISSUED.ref_no, ISSUED.title, NOW, voided=True)
    verdict = verify(signed, Issuers({fingerprint(own.leaf): HOLDER.name}, {sha256(signed).hexdigest(): void}))
    assert verdict.colour is Colour.GREEN
    assert "已作废" in verdict.sentence


class TestProtected:
    """A file with a password of its own."""

    def test_without_its_password_there_is_no_verdict(self, locked: bytes, own: NewCertificate) -> None:
        for password in (None, "", "wrong"):
            verdict = verify(locked, knowing(own, locked), password)
            assert verdict.colour is Colour.LOCKED
            assert verdict.colour.label == "需要文件口令"

    def test_with_its_password_it_is_like_any_other(self, locked: bytes, own: NewCertificate) -> None:
        assert verify(locked, knowing(own, locked), "给医院的口令 8").colour is Colour.GREEN
        assert verify(locked, None, "给医院的口令 8").colour is Colour.AMBER

    def test_tampering_is_red_here_too(self, locked: bytes, own: NewCertificate) -> None:
        for tamper in (tampering.junk_at_the_end, tampering.contents_padding_used, tampering.contents_changed_at(0.5)):
            assert verify(tamper(locked), knowing(own, locked), "给医院的口令 8").colour is Colour.RED
