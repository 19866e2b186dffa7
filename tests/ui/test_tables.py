"""Lists: 5,000 rows, sorting that keeps the chosen record, the keyboard, and an empty state that offers the first act."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolTip

from app.ui.cards import EmptyState
from app.ui.tables import ROW_HEIGHT, Table, TableRow


@pytest.fixture
def table(dressed, qtbot):
    empty = EmptyState("还没有学生", "导入学校的名单，学生就会出现在这里。", "导入名单")
    made = Table("学生", ["姓名", "班级", "次数"], empty, [140, 120])
    made.make_sortable()
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def rows(count: int) -> list[TableRow]:
    return [
        TableRow(100 + at, (f"生{at % 7}", f"八({at % 9})班", str(at)), sort_keys=(f"{at % 7}", at % 9, at))
        for at in range(count)
    ]


def shown(table: Table, column: int = 2) -> list[str]:
    model = table.view.model()
    return [model.index(at, column).data() for at in range(model.rowCount())]


def test_the_empty_state_says_what_will_be_here_and_its_act_is_asked_for(table, qtbot):
    table.show_rows([])
    assert table.empty.isVisible()
    assert not table.view.isVisible()

    with qtbot.waitSignal(table.empty.wanted):
        qtbot.mouseClick(table.empty.findChild(QPushButton), Qt.MouseButton.LeftButton)

    table.show_rows(rows(1))
    assert table.view.isVisible()


def test_a_click_on_a_header_sorts_as_the_column_means_it_a_third_gives_back_the_first_order(table, qtbot):
    table.show_rows(rows(12))
    header = table.view.horizontalHeader()
    at = header.viewport()
    place = header.sectionViewportPosition(2) + 10

    def click() -> None:
        qtbot.mouseClick(at, Qt.MouseButton.LeftButton, pos=QPoint(place, 10))

    click()
    assert shown(table) == [str(n) for n in range(12)], "numbers sort as numbers, not as words"
    click()
    assert shown(table) == [str(n) for n in reversed(range(12))]
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert shown(table) != [str(n) for n in range(12)]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert shown(table) == [str(n) for n in range(12)]


def test_sorting_and_showing_again_keep_the_chosen_record_and_the_order(table):
    table.show_rows(rows(12))
    table.view.selectRow(5)
    assert table.current() == 105

    table.view.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert table.current() == 105
    assert table.view.selectionModel().selectedRows()[0].row() == 6

    table.show_rows(rows(20))
    assert shown(table)[0] == "19"
    assert table.current() == 105


def test_the_keyboard_goes_through_the_rows_and_enter_opens(table, qtbot):
    table.show_rows(rows(5))
    table.view.setFocus()
    picked = []
    table.picked.connect(picked.append)
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    qtbot.keyClick(table.view, Qt.Key.Key_Down)

    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table.view, Qt.Key.Key_Return)

    assert opened.args == [picked[-1]]
    assert picked[-1] == table.current()


def test_rows_are_high_enough_to_hit_and_the_last_column_ends_at_the_edge(table):
    table.show_rows(rows(3))

    assert table.view.rowHeight(0) == ROW_HEIGHT == 40
    assert table.view.horizontalHeader().length() <= table.view.viewport().width()


def test_each_cell_is_read_aloud_by_its_words(table):
    table.show_rows(rows(1))

    assert table.view.accessibleName() == "学生"
    assert table.model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "八(0)班"


def test_five_thousand_rows_are_all_there(table):
    table.show_rows(rows(5000))
    table.view.scrollToBottom()

    assert table.model.rowCount() == 5000
    assert table.view.rowAt(table.view.viewport().height() - 5) == 4999


def test_what_is_void_is_struck_through_in_the_columns_named(table):
    table.show_rows([TableRow(1, ("甲", "乙", "作废"), struck=range(2)), TableRow(2, ("丙", "丁", ""))])

    def struck(row, column):
        font = table.model.data(table.model.index(row, column), Qt.ItemDataRole.FontRole)
        return font is not None and font.strikeOut()

    assert [[struck(row, column) for column in range(3)] for row in range(2)] == [[True, True, False], [False] * 3]


def test_a_narrow_table_gives_way_as_far_as_its_words_allow_and_then_scrolls_sideways(table):
    table.show_rows(rows(3))
    header, view = table.view.horizontalHeader(), table.view
    whole = [header.sectionSize(at) for at in range(header.count() - 1)]
    for width in (900, 600, 330, 260, 200):
        table.resize(width, 300)
        QApplication.processEvents()
        for at in range(header.count()):
            words = max(view.sizeHintForColumn(at), header.sectionSizeHint(at))
            assert header.sectionSize(at) >= words, (width, at)
        scrolls = view.horizontalScrollBar().maximum()
        assert scrolls == max(0, header.length() - view.viewport().width())  # what is cut off can be reached
        assert (scrolls > 0) is (width < 300)
    table.resize(900, 300)
    QApplication.processEvents()
    assert [header.sectionSize(at) for at in range(header.count() - 1)] == whole


def test_a_column_she_made_wider_stays_so(table):
    table.show_rows(rows(3))
    header = table.view.horizontalHeader()
    header.resizeSection(0, 300)
    table.resize(table.width() + 200, 400)
    QApplication.processEvents()
    assert header.sectionSize(0) == 300


def test_only_words_that_are_cut_off_are_shown_over_the_cell(table):
    table.show_rows(rows(3))
    header, view = table.view.horizontalHeader(), table.view

    def asked(column: int) -> bool:
        spot = view.visualRect(view.model().index(0, column)).center()
        QToolTip.hideText()
        QApplication.sendEvent(
            view.viewport(), QHelpEvent(QEvent.Type.ToolTip, spot, view.viewport().mapToGlobal(spot))
        )
        return QToolTip.isVisible()

    assert not asked(0)
    header.resizeSection(0, 30)
    assert asked(0)
    QToolTip.hideText()


def test_a_row_that_nobody_chose_is_not_acted_on(table, qtbot):
    """The cursor that comes to a table stands on its first row; what is done to the chosen one is not done to that."""
    table.show_rows(rows(3))
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    assert table.current() is None
    qtbot.keyClick(table.view, Qt.Key.Key_Down)
    assert table.current() is not None


def test_a_long_list_is_not_read_from_end_to_end_before_it_is_seen(dressed, qtbot):
    made = Table("学生", ["姓名", "班级", "次数"], EmptyState("", ""), [140, 120])
    qtbot.addWidget(made)
    asked, data = set(), made.model.data

    def count(index, role=Qt.ItemDataRole.DisplayRole):
        asked.add(index.row())
        return data(index, role)

    made.model.data = count
    made.show_rows(rows(5000))
    made.resize(300, 400)
    made.show()
    qtbot.waitExposed(made)
    assert 0 < len(asked) < 100
