"""The reason for a referral, drafted from signed notes that the counsellor picks: what was seen, and what the school did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.rooms.notes import store as notes
from app.rooms.notes.record import Note
from app.rooms.referrals.wording import day


def observed(session: Session, picked: Iterable[Note]) -> str:
    """What was seen and how it was assessed, note by note from the oldest, as amended; the student's own words stay out."""
    told = []
    for note in sorted(picked, key=_held):
        as_amended = notes.as_amended(note, notes.amendments(session, note.id))
        said = _joined(as_amended["observation"], as_amended["assessment"])
        if said:
            told.append(f"{as_amended['held_on']}：{said}")
    return "\n".join(told)


def measures(picked: Sequence[Note]) -> str:
    """How often and in which time the student was counselled: 「2026年9月10日至11月20日个别辅导3次。」"""
    if not picked:
        return ""
    days = sorted(note.held_on for note in picked)
    return f"{_span(days[0], days[-1])}个别辅导{len(picked)}次。"


def _span(first: date, last: date) -> str:
    if first == last:
        return day(first)
    end = day(last) if first.year != last.year else f"{last.month}月{last.day}日"
    return f"{day(first)}至{end}"


def _joined(*texts: str) -> str:
    """The texts as one run, each closed by a full stop."""
    whole = [" ".join(text.split()) for text in texts if text.strip()]
    return "".join(text if text[-1] in "。!?！？…”』」" else f"{text}。" for text in whole)


def _held(note: Note) -> tuple[date, int]:
    return note.held_on, note.id
