"""The reason for a referral, drafted from signed notes that the counsellor picks: what was seen, and what the school did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.rooms.notes import store as notes
from app.rooms.notes.record import Note
from app.rooms.notes.wording import read_day
from app.rooms.referrals.wording import day


def observed(session: Session, picked: Iterable[Note]) -> str:
    """What was seen and how it was assessed, note by note from the oldest, as amended; the student's own words stay out."""
    told = []
    for note in picked:
        as_amended = notes.as_amended(note, notes.amendments(session, note.id))
        said = _joined(as_amended["observation"], as_amended["assessment"])
        if said:
            order = read_day(as_amended["held_on"]) or note.held_on, note.id
            told.append((order, f"{as_amended['held_on']}：{said}"))
    return "\n".join(line for _, line in sorted(told))


def measures(session: Session, picked: Sequence[Note]) -> str:
    """How often and in which time the student was counselled: 「2026年9月10日至11月20日个别辅导3次。」

    Without the time where a corrected date cannot be read: rather none than a wrong one.
    """
    if not picked:
        return ""
    held = [notes.as_amended(note, notes.amendments(session, note.id))["held_on"] for note in picked]
    days = [on for on in map(read_day, held) if on is not None]
    span = _span(min(days), max(days)) if len(days) == len(held) else ""
    return f"{span}个别辅导{len(picked)}次。"


def _span(first: date, last: date) -> str:
    if first == last:
        return day(first)
    end = day(last) if first.year != last.year else f"{last.month}月{last.day}日"
    return f"{day(first)}至{end}"


def _joined(*texts: str) -> str:
    """The texts as one run, each closed by a full stop."""
    whole = [" ".join(text.split()) for text in texts if text.strip()]
    return "".join(text if text[-1] in "。!?！？…”』」" else f"{text}。" for text in whole)
