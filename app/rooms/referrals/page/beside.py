"""The cards beside a referral: what comes next, its papers, the hospital's receipts, talks and refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rooms.referrals import rules
from app.rooms.referrals.choices import Advice, Status
from app.rooms.referrals.page.shown import Shown
from app.rooms.referrals.record import FollowUp, Receipt, Refusal
from app.rooms.referrals.wording import day
from app.rooms.school.record import Due
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.flow import FlowLayout
from app.ui.language import label_of


class NextCard(Card):
    """接下来: what is waited for, and the steps that may be taken now."""

    begun = Signal(str)  # the name of a step of acts.py
    copy_wanted = Signal()
    consent_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("接下来"))
        self._dues = QVBoxLayout()
        self._dues.setSpacing(8)
        self.body.addLayout(self._dues)
        self.acts = {
            "attend": button(self.tr("登记就诊")),
            "follow": button(self.tr("记随访")),
            "close": button(self.tr("结束转介")),
            "void": button(self.tr("作废"), danger=True),
        }
        self._line = QWidget()
        flow = FlowLayout(8, self._line)
        for name, made in self.acts.items():
            made.setProperty("act", name)
            made.clicked.connect(self._begin)
            flow.addWidget(made)
        self.copy_button = button(self.tr("把文字复制到另一份档案的新转介单"))
        self.copy_button.clicked.connect(self.copy_wanted)
        flow.addWidget(self.copy_button)
        self.body.addWidget(self._line)

    def show_next(self, now: Shown, today: date) -> None:
        """Show what is due, the latest in red, and offer what may be done."""
        clear(self._dues)
        for due in now.dues:
            self._dues.addWidget(self._told(due, today))
        for due in now.owed:
            self._dues.addWidget(self._signature(due, today))
        if not now.dues and not now.owed:
            words = self.tr("已作废，不再跟进。") if now.void else self.tr("现在没有要等的事。")
            self._dues.addWidget(text(words, "secondary"))
        status, live = now.referral.status, now.void is None
        offered = {
            "attend": live and status is Status.ISSUED,
            "follow": live and status in (Status.REFUSED, *rules.AFTER_ISSUE),
            "close": live and status not in (Status.DRAFT, Status.CLOSED),
            "void": live and now.letter is not None,
        }
        for name, on in offered.items():
            self.acts[name].setVisible(on)
        self.copy_button.setVisible(not live)
        self._line.setVisible(not live or any(offered.values()))

    def _told(self, due: Due, today: date) -> QWidget:
        late = (today - due.due).days
        if late > 0:
            words, role = self.tr("{act}：已过期 {n} 天({day})"), "error"
        else:
            words, role = self.tr("{act}：{day} 前"), "strong"
        return text(words.format(act=due.title, day=day(due.due), n=late), role, wrap=True)

    def _signature(self, due: Due, today: date) -> QWidget:
        """A signature still to come, with the way to where it is written down."""
        holder = QWidget()
        line = QVBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addWidget(self._told(due, today))
        act = button(self.tr("登记补签"))
        act.setProperty("consent", due.record_id)
        act.clicked.connect(self._want_consent)
        flow = QWidget()
        FlowLayout(0, flow).addWidget(act)
        line.addWidget(flow)
        return holder

    def _begin(self) -> None:
        if (pressed := self.sender()) is not None:
            self.begun.emit(str(pressed.property("act")))

    def _want_consent(self) -> None:
        if (pressed := self.sender()) is not None:
            self.consent_wanted.emit(int(pressed.property("consent")))


class PapersCard(Card):
    """纸件: what was issued, a click away."""

    paper_wanted = Signal(int)  # issued id

    def __init__(self) -> None:
        super().__init__(self.tr("纸件"), flush=True)

    def show_papers(self, now: Shown, zone: tzinfo | None) -> None:
        """Show them; without any the card is gone."""
        clear(self.body)
        self.setVisible(bool(now.papers))
        for paper in now.papers:
            row = Row(paper.ref_no, f"{paper.issued_at.astimezone(zone):%Y-%m-%d %H:%M}")
            row.make_clickable(self.tr("打开 {no}").format(no=paper.ref_no))
            row.setProperty("issued", paper.id)
            row.chosen.connect(self._open)
            if paper.id in now.void_papers:
                row.title_label.setStyleSheet("text-decoration: line-through;")
                row.add(tag(self.tr("作废"), "red"))
            self.add_row(row)

    def _open(self) -> None:
        if (row := self.sender()) is not None:
            self.paper_wanted.emit(int(row.property("issued")))


class ReceiptsCard(Card):
    """回执: what came back, newest first; one of several is chosen to see its scans."""

    chosen = Signal(int)  # receipt id

    def __init__(self) -> None:
        super().__init__(self.tr("回执"), flush=True)

    def show_receipts(self, receipts: list[Receipt]) -> None:
        """Show them; without any the card is gone."""
        clear(self.body)
        self.setVisible(bool(receipts))
        for receipt in receipts:
            row = Row(f"{receipt.received_on:%m-%d}", self._said(receipt))
            seen, tone = (self.tr("已就诊"), "green") if receipt.visited else (self.tr("未就诊"), "amber")
            row.add(tag(seen, tone))
            if len(receipts) > 1:
                row.make_clickable(self.tr("看 {day} 的回执").format(day=day(receipt.received_on)))
                row.setProperty("receipt", receipt.id)
                row.chosen.connect(self._choose)
            self.add_row(row)

    def _said(self, receipt: Receipt) -> str:
        advice = "、".join(label_of(a) for a in Advice if a.value in receipt.advice)
        revisit = self.tr("下次复诊 {day}").format(day=day(receipt.revisit_on)) if receipt.revisit_on else ""
        said = (advice, receipt.advice_to_school, receipt.medication, revisit)
        return "\n".join(filter(None, said)) or label_of(receipt.received_from)

    def _choose(self) -> None:
        if (row := self.sender()) is not None:
            self.chosen.emit(int(row.property("receipt")))


class TalksCard(Card):
    """随访与告知: follow-ups and refusals, newest first, and what came of a refusal's confirmation."""

    confirmation_wanted = Signal(int)  # refusal id
    signature_wanted = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("随访与告知"), flush=True)

    def show_talks(self, now: Shown) -> None:
        """Show them; without any the card is gone."""
        clear(self.body)
        told: list[FollowUp | Refusal] = [*now.follow_ups, *now.refusals]
        self.setVisible(bool(told))
        for one in sorted(told, key=_day_of, reverse=True):
            if isinstance(one, Refusal):
                self.add_row(
                    self._refusal(one, stands=one.issued_id is not None and one.issued_id not in now.void_papers)
                )
            else:
                self.add_row(Row(f"{one.on:%m-%d}", one.text))

    def _refusal(self, refusal: Refusal, *, stands: bool) -> Row:
        said = [self.tr("监护人暂不同意：{words}").format(words=refusal.decided)]
        if refusal.witness and not refusal.signed:
            said.append(self.tr("见证人：{who}").format(who=refusal.witness))
        row = Row(f"{refusal.on:%m-%d}", "\n".join(said))
        if not stands:
            self._offer(row, self.tr("打印确认书"), refusal.id, self._want_confirmation)
        elif refusal.signed:
            row.add(tag(self.tr("已签名"), "green"))
        elif refusal.witness:
            row.add(tag(self.tr("已见证"), "green"))
        else:
            row.add(tag(self.tr("待签名"), "amber"))
            self._offer(row, self.tr("登记签名"), refusal.id, self._want_signature)
        return row

    def _offer(self, row: Row, words: str, refusal_id: int, slot: Callable[[], None]) -> None:
        made = button(words, quiet=True)
        made.setProperty("refusal", refusal_id)
        made.clicked.connect(slot)
        row.add(made)

    def _want_confirmation(self) -> None:
        if (pressed := self.sender()) is not None:
            self.confirmation_wanted.emit(int(pressed.property("refusal")))

    def _want_signature(self) -> None:
        if (pressed := self.sender()) is not None:
            self.signature_wanted.emit(int(pressed.property("refusal")))


def _day_of(told: FollowUp | Refusal) -> date:
    return told.on
