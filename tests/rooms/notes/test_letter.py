"""The consultation note on paper: every section of domain.md 4.4, and never the memo."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.clock import StandingClock
from app.documents import issuing
from app.documents.blocks import Closing, Document, Grid, Heading, Text
from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.notes import letter, store
from app.rooms.notes.choices import RiskFlag
from app.rooms.notes.record import NoteValues
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, RISK_DONE, File

TODAY = date(2026, 11, 20)
RISKY = replace(FULL, risk_flag=RiskFlag.IDEATION)


@pytest.fixture
def note_id(vault: Vault, file: File, clock: StandingClock) -> int:
    return _drafted(vault, file, RISKY)


def _drafted(vault: Vault, file: File, values: NoteValues) -> int:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, TODAY)
        store.save_draft(session, note.id, values, memo="只给自己看的手记", risk=RISK_DONE)
        return note.id


def _paper(vault: Vault, clock: StandingClock, note_id: int, number: str = "") -> Document:
    with vault.read() as session:
        return letter.blocks(letter.contents(session, note_id), clock.now().tzinfo, number=number)


def _said(document: Document) -> str:
    """Every word of the document, in order."""
    found = [document.title, document.number, document.limited_to]
    for block in document.sheets[0].blocks:
        if isinstance(block, Text | Heading):
            found.append(block.text)
        elif isinstance(block, Closing):
            found += block.lines
        elif isinstance(block, Grid):
            found += [cell.text for row in block.rows for cell in row]
    return "\n".join(found)


def test_a_draft_prints_as_a_draft_without_a_signing_time(vault: Vault, clock: StandingClock, note_id: int) -> None:
    paper = _paper(vault, clock, note_id)
    assert paper.draft
    assert paper.number == ""
    assert "签署时间：\n" in _said(paper)


def test_a_signed_note_says_everything_of_the_form(vault: Vault, clock: StandingClock, note_id: int) -> None:
    with vault.write("试") as session:
        store.sign(session, note_id, clock.now())
    paper = _paper(vault, clock, note_id, "心记〔2026〕第001号")
    assert (paper.kind, paper.draft, paper.number) == ("note", False, "心记〔2026〕第001号")
    said = _said(paper)
    labels = ["个案编号", "次数", "来访者", "班级", "日期", "起止", "方式", "地点", "在场人员", "来源", "主诉(原话)", "观察", "过程与方法",
              "评估与分析", "风险", "约定与作业", "下次计划", "保密例外", "签署时间"]  # fmt: skip
    assert [label for label in labels if label not in said] == []
    for text in (FULL.subjective, FULL.observation, FULL.process, FULL.assessment, FULL.agreement, FULL.next_plan):
        assert text in said
    for words in (
        "第 1 次",
        "林晓舟",
        "八(3)班",
        "14:00—14:40(40 分钟)",
        "辅导老师：王静",
        "2026年11月20日 10:00",
        "手记不随本表打印",
    ):
        assert words in said
    assert "■有自伤/自杀意念" in said
    assert said.count("■") == 4
    assert "母亲 16:00 到校接走。" in said
    assert "告知监护人" in said
    assert paper.extras["note_id"] == str(note_id)
    assert len(paper.extras["text_hash"]) == 64


def test_the_memo_is_on_no_paper(vault: Vault, clock: StandingClock, note_id: int) -> None:
    assert "只给自己看" not in repr(_paper(vault, clock, note_id))
    with vault.write("试") as session:
        store.sign(session, note_id, clock.now())
        store.save_memo(session, note_id, "只给自己看的第二条")
    assert "只给自己看" not in repr(_paper(vault, clock, note_id))


def test_amendments_and_a_voiding_stand_on_the_paper(vault: Vault, clock: StandingClock, note_id: int) -> None:
    with vault.write("试") as session:
        store.sign(session, note_id, clock.now())
        store.amend(session, note_id, "subjective", "三周来早醒", "听错了", clock.now())
        store.void(session, note_id, "写错了学生", clock.now())
    said = _said(_paper(vault, clock, note_id))
    assert f"学生自述：{FULL.subjective}" in said
    assert "三周来早醒" in said
    assert "听错了" in said
    assert "已于2026年11月20日作废" in said
    assert "写错了学生" in said


def test_an_old_note_says_when_it_was_entered(vault: Vault, clock: StandingClock, file: File) -> None:
    late = _drafted(vault, file, replace(FULL, held_on=date(2026, 9, 10), next_date=None))
    assert "补录，录入日期：2026年11月20日" in _said(_paper(vault, clock, late))
    assert "补录" not in _said(_paper(vault, clock, _drafted(vault, file, FULL)))


def test_no_risk_says_nothing_of_measures(vault: Vault, clock: StandingClock, file: File) -> None:
    said = _said(_paper(vault, clock, _drafted(vault, file, FULL)))
    assert "■无" in said
    assert "监护人：" not in said


def test_a_finished_note_is_numbered_signed_and_kept(
    vault: Vault, clock: StandingClock, note_id: int, signing: SigningSession, tmp_path: Path
) -> None:
    with vault.write("试") as session, pytest.raises(Problem, match="草稿"):
        letter.issue(vault, session, signing, note_id)
    with vault.write("试") as session:
        store.sign(session, note_id, clock.now())
        issued = letter.issue(vault, session, signing, note_id)
        again = letter.issue(vault, session, signing, note_id)
    assert [issued.ref_no, again.ref_no] == ["心记〔2026〕第001号", "心记〔2026〕第002号"]
    with vault.read() as session:
        assert [row.id for row in issuing.about(session, store.get(session, note_id))] == [again.id, issued.id]
        pdf = issuing.pdf_of(session, issued.id)
    path = tmp_path / "note.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, text=True).stdout
    assert FULL.observation in "".join(said.split())
    assert "草稿" not in said
    assert "手记不随本表打印" in said
    assert "只给自己看" not in said
    verdict = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, check=False, text=True).stdout
    assert "Signature is Valid" in verdict
    assert "Total document signed" in verdict


def test_a_draft_is_drawn_with_its_word_across(
    vault: Vault, clock: StandingClock, note_id: int, tmp_path: Path
) -> None:
    with vault.read() as session:
        drawn = letter.draft_paper(letter.contents(session, note_id), clock.now().tzinfo)
    path = tmp_path / "draft.pdf"
    path.write_bytes(drawn.pdf)
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True, text=True).stdout
    assert "草" in said
    assert "心记" not in said


def test_a_voided_note_is_not_issued(vault: Vault, clock: StandingClock, note_id: int, signing: SigningSession) -> None:
    with vault.write("试") as session:
        store.sign(session, note_id, clock.now())
        store.void(session, note_id, "写错了学生", clock.now())
        with pytest.raises(Problem, match="作废"):
            letter.issue(vault, session, signing, note_id)
