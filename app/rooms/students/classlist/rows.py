"""The rows of a class list as students: normalised entries, repeats, and the rows that cannot be taken, each with its reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from statistics import median

from app.rooms.school.record import school_year
from app.rooms.students.choices import Gender, Relation
from app.rooms.students.classlist import cells
from app.rooms.students.classlist.cells import Unreadable
from app.rooms.students.classlist.columns import Layout, Mapping
from app.rooms.students.classlist.filling import filled_down
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.classlist.places import STAGES, Place, read_class, read_grade, read_title, stage_of
from app.rooms.students.classlist.sheets import Cell, SheetRow, Workbook

_FOOT = re.compile(
    r"(?:合计|总计|小计|共计|总人数|人数|全班|本班|本页|共\s*\d+|男生?[::]?\s*\d+|女生?[::]?\s*\d+|制表|填表|填报|审核|复核|经办|备注[::]|注[::]|说明|班主任[::签]|校长|"
    r"日期[::]|单位|盖章|第\s*\d+\s*页|以上|以下|平均)"
)
_SECOND = {
    Meaning.FATHER: (Meaning.FATHER_PHONE, Relation.FATHER),
    Meaning.MOTHER: (Meaning.MOTHER_PHONE, Relation.MOTHER),
}


@dataclass(frozen=True)
class Carer:
    """A guardian as the list has them; an empty relation is not written."""

    name: str
    relation: Relation | None
    phone: str = ""
    phone2: str = ""
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """One student as a row gives it, normalised; what the list does not say is None or empty."""

    sheet: str
    row: int
    student_no: str
    name: str
    gender: Gender
    grade: int
    class_no: int
    birth_date: date | None = None
    phone: str = ""
    boarding: bool | None = None
    dorm: str = ""
    national_no: str = ""
    ethnicity: str = ""
    homeroom_teacher: str = ""
    entry_year: int | None = None
    carers: tuple[Carer, ...] = ()
    """The primary guardian first."""


@dataclass(frozen=True)
class Repeat:
    """A row that repeats a student already in the file."""

    sheet: str
    row: int
    student_no: str
    name: str


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be taken as it stands: where it is, what it holds, and why not."""

    sheet: str
    row: int
    content: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class ClassList:
    """What a file comes to: students in the order of the file, repeats, problem rows, and remarks on the file as a whole."""

    entries: tuple[Entry, ...]
    repeats: tuple[Repeat, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[str, ...] = ()


def class_list(book: Workbook, found: list[Layout], mapping: Mapping, today: date) -> ClassList:
    """Every row of every sheet, taken, told as a repeat, or told as a problem."""
    read: list[Entry | RowProblem] = []
    unread: Counter[str] = Counter()
    for layout in found:
        read.extend(_SheetReader(book, layout, mapping, today, unread).rows())
    read = _short_numbers(read)
    entries, repeats, problems = _told_apart(read)
    return ClassList(tuple(entries), tuple(repeats), tuple(problems), tuple(_remarks(book, found, unread)))


def _remarks(book: Workbook, found: list[Layout], unread: Counter[str]) -> Iterator[str]:
    listed = {layout.sheet for layout in found}
    for name in book.hidden:
        yield f"工作表「{name}」是隐藏的,没有读。"
    for sheet in book.sheets:
        if sheet.name not in listed and sheet.rows:
            yield f"工作表「{sheet.name}」里没有找到名单,没有读。"
    for label, count in unread.items():
        yield f"「{label}」一栏有 {count} 格看不懂,这些格没有导入,学生照常导入。"


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
            reason = f"学号和{where}第 {before.row} 行相同,姓名不同"
            problems.append(RowProblem(row.sheet, row.row, _content_of(row), reason))
    places = {(row.sheet, row.row): at for at, row in enumerate(read)}
    problems.sort(key=lambda problem: places[problem.sheet, problem.row])
    return entries, repeats, problems


def _content_of(entry: Entry) -> tuple[str, ...]:
    return (entry.student_no, entry.name, entry.gender.label, f"{entry.grade}", f"{entry.class_no}", entry.phone)


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
            told.append(RowProblem(row.sheet, row.row, _content_of(row), "学号比其他学号短,开头的 0 可能丢了"))
        else:
            told.append(row)
    return told


class _SheetReader:
    """Reads the rows of one sheet."""

    def __init__(self, book: Workbook, layout: Layout, mapping: Mapping, today: date, unread: Counter[str]) -> None:
        self._layout = layout
        self._at = mapping.places(layout)
        self._today = today
        self._unread = unread
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
                content = tuple(cells.words(cell) for cell in row.cells)
                yield RowProblem(self._layout.sheet, row.number, content, ";".join(reasons))

    def _cell(self, row: SheetRow, meaning: Meaning) -> Cell:
        place = self._at.get(meaning)
        return "" if place is None else row.at(place)

    def _is_filler(self, row: SheetRow) -> bool:
        """Blank lines, totals, titles and remarks between the students: rows with no number that name no student."""
        filled = [text for cell in row.cells if (text := cells.words(cell))]
        if not filled or _FOOT.match(filled[0]) or self._heading(row) is not None:
            return True
        if cells.words(self._cell(row, Meaning.NUMBER)):
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
        student, carers = self._phones(row, reasons)
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
            homeroom_teacher=self._person(row, Meaning.TEACHER),
            entry_year=self._entry_year(row),
            carers=carers,
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
        fallback = next(
            (p for p in (self._section, self._sheet, self._title) if p.class_no is not None or p.packed), None
        )
        place = (
            read_class(class_cell) if written else read_class(grade_cell) if self._says_class(grade_cell) else fallback
        )
        if place is None:
            reasons.append(f"班级「{written[:12]}」看不懂" if written else "没有班级")
            return None
        found = place.settled(grade, self._stage, self._today)
        if found.class_no is None or (found.grade is None and grade is not None):
            reasons.append(f"班级「{written[:12]}」和年级不一致" if written else "没有班级")
            return None
        if found.grade is None:
            reasons.append("看不出是哪个年级")
            return None
        return found.grade, found.class_no

    def _says_class(self, cell: Cell) -> bool:
        """Whether a grade cell holds the class as well (a column 年级 with 七年级1班)."""
        place = read_class(cell) if cells.words(cell) and read_grade(cell) is None else None
        return place is not None and (place.grade is not None or bool(place.packed) or place.cohort is not None)

    def _grade(self, cell: Cell, reasons: list[str]) -> int | None:
        """The grade from its cell, else from the section, the sheet's name or the title."""
        text = cells.words(cell)
        if text:
            own = read_grade(cell)
            if own is None and not self._says_class(cell):
                reasons.append(f"年级「{text[:10]}」看不懂")
                return None
            if own is not None:
                return self._in_stage(own.settled(None, self._stage, self._today).grade)
            return None
        for place in (self._section, self._sheet, self._title):
            if place.grade is not None or place.cohort is not None or place.leaves is not None:
                return place.settled(None, self._stage, self._today).grade
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
                    self._unread[meaning.label] += 1
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

    def _person(self, row: SheetRow, meaning: Meaning) -> str:
        """A name that is not the student's: what is no name is left out."""
        try:
            return cells.name(self._cell(row, meaning))
        except Unreadable:
            return ""

    def _numbers(self, row: SheetRow, meaning: Meaning, reasons: list[str]) -> list[str]:
        try:
            return cells.phones(self._cell(row, meaning))
        except Unreadable as unreadable:
            reasons.append(unreadable.why)
            return []

    def _phones(self, row: SheetRow, reasons: list[str]) -> tuple[str, tuple[Carer, ...]]:
        """The student's phone and the guardians; a list's one contact phone is kept on both."""
        own = self._numbers(row, Meaning.STUDENT_PHONE, reasons)
        contact = self._numbers(row, Meaning.PHONE, reasons)
        carer = self._numbers(row, Meaning.GUARDIAN_PHONE, reasons)
        carers = tuple(self._carers(row, carer or contact, reasons))
        separate = Meaning.STUDENT_PHONE in self._at
        student = own or ([] if separate else contact or ([] if Meaning.PHONE in self._at else carer))
        return (student[0] if student else ""), carers

    def _carers(self, row: SheetRow, phone: list[str], reasons: list[str]) -> Iterator[Carer]:
        address = cells.plain_text(self._cell(row, Meaning.ADDRESS))
        name = self._person(row, Meaning.GUARDIAN)
        written = cells.optional(self._cell(row, Meaning.RELATION))
        relation = _relation(written)
        if written and relation is None:
            self._unread[Meaning.RELATION.label] += 1
        found = []
        if name or phone:
            found.append(Carer(name, relation, *_two(phone)))
        for meaning, (number, kind) in _SECOND.items():
            phones = self._numbers(row, number, reasons)
            parent = self._person(row, meaning)
            same = bool(found) and parent != "" and found[0].name == parent
            if (parent or phones) and not same:
                found.append(Carer(parent, kind, *_two(phones)))
            elif same:
                found[0] = Carer(parent, found[0].relation or kind, *_two(list(dict.fromkeys([*phone, *phones]))))
        if len(found) > 1 and not found[0].name and Meaning.GUARDIAN not in self._at:
            found.pop(0)  # the contact phone is the parents' own: they have names, it has none
            found[0] = found[0] if found[0].phone else Carer(found[0].name, found[0].relation, *_two(phone))
        for at, carer in enumerate(found):
            yield Carer(carer.name, carer.relation, carer.phone, carer.phone2, address if at == 0 else "")


def _two(phones: list[str]) -> tuple[str, str]:
    return (phones[0] if phones else ""), (phones[1] if len(phones) > 1 else "")


def _relation(written: str) -> Relation | None:
    if not written:
        return None
    found = Relation.read(written)
    if found is None:
        found = next((r for r in Relation for word in (r.label, *r.aliases) if len(word) > 1 and word in written), None)
    return found
