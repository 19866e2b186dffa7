"""Reads the rows of one sheet: what each cell says, what stands in titles and merged cells, what is filler."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from statistics import median

from app.rooms.school.record import school_year
from app.rooms.students.choices import Gender
from app.rooms.students.classlist import cells, contacts
from app.rooms.students.classlist.answers import Unread
from app.rooms.students.classlist.cells import Unreadable
from app.rooms.students.classlist.columns import Layout, Mapping
from app.rooms.students.classlist.entries import Entry, RowProblem
from app.rooms.students.classlist.filling import filled_down
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.classlist.places import STAGES, Place, read_class, read_grade, read_title, stage_of
from app.rooms.students.classlist.sheets import Cell, SheetRow, Workbook

_FOOT = re.compile(
    r"(?:合计|总计|小计|共计|总人数|人数|全班|本班|本页|共\s*\d+|男生?[::]?\s*\d+|女生?[::]?\s*\d+|制表|填表|填报|审核|复核|经办|"
    r"备注[::]|注[::]|说明|班主任[::签]|校长|日期[::]|单位|盖章|第\s*\d+\s*页|以上|以下|平均)"
)
"""How lines begin that stand under or between the students and are none."""


class SheetReader:
    """Reads the rows of one sheet."""

    def __init__(
        self, book: Workbook, layout: Layout, mapping: Mapping, today: date, unread: Unread, school_stage: str
    ) -> None:
        self._layout = layout
        self._at = mapping.places(layout)
        self._today = today
        self._unread = unread
        self._school_stage = school_stage
        sheet = next(s for s in book.sheets if s.name == layout.sheet)
        titles = [read_title(title) for title in layout.titles]
        self._title = next((place for place in titles if place is not None), None) or Place()
        self._sheet = read_title(layout.sheet) or (layout.sheet.endswith("班") and read_class(layout.sheet)) or Place()
        self._section = Place()
        self._rows = filled_down(
            sheet, layout, [self._at[m] for m in (Meaning.GRADE, Meaning.CLASS, Meaning.TEACHER) if m in self._at]
        )
        words = " ".join((book.name, layout.sheet, *layout.titles))
        self._stage = stage_of(words) or self._stage_by_age()

    def rows(self) -> Iterator[Entry | RowProblem]:
        for row in self._rows:
            if self._is_filler(row):
                self._section = self._heading(row) or self._section
                continue
            reasons: list[str] = []
            entry = self._entry(row, reasons)
            if entry is not None:
                yield entry
            else:
                yield RowProblem.of(self._layout.sheet, row.number, row.cells, "；".join(reasons))

    def _cell(self, row: SheetRow, meaning: Meaning) -> Cell:
        place = self._at.get(meaning)
        return "" if place is None else row.at(place)

    def _is_filler(self, row: SheetRow) -> bool:
        """Blank lines, totals, titles and remarks between the students: rows with no number that name no student."""
        filled = [text for cell in row.cells if (text := cells.words(cell))]
        number = cells.words(self._cell(row, Meaning.NUMBER))
        if number and cells.words(self._cell(row, Meaning.GENDER)):
            return False
        if not filled or _FOOT.match(filled[0]) or self._heading(row) is not None:
            return True
        if number:
            return False
        name = cells.words(self._cell(row, Meaning.NAME)) or cells.words(self._cell(row, Meaning.SURNAME))
        asked = (Meaning.GENDER, Meaning.CLASS, Meaning.BIRTH, Meaning.PHONE)
        known = sum(1 for meaning in asked if cells.words(self._cell(row, meaning)))
        if not name:
            return known < 2
        return not known and not 2 <= len(re.sub(r"\s", "", name)) <= 4

    def _heading(self, row: SheetRow) -> Place | None:
        """The class that a line between the students names, for the rows below it."""
        filled = {cell.strip() for cell in row.cells if isinstance(cell, str) and cell.strip()}
        if len(filled) != 1 or any(isinstance(cell, int | float | date) for cell in row.cells):
            return None
        place = read_title(filled.pop())
        return place if place is not None and place.class_no is not None else None

    def _entry(self, row: SheetRow, reasons: list[str]) -> Entry | None:
        """The row's student; None with the reasons filled in."""
        number = self._read(cells.number, row, Meaning.NUMBER, reasons)
        name = self._name(row, reasons)
        gender = self._gender(row, reasons)
        place = self._place(row, reasons)
        birth = self._day(row, reasons)
        if number == "":
            reasons.insert(0, "没有学号")
        if name == "":
            reasons.append("没有姓名")
        student, carers = contacts.contacts(partial(self._cell, row), self._at, reasons, self._unread.cells)
        if reasons or not number or not name or gender is None or place is None:
            return None
        grade, class_no = place
        return Entry(
            self._layout.sheet,
            row.number,
            number,
            name,
            gender,
            grade,
            class_no,
            birth_date=birth,
            phone=student,
            boarding=self._boarding(row),
            dorm=cells.optional(self._cell(row, Meaning.DORM)),
            national_no=cells.optional(self._cell(row, Meaning.NATIONAL)),
            ethnicity=cells.optional(self._cell(row, Meaning.ETHNICITY)),
            homeroom_teacher=contacts.person(self._cell(row, Meaning.TEACHER)),
            entry_year=self._entry_year(row),
            carers=carers,
            cells=row.cells,
        )

    def _read(self, reader: Callable[[Cell], str], row: SheetRow, meaning: Meaning, reasons: list[str]) -> str | None:
        try:
            return reader(self._cell(row, meaning))
        except Unreadable as unreadable:
            reasons.append(unreadable.why)
            return None

    def _name(self, row: SheetRow, reasons: list[str]) -> str | None:
        if Meaning.NAME in self._at:
            return self._read(cells.name, row, Meaning.NAME, reasons)
        parts = [self._read(cells.name, row, meaning, reasons) for meaning in (Meaning.SURNAME, Meaning.GIVEN)]
        if None in parts:
            return None
        if not all(parts):
            return ""
        joint = " " if all((part or "").isascii() for part in parts) else ""
        return joint.join(part or "" for part in parts)

    def _gender(self, row: SheetRow, reasons: list[str]) -> Gender | None:
        text = cells.words(self._cell(row, Meaning.GENDER))
        if not text:
            reasons.append("没有性别")
            return None
        gender = Gender.read(text)
        if gender is None:
            reasons.append(f"性别「{text[:10]}」不是男或女")
        return gender

    def _day(self, row: SheetRow, reasons: list[str]) -> date | None:
        try:
            return cells.day(self._cell(row, Meaning.BIRTH), self._today)
        except Unreadable as unreadable:
            reasons.append(unreadable.why)
            return None

    def _place(self, row: SheetRow, reasons: list[str]) -> tuple[int, int] | None:
        """Grade and class: the class cell's, completed by the grade cell, the section, the sheet's name and the title."""
        grade_cell, class_cell = self._cell(row, Meaning.GRADE), self._cell(row, Meaning.CLASS)
        grade = self._grade(grade_cell, reasons)
        if reasons and reasons[-1].startswith("年级"):
            return None
        written = cells.words(class_cell)
        place = self._written_place(grade_cell, class_cell)
        if place is None:
            reasons.append(f"班级「{written[:12]}」看不懂" if written else "没有班级")
            return None
        found = self._settled(place, grade)
        if found.class_no is None or (found.grade is None and grade is not None):
            reasons.append(f"班级「{written[:12]}」和年级不一致" if written else "没有班级")
            return None
        settled = found.grade if found.grade is not None else self._said_grade(place, grade_cell)
        if settled is None:
            reasons.append("看不出是哪个年级")
            return None
        return settled, found.class_no

    def _written_place(self, grade_cell: Cell, class_cell: Cell) -> Place | None:
        """Where the class is written: in its cell, in the grade's, above the rows, or in the sheet's name; as she reads it, if need be."""
        if written := cells.words(class_cell):
            return read_class(class_cell) or self._unread.said_class(written)
        if self._says_class(grade_cell):
            return read_class(grade_cell)
        above = (self._section, self._sheet, self._title)
        place = next((p for p in above if p.class_no is not None or p.packed), None)
        if place is None and self._layout.sheet.endswith("班"):
            return self._unread.said_class(self._layout.sheet)
        return place

    def _settled(self, place: Place, grade: int | None) -> Place:
        """The place with its grade; a year of entry that could be of several stages is read by the school's."""
        found = place.settled(grade, self._stage, self._today)
        if found.grade is not None or grade is not None or not place.entry:
            return found
        if not self._school_stage or place.entry in self._unread.answers:
            return found
        by_school = place.settled(None, self._school_stage, self._today)
        if by_school.grade is not None:
            self._unread.took(place.entry, by_school.grade)
        return by_school

    def _said_grade(self, place: Place, grade_cell: Cell) -> int | None:
        """The grade as she says, of the year of entry that is written somewhere, or of rows that name no grade at all."""
        written = (place, read_grade(grade_cell) or Place(), self._section, self._sheet, self._title)
        return self._unread.said_grade(next((one.entry for one in written if one.entry), ""))

    def _says_class(self, cell: Cell) -> bool:
        """Whether a grade cell holds the class as well (a column 年级 with 七年级1班)."""
        place = read_class(cell) if cells.words(cell) and read_grade(cell) is None else None
        return place is not None and (place.grade is not None or bool(place.packed) or place.cohort is not None)

    def _grade(self, cell: Cell, reasons: list[str]) -> int | None:
        """The grade from its cell, else from the section, the sheet's name or the title."""
        text = cells.words(cell)
        if text:
            own = read_grade(cell)
            if own is not None:
                return self._in_stage(self._settled(own, None).grade)
            said = None if self._says_class(cell) else self._unread.said_grade(text)
            if said is None and not self._says_class(cell):
                reasons.append(f"年级「{text[:10]}」看不懂")
            return said
        for place in (self._section, self._sheet, self._title):
            if place.grade is not None or place.cohort is not None or place.leaves is not None:
                return self._settled(place, None).grade
        return None

    def _in_stage(self, grade: int | None) -> int | None:
        """A grade counted within its stage (1–3 in a list of a 高中) as the grade it is."""
        if grade is None or not self._stage or self._stage == "小学":
            return grade
        first, last = STAGES[self._stage]
        return first + grade - 1 if grade < first and grade <= last - first + 1 else grade

    def _stage_by_age(self) -> str:
        """The stage most students of the sheet are in by their years of birth; empty when the list has none."""
        years = []
        for row in self._rows:
            try:
                born = cells.day(self._cell(row, Meaning.BIRTH), self._today)
            except Unreadable:
                continue
            if born is not None:
                years.append(born.year)
        if not years:
            return ""
        likely = school_year(self._today) - round(median(years)) - 5
        return next((stage for stage, (first, last) in STAGES.items() if first <= likely <= last), "")

    def _boarding(self, row: SheetRow) -> bool | None:
        for meaning, means in ((Meaning.BOARDING, True), (Meaning.DAY_PUPIL, False)):
            cell = self._cell(row, meaning)
            if cells.optional(cell):
                said = cells.boarding(cell)
                if said is None:
                    self._unread.cells[meaning.label] += 1
                elif cells.words(cell).casefold() in cells.SPEAKING:
                    return said
                else:
                    return said is means
        return None

    def _entry_year(self, row: SheetRow) -> int | None:
        cell = self._cell(row, Meaning.ENTRY_YEAR)
        match = re.match(r"(20\d\d)", cells.words(cell))
        if match:
            return int(match[1])
        place = read_grade(self._cell(row, Meaning.GRADE)) or read_class(self._cell(row, Meaning.CLASS))
        return place.cohort if place else None
