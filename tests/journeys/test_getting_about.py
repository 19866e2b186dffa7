"""Getting about: back to where one was, to the student's file from any page, and a new note by one key."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.hands import CTRL, clear_events

ALT = Qt.KeyboardModifier.AltModifier


def where(house):
    return house.desk.window.page().route


def inside(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.wait(house.desk.window.isActiveWindow, "the window to take keys")
    return house


def test_back_leads_through_the_pages_one_came_by(start, hands, furnished):
    house = inside(start, hands, furnished)
    assert not hands.find("返回").isEnabled()
    note, student = furnished.places["note.read"]
    house.go(Route("student", student, student))
    house.go(Route("note.read", note, student))
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("student", student, student), "the file")
    hands.key(Qt.Key.Key_Left, ALT)
    hands.wait(lambda: where(house) == Route("today"), "the day")
    assert not hands.find("返回").isEnabled()


def test_the_pages_own_way_back_is_no_second_visit(start, hands, furnished):
    house = inside(start, hands, furnished)
    _consent, student = furnished.places["consent"]
    house.go(Route("student", student, student))
    hands.press("登记知情同意")
    hands.press("返回档案")
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("today"), "the day")


def test_the_form_of_a_student_just_added_is_none_to_go_back_to(start, hands, furnished):
    house = inside(start, hands, furnished)
    steps.add_student(hands, "20269901", "闻人晴")
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("students"), "the list")
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("today"), "the day")
    assert not hands.find("返回").isEnabled()


def test_what_went_to_the_bin_or_was_destroyed_is_passed_over(start, hands, furnished):
    house = inside(start, hands, furnished)
    note, student = furnished.places["note"]
    house.go(Route("drafts"))
    house.go(Route("note", note, student))
    hands.press("移到回收站")
    hands.press("移到回收站")
    hands.wait(lambda: where(house) == Route("student", student, student), "the file")
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("drafts"), "the list of drafts")
    house.inside.pages.way.behind = [Route("students"), Route("note.read", 99_999, student)]
    house.desk.window.set_back(True)
    hands.press("返回")
    hands.wait(lambda: where(house) == Route("students"), "the list")


def test_from_a_note_to_the_file_of_its_student(start, hands, furnished):
    house = inside(start, hands, furnished)
    note, student = furnished.places["note.read"]
    house.go(Route("note.read", note, student))
    hands.press("这位学生的档案")
    hands.wait(lambda: where(house) == Route("student", student, student), "the file")
    assert not hands.sees("这位学生的档案")


def test_ctrl_n_begins_a_note_for_the_student_in_front_or_asks_for_whom(start, hands, furnished):
    house = inside(start, hands, furnished)
    _note, student = furnished.places["note.read"]
    hands.press("设置")
    hands.find("保存学校信息")
    hands.key(Qt.Key.Key_N, CTRL)
    hands.reads("给哪位学生写会谈记录？")
    hands.press("取消")
    house.go(Route("student", student, student))
    hands.key(Qt.Key.Key_N, CTRL)
    hands.wait(lambda: where(house) == Route("note", None, student), "a new note")
    hands.fill("学生自述", "写了一半")
    hands.key(Qt.Key.Key_N, CTRL)
    assert hands.value("学生自述") == "写了一半"


def test_another_vault_opens_at_its_first_page(start, hands, furnished):
    house = inside(start, hands, furnished)
    note, student = furnished.places["note.read"]
    house.go(Route("note.read", note, student))
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.wait(lambda: where(house) == Route("note.read", note, student), "where she was")
    house.inside.pages.way.vault_id = "another"
    house.lock()
    steps.unlock(hands, furnished.password)
    hands.wait(lambda: where(house) == Route("today"), "the first page")


class WindowsShown(QObject):
    """Listens for windows that are shown, if only for a moment."""

    def __init__(self):
        super().__init__()
        self.names = []

    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


def test_no_page_flashes_a_window_of_its_own_while_it_is_made(start, hands, furnished):
    house = inside(start, hands, furnished)
    shown = WindowsShown()
    QApplication.instance().installEventFilter(shown)
    try:
        for place in sorted({place for room in house.inside.rooms for place in room.pages}):
            house.go(Route(place, *furnished.places.get(place, (None, None))))
            clear_events()
    finally:
        QApplication.instance().removeEventFilter(shown)
    assert shown.names == []
