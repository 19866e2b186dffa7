"""The page of the week: blocks where their time is, dragged and stretched with the mouse; month, list and free times beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from app.rooms.appointments import outcomes, overview, store, waiting
from app.rooms.appointments.choices import CancelledBy, Kind, RequestedBy, Rhythm, Scope, Status, Urgency
from app.rooms.appointments.page.block import Block
from app.rooms.appointments.page.choosing import ScopeDialog
from app.rooms.appointments.page.diary import AppointmentsPage
from app.rooms.appointments.page.papers import SpanDialog
from app.rooms.appointments.record import AppointmentValues
from app.rooms.appointments.rules.series import Pattern
from app.rooms.notes import store as notes
from app.rooms.notes.choices import CaseSource
from app.rooms.notes.record import Case, NoteValues
from app.rooms.school import entering
from app.rooms.school.bells import Span
from app.rooms.school.calendar import DayKind
from app.rooms.students import store as students
from app.ui import masking
from app.ui.keeper import Keeper
from app.ui.page import Route
from app.vault import bin
from app.vault.outgoing import ForWhom, Outgoing
from tests.documents.reading import words_of
from tests.ui.fake_notice import FakeNotice
from tests.ui.widths import too_wide

EAST = timezone(timedelta(hours=8))
MONDAY = date(2026, 11, 16)
NOON = AppointmentValues(day=MONDAY, start=time(12, 20), end=time(13, 0))


@pytest.fixture
def page(vault, three, qtbot, dressed) -> Iterator[AppointmentsPage]:
    made = AppointmentsPage(vault, FakeNotice(), Keeper(vault))
    qtbot.addWidget(made)
    made.resize(1084, 660)
    made.arrive(Route("appointments"))
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.leave()  # as the house does before a page goes


def add(page: AppointmentsPage, vault, values: AppointmentValues) -> Block:
    with vault.write("新预约") as session:
        made = store.add(session, values, vault.now()).id
    page.reload()
    return block(page, made)


def block(page: AppointmentsPage, own_id: int) -> Block:
    return next(
        one
        for one in page.grid.findChildren(Block)
        if one.isVisible() and one.shown is not None and one.shown.appointment_id == own_id
    )


def drag(block: Block, grip: QPoint, to: QPoint) -> None:
    """Take it at a point of its own and let go at a point of the grid."""
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    start = block.mapToParent(grip)
    QTest.mousePress(block, *held, grip)
    for at in (start + (to - start) / 2, to):
        QTest.mouseMove(block, block.mapFromParent(at))
    QTest.mouseRelease(block, *held, block.mapFromParent(to))


def stored(vault, own_id: int) -> tuple[date, time, time]:
    with vault.read() as session:
        one = store.get(session, own_id)
        return one.day, one.start, one.end


def test_a_drag_moves_it_and_its_undo_brings_it_back(page, vault, three) -> None:
    made = add(page, vault, replace(NOON, student_ids=(three.lin,)))
    own_id = made.shown.appointment_id
    target = page.grid.rect_of(MONDAY + timedelta(days=2), time(16, 30), time(17, 10))
    grip = QPoint(30, 12)
    drag(made, grip, target.topLeft() + QPoint(4, 3) + grip)
    assert stored(vault, own_id) == (MONDAY + timedelta(days=2), time(16, 30), time(17, 10))
    assert page._notice.toasts[-1] == "已移到 11月18日(周三) 16:30–17:10。"
    page._notice.press_undo()
    assert stored(vault, own_id) == (MONDAY, time(12, 20), time(13, 0))


def test_its_edge_dragged_lengthens_it(page, vault, three) -> None:
    made = add(page, vault, replace(NOON, student_ids=(three.lin,), end=time(12, 40)))
    own_id = made.shown.appointment_id
    lower = page.grid.rect_of(MONDAY, time(12, 20), time(13, 0)).bottomLeft()
    grip = QPoint(30, made.height() - 3)
    drag(made, grip, lower + QPoint(30, 1))
    assert stored(vault, own_id) == (MONDAY, time(12, 20), time(13, 0))


def test_a_crowded_day_that_makes_the_week_taller_is_shown_at_once(page, vault, three) -> None:
    """The week grows while it takes its appointments: each has its place then."""
    with vault.write("试") as session:
        for hour in range(6, 23):
            store.add(session, replace(NOON, start=time(hour), end=time(hour, 40), called=f"第{hour}位"), vault.now())
    page.reload()
    seen = [one for one in page.grid.findChildren(Block) if one.isVisible()]
    assert len(seen) == 17
    assert len({one.y() for one in seen}) == 17


def test_a_drag_onto_another_is_refused_and_it_lies_where_it_was(page, vault, three) -> None:
    add(page, vault, replace(NOON, student_ids=(three.he,), day=MONDAY + timedelta(days=1)))
    made = add(page, vault, replace(NOON, student_ids=(three.lin,)))
    before, own_id = made.geometry(), made.shown.appointment_id
    target = page.grid.rect_of(MONDAY + timedelta(days=1), time(12, 20), time(13, 0))
    grip = QPoint(30, 12)
    drag(made, grip, target.topLeft() + QPoint(4, 3) + grip)
    assert "何子墨" in page._notice.told[-1].sentence
    assert stored(vault, own_id) == (MONDAY, time(12, 20), time(13, 0))
    assert block(page, own_id).geometry() == before


def test_a_click_on_a_free_period_begins_an_appointment_there(page, three) -> None:
    QTest.mouseClick(
        page.grid,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        page.grid.rect_of(MONDAY + timedelta(days=3), time(13, 10), time(13, 50)).center(),
    )
    assert page.form.isVisible()
    wanted = page.form.read().values
    assert (wanted.day, wanted.start, wanted.end) == (MONDAY + timedelta(days=3), time(13, 10), time(13, 50))


def test_moving_one_of_a_series_asks_which(page, vault, three, qtbot) -> None:
    values = replace(NOON, student_ids=(three.lin,))
    with vault.write("新预约") as session:
        made = store.add_series(session, values, Pattern(Rhythm.WEEKLY, MONDAY, MONDAY + timedelta(weeks=3)))
    ids = [one.id for one in made]
    page.reload()
    page.deeds.move(ids[1], MONDAY + timedelta(weeks=1, days=1), time(12, 20), time(13, 0))
    dialog = next(one for one in page.window().findChildren(ScopeDialog) if one.isVisible())
    dialog._choose(Scope.LATER)
    assert [stored(vault, own_id)[0] for own_id in ids] == [
        MONDAY, *(MONDAY + timedelta(weeks=at, days=1) for at in (1, 2, 3))
    ]  # fmt: skip


def test_colour_says_kind_and_the_words_say_what_is_owed(page, vault, three, clock) -> None:
    made = add(page, vault, replace(NOON, student_ids=(three.lin,), kind=Kind.PARENT))
    assert made.accessibleName() == "林晓舟家长，家长会谈，周一 12:20–13:00，个别辅导室，未登记"
    page._open(made.shown.appointment_id)
    page.deeds.register(made.shown.appointment_id, Status.ABSENT)
    assert block(page, made.shown.appointment_id).shown.struck


def test_month_and_list_show_the_same(page, vault, three) -> None:
    with vault.write("新预约") as session:
        made = store.add(session, replace(NOON, student_ids=(three.lin,), day=date(2026, 11, 26)), vault.now()).id
    page.views.show_view(page.views.month_view)
    day = next(cell for cell in page.views.month._cells() if cell.day == date(2026, 11, 26))
    assert [one.title for one in day.shown] == ["林晓舟"]
    page.views.show_view(page.views.listing)
    rows = [row.cells for row in page.views.listing.table.model.rows]
    assert rows == [("2026-11-26 周四", "12:20–13:00", "林晓舟", "个别辅导", "个别辅导室", "已确认")]
    page.views.month.chosen.emit(date(2026, 11, 26))
    assert block(page, made).isVisible()


def test_somebody_who_waits_is_offered_free_times_and_leaves_the_list(page, vault, three, clock) -> None:
    clock.moment = datetime(2026, 11, 20, 12, 30, tzinfo=EAST)
    add(page, vault, replace(NOON, day=date(2026, 11, 20), start=time(13, 10), end=time(13, 50), called="小雨"))
    with vault.write("加入等候名单") as session:
        entry = waiting.add(session, three.sun, "", RequestedBy.HOMEROOM, Urgency.SOON, "", clock.today()).id
        offers = waiting.offers(session, [three.sun], clock.now())
    assert [f"{one.day:%m-%d} {one.name}" for one in offers[:3]] == ["11-20 第8节", "11-23 午休一", "11-23 午休二"]
    page._arrange(entry, offers[0])
    page._save(page.form.read())
    with vault.read() as session:
        assert waiting.listed(session) == []
        today = store.booked(session, clock.today(), clock.today())
    assert [(one.appointment.start, one.student_ids) for one in today][1] == (time(16, 30), {three.sun})


@pytest.mark.parametrize("width", [724, 1084])
def test_nothing_is_cut_off_sideways(page, vault, three, width) -> None:
    add(page, vault, replace(NOON, student_ids=(three.lin,)))
    with vault.write("加入等候名单") as session:
        waiting.add(session, three.sun, "", RequestedBy.HOMEROOM, Urgency.SOON, "", vault.clock.today())
    page.resize(width, 600)
    page.reload()
    assert too_wide(page) == []
    (arrange,) = [one for one in page.findChildren(QPushButton) if one.text() == "安排"]
    arrange.click()
    assert [one for one in page.findChildren(QPushButton) if one.accessibleName().startswith("约在")]
    assert too_wide(page) == []
    page._want_new()
    assert too_wide(page) == []


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [("day", "2026-02-31", "不是一个日期"), ("end", "", "都要填写"), ("until", "2027-02-30", "不是一个日期")],
)
def test_what_is_no_day_or_time_is_said_and_nothing_typed_is_lost(page, three, field, words, said) -> None:
    page._want_new()
    page.form.called.set_value("小雨")
    page.form.rhythm.set_value(Rhythm.WEEKLY.value)
    getattr(page.form, field).set_value(words)
    page.form._want()
    assert said in page._notice.told[-1].sentence
    assert page.form.isVisible()
    assert page.form.called.value() == "小雨"


def test_the_slips_of_a_day_go_to_the_printer_and_into_the_register(page, vault, three, qtbot) -> None:
    day = MONDAY + timedelta(days=7)
    with vault.write("新预约") as session:
        for at, student in enumerate((three.lin, three.he, three.sun)):
            store.add(
                session,
                replace(NOON, day=day, start=time(9 + at), end=time(9 + at, 40), student_ids=(student,)),
                vault.now(),
            )
    page.papers.ask("slips")
    dialog = next(one for one in page.window().findChildren(SpanDialog) if one.isVisible())
    dialog.first.set_day(day)
    with qtbot.waitSignal(page.sheet_wanted) as sent:
        dialog._agree()
    pdf, title, log = sent.args
    assert len(words_of(pdf)) == 2
    assert "心理" not in "".join(words_of(pdf))
    assert title == "预约单"
    log(ForWhom("班主任", "请假"))
    with vault.read() as session:
        rows = session.query(Outgoing).all()
    assert [(row.title, row.to_whom, row.purpose, row.student_id) for row in rows] == [
        ("预约单", "班主任", "请假", None)
    ]


def test_under_the_day_stands_what_should_be_known_of_it(page, vault, three) -> None:
    with vault.write("试") as session:
        entering.save_special(session, DayKind.CLOSED, "区教研", date(2026, 11, 24), None)
        entering.save_class_hours(session, 8, 3, "体育测试", "1", Span(time(12, 20), time(12, 40)))
    page.reload()
    page._want(date(2026, 11, 23), time(12, 20), None)
    assert page.form.day.hint_label.text() == "周一 · 第13周(单周)"
    page.form.students.add(three.lin)
    assert page.form.day.hint_label.text().endswith("八(3)班这时有体育测试")
    page.form.day.set_value("2026-11-24")
    assert page.form.day.hint_label.text() == "周二 · 第13周(单周) · 这一天停开：区教研"
    with vault.read() as session:
        offers = waiting.offers(session, [three.lin], datetime(2026, 11, 23, 8, 0, tzinfo=EAST))
    assert [f"{one.day:%m-%d} {one.name}" for one in offers[:3]] == ["11-23 午休二", "11-23 第8节", "11-25 午休一"]


def test_the_note_is_of_the_talk_she_stands_on_and_of_each_student_in_turn(page, vault, three, qtbot) -> None:
    """Not of the last one that has no note."""
    both = replace(NOON, student_ids=(three.lin, three.he))
    with vault.write("试") as session:
        ids = [store.add(session, replace(both, day=MONDAY + timedelta(days=at)), vault.now()).id for at in (0, 2)]
        for own_id in ids:
            outcomes.register(session, own_id, Status.ATTENDED, vault.now())
    page.reload()
    page._open(ids[0])
    wanted = []
    page.went.connect(wanted.append)
    page.acts.write_note(ids[0])
    first = written(vault, three.lin)
    page.acts.write_note(ids[0])
    written(vault, three.he)
    page.acts.write_note(ids[0])
    assert wanted[:2] == [Route("note", None, three.lin, ids[0]), Route("note", None, three.he, ids[0])]
    assert wanted[2] == Route("note", first, three.lin)
    page.reload()
    assert "看会谈记录" in [one.text() for one in page.panel.findChildren(QPushButton)]
    with vault.read() as session:
        assert overview.met(session, three.lin, vault.now(), ids[0]).held_on == MONDAY


def written(vault, student_id: int) -> int:
    """A draft of the talk on Monday noon."""
    with vault.write("试") as session:
        case = Case(
            case_no=f"2026-个-{student_id:03}", student_id=student_id, opened_at=MONDAY, source=CaseSource.STUDENT
        )
        session.add(case)
        session.flush()
        values = NoteValues(held_on=MONDAY, start=NOON.start, end=NOON.end)
        return notes.draft(session, case.id, values, MONDAY).id


def test_a_new_appointment_begins_with_the_next_free_time(page, vault, three, clock) -> None:
    add(page, vault, replace(NOON, day=date(2026, 11, 20), student_ids=(three.lin,)))
    page._want_new()
    wanted = page.form.read().values
    assert (wanted.day, wanted.start, wanted.end) == (date(2026, 11, 20), time(13, 10), time(13, 50))
    page.form.give_up()
    page.views.show_week_of(date(2026, 11, 30))
    page._want_new()
    assert (page.form.day.value(), page.form.start.value()) == ("2026-11-30", "12:20")


def test_of_a_series_she_is_asked_which_are_called_off(page, vault, three, qtbot) -> None:
    values = replace(NOON, day=date(2026, 11, 23), student_ids=(three.lin,))
    with vault.write("新预约") as session:
        made = store.add_series(session, values, Pattern(Rhythm.WEEKLY, values.day, values.day + timedelta(weeks=2)))
    ids = [one.id for one in made]
    page.show_one(ids[1])
    page.panel._buttons[[one.text() for one in page.panel._buttons].index("取消预约")].click()
    page.panel.by.set_value(CancelledBy.SCHOOL.value)
    page.panel.cancel_form._want()
    next(one for one in page.window().findChildren(ScopeDialog) if one.isVisible())._choose(Scope.LATER)
    with vault.read() as session:
        assert [store.get(session, own).status for own in ids] == [Status.CONFIRMED, Status.CANCELLED, Status.CANCELLED]
    assert page.panel.cancel_form.isHidden()

    def said() -> str:
        return "\n".join(label.text() for label in page.panel.findChildren(QLabel) if label.isVisible())

    qtbot.waitUntil(lambda: "由学校安排取消，11月20日(周五) 10:00 登记" in said())


def test_what_was_being_typed_is_open_again_and_what_was_settled_is_not(page, vault, three) -> None:
    """Cancelling, a change, somebody on the list who is just being given a time: each as it was left."""
    with vault.write("加入等候名单") as session:
        made = store.add(session, replace(NOON, day=date(2026, 11, 24), student_ids=(three.lin,)), vault.now()).id
        entry = waiting.add(session, three.sun, "", RequestedBy.HOMEROOM, Urgency.SOON, "", date(2026, 11, 20)).id
        free = waiting.offers(session, [three.sun], vault.now())[0]

    def come_back() -> None:
        page.leave()
        page.form.hide()
        page._close()
        page.arrive(Route("appointments"))

    page.show_one(made)
    page.panel.begin("reschedule")
    page.panel.reschedule_form.form.fields["reason"].set_value("月考")
    come_back()
    assert page.panel.reschedule_form.form.fields["reason"].value() == "月考"
    page.panel.reschedule_form.form.fields["day"].set_value("2026-11-25")
    page.panel.reschedule_form._want()
    come_back()
    assert page.panel.isHidden()
    assert page.form.isHidden()

    page._arrange(entry, free)
    page.form.topic.set_value("换座位")
    come_back()
    assert page.form.topic.value() == "换座位"
    page._save(page.form.read())
    with vault.read() as session:
        assert waiting.listed(session) == [], "the entry the form was for is arranged"

    page._edit(made + 1)
    page.form.topic.set_value("改了一半")
    come_back()
    assert (page.form.title_label.text(), page.form.topic.value()) == ("修改预约", "改了一半")


def test_enter_leads_to_what_can_be_done_and_escape_back(page, vault, three, qtbot) -> None:
    made = add(page, vault, replace(NOON, day=date(2026, 11, 20), student_ids=(three.lin,)))
    qtbot.waitUntil(page.isActiveWindow)
    page.grid.choose(made.shown.appointment_id)
    page.grid.setFocus()
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    assert page.panel.isVisible()
    first = page.panel._buttons[0]
    qtbot.waitUntil(first.hasFocus)
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert page.panel.isHidden()
    assert page.grid.hasFocus()


def test_of_a_file_in_the_bin_no_note_is_begun_but_who_came_is_written_down(page, vault, three) -> None:
    made = add(page, vault, replace(NOON, student_ids=(three.lin,))).shown.appointment_id
    with vault.write("学生移到回收站") as session:
        bin.put(students.get(session, three.lin), vault.now())
    wanted = []
    page.went.connect(wanted.append)
    page.acts.do("attended", made)
    assert wanted == []
    assert "回收站" in page._notice.told[-1].sentence
    with vault.read() as session:
        assert store.get(session, made).status is Status.ATTENDED


def test_beside_a_student_a_clash_names_nobody_else(page, vault, three) -> None:
    add(page, vault, replace(NOON, day=date(2026, 11, 20), student_ids=(three.he,)))
    masking.only(three.lin)
    try:
        page._want(date(2026, 11, 20), time(12, 20), None)
        page.form.students.add(three.lin)
        page.form._want()
        told = page._notice.told[-1].sentence
        page.form.rhythm.set_value(Rhythm.WEEKLY.value)
        page.form.until.set_value("2026-11-27")
        page.form._want()
        asked = page._notice.questions[-1].detail
        page.form.give_up()
        kept = replace(NOON, day=date(2026, 11, 20), start=time(16, 30), end=time(17, 10), called="小雨")
        reserved = add(page, vault, kept).shown.title
    finally:
        masking.only(None)
    assert reserved == "小**"
    assert "12:20–13:00 何**(" in told
    assert "12:20–13:00 何**(" in asked
    assert "何子墨" not in told + asked
    assert [button.text() for button in page.form.students.findChildren(QPushButton)][1:2] == ["林晓舟  ×"]
