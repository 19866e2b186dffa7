"""A year's holidays as a file: one line a day, 日期,类型,名称 (2027-01-01,放假,元旦); read with care, and written as an example."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

from app.errors import Problem
from app.rooms.school.holidays import SATURDAY, Holidays

HEADERS = ("日期", "类型", "名称")
LARGEST = 100_000
"""Bytes; a year's file has about 1,500."""
OFF, WORK = "放假", "上班"
_MEANINGS = {"放假": OFF, "休": OFF, "假": OFF, "休息": OFF, "上班": WORK, "班": WORK, "调休": WORK, "补班": WORK}
_ALWAYS = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Days the law itself names (全国年节及纪念日放假办法, 2024 revision); a file without one of them is of another year or not whole."""
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", re.ASCII)

Days = dict[date, str]


class NotAHolidayFile(Problem):
    """The file could not be taken as a year's holidays; nothing was changed."""

    def __init__(self, why: str, **values: object) -> None:
        super().__init__(why, "没有载入，原来的日历没有变。请照页面上的样子改好再载入。", **values)


def read(content: bytes, year: int) -> tuple[Days, Days]:
    """The days off and the make-up workdays of this year. Raises NotAHolidayFile for a wrong shape, another year, or a gap."""
    off: Days = {}
    work: Days = {}
    for number, cells in _lines(content):
        day, meaning, name = _entry(number, cells, year)
        if day in off or day in work:
            raise NotAHolidayFile("第 {number} 行的 {day} 出现了两次。", number=number, day=day)
        if meaning == WORK and day.isoweekday() < SATURDAY:
            raise NotAHolidayFile("第 {number} 行的 {day} 不是周末，不会是调休上班。", number=number, day=day)
        (work if meaning == WORK else off)[day] = name
    for (month, of_month), name in _ALWAYS.items():
        if date(year, month, of_month) not in off:
            raise NotAHolidayFile(
                "文件里没有 {year} 年 {month} 月 {day} 日({name})放假。",
                year=year,
                month=month,
                day=of_month,
                name=name,
            )
    return off, work


def written(holidays: Holidays, year: int) -> bytes:
    """The year as such a file, for a spreadsheet program to open."""
    rows = [(day, OFF, name) for day, name in holidays.off.items() if day.year == year]
    rows += [(day, WORK, name) for day, name in holidays.work.items() if day.year == year]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEADERS, *sorted(rows)])
    return out.getvalue().encode("utf-8-sig")


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines under the headers, with their numbers."""
    words = _decoded(content)
    separator = "\t" if "\t" in words.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(words.replace("，", ","), newline=""), delimiter=separator)
    try:
        rows = [(number, [cell.strip() for cell in row]) for number, row in enumerate(reader, 1)]
    except csv.Error:
        raise NotAHolidayFile("这个文件读不出来。") from None
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled or tuple(filled[0][1][:3]) != HEADERS:
        raise NotAHolidayFile("这个文件的第一行不是「日期,类型,名称」。")
    yield from filled[1:]


def _decoded(content: bytes) -> str:
    if len(content) > LARGEST:
        raise NotAHolidayFile("这个文件太大，不会是一年的放假安排。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in words:
            return words
    raise NotAHolidayFile("这个文件不是文字表格。")


def _entry(number: int, cells: list[str], year: int) -> tuple[date, str, str]:
    if len(cells) < 3 or not cells[2]:
        raise NotAHolidayFile("第 {number} 行不是三格：日期、类型、名称。", number=number)
    match = _DAY.fullmatch(cells[0])
    try:
        if match is None:
            raise ValueError
        day = date(*map(int, match.groups()))
    except ValueError:
        raise NotAHolidayFile("第 {number} 行的「{words}」不是一个日期。", number=number, words=cells[0]) from None
    if day.year != year and (day.year, day.month) != (year - 1, 12):  # 元旦 may begin in the December before
        raise NotAHolidayFile(
            "第 {number} 行是 {found} 年的，不是 {year} 年。", number=number, found=day.year, year=year
        )
    meaning = _MEANINGS.get(cells[1])
    if meaning is None:
        raise NotAHolidayFile(
            "第 {number} 行的类型「{words}」看不懂，只能是「放假」或「上班」。", number=number, words=cells[1]
        )
    return day, meaning, cells[2]
