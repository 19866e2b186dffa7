"""Hostile and strange text on the screen: nothing reorders a label, nothing is lost unsaid, nothing widens a list."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from app.rooms.referrals.page.options import OptionsField as Hospitals
from app.ui.cards import EmptyState, Row, button, tag, text
from app.ui.fields import LineField, TextField
from app.ui.fields import OptionsField as Guardians
from app.ui.jump import Found
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.ui.window import Window
from tests.ui.widths import too_wide

NAME = "程\u202e辰"
MARKED = "程⟦U+202E⟧辰"
LONG = "欧阳" * 30


@pytest.fixture
def half(dressed, qtbot) -> str:
    """The clipboard holds half of 𠮷 between a and b, as a broken program leaves it."""
    source = QLineEdit()
    qtbot.addWidget(source)
    source.setMaxLength(2)
    source.setText("a𠮷")
    source.setMaxLength(9)
    source.insert("b")
    source.selectAll()
    source.copy()
    return "a\ufffdb"


def said(field) -> list[str]:
    return [label.text() for label in field.findChildren(QLabel) if not label.isHidden() and label.text()]


@pytest.mark.parametrize("control", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"])
def test_what_turns_the_reading_direction_is_seen_on_every_kind_of_label(dressed, qtbot, control):
    row = Row(f"监护人{control}", f"电话{control}")
    made = [text(control), tag(control), button(control), row.title_label, row.detail_label]
    changed = text("")
    changed.setText(f"名{control}")

    for widget in [*made, changed]:
        qtbot.addWidget(widget)
        assert control not in widget.text()
        assert f"⟦U+{ord(control):04X}⟧" in widget.text()


def test_lists_and_the_head_of_the_window_show_the_mark(dressed, qtbot):
    table = Table("监护人", ["姓名"], EmptyState("没有"))
    qtbot.addWidget(table)
    table.show_rows([TableRow(1, (NAME,))])
    assert table.view.model().index(0, 0).data() == MARKED

    window = Window()
    qtbot.addWidget(window)
    window.show_page(Page(NAME, NAME), "x")
    assert [w.text() for w in window.findChildren(QLabel) if "程" in w.text()] == [MARKED, MARKED]

    window.jump.serve(lambda words: [Found(NAME, NAME, Route("student", 1, 1))])
    window.jump.setText("c")
    assert window.jump.list.model().index(0, 0).data() == MARKED
    assert [(found.title, found.detail) for found in window.jump.found()] == [(MARKED, MARKED)]


def test_other_writing_is_shown_as_it_is(dressed, qtbot):
    for words in ("👨‍👩‍👧‍👦", "e\u0301\u0301", "𠮷𱍐", "  前后  ", "محمد", "a\u200fb"):
        label = text(words)
        qtbot.addWidget(label)
        assert label.text() == words


@pytest.mark.parametrize("make", [LineField, TextField])
def test_a_pasted_half_character_becomes_a_sign_and_the_field_says_so(half, qtbot, make):
    field = make("姓名")
    qtbot.addWidget(field)
    field.set_value("𠮷前")
    edit = field.widget
    edit.paste() if isinstance(edit, QPlainTextEdit) else (edit.end(False), edit.paste())

    assert sorted(field.value()) == sorted(f"𠮷前{half}")
    assert "有 1 个无法保存的字符，已换成 �。" in said(field)

    edit.undo()
    edit.undo()
    field.set_value("程辰")
    assert said(field) == ["姓名"], "the sentence goes when she writes on"


@pytest.mark.parametrize("make", [LineField, TextField])
def test_pasted_nul_characters_are_counted(dressed, qtbot, make):
    data = QMimeData()
    data.setText("一\0𠮷\0二")
    QGuiApplication.clipboard().setMimeData(data)
    field = make("备注")
    qtbot.addWidget(field)
    told = []
    field.changed.connect(lambda: told.append(field.value()))
    field.widget.paste()

    assert field.value() == told[-1] == "一\ufffd𠮷\ufffd二"
    assert "有 2 个无法保存的字符，已换成 �。" in said(field)


@pytest.mark.parametrize("make", [LineField, TextField])
def test_pasting_what_can_be_saved_says_nothing(dressed, qtbot, make):
    field = make("备注")
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText("👨‍👩‍👧‍👦 𠮷𪛖 e\u0301\u0301 \u202e 王")
    field.widget.paste()

    assert field.value() == "👨‍👩‍👧‍👦 𠮷𪛖 e\u0301\u0301 \u202e 王"
    assert said(field) == ["备注"]


def test_a_text_of_ten_megabytes_is_pasted_whole(dressed, qtbot):
    words = "睡眠不好，怕考试。" * 400_000 + "\0"
    field = TextField("主述")
    qtbot.addWidget(field)
    data = QMimeData()
    data.setText(words)
    field.area.insertFromMimeData(data)

    assert field.value() == words.replace("\0", "\ufffd")


def test_very_long_names_end_in_dots_and_widen_nothing(dressed, qtbot):
    window = Window()
    qtbot.addWidget(window)
    window.resize(900, 520)
    page = Page(LONG, LONG)
    table = Table("学生", ["姓名", "班级"], EmptyState("没有"), [140, 100])
    page.body.addWidget(table)
    page.body.addWidget(Row(LONG, LONG))
    guardians, hospitals = Guardians("监护人", [("1", LONG)]), Hospitals("机构")
    hospitals.offer([("1", LONG)])
    page.body.addWidget(guardians)
    page.body.addWidget(hospitals)
    window.show_page(page, "x")
    window.jump.serve(lambda words: [Found(LONG, LONG, Route("student", 1, 1)), Found("程辰", LONG, Route("x"))])
    window.show()
    table.show_rows([TableRow(1, (LONG, LONG)), TableRow(2, ("程辰", "八(3)班"))])
    window.jump.setFocus()
    window.jump.setText("o")
    qtbot.waitUntil(window.jump.list.isVisible)

    assert window.width() == 900
    assert too_wide(window) == []
    assert table.view.columnWidth(0) == 140
    assert table.view.horizontalHeader().length() <= table.view.viewport().width()
    found = window.jump.list
    assert window.rect().contains(found.geometry())
    assert found.horizontalScrollBar().maximum() == 0
