"""The system's spool: its printers and one job into it. The bytes go by a pipe or are painted, and into no file of ours or Qt's."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QProcess, QProcessEnvironment, QRect, Signal
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from app.errors import Problem
from app.ui.preview import Sheet

WINDOWS = sys.platform == "win32"
_RENDER_DPI = 300


class NoPrinter(Problem):
    """The system knows no printer."""

    def __init__(self) -> None:
        super().__init__(
            "这台电脑没有可用的打印机。", "请在系统设置里添加打印机并打开它的电源，再点「打印」。文书还在这里。"
        )


class NotPrinted(Problem):
    """The system's spool did not take the job."""

    def __init__(self) -> None:
        super().__init__("系统没有接收这次打印。", "请检查打印机是否开着、有没有被暂停，然后再打印一次。")


@dataclass(frozen=True)
class Order:
    """What is to be printed, where and how."""

    printer: str
    sheets: tuple[Sheet, ...]
    copies: int = 1
    two_sided: bool = False

    def pages(self) -> list[int]:
        """The pages, counted from 1, each once, in the document's order."""
        return sorted({page for sheet in self.sheets for page in range(sheet.first, sheet.last + 1)})


class Queues(QObject):
    """Asks the system for its printers without holding up the window: over a network that can take seconds."""

    found = Signal(list, str)
    """The printers' names, and the usual one's, or nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    def ask(self) -> None:
        """``found`` answers, soon."""
        self.stop()
        if WINDOWS:
            self.found.emit(QPrinterInfo.availablePrinterNames(), QPrinterInfo.defaultPrinterName())
            return
        program = shutil.which("lpstat")
        if program is None:
            self.found.emit([], "")
            return
        self._process = _process(self)
        self._process.finished.connect(self._read)
        self._process.start(program, ["-e", "-d"])

    def stop(self) -> None:
        _end(self._process)
        self._process = None

    def _read(self) -> None:
        if self._process is None:
            return
        lines = bytes(self._process.readAllStandardOutput().data()).decode("utf-8", "replace").splitlines()
        names = [line for line in lines if line and " " not in line and ":" not in line]
        usual = next((line.rpartition(": ")[2] for line in lines if ": " in line), "")
        self.found.emit(names, usual if usual in names else "")


class SpoolJob(QObject):
    """One job on its way to the system's spool."""

    taken = Signal()
    refused = Signal(object)
    """A Problem."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None

    def start(self, pdf: bytes, title: str, order: Order) -> None:
        """Hand the bytes over; ``taken`` or ``refused`` follows."""
        if WINDOWS:
            self._start_rendered(pdf, title, order)
            return
        program = shutil.which("lp")
        if program is None:
            self.refused.emit(NoPrinter())
            return
        self._process = _process(self)
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)
        self._process.start(program, arguments(title, order))
        self._process.write(QByteArray(pdf))
        self._process.closeWriteChannel()

    def stop(self) -> None:
        """Give it up; what the spool has already is the system's."""
        _end(self._process)
        self._process = None

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            self.taken.emit()
        else:
            self.refused.emit(NotPrinted())
        self.deleteLater()

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.refused.emit(NotPrinted())

    def _start_rendered(self, pdf: bytes, title: str, order: Order) -> None:
        printer = QPrinter(QPrinterInfo.printerInfo(order.printer), QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        printer.setCopyCount(order.copies)
        printer.setCollateCopies(True)
        if order.two_sided:
            printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
        if render(pdf, order.pages(), printer):
            self.taken.emit()
        else:
            self.refused.emit(NotPrinted())


def arguments(title: str, order: Order) -> list[str]:
    """What ``lp`` is told; nothing is scaled, copies come one whole after the other."""
    pages = ",".join(_ranges(order.pages()))
    sides = "two-sided-long-edge" if order.two_sided else "one-sided"
    options = ["media=A4", f"sides={sides}", "print-scaling=none", "collate=true"]
    told = ["-d", order.printer, "-n", str(order.copies), "-P", pages, "-t", title]
    return [*told, *(part for option in options for part in ("-o", option)), "--", "-"]


def render(pdf: bytes, pages: Sequence[int], printer: QPrinter) -> bool:
    """Paint pages of a PDF in full size: where the system takes no PDF (Windows). Gives whether the system took it."""
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    held, document, painter = QBuffer(), QPdfDocument(), QPainter()
    held.setData(QByteArray(pdf))
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(held)
    if not painter.begin(printer):
        return False
    for at, page in enumerate(pages):
        if at and not printer.newPage():
            return False
        fine = document.pagePointSize(page - 1) * (_RENDER_DPI / 72)
        onto = document.pagePointSize(page - 1) * (printer.resolution() / 72)
        painter.drawImage(QRect(QPoint(), onto.toSize()), document.render(page - 1, fine.toSize()))
    return painter.end()


def _ranges(pages: Sequence[int]) -> list[str]:
    """1, 2, 3, 7 → 1-3 and 7."""
    ranges: list[tuple[int, int]] = []
    for page in pages:
        if ranges and ranges[-1][1] == page - 1:
            ranges[-1] = (ranges[-1][0], page)
        else:
            ranges.append((page, page))
    return [str(first) if first == last else f"{first}-{last}" for first, last in ranges]


def _process(parent: QObject) -> QProcess:
    """A process of the printing system, its words in one language, so that they can be read."""
    process = QProcess(parent)
    environment = QProcessEnvironment.systemEnvironment()
    for name in ("LC_ALL", "LANG"):
        environment.insert(name, "C.UTF-8")
    process.setProcessEnvironment(environment)
    return process


def _end(process: QProcess | None) -> None:
    if process is not None and process.state() is not QProcess.ProcessState.NotRunning:
        process.blockSignals(True)
        process.kill()
        process.waitForFinished(1000)
