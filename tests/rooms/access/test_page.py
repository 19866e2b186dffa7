"""The register's page: filtered, read as it is scrolled, printed, exported, checked; each print and export is in it at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.rooms.access import letter, store
from app.rooms.access.page.checking import ChainDialog
from app.rooms.access.page.choosing import StudentDialog
from app.rooms.access.page.register import AccessPage
from app.rooms.access.store import AccessFilter
from app.ui import fonts, theme
from app.ui.background import Background
from app.ui.cards import Row
from app.ui.exporting import ExportDialog
from app.ui.page import Route
from app.ui.printing import PrintDialog, Printer
from app.vault import bin
from tests.cups import PrintQueue, print_queue
from tests.documents.reading import words_of
from tests.rooms.access.conftest import NAMING, Told
from tests.rooms.access.test_store import fill as look_often
from tests.rooms.access.test_store import forget
from tests.ui.fake_notice import FakeNotice
from tests.ui.forwhom import MOTHER, fill
from tests.ui.widths import too_wide
from tests.vault.trail_tampering import KINDS, break_seals

__all__ = ["print_queue"]


@pytest.fixture
def notice() -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def page(told: Told, notice: FakeNotice, qapp: QApplication, qtbot: QtBot) -> Iterator[AccessPage]:
    fonts.load(qapp)
    theme.apply(qapp, theme.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1084, 660)
    background, printer = Background(), Printer(window, notice, told.vault)
    made = AccessPage(told.vault, notice, background, printer, NAMING)
    made.setParent(window)
    made.resize(1084, 660)
    window.show()
    made.arrive(Route("access"))
    yield made
    printer.close_all()
    background.stop_all()


def cells(page: AccessPage) -> list[tuple[str, ...]]:
    return [row.cells for row in page.table.model.rows]


def button(inside: QWidget, name: str) -> QAbstractButton:
    (found,) = (one for one in inside.findChildren(QAbstractButton) if one.accessibleName() == name)
    return found


def head(page: AccessPage, name: str) -> QAbstractButton:
    (found,) = (one for one in page.head_actions if one.accessibleName() == name)
    return found


def dialog(page: AccessPage, kind: type, qtbot: QtBot) -> QDialog:
    """The one of this kind that stands open, waited for."""
    found: list[QDialog] = []

    def there() -> bool:
        found[:] = [one for one in page.window().findChildren(kind) if one.isVisible()]
        return len(found) == 1

    qtbot.waitUntil(there, timeout=10_000)
    return found[0]


def test_it_shows_who_what_and_when(page: AccessPage) -> None:
    assert cells(page)[1] == ("2026-11-21 12:00", "打印", "单晓明 八(3)班", "学生档案", "接诊医院", "转介就诊")
    assert cells(page)[-1] == ("2026-11-20 10:00", "查阅", "程辰 九(2)班", "学生档案", "", "")
    assert page.context == "4 条"


@pytest.mark.parametrize("width", [704, 1084, 1600])
def test_nothing_falls_off_at_the_side(page: AccessPage, width: int, qtbot: QtBot) -> None:
    page.window().resize(width, 600)
    page.resize(width, 600)
    qtbot.waitUntil(lambda: page.table.width() < width)
    view = page.table.view
    assert too_wide(page) == []
    assert view.columnViewportPosition(5) + 60 < view.viewport().width()


def test_it_is_narrowed_and_says_when_nothing_fits(page: AccessPage, told: Told, qtbot: QtBot) -> None:
    page.deed.set_value("print")
    assert [row[1] for row in cells(page)] == ["打印"]
    page.deed.set_value("")
    page.first.set_value("2026-11-21")
    assert len(cells(page)) == 2
    page.last.set_value("2026-11")  # while a day is being typed
    assert len(cells(page)) == 2
    page.last.set_value("2026-11-01")
    assert page.nothing.isVisible()
    assert page.nothing.words_label.text() == "没有符合条件的登记"
    assert not head(page, "打印登记表").isEnabled()
    for field in (page.first, page.last):
        field.set_value("")
    assert len(cells(page)) == 4


def test_a_student_is_chosen_by_pinyin_and_let_go_again(page: AccessPage, told: Told, qtbot: QtBot) -> None:
    button(page, "学生：选一位").click()
    finder = dialog(page, StudentDialog, qtbot)
    finder.findChild(QLineEdit).setText("20260002")
    (row,) = (one for one in finder.findChildren(Row) if one.accessibleName().startswith("单晓明"))
    row.chosen.emit()
    assert {cell[2] for cell in cells(page)} == {"单晓明 八(3)班"}
    assert page.student.choose_button.text() == "单晓明 八(3)班"
    button(page, "学生：全部").click()
    assert len(cells(page)) == 4


def test_a_destroyed_student_is_found_by_the_number(page: AccessPage, told: Told, qtbot: QtBot) -> None:
    with told.vault.write("移到回收站") as session:
        bin.put(session.get_one(store.Student, told.cheng), told.vault.now())
    bin.destroy_files(told.vault, [told.cheng], "保管期已满", forget)
    page.reload()
    button(page, "学生：选一位").click()
    finder = dialog(page, StudentDialog, qtbot)
    for typed, found in (("99", []), (str(told.shan), []), (str(told.cheng), ["学生 1 号(已销毁)"])):
        finder.findChild(QLineEdit).setText(typed)
        QApplication.processEvents()
        names = [row.accessibleName() for row in finder.findChildren(Row) if row.isVisible()]
        assert [name for name in names if "号" in name] == found
    (row,) = (one for one in finder.findChildren(Row) if "已销毁" in one.accessibleName() and one.isVisible())
    row.chosen.emit()
    assert {cell[2] for cell in cells(page)} == {"学生 1 号(已销毁)"}


def test_a_long_one_is_read_as_it_is_scrolled(page: AccessPage, told: Told, qtbot: QtBot) -> None:
    look_often(told.vault, 300)
    page.reload()
    assert page.context == "304 条"
    assert len(cells(page)) == store.PAGE
    bar = page.table.view.verticalScrollBar()

    def scrolled_to_the_end() -> bool:
        bar.setValue(bar.maximum())
        return len(cells(page)) == 304

    qtbot.waitUntil(scrolled_to_the_end, timeout=10_000)
    assert cells(page)[-1][0] == "2026-11-20 10:00"
    assert len({row.key for row in page.table.model.rows}) == 304
    page.show_student(told.shan)
    page.deed.set_value("print")
    qtbot.waitUntil(lambda: not bar.isVisible(), timeout=10_000)


def test_printing_it_is_in_it(
    page: AccessPage, told: Told, notice: FakeNotice, print_queue: PrintQueue, qtbot: QtBot
) -> None:
    before = len(print_queue.papers())
    page.show_student(told.cheng)
    head(page, "打印登记表").click()
    asked = dialog(page, PrintDialog, qtbot)
    qtbot.waitUntil(lambda: asked.printer.isEnabled(), timeout=10_000)
    asked.printer.setCurrentText(print_queue.name)
    fill(asked, MOTHER)
    qtbot.mouseClick(asked.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: notice.toasts == ["已交给打印机。"], timeout=10_000)
    print_queue.wait_for(before + 1)
    page.reload()
    assert cells(page)[0] == ("2026-11-21 12:00", "打印", "程辰 九(2)班", "查阅登记表", "监护人", "签字确认")


def test_the_exported_one_says_what_the_screen_says(
    page: AccessPage, told: Told, notice: FakeNotice, qtbot: QtBot, tmp_path: Path
) -> None:
    with told.vault.read() as session:
        shown = told.vault.head(session)
    head(page, "导出登记表").click()
    asked = dialog(page, ExportDialog, qtbot)
    fill(asked)
    button(asked, "选择保存位置").click()
    dialog(page, QFileDialog, qtbot).fileSelected.emit(str(tmp_path / "登记.pdf"))
    said = "".join(words_of((tmp_path / "登记.pdf").read_bytes()))
    for words in ("单晓明", "接诊医院", "附件 画.png", "班主任", "全部学生", f"{shown[:4]} {shown[4:8]} {shown[8:]}"):
        assert words in said
    assert "已导出「登记.pdf」" in notice.toasts[0]
    page.reload()
    assert cells(page)[0][1:4] == ("导出", "", "查阅登记表")


def test_too_long_a_one_is_refused_with_the_way_out(
    page: AccessPage, told: Told, notice: FakeNotice, qtbot: QtBot
) -> None:
    look_often(told.vault, letter.MOST_ROWS)
    page.reload()
    head(page, "打印登记表").click()
    qtbot.waitUntil(lambda: bool(notice.told), timeout=10_000)
    assert notice.told[0].sentence == "这个范围有 1,004 条，一份登记表最多 1,000 条。"
    assert "缩小起止日期" in notice.told[0].next_step


class TestChecking:
    """The button 核对留痕."""

    @pytest.fixture
    def checking(self, page: AccessPage, qtbot: QtBot) -> ChainDialog:
        head(page, "核对留痕").click()
        return dialog(page, ChainDialog, qtbot)

    def said(self, checking: ChainDialog, typed: str, qtbot: QtBot) -> tuple[str, str]:
        checking.head.set_value(typed)
        button(checking, "开始核对").click()
        qtbot.waitUntil(checking.go_button.isEnabled, timeout=10_000)
        return checking.colour.text(), checking.said.text()

    def test_it_holds(self, checking: ChainDialog, told: Told, qtbot: QtBot) -> None:
        colour, words = self.said(checking, "", qtbot)
        assert colour == "对得上"
        assert words.startswith("从第 1 行到第 ")
        code = words.rpartition("链头是 ")[2].rstrip("。")
        colour, words = self.said(checking, code, qtbot)
        assert (colour, words[:6]) == ("对得上", "纸上的链头是")
        assert too_wide(checking) == []

    def test_a_head_that_is_none_is_said_at_once(self, checking: ChainDialog, qtbot: QtBot) -> None:
        self.said(checking, "", qtbot)
        self.said(checking, "12", qtbot)
        assert "应有 12 位" in checking.head._error.text()
        assert not checking.said.isVisible()
        assert self.said(checking, "0000 0000 0000", qtbot)[0] == "对不上"

    def test_a_changed_row_is_named(self, checking: ChainDialog, told: Told, qtbot: QtBot) -> None:
        from random import Random

        with told.vault._writing() as session, session.begin():  # past the door, as somebody else would
            break_seals(session)
            KINDS["edit"](session, 3, Random(1))
        colour, words = self.said(checking, "", qtbot)
        assert colour == "对不上"
        assert words.startswith("从第 3 行起对不上：有行被改动、删去、插入或调换过。请保留")

    def test_closed_meanwhile_nothing_is_said(self, checking: ChainDialog, page: AccessPage, qtbot: QtBot) -> None:
        button(checking, "开始核对").click()
        button(checking, "关闭").click()
        qtbot.waitUntil(lambda: not page._background.is_busy(), timeout=10_000)
        assert page.window().findChildren(ChainDialog) == []


def test_in_a_new_vault_it_says_what_will_stand_here(vault, qapp: QApplication, qtbot: QtBot) -> None:
    fonts.load(qapp)
    window = QWidget()
    qtbot.addWidget(window)
    page = AccessPage(vault, FakeNotice(), Background(), Printer(window, FakeNotice(), vault), NAMING)
    page.setParent(window)
    window.show()
    page.arrive(Route("access"))
    assert page.nothing.words_label.text() == "还没有登记"
    assert page._wanted == AccessFilter()
    assert not head(page, "导出登记表").isEnabled()
