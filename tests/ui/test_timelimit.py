"""What hangs is given up: after its time, or at once when the job is to stop."""

import threading

import pytest

from app.ui.background import Cancelled, Progress
from app.ui.timelimit import Late, within


def nobody(_done, _of):
    pass


@pytest.fixture
def hanging():
    over = threading.Event()
    yield over.wait
    over.set()


def test_an_answer_in_time_is_given_and_an_error_raised():
    assert within(60, lambda: 7, Progress(nobody)) == 7
    with pytest.raises(ZeroDivisionError):
        within(60, lambda: 1 // 0, Progress(nobody))


def test_what_hangs_is_given_up(hanging):
    with pytest.raises(Late):
        within(0.05, hanging, Progress(nobody))


def test_a_lock_does_not_wait_for_what_hangs(hanging):
    progress = Progress(nobody)
    progress.stop()
    with pytest.raises(Cancelled):
        within(3600, hanging, progress)
