"""The rows of a class list as students: normalised entries, repeats, and the rows that cannot be taken, each with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from app.rooms.school.record import grade_name
from app.rooms.students.classlist.answers import Unread
from app.rooms.students.classlist.columns import Layout, Mapping
from app.rooms.students.classlist.entries import ClassList, Entry, Repeat, RowProblem
from app.rooms.students.classlist.sheetreader import SheetReader
from app.rooms.students.classlist.sheets import Workbook


def class_list(book: Workbook, found: list[Layout], mapping: Mapping, today: date, stage: str = "") -> ClassList:
    """Every row of every sheet, taken, told as a repeat, or told as a problem. ``stage`` is the school's, where it has only one."""
    read: list[Entry | RowProblem] = []
    unread = Unread(mapping.answers)
    for layout in found:
        read.extend(SheetReader(book, layout, mapping, today, unread, stage).rows())
    read = _short_numbers(read)
    entries, repeats, problems = _told_apart(read)
    remarks = tuple(_remarks(book, found, unread))
    return ClassList(tuple(entries), tuple(repeats), tuple(problems), remarks, unread.all_asked())


def _remarks(book: Workbook, found: list[Layout], unread: Unread) -> Iterator[str]:
    listed = {layout.sheet for layout in found}
    for name in book.hidden:
        yield f"工作表「{name}」是隐藏的，没有读。"
    for sheet in book.sheets:
        if sheet.name not in listed and sheet.rows:
            yield f"工作表「{sheet.name}」里没有找到名单，没有读。"
    for label, count in unread.cells.items():
        yield f"「{label}」一栏有 {count} 格看不懂，这些格没有导入，学生照常导入。"
    for words, grade in unread.by_school.items():
        yield f"「{words}」按档案里已有的年级读作{grade_name(grade)}。"


def _told_apart(read: list[Entry | RowProblem]) -> tuple[list[Entry], list[Repeat], list[RowProblem]]:
    entries, repeats, problems = [], [], []
    first: dict[str, Entry] = {}
    for row in read:
        if isinstance(row, RowProblem):
            problems.append(row)
            continue
        before = first.setdefault(row.student_no, row)
        if before is row:
            entries.append(row)
        elif before.name == row.name:
            repeats.append(Repeat(row.sheet, row.row, row.student_no, row.name))
        else:
            where = f"{before.sheet} " if before.sheet != row.sheet else ""
            reason = f"学号和{where}第 {before.row} 行相同，姓名不同"
            problems.append(RowProblem.of(row.sheet, row.row, row.cells, reason))
    places = {(row.sheet, row.row): at for at, row in enumerate(read)}
    problems.sort(key=lambda problem: places[problem.sheet, problem.row])
    return entries, repeats, problems


def _short_numbers(read: list[Entry | RowProblem]) -> list[Entry | RowProblem]:
    """Where nearly all numbers begin with 0 and have one length, a shorter one has lost its zero in the spreadsheet."""
    numbers = [row.student_no for row in read if isinstance(row, Entry) and row.student_no.isdigit()]
    if len(numbers) < 5:
        return read
    length, count = Counter(map(len, numbers)).most_common(1)[0]
    zeros = sum(1 for number in numbers if len(number) == length and number.startswith("0"))
    if count * 10 < len(numbers) * 8 or zeros * 10 < count * 9:
        return read
    told: list[Entry | RowProblem] = []
    for row in read:
        if isinstance(row, Entry) and row.student_no.isdigit() and length - 3 <= len(row.student_no) < length:
            told.append(RowProblem.of(row.sheet, row.row, row.cells, "学号比其他学号短，开头的 0 可能丢了"))
        else:
            told.append(row)
    return told
