"""A file brought back out of a backup comes with its appointments; one that was another student's and is gone is not made up."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

import app.house.rooms as house
from app.rooms.appointments import overview, store
from app.rooms.appointments.record import AppointmentValues, Attendee
from app.vault import bin
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched
from app.vault.restoring import Opened
from app.vault.restoring_student import bring_back
from tests.vault.backed import NOW, folder, made, opening

__all__ = ["folder", "made", "opening"]


def forget(session, student_id):
    for room in reversed(house.rooms()):
        if room.forget is not None:
            room.forget(session, student_id)


@pytest.fixture
def vault(folder, opening):
    return opening(folder)


def test_a_file_comes_back_with_its_appointments(vault, clock) -> None:
    values = AppointmentValues(day=date(2026, 11, 30), start=time(12, 20), end=time(13, 0), student_ids=(1, 2))
    with vault.write("新预约") as session:
        shared = store.add(session, values, vault.now()).id
        of_other = AppointmentValues(day=date(2026, 12, 1), start=time(12, 20), end=time(13, 0), student_ids=(2, 1))
        store.add(session, of_other, vault.now())
    with Opened(back_up(vault), vault.master, local_place(vault.folder), clock, Unwatched()) as kept:
        clock.moment = NOW + timedelta(days=1)
        bin.destroy_files(vault, [1, 2], "弄错了", forget)
        with vault.read() as session:
            assert store.booked(session, values.day, values.day) == []
        now_id, counted = bring_back(vault, kept, 1)
    assert counted["appointment"] == 1
    with vault.read() as session:
        back = overview.lines(session, now_id)
        loose = session.scalars(select(Attendee)).all()
    assert [line.record_id for line in back] == [shared]
    assert [(one.student_id, one.appointment_id) for one in loose] == [(now_id, None)]
