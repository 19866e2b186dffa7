"""Paper on screen: from memory, by pages and sheets, kept where it was, let go of at the lock."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.documents.paper import draw
from app.rooms.students.record import Student
from app.ui.attached import FileView
from app.ui.preview import PaperView, Sheet, page_count
from app.vault import attachments
from app.vault.vault import Vault
from tests.documents.sample import FOOT, SAMPLE
from tests.ui.fake_notice import FakeNotice

SHEETS = [Sheet("第一联", 1, 2), Sheet("第二联", 3, 3), Sheet("第三联", 4, 6)]


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return draw(SAMPLE, FOOT).pdf


@pytest.fixture
def view(dressed: QApplication, qtbot: QtBot) -> PaperView:
    made = PaperView("转介函预览")
    qtbot.addWidget(made)
    made.resize(640, 700)
    made.show()
    return made


def ink(view: PaperView) -> int:
    """Dark pixels in the view."""
    picture = view.pages.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return sum(
        picture.pixelColor(x, y).lightness() < 90
        for x in range(0, picture.width(), 3)
        for y in range(0, picture.height(), 3)
    )


def chip(view: PaperView, name: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.accessibleName() == name and one.isVisible())


def test_the_pages_are_drawn(view: PaperView, pdf: bytes, qtbot: QtBot) -> None:
    view.show_pdf(pdf, SHEETS)
    assert view.page_count() == 6
    qtbot.waitUntil(lambda: ink(view) > 300, timeout=10_000)
    assert view.place.text() == "第 1 页，共 6 页"
    assert view.pages.accessibleName() == "转介函预览"


def test_a_sheet_pressed_goes_to_its_first_page(view: PaperView, pdf: bytes, qtbot: QtBot) -> None:
    view.show_pdf(pdf, SHEETS)
    qtbot.mouseClick(chip(view, "看第三联"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.place.text() == "第 4 页，共 6 页")
    assert chip(view, "看第三联").isChecked()
    assert not chip(view, "看第一联").isChecked()


def test_page_keys_go_by_pages(view: PaperView, pdf: bytes, qtbot: QtBot) -> None:
    view.show_pdf(pdf, SHEETS)
    for key, page in (
        (Qt.Key.Key_PageDown, 2),
        (Qt.Key.Key_PageDown, 3),
        (Qt.Key.Key_PageUp, 2),
        (Qt.Key.Key_End, 6),
        (Qt.Key.Key_PageDown, 6),
        (Qt.Key.Key_Home, 1),
        (Qt.Key.Key_PageUp, 1),
    ):
        qtbot.keyClick(view.pages, key)
        assert view.place.text() == f"第 {page} 页，共 6 页"


def test_shown_again_it_stays_where_it_was(view: PaperView, pdf: bytes, qtbot: QtBot) -> None:
    view.show_pdf(pdf, SHEETS)
    bar = view.pages.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1500)
    bar.setValue(1400)
    view.show_pdf(pdf, SHEETS)
    assert bar.value() == 1400
    qtbot.wait(50)
    assert bar.value() == 1400


def test_released_it_keeps_nothing(view: PaperView, pdf: bytes) -> None:
    view.show_pdf(pdf, SHEETS)
    view.release()
    assert view.page_count() == 0
    assert view.pages.document().pageCount() == 0
    assert not view.pages.isVisible()
    view.release()  # twice is nothing


def test_another_document_starts_at_its_first_page(view: PaperView, pdf: bytes, qtbot: QtBot) -> None:
    view.show_pdf(pdf, SHEETS)
    view.go_to(5)
    view.release()
    view.show_pdf(pdf, SHEETS)
    assert view.place.text() == "第 1 页，共 6 页"


@pytest.mark.parametrize("broken", [b"", b"no PDF", b"%PDF-1.4\n1 0 obj\n"])
def test_what_cannot_be_shown_is_said_in_its_place(view: PaperView, pdf: bytes, broken: bytes) -> None:
    view.show_pdf(pdf, SHEETS)
    view.show_pdf(broken)
    assert "打不开" in view.words.text()
    assert view.words.isVisible()
    assert not view.pages.isVisible()
    assert page_count(broken) == 0


def test_a_file_with_a_password_says_so(view: PaperView, pdf: bytes) -> None:
    from app.documents.pades import encrypt

    view.show_pdf(encrypt(pdf, "给医院的口令 8"))
    assert "加了口令" in view.words.text()


def test_an_attached_pdf_is_shown_in_it(vault: Vault, dressed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    owner = Student(student_no="1", name="程辰", grade=9, class_no=2)
    with vault.write("试") as session:
        session.add(owner)
        session.flush()
        attachments.add(session, owner, "旧档案.pdf", pdf)
        attachments.add(session, owner, "坏.pdf", b"%PDF-1.4 broken")
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    for name, pages in (("旧档案.pdf", 6), ("坏.pdf", 0)):
        with vault.read() as session:
            (kept,) = [one for one in attachments.of(session, owner) if one.name == name]
            content = attachments.content(session, kept.id)
        dialog = FileView(window, vault, FakeNotice(), kept, content)
        dialog.open()
        assert dialog.findChild(PaperView).page_count() == pages
        assert dialog.findChild(PaperView).pages.accessibleName() == name
        dialog.reject()
