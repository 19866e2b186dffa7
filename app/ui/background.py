"""Background: work of over 50 ms on a thread of its own, with progress and Cancel; it carries plain values, never a widget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.ui.cards import button, text


class Cancelled(Exception):
    """The job was asked to stop; raised by ``Progress.step`` so that the job's write rolls back."""


class Progress:
    """Handed to a job: it reports how far it is and learns whether to stop. Safe on any thread."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._report = report
        self._stop = threading.Event()
        self._committing = threading.Event()

    def step(self, done: int, of: int) -> None:
        """Say how far the job is; raises Cancelled if it is to stop (unless it is committing)."""
        if self._stop.is_set() and not self._committing.is_set():
            raise Cancelled
        self._report(done, of)

    def commit_begins(self) -> None:
        """From here on the job finishes, whatever happens; raises Cancelled if it was stopped before."""
        if self._stop.is_set():
            raise Cancelled
        self._committing.set()

    def stopped(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        self._stop.set()


class Job(QThread):
    """One piece of work: ``act(progress)`` on a thread of its own. Emits exactly one of done, failed, cancelled."""

    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    progressed = Signal(int, int)

    def __init__(self, act: Callable[[Progress], Any], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act = act
        self.progress = Progress(self._report)

    def run(self) -> None:
        try:
            result = self._act(self.progress)
        except Cancelled:
            self.cancelled.emit()
        except BaseException as error:
            self.failed.emit(error)
        else:
            self.done.emit(result)

    def _report(self, done: int, of: int) -> None:
        self.progressed.emit(done, of)


class Background(QObject):
    """Starts jobs and can stop them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []

    def run(
        self,
        act: Callable[[Progress], Any],
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Start a job; the answers come on the GUI thread. ``on_failed`` gets the exception: re-raise what is no Problem."""
        job = Job(act, self)
        job.done.connect(on_done, Qt.ConnectionType.QueuedConnection)
        job.failed.connect(on_failed, Qt.ConnectionType.QueuedConnection)
        if on_cancelled is not None:
            job.cancelled.connect(on_cancelled, Qt.ConnectionType.QueuedConnection)
        job.finished.connect(self._forget)
        self._jobs.append(job)
        job.start()
        return job

    def stop_all(self) -> None:
        """Cancel every job and wait until each has rolled back, or finished committing."""
        for job in list(self._jobs):
            job.blockSignals(True)
            job.progress.stop()
        for job in list(self._jobs):
            job.wait()
        self._jobs.clear()

    def is_busy(self) -> bool:
        return bool(self._jobs)

    def _forget(self) -> None:
        job = self.sender()
        self._jobs = [kept for kept in self._jobs if kept is not job]
        if job is not None:
            job.deleteLater()


class Working(QDialog):
    """A modal window with progress and Cancel while a job writes; opened, and closed with the job."""

    def __init__(self, parent: QWidget, job: Job, words: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(words)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(380)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.addWidget(text(words, "heading"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        column.addWidget(self._bar)
        line = QHBoxLayout()
        line.addStretch(1)
        self._cancel = button(self.tr("取消"))
        self._cancel.clicked.connect(self._stop)
        line.addWidget(self._cancel)
        column.addLayout(line)
        self._job = job
        job.progressed.connect(self._show)
        job.finished.connect(self.accept)

    def reject(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._job.progress.stop()

    def _show(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
