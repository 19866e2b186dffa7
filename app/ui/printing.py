"""Printing: a choice of sheets, printer and copies; the bytes go to the system's spool and into no file on the way.

Printing through QPrinter on Linux or macOS leaves the page in a temporary file first (tried), so there the PDF itself is handed to
CUPS by standard input. Windows has no CUPS: there the pages are painted from memory into the spool.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.background import Background, Cancelled, Progress
from app.ui.cards import button, text
from app.ui.fields import CheckField
from app.ui.notice import Notice

MOST_COPIES = 99
PAINTED_DPI = 300
"""The fineness of pages painted for Windows; letters are text and lines."""
_LOOK_EVERY = 0.1


class NotPrinted(Problem):
    """The system did not take the job."""

    def __init__(self, reason: str) -> None:
        super().__init__("没有打印成功。", "请检查打印机是否开着、是否还在系统的打印机列表里。{reason}", reason=reason)


@dataclass(frozen=True)
class Sheet:
    """The pages of one sheet, counted from 1, both ends included."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Paper:
    """What is shown, printed and exported. ``title`` is the document's number: the print queue shows it, so never a name."""

    title: str
    pdf: bytes
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Order:
    """What is to be printed and how; ``pages`` are counted from 1."""

    printer: str
    pages: tuple[int, ...]
    copies: int = 1
    two_sided: bool = False


def sheets_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Sheet, ...]:
    """The sheets as an issued document keeps them."""
    return tuple(Sheet(str(one["name"]), int(one["first"]), int(one["last"])) for one in stored)


def send(paper: Paper, order: Order, progress: Progress) -> None:
    """Hand the chosen pages to the system's spool; for a background job. Raises NotPrinted or Cancelled."""
    if sys.platform == "win32":
        paint(paper, order, progress)
    else:
        _hand_to_cups(paper, order, progress)


def _hand_to_cups(paper: Paper, order: Order, progress: Progress) -> None:
    command = ["lp", "-d", order.printer, "-n", str(order.copies), "-t", paper.title]
    command += [
        "-P",
        ",".join(map(str, order.pages)),
        "-o",
        "media=A4",
        "-o",
        "collate=true",
        "-o",
        "print-scaling=none",
    ]
    command += ["-o", "sides=two-sided-long-edge" if order.two_sided else "sides=one-sided", "-"]
    pipe, surroundings = subprocess.PIPE, {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        spool = subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, env=surroundings)
    except FileNotFoundError:
        raise NotPrinted("这台电脑没有打印服务(CUPS)。") from None
    given: bytes | None = paper.pdf
    try:
        while True:
            try:
                _, said = spool.communicate(given, timeout=_LOOK_EVERY)
                break
            except subprocess.TimeoutExpired:
                given = None
                progress.step(0, 0)
    except Cancelled:
        spool.kill()  # a job that was not handed over whole is dropped by the spool
        spool.communicate()
        raise
    if spool.returncode != 0:
        raise NotPrinted(said.decode("utf-8", "replace").strip()[:200])


def paint(paper: Paper, order: Order, progress: Progress) -> None:
    """Paint the chosen pages into the system's spool through QPrinter: the way on Windows."""
    held = QBuffer()
    held.setData(QByteArray(paper.pdf))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    pages = QPdfDocument()
    pages.load(held)
    printer = _printer(paper, order)
    copies = [order.pages] if printer.supportsMultipleCopies() else [order.pages] * order.copies
    numbers = [number - 1 for copy in copies for number in copy]
    pen = QPainter()
    if not pen.begin(printer):
        raise NotPrinted("")
    try:
        for at, number in enumerate(numbers):
            progress.step(at, len(numbers))
            if at:
                printer.newPage()
            points = pages.pagePointSize(number)
            size = QSize(round(points.width() * PAINTED_DPI / 72), round(points.height() * PAINTED_DPI / 72))
            pen.drawImage(pen.viewport(), pages.render(number, size))
    except Cancelled:
        printer.abort()
        raise
    finally:
        pen.end()
        pages.close()


def _printer(paper: Paper, order: Order) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setPrinterName(order.printer)
    printer.setDocName(paper.title)
    printer.setResolution(PAINTED_DPI)
    printer.setFullPage(True)
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    printer.setFullPage(True)
    duplex = QPrinter.DuplexMode.DuplexLongSide if order.two_sided else QPrinter.DuplexMode.DuplexNone
    printer.setDuplex(duplex)
    if printer.supportsMultipleCopies():
        printer.setCopyCount(order.copies)
        printer.setCollateCopies(True)
    return printer


class PrintDialog(QDialog):
    """Which sheets, on which of the system's printers, how many; opened, so that the lock can close it."""

    ordered = Signal(object)  # an Order

    def __init__(self, parent: QWidget, paper: Paper) -> None:
        super().__init__(parent)
        self._paper = paper
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("打印"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(8)
        column.addWidget(text(self.tr("打印 {title}").format(title=paper.title), "heading", wrap=True))
        self.sheets = [self._add_sheet(sheet, column) for sheet in paper.sheets]
        column.addSpacing(6)
        column.addLayout(self._make_choices())
        self.nothing = text(
            self.tr("没有找到打印机。请先在系统设置里添加打印机,再点「重新查找」。"), "warning", wrap=True
        )
        column.addWidget(self.nothing)
        hint = self.tr("打印内容会经过系统的打印队列;队列里只显示文书编号,不显示姓名。")
        column.addWidget(text(hint, "hint", wrap=True))
        column.addSpacing(6)
        column.addLayout(self._make_foot())
        self.find_printers()

    def order(self) -> Order:
        """What is chosen now."""
        chosen = [sheet for sheet, field in zip(self._paper.sheets, self.sheets, strict=True) if field.is_on()]
        pages = tuple(sorted({page for sheet in chosen for page in range(sheet.first, sheet.last + 1)}))
        sided = self.sides.currentData()
        return Order(self.printers.currentText(), pages, self.copies.value(), two_sided=bool(sided))

    def find_printers(self) -> None:
        """Ask the system which printers it knows; the default one is chosen."""
        self.printers.clear()
        names = QPrinterInfo.availablePrinterNames()
        self.printers.addItems(names)
        self.printers.setCurrentText(QPrinterInfo.defaultPrinterName() or (names[0] if names else ""))
        self.nothing.setVisible(not names)
        self._look()

    def _add_sheet(self, sheet: Sheet, column: QVBoxLayout) -> CheckField:
        pages = self.tr("第 {first} 页") if sheet.first == sheet.last else self.tr("第 {first}–{last} 页")
        field = CheckField(f"{sheet.name}({pages.format(first=sheet.first, last=sheet.last)})")
        field.set_on(True)
        field.changed.connect(self._look)
        column.addWidget(field)
        return field

    def _make_choices(self) -> QFormLayout:
        self.printers = QComboBox()
        self.printers.setAccessibleName(self.tr("打印机"))
        self.copies = QSpinBox()
        self.copies.setRange(1, MOST_COPIES)
        self.copies.setAccessibleName(self.tr("份数"))
        self.sides = QComboBox()
        self.sides.setAccessibleName(self.tr("单双面"))
        self.sides.addItem(self.tr("单面"), False)
        self.sides.addItem(self.tr("双面(长边翻转)"), True)
        again = button(self.tr("重新查找"), quiet=True)
        again.clicked.connect(self.find_printers)
        line = QHBoxLayout()
        line.addWidget(self.printers, 1)
        line.addWidget(again)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.addRow(text(self.tr("打印机"), "label"), line)
        form.addRow(text(self.tr("份数"), "label"), self.copies)
        form.addRow(text(self.tr("单双面"), "label"), self.sides)
        return form

    def _make_foot(self) -> QHBoxLayout:
        cancel = button(self.tr("取消"))
        self.print_button = button(self.tr("打印"), primary=True, name=self.tr("送往打印机"))
        self.print_button.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.print_button.clicked.connect(self._give)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self.print_button)
        return line

    def _look(self) -> None:
        order = self.order()
        self.print_button.setEnabled(bool(order.printer and order.pages))

    def _give(self) -> None:
        order = self.order()
        self.accept()
        self.ordered.emit(order)


class Printing(QObject):
    """Offers the dialog, has the print recorded, and sends the pages in the background."""

    sent = Signal(str)  # the title

    def __init__(self, window: QWidget, notice: Notice, background: Background) -> None:
        super().__init__(window)
        self._window, self._notice, self._background = window, notice, background
        self._paper: Paper | None = None
        self._record: Callable[[], None] | None = None

    def offer(self, paper: Paper, record: Callable[[], None] | None) -> None:
        """Ask what is to be printed. ``record`` writes the trail row, just before the pages are handed over; a print that
        then fails stands in the trail rather than one that is not in it. None: nothing of the vault is printed."""
        self._paper, self._record = paper, record
        dialog = PrintDialog(self._window, paper)
        dialog.ordered.connect(self._print)
        dialog.open()

    def _print(self, order: Order) -> None:
        paper, record = self._paper, self._record
        self._paper = self._record = None
        if paper is None:
            return
        try:
            if record is not None:
                record()
        except Problem as problem:
            self._notice.tell(problem)
            return

        def work(progress: Progress) -> str:
            send(paper, order, progress)
            return paper.title

        self._background.run(work, self._done, self._failed)

    def _done(self, title: str) -> None:
        self._notice.toast(self.tr("{title} 已送往打印机").format(title=title))
        self.sent.emit(title)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)
