"""The register's lines and filters, one document's facts, voiding, and what the trail says."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.clock import StandingClock
from app.documents import issuing
from app.errors import Problem
from app.rooms.papers import store
from app.rooms.papers.store import PaperFilter, PaperKind, Standing
from app.vault.trail import Act, Link
from tests.rooms.papers.conftest import Papers
from tests.ui.forwhom import HOSPITAL, MOTHER


def numbers(papers: Papers, wanted: PaperFilter) -> list[str]:
    with papers.vault.read() as session:
        return [one.ref_no for one in store.listing(session, wanted)]


def test_the_register_holds_everything_newest_first(papers: Papers) -> None:
    with papers.vault.read() as session:
        listed = store.listing(session, PaperFilter())
    assert [(one.ref_no, one.kind, one.student, one.void) for one in listed] == [
        ("心记〔2026〕第001号", "会谈记录", "单晓明 八(3)班", False),
        ("心转〔2026〕第001号", "转介函", "程辰 九(2)班", False),
    ]


def test_it_is_narrowed_by_words_kind_and_standing(papers: Papers) -> None:
    store.void(papers.vault, papers.letter, "写错了人")
    letter, note = "心转〔2026〕第001号", "心记〔2026〕第001号"
    assert numbers(papers, PaperFilter("程辰 转介")) == [letter]
    assert numbers(papers, PaperFilter("心记")) == [note]
    assert numbers(papers, PaperFilter("八(3)")) == [note]
    assert numbers(papers, PaperFilter(kind=PaperKind.REFERRAL)) == [letter]
    assert numbers(papers, PaperFilter(kind=PaperKind.REFUSAL)) == []
    assert numbers(papers, PaperFilter(standing=Standing.VOID)) == [letter]
    assert numbers(papers, PaperFilter(standing=Standing.VALID)) == [note]


def test_voiding_asks_for_a_reason_and_happens_once(papers: Papers) -> None:
    with pytest.raises(Problem, match="原因"):
        store.void(papers.vault, papers.letter, "  ")
    store.void(papers.vault, papers.letter, "写错了人")
    with pytest.raises(Problem, match="已经作废"):
        store.void(papers.vault, papers.letter, "再一次")
    with papers.vault.read() as session:
        paper = store.paper(session, papers.letter)
    assert paper.voided is not None
    assert paper.voided.reason == "写错了人"


def test_prints_and_exports_are_in_the_trail_and_beside_the_document(papers: Papers, clock: StandingClock) -> None:
    store.log(papers.vault, papers.letter, Act.PRINT, MOTHER)
    store.log(papers.vault, papers.letter, Act.EXPORT, HOSPITAL)
    with papers.vault.write("导出") as session:
        issued = store.paper(session, papers.letter).issued
        issuing.protected_copy(papers.vault, session, papers.signing, issued, "给医院的口令 8", HOSPITAL)
    with papers.vault.read() as session:
        paper = store.paper(session, papers.letter)
        other = store.paper(session, papers.note)
        wanted = select(Link.act, Link.student_id).where(Link.act.in_(("print", "export")))
        rows = session.execute(wanted.order_by(Link.seq)).all()
        assert papers.vault.trail.first_broken(session) is None
    assert [(one.act, one.at, one.answer) for one in paper.handled] == [
        (Act.EXPORT, clock.moment, HOSPITAL),
        (Act.EXPORT, clock.moment, HOSPITAL),
        (Act.PRINT, clock.moment, MOTHER),
    ]
    assert len(paper.copies) == 1
    assert other.handled == []
    assert rows == [("print", papers.students[0]), ("export", papers.students[0]), ("export", papers.students[0])]
