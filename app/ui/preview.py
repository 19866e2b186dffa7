"""PaperView: a PDF on screen straight from memory, with its sheets by name; no file is made of it, and a lock lets go of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMargins, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.flow import FlowLayout
from app.ui.language import told

_ROOM = 24
"""Pixels of ground around the pages."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a document: its name, its first and its last page, counted from 1."""

    name: str
    first: int
    last: int


class _Paper(QPdfDocument):
    """A PDF read from memory; the same document is loaded anew for the next one, so that no view is left with an old one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._held: QBuffer | None = None

    def read(self, pdf: bytes) -> QPdfDocument.Error:
        """Read these bytes instead; what went wrong, or Error.None_."""
        before, self._held = self._held, QBuffer(self)
        self._held.setData(QByteArray(pdf))
        self._held.open(QIODevice.OpenModeFlag.ReadOnly)
        self.load(self._held)
        _drop(before)
        return self.error()

    def forget(self) -> None:
        """Let go of every byte."""
        self.close()
        _drop(self._held)
        self._held = None


def _drop(held: QBuffer | None) -> None:
    if held is not None:
        held.close()
        held.setData(QByteArray())
        held.deleteLater()


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has; 0 where it cannot be opened."""
    owner = QObject()
    paper = _Paper(owner)
    paper.read(pdf)
    pages = paper.pageCount()
    paper.forget()
    return pages


class _Pages(QPdfView):
    """The pages under each other, as wide as the view; Page Up and Page Down go by pages, Home and End to the ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.setDocumentMargins(QMargins(_ROOM, _ROOM, _ROOM, _ROOM))
        self.setPageSpacing(_ROOM // 2)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, last = self.pageNavigator().currentPage(), self.document().pageCount() - 1
        goals = {
            Qt.Key.Key_PageUp: page - 1,
            Qt.Key.Key_PageDown: page + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        goal = goals.get(Qt.Key(event.key()))
        if goal is None or last < 0:
            super().keyPressEvent(event)
        else:
            self.pageNavigator().jump(max(0, min(goal, last)), QPointF())


class PaperView(QFrame):
    """Shows one document. Its sheets stand above it as chips; one pressed goes to the sheet's first page."""

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self.setObjectName("well")
        self._sheets: list[Sheet] = []
        self._chips: list[QPushButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._head = QWidget()
        line = QHBoxLayout(self._head)
        line.setContentsMargins(14, 8, 14, 8)
        line.setSpacing(8)
        names = QWidget()
        self._names = FlowLayout(6, names)
        line.addWidget(names, 1)
        self.place = text("", "hint")
        line.addWidget(self.place)
        column.addWidget(self._head)
        self.pages = _Pages()
        self.pages.setAccessibleName(name or self.tr("文书预览"))
        column.addWidget(self.pages, 1)
        # Made after the view and so deleted after it: a view half gone is still told when its document closes, and crashes (tried).
        self._paper = _Paper(self)
        self.pages.setDocument(self._paper)
        self.words = text("", "secondary", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.words, 1)
        self.setFocusProxy(self.pages)
        self.pages.pageNavigator().currentPageChanged.connect(self._show_place)
        self.say(self.tr("这里会显示文书。"))

    def show_pdf(self, pdf: bytes, sheets: list[Sheet] | None = None) -> None:
        """Show this PDF; shown again after a change, the view stays where it was. What cannot be shown is said in its place."""
        kept = self.pages.verticalScrollBar().value()
        error = self._paper.read(pdf)
        if error is not QPdfDocument.Error.None_:
            self.release()
            why = _why_not(error)
            self.say(told(why))
            return
        self._name_sheets(sheets or [])
        self.words.hide()
        self.pages.show()
        self._head.show()
        self.pages.verticalScrollBar().setValue(kept)
        self._show_place(self.pages.pageNavigator().currentPage())

    def say(self, words: str) -> None:
        """Words in the place of the paper: what will be here, or why nothing is."""
        self.words.setText(words)
        self.words.show()
        self.pages.hide()
        self._head.hide()

    def release(self) -> None:
        """Let go of the document: at the lock, and when the page is left."""
        self._paper.forget()
        self._name_sheets([])
        self.say("")

    def page_count(self) -> int:
        """How many pages are shown."""
        return self._paper.pageCount()

    def go_to(self, page: int) -> None:
        """Bring a page, counted from 1, to the top."""
        self.pages.pageNavigator().jump(page - 1, QPointF())

    def _name_sheets(self, sheets: list[Sheet]) -> None:
        if sheets == self._sheets:
            return
        self._sheets = sheets
        for chip in self._chips:
            self._names.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for sheet in sheets if len(sheets) > 1 else []:
            chip = button(sheet.name, name=self.tr("看{sheet}").format(sheet=sheet.name))
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.clicked.connect(self._go)
            self._names.addWidget(chip)
            self._chips.append(chip)

    def _go(self) -> None:
        chip = self.sender()
        for sheet, other in zip(self._sheets, self._chips, strict=True):
            if other is chip:
                self.go_to(sheet.first)
        self._show_place(self.pages.pageNavigator().currentPage())

    def _show_place(self, page: int) -> None:
        self.place.setText(self.tr("第 {page} 页，共 {of} 页").format(page=page + 1, of=self.page_count()))
        for sheet, chip in zip(self._sheets, self._chips, strict=False):
            chip.setChecked(sheet.first <= page + 1 <= sheet.last)


def _why_not(error: QPdfDocument.Error) -> Problem:
    if error in (QPdfDocument.Error.IncorrectPassword, QPdfDocument.Error.UnsupportedSecurityScheme):
        return Problem("这个 PDF 加了口令，这里打不开。", "可以另存副本，用别的程序输入口令查看。")
    return Problem("这个 PDF 打不开：文件不完整或已损坏。", "可以另存副本，用别的程序试着打开。")
