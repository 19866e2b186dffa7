"""The first term, from a PC that has never seen the program: term and bells, a fortnightly series over a holiday, one moved,
one attended, its note signed; until then Today has its line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from PySide6.QtCore import Qt
from sqlalchemy import select

from app.rooms.appointments.record import Appointment
from app.rooms.notes.record import Note
from tests.journeys import steps
from tests.journeys.hands import CTRL

EAST = timezone(timedelta(hours=8))
STUDENT = "仇曦宇"


def set_up_the_term(hands) -> None:
    hands.press("设置")
    hands.press("校历")
    hands.press("添加学期")
    hands.fill("学期第一天", "2026-08-31")
    hands.fill("学期最后一天", "2027-01-22")
    hands.press("保存学期")
    hands.reads("2026–2027 学年第一学期")
    hands.press("返回")
    hands.press("作息和开放时间")
    hands.press("添加作息表")
    hands.fill("作息表名称", "作息")
    hands.fill("每年从哪天起用", "9月1日")
    hands.press("保存作息表")
    hands.press("添加节次")
    hands.fill("节次名称", "午休一")
    hands.fill("从几点", "1220")
    hands.fill("到几点", "1300")
    hands.press("保存节次")
    hands.press("添加开放时间")
    hands.fill("几点开放", "1200")
    hands.fill("几点结束", "1400")
    hands.press("保存开放时间")
    hands.reads("2 小时")
    hands.press("添加班级不便的时间")
    hands.choose("哪个年级", "八年级")
    hands.fill("几班", "3")
    hands.fill("有什么事", "体育测试")
    for weekday in ("周一", "周二", "周三", "周四"):
        hands.tick(f"不便的日子：{weekday}", on=False)
    hands.fill("不便从几点", "1200")
    hands.fill("不便到几点", "1230")
    hands.press("保存班级不便的时间")
    hands.reads("八(3)班 体育测试")


def told(house) -> list[tuple[str, str, str]]:
    with house.desk.vault.read() as session:
        found = session.scalars(select(Appointment).order_by(Appointment.id)).all()
    return [(f"{one.day:%m-%d}", f"{one.start:%H:%M}–{one.end:%H:%M}", one.status.label) for one in found]


def test_from_an_empty_vault_to_a_note_and_a_day_without_its_line(start, hands, pc, clock) -> None:
    clock.moment = datetime(2026, 9, 14, 10, 0, tzinfo=EAST)
    house = start()
    steps.first_run(hands, pc.home / "静室档案")
    set_up_the_term(hands)
    steps.add_student(hands, "024010005", STUDENT)
    steps.open_case(hands)

    hands.press("日程")
    hands.press("+ 预约")
    assert (hands.value("日期"), hands.value("开始"), hands.value("结束")) == ("2026-09-14", "12:20", "13:00")
    hands.press("选择学生")
    hands.fill("学生姓名、拼音或学号", "qxy")
    hands.press(f"{STUDENT} 024010005")
    hands.fill("日期", "2026-09-18")
    hands.reads("周五 · 第3周(单周) · 八(3)班这时有体育测试")
    hands.fill("日期", "2026-09-17")
    hands.choose("重复", "隔周")
    hands.fill("重复到", "2026-10-29")
    hands.press("保存预约")
    hands.reads("约 3 次，跳过 1 次。")
    hands.reads("国庆节：10月1日")
    hands.press("保存这组预约")
    hands.wait(lambda: hands.sees("改期"), "the first one at the side")
    assert [one[0] for one in told(house)] == ["09-17", "10-15", "10-29"]

    hands.find("周视图").setFocus()
    hands.key(Qt.Key.Key_Left, CTRL)
    hands.reads("移动哪几次？")
    hands.press("本次")
    hands.wait(lambda: [one[0] for one in told(house)] == ["09-16", "10-15", "10-29"], "this one moved")

    clock.moment = datetime(2026, 9, 17, 8, 0, tzinfo=EAST)
    hands.press("今日")
    line = f"逾期 1 天 登记预约结果 {STUDENT}"
    hands.press(line)
    hands.press("已到访")
    hands.wait(lambda: hands.sees("学生自述"), "the note")
    hands.reads("第 1 次会谈")
    assert [hands.value(name) for name in ("日期", "开始时间", "结束时间")] == ["2026-09-16", "12:20", "13:00"]
    hands.fill("学生自述", steps.SAID)
    hands.fill("观察", steps.SEEN)
    hands.fill("过程与方法", "倾听，一起排出一周里最难的时段。")
    hands.fill("评估与分析", "回避教室，与同桌的冲突有关。")
    hands.fill("下次计划", "两周后再谈。")
    hands.press("风险标记：无")
    hands.press("存草稿")
    hands.wait(lambda: hands.sees("移到回收站"), "the draft to be saved")
    hands.press("今日")
    draft = f"9月19日 {STUDENT}"
    hands.find(draft)
    assert not hands.sees(line)
    hands.press(draft)
    steps.sign_note(hands)
    hands.press("今日")
    hands.reads("今天没有预约")
    assert not hands.sees(draft)
    assert not hands.sees(line)

    assert told(house)[0] == ("09-16", "12:20–13:00", "已到访")
    with house.desk.vault.read() as session:
        (note,) = session.scalars(select(Note)).all()
    assert (note.held_on, note.start, note.end, note.session_no) == (date(2026, 9, 16), time(12, 20), time(13, 0), 1)
