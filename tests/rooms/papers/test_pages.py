"""The pages of the papers room, driven as the counsellor drives them: by the names of the things on them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.documents.verifying import Colour, verify
from app.rooms.papers import store
from app.rooms.papers.page.document import DocumentPage
from app.rooms.papers.page.register import RegisterPage
from app.rooms.papers.page.verify import VerifyPage
from app.ui.cards import Row
from app.ui.exporting import ExportDialog
from app.ui.page import Page, Route
from app.ui.printing import PrintDialog
from app.vault.trail import Link
from tests.cups import PrintQueue, print_queue
from tests.documents.reading import words_of
from tests.rooms.papers.conftest import Around, Papers
from tests.ui.forwhom import HOSPITAL, MOTHER, fill
from tests.ui.widths import too_wide

__all__ = ["print_queue"]
FILE_PASSWORD = "给医院的口令 8"


def named(inside: QWidget, name: str, kind: type[Any] = QPushButton) -> Any:
    """The one widget of a kind with this accessible name."""
    (found,) = [one for one in inside.findChildren(kind) if one.accessibleName() == name]
    return found


def head(page: Page, name: str) -> QPushButton:
    return next(one for one in page.head_actions if one.accessibleName() == name)


def seated(page: Page, around: Around, width: int = 1160, height: int = 800) -> Page:
    page.setParent(around.window)
    for action in page.head_actions:
        action.setParent(around.window)
    page.resize(width, height)
    page.went.connect(around.went.append)
    page.show()
    return page


@pytest.fixture
def document(papers: Papers, around: Around, qtbot: QtBot) -> DocumentPage:
    page = DocumentPage(
        papers.vault,
        around.notice,
        around.keeper,
        around.background,
        around.desk,
        around.printer,  # type: ignore[arg-type]
    )
    seated(page, around)
    page.arrive(Route("document", papers.letter))
    checked(page, qtbot)
    return page


def checked(page: DocumentPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.verdict.view.isVisible(), timeout=10_000)


def acts(papers: Papers, issued_id: int) -> list[str]:
    """What the trail says was done with a document, making it left out."""
    with papers.vault.read() as session:
        where = (Link.kind == "issued", Link.record == issued_id, Link.act != "new")
        return list(session.scalars(select(Link.act).where(*where).order_by(Link.seq)))


class TestTheDocument:
    """One issued document."""

    def test_its_pages_and_facts_stand_there_and_the_view_is_recorded(
        self, document: DocumentPage, papers: Papers
    ) -> None:
        assert document.title == "心转〔2026〕第001号"
        assert document.context == "转介函 · 程辰 九(2)班"
        assert document.view.page_count() == 6
        shown = {name: label.text() for name, label in document.about.facts.values.items()}
        with papers.vault.read() as session:
            issued = store.paper(session, papers.letter).issued
        assert shown["内容码"] == issued.content_code
        assert shown["记录链"] == issued.trail_head
        assert shown["SHA-256"].replace(" ", "").lower() == issued.sha256
        assert shown["证书指纹"].replace(" ", "").lower() == issued.fingerprint
        assert acts(papers, papers.letter) == ["view"]

    def test_its_bytes_are_verified(self, document: DocumentPage) -> None:
        assert document.verdict.view.colour.text() == "未改动且本机签发"
        assert "逐字节一致" in document.verdict.view.sentence.text()

    @pytest.mark.parametrize("size", [(1160, 800), (1084, 660)])
    def test_nothing_is_cut_off_sideways(self, document: DocumentPage, size: tuple[int, int]) -> None:
        document.resize(*size)
        assert too_wide(document) == []

    def test_printing_is_logged_and_comes_out_of_the_printer(
        self, document: DocumentPage, papers: Papers, around: Around, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        before = len(print_queue.papers())
        qtbot.mouseClick(head(document, "打印"), Qt.MouseButton.LeftButton)
        dialog = around.window.findChild(PrintDialog)
        qtbot.waitUntil(lambda: dialog.printer.isEnabled(), timeout=10_000)
        dialog.printer.setCurrentText(print_queue.name)
        named(dialog, "打印第三联 存根", QWidget).setChecked(False)
        fill(dialog, MOTHER)
        assert acts(papers, papers.letter) == ["view"]
        qtbot.mouseClick(named(dialog, "开始打印"), Qt.MouseButton.LeftButton)
        assert acts(papers, papers.letter) == ["view", "print"]
        qtbot.waitUntil(lambda: around.notice.toasts == ["已交给打印机。"], timeout=10_000)
        out = print_queue.wait_for(before + 1)[-1]
        told = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
        assert "Pages:           3" in told
        qtbot.waitUntil(lambda: handled(document) == ["打印"])
        (row,) = (one for one in document.handled.findChildren(Row) if one.isVisibleTo(document))
        assert row.detail_label.text() == "2026-11-20 10:00 · 监护人 · 签字确认"

    def test_an_export_is_the_kept_file_byte_for_byte(
        self, document: DocumentPage, papers: Papers, around: Around, qtbot: QtBot, tmp_path: Path
    ) -> None:
        export(document, around, tmp_path / "出.pdf", qtbot)
        assert (tmp_path / "出.pdf").read_bytes() == papers.pdf(papers.letter)
        assert acts(papers, papers.letter) == ["view", "export"]
        assert "加密档案之外" in around.notice.toasts[-1]

    def test_before_a_referral_is_exported_it_is_said_that_its_stub_goes_along(
        self, document: DocumentPage, papers: Papers, around: Around, qtbot: QtBot
    ) -> None:
        said = {}
        for issued in (papers.letter, papers.note):
            document.arrive(Route("document", issued))
            qtbot.mouseClick(head(document, "导出"), Qt.MouseButton.LeftButton)
            dialog = document.findChild(ExportDialog)
            said[issued] = " ".join(label.text() for label in dialog.findChildren(QLabel))
            dialog.reject()
            qtbot.waitUntil(lambda: document.findChild(ExportDialog) is None)
        assert "存根上有出生日期、学号和监护人电话" in said[papers.letter]
        assert "存根" not in said[papers.note]

    def test_the_name_offered_names_no_student(self, document: DocumentPage, around: Around, qtbot: QtBot) -> None:
        qtbot.mouseClick(head(document, "导出"), Qt.MouseButton.LeftButton)
        fill(around.window.findChild(ExportDialog))
        qtbot.mouseClick(named(around.window.findChild(ExportDialog), "选择保存位置"), Qt.MouseButton.LeftButton)
        offered = Path(document.findChild(QFileDialog).selectedFiles()[0]).name
        assert offered == "心转〔2026〕第001号 转介函.pdf"

    def test_a_protected_copy_is_signed_kept_and_opens_with_its_password_only(
        self, document: DocumentPage, papers: Papers, around: Around, qtbot: QtBot, tmp_path: Path
    ) -> None:
        export(document, around, tmp_path / "出.pdf", qtbot, FILE_PASSWORD)
        qtbot.waitUntil(lambda: bool(around.notice.toasts), timeout=20_000)
        assert around.desk.asked == ["带口令的副本"]
        content = (tmp_path / "出.pdf").read_bytes()
        from app.documents.issuing import issuers

        with papers.vault.read() as session:
            known = issuers(session)
        assert verify(content, known).colour is Colour.LOCKED
        assert verify(content, known, FILE_PASSWORD).colour is Colour.GREEN
        assert acts(papers, papers.letter) == ["view", "export"]
        qtbot.waitUntil(lambda: handled(document) == ["导出带口令的副本"])

    def test_a_copy_that_cannot_be_written_is_said(
        self, document: DocumentPage, around: Around, qtbot: QtBot, tmp_path: Path
    ) -> None:
        export(document, around, tmp_path / "gone" / "出.pdf", qtbot)
        assert [told.sentence for told in around.notice.told] == ["没有导出。"]
        assert around.notice.toasts == []

    def test_voided_it_is_struck_through_and_keeps_its_number(
        self, document: DocumentPage, papers: Papers, qtbot: QtBot
    ) -> None:
        qtbot.mouseClick(head(document, "作废"), Qt.MouseButton.LeftButton)
        sure = named(document, "确认作废")
        qtbot.mouseClick(sure, Qt.MouseButton.LeftButton)
        with papers.vault.read() as session:
            assert store.paper(session, papers.letter).voided is None  # not without a reason
        named(document, "作废原因", QLineEdit).setText("写在了同名同学的档案里")
        qtbot.mouseClick(sure, Qt.MouseButton.LeftButton)
        assert "写在了同名同学的档案里" in document.banner.text()
        assert document.banner.isVisible()
        assert "line-through" in document.about.facts.values["编号"].styleSheet()
        assert not head(document, "作废").isVisible()
        assert document.view.page_count() == 6
        qtbot.waitUntil(lambda: "作废" in document.verdict.view.sentence.text(), timeout=10_000)

    def test_a_reason_being_typed_is_there_again(self, document: DocumentPage, papers: Papers, qtbot: QtBot) -> None:
        qtbot.mouseClick(head(document, "作废"), Qt.MouseButton.LeftButton)
        named(document, "作废原因", QLineEdit).setText("写错了")
        document.leave()
        assert document.view.page_count() == 0
        document.arrive(Route("document", papers.letter))
        qtbot.mouseClick(head(document, "作废"), Qt.MouseButton.LeftButton)
        assert named(document, "作废原因", QLineEdit).text() == "写错了"

    def test_it_leads_to_the_student_and_to_what_it_was_made_from(
        self, document: DocumentPage, papers: Papers, around: Around, qtbot: QtBot
    ) -> None:
        qtbot.mouseClick(named(document, "打开学生档案"), Qt.MouseButton.LeftButton)
        assert around.went == [Route("student", papers.students[0], papers.students[0])]
        with qtbot.waitSignal(document.record_wanted) as wanted:
            qtbot.mouseClick(named(document, "打开原记录"), Qt.MouseButton.LeftButton)
        assert wanted.args == ["student", papers.students[0], papers.students[0]]


def handled(page: DocumentPage) -> list[str]:
    """What the card says was done with the document; a row is seen once the layout has shown it."""
    return [row.title_label.text() for row in page.handled.findChildren(Row) if row.isVisibleTo(page)]


def export(page: DocumentPage, around: Around, path: Path, qtbot: QtBot, password: str = "") -> None:
    """Press 导出, give a password or none, choose the place."""
    qtbot.mouseClick(head(page, "导出"), Qt.MouseButton.LeftButton)
    dialog = page.findChild(ExportDialog)
    fill(dialog)
    if password:
        dialog.protect.set_on(True)
        named(dialog, "文件口令", QLineEdit).setText(password)
        named(dialog, "再输入一次文件口令", QLineEdit).setText(password)
    qtbot.mouseClick(named(dialog, "选择保存位置"), Qt.MouseButton.LeftButton)
    page.findChild(QFileDialog).fileSelected.emit(str(path))


class TestTheRegister:
    """The list of everything issued."""

    @pytest.fixture
    def register(self, papers: Papers, around: Around) -> RegisterPage:
        page = RegisterPage(papers.vault)
        seated(page, around)
        page.arrive(Route("papers"))
        return page

    def cells(self, page: RegisterPage) -> list[list[str]]:
        model = named(page, "已签发的文书", QTableView).model()
        return [
            [model.index(row, column).data() for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def test_it_lists_and_filters(self, register: RegisterPage, papers: Papers) -> None:
        assert register.context == "2 份"
        store.void(papers.vault, papers.letter, "写错了人")
        register.note_change(frozenset({"voided"}))
        assert self.cells(register) == [
            ["心记〔2026〕第001号", "会谈记录", "单晓明 八(3)班", "2026-11-20 10:00", ""],
            ["心转〔2026〕第001号", "转介函", "程辰 九(2)班", "2026-11-20 10:00", "作废"],
        ]
        named(register, "查找文书", QLineEdit).setText("单晓明")
        assert [row[0] for row in self.cells(register)] == ["心记〔2026〕第001号"]
        named(register, "查找文书", QLineEdit).setText("没有这个人")
        assert self.cells(register) == []
        assert register.nothing.words_label.text() == "没有符合条件的文书"
        named(register, "查找文书", QLineEdit).setText("")
        assert len(self.cells(register)) == 2

    def test_enter_opens_a_document(self, register: RegisterPage, papers: Papers, around: Around, qtbot: QtBot) -> None:
        table = named(register, "已签发的文书", QTableView)
        table.selectRow(1)
        qtbot.keyClick(table, Qt.Key.Key_Return)
        assert around.went == [Route("document", papers.letter)]

    def test_the_way_to_checking_a_file(self, register: RegisterPage, around: Around, qtbot: QtBot) -> None:
        qtbot.mouseClick(head(register, "核验文件"), Qt.MouseButton.LeftButton)
        assert around.went == [Route("verify")]

    @pytest.mark.parametrize("width", [1160, 1084])
    def test_nothing_is_cut_off_sideways(self, register: RegisterPage, width: int) -> None:
        register.resize(width, 660)
        assert too_wide(register) == []


class TestCheckingAFile:
    """「核验文件」."""

    @pytest.fixture
    def page(self, papers: Papers, around: Around) -> VerifyPage:
        made = VerifyPage(papers.vault, around.notice, around.background)
        seated(made, around)
        made.arrive(Route("verify"))
        return made

    def said(self, page: VerifyPage, qtbot: QtBot) -> tuple[str, str]:
        qtbot.waitUntil(
            lambda: page.result.isVisible() and not page.place.words.text().startswith("正在"), timeout=10_000
        )
        return page.view.colour.text(), page.view.sentence.text()

    def test_our_own_file_is_green(self, page: VerifyPage, papers: Papers, qtbot: QtBot, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(papers.pdf(papers.letter))
        page.check(tmp_path / "a.pdf")
        colour, sentence = self.said(page, qtbot)
        assert colour == "未改动且本机签发"
        assert "心转〔2026〕第001号" in sentence
        assert "王静" in [label.text() for label in page.result.findChildren(QLabel)]

    def test_a_changed_byte_is_red(self, page: VerifyPage, papers: Papers, qtbot: QtBot, tmp_path: Path) -> None:
        content = bytearray(papers.pdf(papers.letter))
        content[len(content) // 3] ^= 1
        (tmp_path / "a.pdf").write_bytes(content)
        page.check(tmp_path / "a.pdf")
        assert self.said(page, qtbot)[0] == "已改动或无签名"
        assert "不要以这个文件为准" in page.view.next_step.text()

    def test_dropped_it_is_checked(self, page: VerifyPage, qtbot: QtBot, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(b"no PDF at all")
        dragged = QMimeData()
        dragged.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf"))])
        none = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        page.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, dragged, *none))
        assert self.said(page, qtbot)[0] == "已改动或无签名"

    def test_a_protected_file_asks_for_its_password(
        self, page: VerifyPage, papers: Papers, qtbot: QtBot, tmp_path: Path
    ) -> None:
        from app.documents.issuing import protected_copy

        with papers.vault.write("导出") as session:
            issued = store.paper(session, papers.letter).issued
            content = protected_copy(papers.vault, session, papers.signing, issued, FILE_PASSWORD, HOSPITAL)
        (tmp_path / "a.pdf").write_bytes(content)
        page.check(tmp_path / "a.pdf")
        assert self.said(page, qtbot)[0] == "需要文件口令"
        field, go = named(page, "文件口令", QLineEdit), named(page, "用这个口令核验")
        field.setText("another one")
        qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "不对" in page.view.sentence.text(), timeout=10_000)
        field.setText(FILE_PASSWORD)
        qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page.view.colour.text() == "未改动且本机签发", timeout=10_000)
        assert not field.isVisible()
        assert field.text() == ""

    def test_a_file_that_cannot_be_read_is_said(
        self, page: VerifyPage, around: Around, qtbot: QtBot, tmp_path: Path
    ) -> None:
        page.check(tmp_path / "gone.pdf")
        qtbot.waitUntil(lambda: bool(around.notice.told), timeout=10_000)
        assert "读不出来" in around.notice.told[0].sentence
        assert not page.result.isVisible()

    def test_nothing_of_it_is_stored(self, page: VerifyPage, papers: Papers, qtbot: QtBot, tmp_path: Path) -> None:
        with papers.vault.read() as session:
            before = papers.vault.head(session)
        (tmp_path / "a.pdf").write_bytes(papers.pdf(papers.letter))
        page.check(tmp_path / "a.pdf")
        self.said(page, qtbot)
        page.leave()
        assert page._pdf == b""
        with papers.vault.read() as session:
            assert papers.vault.head(session) == before


def test_the_printed_words_are_the_letters(papers: Papers) -> None:
    """What is issued here is a real letter: other programs read its number in it."""
    assert shutil.which("pdftotext")
    assert all("心转〔2026〕第001号" in "".join(page.split()) for page in words_of(papers.pdf(papers.letter)))
