"""What the counsellor says of grades and classes in words no rule reads (火箭班, 2024级): once for all rows that carry them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.rooms.students.classlist.places import Place


@dataclass(frozen=True)
class Answer:
    """What one kind of words means; a class without a grade is that class of the grade its row names."""

    grade: int | None
    class_no: int | None = None


@dataclass(frozen=True)
class Asked:
    """Words that only she can read, and how many rows carry them; empty words are rows in which no grade is written."""

    words: str
    rows: int
    wants_class: bool
    read_as: int | None = None
    """The grade they were taken for by the school's grades; she may say another."""


@dataclass
class Unread:
    """What the cells of a list left open, gathered row by row."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    cells: Counter[str] = field(default_factory=Counter)
    """Cells that were left out, by the label of their column."""
    asked: Counter[tuple[str, bool]] = field(default_factory=Counter)
    by_school: dict[str, int] = field(default_factory=dict)
    """Years of entry read by the grades the school has, and the grade each was taken for."""

    def said_class(self, words: str) -> Place | None:
        """The grade and class she gave for these words; None until she has."""
        self.asked[words, True] += 1
        answer = self.answers.get(words)
        return Place(answer.grade, answer.class_no) if answer is not None and answer.class_no is not None else None

    def said_grade(self, words: str) -> int | None:
        """The grade she gave for these words; None until she has."""
        self.asked[words, False] += 1
        answer = self.answers.get(words)
        return answer.grade if answer is not None else None

    def took(self, words: str, grade: int) -> None:
        """A year of entry was read by the school's grades."""
        self.asked[words, False] += 1
        self.by_school[words] = grade

    def all_asked(self) -> tuple[Asked, ...]:
        """Everything she is asked or has answered, in the order of the list."""
        found: dict[str, Asked] = {}
        for (words, wants_class), rows in self.asked.items():
            before = found.get(words, Asked(words, 0, False))
            both = before.wants_class or wants_class
            found[words] = Asked(words, before.rows + rows, both, self.by_school.get(words))
        return tuple(found.values())
