"""The sheet on which guardian and student consent, printed beforehand and not numbered. Words in resources/letters/sharing-consent.txt."""

from __future__ import annotations

from collections.abc import Iterator

from app.documents import words
from app.documents.blocks import Block, Cell, Document, Grid, Sheet, Text, Title, tick
from app.rooms.referrals.choices import Item
from app.rooms.referrals.contents import CONSENT_SHEET, Contents
from app.rooms.referrals.wording import day, on_paper
from app.rooms.school.record import class_name, end_of_school_year

KIND = CONSENT_SHEET
_COLUMNS = 2


def blocks(of: Contents) -> Document:
    """The sheet with what the referral's form has ticked, each item to be ticked by who signs."""
    said = words.sections(KIND, of.own_consent)
    values = _values(of)

    def lines(section: str) -> list[str]:
        return words.paragraphs(words.fill(said[section], values))

    signatures = [("监护人", "监护人", "签名"), ("学生本人", "学生", "签名 学生")]
    if of.gate.student_signs is False:
        signatures = signatures[:1]
    rows = tuple(row for label, answer, signed in signatures for row in _signed(label, lines(answer), lines(signed)))
    told: list[Block] = [
        Title(words.fill(said["标题"], values)),
        *(Text(line) for line in lines("正文")),
        _items(of),
        *(Text(line) for line in lines("说明")),
        Text(lines("联系" if of.school.phone else "联系 无电话")[0]),
        Grid((0.18, 0.82), rows, size=12),
        *(Text(line, indent=0) for line in lines("教师")),
    ]
    sheet = Sheet("consent", "信息提供同意书", tuple(told), body_size=12, line_height=22, smallest=10)
    return Document(kind=KIND, title=words.fill(said["标题"], values), sheets=(sheet,), limited_to="学校和监护人")


def _signed(label: str, answer: list[str], signature: list[str]) -> Iterator[tuple[Cell, ...]]:
    yield Cell(label, label=True, down=2), Cell("\n".join(answer))
    yield (Cell("\n".join(signature), min_lines=2),)


def _items(of: Contents) -> Grid:
    labels = [tick(on_paper(item.label), False) for item in Item if item.value in of.referral.items]
    return Grid((1.0,) * _COLUMNS, tuple(_paired(labels)), size=12)


def _paired(labels: list[str]) -> Iterator[tuple[Cell, ...]]:
    for first in range(0, len(labels), _COLUMNS):
        row = labels[first : first + _COLUMNS]
        yield (*map(Cell, row[:-1]), Cell(row[-1], across=1 + _COLUMNS - len(row)))


def _values(of: Contents) -> dict[str, str]:
    return {
        "学校": of.school.name,
        "姓名": of.student.name,
        "班级": on_paper(class_name(of.student.grade, of.student.class_no)),
        "机构": f"{of.referral.to_org}{of.referral.to_dept}" or "＿＿＿＿＿＿＿＿",
        "有效期": day(end_of_school_year(of.on)),
        "联系人": of.school.counsellor,
        "电话": of.school.phone,
    }
