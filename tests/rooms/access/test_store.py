"""The register says who was looked at, printed and exported, when, to whom and why; and reading it opens nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.rooms.access import store
from app.rooms.access.store import AccessFilter, Deed
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.vault import bin, outgoing
from app.vault.outgoing import Outgoing
from app.vault.trail import Act, Entry, Link
from app.vault.vault import Vault
from tests.rooms.access.conftest import CLASS, HOSPITAL, NAMING, Told

EVERYTHING = AccessFilter()
EAST = timezone(timedelta(hours=8))
FIRST, SECOND = date(2026, 11, 20), date(2026, 11, 21)


def rows(told: Told, wanted: AccessFilter = EVERYTHING) -> list[tuple[str, str, str]]:
    with told.vault.read() as session:
        found = store.rows(session, wanted, NAMING, EAST)
        assert store.count(session, wanted, EAST) == len(found)
    return [(row.deed.label, row.student, row.what) for row in found]


def test_the_newest_stands_first_with_names_and_answers(told: Told) -> None:
    with told.vault.read() as session:
        found = store.rows(session, AccessFilter(), NAMING, EAST)
    assert [(row.deed, row.student, row.what, row.answer) for row in found] == [
        (Deed.VIEW, "程辰 九(2)班", "附件 画.png", None),
        (Deed.PRINT, "单晓明 八(3)班", "学生档案", HOSPITAL),
        (Deed.EXPORT, "程辰 九(2)班", "附件 画.png", CLASS),
        (Deed.VIEW, "程辰 九(2)班", "学生档案", None),
    ]
    assert [row.at for row in found] == [
        datetime(2026, 11, day, hour, tzinfo=EAST) for day, hour in ((21, 12), (21, 12), (20, 12), (20, 10))
    ]
    assert [row.seq for row in found] == sorted((row.seq for row in found), reverse=True)


def test_reading_it_causes_no_view(told: Told) -> None:
    with told.vault.read() as session:
        before = told.vault.trail.length(session)
        store.rows(session, AccessFilter(), NAMING, EAST)
    with told.vault.write("改"), told.vault.read() as session:
        assert told.vault.trail.length(session) == before


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"deed": Deed.VIEW}, 2),
        ({"deed": Deed.PRINT}, 1),
        ({"deed": Deed.EXPORT}, 1),
        ({"deed": Deed.OPEN}, 1),
        ({"deed": Deed.GONE}, 0),
        ({"first": FIRST, "last": FIRST}, 2),
        ({"first": SECOND}, 2),
        ({"last": date(2026, 11, 19)}, 0),
        ({"deed": Deed.EXPORT, "first": SECOND}, 0),
    ],
)
def test_it_is_narrowed_by_act_and_days(told: Told, wanted: dict[str, object], count: int) -> None:
    assert len(rows(told, AccessFilter(**wanted))) == count


def test_a_day_is_the_schools_not_the_clocks_of_greenwich(told: Told, clock: StandingClock) -> None:
    clock.moment = datetime(2026, 11, 23, 1, 0, tzinfo=EAST)  # the 22nd in UTC
    with told.vault.write("打印文书") as session:
        student = session.get_one(Student, told.cheng)
        outgoing.send(told.vault, session, Act.PRINT, "学生档案", CLASS, record=student)
    assert len(rows(told, AccessFilter(first=date(2026, 11, 23), last=date(2026, 11, 23)))) == 1
    assert rows(told, AccessFilter(first=date(2026, 11, 22), last=date(2026, 11, 22))) == []


def test_it_is_narrowed_to_a_student(told: Told) -> None:
    assert {student for _, student, _ in rows(told, AccessFilter(student_id=told.cheng))} == {"程辰 九(2)班"}
    assert rows(told, AccessFilter(student_id=told.shan, deed=Deed.PRINT)) == [("打印", "单晓明 八(3)班", "学生档案")]


def test_a_note_is_named_by_its_room_and_a_print_without_a_record_by_its_title(told: Told) -> None:
    store.log(told.vault, Act.PRINT, told.cheng, CLASS)
    store.log(told.vault, Act.EXPORT, None, HOSPITAL)
    assert rows(told)[:2] == [("导出", "", "查阅登记表"), ("打印", "程辰 九(2)班", "查阅登记表")]


def test_a_destroyed_student_is_a_number(told: Told, clock: StandingClock) -> None:
    with told.vault.write("移到回收站") as session:
        bin.put(session.get_one(Student, told.cheng), clock.now())
    assert rows(told)[0][1] == "程辰 九(2)班"
    bin.destroy_files(told.vault, [told.cheng], "保管期已满", forget)
    assert told.cheng == 1
    assert [row for row in rows(told) if row[1].startswith("学生")] == [
        ("查阅", "学生 1 号(已销毁)", "附件 1 号"),
        ("导出", "学生 1 号(已销毁)", "附件 1 号"),
        ("查阅", "学生 1 号(已销毁)", "学生档案"),
    ]
    assert len(rows(told, AccessFilter(student_id=told.cheng))) == 3
    with told.vault.read() as session:
        assert session.scalars(select(Outgoing.to_whom)).all() == [HOSPITAL.to_whom]
        assert store.is_known(session, told.cheng)
        assert not store.is_known(session, 99)


def forget(session: Session, student_id: int) -> None:
    """As the house does, from the top floor down."""
    outgoing.forget(session, student_id)
    students.forget(session, student_id)


def test_long_registers_come_in_parts(told: Told) -> None:
    fill(told.vault, 150)
    with told.vault.read() as session:
        total = store.count(session, AccessFilter(), EAST)
        seen: list[int] = []
        while came := store.rows(session, AccessFilter(), NAMING, EAST, before=seen[-1] if seen else None):
            assert len(came) <= store.PAGE
            seen += [row.seq for row in came]
        everything = session.scalars(select(func.count()).where(Link.act.in_(("view", "print", "export")))).one()
        on_paper = store.on_paper(session, AccessFilter(), NAMING, EAST, 1000)
    assert len(seen) == len(set(seen)) == total == everything == 154
    assert seen == sorted(seen, reverse=True)
    assert [row.seq for row in on_paper] == seen[::-1]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (EVERYTHING, "USING COVERING INDEX ix_trail_act_at"),
        (AccessFilter(deed=Deed.PRINT, first=FIRST), "USING COVERING INDEX ix_trail_act_at"),
        (AccessFilter(student_id=1), "USING INDEX ix_trail_student_id"),
    ],
)
def test_no_filter_reads_the_whole_trail(told: Told, wanted: AccessFilter, index: str) -> None:
    """A trail of years is asked by an index alone, or by the student's own rows."""
    with told.vault.read() as session:
        chosen = store._chosen(wanted, EAST).order_by(Link.seq.desc()).limit(store.PAGE)
        asked = str(chosen.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    assert index in plan[0].detail


def fill(vault: Vault, count: int) -> None:
    """Views of the two files."""
    with vault.write("查阅") as session:
        entries = [Entry(Act.VIEW, "student", 1 + at % 2, 1 + at % 2) for at in range(count)]
        vault.trail.append(session, "查阅", entries, vault.now())


def test_every_act_of_the_trail_has_a_word() -> None:
    assert {deed.value for deed in Deed} == {act.value for act in Act}
