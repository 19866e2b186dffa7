"""The verdict on a PDF: unchanged and signed here, unchanged but signed by somebody unknown, or changed or unsigned (security.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from app.documents.certificates import in_groups
from app.documents.findings import Findings, NeedsPassword, NotSound, Signature
from app.vault.choice import Choice


class Colour(Choice):
    """The three answers, and the file that must be opened with its password first."""

    GREEN = "green", "未改动且本机签发"
    AMBER = "amber", "未改动但签名人未知"
    RED = "red", "已改动或无签名"
    LOCKED = "locked", "需要文件口令"


@dataclass(frozen=True)
class IssuedFile:
    """What the vault says of one file it issued."""

    ref_no: str
    title: str
    issued_at: datetime
    voided: bool = False
    protected: bool = False
    """It is a copy with a password of its own."""


@dataclass(frozen=True)
class Issuers:
    """Whom this vault knows as signers, and every file it issued."""

    certificates: Mapping[str, str]
    """The signer's name by the certificate's SHA-256."""
    files: Mapping[str, IssuedFile]
    """By the SHA-256 of the file."""


@dataclass(frozen=True)
class Verdict:
    """A colour and its reason in one sentence: a template and its values, so that the screen can translate it."""

    colour: Colour
    template: str
    values: dict[str, object] = field(default_factory=dict)
    sha256: str = ""
    signature: Signature | None = None
    issued: IssuedFile | None = None

    @property
    def sentence(self) -> str:
        """The reason, with its values filled in."""
        return self.template.format(**self.values)


def verify(pdf: bytes, issuers: Issuers | None, password: str | None = None) -> Verdict:
    """The verdict on these bytes. Without ``issuers`` (no vault is open) the best it can say is amber.

    ``password`` opens an encrypted file; without the right one the colour is LOCKED, never red.
    """
    from app.documents.inspecting import inspect

    digest = sha256(pdf).hexdigest()
    try:
        findings = inspect(pdf, password)
    except NotSound:
        return Verdict(Colour.RED, "这个文件不是完好的 PDF，可能已损坏，也可能不是本程序的文件。", sha256=digest)
    except NeedsPassword as locked:
        template = "文件口令不对，没有打开。" if locked.tried else "这是加了口令的文件，请输入文件口令再核验。"
        return Verdict(Colour.LOCKED, template, sha256=digest)
    return _judge(findings, issuers, digest)


def _judge(findings: Findings, issuers: Issuers | None, digest: str) -> Verdict:
    signature = findings.signature
    if signature is None:
        return Verdict(Colour.RED, _without_one(findings.signatures), {"count": findings.signatures}, digest)
    fault = _fault(signature)
    if fault:
        return Verdict(Colour.RED, fault, {}, digest, signature)
    if issuers is None:
        template = "签名之后没有改动；没有打开档案，不知道是不是本机签发，请核对证书指纹 {print}。"
        return Verdict(Colour.AMBER, template, {"print": in_groups(signature.fingerprint)}, digest, signature)
    if signature.fingerprint not in issuers.certificates:
        return _unknown(signature, issuers, digest)
    issued = issuers.files.get(digest)
    if issued is None:
        template = "签名是本机的，但文件与签发登记中的任何一份都不逐字节一致。"
        return Verdict(Colour.RED, template, {}, digest, signature)
    return _genuine(signature, issued, digest)


_OTHERWISE = "签名的方式与本程序不同，不能证明签名之后没有改动。"


def _without_one(count: int) -> str:
    """Why there is no one signature to judge."""
    if count == 0:
        return "文件里没有签名，无法判断内容是否改动过。"
    return _OTHERWISE if count == 1 else "文件里有 {count} 个签名，本程序签发的文件只有一个，说明签发后又被处理过。"


def _fault(signature: Signature) -> str:
    """Why the file counts as changed, or empty. All of security.md §5's conditions; pyHanko's VALID is not asked."""
    if not signature.intact:
        return "签名之后文件内容被改动过。"
    if not signature.valid:
        return "签名本身对不上，签名数据被改动过。"
    if not signature.whole_file or not signature.unmodified:
        return "签名之后又有内容被加进文件，签名没有覆盖整个文件。"
    if not signature.vouched:
        return "签名数据里有不受保护的改动。"
    if not (signature.forbids_changes and signature.pades and signature.names_certificate):
        return _OTHERWISE
    return ""


def _unknown(signature: Signature, issuers: Issuers, digest: str) -> Verdict:
    same_name = signature.signer in issuers.certificates.values()
    template = (
        "签名之后没有改动，但证书不是本机的，只是姓名相同，谨防冒名；证书指纹 {print}。"
        if same_name
        else "签名之后没有改动，但证书不是本机的，请与对方核对证书指纹 {print}。"
    )
    return Verdict(Colour.AMBER, template, {"print": in_groups(signature.fingerprint)}, digest, signature)


def _genuine(signature: Signature, issued: IssuedFile, digest: str) -> Verdict:
    day = issued.issued_at
    values: dict[str, object] = {"ref_no": issued.ref_no, "title": issued.title}
    values["day"] = f"{day.year}年{day.month}月{day.day}日"
    template = "与 {day} 签发的《{title}》{ref_no} 逐字节一致。"
    if issued.voided:
        template = "与 {day} 签发的《{title}》{ref_no} 逐字节一致；这份材料后来已作废。"
    elif issued.protected:
        template = "与 {day} 导出的《{title}》{ref_no} 带口令副本逐字节一致。"
    return Verdict(Colour.GREEN, template, values, digest, signature, issued)
