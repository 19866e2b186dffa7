"""A referral to its end: consent by telephone, a teacher commissioned to go along, the receipt with its scan, the follow-up, closed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtWidgets import QComboBox

from tests.documents.reading import bare, words_of
from tests.journeys import steps

STUDENT, MOTHER, PHONE = "贺知远", "贺文君", "13700005521"
ADVICE = "近期减少课业压力，每周见一次心理老师。"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A stamped sheet, photographed."""
    path = tmp_path / "回执.jpg"
    Image.new("RGB", (600, 800), (240, 238, 230)).save(path)
    return path


def test_by_telephone_with_a_teacher_to_the_closing(start, hands, furnished, tmp_path, scan):
    house = start()
    steps.unlock(hands, furnished.password)
    steps.add_student(hands, "20260901", STUDENT, born="2012-12-05")
    steps.add_guardian(hands, MOTHER, PHONE)
    hands.press("写转介单")
    write_the_form(hands)
    hands.press("登记同意")
    by_telephone(hands)
    hands.press("返回转介单")
    hands.reads("可以签发")
    hands.reads("电话同意，书面签字待补")
    steps.issue(hands, furnished.password)
    letter, _receipt, _stub, commission = paper(hands, tmp_path)
    assert "监护人已于2026年11月20日口头同意提供下列信息，书面签字待补" in letter
    assert "委托何清老师陪同前往贵院（委托书另附）" in letter
    assert f"本人{MOTHER}系学生{STUDENT}的监护人（母亲）" in commission
    assert "现委托何清老师陪同" in commission

    hands.press("打开原记录")
    enter_receipt(hands, scan)
    hands.reads("回执已收")
    hands.reads(ADVICE)
    hands.reads(scan.name)
    follow(hands, "与班主任商定每周三课后见面。")
    hands.reads("跟踪中")
    hands.reads("补签知情同意：2026年11月27日 前")
    hands.press("登记补签")
    sign_afterwards(hands)
    hands.wait(lambda: not hands.sees("登记补签"), "the signature to be no longer owed")
    close(hands, "已规律复诊，在校情况平稳。")
    hands.press("转介")
    assert STUDENT not in listed(house)
    hands.press("看已结束或作废的转介单")
    assert listed(house)[STUDENT] == "已结束"


def write_the_form(hands):
    hands.choose("接诊机构", "市第二医院 · 儿少心理科")
    hands.press("转介原因：超出胜任能力")
    hands.fill("主要表现及起始时间", "近两个月情绪低落，近两周回避到校。")
    hands.fill("学校已做工作", "个别辅导三次，与监护人沟通两次。")
    hands.fill("告知监护人的日期", "2026-11-19")
    hands.choose("告知方式", "电话")
    hands.choose("陪同方式", "家长委托书+教师陪同")
    hands.press("签发并打印")
    hands.reads("缺少：陪同老师")
    hands.press("知道了")
    hands.fill("陪同老师", "何清")
    hands.press("存草稿")
    hands.reads("已保存")


def by_telephone(hands):
    assert hands.find("事项", QComboBox).currentText() == "信息提供(转介/移交)"
    hands.fill("签署人姓名", MOTHER)
    hands.choose("方式", "电话口头(待补签)")
    hands.tick("已说明保密例外")
    hands.press("保存知情同意")
    hands.find("今天撤回")


def paper(hands, folder):
    steps.export(hands, folder / "函.pdf")
    return [bare(page) for page in words_of((folder / "函.pdf").read_bytes(), as_drawn=True)]


def enter_receipt(hands, scan):
    hands.press("登记回执")
    hands.fill("收到回执的日期", "2026-11-20")
    hands.fill("就诊日期", "2026-11-20")
    hands.press("医生建议：门诊随访")
    hands.fill("对学校的建议", ADVICE)
    hands.press("选择扫描件")
    steps.choose_path(hands, scan)
    hands.reads(f"已选：{scan.name}")
    hands.press("保存回执")


def follow(hands, words):
    hands.press("记随访")
    hands.fill("随访情况", words)
    hands.press("保存随访")


def sign_afterwards(hands):
    hands.fill("补签日期", "2026-11-20")
    hands.press("保存知情同意")
    hands.press("返回转介单")


def close(hands, outcome):
    hands.find("结束转介")
    hands.press("结束转介")
    hands.fill("转介结果", outcome)
    hands.press("结束")
    hands.reads("已结束")


def listed(house):
    """The students of the list of referrals, with how far each is."""
    return {row.cells[0]: row.cells[3] for row in house.desk.window.page().table.model.rows}
