"""Tampering: the ways to change a signed PDF of security.md §5, each made for real."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from cryptography.hazmat.primitives.serialization import load_der_private_key
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from app.documents.certificates import NewCertificate
from app.documents.pades import LoadedKeySigner


def _gap(pdf: bytes) -> tuple[int, int]:
    """Where the hex digits of /Contents begin and end."""
    match = re.search(rb"/Contents <([0-9A-Fa-f]+)>", pdf)
    assert match
    return match.span(1)


def _updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(pdf)
    return out.getvalue()


def a_bit_flipped(pdf: bytes) -> bytes:
    at = pdf.index(b"stream\n") + 20
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def a_first_byte_changed(pdf: bytes) -> bytes:
    return pdf.replace(b"%PDF-1.", b"%PDF-2.", 1)


def contents_with_bit(pdf: bytes, place: float, bit: int) -> bytes:
    """One bit inside the signature container; ``place`` is the share of the way through its data."""
    start, end = _gap(pdf)
    at = start + int(len(pdf[start:end].rstrip(b"0")) * place)
    return pdf[:at] + b"%X" % (int(pdf[at : at + 1], 16) ^ bit) + pdf[at + 1 :]


def contents_changed_at(place: float) -> Callable[[bytes], bytes]:
    """A change of one bit inside the signature container."""

    def change(pdf: bytes) -> bytes:
        return contents_with_bit(pdf, place, 4)

    change.__name__ = f"contents_changed_at_{place}"
    return change


def container_longer_than_it_is(pdf: bytes) -> bytes:
    """The outermost length takes in some of the zeros behind."""
    start, _ = _gap(pdf)
    length = int(pdf[start + 4 : start + 8], 16) + 16
    return pdf[: start + 4] + b"%04X" % length + pdf[start + 8 :]


def issuer_in_other_case(pdf: bytes) -> bytes:
    """The issuer's country in the signer's identifier, CN → cN: names are equal without regard to case."""
    start, end = _gap(pdf)
    container = bytes.fromhex(pdf[start:end].decode())
    at = container.rindex(bytes.fromhex("0603550406 1302")) + 7
    changed = container[:at] + b"c" + container[at + 1 :]
    return pdf[:start] + changed.hex().upper().encode() + pdf[end:]


def unused_bits_of_the_roots_signature(pdf: bytes) -> bytes:
    start, end = _gap(pdf)
    container = bytes.fromhex(pdf[start:end].decode())
    at = container.index(bytes.fromhex("0382018100")) + 4
    changed = container[:at] + b"\x01" + container[at + 1 :]
    return pdf[:start] + changed.hex().upper().encode() + pdf[end:]


def contents_in_other_case(pdf: bytes) -> bytes:
    start, end = _gap(pdf)
    at = next(i for i in range(start, end) if pdf[i : i + 1] in b"ABCDEFabcdef")
    return pdf[:at] + pdf[at : at + 1].swapcase() + pdf[at + 1 :]


def contents_padding_used(pdf: bytes) -> bytes:
    _, end = _gap(pdf)
    return pdf[: end - 8] + b"deadbeef".upper() + pdf[end:]


def contents_zeroed(pdf: bytes) -> bytes:
    start, end = _gap(pdf)
    return pdf[:start] + b"0" * (end - start) + pdf[end:]


def page_content_replaced(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        words = generic.StreamObject(stream_data=b"BT /F1 24 Tf 100 700 Td (other words) Tj ET")
        page[pdf_name("/Contents")] = writer.add_object(words)
        writer.update_container(page)

    return _updated(pdf, change)


def annotation_added(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Contents"): generic.TextStringObject("agreed"),
                pdf_name("/Rect"): generic.ArrayObject([generic.NumberObject(n) for n in (100, 100, 300, 200)]),
            }
        )
        kept = list(page["/Annots"]) if "/Annots" in page else []
        page[pdf_name("/Annots")] = generic.ArrayObject([*kept, writer.add_object(note)])
        writer.update_container(page)

    return _updated(pdf, change)


def title_changed(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        info = writer.trailer["/Info"]
        info[pdf_name("/Title")] = generic.TextStringObject("another title")
        writer.update_container(info)

    return _updated(pdf, change)


def form_taken_away(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()

    return _updated(pdf, change)


def junk_at_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n% nothing to see here\n"


def kind_of_signature_changed(pdf: bytes) -> bytes:
    return pdf.replace(b"/ETSI.CAdES.detached", b"/ETSI.CAdES.detachex", 1)


def newline_at_the_end(pdf: bytes) -> bytes:
    return pdf + b"\n"


def byte_range_edited(pdf: bytes) -> bytes:
    match = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)", pdf)
    assert match
    shorter = str(int(match[3]) - 1).encode()
    return pdf[: match.start(3)] + shorter.ljust(len(match[3])) + pdf[match.end(3) :]


def byte_range_of_nothing(pdf: bytes) -> bytes:
    match = re.search(rb"/ByteRange (\[[^\]]*\])", pdf)
    assert match
    return pdf[: match.start(1)] + b"[0 0 0 0]".ljust(len(match[1])) + pdf[match.end(1) :]


def words_slipped_into_the_gap(pdf: bytes) -> bytes:
    """Signature wrapping: more room between the two signed ranges, with words of one's own in it."""
    _, end = _gap(pdf)
    return pdf[:end] + b"00" * 40 + pdf[end:]


def written_anew(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def signature_stripped(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        del opened.Root.AcroForm
        del opened.Root.Perms
        for page in opened.pages:
            if "/Annots" in page:
                del page.Annots
        opened.save(out)
    return out.getvalue()


def last_third_lost(pdf: bytes) -> bytes:
    return pdf[: len(pdf) * 2 // 3]


def last_byte_lost(pdf: bytes) -> bytes:
    return pdf.rstrip()[:-1]


RED = (
    a_bit_flipped,
    a_first_byte_changed,
    *(contents_changed_at(share) for share in (0.001, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.999)),
    container_longer_than_it_is,
    issuer_in_other_case,
    unused_bits_of_the_roots_signature,
    contents_in_other_case,
    contents_padding_used,
    contents_zeroed,
    page_content_replaced,
    annotation_added,
    title_changed,
    form_taken_away,
    junk_at_the_end,
    kind_of_signature_changed,
    newline_at_the_end,
    byte_range_edited,
    byte_range_of_nothing,
    words_slipped_into_the_gap,
    written_anew,
    signature_stripped,
    last_third_lost,
    last_byte_lost,
)


def signed_otherwise(pdf: bytes, made: NewCertificate, *, field: str = "Signature", **how: object) -> bytes:
    """Signed with this key, but not the way the program does it."""
    usual: dict[str, object] = {
        "certify": True,
        "docmdp_permissions": MDPPerm.NO_CHANGES,
        "subfilter": SigSeedSubFilter.PADES,
    }
    signer = LoadedKeySigner(load_der_private_key(made.key, None), made.leaf, made.root)
    meta = PdfSignatureMetadata(field_name=field, md_algorithm="sha256", **{**usual, **how})
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    return PdfSigner(meta, signer, new_field_spec=SigFieldSpec(field)).sign_pdf(writer).getvalue()
