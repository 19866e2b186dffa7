"""The sample of every kind of block looks as it was approved, and the comparison sees what a reader would."""

from __future__ import annotations

from dataclasses import replace

from app.documents.blocks import Text, Title
from app.documents.paper import draw
from tests.documents.reading import pages_of, words_of
from tests.documents.sample import FOOT, LETTER, SAMPLE
from tests.golden.approved import assert_pages, assert_words, difference


def test_the_sample_says_and_looks_as_approved() -> None:
    pdf = draw(SAMPLE, FOOT).pdf
    assert_words("sample", "\f".join(words_of(pdf, as_drawn=True)))
    assert_pages("sample", pdf)


def test_one_other_word_in_a_title_is_seen() -> None:
    other = replace(LETTER, blocks=(Title("启明中学学生心理健康介绍信"), *LETTER.blocks[1:]))
    pages = [pages_of(draw(replace(SAMPLE, sheets=(sheet,)), FOOT).pdf)[0] for sheet in (LETTER, other)]
    assert difference(*pages) > 12


def test_one_line_less_is_seen() -> None:
    shorter = replace(
        LETTER, blocks=(*LETTER.blocks[:2], Text("我校学生近期在校出现下表所列情况。"), *LETTER.blocks[3:])
    )
    pages = [pages_of(draw(replace(SAMPLE, sheets=(sheet,)), FOOT).pdf)[0] for sheet in (LETTER, shorter)]
    assert difference(*pages) > 12
