"""Notes that wait: drafts to be signed, the most urgent first, and new notes typed and never saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.rooms.notes.choices import NoteStatus
from app.rooms.notes.record import Note
from app.rooms.students.record import Student
from app.vault import typing

NEW_NOTE = "note/new/"
"""How the typing key of a note not yet saved begins; the student's id follows: what was begun in one case is found again in the next."""


@dataclass(frozen=True)
class Waiting:
    """A draft that is not signed yet: until when it should be, and whether that is past."""

    note: Note
    student_name: str
    due: datetime
    overdue: bool


def drafts(session: Session, hours: int, now: datetime) -> list[Waiting]:
    """All drafts of students whose file is in use, the most urgent first; ``hours`` is the school's term for signing (72)."""
    wanted = (
        select(Note, Student.name)
        .join(Student, Student.id == Note.student_id)
        .where(Note.status == NoteStatus.DRAFT, Note.deleted_at.is_(None), Student.deleted_at.is_(None))
    )
    found = []
    for note, name in session.execute(wanted):
        due = note.sign_due(hours, now.tzinfo)
        found.append(Waiting(note, name, due, due < now))
    return sorted(found, key=_due_first)


@dataclass(frozen=True)
class Unsaved:
    """A new note that was typed and never saved: it lives in the typing table until its form is opened again."""

    student_id: int
    student_name: str
    at: datetime


def unsaved(session: Session) -> list[Unsaved]:
    """New notes that were typed and not saved, the newest first."""
    begun = [(typed.student_id, typed.at) for typed in typing.everything(session) if typed.form.startswith(NEW_NOTE)]
    wanted = select(Student.id, Student.name).where(Student.id.in_([student_id for student_id, _ in begun]))
    names = {row.id: row.name for row in session.execute(wanted.where(Student.deleted_at.is_(None)))}
    return [Unsaved(id_, names[id_], at) for id_, at in begun if id_ is not None and id_ in names]


def _due_first(waiting: Waiting) -> tuple[datetime, int]:
    return waiting.due, waiting.note.id
