"""Issuing a document: one number, one signature, kept as it is, or nothing at all; protected copies; what was issued."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.documents import issuing
from app.documents.blocks import Document
from app.documents.code import content_code
from app.documents.issuing import Given
from app.documents.keeping import drop_picture, keep_picture, kept_picture
from app.documents.numbering import next_number
from app.documents.record import Issued, IssuedCopy, NumberSeries, PictureKind
from app.documents.signing import SessionOver, SigningSession
from app.documents.verifying import Colour, verify
from app.errors import Problem
from app.vault import engine as engines
from app.vault.attachments import Attachment
from app.vault.bin import destroy_files
from app.vault.checking import check
from app.vault.trail import Link
from app.vault.vault import Vault
from app.vault.voiding import void
from tests.conftest import KEY, SALT
from tests.documents.others import pdfsig, qpdf_check
from tests.documents.reading import words_of
from tests.documents.sample import SAMPLE
from tests.ui.forwhom import HOSPITAL

STUDENT = 7


@pytest.fixture
def scan(signable: Vault) -> Attachment:
    """A record about a student, for something to be issued from."""
    with signable.write("添加附件") as session:
        kept = Attachment(
            kind="student", record_id=STUDENT, student_id=STUDENT, name="a.pdf",
            media="application/pdf", size=1, sha256=sha256(b"x").hexdigest(), content=b"x",
        )  # fmt: skip
        session.add(kept)
    return kept


def letter(given: Given) -> Document:
    return replace(SAMPLE, number=given.number, draft=False)


def issued_in(
    vault: Vault,
    signing: SigningSession,
    record: Attachment,
    compose: Callable[[Given], Document] = letter,
    year: int = 2026,
) -> Issued:
    with vault.write("签发文件") as session:
        return issuing.issue(vault, session, signing, prefix="心转", school_year=year, about=record, compose=compose)


def verdict_on(vault: Vault, pdf: bytes, password: str | None = None) -> Colour:
    with vault.read() as session:
        return verify(pdf, issuing.issuers(session), password).colour


class TestIssuing:
    """From a record to a kept, signed PDF."""

    def test_the_kept_pdf_is_green_and_other_programs_accept_it(
        self, signable: Vault, signing: SigningSession, scan: Attachment, tmp_path: Path
    ) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.read() as session:
            pdf = issuing.pdf_of(session, issued.id)
        assert sha256(pdf).hexdigest() == issued.sha256
        assert verdict_on(signable, pdf) is Colour.GREEN
        said = pdfsig(pdf, tmp_path)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert "No syntax" in qpdf_check(pdf, tmp_path)

    def test_it_says_what_it_is_made_of(
        self, signable: Vault, signing: SigningSession, scan: Attachment, clock: StandingClock
    ) -> None:
        with signable.read() as session:
            head = signable.head(session)
        issued = issued_in(signable, signing, scan)
        given = Given("心转〔2026〕第001号", clock.moment)
        assert issued.ref_no == given.number
        assert issued.content_code == content_code(letter(given))
        assert issued.trail_head == head
        assert issued.issued_at == clock.moment
        assert (issued.student_id, issued.about_kind, issued.about_id) == (STUDENT, "attachment", scan.id)
        assert [sheet["key"] for sheet in issued.sheets] == [sheet.key for sheet in SAMPLE.sheets]
        with signable.read() as session:
            pages = words_of(issuing.pdf_of(session, issued.id))
        assert [n for sheet in issued.sheets for n in range(sheet["first"], sheet["last"] + 1)] == [
            n for n, _ in enumerate(pages, start=1)
        ]
        for words in (issued.ref_no, issued.content_code, head, issued.fingerprint[:4]):
            assert all(words.lower() in page.replace(" ", "").lower() for page in pages)

    def test_the_trail_tells_of_it_without_words(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.read() as session:
            row = session.scalars(select(Link).where(Link.kind == "issued")).one()
            assert signable.trail.first_broken(session) is None
        assert (row.act, row.record, row.student_id, row.what) == ("new", issued.id, STUDENT, "签发文件")

    def test_numbers_follow_each_other_per_series_and_school_year(self, signable: Vault) -> None:
        with signable.write("编号") as session:
            assert [next_number(session, "心转", 2026) for _ in range(2)] == [
                "心转〔2026〕第001号",
                "心转〔2026〕第002号",
            ]
            assert next_number(session, "心转", 2027) == "心转〔2027〕第001号"
            assert next_number(session, "心记", 2026) == "心记〔2026〕第001号"
        with signable.write("编号") as session:
            assert next_number(session, "心转", 2026) == "心转〔2026〕第003号"

    def test_a_failure_uses_up_no_number(self, signable: Vault, signing: SigningSession, scan: Attachment) -> None:
        def fails(given: Given) -> Document:
            raise OSError("out of paper")

        with pytest.raises(OSError, match="paper"):
            issued_in(signable, signing, scan, fails)
        with signable.read() as session:
            assert session.scalar(select(func.count()).select_from(NumberSeries)) == 0
        assert issued_in(signable, signing, scan).ref_no == "心转〔2026〕第001号"

    def test_a_session_that_is_over_issues_nothing(
        self, signable: Vault, signing: SigningSession, scan: Attachment, clock: StandingClock
    ) -> None:
        clock.moment += timedelta(minutes=11)
        with pytest.raises(SessionOver):
            issued_in(signable, signing, scan)
        with signable.read() as session:
            assert session.scalar(select(func.count()).select_from(Issued)) == 0
            assert session.scalar(select(func.count()).select_from(NumberSeries)) == 0

    def test_a_draft_or_a_letter_with_another_number_is_not_issued(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        for compose in (lambda given: SAMPLE, lambda given: replace(letter(given), draft=True)):
            with pytest.raises(ValueError, match="number"):
                issued_in(signable, signing, scan, compose)

    def test_what_was_issued_is_found_by_record_and_by_student(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        first, second = issued_in(signable, signing, scan), issued_in(signable, signing, scan)
        with signable.read() as session:
            assert [one.id for one in issuing.about(session, scan)] == [second.id, first.id]
            assert [one.ref_no for one in issuing.of_student(session, STUDENT)] == [second.ref_no, first.ref_no]
            assert issuing.of_student(session, STUDENT + 1) == []


def test_every_check_of_the_vault_is_content_with_it(
    signable: Vault, signing: SigningSession, scan: Attachment
) -> None:
    issued = issued_in(signable, signing, scan)
    with signable.write("导出") as session:
        issuing.protected_copy(signable, session, signing, issued, "给医院的口令 8", HOSPITAL)
    assert [finding for finding in check(signable) if finding.faults] == []


class TestSealed:
    """No SQL gets at an issued document, and a number once given stays given."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE issued SET title = 'x'",
            "UPDATE issued SET id = id + 1",
            "UPDATE OR REPLACE issued SET id = 99",
            "DELETE FROM issued",
            "INSERT OR REPLACE INTO issued SELECT * FROM issued",
            "INSERT OR REPLACE INTO issued SELECT id + 1, kind, ref_no, title, student_id, about_kind, about_id, issued_at,"
            " content_code, trail_head, fingerprint, 'other', size, drawn_size, sheets, pdf FROM issued",
            "UPDATE issued_copy SET sha256 = 'x'",
            "DELETE FROM issued_copy",
            "UPDATE certificate SET wrapped_key = x'00'",
            "DELETE FROM certificate",
            "UPDATE number_series SET last = 0",
            "DELETE FROM number_series",
        ],
    )
    def test_sql_without_our_pragmas_is_refused(
        self, signable: Vault, signing: SigningSession, scan: Attachment, statement: str
    ) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.write("导出") as session:
            issuing.protected_copy(signable, session, signing, issued, "给医院的口令 8", HOSPITAL)
        connection = engines.sqlcipher.connect(str(signable.folder / "vault.db"), isolation_level=None)
        try:
            connection.set_key(f"x'{KEY.hex()}{SALT.hex()}'")
            with pytest.raises(engines.sqlcipher.IntegrityError, match=r"cannot be|given twice"):
                connection.execute(statement)
        finally:
            connection.close()

    def test_a_changed_page_is_noticed_when_it_is_read(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        issued = issued_in(signable, signing, scan)
        connection = engines.sqlcipher.connect(str(signable.folder / "vault.db"), isolation_level=None)
        connection.set_key(f"x'{KEY.hex()}{SALT.hex()}'")
        connection.execute("DROP TRIGGER issued_update")
        connection.execute("UPDATE issued SET pdf = CAST(pdf || x'0a' AS BLOB)")
        connection.close()
        with signable.read() as session, pytest.raises(Problem, match="不同"):
            issuing.pdf_of(session, issued.id)

    def test_destroying_the_file_takes_its_papers_but_not_their_numbers(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.write("导出") as session:
            issuing.protected_copy(signable, session, signing, issued, "给医院的口令 8", HOSPITAL)
        destroy_files(signable, [STUDENT], "毕业满三年", issuing.forget)
        with signable.read() as session:
            assert session.scalar(select(func.count()).select_from(Issued)) == 0
            assert session.scalar(select(func.count()).select_from(IssuedCopy)) == 0
        with signable.write("编号") as session:
            assert next_number(session, "心转", 2026) == "心转〔2026〕第002号"

    def test_voided_paper_is_still_ours(self, signable: Vault, signing: SigningSession, scan: Attachment) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.write("作废") as session:
            void(session, issued, "写在了同名同学的档案里", signable.now())
        with signable.read() as session:
            verdict = verify(issuing.pdf_of(session, issued.id), issuing.issuers(session))
        assert verdict.colour is Colour.GREEN
        assert "作废" in verdict.sentence
        assert issued_in(signable, signing, scan).ref_no == "心转〔2026〕第002号"


class TestProtectedCopies:
    """A copy with a password of its own, under the same number."""

    PASSWORD = "给医院的口令 8"

    def copy(self, vault: Vault, signing: SigningSession, issued: Issued) -> bytes:
        with vault.write("导出") as session:
            return issuing.protected_copy(vault, session, signing, issued, self.PASSWORD, HOSPITAL)

    def test_it_is_signed_encrypted_and_in_the_list(
        self, signable: Vault, signing: SigningSession, scan: Attachment, tmp_path: Path
    ) -> None:
        issued = issued_in(signable, signing, scan)
        locked = self.copy(signable, signing, issued)
        assert verdict_on(signable, locked) is Colour.LOCKED
        assert verdict_on(signable, locked, self.PASSWORD) is Colour.GREEN
        said = pdfsig(locked, tmp_path, password=self.PASSWORD)
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert "AESv3" in qpdf_check(locked, tmp_path, password=self.PASSWORD)
        assert issued.title.encode() not in locked

    def test_it_shows_the_same_pages(self, signable: Vault, signing: SigningSession, scan: Attachment) -> None:
        issued = issued_in(signable, signing, scan)
        locked = self.copy(signable, signing, issued)
        with signable.read() as session:
            plain = issuing.pdf_of(session, issued.id)
        opened = BytesIO()
        with pikepdf.open(BytesIO(locked), password=self.PASSWORD) as pdf:
            pdf.save(opened)
        assert words_of(opened.getvalue()) == words_of(plain)

    def test_the_export_is_in_the_trail_and_the_original_stays(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        issued = issued_in(signable, signing, scan)
        locked = self.copy(signable, signing, issued)
        with signable.read() as session:
            kept = session.scalars(select(IssuedCopy)).one()
            acts = session.execute(select(Link.act, Link.record).where(Link.act == "export")).all()
            assert issuing.pdf_of(session, issued.id)
        assert (kept.issued_id, kept.sha256) == (issued.id, sha256(locked).hexdigest())
        assert acts == [("export", issued.id)]

    @pytest.mark.parametrize(
        "password", ["", "short 1", " leading space", "trailing space ", "tab\there ok", "长" * 43, "\u200bhidden one"]
    )
    def test_a_password_nobody_can_use_is_refused(
        self, signable: Vault, signing: SigningSession, scan: Attachment, password: str
    ) -> None:
        issued = issued_in(signable, signing, scan)
        with signable.write("导出") as session, pytest.raises(Problem):
            issuing.protected_copy(signable, session, signing, issued, password, HOSPITAL)


class TestPictures:
    """The handwritten signature and the stamp, kept in the vault and drawn on the letter."""

    @staticmethod
    def picture(colour: str) -> bytes:
        out = BytesIO()
        Image.new("RGB", (60, 30), colour).save(out, "PNG")
        return out.getvalue()

    def test_one_of_each_kind_is_kept(self, vault: Vault) -> None:
        with vault.write("保存图片") as session:
            keep_picture(session, PictureKind.AUTOGRAPH, self.picture("black"))
            keep_picture(session, PictureKind.STAMP, self.picture("red"))
            keep_picture(session, PictureKind.STAMP, self.picture("blue"))
        with vault.read() as session:
            stamp = kept_picture(session, PictureKind.STAMP)
            assert stamp is not None
            assert Image.open(BytesIO(stamp)).convert("RGB").getpixel((1, 1)) == (0, 0, 255)
        with vault.write("删除图片") as session:
            drop_picture(session, PictureKind.STAMP)
            assert kept_picture(session, PictureKind.STAMP) is None
            assert kept_picture(session, PictureKind.AUTOGRAPH) is not None

    def test_what_is_no_picture_leaves_the_old_one(self, vault: Vault) -> None:
        with vault.write("保存图片") as session:
            keep_picture(session, PictureKind.STAMP, self.picture("red"))
        with vault.write("保存图片") as session, pytest.raises(Problem):
            keep_picture(session, PictureKind.STAMP, b"not a picture")
        with vault.read() as session:
            assert kept_picture(session, PictureKind.STAMP) is not None

    def test_a_kept_picture_stands_in_the_letter(
        self, signable: Vault, signing: SigningSession, scan: Attachment
    ) -> None:
        bare = issued_in(signable, signing, scan)
        with signable.write("保存图片") as session:
            keep_picture(session, PictureKind.STAMP, self.picture("red"))
        stamped = issued_in(signable, signing, scan)
        with signable.read() as session:
            assert _images(session, stamped) == _images(session, bare) + 1


def _images(session: Session, issued: Issued) -> int:
    with pikepdf.open(BytesIO(issuing.pdf_of(session, issued.id))) as pdf:
        return sum(len(page.get_images()) for page in pdf.pages)


def test_nothing_of_the_letter_lies_in_plain_on_disk(
    signable: Vault, signing: SigningSession, scan: Attachment
) -> None:
    issued = issued_in(signable, signing, scan)
    signable.close()
    for file in signable.folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        for word in (issued.title, issued.ref_no, "%PDF-1", "CN=王静"):
            assert all(word.encode(coding) not in content for coding in ("utf-8", "utf-16-le", "gb18030"))
