"""One referral after its draft: how far it is, what is due, its papers, receipts and follow-ups, and the next steps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.rooms.referrals import rules, store
from app.rooms.referrals.page import shown
from app.rooms.referrals.page.acts import Acts
from app.rooms.referrals.page.beside import NextCard, PapersCard, ReceiptsCard, TalksCard
from app.rooms.referrals.page.choosing import StudentDialog
from app.rooms.referrals.page.shown import Shown
from app.rooms.referrals.page.signing import Issuing
from app.rooms.referrals.page.telling import ContentCard, WayCard
from app.rooms.referrals.wording import day
from app.rooms.school import store as schools
from app.rooms.school.record import class_name
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import button, text
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.signing_desk import SigningDesk
from app.vault.vault import Vault

PLACE = "referral.read"


class ReferralPage(Page):
    """One referral on its way from letter, or refusal, to its end."""

    kinds = frozenset(
        {"referral", "receipt", "referral_follow_up", "refusal", "voided", "issued", "consent", "changed_deadline"}
    ) | {"attachment"}
    document_wanted = Signal(int)  # issued id

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        signing: SigningDesk,
    ) -> None:
        super().__init__(self.tr("转介单"))
        self._vault, self._notice = vault, notice
        self._shown: Shown | None = None
        self._receipt_id = 0
        """The receipt whose scans are shown."""
        self._issuing = Issuing(self, notice, background, signing)
        left, right = self.columns(3, 2)
        self._build(left, keeper)
        self._build_beside(right, background)
        self.edit_button = self.add_action(button(self.tr("修改转介单")))
        self.receipt_button = self.add_action(button(self.tr("登记回执")))
        self.letter_button = self.add_action(button(self.tr("查看并打印"), primary=True))
        self.edit_button.clicked.connect(self._edit)
        self.receipt_button.clicked.connect(self._to_receipt)
        self.letter_button.clicked.connect(self._open_letter)
        self._issuing.issued.connect(self._confirmed)

    def arrive(self, route: Route) -> None:
        if route.record_id is not None:
            self.open_referral(route.record_id)

    def open_referral(self, referral_id: int) -> None:
        """Show one referral; that it was opened is written into the trail."""
        self.leave()
        self._read(referral_id)
        referral = self._now.referral
        self.route = Route(PLACE, referral_id, referral.student_id)
        self._receipt_id = 0
        self._show()
        if self._now.void is None:
            self.acts.resume()
        self._vault.record_view(referral)

    def leave(self) -> None:
        """Called when the page is left: what is being typed stays kept."""
        self.acts.end()

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
            self._shown = shown.read(session, referral_id, schools.terms(session), self._vault.clock.today())

    # The screen

    def _build(self, left: QVBoxLayout, keeper: Keeper) -> None:
        self.banner = text("", "error", wrap=True)
        self.way = WayCard()
        self.acts = Acts(self._vault, self._notice, keeper)
        self.about = ContentCard()
        for part in (self.banner, self.way, self.acts, self.about):
            left.addWidget(part)
        left.addStretch(1)
        self.acts.done.connect(self.reload)

    def _build_beside(self, right: QVBoxLayout, background: Background) -> None:
        self.next = NextCard()
        self.papers = PapersCard()
        self.receipts = ReceiptsCard()
        self.scans = AttachedCard(self._vault, self._notice, background)
        self.scans.call(self.tr("回执扫描件"))
        self.talks = TalksCard()
        self.confirmed = AttachedCard(self._vault, self._notice, background)
        self.confirmed.call(self.tr("告知确认书扫描件"))
        self.attached = AttachedCard(self._vault, self._notice, background)
        for card in (
            self.next, self.papers, self.receipts, self.scans, self.talks, self.confirmed, self.attached,
        ):  # fmt: skip
            right.addWidget(card)
        right.addStretch(1)
        self.next.begun.connect(self.acts.begin)
        self.next.copy_wanted.connect(self._begin_copy)
        self.next.consent_wanted.connect(self._to_consent)
        self.papers.paper_wanted.connect(self.document_wanted)
        self.receipts.chosen.connect(self._show_scans)
        self.talks.confirmation_wanted.connect(self._ask_to_confirm)
        self.talks.signature_wanted.connect(self.acts.begin_signature)

    def _show(self) -> None:
        now = self._now
        referral, student = now.referral, now.student
        state = self.tr("作废") if now.void else label_of(referral.status)
        told = (state, student.name, class_name(student.grade, student.class_no), referral.number)
        self.set_head(self.tr("转介单"), " · ".join(filter(None, told)))
        self.banner.setVisible(now.void is not None)
        if now.void is not None:
            at = day(now.void.at.astimezone(self._vault.now().tzinfo).date())
            self.banner.setText(self.tr("已于 {at} 作废：{reason}").format(at=at, reason=now.void.reason))
        self.acts.show_for(referral)
        self.way.show_way(
            referral, answered=bool(now.receipts), followed=bool(now.follow_ups), void=now.void is not None
        )
        self.about.show_content(referral, now.guardian)
        self.next.show_next(now, self._vault.clock.today())
        self.papers.show_papers(now, self._vault.now().tzinfo)
        self.receipts.show_receipts(now.receipts)
        self._show_scans(self._receipt_id)
        self.talks.show_talks(now)
        self.attached.show_for(referral)
        self._show_confirmed()
        self._offer_acts()

    def _offer_acts(self) -> None:
        now = self._now
        self.offer(self.receipt_button, now.void is None and now.referral.status in rules.AFTER_ISSUE)
        self.offer(self.edit_button, now.referral.status.before_issue)
        self.offer(self.letter_button, now.letter is not None)

    def _show_scans(self, receipt_id: int) -> None:
        """The scans of one receipt; of the newest, unless another was chosen."""
        receipts = self._now.receipts
        self.scans.setVisible(bool(receipts))
        if not receipts:
            return
        receipt = next((one for one in receipts if one.id == receipt_id), receipts[0])
        self._receipt_id = receipt.id
        title = self.tr("回执扫描件({day})") if len(receipts) > 1 else self.tr("回执扫描件")
        self.scans.call(title.format(day=f"{receipt.received_on:%m-%d}"))
        self.scans.show_for(receipt)

    def _show_confirmed(self) -> None:
        """The signed confirmation of the newest refusal, scanned."""
        refusals = self._now.refusals
        self.confirmed.setVisible(bool(refusals))
        if refusals:
            self.confirmed.call(self.tr("告知确认书扫描件({day})").format(day=f"{refusals[0].on:%m-%d}"))
            self.confirmed.show_for(refusals[0])

    # Acts

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

    def _to_consent(self, consent_id: int) -> None:
        self.went.emit(Route("consent", consent_id, self._now.student.id))

    def _open_letter(self) -> None:
        if self._now.letter is not None:
            self.document_wanted.emit(self._now.letter.id)

    def _ask_to_confirm(self, refusal_id: int) -> None:
        self._issuing.ask_for_confirmation(self._vault, refusal_id)

    def _confirmed(self, issued_id: int) -> None:
        self.reload()
        self.document_wanted.emit(issued_id)
