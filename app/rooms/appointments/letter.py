"""On paper: the slip (resources/letters/slip.txt), two to a page; the week's plan; duty plan and register (domain.md 4.3, 4.15)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from app.documents import words
from app.documents.blocks import Align, Block, Cell, Document, Gap, Grid, Sheet, Tear, Text, Title
from app.rooms.appointments.choices import Kind, Status
from app.rooms.appointments.record import Booked
from app.rooms.appointments.wording import day_words, time_words, who
from app.rooms.school.bells import Slot
from app.rooms.school.calendar import Calendar
from app.rooms.school.names import day_name, stretch_name, weekday_name
from app.rooms.school.record import School

SLIP, WEEK, DUTY, REGISTER = "slip", "week-plan", "duty-plan", "visitors"
_TO_A_PAGE = 2
_REGISTER_HEAD = ("序号", "日期", "起止", "班级", "代号", "来访方式", "议题类", "时长", "处理", "签名")
_REGISTER_WIDTHS = (0.06, 0.12, 0.14, 0.12, 0.09, 0.13, 0.12, 0.08, 0.07, 0.07)
_LEAST_REGISTER = 12
"""Rows of a register, empty ones included: it is written on by hand."""
_PLAIN = "心理"
_NOT_IN_A_PLAN = (Status.CANCELLED, Status.MOVED)


@dataclass(frozen=True)
class Slip:
    """One appointment as the slip of one of its students says it, or that of somebody without a file."""

    one: Booked
    name: str
    number: str
    """The student's; empty without a file."""
    period: str
    """「午休一」; empty outside the periods."""


@dataclass(frozen=True)
class Manner:
    """How the slips are written, by her choice."""

    plain: bool
    """The word 心理 does not stand on it."""
    digits: bool
    """Whose it is stands there by the last four digits of the number alone."""


def slips(of: Sequence[Slip], school: School, manner: Manner, on: date, own: str | None) -> Document:
    """Two slips to a page, with a line to cut along."""
    said = words.sections(SLIP, own)
    sheets = []
    for number, page in enumerate(_pages(of), 1):
        blocks: list[Block] = []
        for at, slip in enumerate(page):
            if at:
                blocks += [Gap(2), Tear("裁开"), Gap(2)]
            blocks += _slip(slip, school, manner, on, said)
        sheets.append(Sheet(f"slip-{number}", f"第{number}页", tuple(blocks), body_size=12, line_height=21))
    return Document(kind=SLIP, title="预约单", sheets=tuple(sheets), private=False)


def week_plan(booked: Sequence[Booked], slots: Sequence[Slot], days: Sequence[date], school: School) -> Document:
    """The week's appointments by day and period, for the counsellor's own desk."""
    inside = [one for one in booked if one.appointment.status not in _NOT_IN_A_PLAN]
    rows = [_days_head(days)]
    placed: set[int] = set()
    for slot in _periods(slots):
        cells = []
        for day in days:
            found = [
                one for one in inside if one.appointment.day == day and slot.start <= one.appointment.start < slot.end
            ]
            placed |= {one.appointment.id for one in found}
            cells.append(Cell("\n".join(f"{one.appointment.start:%H:%M} {who(one)}" for one in found), min_lines=2))
        rows.append((_period_cell(slot), *cells))
    left = [one for one in inside if one.appointment.id not in placed and one.appointment.day in days]
    if left:
        others = [[one for one in left if one.appointment.day == day] for day in days]
        told = ("\n".join(f"{time_words(one)} {who(one)}" for one in found) for found in others)
        rows.append((Cell("其他时间", label=True), *map(Cell, told)))
    return _one_sheet(WEEK, "一周安排", _week_blocks("一周安排", rows, days, school))


def duty_plan(calendar: Calendar, days: Sequence[date], school: School) -> Document:
    """值班表: when the room is open in a week and who is there, to be hung at the door: no student stands on it."""
    open_ = {day: calendar.open_spans(day) for day in days}
    slots = _periods(slot for day in days for slot in calendar.slots(day))
    slots = [slot for slot in slots if any(calendar.is_open(day, slot.start, slot.end) for day in days)]
    if not slots:
        slots = _periods(Slot("", span.start, span.end) for spans in open_.values() for span in spans)
    rows = [_days_head(days)]
    for slot in slots:
        there = [school.counsellor or "开放" if calendar.is_open(day, slot.start, slot.end) else "" for day in days]
        rows.append((_period_cell(slot), *(Cell(words, min_lines=2) for words in there)))
    closed = [
        f"{day_words(day)} {why}" for day in days if (why := calendar.why_no_school(day) or calendar.why_closed(day))
    ]
    week = calendar.week_of(days[0])
    said = [f"电话：{school.phone or '＿＿＿＿＿＿＿＿'}", *(f"停开说明：{words}" for words in closed)]
    blocks = _week_blocks("值班表", rows, days, school, week.label if week is not None else "")
    blocks += [Text(line, indent=0, size=10.5) for line in said]
    sheet = Sheet(DUTY, "值班表", tuple(blocks), body_size=10.5, line_height=18)
    return Document(kind=DUTY, title="值班表", sheets=(sheet,), private=False)


def register(booked: Sequence[Booked], numbers: dict[int, str], first: date, last: date, school: School) -> Document:
    """Who came from a day to another: by class and the last four digits of the number, without a name and a complaint."""
    rows = [tuple(Cell(words, label=True) for words in _REGISTER_HEAD)]
    came = [one for one in booked if one.appointment.status is Status.ATTENDED]
    for at, one in enumerate(came, 1):
        of = one.appointment
        classes = "、".join(dict.fromkeys(place for _, _, place in one.students))
        codes = "、".join(numbers.get(own, "")[-4:] for own, _, _ in one.students)
        cells = (
            str(at), f"{of.day:%m-%d}", time_words(one), classes, codes,
            of.requested_by.label, of.kind.label, f"{of.minutes}分", "", "",
        )  # fmt: skip
        rows.append(tuple(map(Cell, cells)))
    for at in range(len(came) + 1, _LEAST_REGISTER + 1):
        rows.append(tuple(Cell(str(at) if not column else "") for column in range(len(_REGISTER_HEAD))))
    blocks: list[Block] = [
        Title("来访登记簿"),
        Text(f"{school.name}{school.room_name}　{day_name(first)}至{day_name(last)}", indent=0, align=Align.CENTRE),
        Gap(0.5),
        Grid(_REGISTER_WIDTHS, tuple(rows), head_rows=1, size=9),
        Text("代号为学号后四位；本表不写姓名和主诉。", indent=0, size=9),
    ]
    return _one_sheet(REGISTER, "来访登记簿", blocks)


def _week_blocks(
    title: str, rows: Sequence[tuple[Cell, ...]], days: Sequence[date], school: School, week: str = ""
) -> list[Block]:
    """The title, the room with the days, and the grid of a week."""
    span = f"{days[0].year}年{stretch_name(days[0], days[-1])}"
    return [
        Title(title),
        Text("　".join(filter(None, (f"{school.name}{school.room_name}", span, week))), indent=0, align=Align.CENTRE),
        Gap(0.5),
        Grid((0.16, *(0.84 / len(days) for _ in days)), tuple(rows), head_rows=1, size=9),
    ]


def _days_head(days: Sequence[date]) -> tuple[Cell, ...]:
    return (Cell("", label=True), *(Cell(f"{weekday_name(day.isoweekday())}\n{day.day}日", label=True) for day in days))


def _periods(slots: Iterable[Slot]) -> list[Slot]:
    """Each period once, in the order of the day."""
    return sorted(set(slots), key=_beginning)


def _beginning(slot: Slot) -> tuple[time, time]:
    return slot.start, slot.end


def _period_cell(slot: Slot) -> Cell:
    return Cell(f"{slot.name}\n{slot.start:%H:%M}–{slot.end:%H:%M}".strip(), label=True)


def _pages(of: Sequence[Slip]) -> list[tuple[Slip, ...]]:
    """Two to a page; a single one stands twice: for the student and for the file."""
    if len(of) == 1:
        return [(of[0], of[0])]
    return [tuple(of[at : at + _TO_A_PAGE]) for at in range(0, len(of), _TO_A_PAGE)]


def _slip(slip: Slip, school: School, manner: Manner, on: date, said: dict[str, str]) -> list[Block]:
    of = slip.one.appointment
    number = f"{of.day.year}-{of.id:04d}"
    called = f"学号后四位 {slip.number[-4:]} " if manner.digits and slip.number else slip.name
    for_student = of.kind is Kind.INDIVIDUAL or (bool(slip.number) and of.kind is not Kind.PARENT)
    values = {
        "学校": school.name,
        "辅导室": school.room_name,
        "单号": number,
        "称呼": called,
        "抬头": f"{called}同学" if for_student else f"{called}家长" if of.kind is Kind.PARENT else called,
        "请假": "请交任课教师处假。" if for_student else "",
        "日期": day_words(of.day),
        "节次": f"{slip.period} {time_words(slip.one)}".strip(),
        "地点": of.place,
        "电话": school.phone or "＿＿＿＿＿＿＿＿",
        "签发人": school.counsellor or "＿＿＿＿",
        "签发日期": day_name(on),
    }
    if manner.plain:  # the place, a period or the name of a group may bear the word too
        values |= {key: words.replace(_PLAIN, "") for key, words in values.items()}

    def lines(section: str) -> list[str]:
        plain = f"不写心理的{section}"
        chosen = plain if manner.plain and plain in said else section
        return words.paragraphs(words.fill(said[chosen], values))

    told = (("单号", number), ("日期", values["日期"]), ("时间", values["节次"]), ("地点", values["地点"]))
    return [
        *(Title(line) for line in lines("标题")[:1]),
        *(Text(line, indent=0) for line in lines("正文")),
        Grid((0.22, 0.78), tuple((Cell(label, label=True), Cell(value)) for label, value in told), size=12),
        *(Text(line, indent=0, size=10.5) for line in lines("说明")),
        *(Text(line, indent=0, align=Align.RIGHT) for line in lines("落款")),
    ]


def _one_sheet(kind: str, title: str, blocks: list[Block]) -> Document:
    sheet = Sheet(kind, title, tuple(blocks), body_size=10.5, line_height=18)
    return Document(kind=kind, title=title, sheets=(sheet,), limited_to="辅导室")
