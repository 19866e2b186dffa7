"""A vault with key files of its own and something in it, made once; fixtures that open copies of it, and a stop on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.clock import StandingClock
from app.demo import making  # noqa: F401 - every kind of record
from app.demo.cast import Cast
from app.demo.talks import note_values
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource
from app.rooms.students import store as students
from app.rooms.students.choices import Relation
from app.rooms.students.record import Guardian, Student
from app.vault import attachments, typing
from app.vault.keys import LEAST_MEMORY, Kdf, Password
from app.vault.opening import create_vault, open_vault
from app.vault.recovery import RecoveryCode
from app.vault.vault import Vault

PASSWORD = Password("今天天气真好我们去爬山吧")
CHEAP = Kdf(LEAST_MEMORY, 1, 1, bytes(16))
NOW = datetime(2026, 11, 20, 16, 40, tzinfo=timezone(timedelta(hours=8)))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40

__all__ = ["CHEAP", "NOW", "PASSWORD", "Stopped", "Stopper", "fill", "folder", "made", "opening", "student"]


class Stopped(Exception):
    """What a lock makes a job raise."""


class Stopper:
    """Stops a piece of work at its n-th step, or at SQLite's n-th look."""

    def __init__(self, after_steps: int = 10**9, after_looks: int = 10**9) -> None:
        self.steps, self.looks = after_steps, after_looks
        self.seen: list[tuple[int, int]] = []

    def step(self, done: int, of: int) -> None:
        self.seen.append((done, of))
        self.steps -= 1
        if self.steps < 0 or self.looks < 0:
            raise Stopped

    def stopped(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def student(number: int, name: str = "") -> Student:
    return Student(student_no=f"2026{number:04}", name=name or f"程晓{number}", grade=8, class_no=3)


def fill(vault: Vault, count: int = 12) -> None:
    """Students, one of them with a guardian, a case, a signed note with an attachment, and a draft being typed."""
    with vault.write("登记学生") as session:
        for number in range(1, count + 1):
            students.add(session, student(number))
    with vault.write("登记") as session:
        students.save_guardian(
            session, Guardian(student_id=1, name="程建国", phone="13800000000", relation=Relation.FATHER)
        )
        case = cases.open_case(
            session,
            1,
            CaseValues(source=next(iter(CaseSource)), problem_types=["mood"], presenting_problem="睡不好"),
            date(2026, 9, 3),
        )
        session.flush()
        cast = Cast.of(7)
        values = note_values(cast, cast.themes[0], date(2026, 9, 4))
        note = store.enter_signed(session, 1, case.id, 1, values, NOW)
        session.flush()
        attachments.add(session, note, "画.png", PNG)
    typing.keep(vault, "note/new/2", {"subjective": "写到一半"}, 2, wait=5)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RecoveryCode]:
    folder = tmp_path_factory.mktemp("backed") / "王 老师 🏫"
    vault, code = create_vault(
        folder, school="明德中学", room="心理辅导室", password=PASSWORD.text, clock=StandingClock(NOW), kdf=CHEAP
    )
    fill(vault)
    vault.close()
    return folder, code


@pytest.fixture
def folder(made: tuple[Path, RecoveryCode], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "档案")
    return tmp_path / "档案"


@pytest.fixture
def opening(clock: StandingClock) -> Iterator[Callable[..., Vault]]:
    """Opens a vault, and closes it when the test ends."""
    clock.moment = NOW
    opened: list[Vault] = []

    def open_(at: Path, secret: Password | RecoveryCode = PASSWORD) -> Vault:
        opened.append(open_vault(at, secret, clock))
        return opened[-1]

    yield open_
    for vault in opened:
        vault.close()
