"""The window: where one is, where one can go, and by keyboard alone; nothing is cut off, no name in its title."""

import threading
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt, QThread
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.cards import Card, Row, button, tag
from app.ui.changes import Changes
from app.ui.fields import LineField, TextField
from app.ui.jump import Found
from app.ui.page import MARGIN, Page, Route, UprightArea
from app.ui.window import Window
from app.vault.voiding import Voided
from tests.ui.widths import too_wide

FOUND = {
    "lxz": [
        Found("林晓舟", "八(3)班 · 20240317", Route("student", 1)),
        Found("刘晓珍", "七(1)班", Route("student", 2)),
    ],
    "没有的": [],
}


class FilePage(Page):
    """A page with columns, rows and fields, as rooms make them."""

    kinds = frozenset({"voided"})

    def __init__(self) -> None:
        super().__init__("林晓舟", "八(3)班 · 男 · 13 岁 · 学号 20240317")
        self.loads = 0
        self.print_button = self.add_action(button("打印"))
        self.note_button = self.add_action(button("新记录", primary=True))
        left, right = self.columns(3, 2)
        self.left, self.right = Card("时间线", "全部", flush=True), Card("监护人")
        row = Row("第3次会谈与一个很长很长的题目很长很长的题目", "主题：与母亲的冲突、睡眠、学业压力", lead="11月16日")
        row.add(tag("二级", "amber"))
        row.add(button("开始会谈"))
        self.left.add_row(row)
        self.first, self.second = LineField("姓名"), TextField("说明")
        self.right.body.addWidget(self.first)
        self.right.body.addWidget(self.second)
        left.addWidget(self.left)
        right.addWidget(self.right)

    def reload(self) -> None:
        self.loads += 1


@pytest.fixture
def window(dressed, qtbot):
    made = Window()
    qtbot.addWidget(made)
    made.set_names("启明中学", "心理辅导室")
    for place, label, icon in (
        ("students", "学生", "users"),
        ("notes", "会谈", "notebook-pen"),
        ("referrals", "转介", "send"),
    ):
        made.add_entry(place, label, icon)
    made.add_entry("settings", "设置", "settings", at_foot=True)
    made.resize(1280, 720)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


@pytest.fixture
def page(window):
    made = FilePage()
    window.show_page(made, "students")
    return made


def void_something(vault) -> None:
    with vault.write("作废") as session:
        session.add(Voided(kind="note", record_id=1, student_id=1, reason="写错", at=vault.now()))


def named(widget: QWidget, name: str) -> QPushButton:
    return next(found for found in widget.findChildren(QPushButton) if found.accessibleName() == name)


def test_the_title_of_the_window_names_nobody(window, page):
    assert window.windowTitle() == "静室"


def test_the_head_shows_the_page_in_front_and_only_its_actions(window, page):
    other = Page("转介", "3 份草稿")
    act = other.add_action(button("新转介", primary=True))
    assert page.print_button.isVisible()

    window.show_page(other, "referrals")
    assert act.isVisible()
    assert not page.print_button.isVisible()
    assert named(window, "转介").isChecked()

    other.set_head("转介", "2 份草稿")
    assert window._head._context.text() == "2 份草稿"
    window.show_page(page, "students")
    assert page.print_button.isVisible()
    assert not act.isVisible()


def test_a_line_of_the_sidebar_asks_for_its_place_and_counts_what_waits(window, page, qtbot):
    with qtbot.waitSignal(window.wanted) as wanted:
        qtbot.mouseClick(named(window, "转介"), Qt.MouseButton.LeftButton)
    assert wanted.args == ["referrals"]

    entry = window._side.entries["referrals"]
    entry.set_count(2)
    assert "2" in entry.accessibleDescription()
    entry.set_count(0)
    assert entry.accessibleDescription() == ""


def test_the_lock_is_one_click_away(window, qtbot):
    with qtbot.waitSignal(window.lock_wanted):
        qtbot.mouseClick(named(window, "锁定"), Qt.MouseButton.LeftButton)


def test_a_demo_vault_is_named_plainly(window):
    assert not window._banner.isVisible()
    window.set_demo(True)
    assert window._banner.isVisible()


def test_tab_follows_the_eye_from_the_sidebar_to_the_page(window, page, qtbot):
    named(window, "学生").setFocus()
    wanted = ["学生", "会谈", "转介", "设置", "锁定", "遮屏", "搜索", "打印", "新记录", "开始会谈", "姓名", "说明"]
    seen = []
    for _ in wanted:
        seen.append(window.focusWidget().accessibleName())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)

    assert seen == wanted


def test_a_page_that_comes_to_the_front_takes_the_keyboard_with_it(window, page, qtbot):
    assert page.isAncestorOf(window.focusWidget()) or window.focusWidget() is page
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert window.focusWidget().accessibleName() == "开始会谈"

    writing = Page("会谈记录")
    field = LineField("主题")
    writing.body.addWidget(field)
    field.setFocus()
    window.show_page(writing, "notes")
    assert window.focusWidget() is field.line


def test_ctrl_k_searches_as_one_types_and_enter_goes_there(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.jump

    qtbot.keyClicks(window.jump, "lxz")
    assert [found.title for found in window.jump.found()] == ["林晓舟", "刘晓珍"]
    assert window.jump.list.isVisible()
    qtbot.keyClick(window.jump, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.jump.chosen) as chosen:
        qtbot.keyClick(window.jump, Qt.Key.Key_Return)

    assert chosen.args == [Route("student", 2)]
    assert window.jump.text() == ""
    assert not window.jump.list.isVisible()


def test_a_found_line_can_be_clicked(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    window.jump.setFocus()
    qtbot.keyClicks(window.jump, "lxz")
    place = window.jump.list.visualRect(window.jump.list.model().index(1, 0)).center()

    with qtbot.waitSignal(window.jump.chosen) as chosen:
        qtbot.mouseClick(window.jump.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert chosen.args == [Route("student", 2)]


def test_esc_gives_up_searching_and_a_search_without_result_says_how_else_to_look(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    window.jump.setFocus()
    window.jump.setText("没有的")
    assert "没有找到" in window.jump.list.model().index(0, 0).data()
    qtbot.keyClick(window.jump, Qt.Key.Key_Return)
    assert window.jump.list.isVisible(), "Enter on nothing goes nowhere"

    qtbot.keyClick(window.jump, Qt.Key.Key_Escape)
    assert not window.jump.list.isVisible()
    assert window.jump.text() == ""


def test_hiding_the_window_leaves_nothing_of_the_search_on_the_screen(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    window.jump.setFocus()
    window.jump.setText("lxz")
    assert window.jump.list.isVisible()

    window.hide()

    assert window.jump.list.window() is window
    assert not window.jump.list.isVisible()


def test_after_the_lock_nothing_of_the_pages_is_left(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    window.jump.setText("lxz")
    with qtbot.waitSignal(page.destroyed):
        window.empty()

    assert window.page() is None
    assert window.jump.found() == []
    assert not any("林晓舟" in child.accessibleName() for child in window.findChildren(QWidget))
    assert window.findChildren(LineField) == []
    assert [act for act in window.findChildren(QPushButton) if act.accessibleName() == "打印"] == []


@pytest.mark.parametrize("size", [(1360, 860), (1280, 720), (900, 520)])
@pytest.mark.parametrize("scale", [1.0, 1.3])
def test_nothing_is_cut_off_sideways(window, page, qtbot, dressed, size, scale):
    page.set_head("欧阳晓舟与一个长得放不下的题目", "八(3)班 · 男 · 13 岁 · 学号 20240317 · 住校 · 由班主任转来")
    theme.apply(dressed, theme.LIGHT, scale)
    window.resize(*size)
    qtbot.waitUntil(lambda: (window.width(), window.height()) == size)
    QApplication.processEvents()

    assert too_wide(window) == []
    for action in page.head_actions:
        right = action.mapTo(window, QPoint(action.width(), 0)).x()
        assert right <= window.width()
        assert action.width() >= action.sizeHint().width()


def test_the_window_follows_a_change_of_text_size_at_once(window, page, qtbot, dressed):
    width, height = window._side.width(), window._head.height()

    theme.apply(dressed, theme.LIGHT, 1.3)

    qtbot.waitUntil(lambda: window._side.width() == round(width * 1.3))
    assert window._head.height() == round(height * 1.3)


def test_the_measure_of_width_sees_what_is_cut_off(dressed, qtbot):
    page = Page("太宽")
    wide = QWidget()
    wide.setMinimumWidth(900)
    page.body.addWidget(wide)
    qtbot.addWidget(page)
    page.resize(400, 300)
    page.show()

    assert too_wide(page) != []


def test_columns_stand_side_by_side_on_a_wide_page_and_one_under_the_other_on_a_narrow_one(window, page, qtbot):
    assert page.left.y() == page.right.y()
    assert page.left.x() < page.right.x()

    window.resize(900, 600)
    qtbot.waitUntil(lambda: page.left.x() == page.right.x())
    assert page.left.y() < page.right.y()


def test_cards_keep_their_place_when_the_scroll_bar_appears(window, page, qtbot):
    def edges() -> tuple[int, int]:
        return (page.left.mapTo(page, QPoint(0, 0)).x(), page.right.mapTo(page, QPoint(page.right.width(), 0)).x())

    before = edges()
    assert before == (MARGIN, page.width() - MARGIN)
    page.second.set_value("\n".join("字" for _ in range(60)))
    qtbot.waitUntil(page._scrolling.verticalScrollBar().isVisible)

    qtbot.waitUntil(lambda: edges() == before)


def test_the_found_list_ends_where_the_box_ends(window, page, qtbot):
    window.jump.serve(lambda words: FOUND.get(words, []))
    window.jump.setFocus()
    window.jump.setText("lxz")

    right = window.jump.mapTo(window, QPoint(window.jump.width(), 0)).x()
    assert window.jump.list.geometry().right() + 1 == right


def test_columns_whose_content_has_no_room_side_by_side_stack_on_a_wide_page_too(window, page, qtbot):
    wide = QWidget()
    wide.setMinimumSize(700, 40)
    page.right.body.addWidget(wide)

    qtbot.waitUntil(lambda: page.left.x() == page.right.x())
    assert too_wide(window) == []
    wide.setMinimumWidth(100)
    window.resize(1300, 720)
    qtbot.waitUntil(lambda: page.left.x() < page.right.x())


def test_a_change_in_the_vault_reloads_the_page_in_front_and_the_others_when_they_are_shown(window, page, vault, qtbot):
    changes = Changes(vault)
    hidden = FilePage()
    window.show_page(hidden, "notes")
    window.show_page(page, "students")
    for made in (page, hidden):
        changes.changed.connect(made.note_change)

    with qtbot.waitSignal(changes.changed):
        void_something(vault)
    assert (page.loads, hidden.loads) == (1, 0)
    window.show_page(hidden, "notes")
    assert hidden.loads == 1
    window.show_page(page, "students")
    assert page.loads == 1


def test_a_change_of_another_kind_reloads_nothing(page):
    page.note_change(frozenset({"student"}))

    assert page.loads == 0


def test_a_change_on_another_thread_is_told_on_the_windows_thread(vault, qtbot, qapp):
    changes, heard = Changes(vault), []
    changes.changed.connect(lambda kinds: heard.append((kinds, QThread.currentThread() == qapp.thread())))
    thread = threading.Thread(target=void_something, args=(vault,))
    thread.start()
    thread.join()
    assert heard == []

    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0][1] is True
    assert heard[0][0] == frozenset({"voided"})


def test_a_row_that_leads_somewhere_can_be_reached_and_opened_by_mouse_and_keyboard(dressed, qtbot):
    row = Row("第3次会谈", "已签")
    qtbot.addWidget(row)
    row.show()
    chosen = []
    row.chosen.connect(lambda: chosen.append(1))
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert chosen == []

    row.make_clickable("打开第3次会谈")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    qtbot.keyClick(row, Qt.Key.Key_Space)
    qtbot.keyClick(row, Qt.Key.Key_Return)
    assert len(chosen) == 3
    assert row.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_the_sidebar_keeps_its_order(window):
    places = [entry.y() for entry in window._side.entries.values()]

    assert all(above < below for above, below in pairwise(places))


def test_an_action_that_is_not_offered_stays_away_when_its_page_comes_back(window, page):
    page.offer(page.print_button, False)
    assert not page.print_button.isVisible()
    other = FilePage()
    window.show_page(other, "notes")
    page.offer(page.note_button, False)
    page.offer(page.print_button, True)
    assert page.print_button.parentWidget() is None
    window.show_page(page, "students")
    assert page.print_button.isVisible()
    assert not page.note_button.isVisible()


def test_tab_goes_as_the_eye_does_through_what_was_put_in_later(window, qtbot):
    page = FilePage()
    window.show_page(page, "students")
    window.show()
    late = button("后来的")
    page.left.body.insertWidget(0, late)
    qtbot.waitUntil(lambda: late in page._stops)
    late.setFocus()
    came_by = []
    while not isinstance(QApplication.focusWidget(), QPushButton) or QApplication.focusWidget() in page.left.findChildren(
        QPushButton
    ):
        came_by.append(QApplication.focusWidget())
        assert window.focusNextChild()
    assert came_by[0] is late
    assert [w for w in came_by if not isinstance(w, QPushButton)] == [page.first.line, page.second.area]


def test_a_column_that_scrolls_is_never_narrower_than_what_stands_in_it(dressed, qtbot):
    inside = QWidget()
    column = QVBoxLayout(inside)
    area = UprightArea(inside)
    qtbot.addWidget(area)
    area.show()
    wide = button("一个很长很长很长很长很长的按钮")
    column.addWidget(wide)
    qtbot.waitUntil(lambda: area.minimumSizeHint().width() > wide.minimumSizeHint().width())


def test_a_new_page_begins_where_it_has_put_the_cursor(window, page):
    wanted = FilePage()
    wanted.second.setFocus()
    window.show_page(wanted, "students")
    assert wanted.second.isAncestorOf(window.focusWidget())
