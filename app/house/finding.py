"""Finding: what the jump box finds, students by every reading of their names and records by their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.ui import masking
from app.ui.jump import Found
from app.ui.page import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.rooms.students.jumping import JumpIndex, Match
    from app.ui.finding import Person
    from app.vault.vault import Vault

HITS = 8
"""How many records the jump box shows below the students."""


class Finder:
    """Finds in one vault. ``told`` gives a record's title and excerpt, ``route_of`` where it is seen; either may know none."""

    def __init__(
        self,
        vault: Vault,
        told: Callable[[Session, str, int], tuple[str, str] | None],
        route_of: Callable[[Session, str, int, int | None], Route | None],
    ) -> None:
        self._vault, self._told, self._route_of = vault, told, route_of
        self._index: JumpIndex | None = None

    def find(self, words: str) -> list[Found]:
        """Students first, then records whose words fit, newest first."""
        with self._vault.read() as session:
            people = [
                Found(
                    masking.shown(entry.name, entry.student_id),
                    _place(match),
                    Route("student", entry.student_id, entry.student_id),
                )
                for match in self._students(session).find(words)
                for entry in (match.entry,)
            ]
            return people + self._records(session, words)

    def people(self, words: str) -> list[Person]:
        """Students alone, for a small window that asks for one."""
        with self._vault.read() as session:
            return self._students(session).people(words)

    def forget_students(self) -> None:
        """A student has changed, or the vault is locked: the names are read again when they are looked for."""
        self._index = None

    def _students(self, session: Session) -> JumpIndex:
        if self._index is None:
            self._index = students.jump_index(session)
        return self._index

    def _records(self, session: Session, words: str) -> list[Found]:
        found = []
        for hit in self._vault.search(session, words, HITS):
            student = session.get(Student, hit.student) if hit.student else None
            if (student is not None and student.deleted_at is not None) or masking.hidden(hit.student):
                continue
            told = self._told(session, hit.kind, hit.record)
            route = self._route_of(session, hit.kind, hit.record, hit.student)
            if told is not None and route is not None:
                found.append(
                    Found(student.name if student else told[0], " · ".join(told if student else told[1:]), route)
                )
        return found


def _place(match: Match) -> str:
    """Where the student belongs; the number too would be as good as the name."""
    return "" if masking.hidden(match.entry.student_id) else match.place
