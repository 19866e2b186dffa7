"""After a lock nothing of the record and no key is left in the memory of the process: the real program, scanned from beside."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.vault.keycopies import read_copies
from app.vault.keys import Password
from tests.journeys.conftest import Pc
from tests.journeys.driven.program import Program
from tests.journeys.furnished import Furnished

MARKS = ("浅蓝色的纸灯笼", "第三排靠窗的铁柜")
"""On the screen in a note; the second one typed and never saved."""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030")

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc"),
    pytest.mark.skipif(
        sys.platform == "linux" and os.geteuid() != 0,
        reason="only root may read the memory of a program that has closed it to its own user",
    ),
]


@pytest.fixture
def program(furnished: Furnished, pc: Pc) -> Iterator[Program]:
    made = Program(pc.folder)
    yield made
    made.end()


def needles(furnished: Furnished) -> dict[str, bytes]:
    """The marks in every encoding, and the keys: raw, in hex of either case."""
    found = {f"{mark} {encoding}": mark.encode(encoding) for mark in MARKS for encoding in ENCODINGS}
    content = read_copies(furnished.folder)[0].content
    master = content.open_slot(Password(furnished.password))
    for name, key in {"master": master.key, "database": master.subkey(f"db/{content.epoch}")}.items():
        found |= {
            f"{name} key": key,
            f"{name} key hex": key.hex().encode(),
            f"{name} KEY HEX": key.hex().upper().encode(),
        }
    return found | {"password": furnished.password.encode(), "password wide": furnished.password.encode("utf-16-le")}


def test_no_mark_and_no_key_is_left_in_memory(program: Program, furnished: Furnished) -> None:
    pid, secrets = program.process.pid, needles(furnished)
    program.do(f"""
steps.unlock(hands, {furnished.password!r})
house.go(Route("note", *{furnished.places["note"]!r}))
hands.fill("学生自述", {MARKS[0]!r})
hands.press("存草稿")
hands.fill("过程与方法", {MARKS[1]!r})
""")
    before = program.memory(secrets)
    assert before["database key"] or before["database key hex"], before
    for mark in MARKS:
        assert sum(count for name, count in before.items() if name.startswith(mark)), before
    program.lock()
    assert program.process.pid == pid
    after = program.memory(secrets | {"the door's own words": "忘了口令".encode("utf-16-le")})
    assert after.pop("the door's own words"), "the memory could not be read"
    assert {name: count for name, count in after.items() if count} == {}
    assert program.command()[1:] == ["-m", "app", "come-back"]
    assert not [path for path in program.open_files() if "memfd" in path or str(furnished.folder) in path]


def test_after_the_new_password_is_asked_for_no_key_is_left_either(program: Program, furnished: Furnished) -> None:
    """The recovery code has opened the vault, and she locks instead of choosing a password."""
    program.do(f"""
hands.press("忘了口令？用恢复码打开")
hands.fill("恢复码", {furnished.code!r})
hands.press("用恢复码打开")
hands.find("新口令", QLineEdit)
""")
    secrets = {name: key for name, key in needles(furnished).items() if "key" in name}
    assert any(program.memory(secrets).values())
    program.lock()
    assert {name: count for name, count in program.memory(secrets).items() if count} == {}
    assert program.do("value = hands.sees('打开')")


def test_the_program_writes_no_core_file_and_is_not_read_by_its_own_user(program: Program) -> None:
    program.do("hands.wait(lambda: ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0, 'its memory to be private')")
    limits = Path(f"/proc/{program.process.pid}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
