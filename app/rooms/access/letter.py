"""查阅登记表 on paper: its rows, and how each page proves itself. Words in resources/letters/access.txt.

Plain and not issued: what is signed and numbered is what the counsellor states; this is a copy of the trail, which proves
itself by the head at the foot of each page, and is signed by hand and stamped.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, tzinfo

from app.documents import words
from app.documents.blocks import Block, Cell, Closing, Document, Gap, Grid, Sheet, Text, Title
from app.rooms.access.store import TITLE, USUAL, Access, AccessFilter
from app.rooms.school.record import School
from app.vault.chain import in_fours

KIND = "access"
MOST_ROWS = 1000
"""Rows on one printed register, about fifty pages; a longer span is printed in parts."""
_ROOM_SIZE, _ROW_SIZE = 10.5, 9.0
_HEAD = ("留痕行", "时间", "操作", "学生", "材料", "收件人", "用途")
_WIDTHS = (0.09, 0.145, 0.07, 0.155, 0.24, 0.15, 0.15)
_STUDENT = _HEAD.index("学生")


@dataclass(frozen=True)
class Contents:
    """What the printed register says."""

    wanted: AccessFilter
    rows: list[Access]
    """In the order they were written."""
    student: str
    """Whom it is about, where it is about one."""
    school: School
    head: str
    """Twelve hex digits of the trail as the rows were read."""
    on: date
    zone: tzinfo | None
    own_words: str | None = None
    """Her version of the letter's words."""


def document(of: Contents) -> Document:
    """The register of one student or of all, for a span of days."""
    said = words.sections(KIND, of.own_words)
    values = _values(of)

    def lines(section: str) -> list[str]:
        return words.paragraphs(words.fill(said[section], values))

    blocks: list[Block] = [
        Title(lines("标题")[0]),
        *(Text(line, indent=0) for line in lines("说明")),
        _table(of) if of.rows else Text(lines("空表")[0]),
        Gap(0.5),
        *(Text(line, size=9) for line in lines("附注")),
        Closing(tuple(lines("落款"))),
    ]
    sheet = Sheet("register", TITLE, tuple(blocks), body_size=_ROOM_SIZE, line_height=18)
    return Document(kind=KIND, title=TITLE, sheets=(sheet,), limited_to="学校和依法调取的机关")


def _table(of: Contents) -> Grid:
    """The rows; the student's column is left out where all are about one."""
    shown = [at for at in range(len(_HEAD)) if not (of.student and at == _STUDENT)]
    rows = [tuple(Cell(_HEAD[at], label=True) for at in shown)]
    for row in of.rows:
        cells = _cells(row, of.zone)
        rows.append(tuple(Cell(cells[at]) for at in shown))
    return Grid(tuple(_WIDTHS[at] for at in shown), tuple(rows), head_rows=1, size=_ROW_SIZE)


def _cells(row: Access, zone: tzinfo | None) -> tuple[str, ...]:
    at = row.at.astimezone(zone)
    to_whom, purpose = (row.answer.to_whom, row.answer.purpose) if row.answer else ("", "")
    student = row.student.replace(" ", "\n", 1) if row.student_id is not None else ""
    return (str(row.seq), f"{at:%Y-%m-%d}\n{at:%H:%M}", row.deed.label, student, row.what, to_whom, purpose)


def _values(of: Contents) -> dict[str, str]:
    deeds = (of.wanted.deed,) if of.wanted.deed else USUAL
    return {
        "学校": of.school.name,
        "辅导室": of.school.room_name,
        "使用人": of.school.counsellor or "心理教师",
        "范围": f"{_span(of)}，{of.student or '全部学生'}",
        "内容": "、".join(deed.label for deed in deeds),
        "条数": str(len(of.rows)),
        "制表日期": _day(of.on),
        "链头": in_fours(of.head),
    }


def _span(of: Contents) -> str:
    first, last = of.wanted.first, of.wanted.last or of.on
    return f"{_day(first)}至{_day(last)}" if first else f"建档至{_day(last)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
