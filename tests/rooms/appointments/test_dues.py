"""Who came and has no note, who did not come and is not asked after; what settles each line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from app.rooms.appointments import dues, outcomes, overview, store, waiting
from app.rooms.appointments.choices import CancelledBy, Kind, RequestedBy, Status, Urgency
from app.rooms.appointments.record import AppointmentValues
from app.rooms.notes import cases
from app.rooms.notes import store as notes
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, ProblemType
from app.rooms.notes.record import NoteValues
from app.rooms.school.record import DeadlineTerms, Due, Heading
from app.rooms.students import store as students
from app.rooms.students.choices import StudentStatus
from app.rooms.students.record import Student
from app.vault import bin

FRIDAY = date(2026, 11, 20)
CASE = CaseValues(source=CaseSource.TEACHER, problem_types=[ProblemType.MOOD.value], presenting_problem="怕考试")
EARLY = AppointmentValues(day=FRIDAY, start=time(8, 0), end=time(8, 40))


def book(vault, values: AppointmentValues, status: Status = Status.CONFIRMED, by: CancelledBy | None = None) -> int:
    with vault.write("试") as session:
        made = store.enter(session, values)
        made.status, made.cancelled_by = status, by
        session.flush()
        return made.id


def told(vault, today: date = FRIDAY) -> dict[str, Due]:
    with vault.read() as session:
        return {one.key: one for one in dues.due(session, DeadlineTerms(), today)}


def write_note(vault, student_id: int, day: date = FRIDAY) -> int:
    with vault.write("试") as session:
        case = cases.current_case(session, student_id) or cases.open_case(session, student_id, CASE, day)
        session.flush()
        note = notes.draft(session, case.id, NoteValues(held_on=day, start=time(9, 0)), day)
        session.flush()
        return note.id


class TestTalksWithoutANote:
    """已到访 leads to a note within a day (domain.md 3.5, 3.9)."""

    def test_who_came_is_to_be_written_about_until_a_note_of_that_day_is_there(self, vault, three) -> None:
        own_id = book(vault, replace(EARLY, student_ids=(three.lin,)))
        assert told(vault) == {}
        with vault.write("试") as session:
            outcomes.register(session, own_id, Status.ATTENDED, vault.now())
        line = told(vault)["note.draft"]
        assert (line.due, line.heading) == (FRIDAY + timedelta(days=1), Heading.WRITING)
        assert (line.act, line.student_id, line.record_id) == ("note", three.lin, own_id)
        note_id = write_note(vault, three.lin)
        assert told(vault) == {}, "whatever its hour: she may have put the true one"
        with vault.write("试") as session:
            notes.discard(session, note_id, vault.now())
        assert "note.draft" in told(vault)

    @pytest.mark.parametrize("kind", [Kind.GROUP, Kind.CLASS, Kind.OTHER])
    def test_of_groups_and_classes_only_attendance_is_kept(self, vault, three, kind: Kind) -> None:
        book(vault, replace(EARLY, kind=kind, called="七(2)班", student_ids=(three.lin,)), Status.ATTENDED)
        assert told(vault) == {}

    def test_one_note_is_enough_for_two_who_came_together(self, vault, three) -> None:
        book(vault, replace(EARLY, student_ids=(three.lin, three.he)), Status.ATTENDED)
        write_note(vault, three.he)
        assert told(vault) == {}

    def test_who_has_no_file_yet_is_linked_to_one_first(self, vault, three) -> None:
        own_id = book(vault, replace(EARLY, called="初一小赵"), Status.ATTENDED)
        line = told(vault)["note.draft"]
        assert (line.student_id, line.act, line.verb, line.record_id) == (None, "", "去关联", own_id)
        assert "小赵" not in line.title + line.detail

    def test_each_line_begins_the_note_of_its_own_talk(self, vault, three) -> None:
        """Of two talks without a note the older one, clicked, is the one that is written about."""
        older = book(vault, replace(EARLY, day=FRIDAY - timedelta(days=20), student_ids=(three.lin,)), Status.ATTENDED)
        book(vault, replace(EARLY, day=FRIDAY - timedelta(days=1), student_ids=(three.lin,)), Status.ATTENDED)
        with vault.read() as session:
            lines = dues.due(session, DeadlineTerms(), FRIDAY)
            newest = overview.met(session, three.lin, vault.now())
            named = overview.met(session, three.lin, vault.now(), lines[0].record_id)
        assert [line.key for line in lines] == ["note.draft"] * 2
        assert lines[0].record_id == older
        assert newest is not None
        assert named is not None
        assert (newest.held_on, named.held_on) == (FRIDAY - timedelta(days=1), FRIDAY - timedelta(days=20))


class TestWhoDidNotCome:
    """Several absences ask for a look; one who was never seen is not forgotten."""

    def miss(self, vault, student_id: int, times: int) -> None:
        for week in range(times):
            day = FRIDAY - timedelta(days=7 * (times - week))
            book(vault, replace(EARLY, day=day, student_ids=(student_id,)), Status.ABSENT)

    def test_three_absences_in_a_row_are_told_until_they_were_talked_to(self, vault, three) -> None:
        write_note(vault, three.lin, FRIDAY - timedelta(days=40))
        self.miss(vault, three.lin, 2)
        assert "appointment.absent" not in told(vault)
        book(vault, replace(EARLY, student_ids=(three.lin,)), Status.ABSENT)
        line = told(vault)["appointment.absent"]
        assert (line.title, line.kind, line.record_id) == ("连续 3 次预约未到", "student", three.lin)
        write_note(vault, three.lin)
        assert "appointment.absent" not in told(vault)

    def test_having_come_once_begins_the_count_anew(self, vault, three) -> None:
        write_note(vault, three.lin, FRIDAY - timedelta(days=60))
        self.miss(vault, three.lin, 3)
        book(vault, replace(EARLY, student_ids=(three.lin,)), Status.ATTENDED)
        assert "appointment.absent" not in told(vault)

    def test_who_was_never_seen_is_told_after_a_week_and_not_once_there_is_another_time(self, vault, three) -> None:
        day = FRIDAY - timedelta(days=7)
        values = replace(EARLY, day=day, student_ids=(three.lin,), requested_by=RequestedBy.HOMEROOM)
        book(vault, values, Status.ABSENT)
        assert told(vault, FRIDAY - timedelta(days=1)) == {}
        line = told(vault)["appointment.unseen"]
        assert (line.heading, line.due, line.record_id) == (Heading.FADING, FRIDAY, three.lin)
        book(vault, replace(EARLY, day=FRIDAY + timedelta(days=3), student_ids=(three.lin,)))
        assert told(vault) == {}

    @pytest.mark.parametrize(
        ("by", "told_of"),
        [(CancelledBy.STUDENT, False), (CancelledBy.GUARDIAN, False), (CancelledBy.SCHOOL, True)],
    )
    def test_called_off_by_the_student_is_an_answer_by_the_school_it_is_none(
        self, vault, three, by: CancelledBy, told_of: bool
    ) -> None:
        values = replace(EARLY, day=FRIDAY - timedelta(days=9), student_ids=(three.lin,))
        book(vault, values, Status.CANCELLED, by)
        assert ("appointment.unseen" in told(vault)) is told_of

    def test_nobody_stands_twice_for_one_reason(self, vault, three, clock) -> None:
        """Who waits for a time, has an open case, has left or lies in the bin is told of elsewhere or not at all."""
        for own_id in (three.lin, three.he, three.sun):
            book(vault, replace(EARLY, day=FRIDAY - timedelta(days=9), student_ids=(own_id,)), Status.ABSENT)
        with vault.write("试") as session:
            waiting.add(session, three.lin, "", RequestedBy.HOMEROOM, Urgency.NORMAL, "", FRIDAY)
            cases.open_case(session, three.he, CASE, FRIDAY)
            students.get(session, three.sun).status = StudentStatus.LEFT
        assert list(told(vault)) == ["waiting"]
        with vault.write("试") as session:
            bin.put(session.get_one(Student, three.lin), clock.now())
        assert told(vault) == {}

    def test_last_years_absence_is_let_be(self, vault, three) -> None:
        book(vault, replace(EARLY, day=FRIDAY - timedelta(days=200), student_ids=(three.lin,)), Status.ABSENT)
        assert told(vault) == {}


def test_who_waits_urgently_is_overdue_from_the_next_day_on(vault, three) -> None:
    with vault.write("试") as session:
        waiting.add(session, three.lin, "", RequestedBy.HOMEROOM, Urgency.URGENT, "", FRIDAY)
        waiting.add(session, three.he, "", RequestedBy.HOMEROOM, Urgency.SOON, "", FRIDAY)
    with vault.read() as session:
        lines = dues.due(session, DeadlineTerms(), FRIDAY)
    assert [(line.student_id, line.heading, line.due) for line in lines] == [
        (three.lin, Heading.DEADLINE, FRIDAY),
        (three.he, Heading.FADING, FRIDAY),
    ]


def test_a_time_is_confirmed_before_it_comes(vault, three) -> None:
    """Entered on Friday for Saturday: not by the next school day, which would be Monday."""
    values = replace(EARLY, day=FRIDAY + timedelta(days=1), student_ids=(three.lin,), confirmed=False)
    book(vault, values, Status.PENDING)
    assert told(vault)["appointment.confirm"].due == FRIDAY + timedelta(days=1)


def test_a_file_in_the_bin_is_asked_nothing(vault, three, clock) -> None:
    book(vault, replace(EARLY, day=FRIDAY - timedelta(days=1), student_ids=(three.lin,)))
    book(vault, replace(EARLY, student_ids=(three.he,)), Status.ATTENDED)
    assert set(told(vault)) == {"appointment.outcome", "note.draft"}
    with vault.write("试") as session:
        for own_id in (three.lin, three.he):
            bin.put(session.get_one(Student, own_id), clock.now())
    assert told(vault) == {}
