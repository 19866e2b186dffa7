"""Printing: for whom, which sheets, how many, on which printer; logged before a byte leaves, and written to no file on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.errors import Problem
from app.ui.cards import button, hairline, text
from app.ui.forwhom import ForWhomFields
from app.ui.language import told
from app.ui.notice import Notice
from app.ui.preview import Sheet, page_count
from app.ui.spool import NoPrinter, Order, Queues, SpoolJob
from app.vault.outgoing import ForWhom
from app.vault.vault import Vault

MOST_COPIES = 99
_WIDTH = 460

Log = Callable[[ForWhom], None]
"""Writes down the print or export before a byte leaves; may raise a Problem, and then nothing leaves."""


class Printer(QObject):
    """Asks, logs, prints. One at a time; the lock calls ``close_all``."""

    def __init__(self, window: QWidget, notice: Notice, vault: Vault | None = None) -> None:
        """``vault`` offers earlier answers to whom and why."""
        super().__init__(window)
        self._window, self._notice, self._vault = window, notice, vault
        self._dialog: PrintDialog | None = None
        self._queues = Queues(self)
        self._log: Log | None = None

    def print(self, pdf: bytes, title: str, sheets: Sequence[Sheet] = (), log: Log | None = None) -> None:
        """Ask for whom and why, for sheets, printer and copies, then print. ``title`` is the job's name: the document's
        number, never a student's name.

        Without ``sheets`` the document is one sheet. ``log`` is called with her answer once she has chosen and before a byte
        leaves. It is None for paper about nobody alone (the recovery code): nothing is asked and nothing written down.
        """
        self._close_dialog()
        self._log = log
        for_whom = ForWhomFields(self._vault) if log is not None else None
        self._dialog = PrintDialog(self._window, self._queues, pdf, title, sheets, for_whom)
        self._dialog.ordered.connect(self._print)
        self._dialog.open()

    def close_all(self) -> None:
        """Close the dialog and give up jobs whose bytes are still on their way, answering nothing: the lock does this."""
        self._close_dialog()
        self._queues.stop()
        for job in self.findChildren(SpoolJob):
            job.stop()

    def _close_dialog(self) -> None:
        self._log = None
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.close()
        self._dialog = None

    def _print(self, order: Order) -> None:
        dialog, log = self._dialog, self._log
        if dialog is None:
            return
        try:
            if log is not None and dialog.answer is not None:
                log(dialog.answer)
        except Problem as problem:
            self._notice.tell(problem)
            return
        job = SpoolJob(self)
        job.taken.connect(self._taken)
        job.refused.connect(self._notice.tell)
        job.start(dialog.pdf, dialog.title, order)

    def _taken(self) -> None:
        self._notice.toast(self.tr("已交给打印机。"))


class PrintDialog(QDialog):
    """For whom, printer, sheets, copies. Opened, never executed, so that the lock can close it."""

    ordered = Signal(object)
    """An Order."""

    def __init__(
        self,
        parent: QWidget,
        queues: Queues,
        pdf: bytes,
        title: str,
        sheets: Sequence[Sheet],
        for_whom: ForWhomFields | None,
    ) -> None:
        super().__init__(parent)
        self.pdf, self.title, self._queues, self.for_whom = pdf, title, queues, for_whom
        self.answer: ForWhom | None = None
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("打印"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._sheets = list(sheets) or [Sheet(self.tr("全部"), 1, page_count(pdf))]
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(self.tr("打印 {title}").format(title=title), "heading", wrap=True))
        if for_whom is not None:
            column.addWidget(for_whom)
        column.addWidget(text(self.tr("打印机"), "label"))
        column.addLayout(self._make_printers())
        self.problem = text("", "error", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addWidget(text(self.tr("打印哪几联"), "label"))
        self.boxes = [self._box(sheet) for sheet in self._sheets]
        for box in self.boxes:
            column.addWidget(box)
        column.addLayout(self._make_amount())
        column.addWidget(hairline())
        outside = self.tr("文件会经过系统的打印队列，队列里显示编号，不显示姓名。打完请马上取走。")
        column.addWidget(text(outside, "hint", wrap=True))
        column.addLayout(self._buttons())
        queues.found.connect(self.show_printers)
        self._fit()
        self._find()

    def show_printers(self, names: list[str], usual: str) -> None:
        """The printers to choose from; where there are none, what to do."""
        self.printer.clear()
        self.printer.addItems(names)
        self.printer.setEnabled(bool(names))
        if usual:
            self.printer.setCurrentText(usual)
        if not names:
            none = NoPrinter()
            self.problem.setText(told(none))
            self.problem.show()
        self._fit()
        self._count()

    def _make_printers(self) -> QHBoxLayout:
        self.printer = QComboBox()
        self.printer.setAccessibleName(self.tr("打印机"))
        again = button(self.tr("重新查找"), quiet=True, name=self.tr("重新查找打印机"))
        again.clicked.connect(self._find)
        line = QHBoxLayout()
        line.addWidget(self.printer, 1)
        line.addWidget(again)
        return line

    def _make_amount(self) -> QHBoxLayout:
        self.copies = QSpinBox()
        self.copies.setRange(1, MOST_COPIES)
        self.copies.setAccessibleName(self.tr("份数"))
        self.copies.setFixedWidth(96)
        self.sides = QComboBox()
        self.sides.setAccessibleName(self.tr("单双面"))
        self.sides.addItem(self.tr("单面"), False)
        self.sides.addItem(self.tr("双面"), True)
        self.sum = text("", "hint")
        self.copies.valueChanged.connect(self._count)
        self.sides.currentIndexChanged.connect(self._count)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(text(self.tr("份数"), "label"))
        line.addWidget(self.copies)
        line.addWidget(self.sides)
        line.addWidget(self.sum, 1)
        return line

    def _fit(self) -> None:
        """As high as its words need at its width: a dialog does not grow by itself with a label that wraps."""
        layout = self.layout()
        if layout is not None:
            self.setFixedHeight(layout.heightForWidth(_WIDTH))

    def _find(self) -> None:
        self.printer.clear()
        self.printer.addItem(self.tr("正在找打印机……"))
        self.printer.setEnabled(False)
        self.problem.hide()
        self._count()
        self._queues.ask()

    def _box(self, sheet: Sheet) -> QCheckBox:
        where = self.tr("第 {page} 页") if sheet.first == sheet.last else self.tr("第 {page}—{last} 页")
        box = QCheckBox(f"{sheet.name}  {where.format(page=sheet.first, last=sheet.last)}")
        box.setAccessibleName(self.tr("打印{sheet}").format(sheet=sheet.name))
        box.setChecked(True)
        box.toggled.connect(self._count)
        return box

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addStretch(1)
        cancel, self.go = button(self.tr("取消")), button(self.tr("打印"), primary=True, name=self.tr("开始打印"))
        cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._choose)
        self.go.setDefault(True)
        line.addWidget(cancel)
        line.addWidget(self.go)
        return line

    def _order(self) -> Order:
        ticked = tuple(sheet for sheet, box in zip(self._sheets, self.boxes, strict=True) if box.isChecked())
        return Order(self.printer.currentText(), ticked, self.copies.value(), bool(self.sides.currentData()))

    def _count(self) -> None:
        """Say how much paper it takes, and offer to print only what can be printed."""
        order = self._order()
        pages = len(order.pages())
        papers = ((pages + 1) // 2 if order.two_sided else pages) * order.copies
        self.sum.setText(self.tr("共用纸 {papers} 张").format(papers=papers))
        self.go.setEnabled(pages > 0 and self.printer.isEnabled())

    def _choose(self) -> None:
        if self.for_whom is not None:
            self.answer = self.for_whom.answer()
            if self.answer is None:
                self._fit()
                return
        self.ordered.emit(self._order())
        self.accept()
