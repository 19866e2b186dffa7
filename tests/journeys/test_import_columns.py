"""A list the program reads wrongly: she says what its columns are, hands the bad rows back, and the next such list is read right."""

from __future__ import annotations

from pathlib import Path

import python_calamine
from PySide6.QtWidgets import QComboBox

from tests.journeys import steps
from tests.journeys.hands import Hands
from tests.rooms.students import lists

PARTS = "名单的各部分"
HEAD = ["编号", "代号", "姓名", "性别", "班级", "手机", "住处", "联系人"]
"""The office's 编号 only counts the rows and 代号 is the number; 手机 is the student's own, 住处 the dormitory."""
ROWS = [
    ["1", "026070001", "穆青禾", "女", "七(1)班", "13800010001", "A-301", "穆远山"],
    ["2", "026070002", "纪南星", "男", "七(1)班", "13800010002", "B-112", "纪川"],
    ["3", "026070003", "", "女", "七(2)班", "13800010003", "A-302", "=HYPERLINK(1)"],
    ["4", "026070004", "阮小满", "女", "", "13800010004", "A-303", "阮知秋"],
]
LATER = [*ROWS[:2], ["3", "026070005", "戚白露", "女", "七(2)班", "13800010005", "A-305", "戚长风"]]


def test_a_list_read_wrongly_is_set_right_and_the_next_one_is_read_so(start, hands, furnished, pc, tmp_path):
    start()
    steps.unlock(hands, furnished.password)
    choose(hands, lists.xlsx(tmp_path / "教务处.xlsx", {"名册": [HEAD, *ROWS]}))
    assert [row[4] for row in hands.rows("新增")] == ["1", "2"], "the program took the wrong column for the number"
    hands.turn(PARTS, "列的对应")
    hands.choose("「编号」一列是", "不导入")
    hands.reads("还不知道哪一列是学号")
    hands.choose("「代号」一列是", "学号")
    hands.choose("「手机」一列是", "学生电话")
    hands.choose("「住处」一列是", "宿舍")
    hands.fill("名册的名称", "教务处名册")
    hands.press("记住这个对应")
    hands.reads("已记住「教务处名册」的对应。")

    hands.wait(hands.find("导入").isEnabled, "the list to be read anew")
    hands.turn(PARTS, "问题行")
    back = pc.home / "Desktop" / "退给教务处.xlsx"
    hands.press("导出问题行")
    steps.say_for_whom(hands, "教务处", "核对名单")
    hands.press("选择保存位置")
    steps.choose_path(hands, back)
    hands.reads("已导出 2 行")
    handed_back(back)

    hands.turn(PARTS, "新增 2")
    assert [row[1:5] for row in hands.rows("新增")] == [
        ["穆青禾", "女", "七(1)班", "026070001"],
        ["纪南星", "男", "七(1)班", "026070002"],
    ]
    hands.press("导入")
    hands.reads("新增 2 名学生，更新 0 名。")
    hands.press("查看学生名单")
    hands.open_row("学生名单", "穆青禾")
    hands.reads("A-301")  # the dormitory stands in its place

    choose(hands, lists.xlsx(tmp_path / "十一月.xlsx", {"名册": [HEAD, *LATER]}))
    hands.reads("按记住的「教务处名册」读取。")
    assert hands.tabs(PARTS)[0] == "新增 1"
    hands.turn(PARTS, "列的对应")
    read_as = {name: hands.find(f"「{name}」一列是", QComboBox).currentText() for name in ("代号", "手机", "住处")}
    assert read_as == {"代号": "学号", "手机": "学生电话", "住处": "宿舍"}


def choose(hands: Hands, path: Path) -> None:
    """From anywhere: a file for the import."""
    hands.press("学生")
    hands.press("导入名单")
    hands.press("选择文件")
    steps.choose_path(hands, path)
    hands.find("换一个文件")


def handed_back(path: Path) -> None:
    """What another program reads in the file for the office: their own columns, each row with its reason, nothing that calculates."""
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("名册").to_python()
    assert rows[0][0] == "教务处.xlsx：下列 2 行没有导入，请核对后改正"
    assert rows[1] == ["行号", "没有导入的原因", *HEAD[1:]]
    assert rows[2:] == [["4", "没有姓名", *ROWS[2][1:]], ["5", "没有班级", *ROWS[3][1:]]]
