"""One referral after its draft: how far it is, what is due, its papers, receipts and follow-ups, and the next steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from sqlalchemy.orm import Session

from app.documents.record import Issued
from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.referrals import issuing, overview, rules, store
from app.rooms.referrals.choices import Advice, Status
from app.rooms.referrals.page.choosing import StudentDialog
from app.rooms.referrals.page.refusal import issue_job
from app.rooms.referrals.page.telling import ContentCard, WayCard
from app.rooms.referrals.record import FollowUp, Receipt, Referral, Refusal
from app.rooms.referrals.wording import day
from app.rooms.school.record import DeadlineTerms, Due, class_name
from app.rooms.students import store as students
from app.rooms.students.record import Guardian, Student
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.fields import DateField, LineField, TextField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.signing_desk import SigningDesk
from app.vault import typing
from app.vault.vault import Vault
from app.vault.voiding import Voided

PLACE = "referral.read"


@dataclass(frozen=True)
class Shown:
    """Everything the page shows, as it stands in the vault."""

    referral: Referral
    student: Student
    guardian: Guardian | None
    letter: Issued | None
    confirmations: list[Issued]
    refusals: list[Refusal]
    receipts: list[Receipt]
    follow_ups: list[FollowUp]
    dues: list[Due]
    void: Voided | None


class ReferralPage(Page):
    """One referral on its way from letter, or refusal, to its end."""

    kinds = frozenset({"referral", "receipt", "referral_follow_up", "refusal", "voided", "issued"})
    document_wanted = Signal(int)  # issued id

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        signing: SigningDesk,
        terms: DeadlineTerms | None = None,
    ) -> None:
        super().__init__(self.tr("转介单"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._background, self._signing = background, signing
        self._terms = terms or DeadlineTerms()
        self._shown: Shown | None = None
        self._build(background)
        self.edit_button = self.add_action(button(self.tr("打开转介单")))
        self.receipt_button = self.add_action(button(self.tr("登记回执")))
        self.letter_button = self.add_action(button(self.tr("查看并打印"), primary=True))
        self.edit_button.clicked.connect(self._edit)
        self.receipt_button.clicked.connect(self._to_receipt)
        self.letter_button.clicked.connect(self._open_letter)

    def arrive(self, route: Route) -> None:
        if route.record_id is not None:
            self.open_referral(route.record_id)

    def open_referral(self, referral_id: int) -> None:
        """Show one referral; that it was opened is written into the trail."""
        self.leave()
        self._read(referral_id)
        referral = self._now.referral
        self.route = Route(PLACE, referral_id, referral.student_id)
        self._show()
        self._vault.record_view(referral)

    def leave(self) -> None:
        """Called when the page is left: what is being typed stays kept."""
        for form in self.forms.values():
            form.end()

    def reload(self) -> None:
        if self._shown is not None:
            self._read(self._shown.referral.id)
            self._show()

    @property
    def _now(self) -> Shown:
        if self._shown is None:
            raise LookupError("no referral is open")
        return self._shown

    def _read(self, referral_id: int) -> None:
        with self._vault.read() as session:
            referral = store.get(session, referral_id)
            follow_ups = store.follow_ups(session, referral_id)
            last = follow_ups[0].on if follow_ups else None
            void = store.voided(session, [referral]).get(referral_id)
            self._shown = Shown(
                referral=referral,
                student=students.get(session, referral.student_id),
                guardian=session.get(Guardian, referral.guardian_id) if referral.guardian_id else None,
                letter=session.get(Issued, referral.issued_id) if referral.issued_id else None,
                confirmations=issuing.confirmations(session, referral),
                refusals=store.refusals(session, referral_id),
                receipts=store.receipts(session, referral_id),
                follow_ups=follow_ups,
                dues=[] if void else overview.due_of(referral, last, self._terms),
                void=void,
            )

    # The screen

    def _build(self, background: Background) -> None:
        left, right = self.columns(3, 2)
        self.banner = text("", "error", wrap=True)
        self.copy_button = button(self.tr("把文字复制到另一份档案的新转介单"))
        self.copy_button.clicked.connect(self._begin_copy)
        line = QHBoxLayout()
        line.addWidget(self.copy_button)
        line.addStretch(1)
        left.addWidget(self.banner)
        left.addLayout(line)
        self.way = WayCard()
        left.addWidget(self.way)
        self._build_forms(left)
        self.about = ContentCard()
        left.addWidget(self.about)
        left.addStretch(1)
        self.next = Card(self.tr("接下来"))
        self._dues = QVBoxLayout()
        self.next.body.addLayout(self._dues)
        self._build_acts()
        self.papers = Card(self.tr("纸件"), flush=True)
        self.receipts = Card(self.tr("回执"), flush=True)
        self.scans = AttachedCard(self._vault, self._notice, background)
        self.scans.title_label.setText(self.tr("回执扫描件"))
        self.talks = Card(self.tr("随访与告知"), flush=True)
        for card in (self.next, self.papers, self.receipts, self.scans, self.talks):
            right.addWidget(card)
        right.addStretch(1)

    def _build_acts(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        self.acts = {
            "attend": button(self.tr("登记就诊")),
            "follow": button(self.tr("记随访")),
            "close": button(self.tr("结束转介")),
            "void": button(self.tr("作废"), danger=True),
        }
        for name, made in self.acts.items():
            made.setProperty("act", name)
            made.clicked.connect(self._begin)
            line.addWidget(made)
        line.addStretch(1)
        self.next.body.addLayout(line)

    def _build_forms(self, left: QVBoxLayout) -> None:
        self.forms = {
            "attend": InlineForm(
                self._keeper, self.tr("登记就诊"), "", self.tr("保存就诊"), {"on": DateField(self.tr("就诊日期"))}
            ),
            "follow": InlineForm(
                self._keeper,
                self.tr("记随访"),
                self.tr("写看到和商定的，不写推测。"),
                self.tr("保存随访"),
                {"on": DateField(self.tr("随访日期")), "text": TextField(self.tr("随访情况"))},
            ),
            "close": InlineForm(
                self._keeper,
                self.tr("结束转介"),
                self.tr("结束后不再提醒。"),
                self.tr("结束"),
                {"on": DateField(self.tr("结束日期")), "outcome": TextField(self.tr("转介结果"), rows=2)},
            ),
            "void": InlineForm(
                self._keeper,
                self.tr("作废这份转介函"),
                self.tr("作废后仍可阅读，核验时显示已作废，编号不再使用。不能撤销。已经交出去的纸件请收回。"),
                self.tr("作废转介函"),
                {"reason": LineField(self.tr("作废原因"), placeholder=self.tr("例如：写在了同名同学的档案里"))},
            ),
        }
        done: dict[str, Callable[[dict[str, str]], None]] = {
            "attend": self._attend,
            "follow": self._follow,
            "close": self._close,
            "void": self._void,
        }
        for name, form in self.forms.items():
            form.wanted.connect(done[name])
            left.addWidget(form)

    def _show(self) -> None:
        now = self._now
        referral, student = now.referral, now.student
        state = self.tr("作废") if now.void else label_of(referral.status)
        told = (student.name, class_name(student.grade, student.class_no), referral.number, state)
        self.set_head(self.tr("转介单"), " · ".join(filter(None, told)))
        self.banner.setVisible(now.void is not None)
        self.copy_button.setVisible(now.void is not None)
        if now.void is not None:
            at = day(now.void.at.astimezone(self._vault.now().tzinfo).date())
            self.banner.setText(self.tr("已于 {at} 作废：{reason}").format(at=at, reason=now.void.reason))
        self.way.show_way(referral, answered=bool(now.receipts), followed=bool(now.follow_ups))
        self.about.show_content(referral, now.guardian)
        self._show_dues()
        self._show_papers()
        self._show_receipts()
        self._show_talks()
        self._show_acts()

    def _show_dues(self) -> None:
        clear(self._dues)
        today = self._vault.clock.today()
        for due in self._now.dues:
            late = (today - due.due).days
            if late > 0:
                words, role = self.tr("{act}：已过期 {n} 天({day})"), "error"
            else:
                words, role = self.tr("{act}：{day} 前"), "strong"
            self._dues.addWidget(text(words.format(act=due.title, day=day(due.due), n=late), role, wrap=True))
        if not self._now.dues:
            self._dues.addWidget(text(self.tr("现在没有要等的事。"), "secondary"))

    def _show_acts(self) -> None:
        now = self._now
        status, live = now.referral.status, now.void is None
        self.acts["attend"].setVisible(live and status is Status.ISSUED)
        self.acts["follow"].setVisible(live and status in (Status.REFUSED, *rules.AFTER_ISSUE))
        self.acts["close"].setVisible(live and status not in (Status.DRAFT, Status.CLOSED))
        self.acts["void"].setVisible(live and now.letter is not None)
        self.offer(self.receipt_button, live and status in (Status.ISSUED, Status.ATTENDED, Status.FOLLOWING))
        self.offer(self.edit_button, status.before_issue)
        self.offer(self.letter_button, now.letter is not None)

    def _show_papers(self) -> None:
        clear(self.papers.body)
        papers = [*([self._now.letter] if self._now.letter else []), *self._now.confirmations]
        self.papers.setVisible(bool(papers))
        for paper in papers:
            at = paper.issued_at.astimezone(self._vault.now().tzinfo)
            row = Row(paper.ref_no, f"{at:%Y-%m-%d %H:%M}")
            row.make_clickable(self.tr("打开 {no}").format(no=paper.ref_no))
            row.setProperty("issued", paper.id)
            row.chosen.connect(self._open_paper)
            if self._now.void is not None and paper is self._now.letter:
                row.add(tag(self.tr("作废"), "red"))
            self.papers.add_row(row)

    def _show_receipts(self) -> None:
        clear(self.receipts.body)
        self.receipts.setVisible(bool(self._now.receipts))
        self.scans.setVisible(bool(self._now.receipts))
        for receipt in self._now.receipts:
            advice = "、".join(label_of(a) for a in Advice if a.value in receipt.advice)
            revisit = self.tr("下次复诊 {day}").format(day=day(receipt.revisit_on)) if receipt.revisit_on else ""
            said = "\n".join(filter(None, (advice, receipt.advice_to_school, receipt.medication, revisit)))
            row = Row(f"{receipt.received_on:%m-%d}", said or label_of(receipt.received_from))
            row.add(
                tag(
                    self.tr("已就诊") if receipt.visited else self.tr("未就诊"), "green" if receipt.visited else "amber"
                )
            )
            self.receipts.add_row(row)
        if self._now.receipts:
            self.scans.show_for(self._now.receipts[0])

    def _show_talks(self) -> None:
        clear(self.talks.body)
        told: list[FollowUp | Refusal] = [*self._now.follow_ups, *self._now.refusals]
        self.talks.setVisible(bool(told))
        for one in sorted(told, key=_day_of, reverse=True):
            if isinstance(one, Refusal):
                row = Row(f"{one.on:%m-%d}", self.tr("监护人暂不同意：{words}").format(words=one.decided))
                if one.issued_id is None:
                    issue = button(self.tr("打印确认书"), quiet=True)
                    issue.setProperty("refusal", one.id)
                    issue.clicked.connect(self._ask_to_confirm)
                    row.add(issue)
            else:
                row = Row(f"{one.on:%m-%d}", one.text)
            self.talks.add_row(row)

    # Acts

    def _begin(self) -> None:
        pressed = self.sender()
        if pressed is None:
            return
        name = str(pressed.property("act"))
        self.leave()
        referral = self._now.referral
        form = self.forms[name]
        first = dict.fromkeys(form.form.fields, "")
        if "on" in first:
            first["on"] = self._vault.clock.today().isoformat()
        form.begin(f"referral/{referral.id}/{name}", referral.student_id, first)

    def _attend(self, _values: dict[str, str]) -> None:
        self._act("attend", "登记就诊", store.attend)

    def _follow(self, values: dict[str, str]) -> None:
        self._act("follow", "记转介随访", store.follow, values["text"])

    def _close(self, values: dict[str, str]) -> None:
        self._act("close", "结束转介", store.close, values["outcome"])

    def _act(self, name: str, what: str, act: Callable[..., Any], *more: str) -> None:
        """One dated step: read the day, take the step, close its form."""
        form = self.forms[name]
        field = form.form.fields["on"]

        def step(session: Session) -> None:
            on = field.day() if isinstance(field, DateField) else None
            if on is None:
                raise Problem("没有写日期。", "请填写日期后再保存。")
            act(session, self._now.referral.id, on, *more, self._vault.clock.today())

        self._carry_out(form, what, step)

    def _void(self, values: dict[str, str]) -> None:
        def step(session: Session) -> None:
            store.void(session, self._now.referral.id, values["reason"], self._vault.now())

        self._carry_out(self.forms["void"], "作废转介函", step)

    def _carry_out(self, form: InlineForm, what: str, step: Callable[[Session], None]) -> None:
        try:
            with self._vault.write(what) as session:
                step(session)
                typing.drop(session, form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        form.settle()
        self.reload()

    def _begin_copy(self) -> None:
        dialog = StudentDialog(self.window(), self._vault, self.tr("复制到哪一份档案？"))
        dialog.chosen.connect(self._copy)
        dialog.open()

    def _copy(self, student_id: int) -> None:
        with self._vault.write("复制转介单文字") as session:
            copy = store.copy_to_draft(session, self._now.referral.id, student_id, self._vault.clock.today())
        self.went.emit(Route("referral", copy.id, student_id))

    def _edit(self) -> None:
        self.went.emit(Route("referral", self._now.referral.id, self._now.student.id))

    def _to_receipt(self) -> None:
        self.went.emit(Route("receipt", self._now.referral.id, self._now.student.id))

    def _open_letter(self) -> None:
        if self._now.letter is not None:
            self.document_wanted.emit(self._now.letter.id)

    def _ask_to_confirm(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self._refusal_id = int(pressed.property("refusal"))
            self._signing.ask(self.tr("监护人告知确认书"), self._confirm)

    def _confirm(self, signing: SigningSession) -> None:
        act = partial(issue_job, self._vault, signing, self._refusal_id)
        self._background.run(act, self._confirmed, self._not_confirmed)

    def _confirmed(self, issued_id: int) -> None:
        self.reload()
        self.document_wanted.emit(issued_id)

    def _not_confirmed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    def _open_paper(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.document_wanted.emit(int(row.property("issued")))


def _day_of(told: FollowUp | Refusal) -> date:
    return told.on
