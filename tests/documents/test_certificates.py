"""The local root and its leaf, as other programs' rules want them, and the doubt about a wrong clock."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_der_private_key
from cryptography.x509.oid import ExtensionOID, NameOID

from app.documents import pades
from app.documents.certificates import (
    ClockDoubted,
    Holder,
    NewCertificate,
    check_clock,
    fingerprint,
    in_groups,
    make_certificate,
)
from tests.documents.conftest import NOW, one_page, signer_of
from tests.documents.others import pdfsig


def named(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return str(name.get_attributes_for_oid(oid)[0].value)


def test_the_leaf_names_the_counsellor_and_may_only_sign(own: NewCertificate) -> None:
    leaf = x509.load_der_x509_certificate(own.leaf)
    subject = leaf.subject
    assert [named(subject, oid) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME)] == [
        "王静",
        "心理辅导室",
    ]
    assert [named(subject, oid) for oid in (NameOID.ORGANIZATION_NAME, NameOID.COUNTRY_NAME)] == ["启明中学", "CN"]
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.public_key().key_size == 3072


def test_the_root_may_issue_leaves_only(own: NewCertificate) -> None:
    root, leaf = x509.load_der_x509_certificate(own.root), x509.load_der_x509_certificate(own.leaf)
    assert named(root.subject, NameOID.COMMON_NAME).startswith("本机签名根 启明中学 ")
    assert named(root.subject, NameOID.COMMON_NAME)[-4:].isdigit()
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (constraints.ca, constraints.path_length) == (True, 0)
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    issuer_key = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert issuer_key == root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def test_nothing_in_them_makes_a_reader_stumble_or_go_online(own: NewCertificate) -> None:
    unwanted = {
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
    }
    for der in (own.leaf, own.root):
        assert not unwanted & {extension.oid for extension in x509.load_der_x509_certificate(der).extensions}


def test_they_last_twenty_years_and_are_valid_at_once(own: NewCertificate) -> None:
    for der in (own.leaf, own.root):
        certificate = x509.load_der_x509_certificate(der)
        assert certificate.not_valid_before_utc < NOW
        assert certificate.not_valid_after_utc == NOW.replace(year=2046)


def test_the_roots_key_is_not_kept(own: NewCertificate) -> None:
    assert [f.name for f in dataclasses.fields(own)] == ["leaf", "root", "key", "valid_until"]
    key = load_der_private_key(own.key, None).public_key()
    assert key == x509.load_der_x509_certificate(own.leaf).public_key()
    assert key != x509.load_der_x509_certificate(own.root).public_key()
    assert "key=" not in repr(own)


def test_long_names_and_a_leap_day_do_not_stop_it() -> None:
    made = make_certificate(Holder("王" * 90, "校" * 90, "短" * 90), datetime(2028, 2, 29, tzinfo=UTC))
    root = x509.load_der_x509_certificate(made.root)
    assert named(root.subject, NameOID.COMMON_NAME)[-4:].isdigit()
    assert made.valid_until == datetime(2048, 2, 28, tzinfo=UTC)


def test_another_program_trusts_the_leaf_once_it_knows_the_root(own: NewCertificate, tmp_path: Path) -> None:
    signed = pades.sign(one_page(), signer_of(own), NOW)
    assert "Certificate issuer isn't Trusted" in pdfsig(signed, tmp_path)
    said = pdfsig(signed, tmp_path, trusted_root=own.root)
    assert "Certificate is Trusted" in said
    assert "Signature is Valid" in said


def test_a_fingerprint_is_read_aloud_in_groups(own: NewCertificate) -> None:
    groups = in_groups(fingerprint(own.leaf)).split(" ")
    assert len(groups) == 16
    assert {len(group) for group in groups} == {4}


@pytest.mark.parametrize("away", [timedelta(0), timedelta(days=180), timedelta(seconds=-30)])
def test_a_likely_clock_is_believed(away: timedelta) -> None:
    check_clock(NOW + away, NOW)
    check_clock(NOW + away, None)


@pytest.mark.parametrize(
    "away", [timedelta(minutes=-2), timedelta(days=-20_000), timedelta(days=181), timedelta(days=10_000)]
)
def test_an_unlikely_clock_is_doubted(away: timedelta) -> None:
    with pytest.raises(ClockDoubted) as doubted:
        check_clock(NOW + away, NOW)
    assert "2026年11月20日 10:00" in doubted.value.sentence
    assert "校准" in doubted.value.next_step
