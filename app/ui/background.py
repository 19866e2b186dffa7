"""Background: work of over 50 ms on a thread of its own, with progress and Cancel; it carries plain values, never a widget."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal
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


@dataclass(frozen=True)
class _Answers:
    """Whom a job's end is told to."""

    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    cancelled: Callable[[], None] | None


class Background(QObject):
    """Starts jobs and can stop them all."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[Job, _Answers] = {}

    def run(
        self,
        act: Callable[[Progress], Any],
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
        on_cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Start a job; the answers come on the GUI thread. ``on_failed`` gets the exception: re-raise what is no Problem."""
        job = Job(act, self)
        self._jobs[job] = _Answers(on_done, on_failed, on_cancelled)
        job.done.connect(self._tell_done, Qt.ConnectionType.QueuedConnection)
        job.failed.connect(self._tell_failed, Qt.ConnectionType.QueuedConnection)
        job.cancelled.connect(self._tell_cancelled, Qt.ConnectionType.QueuedConnection)
        job.start()
        return job

    def stop_all(self) -> None:
        """Cancel every job and wait until each has rolled back, or finished committing. None of them answers any more."""
        jobs = list(self._jobs)
        self._jobs.clear()
        for job in jobs:
            job.progress.stop()
        for job in jobs:
            job.wait()
            job.deleteLater()

    def is_busy(self) -> bool:
        return bool(self._jobs)

    def _tell_done(self, result: object) -> None:
        if (answers := self._ended()) is not None:
            answers.done(result)

    def _tell_failed(self, error: Exception) -> None:
        if (answers := self._ended()) is not None:
            answers.failed(error)

    def _tell_cancelled(self) -> None:
        if (answers := self._ended()) is not None and answers.cancelled is not None:
            answers.cancelled()

    def _ended(self) -> _Answers | None:
        """The answers of the job that speaks; None if it was stopped by a lock while its words were on the way."""
        job = self.sender()
        if not isinstance(job, Job) or job not in self._jobs:
            return None
        job.wait()
        job.deleteLater()
        return self._jobs.pop(job)


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
        if job.isFinished():  # a short job may be done before anyone listens
            QTimer.singleShot(0, self.accept)

    def reject(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self._cancel.setEnabled(False)
        self._job.progress.stop()

    def _show(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
