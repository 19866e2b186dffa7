"""Risks that notes speak of: what was done about one and its end, and which are open."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.notes.choices import RiskFlag
from app.rooms.notes.record import Note, RiskAnswer, RiskValues
from app.vault.voiding import Voided


def risk_answer(session: Session, note_id: int) -> RiskAnswer | None:
    """What was answered about the note's risk."""
    return session.scalar(select(RiskAnswer).where(RiskAnswer.note_id == note_id))


def settle(session: Session, note_id: int, how: str, now: datetime) -> RiskAnswer:
    """Write down how a signed note's risk came to its end; it leaves the student's file."""
    answer = risk_answer(session, note_id)
    if answer is None or not session.get_one(Note, note_id).is_signed:
        raise Problem("这份记录还没有签署，风险不能了结。", "请先写明做了什么并签署。")
    if answer.settled_at is not None:
        raise Problem("这次风险已经了结。", "不需要再写一次。")
    if not how.strip():
        raise Problem("没有写风险如何了结。", "请写一句，例如「复评后未见风险，监护人已知情」。")
    answer.settled_at, answer.settled_how = now, how
    return answer


def open_risks(session: Session, student_id: int) -> list[Note]:
    """The student's notes with a risk of 意念 or more that is not settled, newest first; drafts too."""
    return at_risk(session, Note.student_id == student_id)


def save_answer(session: Session, note: Note, risk: RiskValues) -> None:
    """Write down what was answered about a draft's risk."""
    answer = risk_answer(session, note.id)
    if answer is None:
        if risk == RiskValues():
            return
        answer = RiskAnswer(note_id=note.id, student_id=note.student_id)
        session.add(answer)
    for field in fields(risk):
        setattr(answer, field.name, getattr(risk, field.name))


def at_risk(session: Session, where: ColumnElement[bool]) -> list[Note]:
    """Notes with a risk of 意念 or more that is not settled, newest first; drafts count, voided notes do not."""
    asking = [flag for flag in RiskFlag if flag.asks]
    voided = select(Voided.record_id).where(Voided.kind == Note.__tablename__)
    wanted = (
        select(Note)
        .outerjoin(RiskAnswer, RiskAnswer.note_id == Note.id)
        .where(where, Note.risk_flag.in_(asking), Note.deleted_at.is_(None))
        .where(RiskAnswer.settled_at.is_(None), Note.id.not_in(voided))
    )
    return list(session.scalars(wanted.order_by(Note.held_on.desc(), Note.id.desc())))
