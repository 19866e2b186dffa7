"""今日与本周备用单: the day and the week on one A4, for the day the PC is down. Words in resources/letters/today.txt.

Plain and not issued: a list to work by. The page is kept to one: what has no room is counted, the latest and nearest stand first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.documents import words
from app.documents.blocks import Block, Cell, Document, Gap, Grid, Heading, Sheet, Text, Title, tick
from app.rooms.school.names import weekday_name
from app.rooms.school.planned import Planned
from app.rooms.school.record import Due, School
from app.rooms.today.store import KIND, TITLE, Person
from app.rooms.today.wording import lateness, long_day

MOST_ROWS = 24
"""More than this never stand on one page."""
_PLANNED = ("时间", "来访", "说明", "备注")
_PLANNED_WIDTHS = (0.2, 0.24, 0.28, 0.28)
_DUE = ("期限", "事项", "学生", "说明", "办结")
_DUE_WIDTHS = (0.12, 0.19, 0.21, 0.4, 0.08)
_SIZE = 9.0


@dataclass(frozen=True)
class Contents:
    """What the paper says; names stand on it in full."""

    school: School
    on: date
    week: str
    """「第13周(单周)」, empty outside a term."""
    today: list[Planned]
    later: list[Planned]
    """Of the week's other days."""
    dues: list[tuple[Due, Person | None]]
    own_words: str | None = None
    """Her version of the letter's words."""


def document(of: Contents, most: int = MOST_ROWS) -> Document:
    """The paper with at most so many rows, the rest counted."""
    said = words.sections(KIND, of.own_words)
    today = of.today[: most // 2]
    dues = of.dues[: most - len(today) - min(len(of.later), most // 4)]
    later = of.later[: most - len(today) - len(dues)]
    left = len(of.today) + len(of.later) + len(of.dues) - len(today) - len(later) - len(dues)
    values = _values(of, left)

    def lines(section: str) -> list[str]:
        return words.paragraphs(words.fill(said[section], values))

    blocks: list[Block] = [Title(lines("标题")[0]), *(Text(line, indent=0) for line in lines("抬头"))]
    parts = (
        ("今天", _planned_grid(today, with_day=False) if today else None),
        ("到期", _due_grid(dues, of.on) if dues else None),
        ("本周", _planned_grid(later, with_day=True) if later else None),
    )
    for name, grid in parts:
        blocks.append(Heading(lines(name)[0]))
        blocks += [grid] if grid else [Text(line, indent=0) for line in lines("没有")]
    blocks.append(Gap(0.3))
    notes = [*(lines("未列") if left else []), *lines("附注")]
    blocks += [Text(line, indent=0, size=_SIZE) for line in notes]
    sheet = Sheet(KIND, TITLE, tuple(blocks), body_size=10.5, line_height=17)
    return Document(kind=KIND, title=TITLE, sheets=(sheet,), limited_to=f"{of.school.room_name}内部")


def _planned_grid(planned: list[Planned], *, with_day: bool) -> Grid:
    rows = [tuple(Cell(head, label=True) for head in _PLANNED)]
    for one in planned:
        begins = f"{one.start:%H:%M}–{one.end:%H:%M}"
        if with_day:
            begins = f"{one.day:%m-%d} {weekday_name(one.day.isoweekday())} {one.start:%H:%M}"
        names = "、".join(name for _, name in one.people)
        cells = (begins, " ".join(filter(None, (one.title, names))), one.detail, "")
        rows.append(tuple(Cell(cell) for cell in cells))
    return Grid(_PLANNED_WIDTHS, tuple(rows), head_rows=1, size=_SIZE)


def _due_grid(dues: list[tuple[Due, Person | None]], on: date) -> Grid:
    rows = [tuple(Cell(head, label=True) for head in _DUE)]
    for due, person in dues:
        who = f"{person.name} {person.place}" if person else ""
        rows.append(tuple(Cell(cell) for cell in (lateness(due.due, on), due.title, who, due.detail, tick("", False))))
    return Grid(_DUE_WIDTHS, tuple(rows), head_rows=1, size=_SIZE)


def _values(of: Contents, left: int) -> dict[str, str]:
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "日期": f"{of.on.year}年{long_day(of.on)}",
        "周次": of.week,
        "另有": str(left),
    }
