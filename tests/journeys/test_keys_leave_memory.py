"""After a change of all keys the program is a new process, as after any lock: neither the old keys nor the new ones are in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.vault.keycopies import read_copies
from app.vault.keys import Password
from tests.journeys.conftest import Pc
from tests.journeys.driven.program import Program
from tests.journeys.furnished import Furnished
from tests.journeys.test_keys_change import NEW

TO_THE_LAST_STEP = """
from tests.journeys.test_keys_change import copy_down, set_password, to_keys
to_keys(hands)
hands.press("更换全部钥匙")
hands.press("下一步")
hands.fill("现在的口令", {password!r})
hands.press("下一步")
set_password(hands)
hands.press("下一步")
value = copy_down(hands)
"""


@pytest.fixture
def program(furnished: Furnished, pc: Pc) -> Iterator[Program]:
    made = Program(pc.folder)
    made.do(f"steps.unlock(hands, {furnished.password!r})")
    yield made
    made.end()


def keys(folder: Path, password: str) -> dict[str, bytes]:
    """The master key and the database's, as bytes and in hex."""
    content = read_copies(folder)[0].content
    master = content.open_slot(Password(password))
    database = master.subkey(f"db/{content.epoch}")
    return {"master": master.key, "database": database, "hex": database.hex().encode()}


def test_no_key_is_left_in_memory_and_the_new_password_opens(program: Program, furnished: Furnished) -> None:
    old = keys(furnished.folder, furnished.password)
    assert any(program.memory(old).values()), "the measure finds nothing even in an open vault"
    program.do(TO_THE_LAST_STEP.format(password=furnished.password))
    program.do('hands.press("更换全部钥匙")')
    program.come_again()
    assert not any(program.memory(old).values())
    assert not any(program.memory(keys(furnished.folder, NEW)).values())
    program.do(f'hands.fill("口令", {NEW!r})\nhands.press("打开")\nhands.reads("更换全部钥匙")\nhands.press("知道了")')
    assert program.do("value = house.desk.window.page().route.place") == "settings.keys"
