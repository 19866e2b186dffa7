"""今日与本周备用单: its words as approved, and one page however much there is."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from app.clock import StandingClock
from app.documents.paper import Foot, draw
from app.rooms.school.planned import Planned
from app.rooms.school.record import Due, Heading, School, Weight
from app.rooms.today import letter, store
from app.rooms.today.letter import Contents
from app.rooms.today.page.paper import gather
from app.rooms.today.store import Person
from app.vault.vault import Vault
from tests.documents.reading import words_of
from tests.golden.approved import assert_pages, assert_words

MONDAY = date(2026, 11, 23)
SCHOOL = School(name="青禾中学", room_name="知心小屋", counsellor="林晓岚")
PEOPLE = (Person("穆青禾", "七(1)班"), Person("纪南星", "八(3)班"), Person("乔一诺", "高一(2)班"))


def planned(at: int, day: date) -> Planned:
    person = PEOPLE[at % 3]
    start = time(8 + at % 9, 20)
    detail = f"{person.place} · 第{at + 1}次"
    return Planned(day, start, time(start.hour + 1, 0), "appointment", at, ((at, person.name),), detail=detail)


def due(at: int) -> tuple[Due, Person]:
    on = MONDAY + timedelta(days=at - 2)
    titles = (("催要转介回执", "市第二医院 · 儿少心理科"), ("签署会谈记录", "第3次会谈，11月20日，已写 210 字"))
    title, detail = titles[at % 2]
    return Due("referral.receipt", on, at, "referral", at, title, detail, heading=Heading.DEADLINE), PEOPLE[at % 3]


def contents(today: int, later: int, dues: int) -> Contents:
    return Contents(
        school=SCHOOL,
        on=MONDAY,
        week="第13周(单周)",
        today=[planned(at, MONDAY) for at in range(today)],
        later=[planned(at, MONDAY + timedelta(days=1 + at % 4)) for at in range(later)],
        dues=[due(at) for at in range(dues)],
    )


def test_it_says_what_was_approved() -> None:
    drawn = draw(letter.document(contents(4, 4, 6)), Foot(trail_head="3f9a51c07be2"))
    assert_words("today", "\n".join(words_of(drawn.pdf)))
    assert_pages("today", drawn.pdf)
    assert drawn.sheets[0].last == 1


def test_what_is_not_there_is_said_to_be_none() -> None:
    (page,) = words_of(draw(letter.document(contents(0, 0, 0)), Foot()).pdf)
    assert page.count("没有。") == 3
    assert "没有列在这张纸上" not in page


@pytest.mark.parametrize("most", [20, 12])
def test_what_has_no_room_is_counted_and_today_comes_first(most: int) -> None:
    of = contents(4, 30, 400)
    page = "".join(words_of(draw(letter.document(of, most), Foot()).pdf))
    assert f"另有{434 - most}项没有列在这张纸上" in "".join(page.split())
    for one in of.today:
        assert one.detail.replace(" ", "") in "".join(page.split())


def test_the_paper_is_of_what_can_be_done_without_the_pc(vault: Vault, clock: StandingClock) -> None:
    """What a student's safety may hang on first, then by day; not who may be forgotten, not what only tidies up, not next week."""
    on, week = clock.today(), timedelta(days=7)
    usual = due(0)[0]._replace(student_id=None)
    lines = {
        "safety": usual._replace(due=on, record_id=1, weight=Weight.SAFETY),
        "late": usual._replace(due=on - week, record_id=2),
        "tidying": usual._replace(due=on - week, record_id=3, weight=Weight.KEEPING),
        "fading": usual._replace(due=on - week, record_id=4, heading=Heading.FADING),
        "later": usual._replace(due=on + week, record_id=5),
        "put off": usual._replace(due=on, record_id=6),
    }
    with vault.write("试") as session:
        store.put_off(session, lines["put off"], on + week, "家长出差", clock.now())
    with vault.read() as session:
        told = gather(session, lambda *_: list(lines.values()), lambda *_: [], clock.now())
    assert [one for one, _ in told.dues] == [lines["safety"], lines["late"]]
