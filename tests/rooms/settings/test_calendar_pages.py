"""The pages of the calendar, the bells and the deadlines: crowded and empty, wrong input, what is half typed, what is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.clock import StandingClock
from app.rooms.appointments import store as appointments
from app.rooms.appointments.record import AppointmentValues
from app.rooms.school import entering, store
from app.rooms.school.bells import Span
from app.rooms.school.calendar import DayKind
from app.rooms.school.deadlines import DEADLINES, DeadlineTerms
from app.rooms.settings.page.bells import BellsPage
from app.rooms.settings.page.calendar import CalendarPage
from app.rooms.settings.page.deadlines import DeadlinesPage
from app.rooms.settings.page.listcard import ListCard
from app.ui import fonts, theme
from app.ui.cards import Row
from app.ui.keeper import Keeper
from app.ui.page import Page, Route
from app.vault.vault import Vault
from tests.ui.fake_notice import FakeNotice
from tests.ui.widths import too_wide

FILE = "日期,类型,名称\n" + "".join(
    f"2027-{day},放假,{name}\n"
    for day, name in [("01-01", "元旦"), ("05-01", "劳动节"), ("05-02", "劳动节")]
    + [(f"10-0{n}", "国庆节") for n in (1, 2, 3)]
)

Make = Callable[[type[Page]], Page]


@pytest.fixture
def notice() -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def make(vault: Vault, notice: FakeNotice, window: QWidget) -> Make:
    def making(kind: type[Page]) -> Page:
        page = kind(vault, notice, Keeper(vault, window))
        page.setParent(window)
        page.arrive(Route("settings"))
        return page

    return making


def fill(vault: Vault) -> None:
    with vault.write("试") as session:
        entering.save_term(session, date(2026, 9, 1), date(2027, 1, 22))
        entering.save_special(session, DayKind.OFF, "校运动会暨体育艺术节开幕式" * 3, date(2026, 10, 29), None)
        entering.save_special(session, DayKind.SCHOOL, "补课", date(2026, 11, 15), None, 3)
        for name, month in (("夏季作息", 5), ("冬季作息", 10)):
            table = entering.save_timetable(session, name, month, 1)
            entering.save_bell(session, table, "午休一", "12345", Span(time(12, 20), time(13, 0)))
            entering.save_bell(
                session, table, "第八节课后服务拓展活动时间段" * 2, "135", Span(time(16, 30), time(17, 15))
            )
        entering.save_opening(session, "1245", Span(time(12, 0), time(14, 0)))
        entering.save_opening(session, "3", Span(time(12, 20), time(13, 40)))


def labels(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def type_in(card: ListCard | Page, **fields: str) -> None:
    for name, words in fields.items():
        card.form.fields[name].set_value(words)


def press(widget: QWidget, name: str) -> None:
    (found,) = [
        one for one in widget.findChildren(QAbstractButton) if one.accessibleName() == name and one.isVisibleTo(widget)
    ]
    found.click()


def rows(card: QWidget) -> list[str]:
    return [row.title_label.text() for row in card.findChildren(Row) if row.isVisibleTo(card)]


@pytest.mark.parametrize("filled", [False, True])
@pytest.mark.parametrize("kind", [CalendarPage, BellsPage, DeadlinesPage])
def test_nothing_is_cut_off_on_the_smallest_window_with_large_words(
    kind: type[Page], filled: bool, vault: Vault, notice: FakeNotice, window: QWidget, qapp: QApplication
) -> None:
    fonts.load(qapp)
    theme.apply(qapp, theme.LIGHT, 1.3)
    try:
        if filled:
            fill(vault)
        page = kind(vault, notice, Keeper(vault, window))
        page.setParent(window)
        page.arrive(Route("settings"))
        for card in page.findChildren(ListCard):
            if card.isVisibleTo(page):
                card.begin_new()
        page.resize(720, 460)
        window.resize(720, 460)
        window.show()
        qapp.processEvents()
        assert too_wide(window) == []
        page.leave()
    finally:
        theme.apply(qapp, theme.LIGHT)


def test_a_wrong_day_or_an_overlap_is_told_and_nothing_typed_is_lost(vault: Vault, make: Make) -> None:
    fill(vault)
    page = make(CalendarPage)
    card = page.terms
    press(card, "添加学期")
    type_in(card, first="2027-02-31", last="2027-07-02")
    press(card, "保存学期")
    assert "「2027-02-31」不是一个日期" in labels(card)
    type_in(card, first="2027-01-20")
    press(card, "保存学期")
    assert "和已有的学期(2026-09-01 至 2027-01-22)重叠" in labels(card)
    assert card.form.values() == {"first": "2027-01-20", "last": "2027-07-02"}
    type_in(card, first="2027-02-22")
    press(card, "保存学期")
    assert rows(card) == ["2026–2027 学年第一学期", "2026–2027 学年第二学期"]
    page.leave()


def test_what_is_half_typed_is_there_again_when_she_comes_back(vault: Vault, make: Make, window: QWidget) -> None:
    fill(vault)
    page = make(BellsPage)
    press(page.bells, "添加节次")
    type_in(page.bells, name="午休二", start="13:00")
    page.leave()
    again = make(BellsPage)
    assert again.bells.form.values()["name"] == "午休二"
    type_in(again.bells, end="13:40")
    press(again.bells, "保存节次")
    assert "午休二 13:00–13:40" in rows(again.bells)
    again.leave()
    third = make(BellsPage)
    assert not third.bells.form.key
    third.leave()


def test_giving_up_leaves_nothing_behind(vault: Vault, make: Make) -> None:
    page = make(CalendarPage)
    press(page.specials, "添加日子")
    type_in(page.specials, name="秋游")
    press(page.specials, "日子：不改了")
    page.arrive(Route("settings.calendar"))
    assert not page.specials.form.key
    page.leave()


def test_what_is_removed_comes_back_by_undo_unless_something_stands_in_its_way(
    vault: Vault, make: Make, notice: FakeNotice
) -> None:
    fill(vault)
    page = make(CalendarPage)

    def remove() -> None:
        page.terms.show_all()
        page.terms.open(next(iter(page.terms._rows)))
        press(page.terms, "移除学期")

    remove()
    assert rows(page.terms) == []
    notice.press_undo()
    with vault.read() as session:
        assert len(store.calendar(session).terms) == 1
    remove()
    with vault.write("试") as session:
        entering.save_term(session, date(2026, 8, 31), date(2027, 1, 29))
    notice.press_undo()
    assert "重叠" in notice.told[0].sentence
    with vault.read() as session:
        assert len(store.calendar(session).terms) == 1
    page.leave()


def test_bells_follow_the_chosen_timetable_and_a_new_one_can_begin_like_it(vault: Vault, make: Make) -> None:
    fill(vault)
    page = make(BellsPage)
    assert page.bells.hint_label.text() == "冬季作息"  # in force on 20 November
    press(page.timetables, "添加作息表")
    type_in(page.timetables, **{"name": "早春作息", "from": "2月30日"})
    press(page.timetables, "保存作息表")
    assert "2月30日不是每年都有的日子" in labels(page.timetables)
    type_in(page.timetables, **{"from": "2-20"})
    press(page.timetables, "保存作息表")
    assert page.bells.hint_label.text() == "早春作息"
    assert rows(page.bells)[0] == "午休一 12:20–13:00"
    assert "周一、周三、周五 13:00–16:30" in labels(page.bells)
    page.leave()


def test_an_overlap_of_bells_is_refused_with_both_named(vault: Vault, make: Make) -> None:
    fill(vault)
    page = make(BellsPage)
    press(page.bells, "添加节次")
    type_in(page.bells, name="自习", start="12:50", end="13:20")
    press(page.bells, "保存节次")
    assert "「自习 12:50–13:20」和「午休一 12:20–13:00」的时间重叠" in labels(page.bells)
    type_in(page.bells, start="25:00")
    press(page.bells, "保存节次")
    assert "「25:00」不是一个时间" in labels(page.bells)
    type_in(page.bells, start="", end="")
    press(page.bells, "保存节次")
    assert "请填写开始和结束的时间" in labels(page.bells)
    page.leave()


def test_short_days_are_shown_by_the_schools_own_rule(vault: Vault, make: Make) -> None:
    fill(vault)
    page = make(BellsPage)
    assert labels(page.check).count("不足") == 1
    assert "1 小时 20 分" in labels(page.check)
    with vault.write("试") as session:
        school = store.school(session)
        school.boarding = True
        store.save(session, school)
    page.reload()
    assert labels(page.check).count("不足") == 5
    assert "寄宿制学校每天不少于 4 小时" in labels(page.check)
    page.leave()


def test_a_year_from_a_file(vault: Vault, make: Make, notice: FakeNotice, tmp_path, clock: StandingClock) -> None:
    page = make(CalendarPage)
    assert "程序还不知道这一年的放假安排" in labels(page.holidays)
    good, bad = tmp_path / "2027.csv", tmp_path / "别的.csv"
    good.write_bytes(FILE.encode("gb18030"))
    bad.write_text(FILE.replace("2027", "2026"), "utf-8")
    page.holidays._year = 2027
    for wrong in (bad, tmp_path / "没有.csv", tmp_path):
        page.holidays._load(wrong)
    assert "是 2026 年的，不是 2027 年" in notice.told[0].sentence
    assert len(notice.told) == 3
    page.holidays._load(good)
    assert "国庆节 10月1日–3日" in labels(page.holidays)
    assert notice.toasts[-1] == "已载入 2027 年：放假 6 天，调休上班 0 天。"
    press(page.holidays, "移除载入的 2027 年")
    assert "程序还不知道" in labels(page.holidays)
    notice.press_undo()
    with vault.read() as session:
        assert store.calendar(session).why_not(date(2027, 10, 1)) == "国庆节"
    page.leave()


def test_the_example_is_written_and_overwrites_nothing_unasked(
    vault: Vault, make: Make, notice: FakeNotice, tmp_path
) -> None:
    page = make(CalendarPage)
    page.holidays._offer_example(tmp_path / "样子.csv")
    written = (tmp_path / "样子.csv").read_bytes()
    assert written.decode("utf-8-sig").startswith("日期,类型,名称")
    (tmp_path / "样子.csv").write_text("我的", "utf-8")
    page.holidays._offer_example(tmp_path / "样子.csv")
    assert (tmp_path / "样子.csv").read_text("utf-8") == "我的"
    notice.answer_yes()
    assert (tmp_path / "样子.csv").read_bytes() == written
    page.leave()


def test_deadlines_are_changed_refused_and_set_back(vault: Vault, make: Make, notice: FakeNotice) -> None:
    page = make(DeadlinesPage)
    for deadline in DEADLINES:
        assert deadline.name in labels(page)
    assert f"默认 72 小时 · 来源：{DEADLINES[0].source}" in labels(page)
    for wrong in ("0", "三天", "", "1.5", "9999"):
        type_in(page, note_sign_hours=wrong)
        page.save()
        assert "请填 1 到 720 之间的整数" in labels(page), wrong
    type_in(page, note_sign_hours="48", case_silent_days="20")
    page.save()
    with vault.read() as session:
        assert store.terms(session) == DeadlineTerms(note_sign_hours=48, case_silent_days=20)
    press(page, "会谈记录签署：改回默认")
    page.save()
    with vault.read() as session:
        assert store.terms(session) == DeadlineTerms(case_silent_days=20)
    type_in(page, case_goals_days="9")
    page.leave()
    again = make(DeadlinesPage)
    assert [field.text() for field in again.findChildren(QLineEdit) if field.accessibleName() == "写明辅导目标"] == [
        "9"
    ]
    again.leave()


def test_a_day_said_to_be_closed_tells_who_is_booked_then(vault: Vault, make: Make, notice: FakeNotice) -> None:
    with vault.write("试") as session:
        for day, called in ((18, "小雨"), (18, "小雪"), (19, "小霜")):
            start = time(9 + len(called) + day % 7 + (called == "小雪"))
            values = AppointmentValues(
                day=date(2026, 11, day), start=start, end=start.replace(minute=40), called=called
            )
            appointments.add(session, values, vault.now())
    page = make(CalendarPage)
    page.specials.begin_new()
    type_in(page.specials, kind=DayKind.CLOSED.value, name="区教研", first="2026-11-18", last="2026-11-19")
    page.specials.save()
    sentence, detail = notice.said[-1]
    assert sentence == "「区教研」这几天已有 3 次预约。"
    assert "11月18日、11月19日" in detail
    page.leave()


def test_class_hours_and_lengths_are_entered_refused_and_kept(vault: Vault, make: Make, notice: FakeNotice) -> None:
    page = make(BellsPage)
    card = page.class_hours
    card.begin_new()
    type_in(card, class_no="3", name="体育测试", weekdays="2", start="1220", end="1300")
    card.save()
    assert "没有选年级" in labels(card)
    type_in(card, grade="8", class_no="三")
    card.save()
    assert "不是班号" in labels(card)
    type_in(card, class_no="3班")
    card.save()
    assert "八(3)班 体育测试" in labels(card)
    type_in(page.lengths, minutes="四十")
    page.lengths.save()
    assert "只写数字" in labels(page.lengths)
    type_in(page.lengths, minutes="45", pause="0")
    page.lengths.save()
    with vault.read() as session:
        of = store.calendar(session)
    assert (of.session, of.pause) == (45, 0)
    assert of.why_busy(date(2026, 11, 24), time(12, 30), time(13, 10), 8, 3) == "体育测试"
    page.leave()
