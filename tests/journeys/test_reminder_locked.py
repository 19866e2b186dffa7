"""The real program, locked, reminds of an appointment of which it knows nothing but when it begins: read from beside, in memory too."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import Pc
from tests.journeys.driven.program import Program
from tests.journeys.furnished import Furnished

NAME, TOPIC, PLACE = "鸢尾纸伞", "换到靠窗的座位以后", "三楼尽头的沙盘室"
ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="memory is read through /proc, by root alone"
)

BOOK = f"""
from datetime import date, datetime, time
from app.rooms.appointments import store
from app.rooms.appointments.record import AppointmentValues
from app.rooms.students.choices import Gender
from app.rooms.students.record import Student
with house.desk.vault.write("试") as session:
    student = Student(student_no="029001", name={NAME!r}, gender=Gender.FEMALE, grade=8, class_no=3)
    session.add(student)
    session.flush()
    for day, hour in ((20, 9), (20, 11), (20, 12), (21, 12)):
        start, end = time(hour, 30), time(hour, 50)
        values = AppointmentValues(day=date(2026, 11, day), start=start, end=end, student_ids=(student.id,),
                                   topic={TOPIC!r}, place={PLACE!r})
        store.add(session, values, house.clock.now())
"""
"""Today at 9:30, 11:30 and 12:30, and tomorrow."""
TRAY = """
from app.ui import tray
from tests.ui.recorded_tray import RecordedIcon
tray.QSystemTrayIcon = RecordedIcon
"""


@pytest.fixture
def program(furnished: Furnished, pc: Pc) -> Iterator[Program]:
    made = Program(pc.folder)
    yield made
    made.end()


def it_is(program: Program, hour: int, minute: int) -> None:
    """Set the program's clock, and have it look."""
    program.do(f"""
from datetime import datetime, timedelta, timezone
moment = datetime(2026, 11, 20, {hour}, {minute}, tzinfo=timezone(timedelta(hours=8)))
house.clock.now = lambda: moment
house.reminding.look()
""")


def test_it_knows_the_beginnings_still_to_come_today_and_says_no_more(program: Program, furnished: Furnished) -> None:
    it_is(program, 11, 0)
    program.do(f"steps.unlock(hands, {furnished.password!r})\n{BOOK}")
    it_is(program, 11, 20)
    program.do(f"hands.reads('10 分钟后：{NAME}')")
    needles = {f"{mark} {code}": mark.encode(code) for mark in (NAME, TOPIC, PLACE) for code in ENCODINGS}
    before = program.memory({name: needle for name, needle in needles.items() if name.startswith(NAME)})
    assert sum(before.values()), "the memory could not be read"
    program.lock()
    assert program.do("value = house.reminding.known.to_words()")[1:] == ["2026-11-20T12:30:00"]
    it_is(program, 12, 15)
    program.do(f"{TRAY}windows()[0].showMinimized()")
    it_is(program, 12, 20)
    assert program.do(f"{TRAY}value = [[icon.said, icon.tip] for icon in RecordedIcon.made]") == [
        [[["提醒", "10 分钟后有预约"]], "10 分钟后有预约"]
    ]
    program.do("house.reminding.wanted.emit(); hands.wait(lambda: not windows()[0].isMinimized(), 'the door')")
    program.do("hands.reads('10 分钟后有预约'); hands.find('口令', QLineEdit)")
    after = program.memory(needles | {"its own words": "分钟后有预约".encode("utf-16-le")})
    assert after.pop("its own words"), "the memory could not be read again"
    assert {name: count for name, count in after.items() if count} == {}
    beside = Path(f"/proc/{program.process.pid}/environ").read_bytes() + " ".join(program.command()).encode()
    assert not [mark for mark in (NAME, TOPIC, PLACE, "2026-11-20T12:30", "12:30") if mark.encode() in beside]
    assert not [path for path in program.open_files() if "memfd" in path]
    it_is(program, 12, 30)
    program.do(f"{TRAY}hands.wait(lambda: '分钟后' not in hands.words(), 'it to go')")
    assert program.do(f"{TRAY}value = [icon.shown for icon in RecordedIcon.made]") == [False]
