"""The jump box finds a student by every reading of the name, by initials, class and number."""

from __future__ import annotations

import pytest

from app.rooms.students import store
from app.rooms.students.jumping import JumpIndex
from app.rooms.students.readings import readings
from app.rooms.students.record import Student
from app.vault.vault import Vault


@pytest.fixture
def index(vault: Vault) -> JumpIndex:
    people = [("0317", "单晓明", 8, 3), ("0318", "张三", 8, 3), ("0401", "尉迟静", 10, 2), ("0402", "解一诺", 9, 1)]
    with vault.write("试") as session:
        for number, name, grade, class_no in people:
            store.add(session, Student(student_no=number, name=name, grade=grade, class_no=class_no))
    with vault.read() as session:
        return store.jump_index(session)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("sxm", "单晓明"), ("dxm", "单晓明"), ("shanxiaoming", "单晓明"), ("danxiaoming", "单晓明"), ("单", "单晓明"),
        ("晓明", "单晓明"), ("8.3 zs", "张三"), ("0317", "单晓明"), ("ycj", "尉迟静"), ("yuchi", "尉迟静"),
        ("高一(2)", "尉迟静"), ("xyn", "解一诺"), ("jieyinuo", "解一诺"), ("八3 zhang", "张三"), ("ZS", "张三"),
    ],
)  # fmt: skip
def test_it_is_found_first(index: JumpIndex, words: str, name: str) -> None:
    assert index.find(words)[0].entry.name == name


def test_what_fits_nobody_finds_nobody(index: JumpIndex) -> None:
    assert index.find("qqq") == []
    assert index.find("   ") == []


def test_all_words_have_to_fit(index: JumpIndex) -> None:
    assert [match.entry.name for match in index.find("8.3")] == ["单晓明", "张三"]
    assert index.find("9.1 zs") == []


def test_a_name_of_many_readings_stays_small() -> None:
    assert len(readings("单行乐重行").split("\n")) <= 48
