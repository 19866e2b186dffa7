"""The import's screen, driven by accessible names: a file, its preview, ticks, columns, undo, what goes back to the office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import python_calamine
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QPushButton, QTabBar, QTableView, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.rooms.students import remembered, roster, store
from app.rooms.students.page.roster import RosterPage
from app.rooms.students.record import Student
from app.ui.background import Background
from app.ui.exporting import ExportDialog
from app.ui.page import Route
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Link
from app.vault.vault import Vault
from tests.rooms.students import lists
from tests.ui.asking import named, press, words_of
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401
from tests.ui.fake_notice import FakeNotice
from tests.ui.forwhom import fill
from tests.ui.widths import too_wide

CASES = Path(__file__).parents[2] / "cases"
HEAD = ["学号", "姓名", "性别", "班级", "号码"]
ROWS = [["01", "林晓舟", "女", "八(3)班", "A1"], ["02", "周可", "男", "八(3)班", "A2"], ["03", "", "男", "八(3)班", ""]]


@pytest.fixture
def notice() -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    jobs = Background()
    yield jobs
    jobs.stop_all()


@pytest.fixture
def page(dressed: QApplication, vault: Vault, notice: FakeNotice, background: Background, qtbot: QtBot) -> RosterPage:  # noqa: F811
    made = RosterPage(vault, notice, background)
    qtbot.addWidget(made)
    made.resize(1084, 640)
    made.show()
    return made


def read(page: RosterPage, background: Background, qtbot: QtBot, path: Path) -> None:
    page.read_file(path)
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)


def tabs(page: RosterPage) -> list[str]:
    bar = named(page, "名单的各部分", QTabBar)
    return [bar.tabText(at) for at in range(bar.count())]


def show_tab(page: RosterPage, label: str) -> None:
    bar = named(page, "名单的各部分", QTabBar)
    bar.setCurrentIndex(next(at for at in range(bar.count()) if bar.tabText(at).startswith(label)))


def cells(page: RosterPage, name: str) -> list[list[Any]]:
    model = named(page, name, QTableView).model()
    return [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]


def head(page: RosterPage, name: str) -> QPushButton:
    """A button that the page hands to the window's head."""
    return next(button for button in page.head_actions if button.accessibleName() == name)


def take(page: RosterPage, background: Background, qtbot: QtBot) -> None:
    head(page, "导入").click()
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)


def known(vault: Vault) -> list[str]:
    with vault.read() as session:
        return [student.name for student in store.listing(session, store.StudentFilter())]


def test_an_empty_page_says_what_to_do(page: RosterPage) -> None:
    assert "选择学校的班级名单" in words_of(page)
    assert named(page, "选择文件", QPushButton).isEnabled()
    assert too_wide(page) == []


def test_the_whole_way_of_the_schools_list(
    page: RosterPage, vault: Vault, background: Background, qtbot: QtBot
) -> None:
    read(page, background, qtbot, CASES / "roster.xlsx")
    assert tabs(page) == ["新增 1,782", "问题行 12", "重复 3", "列的对应"]
    assert head(page, "导入").text() == "导入 1,782 人"
    assert "Sheet旧" in words_of(page)
    show_tab(page, "问题行")
    assert cells(page, "问题行")[1][:3] == ["七年级", "447", "没有姓名"]
    assert too_wide(page) == []
    take(page, background, qtbot)
    assert "新增 1,782 名学生" in words_of(page)
    assert len(known(vault)) == 1782
    with qtbot.waitSignal(page.went) as went:
        press(page, "查看学生名单")
    assert went.args == [Route("students")]
    press(page, "撤销这次导入")
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)
    assert known(vault) == []
    assert "选择学校的班级名单" in words_of(page)


def test_ticks_by_mouse_keyboard_and_all_at_once(
    page: RosterPage, vault: Vault, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    read(page, background, qtbot, lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]}))
    table = named(page, "新增", QTableView)
    press(page, "全不选")
    assert not head(page, "导入").isEnabled()
    table.setFocus()
    table.setCurrentIndex(table.model().index(1, 3))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert head(page, "导入").text() == "导入 1 人"
    box = table.visualRect(table.model().index(0, 0))
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box.topLeft() + QPoint(24, 20))
    assert head(page, "导入").text() == "导入 2 人"
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_Space)
    take(page, background, qtbot)
    assert known(vault) == ["周可"]


def test_a_changed_and_a_renamed_student(
    page: RosterPage, vault: Vault, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    with vault.write("新增学生") as session:
        store.add(session, Student(student_no="01", name="林小舟", grade=7, class_no=3))
        store.add(session, Student(student_no="02", name="周可", grade=7, class_no=3))
        store.add(session, Student(student_no="09", name="不在", grade=8, class_no=3))
    read(page, background, qtbot, lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]}))
    assert tabs(page) == ["新增 0", "有变化 1", "改名 1", "问题行 1", "名单里没有 1", "列的对应"]
    assert cells(page, "有变化")[0][-1].startswith("班级 七(3)班 → 八(3)班；性别 男")
    show_tab(page, "改名")
    assert cells(page, "改名")[0][1:4] == ["林小舟", "林晓舟", "01"]
    assert head(page, "导入").text() == "导入 1 人"
    press(page, "全选")
    take(page, background, qtbot)
    assert sorted(known(vault)) == ["不在", "周可", "林晓舟"]


def test_a_column_is_corrected_and_remembered(
    page: RosterPage, vault: Vault, notice: FakeNotice, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    path = lists.xlsx(
        tmp_path / "a.xlsx", {"s": [["学号", "姓名", "班级", "甲", "号码"], ["01", "林晓舟", "八(3)班", "女", "A1"]]}
    )
    read(page, background, qtbot, path)
    assert "还不知道哪一列是性别" in words_of(page)
    assert not head(page, "导入").isEnabled()
    for column, meaning in (("甲", "性别"), ("号码", "宿舍")):
        box = named(page, f"「{column}」一列是", QComboBox)
        box.setCurrentIndex(box.findText(meaning))
        box.activated.emit(box.currentIndex())
        qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)
    assert head(page, "导入").text() == "导入 1 人"
    press(page, "记住这个对应")
    assert [problem.sentence for problem in notice.told] == ["没有写名称。"]
    named(page, "名册的名称").setText("宿管名册")  # type: ignore[attr-defined]
    press(page, "记住这个对应")
    assert notice.toasts == ["已记住「宿管名册」的对应。"]
    read(page, background, qtbot, path)
    assert "按记住的「宿管名册」读取" in words_of(page)
    take(page, background, qtbot)
    with vault.read() as session:
        found = store.by_number(session, "01")
    assert found is not None
    assert found.dorm == "A1"


def test_a_remembered_mapping_is_renamed_removed_and_taken_back(
    page: RosterPage, vault: Vault, notice: FakeNotice, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    path = lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]})
    read(page, background, qtbot, path)
    for name in ("宿管名册", "教务处名册"):
        remembered.remember(vault, name, roster.preview(vault, path).mapping)
    head(page, "不导入这份名单").click()
    assert "选择学校的班级名单" in words_of(page)
    assert not named(page, "给名册「宿管名册」改名", QPushButton).isEnabled()
    line = named(page, "名册「宿管名册」的名称", QLineEdit)
    line.setText("教务处名册")
    press(page, "给名册「宿管名册」改名")
    assert [problem.sentence for problem in notice.told] == ["已经记住了一个叫「教务处名册」的对应。"]
    line.setText("宿舍楼名册")
    press(page, "给名册「宿管名册」改名")
    press(page, "移除名册「教务处名册」")
    assert roster.preview(vault, path).remembered == "宿舍楼名册"
    press(page, "移除名册「宿舍楼名册」")
    assert roster.preview(vault, path).remembered == ""
    assert "记住的名册" not in words_of(page)
    notice.press_undo()
    assert roster.preview(vault, path).remembered == "宿舍楼名册"
    assert too_wide(page) == []


def test_a_name_being_written_outlasts_a_correction(
    page: RosterPage, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    read(page, background, qtbot, lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]}))
    show_tab(page, "列的对应")
    named(page, "名册的名称", QLineEdit).setText("宿管名册")
    for meaning in ("宿舍", "学籍号"):  # the second before the first has been read
        box = named(page, "「号码」一列是", QComboBox)
        box.setCurrentIndex(box.findText(meaning))
        box.activated.emit(box.currentIndex())
    assert not head(page, "导入").isEnabled()
    qtbot.waitUntil(head(page, "导入").isEnabled, timeout=10_000)
    assert named(page, "「号码」一列是", QComboBox).currentText() == "学籍号"
    assert named(page, "名册的名称", QLineEdit).text() == "宿管名册"


def test_a_file_that_is_no_list_is_told_and_the_page_waits_again(
    page: RosterPage, notice: FakeNotice, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04")
    read(page, background, qtbot, tmp_path / "a.xlsx")
    assert notice.told[0].sentence.startswith("这个表格太大或已损坏")
    assert "选择学校的班级名单" in words_of(page)


def test_a_file_is_dropped_on_the_page(page: RosterPage, background: Background, qtbot: QtBot, tmp_path: Path) -> None:
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]})))])
    event = QDropEvent(
        QPointF(10, 10), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    page.dropEvent(event)
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)
    assert tabs(page)[0] == "新增 2"


def test_the_file_is_asked_for_with_qts_own_dialog_that_a_lock_can_close(page: RosterPage) -> None:
    press(page, "选择文件")
    (dialog,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible())
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.close()


def test_reading_is_given_up(
    page: RosterPage, background: Background, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from app.rooms.students.classlist import child

    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(60)", encoding="utf-8")
    monkeypatch.setattr(child, "__file__", str(slow))
    page.read_file(CASES / "roster.xlsx")
    assert "正在读取" in words_of(page)
    press(page, "取消")
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=5_000)
    assert "选择学校的班级名单" in words_of(page)


def test_the_problem_rows_are_exported_where_she_says(
    page: RosterPage, vault: Vault, notice: FakeNotice, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    read(page, background, qtbot, lists.xlsx(tmp_path / "名册.xlsx", {"s": [HEAD, *ROWS]}))
    show_tab(page, "问题行")
    press(page, "导出问题行")
    asked = page.findChild(ExportDialog)
    fill(asked, ForWhom("教务处", "核对名单"))
    press(asked, "选择保存位置")
    (dialog,) = (w for w in QApplication.topLevelWidgets() if isinstance(w, QFileDialog) and w.isVisible())
    dialog.fileSelected.emit(str(tmp_path / "back.xlsx"))
    dialog.close()
    found = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "back.xlsx")).get_sheet_by_index(0).to_python()
    assert found[2] == ["4", "没有姓名", "03", "", "男", "八(3)班"]
    assert "已导出 1 行" in notice.toasts[0]
    with vault.read() as session:
        links = session.scalars(select(Link).where(Link.what == "导出名册问题行", Link.act == "export")).all()
        said = outgoing.told(session, [link.seq for link in links])
    assert [(row.title, row.to_whom, row.purpose) for row in said.values()] == [("名册问题行", "教务处", "核对名单")]


def test_undo_says_whose_files_stay(
    page: RosterPage, vault: Vault, notice: FakeNotice, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    read(page, background, qtbot, lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]}))
    take(page, background, qtbot)
    with vault.write("改") as session:
        student = store.by_number(session, "01")
        assert student is not None
        student.note = "坐前排"
    press(page, "撤销这次导入")
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)
    assert known(vault) == ["林晓舟"]
    assert "林晓舟(01)" in notice.said[0][1]


def test_the_last_import_can_be_undone_from_a_new_page(
    vault: Vault, page: RosterPage, background: Background, qtbot: QtBot, notice: FakeNotice
) -> None:
    roster.take(vault, roster.preview(vault, CASES / "roster-gb18030.csv"))
    again = RosterPage(vault, notice, background)
    qtbot.addWidget(again)
    again.show()
    assert "上一次导入" in words_of(again)
    press(again, "撤销上一次导入")
    qtbot.waitUntil(lambda: not background.is_busy(), timeout=10_000)
    assert known(vault) == []


def test_everything_that_can_be_used_has_a_name(
    page: RosterPage, background: Background, qtbot: QtBot, tmp_path: Path
) -> None:
    read(page, background, qtbot, lists.xlsx(tmp_path / "a.xlsx", {"s": [HEAD, *ROWS]}))
    show_tab(page, "列的对应")
    assert too_wide(page) == []
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
        and not widget.objectName().startswith("qt_") and widget.objectName() != "oncard"
    ]  # fmt: skip
    assert nameless == []


def test_a_class_in_words_of_the_schools_own_is_answered_once_by_two_boxes(
    page: RosterPage, background: Background, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = [[f"{n:02}", f"林晓{n}", "女", "八年级", "火箭班"] for n in range(1, 6)]
    path = lists.xlsx(tmp_path / "名册.xlsx", {"初二": [["学号", "姓名", "性别", "年级", "班级"], *rows]})
    read(page, background, qtbot, path)
    assert tabs(page) == ["新增 0", "问题行 5", "年级和班级", "列的对应"]
    assert "有 1 种年级或班级的写法程序不认得" in words_of(page)
    show_tab(page, "年级和班级")
    assert "5 行" in words_of(page)
    named(page, "「火箭班」是哪个年级", QComboBox)
    box = named(page, "「火箭班」是几班", QComboBox)
    box.setCurrentIndex(box.findText("7 班"))
    box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: tabs(page)[0] == "新增 5")
    assert tabs(page) == ["新增 5", "年级和班级", "列的对应"]
    assert "不认得" not in words_of(page)
    assert named(page, "「火箭班」是几班", QComboBox) is box  # still in front, to be corrected
    show_tab(page, "列的对应")
    named(page, "名册的名称", QLineEdit).setText("教务处名册")
    press(page, "记住这个对应")
    read(page, background, qtbot, path)
    assert tabs(page)[0] == "新增 5"


def test_a_guardians_new_name_stands_in_a_group_of_its_own_unticked(
    page: RosterPage, vault: Vault, background: Background, tmp_path: Path, qtbot: QtBot
) -> None:
    columns = ["学号", "姓名", "性别", "班级", "家长姓名", "关系"]
    before = lists.xlsx(tmp_path / "旧.xlsx", {"s": [columns, ["01", "林晓舟", "女", "八(3)班", "李花", "母亲"]]})
    roster.take(vault, roster.preview(vault, before))
    after = lists.xlsx(tmp_path / "新.xlsx", {"s": [columns, ["01", "林晓舟", "女", "八(3)班", "王改嫁", "母亲"]]})
    read(page, background, qtbot, after)
    assert tabs(page) == ["新增 0", "监护人改名 1", "列的对应"]
    assert not head(page, "导入").isEnabled()
