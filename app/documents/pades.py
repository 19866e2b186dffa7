"""PAdES B-B: puts one certifying signature on a PDF, with a key that is already loaded. Imports pyHanko; import it at first use."""

from __future__ import annotations

import asyncio
from datetime import datetime
from io import BytesIO
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils.crypt import StandardSecurityHandler
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD_NAME = "Signature"
_HASH = "sha256"


class LoadedKeySigner(Signer):
    """Signs with a key that is loaded once; pyHanko's SimpleSigner loads and checks it twice for every signature."""

    def __init__(self, key: RSAPrivateKey, leaf: bytes, root: bytes) -> None:
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        known.register(x509.Certificate.load(root))
        super().__init__(signing_cert=x509.Certificate.load(leaf), cert_registry=known)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != _HASH:
            raise ValueError(f"signatures are made with {_HASH}")
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


class _Update(IncrementalPdfFileWriter):
    """Adds the signature and leaves the document's information (times, producer) as it was drawn."""

    def _update_meta(self) -> None:
        _leave_information()


def _leave_information() -> None:
    """In place of pyHanko's, which writes the PC's clock and its own name over it."""


def sign(pdf: bytes, signer: LoadedKeySigner, when: datetime, *, password: str = "") -> bytes:
    """The PDF with one certifying signature that allows no changes (DocMDP P=1), covering the whole file.

    ``password`` opens a PDF encrypted by ``encrypt``. The first ``len(pdf)`` bytes stay as they are.
    """
    writer = _Update(BytesIO(pdf))
    if password:
        writer.encrypt(password)  # type: ignore[no-untyped-call]
    return _certify(writer, signer, when)


def encrypt(pdf: bytes, password: str) -> bytes:
    """The PDF encrypted with AES-256, to be signed afterwards: encrypting a signed file breaks its signature."""
    writer: PdfFileWriter = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    writer._update_meta = _leave_information  # type: ignore[method-assign]
    writer._assign_security_handler(StandardSecurityHandler.build_from_pw(password, pdf_mac=False))
    out = BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    return out.getvalue()


def _certify(writer: Any, signer: LoadedKeySigner, when: datetime) -> bytes:
    meta = PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm=_HASH,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        subfilter=SigSeedSubFilter.PADES,
    )
    pdf_signer = PdfSigner(meta, signer, new_field_spec=SigFieldSpec(FIELD_NAME))
    session = pdf_signer.init_signing_session(writer)
    session.system_time = when  # pyHanko would take the PC's clock; ours is handed in

    async def run() -> bytes:
        reserved = await session.estimate_signature_container_size(None)
        ready = session.prepare_tbs_document(None, reserved)
        prepared, out = ready.digest_tbs_document()
        await ready.perform_signature(prepared.document_digest, PdfCMSSignedAttributes(signing_time=when))
        return bytes(out.getvalue())  # type: ignore[attr-defined]

    return asyncio.run(run())
