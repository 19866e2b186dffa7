"""Fields and forms: what is in them, what is wrong with it, and nothing of a password."""

from datetime import date, time

import pytest
from PySide6.QtCore import QDate, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QCalendarWidget, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import Problem
from app.ui import language
from app.ui.fields import (
    CheckField,
    ChipsField,
    ChoiceField,
    DateField,
    LineField,
    ScoreField,
    TextField,
    TimeField,
    read_day,
    read_time,
)
from app.ui.forms import Form
from app.ui.page import Page
from app.ui.secrets import SecretField
from app.vault.choice import Choice


class Feeling(Choice):
    CALM = "calm", "平稳"
    LOW = "low", "低落"


FIELDS = [
    (lambda: LineField("主题"), "与母亲的冲突"),
    (lambda: TextField("过程"), "第一行\n第二行"),
    (lambda: DateField("日期"), "2026-11-20"),
    (lambda: TimeField("时间"), "12:20"),
    (lambda: ChoiceField("情绪", Feeling, empty="未选"), "low"),
    (lambda: ChipsField("主题", [("sleep", "睡眠"), ("family", "家庭")]), "sleep family"),
    (lambda: ScoreField("自评"), "0"),
    (lambda: CheckField("已告知监护人"), "1"),
]


@pytest.mark.parametrize(("make", "value"), FIELDS)
def test_a_field_gives_back_what_was_put_in_and_says_that_it_changed(dressed, qtbot, make, value):
    field = make()
    qtbot.addWidget(field)
    assert field.value() == ""

    with qtbot.waitSignal(field.changed):
        field.set_value(value)
    assert field.value() == value

    field.set_value("")
    assert field.value() == ""


@pytest.mark.parametrize(("make", "value"), FIELDS)
def test_every_field_and_every_part_of_it_that_takes_the_keyboard_has_a_name(dressed, qtbot, make, value):
    field = make()
    qtbot.addWidget(field)

    parts = [part for part in field.findChildren(QWidget)
             if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.window() is field]  # fmt: skip

    assert parts
    assert [part for part in parts if not part.accessibleName()] == []


def test_a_sentence_under_the_field_says_what_is_wrong_until_it_is_changed(dressed, qtbot):
    field = LineField("学号")
    qtbot.addWidget(field)
    field.show()
    calm = field.height()

    field.show_error("学号只能是数字。")
    assert field.sizeHint().height() > calm
    assert field.line.property("wrong") is True

    qtbot.keyClicks(field.line, "1")
    assert field.line.property("wrong") is False


@pytest.mark.parametrize(
    "words", ["2026-11-20", "2026/11/20", "2026.11.20", "20261120", "2026年11月20日", "2026年11月20"]
)
def test_a_day_may_be_written_as_people_write_it(words):
    assert read_day(words) == date(2026, 11, 20)


@pytest.mark.parametrize("words", ["2026-02-30", "明天", "11-20", "2026-13-01", "99999-1-1"])
def test_what_is_no_day_is_refused_in_words(words):
    with pytest.raises(Problem) as refused:
        read_day(words)
    assert words in refused.value.sentence
    assert words not in str(refused.value)


def test_a_time_may_be_written_as_people_write_it():
    assert [read_time(words) for words in ("12:20", "12：20", "9:05", "0905", "")] == [
        time(12, 20), time(12, 20), time(9, 5), time(9, 5), None,
    ]  # fmt: skip
    with pytest.raises(Problem):
        read_time("25:00")


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("1040", "10:40"),
        ("１０：４０", "10:40"),
        ("840", "08:40"),
        ("8点半", "08:30"),
        ("8点", "08:00"),
        ("8时5分", "08:05"),
    ],
)
def test_a_time_is_put_into_one_shape_when_she_leaves_it(qtbot: QtBot, typed: str, shape: str) -> None:
    field = TimeField("时间")
    qtbot.addWidget(field)
    field.line.insert(typed)
    field.line.editingFinished.emit()
    assert field.value() == shape
    assert said(field) == []


@pytest.mark.parametrize("typed", ["8点半左右", "25点", "8:5", "12345", "半"])
def test_what_is_no_time_is_said_and_stays(qtbot: QtBot, typed: str) -> None:
    field = TimeField("时间")
    qtbot.addWidget(field)
    field.line.insert(typed)
    field.line.editingFinished.emit()
    assert field.value() == typed
    assert said(field) == [f"「{typed}」不是一个时间。"]


def said(field: TimeField) -> list[str]:
    """What stands under the field."""
    return [
        label.text() for label in field.findChildren(QLabel) if not label.isHidden() and label.text() != field.label
    ]


def test_a_day_in_full_width_digits_is_a_day() -> None:
    assert read_day("２０２６年１１月２０日") == date(2026, 11, 20)


def test_a_day_in_another_shape_is_written_plainly_when_the_field_is_left(dressed, qtbot):
    field = DateField("日期")
    qtbot.addWidget(field)
    qtbot.keyClicks(field.line, "2026/1/5")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)

    assert field.value() == "2026-01-05"
    assert field.day() == date(2026, 1, 5)


def test_a_day_can_be_chosen_in_the_calendar_that_opens_on_the_fields_day(dressed, qtbot):
    field = DateField("日期")
    qtbot.addWidget(field)
    field.show()
    field.set_value("2026-11-20")
    qtbot.mouseClick(field.findChild(QPushButton), Qt.MouseButton.LeftButton)
    menu = QApplication.activePopupWidget()
    calendar = menu.findChild(QCalendarWidget)
    assert calendar.selectedDate() == QDate(2026, 11, 20)

    calendar.clicked.emit(QDate(2026, 11, 5))

    assert field.day() == date(2026, 11, 5)
    assert not menu.isVisible()


def test_the_wheel_over_a_list_of_answers_changes_none(dressed, qtbot):
    field = ChoiceField("情绪", Feeling, empty="未选")
    qtbot.addWidget(field)
    field.show()
    field.set_value(Feeling.CALM.value)
    middle = QPointF(field.box.rect().center())
    event = QWheelEvent(middle, field.box.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip
    QApplication.sendEvent(field.box, event)

    assert field.choice() is Feeling.CALM


def test_the_toolkits_own_words_are_chinese_too(dressed, qtbot):
    language.load(dressed)
    line = QLineEdit()
    qtbot.addWidget(line)
    menu = line.createStandardContextMenu()

    assert "撤消" in menu.actions()[0].text()


def test_a_score_pressed_again_is_taken_away(dressed, qtbot):
    field = ScoreField("自评")
    qtbot.addWidget(field)
    six = next(chip for chip in field.findChildren(QPushButton) if chip.text() == "6")

    qtbot.mouseClick(six, Qt.MouseButton.LeftButton)
    assert field.score() == 6
    qtbot.mouseClick(six, Qt.MouseButton.LeftButton)
    assert field.score() is None


def test_words_put_in_come_on_a_line_of_their_own_and_can_be_taken_back(dressed, qtbot):
    field = TextField("过程")
    qtbot.addWidget(field)
    qtbot.keyClicks(field.area, "abc")

    field.insert("布置：睡眠日记")
    assert field.value() == "abc\n布置：睡眠日记"

    field.area.undo()
    assert field.value() == "abc"


def _compose(widget: QWidget, uncommitted: str, committed: str = "") -> None:
    event = QInputMethodEvent(uncommitted, [])
    event.setCommitString(committed)
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize(("make", "inner"), [(lambda: LineField("主题"), "line"), (lambda: TextField("过程"), "area")])
def test_what_the_input_method_has_not_committed_counts_and_stands_in_its_place(dressed, qtbot, make, inner):
    field = make()
    qtbot.addWidget(field)
    field.show()
    widget = getattr(field, inner)
    field.set_value("𠮷前后")
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_End)
    qtbot.keyClick(widget, Qt.Key.Key_Left)
    seen = []
    field.changed.connect(lambda: seen.append(field.value()))

    _compose(widget, "shuimian")
    assert field.value() == "𠮷前shuimian后"
    assert set(seen) == {"𠮷前shuimian后"}
    seen.clear()

    _compose(widget, "", "睡眠")
    assert field.value() == "𠮷前睡眠后"
    assert set(seen) == {"𠮷前睡眠后"}, "no moment may show the words twice"


def test_running_text_grows_with_what_is_written(dressed, qtbot):
    field = TextField("过程", rows=3)
    qtbot.addWidget(field)
    field.resize(400, 100)
    field.show()
    before = field.area.height()

    field.set_value("\n".join("一二三" for _ in range(12)))

    assert field.area.height() > 2 * before


def test_tab_leaves_running_text(dressed, qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    first, second = TextField("过程"), LineField("计划")
    first.setParent(holder)
    second.setParent(holder)
    holder.show()
    qtbot.waitExposed(holder)
    holder.activateWindow()
    first.area.setFocus()

    qtbot.keyClick(first.area, Qt.Key.Key_Tab)

    assert first.value() == ""
    assert holder.focusWidget() is second.line


def _form(key: str = "note/1") -> tuple[Form, LineField, TextField]:
    form = Form(key)
    line, area = LineField("主题"), TextField("过程")
    form.add("topic", line)
    form.add("text", area)
    return form, line, area


def test_a_form_knows_whether_the_vault_holds_what_is_in_it(dressed, qtbot):
    form, line, area = _form()
    qtbot.addWidget(line)
    qtbot.addWidget(area)
    form.fill({"topic": "睡眠", "text": "", "of an older form": "x"})
    form.mark_saved()
    assert not form.is_dirty()

    qtbot.keyClicks(line.line, "1")
    assert form.is_dirty()
    qtbot.keyClick(line.line, Qt.Key.Key_Backspace)
    assert not form.is_dirty()
    assert form.values() == {"topic": "睡眠", "text": ""}


def test_a_password_is_never_part_of_a_form(dressed, qtbot):
    secret = SecretField("口令")
    qtbot.addWidget(secret)

    with pytest.raises(TypeError):
        Form("note/1").add("password", secret)


def test_the_first_wrong_field_comes_into_sight_and_gets_the_cursor(dressed, qtbot):
    page = Page("会谈记录")
    qtbot.addWidget(page)
    form = Form("note/1")
    for at in range(30):
        page.body.addWidget(form.add(str(at), LineField(f"第{at}栏")))
    page.resize(800, 400)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    last = form.fields["29"]
    assert last.visibleRegion().isEmpty()

    form.show_errors({"29": "不能为空。"})

    assert not last.visibleRegion().isEmpty()
    assert page.focusWidget() is last.widget
