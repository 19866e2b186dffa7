"""The words of letters: text files in resources/letters that the counsellor can read and change.

A file's first line is ``# `` and the letter's name; other lines that begin with ``#`` are comments. A line that is
``[名称]`` alone begins a section. The section ``[占位]`` lists every placeholder the file may use, each with a value for the
preview (``姓名 = 孙一诺``); the other sections are text. In them each line that is not empty is one paragraph, ``${姓名}``
is a placeholder and ``$$`` a dollar sign. There are no conditions: a letter chooses a section by what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Template

from app.errors import Problem
from app.resources import resource

LARGEST = 64 * 1024
"""Characters in one file of words."""
MOST = 500
"""Placeholders in one section."""
_PLACES = "占位"
_SECTION = re.compile(r"\[([^\[\]]{1,40})\]\s*")
_CHECK = "请在设置里改正这份函件的文字，或恢复原来的文字。"


class _Words(Template):
    """A text with ${占位}: braces always, so that a dollar sign in front of a word is never taken for one."""

    idpattern = r"(?!)"
    braceidpattern = r"[\u3400-\u9fffA-Za-z0-9_]{1,40}"


def names() -> list[str]:
    """The letters there are words for."""
    return sorted(path.stem for path in resource("letters").glob("*.txt"))


def label(name: str) -> str:
    """The letter's name as settings shows it."""
    return _bundled_text(name).split("\n", 1)[0].removeprefix("#").strip()


def bundled(name: str) -> str:
    """The text the counsellor edits, as it comes with the program; the list of placeholders is not part of it."""
    kept: list[str] = []
    inside = False
    for line in _bundled_text(name).split("\n"):
        head = _SECTION.fullmatch(line)
        if head:
            inside = head[1] == _PLACES
        if not inside:
            kept.append(line)
    return "\n".join(kept)


def examples(name: str) -> dict[str, str]:
    """Every placeholder the letter knows, with its value for the preview."""
    pairs = (line.partition("=") for line in _parsed(name)[_PLACES].split("\n") if line.strip())
    return {place.strip(): value.strip() for place, _, value in pairs}


def sections(name: str, own: str | None = None) -> dict[str, str]:
    """The letter's sections: of ``own``, the counsellor's version of the whole file, where she has one.

    Raises Problem where her version lacks a section, has one twice or one the letter does not know, uses a placeholder
    that is not listed, has a dollar sign on its own, or is too large.
    """
    known = {section: text for section, text in _parsed(name).items() if section != _PLACES}
    if own is None:
        return known
    found = _parse(own)
    found.pop(_PLACES, None)
    for section in known:
        if section not in found:
            raise Problem("函件文字里少了「[{section}]」这一节。", _CHECK, section=section)
    for section, text in found.items():
        if section not in known:
            raise Problem("函件文字里多了「[{section}]」这一节，程序不认识它。", _CHECK, section=section)
        _check(text, examples(name))
    return found


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in, once: a ``${…}`` inside a value stays as it is.

    Raises Problem that names a placeholder without a value or a dollar sign on its own.
    """
    _check(text, values)
    return _Words(text).substitute(values)


def paragraphs(text: str) -> list[str]:
    """The lines of a section that are not empty: each is a paragraph."""
    return [line.strip(" \t") for line in text.split("\n") if line.strip()]


def preview(name: str, own: str | None = None) -> dict[str, str]:
    """The letter's sections filled with the examples."""
    values = examples(name)
    return {section: fill(text, values) for section, text in sections(name, own).items()}


def _check(text: str, known: Mapping[str, str]) -> None:
    if len(text) > LARGEST:
        raise Problem("函件文字太长(超过 {limit} 个字符)。", _CHECK, limit=LARGEST)
    count = 0
    for match in _Words.pattern.finditer(text):
        place = match["braced"]
        if place is None and match["escaped"] is None:
            near = text[match.start() : match.start() + 12].split("\n", maxsplit=1)[0]
            raise Problem(
                "函件文字里有单独的美元符号：「{near}」。占位写作 ${{姓名}}，美元符号写作 $$。", _CHECK, near=near
            )
        if place is not None and place not in known:
            raise Problem("函件文字里的占位「{place}」没有对应的内容。", _CHECK, place=place)
        count += place is not None
    if count > MOST:
        raise Problem("函件的一节文字里占位太多(超过 {limit} 个)。", _CHECK, limit=MOST)


@cache
def _bundled_text(name: str) -> str:
    return resource("letters", f"{name}.txt").read_text("utf-8")


@cache
def _parsed(name: str) -> dict[str, str]:
    return _parse(_bundled_text(name))


def _parse(text: str) -> dict[str, str]:
    if len(text) > LARGEST:
        raise Problem("函件文字太长(超过 {limit} 个字符)。", _CHECK, limit=LARGEST)
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for number, line in _lines(text):
        head = _SECTION.fullmatch(line)
        if head and head[1] in found:
            raise Problem(
                "函件文字里「[{section}]」这一节出现了两次(第 {number} 行)。", _CHECK, section=head[1], number=number
            )
        if head:
            lines = found[head[1]] = []
        elif lines is not None:
            lines.append(line)
        elif line.strip():
            raise Problem("函件文字第 {number} 行不属于任何一节：请先写「[名称]」。", _CHECK, number=number)
    return {section: "\n".join(content).strip("\n") for section, content in found.items()}


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their numbers, comments apart; a mark an editor put before the text is no part of it."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(plain.split("\n"), 1):
        if not line.startswith("#"):
            yield number, line
