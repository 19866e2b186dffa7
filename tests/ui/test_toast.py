"""A toast hides nothing she wants to press, follows the window, and goes at a click."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QScrollArea, QWidget

from app.ui.notice import Notice
from app.ui.toast import Toast

WORDS = "已移到回收站。"


@pytest.fixture
def window(qtbot, dressed):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 520)
    made.show()
    return made


def toast(window):
    (shown,) = [toast for toast in window.findChildren(Toast) if toast.isVisible()]
    return shown


def at(window, kind, *rect):
    made = kind(window)
    made.setGeometry(*rect)
    made.show()
    return made


def test_it_stands_at_the_foot_where_nothing_is(window):
    Notice(window).toast(WORDS)
    shown = toast(window)
    assert shown.geometry().center().x() in range(440, 460)
    assert window.height() - shown.geometry().bottom() < 40


def test_it_gives_way_to_buttons_at_the_foot_also_to_those_of_the_page_she_is_taken_to(window, qtbot):
    Notice(window).toast(WORDS)
    foot = [at(window, QPushButton, left, 460, 260, 40) for left in (20, 320, 620)]
    shown = toast(window)
    qtbot.waitUntil(lambda: not [button for button in foot if button.geometry().intersects(shown.geometry())])
    assert shown.geometry().bottom() > window.height() // 2
    window.resize(880, 500)
    assert not [button for button in foot if button.geometry().intersects(shown.geometry())]


def test_what_is_scrolled_out_of_sight_takes_no_room(window):
    area = at(window, QScrollArea, 0, 0, 900, 300)
    inside = QWidget()
    inside.resize(880, 900)
    at(inside, QPushButton, 0, 450, 880, 60)
    area.setWidget(inside)
    Notice(window).toast(WORDS)
    assert window.height() - toast(window).geometry().bottom() < 40


def test_it_gives_way_when_a_button_is_scrolled_under_it(window, qtbot):
    area = at(window, QScrollArea, 0, 0, 900, 520)
    inside = QWidget()
    inside.resize(880, 2000)
    button = at(inside, QPushButton, 300, 1000, 300, 60)
    area.setWidget(inside)
    Notice(window).toast(WORDS)
    shown = toast(window)
    before = shown.geometry()
    area.verticalScrollBar().setValue(1000 - before.top())

    def there():
        return QRect(button.mapTo(window, QPoint(0, 0)), button.size())

    assert there().intersects(before)
    qtbot.waitUntil(lambda: not there().intersects(shown.geometry()))


def test_where_all_is_writing_it_still_hides_no_button(window):
    at(window, QPlainTextEdit, 0, 0, 900, 520)
    foot = at(window, QPushButton, 300, 460, 300, 40)
    Notice(window).toast(WORDS)
    shown = toast(window)
    assert not foot.geometry().intersects(shown.geometry())
    assert QRect(QPoint(0, 0), window.size()).contains(shown.geometry())


def test_a_click_on_it_sends_it_away(window, qtbot):
    undone = []
    Notice(window).toast(WORDS, "撤销", lambda: undone.append(1))
    shown = toast(window)
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=shown.mapTo(window, QPoint(30, 20)))
    qtbot.waitUntil(lambda: not window.findChildren(Toast))
    assert undone == []
