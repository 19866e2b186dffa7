"""Long work: progress, Cancel, answers on the window's thread, and a lock that waits for nobody but a commit."""

import gc
import threading
import time

import pytest
from PySide6.QtCore import Qt, QThread
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui.background import Background, Cancelled, Working
from app.ui.collecting import Collecting, look
from app.vault import typing


@pytest.fixture
def background(qapp):
    made = Background()
    yield made
    made.stop_all()


class Answers:
    """What a job came to, and on which thread it was told."""

    def __init__(self) -> None:
        self.done, self.failed, self.cancelled, self.thread = [], [], 0, None

    def on_done(self, result) -> None:
        self.done.append(result)
        self.thread = QThread.currentThread()

    def on_failed(self, error) -> None:
        self.failed.append(error)

    def on_cancelled(self) -> None:
        self.cancelled += 1


def run(background, act):
    answers = Answers()
    return background.run(act, answers.on_done, answers.on_failed, answers.on_cancelled), answers


def test_a_jobs_answer_comes_on_the_windows_thread_though_it_works_on_another(background, qtbot, qapp):
    worked_on = []

    def act(progress):
        worked_on.append(threading.get_ident())
        return 42

    _job, answers = run(background, act)
    qtbot.waitUntil(lambda: bool(answers.done))

    assert answers.done == [42]
    assert worked_on != [threading.get_ident()]
    assert answers.thread is qapp.thread() or answers.thread == qapp.thread()
    assert not background.is_busy()


def test_an_error_is_handed_over_and_nothing_else(background, qtbot):
    def act(progress):
        raise ValueError

    _job, answers = run(background, act)
    qtbot.waitUntil(lambda: bool(answers.failed))

    assert isinstance(answers.failed[0], ValueError)
    assert (answers.done, answers.cancelled) == ([], 0)


def test_cancel_rolls_the_write_back(background, qtbot, vault):
    begun = threading.Event()

    def act(progress):
        with vault.write("导入") as session:
            session.add(typing.Typed(form="x/1", student_id=None, content={}, at=vault.now()))
            session.flush()
            begun.set()
            for step in range(10_000):
                progress.step(step, 10_000)
                time.sleep(0.001)

    job, answers = run(background, act)
    begun.wait(5)
    job.progress.stop()
    qtbot.waitUntil(lambda: answers.cancelled == 1)

    with vault.read() as session:
        assert typing.everything(session) == []


def test_a_lock_stops_a_job_and_the_job_answers_nobody(background, qtbot):
    begun = threading.Event()

    def act(progress):
        begun.set()
        while True:
            progress.step(0, 0)
            time.sleep(0.001)

    _job, answers = run(background, act)
    begun.wait(5)
    background.stop_all()
    qtbot.wait(50)

    assert (answers.done, answers.failed, answers.cancelled) == ([], [], 0)
    assert not background.is_busy()


def test_not_even_words_already_on_the_way_are_told_after_a_lock(background, qtbot):
    job, answers = run(background, lambda progress: 1)
    job.wait()  # it has spoken; the window has not listened yet

    background.stop_all()
    qtbot.wait(50)

    assert answers.done == []


def test_a_job_that_is_committing_finishes_first(background):
    committing, finished = threading.Event(), []

    def act(progress):
        progress.commit_begins()
        committing.set()
        time.sleep(0.2)
        progress.step(1, 1)
        finished.append(True)

    run(background, act)
    committing.wait(5)
    background.stop_all()

    assert finished == [True]


def test_a_job_stopped_before_its_commit_does_not_begin_it():
    from app.ui.background import Progress

    progress = Progress(lambda done, of: None)
    progress.stop()

    with pytest.raises(Cancelled):
        progress.commit_begins()


def test_the_working_window_shows_how_far_it_is_cancels_and_goes_with_the_job(background, dressed, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    told = threading.Event()

    def act(progress):
        progress.step(30, 100)
        told.set()
        while True:
            progress.step(30, 100)
            time.sleep(0.002)

    job, answers = run(background, act)
    working = Working(window, job, "正在导入名单…")
    working.open()
    told.wait(5)
    qtbot.waitUntil(lambda: working._bar.value() == 30)

    cancel = next(made for made in working.findChildren(QPushButton) if made.accessibleName() == "取消")
    with qtbot.waitSignal(working.finished):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: answers.cancelled == 1)


def test_the_working_window_of_a_job_already_over_does_not_stay(background, dressed, qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    job, _answers = run(background, lambda progress: 1)
    job.wait()

    working = Working(window, job, "正在导入名单…")
    with qtbot.waitSignal(working.finished):
        working.open()


def test_the_cycle_collector_works_on_the_windows_thread_only(qapp):
    """A widget nobody holds any more, met by the collector on a job's thread, would be destroyed there: a crash now and then."""
    seen, kept = [], []

    def note(phase, _info):
        seen.append((phase, threading.current_thread() is threading.main_thread()))

    collecting = Collecting(qapp)
    gc.callbacks.append(note)
    try:
        worker = threading.Thread(target=lambda: kept.extend([one] for one in range(200_000)))
        worker.start()
        worker.join()
        assert seen == []
        look()
    finally:
        gc.callbacks.remove(note)
        collecting.deleteLater()
    assert seen
    assert all(main for _phase, main in seen)
