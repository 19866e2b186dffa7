"""What a counsellor does, step by step, each from the screen where it begins to the screen where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit
from shiboken6 import isValid

from tests.journeys.hands import Hands, name_of

SCHOOL, ROOM, COUNSELLOR = "青禾中学", "知心小屋", "林晓岚"
HOSPITAL, DEPARTMENT = "市精神卫生中心", "儿童青少年科"
MARK = "苔藓色的雨棚"
"""Words that stand in what is written about the student and nowhere else."""
SAID = f"「下课就去{MARK}下面站着，不想回教室。」近两周每天如此。"
SEEN = "语速慢，说话时看着窗外。"


@dataclass(frozen=True)
class Secrets:
    password: str
    code: str


def first_run(
    hands: Hands, folder: Path, school: str = SCHOOL, room: str = ROOM, counsellor: str = COUNSELLOR
) -> Secrets:
    """The five steps: folder, names, a made password, the recovery code read off the screen, two groups typed back."""
    hands.fill("档案文件夹", str(folder))
    hands.press("下一步")
    hands.fill("学校名称", school)
    hands.fill("辅导室名称", room)
    hands.fill("您的姓名", counsellor)
    hands.press("下一步")
    hands.press("生成六个词的口令")
    shown = hands.find("生成的口令", QLabel)
    assert isinstance(shown, QLabel)
    password = shown.text().rpartition("输入时写成：")[2].strip()
    hands.fill("口令", password)
    hands.fill("再输入一次", password)
    hands.press("下一步")
    groups = [hands.text(f"恢复码第{number}组") for number in range(1, 8)]
    hands.press("下一步")
    lines = hands.front().findChildren(QLineEdit)
    asked = [int(m[1]) for line in lines if line.isVisible() and (m := re.fullmatch(r"第(\d)组", name_of(line)))]
    assert len(asked) == 2
    for number in asked:
        hands.fill(f"第{number}组", groups[number - 1])
    hands.press("建立档案")
    hands.reads("还没有学生")
    return Secrets(password, "-".join(groups))


def unlock(hands: Hands, password: str) -> None:
    """The door, from its field to the window behind it."""
    hands.fill("口令", password)
    hands.press("打开")
    hands.wait(lambda: hands.sees("搜索"), "the window behind the door")


def add_student(hands: Hands, number: str, name: str, *, born: str = "2012-03-04") -> None:
    """From any page to the new student's file."""
    hands.press("学生")
    hands.press("+ 学生")
    hands.fill("学号", number)
    hands.fill("姓名", name)
    hands.choose("性别", "女")
    hands.fill("出生日期", born)
    hands.choose("年级", "八年级")
    hands.fill("班级", "3")
    hands.press("保存学生信息")
    hands.find("登记个案")


def add_guardian(hands: Hands, name: str, phone: str, relation: str = "母亲") -> None:
    """From a student's file and back to it."""
    hands.press("添加监护人")
    hands.fill("姓名", name)
    hands.choose("与学生的关系", relation)
    hands.fill("电话", phone)
    hands.press("保存监护人")
    hands.find("添加监护人")


def open_case(hands: Hands) -> None:
    """From a student's file to the open case."""
    hands.press("登记个案")
    hands.press("来源：学生主动")
    hands.press("问题类型：情绪困扰")
    hands.fill("主诉", SAID)
    hands.press("开始个案")
    hands.find("+ 会谈记录")


def write_note(hands: Hands, words: str = SAID) -> None:
    """From the open case to a draft that is saved."""
    hands.press("+ 会谈记录")
    hands.fill("结束时间", "1040")
    hands.fill("学生自述", words)
    hands.fill("观察", SEEN)
    hands.fill("过程与方法", "倾听，一起排出一周里最难的时段。")
    hands.fill("评估与分析", "回避教室，与同桌的冲突有关；睡眠少于六小时。")
    hands.fill("下次计划", "下周三再谈，先试着和班主任约换座位。")
    hands.press("风险标记：无")
    hands.press("情绪自评：4")
    hands.press("存草稿")
    hands.wait(lambda: hands.sees("移到回收站"), "the draft to be saved")


def sign_note(hands: Hands) -> None:
    """From the draft to the signed note."""
    hands.press("签署")
    hands.reads("签署后不能再改")
    hands.press("签署")
    hands.find("更正会谈信息")


def begin_referral(hands: Hands) -> None:
    """From the signed note to a referral that only lacks consent."""
    hands.press("写转介单")
    hands.fill("机构名称", HOSPITAL)
    hands.fill("科室", DEPARTMENT)
    hands.press("转介原因：药物/诊断评估")
    hands.press("带出哪几次会谈：11-20 第1次")
    hands.press("带入所选会谈")
    hands.press("存草稿")
    hands.reads("已保存")


def consent(hands: Hands, guardian: str) -> None:
    """On the page of a new consent: both sign on paper that the school may tell the hospital."""
    hands.choose("事项", "信息提供(转介/移交)")
    hands.choose("谁来签署", "监护人+学生")
    hands.fill("签署人姓名", guardian)
    hands.fill("范围", "向市第二医院提供转介函所列信息")
    hands.tick("已说明保密例外")
    hands.press("保存知情同意")
    hands.find("今天撤回")


def choose_path(hands: Hands, path: Path) -> None:
    """In Qt's own file dialog: type the path and press Enter."""
    dialog = hands.front()
    assert isinstance(dialog, QFileDialog), dialog
    hands.fill("名称：", str(path))
    hands.key(Qt.Key.Key_Return)
    hands.wait(lambda: not dialog_stands(dialog), "the file dialog to close")


def dialog_stands(dialog: QFileDialog) -> bool:
    return isValid(dialog) and dialog.isVisible()


def import_roster(hands: Hands, path: Path) -> None:
    """From the first day, on which there is nobody, to the list of students, full."""
    hands.press("导入名单")
    hands.press("选择文件")
    choose_path(hands, path)
    hands.find("全不选")
    hands.press("导入")
    hands.reads("新增 1,782 名学生")
    hands.press("查看学生名单")
    hands.find("学生名单")


def issue(hands: Hands, password: str) -> None:
    """From a referral whose gate is open to its letter."""
    hands.press("签发并打印")
    hands.fill("签署口令", password)
    hands.press("确认签署")
    hands.find("开始打印")  # it is offered at once
    hands.press("取消")
    hands.reads("未改动且本机签发")


def say_for_whom(hands: Hands, to_whom: str = "接诊医院", purpose: str = "转介就诊") -> None:
    """In the dialog of a print or an export."""
    hands.fill("收件人", to_whom)
    hands.fill("用途", purpose)


def export(hands: Hands, to: Path) -> None:
    """From an issued document, to a file at this place."""
    hands.press("导出")
    hands.reads("在加密档案之外")
    say_for_whom(hands)
    hands.press("选择保存位置")
    choose_path(hands, to)
    hands.reads("已导出")


def print_out(hands: Hands, printer: str, copies: int) -> None:
    """From an issued document, every sheet of it."""
    hands.press("打印")
    hands.wait(lambda: hands.find("打印机", QComboBox).isEnabled(), "the printers")
    hands.choose("打印机", printer)
    hands.fill("份数", str(copies))
    say_for_whom(hands)
    hands.press("开始打印")
    hands.reads("已交给打印机")
