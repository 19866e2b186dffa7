"""What hangs is given up: when nothing was heard of it for its time, or at once when the work is to stop."""

import threading
import time

import pytest

from app.ui.background import Cancelled, Progress
from app.vault.backupfile import Unwatched
from app.vault.reaching import Silent, reach


@pytest.fixture
def hanging():
    over = threading.Event()
    yield lambda _work: over.wait()
    over.set()


def test_an_answer_in_time_is_given_and_an_error_raised():
    assert reach(60, lambda _work: 7, Unwatched()) == 7
    with pytest.raises(ZeroDivisionError):
        reach(60, lambda _work: 1 // 0, Unwatched())


def test_what_hangs_is_given_up(hanging):
    with pytest.raises(Silent):
        reach(0.05, hanging, Unwatched())


def test_what_is_slow_and_goes_on_is_waited_for():
    def slow(work):
        for at in range(10):
            time.sleep(0.05)
            work.step(at, 10)
        return "there"

    assert reach(0.3, slow, Unwatched()) == "there"


def test_a_lock_does_not_wait_for_what_hangs(hanging):
    progress = Progress(lambda _done, _of: None)
    progress.stop()
    with pytest.raises(Cancelled):
        reach(3600, hanging, progress)


def test_what_was_given_up_ends_at_its_next_step():
    go, ended = threading.Event(), threading.Event()

    def hung_for_a_while(work):
        go.wait()
        try:
            work.step(1, 2)
        except Exception:
            ended.set()
            raise

    with pytest.raises(Silent):
        reach(0.05, hung_for_a_while, Unwatched())
    go.set()
    assert ended.wait(20)
