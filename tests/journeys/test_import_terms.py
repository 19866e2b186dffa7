"""The second term: the same school's list again, changed; what it would do is shown, taken, and taken back as far as it is untouched."""

from __future__ import annotations

from pathlib import Path

from tests.journeys import steps
from tests.journeys.hands import Hands
from tests.rooms.students import lists

PARTS = "名单的各部分"
HEAD = ["学号", "姓名", "性别", "班级", "家长姓名", "家长电话", "班主任"]
AUTUMN = [
    ["027001", "穆青禾", "女", "七(1)班", "穆远山", "13800010001", "顾老师"],
    ["027002", "纪南星", "男", "七(1)班", "纪川", "13800010002", "顾老师"],
    ["027003", "阮小满", "女", "七(2)班", "阮知秋", "13800010003", "沈老师"],
    ["027004", "戚白露", "女", "七(2)班", "戚长风", "13800010004", "沈老师"],
]
SPRING = [
    ["027001", "穆青禾", "女", "七(3)班", "穆远山", "13900010001", "叶老师"],
    ["027002", "纪南行", "男", "七(1)班", "纪川", "13800010002", "顾老师"],
    ["027003", "阮小满", "女", "七(2)班", "阮知秋", "13800010003", "沈老师"],
    ["027005", "乔一诺", "女", "七(2)班", "乔木", "13800010005", "沈老师"],
]


def test_a_second_terms_list_and_its_undo(start, hands, furnished, tmp_path):
    start()
    steps.unlock(hands, furnished.password)
    preview(hands, written(tmp_path, "秋季.xlsx", AUTUMN))
    hands.press("导入")
    hands.reads("新增 4 名学生，更新 0 名。")

    preview(hands, written(tmp_path, "春季.xlsx", SPRING))
    shown = hands.tabs(PARTS)
    assert shown[:3] == ["新增 1", "有变化 1", "改名 1"]
    hands.turn(PARTS, "有变化")
    (changed,) = hands.rows("有变化")
    assert "班级 七(1)班 → 七(3)班" in changed[-1]
    assert "13800010001 → 13900010001" in changed[-1]
    hands.turn(PARTS, "改名")
    assert [row[1:4] for row in hands.rows("改名")] == [["纪南星", "纪南行", "027002"]]
    hands.reads("确认是同一个人再勾选")
    hands.turn(PARTS, "名单里没有")
    assert ["戚白露", "七(2)班", "027004"] in hands.rows("名单里没有")
    hands.press("导入")
    hands.reads("新增 1 名学生，更新 1 名。")
    hands.press("查看学生名单")
    names = {row[3]: row[0] for row in hands.rows("学生名单")}
    assert (names["027002"], names["027004"], names["027005"]) == ("纪南星", "戚白露", "乔一诺")

    hands.open_row("学生名单", "乔一诺")
    hands.press("编辑学生信息")
    hands.fill("宿舍", "A-301")
    hands.press("保存学生信息")
    hands.find("登记个案")
    hands.press("学生")
    hands.press("导入名单")
    hands.press("撤销上一次导入")
    hands.reads("已撤销这次导入，有 1 名学生的档案保留原样。")
    hands.reads("乔一诺(027005)")
    hands.press("知道了")
    hands.press("学生")
    where = {row[3]: row[2] for row in hands.rows("学生名单")}
    assert where["027001"] == "七(1)班"
    assert where["027005"] == "七(2)班"
    hands.press("导入名单")
    hands.press("撤销上一次导入")
    hands.reads("已撤销这次导入。")
    hands.press("学生")
    left = {row[3] for row in hands.rows("学生名单")}
    assert left & {f"02700{n}" for n in range(1, 6)} == {"027005"}


def written(folder: Path, name: str, rows: list[list[str]]) -> Path:
    return lists.xlsx(folder / name, {"初中": [HEAD, *rows]})


def preview(hands: Hands, path: Path) -> None:
    """From anywhere to what a list would do."""
    hands.press("学生")
    hands.press("导入名单")
    hands.press("选择文件")
    steps.choose_path(hands, path)
    hands.find("换一个文件")
