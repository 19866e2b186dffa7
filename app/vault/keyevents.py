"""Key events: openings by a code and changes of keys, told at the next opening by password, so that none passes unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, not_, or_, select
from sqlalchemy.orm import Session

from app.vault.keyfile import ENVELOPE, PASSWORD, RECOVERY
from app.vault.trail import Act, Link

OPENED = {PASSWORD: "打开档案", RECOVERY: "用恢复码打开档案", ENVELOPE: "用学校备用码打开档案"}
"""How the trail's row of an opening begins, by the slot that opened."""
FOUNDED = "建立档案"
ROTATED = "更换全部钥匙"
OLD_KEYS = "恢复了更换全部钥匙以前的备份，当时的口令和恢复码又能打开档案"
SLOTS_DIFFER = "口令或恢复码有变动，没有留下是哪一项"

_OPENING = Link.act == Act.OPEN.value
_BY_PASSWORD = and_(_OPENING, or_(Link.what.startswith(OPENED[PASSWORD]), Link.what == FOUNDED))
_EVENT = or_(Link.act == Act.KEYS.value, and_(_OPENING, not_(_BY_PASSWORD)))


@dataclass(frozen=True)
class KeyEvent:
    """What was done, in the trail's fixed words, and when."""

    what: str
    at: datetime


def unseen(session: Session) -> list[KeyEvent]:
    """The key events since the opening by password before the present one; none while a code has opened the vault."""
    present = session.execute(
        select(Link.seq, _BY_PASSWORD.label("by")).where(_OPENING).order_by(Link.seq.desc())
    ).first()
    if present is None or not present.by:
        return []
    before = session.scalar(select(func.max(Link.seq)).where(_BY_PASSWORD, Link.seq < present.seq)) or 0
    return _events(session, before)


def all_events(session: Session) -> list[KeyEvent]:
    """Every key event, newest first."""
    return _events(session, 0)[::-1]


def _events(session: Session, after: int) -> list[KeyEvent]:
    rows = session.execute(select(Link.what, Link.at).where(_EVENT, Link.seq > after).order_by(Link.seq))
    return [KeyEvent(row.what, datetime.fromisoformat(row.at)) for row in rows]
