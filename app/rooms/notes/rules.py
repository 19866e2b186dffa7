"""The rules of signing, amending and closing, as Problems that name what is missing (domain.md 2.5, 3.8, 3.9, 6.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.errors import Problem
from app.rooms.notes.choices import CaseStatus, RiskFlag
from app.rooms.notes.record import Case, Note, NoteValues, RiskValues


class NotReady(Problem):
    """A draft that cannot be signed yet; ``labels`` names what is missing."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__("还不能签署，缺少：{missing}。", "补上后再签。草稿已保存。", missing="、".join(labels))
        self.labels = tuple(labels)


class RiskUnanswered(Problem):
    """A risk of 意念 or more without the answers on what was done; ``labels`` names the open questions."""

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(
            "这次会谈标了风险，签署前请写明做了什么。还缺：{missing}。",
            "先处理学生的安全，再回来填写。没有做到的事项请写明原因。",
            missing="、".join(labels),
        )
        self.labels = tuple(labels)


class AlreadySigned(Problem):
    """Something was to be changed that is signed."""

    def __init__(self) -> None:
        super().__init__("这份记录已签署，不能再改。", "需要改动时请用「更正」，原文会保留。")


def check_signable(values: NoteValues, risk: RiskValues | None, today: date) -> None:
    """Raise the Problem that keeps these values from being signed, if there is one."""
    if missing := values.missing():
        raise NotReady(missing)
    check_sound(values, today)
    if values.risk_flag is not None and values.risk_flag.asks:
        unanswered = (risk or RiskValues()).missing(values.risk_flag)
        if unanswered:
            raise RiskUnanswered(unanswered)


def check_sound(values: NoteValues, today: date) -> None:
    """Raise a Problem for values that cannot be true."""
    if values.start is not None and values.end is not None and values.end <= values.start:
        raise Problem("结束时间不晚于开始时间。", "请改正会谈的起止时间。")
    if values.held_on > today:
        raise Problem("会谈日期在今天之后。", "请改正日期。")
    if values.mood_score is not None and not 0 <= values.mood_score <= 10:
        raise Problem("情绪自评须在 0 到 10 之间。", "请改正分数，或留空。")
    if values.next_date is not None and values.next_date < values.held_on:
        raise Problem("下次日期早于这次会谈。", "请改正下次日期，或留空。")


def check_risk_amended(was: RiskFlag | None, words: str) -> None:
    """Raise a Problem for words that are no flag, and for a risk put in afterwards: nobody would be asked what was done."""
    flag = next((flag for flag in RiskFlag if flag.label == words.strip()), None)
    if flag is None:
        raise Problem(
            "没有「{words}」这种风险标记。",
            "可以写：{flags}。",
            words=words.strip(),
            flags="、".join(flag.label for flag in RiskFlag),
        )
    if flag.asks and (was is None or not was.asks):
        raise Problem(
            "风险不能用更正补上：要写明做了什么，并一直提示到了结。",
            "请另写一份会谈记录(日期写发现的那天),标明风险和处置后签署。",
        )


def check_move(case: Case, to: CaseStatus) -> None:
    """Raise a Problem if the case cannot go to this status (domain.md 3.8)."""
    if to not in case.status.next:
        raise Problem(
            "「{now}」的个案不能直接改为「{to}」。",
            "可以改为：{next}。",
            now=case.status.label,
            to=to.label,
            next="、".join(status.label for status in case.status.next),
        )


def check_closable(unsigned: Sequence[Note], at_risk: Sequence[Note]) -> None:
    """Raise a Problem naming what still stands in the way of closing (domain.md 3.8)."""
    if unsigned:
        raise Problem(
            "还有未签的会谈记录：第{numbers}次，不能结案。",
            "请先签署，或把不要的草稿移到回收站。",
            numbers="、".join(str(note.session_no) for note in unsigned),
        )
    if at_risk:
        raise Problem(
            "第{numbers}次会谈的风险还没有了结，不能结案。",
            "请先在该次记录上写明风险如何了结。",
            numbers="、".join(str(note.session_no) for note in at_risk),
        )
