"""Text no school writes but every program meets: stored as typed, found again, and no search operator in the search box."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.rooms.notes import store
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, File

TODAY = date(2026, 11, 20)


def written(vault: Vault, file: File, words: str) -> int:
    with vault.write("试") as session:
        return store.draft(session, file.case_id, replace(FULL, subjective=words), TODAY).id


def read(vault: Vault, note_id: int) -> str:
    with vault.read() as session:
        return store.get(session, note_id).subjective


def found(vault: Vault, words: str) -> set[int]:
    with vault.read() as session:
        return {hit.record for hit in vault.search(session, words) if hit.kind == "note"}


@pytest.mark.parametrize(
    "words",
    [
        "  前后有空格  ",
        "\n\n空行\n\n",
        "制表\t符",
        "家 👨‍👩‍👧‍👦 和 👩🏽‍🏫",
        "e\u0301" + "\u0301" * 60,
        "𠮷𪛖𫝀𫠠𬺰𮯰𰀀𱍐",
        "\ue000\uf8ff\U000f0000",
        "葛\U000e0100 葛\ufe00",
        "程\u202e辰\u202c\u2066x\u2069",
        "'; DROP TABLE note; --",
        "%_%\\",
        "\ufeff开头",
        "一行\u2028另一行\u2029",
    ],
)
def test_a_note_is_read_as_it_was_typed(vault: Vault, file: File, words: str) -> None:
    assert read(vault, written(vault, file, words)) == words


def test_what_cannot_be_stored_becomes_one_sign_each(vault: Vault, file: File) -> None:
    assert read(vault, written(vault, file, "前\x00中\ud800后\udfff")) == "前\ufffd中\ufffd后\ufffd"


@pytest.mark.parametrize("words", ["睡眠不好，怕考试。" * 400_000, "第 1 行\n" * 1_000_000], ids=["10 MB", "1 M lines"])
def test_a_huge_note_is_stored_whole_and_found(vault: Vault, file: File, words: str) -> None:
    note = written(vault, file, f"{words}完")

    assert read(vault, note) == f"{words}完"
    assert found(vault, "完") == {note}


@pytest.mark.parametrize("words", ["𠮷", "𱍐", "辰", "%", "_", "é"])
def test_one_character_is_found_or_nothing_but_never_everything(vault: Vault, file: File, words: str) -> None:
    note, other = written(vault, file, f"说到 {words} 的事"), written(vault, file, "说到别的事")

    assert other not in found(vault, words)
    if words not in "%_":
        assert found(vault, words) == {note}


@pytest.mark.parametrize(
    "words",
    ['"', "*", "睡*", '"睡眠', "睡眠 NEAR 考试", "NEAR(睡眠 考试)", "睡眠 AND", "OR", "NOT 睡眠", "-睡眠", "(睡眠", "words:睡眠",
     "^睡眠", "{words}: x", "%", "_", "';--", "\\", "\x00", "\ud800", "\u202e", "𠮷*", " ", ""],
)  # fmt: skip
def test_operators_in_the_search_box_are_only_words(vault: Vault, file: File, words: str) -> None:
    plain, spoken = written(vault, file, "睡眠和考试"), written(vault, file, f"睡眠 {words} 考试")

    assert found(vault, words) <= {plain, spoken}
    if any(letter in words for letter in ("AND", "OR", "NOT", "NEAR")):
        assert plain not in found(vault, words), "an operator's name is a word to be found like any other"
