"""The lock from every page and every kind of dialog, half-typed words included; a job is rolled back, or finishes its commit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QClipboard
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from sqlalchemy import select

from app.house.house import House
from app.rooms.students import roster
from app.rooms.students import store as students
from app.rooms.students.page import roster as roster_page
from app.rooms.students.record import Guardian, Student
from app.rooms.students.roster import Preview, Taken
from app.ui import locking
from app.ui.background import Progress, Working
from app.ui.secrets import _SecretLine
from app.ui.unlock import Door
from app.ui.writing import WritingArea, WritingLine
from app.vault import checking
from app.vault.vault import Vault
from tests.journeys import steps
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, clear_events, name_of, windows
from tests.journeys.pages import damage_a_document
from tests.journeys.states import STATES, Inside, pages, stands

ROSTER = Path(__file__).parent.parent / "cases" / "roster.xlsx"
TYPED, HALF = "07 yunduo 云朵", "未提交"
SEARCHES = {"搜索", "在名单中找", "查找文书", "查找转介单", "起始日期", "截止日期"}
"""Fields that narrow a list: what is typed there is no one's text."""


@pytest.fixture
def inside(furnished: Furnished, start: Callable[[], House], hands: Hands) -> Inside:
    """Unlocked, at the list of students."""
    made = Inside(start(), hands, furnished.password)
    made.unlock()
    return made


def fields(page: QWidget) -> list[QWidget]:
    """Where the counsellor can write on this page."""
    writing = [w for w in page.findChildren(QWidget) if isinstance(w, (QLineEdit, QPlainTextEdit))]
    return [
        w for w in writing
        if w.isVisible() and w.isEnabled() and not w.isReadOnly() and not isinstance(w, _SecretLine)
        and name_of(w) not in SEARCHES
    ]  # fmt: skip


def test_every_page_locks_and_comes_back_with_what_was_typed(inside: Inside, furnished: Furnished) -> None:
    places = pages(inside.house)
    assert set(furnished.places) <= set(places)
    count = 0
    for place in places:
        inside.go(place, furnished.places.get(place, (None, None)))
        found = fields(inside.page())
        count += len(found)
        for field in found[:1] + found[1:][-1:]:
            inside.hands.click(field)
            inside.hands.write(TYPED)
        if found:
            inside.hands.compose(HALF)
        says_no_name(inside, furnished)
        before = [(name_of(field), written(field)) for field in found]
        title = inside.page().title
        inside.lock()
        inside.unlock()
        assert inside.page().title == title, place
        again = [(name_of(field), written(field)) for field in fields(inside.page())]
        assert again == before, place
        if found:
            assert any(TYPED in words for _name, words in again), place
            assert any(HALF in words for _name, words in again), place
    assert count > 40


def test_no_dialog_and_no_menu_stops_the_lock(inside: Inside, furnished: Furnished) -> None:
    for name, (place, act, kind) in STATES.items():
        inside.go(place, furnished.places.get(place, (None, None)))
        title = inside.page().title
        act(inside)
        inside.hands.wait(lambda kind=kind: stands(kind), f"{name}: {kind.__name__}")
        says_no_name(inside, furnished)
        inside.lock()
        inside.unlock()
        assert inside.page().title == title, name
        assert [type(window).__name__ for window in windows()] == ["Window"], name
        clear_events()
        assert not QApplication.topLevelWidgets() or not any(
            isinstance(left, kind) and left.isVisible() for left in QApplication.topLevelWidgets()
        )


def test_every_dialog_of_the_program_is_among_them() -> None:
    kinds = {kind for _place, _act, kind in STATES.values()} | {Working}  # which stands while the import below works
    waiting, missed = [QDialog], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        of_ours = kind.__module__.startswith("app.") and not kind.__subclasses__()
        if of_ours and not any(issubclass(kind, known) for known in kinds):
            missed.add(kind.__qualname__)
    assert missed == set()


INLINE = [
    ("note.read", "更正学生自述", "更正为"),
    ("note.read", "更正会谈信息", "更正原因"),
    ("note.read", "作废", "作废原因"),
    ("case", "改为结案…", "后续跟踪安排"),
    ("document", "作废", "作废原因"),
    ("referral.read", "记随访", "随访情况"),
    ("institutions", "添加机构", "名称"),
]


def test_a_form_that_opens_in_place_has_its_words_again(inside: Inside, furnished: Furnished) -> None:
    for place, opener, field in INLINE:
        inside.go(place, furnished.places.get(place, (None, None)))
        inside.hands.press(opener)
        inside.hands.fill(field, TYPED)
        inside.hands.compose(HALF)
        inside.lock()
        inside.unlock()
        if place == "institutions":  # one of a list, and not of one record: she opens it herself
            inside.hands.reads("没有保存的内容")
            inside.hands.press(opener)
        assert inside.hands.value(field) == TYPED + HALF, place
        for button in inside.hands.front().findChildren(QPushButton):
            if button.isVisible() and name_of(button).endswith("：取消"):
                inside.hands.click(button)


def test_time_passing_locks_like_a_key(inside: Inside, furnished: Furnished) -> None:
    for name in ("password for signing", "right click"):
        place, act, kind = STATES[name]
        inside.go(place, furnished.places[place])
        act(inside)
        inside.hands.wait(lambda kind=kind: stands(kind), name)
        vault, seen = inside.vault, inside.watch_steps()
        inside.house.inside._watch.minutes = 0
        inside.hands.wait(lambda vault=vault: vault.closed, "the lock")
        inside.is_locked(vault, seen)
        inside.unlock()


def test_the_last_seconds_are_counted_in_the_window_and_a_key_takes_the_line_away(
    inside: Inside, furnished: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside.go("note", furnished.places["note"])
    inside.hands.click(inside.hands.find("学生自述", QPlainTextEdit))
    began, passed = time.monotonic(), time.monotonic

    def later() -> float:
        return passed() + 280

    watch = inside.house.inside._watch
    monkeypatch.setattr(locking.time, "monotonic", later)
    monkeypatch.setattr(watch._pc, "seconds", lambda: later() - began)
    watch.look()
    inside.hands.reads("秒后锁定")
    inside.hands.write("x")
    assert "秒后锁定" not in inside.hands.words()
    assert inside.hands.value("学生自述").count("x") == 1
    assert not inside.vault.closed


def test_what_was_copied_out_is_gone_with_the_lock_and_with_the_end(
    inside: Inside, furnished: Furnished, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The offscreen clipboard is the program's own and no other's, but does not say so."""
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda *_: True)
    clipboard = QApplication.clipboard()

    def copy() -> None:
        inside.go("note", furnished.places["note"])
        inside.hands.click(inside.hands.find("学生自述", QPlainTextEdit))
        inside.hands.key(Qt.Key.Key_A, CTRL)
        inside.hands.key(Qt.Key.Key_C, CTRL)
        assert clipboard.text() == inside.hands.value("学生自述") != ""

    copy()
    inside.lock()
    assert clipboard.text() == ""
    inside.unlock()
    copy()
    inside.house.close()
    assert clipboard.text() == ""


def test_a_question_of_the_toolkit_itself_is_no_hindrance(inside: Inside) -> None:
    """Qt asks in a loop of its own that a file that is not there should be chosen anew."""
    inside.go("roster", (None, None))
    inside.hands.press("选择文件")
    inside.hands.fill("名称：", str(Path.home() / "没有这份.xlsx"))
    vault, seen = inside.vault, inside.watch_steps()
    asked = []

    def press_lock() -> None:
        asked.append(stands(QMessageBox))
        inside.hands.key(Qt.Key.Key_L, CTRL)

    QTimer.singleShot(600, press_lock)
    inside.hands.key(Qt.Key.Key_Return)
    inside.hands.wait(lambda: vault.closed, "the lock")
    assert asked == [True]
    inside.is_locked(vault, seen)
    inside.unlock()


class Gate:
    """Lets the real import run to one point and holds it there until the lock has asked it to stop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, committing: bool) -> None:
        self._committing = committing
        self.reached = threading.Event()
        monkeypatch.setattr(roster_page, "_take", self._take)

    def _take(self, vault: Vault, shown: Preview, chosen: frozenset[str], progress: Progress) -> Taken:
        def step(done: int, of: int) -> None:
            if done > 100 and not self._committing:
                self._hold(progress)
            progress.step(done, of)

        def commit_begins() -> None:
            progress.commit_begins()
            self._hold(progress)

        return roster.take(vault, shown, chosen, step, commit_begins)

    def _hold(self, progress: Progress) -> None:
        self.reached.set()
        end = time.monotonic() + 20
        while not progress.stopped() and time.monotonic() < end:
            time.sleep(0.01)


@pytest.mark.parametrize("committing", [False, True], ids=["rolled back", "finished"])
def test_an_import_is_rolled_back_or_finishes_its_commit(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, committing: bool
) -> None:
    before = count(inside.vault)
    gate = Gate(monkeypatch, committing=committing)
    inside.go("roster", (None, None))
    inside.hands.press("选择文件")
    steps.choose_path(inside.hands, ROSTER)
    inside.hands.find("全不选")
    inside.hands.press("导入")
    inside.hands.wait(gate.reached.is_set, "the import to come so far")
    inside.hands.wait(lambda: stands(Working), "its progress")
    inside.lock()
    inside.unlock()
    assert count(inside.vault) == before + (1782 if committing else 0)
    assert all(finding.faults == () for finding in checking.check(inside.vault))


def test_what_was_typed_outlives_the_program(
    inside: Inside, start: Callable[[], House], hands: Hands, furnished: Furnished
) -> None:
    hands.press("学生")
    hands.press("+ 学生")
    hands.fill("姓名", "程")
    hands.compose("晓禾")
    start()  # the first one is quit
    steps.unlock(hands, furnished.password)
    hands.reads("没有保存的内容")
    hands.press("学生")
    hands.press("+ 学生")
    assert hands.value("姓名") == "程晓禾"


def test_a_second_lock_does_nothing_and_the_door_stays(inside: Inside) -> None:
    inside.lock()
    inside.house.lock()
    assert [type(window) for window in windows()] == [Door]
    assert inside.hands.find("打开", QPushButton).isEnabled()


def test_damage_found_while_she_works_closes_the_vault_and_says_so(inside: Inside, furnished: Furnished) -> None:
    inside.lock()
    content = damage_a_document(furnished.folder, furnished.password)
    inside.hands.fill("口令", furnished.password)
    inside.hands.press("打开")
    inside.hands.reads("损坏")
    assert [type(window) for window in windows()] == [Door]
    assert inside.house.desk is None
    assert (furnished.folder / "vault.db").read_bytes()[:4096] == content[:4096]
    assert "口令没有问题" in inside.hands.words()


def count(vault: Vault) -> int:
    with vault.read() as session:
        return students.count(session)


def says_no_name(inside: Inside, furnished: Furnished) -> None:
    """What the task bar and every list of windows show: never a student's or a guardian's name."""
    with inside.vault.read() as session:
        names = {name for kind in (Student, Guardian) for name in session.scalars(select(kind.name))}
    assert len(names) > 15
    for window in windows():
        shown = f"{window.windowTitle()} {window.windowFilePath()} {window.windowIconText()}"
        shown += f" {window.windowHandle().title()}" if window.windowHandle() is not None else ""
        assert not [name for name in names if name in shown], shown
        assert TYPED not in shown


def written(field: QWidget) -> str:
    """What stands in a field, what the input method has not committed included."""
    assert isinstance(field, (WritingLine, WritingArea)), f"{name_of(field)} loses what is not committed"
    return field.writing()
