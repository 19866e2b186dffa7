"""What outlasts a real lock, a new process each time: her page, the window's place, unsaved words, what the door has to say."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit

from app.house.house import House
from app.house.left import Left
from app.house.way import Way
from app.ui.frame import Frame
from app.ui.page import Route
from app.ui.reminding import Known
from tests.journeys.conftest import Pc
from tests.journeys.driven.program import Program
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands
from tests.journeys.pages import damage_a_document

REFUSE = """
from app.vault import typing
from app.vault.vault import DiskFull
def refuse(*_words):
    raise DiskFull
typing._write = refuse
"""


@pytest.fixture
def program(furnished: Furnished, pc: Pc) -> Iterator[Program]:
    made = Program(pc.folder)
    made.do(f"steps.unlock(hands, {furnished.password!r})")
    yield made
    made.end()


def test_she_lands_on_her_page_and_in_her_place(program: Program, furnished: Furnished) -> None:
    place = furnished.places["consent"]
    program.do(f"""
house.go(Route("student", {place[1]}, {place[1]}))
house.go(Route("consent", *{place!r}))
house.desk.window.setGeometry(33, 44, 1111, 666)
""")
    program.lock()
    assert program.do("value = windows()[0].geometry().getRect()") == [33, 44, 1111, 666]
    program.do(f"steps.unlock(hands, {furnished.password!r})")
    came = program.do(
        "r = house.desk.window.page().route;"
        "value = [r.place, r.record_id, r.student_id, *windows()[0].geometry().getRect()]"
    )
    assert came == ["consent", *place, 33, 44, 1111, 666]
    program.do("house.inside.pages.go_back()")
    assert program.do("value = house.desk.window.page().route.place") == "student"


def test_words_a_full_disk_refused_come_back_after_the_lock(program: Program, furnished: Furnished) -> None:
    place = furnished.places["note"]
    program.do(REFUSE)
    typed = "磁盘满了还在写。" * 20_000
    program.do(f"""
house.go(Route("note", *{place!r}))
hands.find("学生自述", QPlainTextEdit).setPlainText({typed!r})
""")
    program.lock()
    program.do("hands.reads('只留在静室的内存里')")
    program.do(f"""
hands.press("再试一次")
steps.unlock(hands, {furnished.password!r})
hands.wait(lambda: hands.value("学生自述") == {typed!r}, "what was typed")
""")
    kept = program.do("""
from app.vault import typing
with house.desk.vault.read() as session:
    value = [text for typed in typing.everything(session) for text in typed.content.values()]
""")
    assert typed in kept


def test_damage_found_while_she_works_is_told_at_the_new_door(program: Program, furnished: Furnished) -> None:
    program.lock()
    damage_a_document(furnished.folder, furnished.password)
    program.do(f"hands.fill('口令', {furnished.password!r})")
    program.do("QTimer.singleShot(0, house.threshold.door.password.open_button.click)")
    program.come_again()
    program.do("hands.reads('损坏')")
    assert "口令没有问题" in program.do("value = hands.words()")
    assert program.do("value = [type(w).__name__ for w in windows()]") == ["Door"]


def test_a_lock_that_meets_a_bug_locks_all_the_same_and_tells_it_at_the_door(program: Program) -> None:
    program.do("""
def broken():
    raise RuntimeError("words of a record")
house.desk.signing.close = broken
""")
    program.lock()
    program.do("value = [hands.front().accessibleName(), hands.words()]")
    said = program.do("value = windows()[-1].accessibleName() + hands.words()")
    assert "程序出了一个错" in said
    assert "RuntimeError" in said
    assert "words of a record" not in said


def test_a_window_out_of_the_way_stays_so_and_another_start_finds_it(program: Program) -> None:
    program.do("QTimer.singleShot(0, house.lock); windows()[0].showMinimized()")
    program.come_again()
    assert program.do("value = windows()[0].isMinimized()")
    second = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert second.returncode == 0
    program.do("hands.wait(lambda: not windows()[0].isMinimized(), 'the window')")


def test_a_lock_whose_new_process_cannot_start_shows_the_door_in_the_old_one(
    program: Program, furnished: Furnished
) -> None:
    program.do("import sys; sys.executable = '/nowhere/python'")
    program.do(
        "hands.key(Qt.Key.Key_L, CTRL); value = house.desk is None and [type(w).__name__ for w in windows()] == ['Door']"
    )
    program.do(f"steps.unlock(hands, {furnished.password!r})")


def test_what_is_handed_over_comes_back_the_same() -> None:
    here, behind = Route("note", 3, 4), [Route("students"), Route("student", 4, 4)]
    known = Known((datetime(2026, 11, 20, 12, 20), datetime(2026, 11, 20, 16, 30)), datetime(2026, 11, 20, 9, 8, 7, 6))
    left = Left("C:\\档案", Way("ab" * 16, here, behind), Frame(-5, 6, 700, 800, maximised=True), {"ab" * 16: bytes(range(256))},
                ("{坏}了。", "换一份。"), damaged=True, bug="RuntimeError house.py:1 lock", known=known)  # fmt: skip
    again = Left.from_bytes(left.to_bytes())
    assert again == left
    problem = again.problem()
    assert problem is not None
    assert (problem.sentence, problem.next_step) == ("{坏}了。", "换一份。")
    assert Left.from_bytes(Left("", Way()).to_bytes()).problem() is None


def test_a_folder_the_settings_file_could_not_take_is_known_after_the_lock(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a disk that was full at the first run would show a second first run at the first lock."""
    house = start()
    left = Left(str(furnished.folder), Way())
    house.settings.change(folder="")
    house._come_back(left)
    assert hands.find("口令", QLineEdit)
