"""Who sits beside the screen: F9 covers it at once, and in 会谈模式 no other student's name can be read anywhere."""

import threading

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit

from app.rooms.referrals.page.choosing import StudentDialog
from app.rooms.students.record import Student
from app.ui.background import Working
from app.ui.page import Route
from app.vault import pin
from app.vault.files import KEYS, KEYS_B
from tests.journeys import steps
from tests.journeys.hands import Hands, name_of, windows

PIN = "4071"
TOP = QModelIndex()


@pytest.fixture
def house(start, hands: Hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.wait(house.desk.window.isActiveWindow, "the window to take keys")
    return house


def f9(hands: Hands) -> None:
    hands.key(Qt.Key.Key_F9)


def come_back(hands: Hands, typed: str) -> None:
    hands.key(Qt.Key.Key_Space)
    hands.fill("数字或口令", typed)
    hands.key(Qt.Key.Key_Return)


def read_on_screen() -> str:
    """Every word that can be read in any window: labels, fields, tables, buttons, titles, accessible names."""
    words = []
    for window in windows():
        words.append(window.windowTitle())
        for widget in [w for w in window.findChildren(object) if getattr(w, "isVisible", lambda: False)()]:
            words += [
                name_of(widget),
                widget.toolTip(),
                getattr(widget, "text", str)() if isinstance(widget, QLabel | QLineEdit) else "",
            ]
            if isinstance(widget, QAbstractItemView) and widget.model() is not None:
                model = widget.model()
                columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(TOP)
                cells = [model.index(r, c) for r in range(model.rowCount(TOP)) for c in range(columns)]
                words += [str(model.data(cell, role) or "") for cell in cells for role in (0, 3, 11)]
    return "\n".join(map(str, words))


def names(house) -> dict[int, str]:
    with house.desk.vault.read() as session:
        return {student.id: student.name for student in session.query(Student)}


def test_f9_covers_at_once_and_the_pin_brings_everything_back(house, hands, furnished) -> None:
    pin.set_pin(house.desk.vault, PIN)
    _note, student = furnished.places["note.read"]
    house.go(Route("note", None, student))
    hands.fill("学生自述", "写了一半")
    f9(hands)
    assert [window.windowTitle() for window in windows()] == ["课程表"]
    assert not [name for name in names(house).values() if name in read_on_screen()]
    assert not hands.sees("数字或口令"), "a timetable asks for nothing"
    come_back(hands, "1111")
    hands.reads("不对")
    come_back(hands, PIN)
    hands.wait(lambda: hands.sees("学生自述"), "the note")
    assert hands.value("学生自述") == "写了一半"


def test_three_wrong_answers_lock(house, hands) -> None:
    pin.set_pin(house.desk.vault, PIN)
    vault = house.desk.vault
    f9(hands)
    for _ in range(3):
        hands.wait(lambda: bool(windows()) and hands.front().isActiveWindow(), "a window")
        come_back(hands, "0000")
        hands.wait(lambda: vault.closed or hands.find("数字或口令", QLineEdit).text() == "", "the answer")
    hands.wait(lambda: vault.closed, "the lock")
    assert hands.sees("口令")


def test_without_a_pin_the_password_brings_it_back(house, hands, furnished) -> None:
    f9(hands)
    come_back(hands, furnished.password)
    hands.wait(lambda: hands.sees("学生"), "the window")


def test_a_password_that_cannot_be_tried_now_is_not_counted_as_wrong(house, hands, furnished) -> None:
    f9(hands)
    files = [furnished.folder / name for name in (KEYS, KEYS_B)]
    kept = [file.read_bytes() for file in files]
    for file in files:
        file.write_bytes(b"")
    for _ in range(3):
        come_back(hands, furnished.password)
        hands.reads("现在核对不了")
    for file, content in zip(files, kept, strict=True):
        file.write_bytes(content)
    come_back(hands, furnished.password)
    hands.wait(lambda: hands.sees("学生"), "the window")


def test_a_dialog_is_covered_and_comes_back(house, hands, furnished) -> None:
    pin.set_pin(house.desk.vault, PIN)
    house.desk.notice.ask("真的吗？", "想一想。", "是", lambda: None)
    f9(hands)
    assert [window.windowTitle() for window in windows()] == ["课程表"]
    house.desk.notice.say("还有一件事。", "稍后再看。")
    hands.wait(lambda: [window.windowTitle() for window in windows()] == ["课程表"], "only the timetable")
    come_back(hands, PIN)
    hands.wait(lambda: len(windows()) == 3, "the window and both dialogs")


def test_a_job_that_ends_behind_the_cover_does_not_come_back(house, hands) -> None:
    pin.set_pin(house.desk.vault, PIN)
    window, go = house.desk.window, threading.Event()
    say = house.desk.notice.say
    job = house.desk.background.run(
        lambda _progress: go.wait(20), lambda _done: say("做完了。"), lambda _error: say("错")
    )
    Working(window, job, "正在做").open()
    f9(hands)
    go.set()
    hands.wait(lambda: [window.windowTitle() for window in windows()] == ["课程表"], "only the timetable")
    come_back(hands, PIN)
    hands.wait(lambda: window.isVisible() and "做完了。" in hands.words(), "the window and what the job came to")
    assert not hands.sees("正在做")


def test_ctrl_l_locks_from_behind_the_cover(house, hands) -> None:
    vault = house.desk.vault
    f9(hands)
    hands.key(Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    hands.wait(lambda: vault.closed, "the lock")
    assert [name_of(window) for window in windows()] == ["静室"]


def test_in_talk_mode_a_student_is_chosen_without_reading_the_others(house, hands, furnished) -> None:
    _note, student = furnished.places["note.read"]
    other = next(name for own_id, name in names(house).items() if own_id != student)
    house.go(Route("student", student, student))
    hands.key(Qt.Key.Key_F8)
    dialog = StudentDialog(house.desk.window, house.desk.vault, "复制到哪位学生的档案？")
    dialog.open()
    hands.fill("学生姓名、拼音或学号", other)
    hands.wait(lambda: f"{other[0]}**" in hands.words(), "the one found, masked")
    dialog.words.set_value("")
    assert other not in read_on_screen()
    dialog.reject()


def test_in_talk_mode_no_other_name_can_be_read_on_any_page(house, hands, furnished) -> None:
    _note, student = furnished.places["note.read"]
    others = [name for own_id, name in names(house).items() if own_id != student]
    own = names(house)[student]
    others = [name for name in others if name not in own]
    places = sorted({place for room in house.inside.rooms for place in room.pages})
    house.go(Route("student", student, student))
    hands.key(Qt.Key.Key_F8)
    hands.reads(f"只显示 {own} 的姓名")
    read = 0
    for place in places:
        house.go(Route(place, *furnished.places.get(place, (None, None))))
        QApplication.processEvents()
        seen = read_on_screen()
        assert not [name for name in others if name in seen], place
        read += place == house.desk.window.page().route.place
    assert read >= 4, "some pages are there to be read"
    house.go(Route("students"))
    assert "**" in read_on_screen()
    house.desk.window.jump.setText(others[0])
    assert others[0] not in "\n".join(found.title for found in house.desk.window.jump.found())

    house.lock()
    steps.unlock(hands, furnished.password)
    hands.reads(f"只显示 {own} 的姓名")
    hands.press("结束会谈模式")
    house.go(Route("students"))
    assert others[0] in read_on_screen()
