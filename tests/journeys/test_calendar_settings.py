"""The school's clock, set up once: terms, its own days, bells and opening hours, next year's holidays, deadlines; over a lock."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import Qt

from app.rooms.school import store as schools
from app.ui.page import Route
from tests.journeys import steps
from tests.journeys.hands import CTRL

FILE = "日期,类型,名称\n" + "".join(
    f"2027-{day},{kind},{name}\n"
    for day, kind, name in (
        ("01-01", "放假", "元旦"),
        ("02-05", "放假", "春节"),
        ("02-20", "上班", "春节"),
        ("05-01", "放假", "劳动节"),
        ("05-02", "放假", "劳动节"),
        ("10-01", "放假", "国庆节"),
        ("10-02", "放假", "国庆节"),
        ("10-03", "放假", "国庆节"),
    )
)


def calendar(house):
    with house.desk.vault.read() as session:
        return schools.calendar(session)


def test_term_bells_and_holidays_are_entered_and_outlast_a_lock(start, hands, furnished, tmp_path):
    start()
    steps.unlock(hands, furnished.password)
    hands.press("设置")
    hands.press("校历")
    hands.reads("还没有学期")
    hands.press("添加学期")
    hands.fill("学期第一天", "2026.9.1")
    hands.fill("学期最后一天", "2027-01-22")
    hands.press("保存学期")
    hands.reads("2026–2027 学年第一学期")
    hands.reads("第12周(双周)")
    hands.press("添加日子")
    hands.choose("这几天", "考试")
    hands.fill("叫什么", "期末考试")
    hands.fill("第一天", "2027-01-18")

    hands.key(Qt.Key.Key_L, CTRL)  # locked in the middle of it
    steps.unlock(hands, furnished.password)
    assert hands.value("叫什么") == "期末考试"
    hands.fill("到哪天", "2027年1月20日")
    hands.press("保存日子")
    hands.reads("2027年1月18日 至 2027年1月20日")

    (tmp_path / "名单.csv").write_text("姓名,学号,班级\n", "utf-8")
    (tmp_path / "2027.csv").write_text(FILE, "utf-8")
    hands.reads("只有周六、周日算休息")
    hands.press("载入 2027 年的放假安排")
    steps.choose_path(hands, tmp_path / "名单.csv")
    hands.reads("第一行不是「日期,类型,名称」")
    hands.press("知道了")
    hands.press("载入 2027 年的放假安排")
    steps.choose_path(hands, tmp_path / "2027.csv")
    hands.reads("调休上班：2月20日")

    hands.press("返回")
    hands.press("作息和开放时间")
    hands.press("添加作息表")
    hands.fill("作息表名称", "冬季作息")
    hands.fill("每年从哪天起用", "2月31日")
    hands.press("保存作息表")
    hands.reads("2月31日不是每年都有的日子")
    hands.fill("每年从哪天起用", "10月8日")
    hands.press("保存作息表")
    for name, first, last in (("午休一", "12:20", "13:00"), ("午休二", "1300", "13点40")):
        hands.press("添加节次")
        hands.fill("节次名称", name)
        hands.fill("从几点", first)
        hands.fill("到几点", last)
        hands.press("保存节次")
        hands.wait(
            lambda name=name: hands.sees(f"节次：{name} {'12:20–13:00' if name == '午休一' else '13:00–13:40'}"), name
        )
    hands.press("添加开放时间")
    hands.tick("哪几天开放：周三", on=False)
    hands.fill("几点开放", "12:00")
    hands.fill("几点结束", "14:00")
    hands.press("保存开放时间")
    hands.reads("不足")

    of = calendar(start_again(start, hands, furnished))
    friday = date(2026, 11, 20)
    assert [slot.label for slot in of.slots(friday)] == ["午休一 12:20–13:00", "午休二 13:00–13:40"]
    assert of.is_open(friday, time(12, 20), time(13, 0))
    assert of.open_minutes(date(2026, 11, 25)) == 0
    assert (of.why_not(date(2027, 1, 19)), of.why_not(date(2027, 1, 1))) == ("期末考试", "元旦")


def start_again(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    return house


def test_a_removed_term_comes_back_by_undo_but_not_over_another(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    house.go(Route("settings.calendar"))
    hands.press("添加学期")
    hands.fill("学期第一天", "2026-09-01")
    hands.fill("学期最后一天", "2027-01-22")
    hands.press("保存学期")
    hands.press("学期：2026–2027 学年第一学期")
    hands.press("移除学期")
    hands.reads("还没有学期")
    hands.press("撤销")
    hands.reads("2026–2027 学年第一学期")
    assert len(calendar(house).terms) == 1

    hands.press("学期：2026–2027 学年第一学期")
    hands.press("移除学期")
    hands.reads("还没有学期")
    hands.press("添加学期")
    hands.fill("学期第一天", "2026-08-31")
    hands.fill("学期最后一天", "2027-01-20")
    hands.press("保存学期")
    hands.reads("2026年8月31日 至 2027年1月20日")
    house.go(Route("bin"))
    hands.press("取回 学期 2026–2027 学年第一学期")
    hands.reads("重叠")
    hands.press("知道了")
    hands.find("取回 学期 2026–2027 学年第一学期")
    assert [term.first for term in calendar(house).terms] == [date(2026, 8, 31)]


def test_a_shorter_deadline_counts_at_once_and_can_be_set_back(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("设置")
    hands.press("期限")
    hands.reads("默认 30 天")
    hands.fill("个案没有新记录", "一个月")
    hands.press("保存期限")
    hands.reads("请填 1 到 366 之间的整数")
    hands.fill("个案没有新记录", "20")
    hands.fill("写明辅导目标", "9")
    hands.fill("转介后就诊", "3")
    hands.fill("转介回执", "5")
    hands.press("保存期限")
    hands.reads("已保存，从现在起按新的期限算")
    house.go(Route("case", *furnished.places["case"]))
    hands.reads("接案后 9 天内与学生商定")
    house.go(Route("referral.read", *furnished.places["referral.read"]))
    hands.reads("11月23日")  # issued on the 20th
    house = start_again(start, hands, furnished)
    house.go(Route("settings.deadlines"))
    assert hands.value("个案没有新记录") == "20"
    hands.press("个案没有新记录：改回默认")
    hands.press("保存期限")
    hands.reads("已保存，从现在起按新的期限算")
    with house.desk.vault.read() as session:
        assert schools.terms(session).case_silent_days == 30
