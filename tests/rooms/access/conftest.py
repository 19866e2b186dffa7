"""A vault whose trail tells a little of everything, and the register's way of naming it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.rooms.access.store import Naming
from app.rooms.notes import overview
from app.rooms.school.record import School
from app.rooms.students.record import Student
from app.vault import attachments, outgoing
from app.vault.attachments import Attachment
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
KINDS = {"student": "学生档案", "note": "会谈记录", "trail": "查阅登记表", "attachment": "附件", "issued": "文书"}
CLASS = ForWhom("班主任", "告知情况")
HOSPITAL = ForWhom("接诊医院", "转介就诊")


def named(session: Session, kind: str, record_id: int) -> tuple[str, str] | None:
    """As the house names records: by the rooms' own ``found``."""
    return overview.found(session, kind, record_id)


NAMING = Naming(named, KINDS)


@dataclass
class Told:
    """Whom the register tells of."""

    vault: Vault
    cheng: int
    shan: int
    drawing: int
    """An attachment of 程辰."""


@pytest.fixture
def told(vault: Vault, clock: StandingClock) -> Told:
    """Two students: one file looked at in the morning, a drawing exported at noon, the other's file printed the next day."""
    cheng = Student(student_no="20260001", name="程辰", grade=9, class_no=2)
    shan = Student(student_no="20260002", name="单晓明", grade=8, class_no=3)
    with vault.write("添加学生") as session:
        session.add_all([School(name="青禾中学", room_name="知心小屋", counsellor="林晓岚"), cheng, shan])
        session.flush()
        drawing = attachments.add(session, cheng, "画.png", PNG)
    vault.record_view(cheng)
    clock.moment += timedelta(hours=2)
    with vault.write("导出附件") as session:
        outgoing.send(vault, session, Act.EXPORT, "附件", CLASS, record=session.get_one(Attachment, drawing.id))
    clock.moment += timedelta(days=1)
    with vault.write("打印文书") as session:
        outgoing.send(vault, session, Act.PRINT, "学生档案", HOSPITAL, record=session.merge(shan))
    vault.record_view(drawing)
    return Told(vault, cheng.id, shan.id, drawing.id)
