"""What a PDF's signature shows, as plain findings without a verdict. Imports pyHanko; import it at first use."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.pdf_utils.crypt import AuthStatus, StandardSecurityHandler
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import ModificationInfo, SignatureCoverageLevel

from app.documents.certificates import fingerprint
from app.documents.findings import Findings, NeedsPassword, NotSound, Signature

# pyHanko tells the log about every oddity of a file, in the file's own words.
logging.getLogger("pyhanko").addHandler(logging.NullHandler())
logging.getLogger("pyhanko").propagate = False

_HASHES = ("sha256", "sha384", "sha512")
_HEX = re.compile(rb"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")


def inspect(pdf: bytes, password: str | None) -> Findings:
    """What the PDF's signatures show. Raises NeedsPassword for an encrypted file, NotSound for one that cannot be read."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        if reader.encrypted:
            _open(reader, password)
        filled = sum(1 for _ in enumerate_sig_fields(reader, filled_status=True))
        known = list(reader.embedded_signatures)  # leaves out those of kinds pyHanko does not know
        return Findings(filled, _read(reader, known[0], pdf) if filled == len(known) == 1 else None)
    except NeedsPassword:
        raise
    except Exception as error:  # a hostile file can make a parser raise anything; all of it means the file is not sound
        raise NotSound from error


def _open(reader: PdfFileReader, password: str | None) -> None:
    if not isinstance(reader.security_handler, StandardSecurityHandler):
        raise NeedsPassword(tried=False)
    for attempt in ("", password):
        if attempt is not None and reader.decrypt(attempt).status != AuthStatus.FAILED:
            return
    raise NeedsPassword(tried=password is not None)


def _read(reader: PdfFileReader, found: EmbeddedPdfSignature, pdf: bytes) -> Signature:
    found.compute_integrity_info()  # type: ignore[no-untyped-call]
    contents = _between_the_ranges(pdf, [int(n) for n in found.byte_range])
    intact, valid = _digest_and_signature(found)
    leaf = found.signer_cert
    return Signature(
        intact=intact,
        valid=valid,
        whole_file=found.coverage == SignatureCoverageLevel.ENTIRE_FILE and contents is not None,
        unmodified=_modification(found) == ModificationLevel.NONE,
        vouched=contents == found.pkcs7_content and _all_vouched(found, contents),
        forbids_changes=_forbids_changes(reader, found),
        pades=found.sig_object.get("/SubFilter") == "/ETSI.CAdES.detached",
        names_certificate="signing_certificate_v2" in _signed_attributes(found),
        fingerprint=fingerprint(leaf.dump()),
        signer=str(leaf.subject.native.get("common_name", "")),
        signed_at=_signed_at(found),
    )


def _digest_and_signature(found: EmbeddedPdfSignature) -> tuple[bool, bool]:
    """Whether the bytes are those that were signed, and whether the signature over them is the certificate's."""
    if found.md_algorithm not in _HASHES:
        return True, False
    try:
        return validate_sig_integrity(found.signer_info, found.signer_cert, "data", found.compute_digest())
    except (SignatureValidationError, SigningError, ValueError):
        return True, False


def _modification(found: EmbeddedPdfSignature) -> ModificationLevel | None:
    return ModificationInfo(coverage=found.coverage, diff_result=found.diff_result).modification_level


def _between_the_ranges(pdf: bytes, byte_range: list[int]) -> bytes | None:
    """What stands in the one gap of the byte range, or None if that is anything but one hex string.

    Mixed upper and lower case means that somebody changed a digit without changing its value.
    """
    start, first, second, rest = byte_range
    gap = pdf[first:second]
    if start != 0 or first + len(gap) + rest != len(pdf) or gap[:1] != b"<" or gap[-1:] != b">":
        return None
    return bytes.fromhex(gap[1:-1].decode()) if _HEX.fullmatch(gap[1:-1]) else None


def _all_vouched(found: EmbeddedPdfSignature, contents: bytes) -> bool:
    """Whether every byte between the ranges is held by the signature itself or by a certificate's own signature.

    The gap is the one place no digest covers: poppler and others accept a certificate changed there.
    """
    content_info = cms.ContentInfo.load(contents)
    canonical = content_info.copy().dump(force=True)
    if contents[: len(canonical)] != canonical or contents[len(canonical) :].strip(b"\0"):
        return False  # a length, an unused bit or the room behind was made use of
    signed, signer = found.signed_data, found.signer_info
    leaf, named = found.signer_cert, signer["sid"].chosen
    return (
        content_info["content_type"].native == "signed_data"
        and signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and signer["sid"].name == "issuer_and_serial_number"
        and named["issuer"].dump() == leaf.issuer.dump()  # names are compared without regard to case elsewhere
        and named["serial_number"].native == leaf.serial_number
        and signed["crls"] is _absent(signed["crls"])
        and signer["unsigned_attrs"] is _absent(signer["unsigned_attrs"])
        and [a.dump() for a in signed["digest_algorithms"]] == [signer["digest_algorithm"].dump()]
        and _chain_holds(found)
    )


def _absent(value: Any) -> Any:
    return value if isinstance(value, core.Void) else None


def _chain_holds(found: EmbeddedPdfSignature) -> bool:
    """Whether each further certificate in the signature issued the one before it, and the last one itself."""
    current = x509.load_der_x509_certificate(found.signer_cert.dump())
    others = [x509.load_der_x509_certificate(c.dump()) for c in found.other_embedded_certs]
    if len(others) + 1 != len(found.signed_data["certificates"]):
        return False
    try:
        if not others:
            return True  # the signing-certificate attribute holds the signer's own
        while others:
            issuer = next((c for c in others if c.subject == current.issuer), None)
            if issuer is None:
                return False
            current.verify_directly_issued_by(issuer)
            others.remove(issuer)
            current = issuer
        current.verify_directly_issued_by(current)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _forbids_changes(reader: PdfFileReader, found: EmbeddedPdfSignature) -> bool:
    """Whether this signature is the one the catalogue names as certifying, and allows nothing after it."""
    try:
        certifying = reader.root["/Perms"].raw_get("/DocMDP")
    except KeyError:
        return False
    this = found.sig_field.raw_get("/V")
    return found.docmdp_level == MDPPerm.NO_CHANGES and getattr(certifying, "reference", None) == this.reference


def _signed_attributes(found: EmbeddedPdfSignature) -> list[str]:
    attributes = found.signer_info["signed_attrs"]
    return [] if isinstance(attributes, core.Void) else [attribute["type"].native for attribute in attributes]


def _signed_at(found: EmbeddedPdfSignature) -> datetime | None:
    moment = found.self_reported_timestamp
    return moment if moment is None or moment.tzinfo is not None else None
