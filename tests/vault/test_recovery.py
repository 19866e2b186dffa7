"""The recovery code catches what people do when they copy it by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.vault import recovery
from app.vault.recovery import ALPHABET, LENGTH, RecoveryCode, RecoveryCodeMistyped, new_code, read_code

codes = st.builds(recovery._checked, st.lists(st.integers(0, 31), min_size=26, max_size=26))


def refused(typed: str) -> bool:
    try:
        read_code(typed)
    except RecoveryCodeMistyped:
        return True
    return False


def test_it_is_seven_groups_of_four_and_holds_130_random_bits():
    code = new_code()
    assert [len(group) for group in code.groups] == [4] * 7
    assert set(code.characters) <= set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert len({new_code().characters for _ in range(200)}) == 200


@given(codes)
def test_what_is_written_reads_back(code):
    assert read_code(code.written) == code


def test_every_single_typo_is_caught_at_every_place():
    for code in (new_code(), RecoveryCode("0" * LENGTH)):
        for place in range(LENGTH):
            for other in ALPHABET:
                if other != code.characters[place]:
                    assert refused(code.characters[:place] + other + code.characters[place + 1 :])


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_swap_of_two_characters_is_caught(code, one, other):
    swapped = list(code.characters)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    assert refused("".join(swapped)) == ("".join(swapped) != code.characters)


@given(codes, st.data())
def test_any_two_typos_are_caught(code, data):
    places = data.draw(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=2, unique=True))
    typed = list(code.characters)
    for place in places:
        typed[place] = data.draw(st.sampled_from([c for c in ALPHABET if c != typed[place]]))
    assert refused("".join(typed))


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_the_group_with_the_one_wrong_character_is_named(code, place, other):
    if other == code.characters[place]:
        return
    with pytest.raises(RecoveryCodeMistyped) as refusal:
        read_code(code.characters[:place] + other + code.characters[place + 1 :])
    assert f"第 {place // 4 + 1} 组" in refusal.value.next_step


@given(codes, st.sampled_from(["", " ", "-", "—", "　", "\n", "·"]), st.booleans(), st.booleans())
def test_dashes_case_width_and_lookalikes_do_not_matter(code, between, lower, wide):
    typed = between.join(code.groups).replace("0", "O").replace("1", "l")
    if lower:
        typed = typed.lower()
    if wide:
        typed = "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in typed)
    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * LENGTH, "我" * LENGTH, "0" * 27, "0" * 29, "9" * 1_000_000])
def test_anything_else_is_refused_with_a_next_step(typed):
    with pytest.raises(RecoveryCodeMistyped) as refusal:
        read_code(typed)
    assert refusal.value.next_step


def test_a_code_never_shows_itself_in_a_repr():
    code = new_code()
    assert code.characters not in repr(code)


@given(codes, st.integers(1, 7))
def test_a_group_typed_back_is_compared_as_leniently(code, number):
    group = code.groups[number - 1]
    assert code.is_group(number, f" {group.lower().replace('0', 'o').replace('1', 'i')} ")
    assert not code.is_group(number, group[:3])
    assert not code.is_group(number, group + group)
    assert not code.is_group(number, "")
