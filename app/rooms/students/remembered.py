"""What the columns of a class list mean, remembered by name: the next list of the same headers is read by it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.students.classlist.answers import Answer
from app.rooms.students.classlist.columns import Layout, Mapping
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.record import RosterMapping
from app.vault.vault import Vault


def remember(vault: Vault, name: str, mapping: Mapping) -> None:
    """Keep a mapping under a name; lists with the same headers are read by it from now on. Raises Problem without a name."""
    name = _checked(name)
    meanings = {label: meaning.value for label, meaning in mapping.meanings.items()}
    answers = {words: [answer.grade, answer.class_no] for words, answer in mapping.answers.items()}
    with vault.write("记住名册的对应") as session:
        kept = _named(session, name)
        if kept is None:
            session.add(RosterMapping(name=name, meanings=meanings, answers=answers))
        else:
            kept.meanings, kept.answers, kept.deleted_at = meanings, answers, None


def recall(session: Session, found: Iterable[Layout]) -> tuple[str, Mapping | None]:
    """The name and the newest mapping remembered for a list with these headers; ("", None) where there is none."""
    labels = {column.label for layout in found for column in layout.columns}
    for kept in remembered(session):
        if set(kept.meanings) == labels:
            return kept.name, mapping_of(kept)
    return "", None


def remembered(session: Session) -> list[RosterMapping]:
    """Every mapping that is remembered, the one used for the newest list first."""
    kept = select(RosterMapping).where(RosterMapping.deleted_at.is_(None)).order_by(RosterMapping.updated_at.desc())
    return list(session.scalars(kept))


def mapping_of(kept: RosterMapping) -> Mapping:
    """What was remembered; a meaning this version does not know is not imported."""
    codes = {meaning.value: meaning for meaning in Meaning}
    meanings = {label: codes.get(code, Meaning.IGNORED) for label, code in kept.meanings.items()}
    return Mapping(meanings, {words: Answer(grade, class_no) for words, (grade, class_no) in kept.answers.items()})


def rename(vault: Vault, mapping_id: int, name: str) -> None:
    """Give a remembered mapping another name. Raises Problem without one, or when another has it."""
    name = _checked(name)
    with vault.write("改名册对应的名称") as session:
        other = _named(session, name)
        if other is not None and other.id != mapping_id:
            raise Problem("已经记住了一个叫「{name}」的对应。", "请换一个名称，或先移除那一个。", name=name)
        session.get_one(RosterMapping, mapping_id).name = name


def forget(vault: Vault, mapping_id: int) -> RosterMapping:
    """Remember a mapping no longer, and give back what it was."""
    with vault.write("移除名册的对应") as session:
        kept = session.get_one(RosterMapping, mapping_id)
        session.delete(kept)
    return kept


def _checked(name: str) -> str:
    if not name.strip():
        raise Problem("没有写名称。", "请给这种名册起个名字，如「教务处名册」。")
    return name.strip()


def _named(session: Session, name: str) -> RosterMapping | None:
    return session.scalar(select(RosterMapping).where(RosterMapping.name == name))
