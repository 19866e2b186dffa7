"""Printing: the dialog's choice, the log before the first byte, and what a real queue of CUPS makes of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.documents.paper import draw
from app.errors import Problem
from app.ui.preview import Sheet
from app.ui.printing import PrintDialog, Printer
from app.ui.spool import NoPrinter, NotPrinted, Order, SpoolJob, arguments, render
from app.vault.outgoing import ForWhom
from tests.cups import PrintQueue, print_queue
from tests.documents.reading import pages_of
from tests.documents.sample import FOOT, SAMPLE
from tests.ui.fake_notice import FakeNotice
from tests.ui.forwhom import HOSPITAL, fill
from tests.ui.widths import too_wide

__all__ = ["print_queue"]
NUMBER = "心转〔2026〕第003号"
SHEETS = [Sheet("第一联 交接诊机构", 1, 2), Sheet("第二联 回执", 3, 3), Sheet("第三联 存根", 4, 6)]
ALIKE = 6.0
"""Mean difference of grey (0–255) up to which two pictures are the same page: ghostscript draws letters a little bolder."""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return draw(SAMPLE, FOOT).pdf


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


class Room:
    """A window with a printer, and what was logged."""

    def __init__(self, window: QWidget) -> None:
        self.notice = FakeNotice()
        self.printer = Printer(window, self.notice)
        self.window = window
        self.logged: list[ForWhom] = []

    def log(self, answer: ForWhom) -> None:
        self.logged.append(answer)

    def ask(self, pdf: bytes, qtbot: QtBot) -> PrintDialog:
        self.printer.print(pdf, NUMBER, SHEETS, self.log)
        dialog = self.window.findChild(PrintDialog)
        assert dialog.accessibleName() == "打印"
        qtbot.waitUntil(lambda: not dialog.printer.currentText().startswith("正在"), timeout=10_000)
        return dialog


@pytest.fixture
def room(window: QWidget) -> Iterator[Room]:
    made = Room(window)
    yield made
    made.printer.close_all()


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of two pictures of a page."""
    same_size = other.resize(one.size)
    return float(ImageStat.Stat(ImageChops.difference(one, same_size)).mean[0])


def same_pages(printed: bytes, pdf: bytes, pages: list[int], alike: float = ALIKE) -> None:
    """The printed pages are these pages of the document, in this order; no other page would do."""
    came, wanted = pages_of(printed), pages_of(pdf)
    assert len(came) == len(pages)
    for picture, number in zip(came, pages, strict=True):
        apart = [difference(picture, page) for page in wanted]
        assert apart[number - 1] < alike
        assert min(apart) == apart[number - 1]


class TestTheQueue:
    """Through the window to a real print queue."""

    def test_the_chosen_sheets_come_out_in_order_as_often_as_asked(
        self, room: Room, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        before = len(print_queue.papers())
        dialog = room.ask(pdf, qtbot)
        dialog.printer.setCurrentText(print_queue.name)
        assert dialog.printer.currentText() == print_queue.name
        dialog.boxes[1].setChecked(False)
        dialog.copies.setValue(2)
        assert dialog.sum.text() == "共用纸 10 张"
        fill(dialog)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: room.notice.toasts == ["已交给打印机。"], timeout=10_000)
        assert room.logged == [HOSPITAL]
        papers = print_queue.wait_for(before + 1)
        same_pages(papers[-1].read_bytes(), pdf, [1, 2, 4, 5, 6] * 2)

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root reads the scheduler's files")
    def test_the_queue_shows_the_number_and_no_name(
        self, room: Room, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        before = len(print_queue.papers())
        dialog = room.ask(pdf, qtbot)
        dialog.printer.setCurrentText(print_queue.name)
        fill(dialog)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(room.notice.toasts), timeout=10_000)
        print_queue.wait_for(before + 1)
        # The scheduler writes its files only every half minute.
        qtbot.waitUntil(lambda: NUMBER.encode() in print_queue.told_of_jobs(), timeout=60_000)
        assert "程辰".encode() not in print_queue.told_of_jobs()

    @pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
    def test_the_bytes_go_by_no_file(self, pdf: bytes, print_queue: PrintQueue, tmp_path: Path) -> None:
        before, trace = len(print_queue.papers()), tmp_path / "trace"
        order = Order(print_queue.name, (Sheet("", 1, 6),))
        watched = ["strace", "-f", "-qq", "-e", "trace=openat,open,creat", "-o", trace, "lp", *arguments(NUMBER, order)]
        subprocess.run(watched, input=pdf, check=True, capture_output=True)
        assert [line for line in trace.read_text().splitlines() if "O_CREAT" in line or "creat(" in line] == []
        print_queue.wait_for(before + 1)

    def test_a_queue_that_is_gone_refuses(self, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot) -> None:
        job = SpoolJob(None)
        with qtbot.waitSignal(job.refused, timeout=10_000) as refused:
            job.start(pdf, NUMBER, Order("no-such-queue", (Sheet("", 1, 1),)))
        assert isinstance(refused.args[0], NotPrinted)


class TestTheDialog:
    """What can be chosen, and what happens when it is not."""

    def test_nothing_ticked_cannot_be_printed(
        self, room: Room, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        dialog = room.ask(pdf, qtbot)
        assert [box.accessibleName() for box in dialog.boxes] == [f"打印{sheet.name}" for sheet in SHEETS]
        assert dialog.go.isEnabled()
        for box in dialog.boxes:
            box.setChecked(False)
        assert not dialog.go.isEnabled()
        dialog.boxes[2].setChecked(True)
        assert dialog.go.isEnabled()
        dialog.sides.setCurrentIndex(1)
        assert dialog.sum.text() == "共用纸 2 张"

    def test_cancelled_it_is_not_logged(self, room: Room, pdf: bytes, qtbot: QtBot) -> None:
        room.ask(pdf, qtbot).reject()
        assert room.logged == []
        assert room.notice.toasts == []

    def test_what_cannot_be_logged_is_not_printed(
        self, room: Room, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        def busy(_answer: ForWhom) -> None:
            raise Problem("另一项保存正在进行。")

        before = len(print_queue.papers())
        dialog = room.ask(pdf, qtbot)
        room.printer.print(pdf, NUMBER, SHEETS, busy)
        dialog = room.window.findChildren(PrintDialog)[-1]
        qtbot.waitUntil(lambda: dialog.printer.isEnabled(), timeout=10_000)
        fill(dialog)
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert [told.sentence for told in room.notice.told] == ["另一项保存正在进行。"]
        assert room.printer.findChildren(SpoolJob) == []
        assert len(print_queue.papers()) == before

    def test_without_a_printer_it_says_what_to_do(
        self, room: Room, pdf: bytes, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        dialog = room.ask(pdf, qtbot)
        assert NoPrinter().sentence in dialog.problem.text()
        assert NoPrinter().next_step in dialog.problem.text()
        assert not dialog.go.isEnabled()

    def test_the_lock_closes_it_and_answers_nothing(self, room: Room, pdf: bytes, qtbot: QtBot) -> None:
        room.ask(pdf, qtbot)
        room.printer.close_all()
        qtbot.waitUntil(lambda: room.window.findChild(PrintDialog) is None)
        assert room.logged == []
        room.printer.close_all()

    def test_without_an_answer_nothing_is_printed(
        self, room: Room, pdf: bytes, print_queue: PrintQueue, qtbot: QtBot
    ) -> None:
        dialog = room.ask(pdf, qtbot)
        dialog.for_whom.to_whom.set_value("接诊医院")
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert dialog.isVisible()
        assert dialog.for_whom.purpose._error.text() == "请写做什么用。"
        assert dialog.for_whom.to_whom._error.isHidden()
        assert too_wide(dialog) == []
        assert room.logged == []
        dialog.for_whom.purpose.set_value("  ")
        qtbot.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
        assert room.logged == []

    def test_paper_that_is_not_written_down_asks_nothing(self, room: Room, pdf: bytes) -> None:
        room.printer.print(pdf, "静室恢复码")
        assert room.window.findChild(PrintDialog).for_whom is None

    def test_a_document_without_sheets_is_one(self, room: Room, pdf: bytes, qtbot: QtBot) -> None:
        room.printer.print(pdf, "会谈记录草稿")
        dialog = room.window.findChild(PrintDialog)
        assert [box.text() for box in dialog.boxes] == ["全部  第 1—6 页"]


class TestWhatLpIsTold:
    """The order, as CUPS reads it."""

    def test_pages_stand_as_ranges_each_once(self) -> None:
        order = Order("q", (SHEETS[2], SHEETS[0], Sheet("again", 5, 5)), copies=3)
        told = arguments(NUMBER, order)
        assert told[:8] == ["-d", "q", "-n", "3", "-P", "1-2,4-6", "-t", NUMBER]
        assert "sides=one-sided" in told
        assert told[-1] == "-"

    def test_two_sided(self) -> None:
        assert "sides=two-sided-long-edge" in arguments(NUMBER, Order("q", (SHEETS[0],), two_sided=True))


def test_painted_pages_are_the_documents(dressed: QApplication, pdf: bytes, tmp_path: Path) -> None:
    """The way on Windows, painted here onto Qt's own PDF printer."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "painted.pdf"))
    assert render(pdf, [1, 2, 4], printer)
    same_pages((tmp_path / "painted.pdf").read_bytes(), pdf, [1, 2, 4], alike=2 * ALIKE)  # a third of a millimetre off
