"""Every term of the settings has a line of Today that moves with it, on whatever day it began: the house finds them by its list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.house.rooms import rooms
from app.house.telling import Rooms
from app.rooms.appointments.choices import Kind as AppointmentKind
from app.rooms.appointments.choices import Status as AppointmentStatus
from app.rooms.appointments.record import Appointment
from app.rooms.notes.choices import CaseSource, CaseStatus, NoteStatus, ProblemType, RiskFlag
from app.rooms.notes.record import Case, Note, RiskAnswer
from app.rooms.referrals.choices import Status, Urgency
from app.rooms.referrals.record import FollowUp, Referral
from app.rooms.school.deadlines import DEADLINES, Unit, years_after
from app.rooms.school.record import DeadlineTerms
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole, StudentStatus
from app.rooms.students.record import Consent, Student
from app.vault.vault import Vault

BEGAN = [date(2026, 11, 20), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)]
"""A Friday, the last day of a year, the days before March of a common and a leap year."""
STRETCH = 3
LATER = (100, 5000)
"""Days afterwards on which it is asked what is due: within the half year of who did not come, and long after the archives."""
CASE = {"problem_types": [ProblemType.MOOD.value], "presenting_problem": "怕考试"}
NAMES = ("穆青禾", "顾长风", "何子墨", "孙一诺", "陶知夏", "叶知秋", "尉迟恒")
"""By what they are there for: at school, without goals, came, missed, and three who have left."""
HOUSE = Rooms(rooms())
SHARES = {"case_intake_days": {"case.intake", "case.unseen"}}
"""Terms that count for a line of another name too: a case that nobody has come to since."""
EAST = timezone(timedelta(hours=8))


def student(session: Session, number: str, **more: object) -> int:
    made = Student(student_no=number, name=NAMES[int(number)], grade=9, class_no=1, **more)  # type: ignore[arg-type]
    session.add(made)
    session.flush()
    return made.id


def case(session: Session, student_id: int, day: date, **more: object) -> int:
    made = Case(
        student_id=student_id, case_no=f"{student_id}", source=CaseSource.STUDENT, opened_at=day, **CASE, **more
    )  # type: ignore[arg-type]
    session.add(made)
    session.flush()
    return made.id


def appointment(student_id: int, day: date, status: AppointmentStatus, at: int) -> Appointment:
    return Appointment(
        student_id=student_id, day=day, start=time(at, 0), end=time(at, 40), kind=AppointmentKind.INDIVIDUAL,
        place="个别辅导室", status=status,
    )  # fmt: skip


def referral(student_id: int, day: date, status: Status, urgency: Urgency = Urgency.ROUTINE) -> Referral:
    made = Referral(student_id=student_id, opened_on=day, urgency=urgency, status=status, issued_on=day)
    made.decided_on = day
    return made


def one_of_each(vault: Vault, day: date) -> None:
    """Whatever a term of the settings is about, begun on this day."""
    with vault.write("试") as session:
        at_school, aimless, came, missed, *gone = (student(session, f"{number}") for number in range(7))
        case(session, at_school, day)
        taken_on = case(session, aimless, day, status=CaseStatus.ACTIVE, intake_at=day)
        session.add(Note(student_id=aimless, case_id=taken_on, session_no=1, held_on=day, entered_on=day, end=time(9)))
        letters = [referral(at_school, day, Status.ISSUED, urgency) for urgency in Urgency]
        talked_to = referral(at_school, day, Status.REFUSED)
        session.add_all([*letters, referral(at_school, day, Status.REFUSED), talked_to])
        session.flush()
        session.add(FollowUp(referral_id=talked_to.id, student_id=at_school, on=day + timedelta(days=1), text="再谈"))
        session.add(by_telephone(at_school, day))
        session.add(appointment(at_school, day + timedelta(days=400), AppointmentStatus.PENDING, 9))
        session.add(appointment(came, day, AppointmentStatus.ATTENDED, 9))
        session.add(appointment(missed, day, AppointmentStatus.ABSENT, 10))
        for own_id in gone:
            one = session.get_one(Student, own_id)
            one.status, one.status_since, one.birth_date = StudentStatus.LEFT, day, date(1999, 1, 1)
        case(session, gone[1], day, status=CaseStatus.CLOSED)
        asked = case(session, gone[2], day, status=CaseStatus.CLOSED)
        risky = Note(student_id=gone[2], case_id=asked, session_no=1, held_on=day, entered_on=day)
        risky.risk_flag = RiskFlag.ABUSE
        session.add(risky)
        session.flush()
        session.add(RiskAnswer(note_id=risky.id, student_id=gone[2]))
        session.flush()
        risky.status = NoteStatus.SIGNED


def by_telephone(student_id: int, day: date) -> Consent:
    return Consent(
        student_id=student_id, type=ConsentType.COUNSELLING, decision=ConsentDecision.AGREED,
        signer_role=SignerRole.GUARDIAN, signer_name="母", method=ConsentMethod.PHONE, signed_at=day,
        scope_text="每周一次的个别辅导", exceptions_explained=True,
    )  # fmt: skip


def told(vault: Vault, terms: DeadlineTerms, began: date) -> dict[tuple[str, int, str], date]:
    """What is due, by key, record and words: its day."""
    found: dict[tuple[str, int, str], date] = {}
    with vault.read() as session:
        for days in LATER:
            for one in HOUSE.due(session, terms, began + timedelta(days=days)):
                # the line of several files is called by the day their time ends
                record = 0 if one.key == "archive.expire" else one.record_id
                found[one.key, record or one.student_id or 0, one.title] = one.due
    return found


@pytest.mark.parametrize("began", BEGAN, ids=str)
def test_each_term_moves_its_own_lines_by_as_much_and_no_other(vault: Vault, clock: StandingClock, began: date) -> None:
    clock.moment = datetime.combine(began, time(12), EAST)
    one_of_each(vault, began)
    before = told(vault, DeadlineTerms(), began)
    for deadline in DEADLINES:
        longer = deadline.default + STRETCH * (24 if deadline.unit is Unit.HOURS else 1)
        after = told(vault, replace(DeadlineTerms(), **{deadline.code: longer}), began)
        others = {line: on for line, on in before.items() if after.get(line) != on}
        assert others, deadline.code
        assert {key for key, _, _ in others} <= SHARES.get(deadline.code, {deadline.key}), deadline.code
        for line, on in others.items():
            if deadline.unit is Unit.SCHOOL_DAYS:
                assert after[line] > on
            elif deadline.unit is Unit.YEARS:
                assert after[line] == years_after(began, longer)
            else:
                assert after[line] == on + timedelta(days=STRETCH), "calendar days do not move, whatever they are"
