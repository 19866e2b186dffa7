"""Faces: every character comes back from the PDF, and those none can draw are known before."""

from __future__ import annotations

import re
import subprocess

import pytest

from app.documents.blocks import Document, Sheet, Text
from app.documents.fonts import BOLD, SANS, SERIF, code_point, face, face_for, missing, refuse_bidi
from app.documents.paper import Drawn, Foot, draw
from app.errors import Problem
from tests.documents.reading import bare, words_of

PLANE_2 = "程辰𠮷、𬭛、𫍽"
NOT_IN_ANY = "\U0002a6a5"


def drawn(*texts: str) -> Drawn:
    sheet = Sheet("letter", "函", tuple(Text(text) for text in texts))
    return draw(Document("letter", "函", (sheet,)), Foot())


def test_characters_beyond_the_bmp_are_read_back_by_another_program() -> None:
    assert PLANE_2 in words_of(drawn(PLANE_2).pdf)[0]


def test_every_face_is_embedded_as_a_subset_with_its_map() -> None:
    text = "标题与正文 Latin 0123 \u2b8b6"
    pdf = draw(Document("x", "x", (Sheet("a", "a", (Text(text), Text(text, bold=True))),)), Foot()).pdf
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    rows = [line for line in listed.splitlines() if "+Noto" in line]
    assert len(rows) == len(listed.splitlines()) - 2 >= 2
    assert all(re.search(r"Identity-H\s+yes yes", row) for row in rows)


def test_sans_draws_what_serif_lacks() -> None:
    only_sans = next(chr(code) for code in face(SANS).widths if code not in face(SERIF).widths)
    assert face_for(only_sans, SERIF) is face(SANS)
    assert missing(only_sans) == []
    assert only_sans in words_of(drawn("字" + only_sans).pdf)[0]


def test_bold_and_sans_have_the_same_characters() -> None:
    assert set(face(BOLD).widths) == set(face(SANS).widths) >= set(face(SERIF).widths)


def test_a_character_no_face_has_is_named_drawn_and_still_readable() -> None:
    result = drawn(f"学生程{NOT_IN_ANY}近期情况")
    page = words_of(result.pdf)[0]
    assert result.missing == (NOT_IN_ANY,)
    assert f"学生程{NOT_IN_ANY}近期情况" in page
    assert code_point(NOT_IN_ANY) == "U+2A6A5"
    assert "U+2A6A5" in page


def test_a_page_without_missing_characters_has_no_footnote() -> None:
    assert "U+" not in "".join(words_of(drawn("一切都好").pdf))


@pytest.mark.parametrize("text", ["一\n二\r\n三\t四", "a\u200db\u00ad\ufe0f", "\u2028\u2029\x85", "　 "])
def test_line_ends_tabs_and_what_is_not_seen_are_not_missing(text: str) -> None:
    assert missing(text) == []


def test_missing_names_each_once_in_order() -> None:
    assert missing("😀𪚥一😀\x07") == ["😀", "𪚥", "\x07"]


@pytest.mark.parametrize("control", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_a_letter_with_bidi_controls_is_refused(control: str) -> None:
    with pytest.raises(Problem) as refused:
        drawn(f"王{control}芳")
    assert f"U+{ord(control):04X}" in refused.value.sentence
    assert refused.value.next_step
    assert "王" not in refused.value.sentence
    refuse_bidi("王芳 \u200f ok")


def test_more_characters_than_one_subset_holds_come_back() -> None:
    # 17,000 different characters: a second subset of the face is begun.
    many = "".join(chr(code) for code in sorted(face(SERIF).widths) if 0x4E00 <= code <= 0x9FFF)
    assert len(many) > 0x4000
    pdf = drawn(many).pdf
    assert bare("".join(words_of(pdf, body_only=True))) == many
