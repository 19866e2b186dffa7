"""Locks at random moments while she types lose no character: in one process, and with the program becoming a new one each time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QTimer

from app.house.house import House
from app.ui import keeper
from app.ui.page import Route
from app.ui.writing import WritingArea, WritingLine
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.driven.program import Program
from tests.journeys.furnished import Furnished
from tests.journeys.hands import Hands
from tests.journeys.typist import Typist
from tests.sweeps import WHOLE

LOCKS, REAL_LOCKS = (160, 40) if WHOLE else (10, 1)
"""In one process; with a new one each time. Together the 200 of the lab, or the quick part of them."""
SEED = 20261122
FIELDS = [
    ("note", "学生自述"),
    ("note", "个人手记"),
    ("consent", "范围"),
    ("student.edit", "姓名"),
    ("guardian", "姓名"),
    ("referral", "学校已做工作"),
]
SHORT_MS = 20
"""In place of the keeper's delay, so that the lock meets writes that wait, that are due and that are done."""
LONGEST_MS = 150


def test_locks_at_random_moments_lose_no_character(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "DELAY_MS", SHORT_MS)
    house, chance = start(), random.Random(SEED)
    steps.unlock(hands, furnished.password)
    for turn in range(LOCKS):
        place, name = FIELDS[turn % len(FIELDS)]
        house.go(Route(place, *furnished.places[place]))
        field = hands.find(name, (WritingLine, WritingArea))
        hands.click(field)
        stood: list[str] = []
        QTimer.singleShot(chance.randint(0, LONGEST_MS), house.lock)
        Typist(chance).type_until(lambda: house.desk is None, field, stood.append)
        steps.unlock(hands, furnished.password)
        again = hands.find(name, (WritingLine, WritingArea))
        assert again.writing() == stood[-1], (turn, place, name)


@pytest.fixture
def program(furnished: Furnished, pc: Pc) -> Iterator[Program]:
    made = Program(pc.folder)
    yield made
    made.end()


def test_nor_does_a_program_that_becomes_a_new_one_each_time(program: Program, furnished: Furnished, pc: Pc) -> None:
    """What stood in the field at every moment is told to a file of the test's, for the process is gone with the lock."""
    chance, told = random.Random(SEED), pc.folder / "stood"
    program.do(f"steps.unlock(hands, {furnished.password!r})")
    for turn in range(REAL_LOCKS):
        place, name = FIELDS[turn % len(FIELDS)]
        program.do(f"""
import pathlib
import random
from app.ui import keeper
from app.ui.writing import WritingArea, WritingLine
from tests.journeys.typist import Typist
keeper.DELAY_MS = {SHORT_MS}
house.go(Route({place!r}, *{furnished.places[place]!r}))
field = hands.find({name!r}, (WritingLine, WritingArea))
hands.click(field)
tell = pathlib.Path({str(told)!r}).write_text
typist = Typist(random.Random({chance.random()}))
QTimer.singleShot({chance.randint(0, LONGEST_MS)}, house.lock)
QTimer.singleShot(0, lambda: typist.type_until(lambda: False, field, tell))
""")
        program.come_again()
        program.do(f"steps.unlock(hands, {furnished.password!r})")
        again = program.do(f"""
from app.ui.writing import WritingArea, WritingLine
value = hands.find({name!r}, (WritingLine, WritingArea)).writing()
""")
        assert again == told.read_text(), (turn, place, name)
