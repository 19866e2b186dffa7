"""On paper: slips two to a page with or without the word 心理, the week's plan, the register without names; times without names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest

from app.documents.blocks import Document
from app.documents.paper import Foot, draw
from app.rooms.appointments import letter
from app.rooms.appointments.choices import Kind, RequestedBy, Status
from app.rooms.appointments.ical import calendar_file
from app.rooms.appointments.letter import Manner, Slip
from app.rooms.appointments.record import Appointment, Booked
from app.rooms.school.bells import Bell, Slot, Span, Timetable
from app.rooms.school.calendar import Calendar, DayKind, Opening, Special, Term
from app.rooms.school.record import School
from tests.documents.reading import words_of
from tests.golden.approved import assert_pages, assert_words

SCHOOL = School(name="青禾中学", room_name="心理辅导室", counsellor="何清", phone="0571-5550102")
TODAY = date(2026, 11, 20)
WEEK = [date(2026, 11, 23) + timedelta(days=at) for at in range(5)]
SLOTS = (Slot("午休一", time(12, 20), time(13, 0)), Slot("第8节", time(16, 30), time(17, 10)))

CALENDAR = Calendar(
    terms=(Term(date(2026, 8, 31), date(2027, 1, 22)),),
    specials=(Special(DayKind.CLOSED, "区教研", date(2026, 11, 25), date(2026, 11, 25)),),
    timetables=(
        Timetable(
            "作息", 1, 1, tuple(Bell("12345", one) for one in (Slot("大课间", time(9, 40), time(10, 10)), *SLOTS))
        ),
    ),
    opening=(Opening("12345", Span(time(12, 0), time(14, 0))),),
)


def booked(at: int, name: str, status: Status = Status.CONFIRMED, start: time = time(12, 20)) -> Booked:
    end = (datetime.combine(TODAY, start) + timedelta(minutes=40)).time()
    one = Appointment(
        student_id=at, day=date(2026, 11, 22 + at), start=start, end=end, kind=Kind.INDIVIDUAL, place="个别辅导室"
    )
    one.id, one.status, one.topic, one.requested_by = at, status, "考试前睡不着", RequestedBy.HOMEROOM
    return Booked(one, ((at, name, "八(3)班"),))


def paper(document: Document) -> bytes:
    return draw(document, Foot()).pdf


def page_of(document: Document) -> str:
    """The words of the first page, without white space."""
    return "".join(words_of(paper(document))[0].split())


def slip(at: int, name: str, **changed: object) -> Slip:
    one = booked(at, name)
    for key, value in changed.items():
        setattr(one.appointment, key, value)
    return Slip(one, name, f"2024031{at}", "午休一")


def slips(count: int, manner: Manner) -> list[str]:
    of = [slip(at, f"学生{at}") for at in range(1, count + 1)]
    return ["".join(page.split()) for page in words_of(paper(letter.slips(of, SCHOOL, manner, TODAY, None)))]


def approved(name: str, document: Document) -> None:
    pdf = paper(document)
    assert_words(name, "\n".join(words_of(pdf)))
    assert_pages(name, pdf)


def test_the_slips_are_as_approved() -> None:
    of = [slip(1, "林晓舟"), slip(2, "何子墨", kind=Kind.PARENT), slip(3, "孙一诺", place="心理沙盘室")]
    approved("slip", letter.slips(of, SCHOOL, Manner(plain=False, digits=False), TODAY, None))
    approved("slip-plain", letter.slips(of, SCHOOL, Manner(plain=True, digits=True), TODAY, None))


def test_the_papers_of_the_week_are_as_approved() -> None:
    of = [
        booked(1, "林晓舟"),
        booked(2, "何子墨"),
        booked(3, "孙一诺", start=time(18, 0)),
        booked(4, "周以宁", Status.ATTENDED),
    ]
    of[1].appointment.kind = Kind.PARENT
    approved("week-plan", letter.week_plan(of, SLOTS, WEEK, SCHOOL))
    approved("duty-plan", letter.duty_plan(CALENDAR, WEEK, SCHOOL))
    came = [booked(at, name, Status.ATTENDED) for at, name in ((1, "林晓舟"), (2, "何子墨"))]
    numbers = {1: "20240311", 2: "20240312"}
    approved("visitors", letter.register(came, numbers, TODAY, date(2026, 11, 30), SCHOOL))


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (2, 1), (3, 2), (5, 3)])
def test_two_slips_stand_on_a_page(count, pages) -> None:
    assert len(slips(count, Manner(plain=True, digits=False))) == pages


def test_by_choice_the_word_and_the_name_do_not_stand_on_it() -> None:
    plain = slips(2, Manner(plain=True, digits=True))[0]
    assert "心理" not in plain
    assert "学生1" not in plain
    assert "学号后四位0311同学" in plain
    assert "考试前睡不着" not in plain
    open_ = slips(2, Manner(plain=False, digits=False))[0]
    assert "心理辅导室预约单" in open_
    for words in ("学生1同学", "2026-0001", "午休一12:20–13:00", "请交任课教师处假", "0571-5550102", "签发：何清"):
        assert words in open_


def test_the_word_is_left_out_wherever_it_would_stand() -> None:
    """A place, or the name a group was given, may bear it."""
    one = slip(1, "心理委员培训", place="心理辅导室二楼", kind=Kind.GROUP)
    document = letter.slips([replace(one, number="")], SCHOOL, Manner(plain=True, digits=False), TODAY, None)
    assert "心理" not in page_of(document)
    assert "辅导室二楼" in page_of(document)


def test_a_parent_is_not_called_a_pupil_and_needs_no_leave_from_lessons() -> None:
    one = slip(1, "林晓舟", kind=Kind.PARENT)
    page = page_of(letter.slips([one], SCHOOL, Manner(plain=True, digits=False), TODAY, None))
    assert "林晓舟家长：" in page
    assert "同学" not in page
    assert "处假" not in page


def test_what_was_moved_to_another_time_stands_in_the_week_plan_once() -> None:
    of = [booked(1, "林晓舟", Status.MOVED), booked(2, "林晓舟")]
    assert page_of(letter.week_plan(of, SLOTS, WEEK, SCHOOL)).count("林晓舟") == 1


def test_the_duty_plan_says_who_is_there_and_when_the_room_stays_closed() -> None:
    page = page_of(letter.duty_plan(CALENDAR, WEEK, SCHOOL))
    assert page.count("何清") == 4
    assert "停开说明：11月25日(周三)停开：区教研" in page
    assert "0571-5550102" in page
    assert "第13周(单周)" in page
    assert "大课间" not in page


def test_the_week_plan_has_every_appointment_also_outside_the_periods() -> None:
    of = [booked(1, "林晓舟"), booked(2, "何子墨", start=time(18, 0)), booked(3, "孙一诺", Status.CANCELLED)]
    page = page_of(letter.week_plan(of, SLOTS, WEEK, SCHOOL))
    assert "12:20林晓舟" in page
    assert "18:00–18:40何子墨" in page
    assert "孙一诺" not in page


def test_the_register_has_who_came_without_name_and_complaint() -> None:
    of = [booked(1, "林晓舟", Status.ATTENDED), booked(2, "何子墨", Status.ABSENT)]
    document = letter.register(of, {1: "20240311", 2: "20240312"}, TODAY, date(2026, 11, 30), SCHOOL)
    page = page_of(document)
    assert "0311" in page
    assert "班主任" in page
    for hidden in ("林晓舟", "考试前睡不着", "0312"):
        assert hidden not in page


def test_the_calendar_file_says_times_and_nothing_else() -> None:
    now = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
    told = calendar_file([booked(1, "林晓舟").appointment], "0011223344556677", now).decode()
    assert "DTSTART:20261123T122000\r\nDTEND:20261123T130000\r\nSUMMARY:已约\r\n" in told
    assert "DTSTAMP:20261120T020000Z" in told
    assert told.startswith("BEGIN:VCALENDAR\r\n")
    assert told.endswith("END:VCALENDAR\r\n")
    for hidden in ("林晓舟", "辅导", "考试前睡不着"):
        assert hidden not in told
    assert all(len(line.encode()) <= 75 for line in told.split("\r\n"))
