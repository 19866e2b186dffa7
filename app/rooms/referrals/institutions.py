"""The room's directory of hospitals and agencies."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.referrals.record import Institution
from app.vault import bin
from app.vault.text import refuse_turning


@dataclass(frozen=True, kw_only=True)
class InstitutionValues:
    """What the counsellor writes of an institution."""

    name: str
    department: str = ""
    green_channel: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    note: str = ""

    @classmethod
    def of(cls, institution: Institution) -> Self:
        return cls(**{f.name: getattr(institution, f.name) for f in fields(cls)})


def institutions(session: Session) -> list[Institution]:
    """The directory without what lies in the bin, by name and department."""
    wanted = select(Institution).where(Institution.deleted_at.is_(None))
    return list(session.scalars(wanted.order_by(Institution.name, Institution.department)))


def get(session: Session, institution_id: int) -> Institution:
    """The institution with this id, in the bin or not."""
    return session.get_one(Institution, institution_id)


def save(session: Session, values: InstitutionValues, institution_id: int | None = None) -> Institution:
    """Write an institution down, a new one where there is no id. Raises Problem without a name or for one that is there."""
    if not values.name.strip():
        raise Problem("机构还没有名称。", "写上名称再保存。")
    refuse_turning("机构的名称", values.name)
    same = select(Institution).where(
        Institution.name == values.name, Institution.department == values.department, Institution.deleted_at.is_(None)
    )
    if any(row.id != institution_id for row in session.scalars(same)):
        raise Problem("名录里已有这个机构的同一科室。", "请直接改那一条，或写上不同的科室。")
    if institution_id is None:
        row = Institution(name=values.name)
        session.add(row)
    else:
        row = get(session, institution_id)
    for f in fields(values):
        setattr(row, f.name, getattr(values, f.name))
    session.flush()
    return row


def discard(session: Session, institution_id: int, now: datetime) -> Institution:
    """Put an institution into the bin; the referrals made to it keep its name."""
    row = get(session, institution_id)
    bin.put(row, now)
    return row
