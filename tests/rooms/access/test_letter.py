"""查阅登记表 on paper: its words as approved, its head repeated, and each page with the trail's head."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from app.documents import words
from app.documents.blocks import Grid
from app.documents.paper import Foot, draw
from app.rooms.access import letter
from app.rooms.access.letter import Contents
from app.rooms.access.store import Access, AccessFilter, Deed
from app.rooms.school.record import School
from app.vault.outgoing import ForWhom
from tests.documents.reading import words_of
from tests.golden.approved import assert_pages, assert_words

EAST = timezone(timedelta(hours=8))
SCHOOL = School(name="青禾中学", room_name="知心小屋", counsellor="林晓岚")
HEAD = "3f9a51c07be2"
DEEDS = (
    (Deed.VIEW, "程辰 九(2)班", "第1次会谈 · 2026年9月14日", None),
    (Deed.PRINT, "程辰 九(2)班", "转介函 心转〔2026〕第003号", ForWhom("接诊医院", "转介就诊")),
    (Deed.EXPORT, "", "名册问题行", ForWhom("教务处", "核对名单")),
    (Deed.VIEW, "学生 12 号(已销毁)", "学生档案", None),
)


def contents(count: int, **more: object) -> Contents:
    """So many rows, one every three hours."""
    rows = []
    for at in range(count):
        deed, student, what, answer = DEEDS[at % len(DEEDS)]
        moment = datetime(2026, 9, 1, 8, 0, tzinfo=EAST) + timedelta(hours=3 * at)
        rows.append(Access(100 + 2 * at, moment, deed, 7 if student else None, student, what, answer))
    values: dict[str, object] = {"wanted": AccessFilter(first=date(2026, 9, 1)), "student": "", **more}
    return Contents(rows=rows, school=SCHOOL, head=HEAD, on=date(2026, 11, 20), zone=EAST, **values)


def paper(of: Contents) -> bytes:
    return draw(letter.document(of), Foot(trail_head=of.head)).pdf


def test_it_says_what_was_approved() -> None:
    pdf = paper(contents(30))
    assert_words("access", "\n".join(words_of(pdf)))
    assert_pages("access", pdf)


def test_its_head_is_repeated_and_every_page_bears_the_trails_head() -> None:
    pages = words_of(paper(contents(60)))
    assert len(pages) > 2
    for page in pages:
        assert "3f9a 51c0 7be2" in page
    for page in pages[:-1]:
        assert "留痕行" in page
        assert "收件人" in page
    assert f"第1页/共{len(pages)}页" in pages[0]


def test_about_one_student_the_column_of_students_is_left_out() -> None:
    of = contents(4, student="程辰 九(2)班")
    (grid,) = (block for block in letter.document(of).sheets[0].blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.rows[0]] == ["留痕行", "时间", "操作", "材料", "收件人", "用途"]
    assert "登记范围：2026年9月1日至2026年11月20日，程辰 九(2)班" in "".join(words_of(paper(of)))


@pytest.mark.parametrize(
    ("wanted", "span", "deeds"),
    [
        (AccessFilter(), "建档至2026年11月20日，全部学生", "查阅、打印、导出，共 0 条"),
        (AccessFilter(deed=Deed.PRINT, last=date(2026, 10, 1)), "建档至2026年10月1日", "登记内容：打印，共 0 条"),
    ],
)
def test_an_empty_one_says_so(wanted: AccessFilter, span: str, deeds: str) -> None:
    said = "".join(words_of(paper(contents(0, wanted=wanted))))
    assert span in said
    assert deeds in said
    assert "登记范围内没有符合条件的操作。" in said


def test_her_own_words_take_the_place_of_ours() -> None:
    own = words.bundled(letter.KIND).replace("学生心理辅导材料查阅登记表", "本校查阅登记表")
    assert "本校查阅登记表" in "".join(words_of(paper(contents(1, own_words=own))))


def test_a_full_one_has_room_for_the_longest_answers() -> None:
    long = ForWhom("长" * 60, "用" * 60)
    of = contents(3)
    rows = [Access(999_999, row.at, row.deed, 7, "尉迟云舒 高三(12)班", "附件 " + "名" * 200, long) for row in of.rows]
    said = "".join("".join(words_of(paper(Contents(**{**vars(of), "rows": rows})))).split())
    assert said.count("长" * 5) >= 3
    assert "999999" in said
