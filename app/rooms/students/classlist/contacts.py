"""The phones and guardians of one row: the list's one contact phone is kept on both the student and the guardian."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator

from app.rooms.students.choices import Relation
from app.rooms.students.classlist import cells
from app.rooms.students.classlist.cells import Unreadable
from app.rooms.students.classlist.entries import Carer
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.classlist.sheets import Cell

CellOf = Callable[[Meaning], Cell]
"""Gives the row's cell of a meaning."""
_PARENTS = {
    Meaning.FATHER: (Meaning.FATHER_PHONE, Relation.FATHER),
    Meaning.MOTHER: (Meaning.MOTHER_PHONE, Relation.MOTHER),
}


def contacts(
    cell: CellOf, columns: Container[Meaning], reasons: list[str], unread: Counter[str]
) -> tuple[str, tuple[Carer, ...]]:
    """The student's phone and the guardians, the primary one first; what cannot be read is added to ``reasons``."""
    own = _numbers(cell(Meaning.STUDENT_PHONE), reasons)
    contact = _numbers(cell(Meaning.PHONE), reasons)
    carer = _numbers(cell(Meaning.GUARDIAN_PHONE), reasons)
    carers = tuple(_carers(cell, columns, carer or contact, reasons, unread))
    if Meaning.STUDENT_PHONE in columns:
        return _two(own)[0], carers
    return _two(contact if Meaning.PHONE in columns else carer)[0], carers


def person(cell: Cell) -> str:
    """A name that is not the student's: what is no name is left out."""
    try:
        return cells.name(cell)
    except Unreadable:
        return ""


def _carers(
    cell: CellOf, columns: Container[Meaning], phones: list[str], reasons: list[str], unread: Counter[str]
) -> Iterator[Carer]:
    address = cells.plain_text(cell(Meaning.ADDRESS))
    found = list(_guardian(cell, phones, unread))
    for parent in _parents(cell, reasons):
        if found and parent.name and found[0].name == parent.name:
            joint = [number for number in (*phones, parent.phone, parent.phone2) if number]
            found[0] = Carer(parent.name, found[0].relation or parent.relation, *_two(list(dict.fromkeys(joint))))
        else:
            found.append(parent)
    if len(found) > 1 and not found[0].name and Meaning.GUARDIAN not in columns:
        found.pop(0)  # the contact phone is the parents' own: they have names, it has none
        found[0] = found[0] if found[0].phone else Carer(found[0].name, found[0].relation, *_two(phones))
    for at, carer in enumerate(found):
        yield Carer(carer.name, carer.relation, carer.phone, carer.phone2, address if at == 0 else "")


def _guardian(cell: CellOf, phones: list[str], unread: Counter[str]) -> Iterator[Carer]:
    """The guardian of the list's guardian columns, or whoever answers its contact phone."""
    name, written = person(cell(Meaning.GUARDIAN)), cells.optional(cell(Meaning.RELATION))
    relation = _relation(written)
    if written and relation is None:
        unread[Meaning.RELATION.label] += 1
    if name or phones:
        yield Carer(name, relation, *_two(phones))


def _parents(cell: CellOf, reasons: list[str]) -> Iterator[Carer]:
    for meaning, (phone, relation) in _PARENTS.items():
        name, phones = person(cell(meaning)), _numbers(cell(phone), reasons)
        if name or phones:
            yield Carer(name, relation, *_two(phones))


def _numbers(cell: Cell, reasons: list[str]) -> list[str]:
    try:
        return cells.phones(cell)
    except Unreadable as unreadable:
        reasons.append(unreadable.why)
        return []


def _two(phones: list[str]) -> tuple[str, str]:
    return (phones[0] if phones else ""), (phones[1] if len(phones) > 1 else "")


def _relation(written: str) -> Relation | None:
    if not written:
        return None
    found = Relation.read(written)
    if found is None:
        found = next((r for r in Relation for word in (r.label, *r.aliases) if len(word) > 1 and word in written), None)
    return found
