"""The register of access (查阅登记): what was looked at, printed and exported, when, to whom and why; read from the trail.

Nothing is opened by naming it: reading the register causes no views. Ordered by the trail's own numbers, for clocks can be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from app.rooms.school.record import class_name
from app.rooms.students.record import Student
from app.vault import outgoing
from app.vault.attachments import Attachment
from app.vault.choice import Choice
from app.vault.outgoing import ForWhom, Outgoing
from app.vault.trail import Act, Link
from app.vault.vault import Vault

KIND = "trail"
"""What the register itself is called in the trail."""
TITLE = "查阅登记表"
PAGE = 60
"""Rows read at a time."""


class Deed(Choice):
    """What was done, as the register says it; the codes are the trail's."""

    VIEW = Act.VIEW.value, "查阅"
    PRINT = Act.PRINT.value, "打印"
    EXPORT = Act.EXPORT.value, "导出"
    NEW = Act.NEW.value, "新建"
    CHANGED = Act.CHANGED.value, "修改"
    GONE = Act.GONE.value, "删除"
    OPEN = Act.OPEN.value, "打开档案"
    KEYS = Act.KEYS.value, "口令与钥匙"
    BACKUP = Act.BACKUP.value, "备份"
    RESTORE = Act.RESTORE.value, "恢复"
    DRILL = Act.DRILL.value, "恢复演练"
    MIGRATED = Act.MIGRATED.value, "程序升级"


USUAL = (Deed.VIEW, Deed.PRINT, Deed.EXPORT)
"""What the law asks for (未成年人网络保护条例 §36), and what is shown first."""

_DEEDS = {deed.value: deed for deed in Deed}

Named = Callable[[Session, str, int], tuple[str, str] | None]
"""A record of any room as a title and an excerpt, without opening it; None for one no room tells of."""


@dataclass(frozen=True)
class AccessFilter:
    """What the register is narrowed to; None leaves a line open. The days are the school's, both included."""

    student_id: int | None = None
    deed: Deed | None = None
    """None: looked at, printed or exported."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Access:
    """One row of the register."""

    seq: int
    at: datetime
    deed: Deed
    student_id: int | None
    student: str
    """Name and class; a destroyed file's number; empty where it was about no student."""
    what: str
    answer: ForWhom | None
    """For a print or export that was asked for whom and why."""


@dataclass(frozen=True)
class Naming:
    """How the register calls what the trail knows by kind and id."""

    named: Named
    kinds: dict[str, str]
    """Chinese words for the rooms' tables."""


def rows(
    session: Session, wanted: AccessFilter, naming: Naming, zone: tzinfo | None, *, before: int | None = None
) -> list[Access]:
    """The next rows of the register, the newest first: those before the row of that number, or the first ones."""
    chosen = _chosen(wanted, zone).order_by(Link.seq.desc()).limit(PAGE)
    if before is not None:
        chosen = chosen.where(Link.seq < before)
    return _told(session, session.scalars(chosen).all(), naming)


def on_paper(session: Session, wanted: AccessFilter, naming: Naming, zone: tzinfo | None, most: int) -> list[Access]:
    """The first ``most`` rows in the order they were written, as the printed register has them."""
    chosen = _chosen(wanted, zone).order_by(Link.seq).limit(most)
    return _told(session, session.scalars(chosen).all(), naming)[::-1]


def count(session: Session, wanted: AccessFilter, zone: tzinfo | None) -> int:
    """How many rows there are."""
    return session.scalars(select(func.count()).select_from(_chosen(wanted, zone).subquery())).one()


def is_known(session: Session, student_id: int) -> bool:
    """Whether the trail tells of this student, whose file may be destroyed."""
    return session.scalar(select(Link.seq).where(Link.student_id == student_id).limit(1)) is not None


def student_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Name and class by id, of files that are there (also in the bin)."""
    wanted = select(Student.id, Student.name, Student.grade, Student.class_no).where(Student.id.in_(list(ids)))
    return {row.id: f"{row.name} {class_name(row.grade, row.class_no)}" for row in session.execute(wanted)}


def destroyed(student_id: int) -> str:
    """What stands for a student whose file is destroyed."""
    return f"学生 {student_id} 号(已销毁)"


def log(vault: Vault, act: Act, student_id: int | None, answer: ForWhom) -> None:
    """Write down that the register itself was printed or exported."""
    with vault.write("打印查阅登记表" if act is Act.PRINT else "导出查阅登记表") as session:
        outgoing.send(vault, session, act, TITLE, answer, kind=KIND, student_id=student_id)


def _chosen(wanted: AccessFilter, zone: tzinfo | None) -> Select[int]:
    """The numbers of the rows; read from an index alone, which 200,000 rows pass through in a blink."""
    deeds = [deed.value for deed in ((wanted.deed,) if wanted.deed else USUAL)]
    if wanted.student_id is None:
        chosen = select(Link.seq).where(Link.act.in_(deeds))
    else:  # a student's rows are few: found by the student, not by the act
        chosen = select(Link.seq).where(Link.student_id == wanted.student_id, Link.act.concat("").in_(deeds))
    return chosen.where(*_days(wanted, zone))


def _days(wanted: AccessFilter, zone: tzinfo | None) -> list[ColumnElement[bool]]:
    days: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        days.append(Link.at >= _stored(wanted.first, zone))
    if wanted.last is not None:
        days.append(Link.at < _stored(wanted.last + timedelta(days=1), zone))
    return days


def _stored(day: date, zone: tzinfo | None) -> str:
    """The beginning of a day as the trail writes moments."""
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat(timespec="seconds")


def _told(session: Session, numbers: Iterable[int], naming: Naming) -> list[Access]:
    links = session.scalars(select(Link).where(Link.seq.in_(numbers)).order_by(Link.seq.desc())).all()
    sent = outgoing.told(session, [link.seq for link in links if link.act in (Act.PRINT.value, Act.EXPORT.value)])
    names = student_names(session, {link.student_id for link in links if link.student_id is not None})
    return [_access(session, link, sent.get(link.seq), names, naming) for link in links]


def _access(session: Session, link: Link, sent: Outgoing | None, names: dict[int, str], naming: Naming) -> Access:
    student = "" if link.student_id is None else names.get(link.student_id, destroyed(link.student_id))
    return Access(
        seq=link.seq,
        at=datetime.fromisoformat(link.at),
        deed=_DEEDS[link.act],
        student_id=link.student_id,
        student=student,
        what=_what(session, link, sent, naming),
        answer=None if sent is None else ForWhom(sent.to_whom, sent.purpose),
    )


def _what(session: Session, link: Link, sent: Outgoing | None, naming: Naming) -> str:
    """The record's title as its room tells it; failing that what it was called when it went out, its kind and number, the act."""
    if link.record is not None and (title := _title(session, link.kind, link.record, naming)):
        return title
    if sent is not None:
        return sent.title
    if link.record is None or link.kind not in naming.kinds:
        return link.what
    if link.kind == Student.__tablename__:
        return naming.kinds[link.kind]
    return f"{naming.kinds[link.kind]} {link.record} 号"


def _title(session: Session, kind: str, record_id: int, naming: Naming) -> str:
    """A record's title; empty where it is destroyed or no room tells of it."""
    if kind == Attachment.__tablename__:
        name = session.scalar(select(Attachment.name).where(Attachment.id == record_id))
        return f"附件 {name}" if name else ""
    try:
        told = naming.named(session, kind, record_id)
    except NoResultFound:
        return ""
    return told[0] if told else ""
