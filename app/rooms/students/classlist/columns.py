"""What the columns of a class list mean: the header row under the titles, its words, and the looks of the cells below."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.rooms.students.classlist.answers import Answer
from app.rooms.students.classlist.folds import unfolded
from app.rooms.students.classlist.looks import guess
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.classlist.sheets import Sheet, SheetRow, Workbook

DEEPEST_HEADER = 60
"""Filled rows that are searched for the header."""
SAMPLES = 40


REQUIRED = (Meaning.NUMBER, Meaning.GENDER)
"""Beside these an import needs a name (whole or in two parts) and a class; the grade may stand in a title or a sheet's name."""
_WORDS = {word: meaning for meaning in Meaning for word in (meaning.label, *meaning.aliases)}
_PHONE_OF = {
    Meaning.FATHER: Meaning.FATHER_PHONE,
    Meaning.MOTHER: Meaning.MOTHER_PHONE,
    Meaning.GUARDIAN: Meaning.GUARDIAN_PHONE,
}
_GROUPS = (
    (re.compile(r"父亲|爸爸|^父"), {Meaning.NAME: Meaning.FATHER, Meaning.PHONE: Meaning.FATHER_PHONE}),
    (re.compile(r"母亲|妈妈|^母"), {Meaning.NAME: Meaning.MOTHER, Meaning.PHONE: Meaning.MOTHER_PHONE}),
    (re.compile(r"监护|家长|家庭|联系人"), {Meaning.NAME: Meaning.GUARDIAN, Meaning.PHONE: Meaning.GUARDIAN_PHONE}),
    (re.compile(r"学生|基本|本人"), {Meaning.PHONE: Meaning.STUDENT_PHONE}),
)  # fmt: skip
"""What 姓名 and 电话 mean under a wide header cell (监护人信息) in a header of two rows."""


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its place from 0, its words (unique in the sheet) and some of its cells."""

    place: int
    label: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """How one sheet is laid out: what stands above the header, its columns, the rows below."""

    sheet: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[SheetRow, ...]
    guessed: dict[str, Meaning]
    """What each column seems to mean, by its label."""


@dataclass(frozen=True)
class Mapping:
    """What each column means, by its label, for every sheet of a file; a column that is not in it is not imported."""

    meanings: dict[str, Meaning]
    answers: dict[str, Answer] = field(default_factory=dict)
    """What she said of words for grades and classes."""

    def places(self, layout: Layout) -> dict[Meaning, int]:
        """Where the meanings stand in one sheet; the first column of a meaning counts."""
        found: dict[Meaning, int] = {}
        for column in layout.columns:
            meaning = self.meanings.get(column.label, Meaning.IGNORED)
            if meaning is not Meaning.IGNORED:
                found.setdefault(meaning, column.place)
        return found

    def imported(self, layout: Layout) -> list[Column]:
        """The columns of a sheet that are imported, in their order."""
        places = set(self.places(layout).values())
        return [column for column in layout.columns if column.place in places]

    def missing(self) -> list[str]:
        """The labels of what an import needs and no column gives."""
        given = set(self.meanings.values())
        absent = [meaning.label for meaning in REQUIRED if meaning not in given]
        if Meaning.NAME not in given and not {Meaning.SURNAME, Meaning.GIVEN} <= given:
            absent.insert(1, Meaning.NAME.label)
        return absent


def layouts(book: Workbook) -> list[Layout]:
    """How each sheet that holds a list is laid out; a sheet without a recognisable list is left out."""
    found = []
    for sheet in book.sheets:
        layout = _layout(sheet)
        if layout is not None:
            found.append(layout)
    return found


def mapping_of(found: Iterable[Layout]) -> Mapping:
    """The mapping the program proposes."""
    meanings: dict[str, Meaning] = {}
    for layout in found:
        for label, meaning in layout.guessed.items():
            if meanings.get(label, Meaning.IGNORED) is Meaning.IGNORED:
                meanings[label] = meaning
    return Mapping(meanings)


def header_word(text: str) -> str:
    """A header cell as it is compared: half-width, without spaces, line ends, stars, colons and remarks in brackets."""
    plain = re.sub(r"[\s*:：、_]", "", unicodedata.normalize("NFKC", text)).casefold()
    return re.sub(r"[(\[【].*?[)\]】]", "", plain) or plain


def meaning_of(text: str) -> Meaning | None:
    """What a header's words mean, or None."""
    word = header_word(text)
    return (
        _WORDS.get(word)
        or _WORDS.get(re.sub(r"^(?:学生|学员)", "", word))
        or _WORDS.get(re.sub(r"(?:必填|选填)$", "", word))
    )


def _layout(sheet: Sheet) -> Layout | None:
    if not sheet.rows:
        return None
    at, labels, depth = _header(sheet)
    if at is None:
        return _without_header(sheet)
    body = tuple(row for row in sheet.rows[at + depth :] if not _is_header_again(row, sheet.rows[at]))
    labels, body = unfolded(labels, body)
    titles = tuple(_titles(sheet.rows[:at]))
    return _made(sheet, titles, labels, body)


def _made(
    sheet: Sheet, titles: tuple[str, ...], labels: dict[int, tuple[str, Meaning | None]], body: tuple[SheetRow, ...]
) -> Layout:
    columns, guessed, taken = [], {}, set[str]()
    width = max((len(row.cells) for row in body), default=0)
    for place in range(max(width, max(labels, default=0) + 1)):
        text, meaning = labels.get(place, ("", None))
        samples = tuple(_samples(body, place))
        if not text and not samples:
            continue
        label = _unique(text or f"{letter(place)} 列", taken)
        columns.append(Column(place, label, samples[:5]))
        if meaning is not None:
            guessed[label] = meaning
    _settle(columns, guessed, body)
    return Layout(sheet.name, titles, tuple(columns), body, guessed)


def _settle(columns: Sequence[Column], guessed: dict[str, Meaning], body: Sequence[SheetRow]) -> None:
    """Complete the header's words by the looks of the cells, and settle what two columns claim."""
    _follow_parents(columns, guessed)
    seen: set[Meaning] = set()
    for column in columns:  # the first column of a meaning has it; 其他 columns of the same words are not imported
        meaning = guessed.get(column.label)
        if meaning is not None and meaning is not Meaning.IGNORED and meaning in seen:
            guessed[column.label] = Meaning.IGNORED
        elif meaning is not None:
            seen.add(meaning)
    for column in columns:
        if column.label not in guessed:
            looks = guess(list(_samples(body, column.place)))
            meaning = looks or Meaning.IGNORED
            guessed[column.label] = Meaning.IGNORED if meaning in seen else meaning
            seen.add(guessed[column.label])
    filled = {guessed[column.label] for column in columns if column.samples}
    if Meaning.NUMBER not in filled and Meaning.NATIONAL in filled:  # a list whose only number is the 学籍号
        for label, meaning in guessed.items():
            if meaning in (Meaning.NATIONAL, Meaning.NUMBER):
                guessed[label] = Meaning.NUMBER if meaning is Meaning.NATIONAL else Meaning.IGNORED
    if Meaning.NAME in seen:  # 姓名 is there: a lone 姓 or 名 is something else
        for label, meaning in guessed.items():
            if meaning in (Meaning.SURNAME, Meaning.GIVEN):
                guessed[label] = Meaning.IGNORED


def _follow_parents(columns: Sequence[Column], guessed: dict[str, Meaning]) -> None:
    """Where several columns are called 电话, the one after 父亲 is the father's and the one after 母亲 the mother's."""
    if sum(1 for meaning in guessed.values() if meaning is Meaning.PHONE) < 2:
        return
    phone: Meaning | None = None
    for column in columns:
        meaning = guessed.get(column.label)
        if meaning in _PHONE_OF:
            phone = _PHONE_OF[meaning]
        elif meaning is Meaning.PHONE and phone is not None:
            guessed[column.label], phone = phone, None


def _without_header(sheet: Sheet) -> Layout | None:
    """A sheet whose columns can be told by their looks alone."""
    layout = _made(sheet, (), {}, sheet.rows)
    found = set(layout.guessed.values())
    return layout if {Meaning.NUMBER, Meaning.NAME, Meaning.GENDER} <= found else None


def _header(sheet: Sheet) -> tuple[int | None, dict[int, tuple[str, Meaning | None]], int]:
    """Where the header is, its labels by column, and how many rows it takes; (None, {}, 0) where there is none."""
    best: tuple[int, int, dict[int, tuple[str, Meaning | None]], int] = (0, 0, {}, 0)
    for at, row in enumerate(sheet.rows[:DEEPEST_HEADER]):
        one = {
            place: (_text(row, place), meaning_of(_text(row, place)))
            for place in range(len(row.cells))
            if _text(row, place)
        }
        for labels, depth in ((one, 1), (_two_rows(sheet, at), 2)):
            score = _score(labels)
            if score > best[0]:
                best = (score, at, labels, depth)
    return (best[1], best[2], best[3]) if best[0] else (None, {}, 0)


def _score(labels: dict[int, tuple[str, Meaning | None]]) -> int:
    """How many different meanings a row names; 0 for less than a header needs."""
    named = {meaning for _, meaning in labels.values() if meaning is not None}
    person = Meaning.NAME in named or {Meaning.SURNAME, Meaning.GIVEN} <= named
    useful = len(named - {Meaning.IGNORED})
    return useful * 2 + (Meaning.IGNORED in named) if person and useful >= 2 else 0


def _two_rows(sheet: Sheet, at: int) -> dict[int, tuple[str, Meaning | None]]:
    """The labels of a header of two rows: wide cells above (监护人信息), 姓名 and 电话 below; empty where it is none."""
    if at + 1 >= len(sheet.rows) or sheet.rows[at + 1].number != sheet.rows[at].number + 1:
        return {}
    upper, lower = sheet.rows[at], sheet.rows[at + 1]
    if sum(1 for p in range(len(upper.cells)) if _text(upper, p)) < 2:  # one wide cell is a title
        return {}
    if sum(1 for p in range(len(lower.cells)) if meaning_of(_text(lower, p))) < 2:
        return {}
    labels: dict[int, tuple[str, Meaning | None]] = {}
    group = ""
    for place in range(max(len(upper.cells), len(lower.cells))):
        above, below = _text(upper, place), _text(lower, place)
        group = above or (group if below and _spans(sheet, upper.number, place) else "")
        if below:
            labels[place] = (f"{group} {below}" if group and group != below else below, _under(group, below))
        elif above:
            labels[place] = (above, meaning_of(above))
    return labels


def _spans(sheet: Sheet, row: int, place: int) -> bool:
    """Whether a blank cell belongs to the wide cell at its left; where the file does not say, it does."""
    if not sheet.merged:
        return True
    return any(top <= row <= bottom and left < place <= right for top, left, bottom, right in sheet.merged)


def _under(group: str, below: str) -> Meaning | None:
    meaning = meaning_of(below)
    for pattern, meanings in _GROUPS:
        if meaning is not None and pattern.search(group):
            return meanings.get(meaning, meaning)
    return meaning or meaning_of(group + below)


def _is_header_again(row: SheetRow, header: SheetRow) -> bool:
    """Whether a row repeats the header, as on the pages of a long printed list."""
    same = sum(1 for a, b in zip(row.cells, header.cells, strict=False) if a == b and a != "")
    return same >= 3 and same * 2 > sum(1 for cell in header.cells if cell != "")


def _titles(rows: Iterable[SheetRow]) -> Iterator[str]:
    for row in rows:
        yield from (str(cell).strip() for cell in row.cells if isinstance(cell, str) and cell.strip())


def _samples(rows: Iterable[SheetRow], place: int) -> Iterator[str]:
    left = SAMPLES
    for row in rows:
        text = _text(row, place)
        if text:
            yield text
            left -= 1
            if not left:
                return


def _text(row: SheetRow, place: int) -> str:
    cell = row.at(place)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _unique(label: str, taken: set[str]) -> str:
    label = " ".join(label.split())
    found, count = label, 1
    while found in taken:
        count += 1
        found = f"{label} ({count})"
    taken.add(found)
    return found


def letter(place: int) -> str:
    """A column's letters as the spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
