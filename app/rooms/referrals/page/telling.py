"""Two cards that tell of a referral: the steps of its way, and what was written in it."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.rooms.referrals.choices import GuardianDecision, Item, Reason, Status
from app.rooms.referrals.record import Referral
from app.rooms.referrals.wording import day, guardian_name
from app.rooms.students.record import Guardian
from app.ui.cards import Card, tag, text
from app.ui.flow import FlowLayout
from app.ui.language import label_of

WAY = (
    Status.DRAFT,
    Status.TOLD,
    Status.AGREED,
    Status.ISSUED,
    Status.ATTENDED,
    Status.RECEIPT,
    Status.FOLLOWING,
    Status.CLOSED,
)


class WayCard(Card):
    """进展: the steps behind, here and ahead; what did not happen is no step behind."""

    def __init__(self) -> None:
        super().__init__(self.tr("进展"))
        holder = QWidget()
        self._steps = FlowLayout(6, holder)
        self.body.addWidget(holder)

    def show_way(self, referral: Referral, *, answered: bool, followed: bool, void: bool = False) -> None:
        """Show how far this one is; ``answered``: a receipt came back, ``followed``: there was a follow-up."""
        _empty(self._steps)
        told = self.steps(referral, answered, followed)
        if void:  # nothing lies ahead
            told = [*((words, "plain") for words, tone in told if tone != "plain"), (self.tr("作废"), "red")]
        for words, tone in told:
            self._steps.addWidget(tag(words, tone))

    def steps(self, referral: Referral, answered: bool, followed: bool) -> list[tuple[str, str]]:
        """Each step with its tone."""
        status = referral.status
        if status is Status.REFUSED:
            behind = [(label_of(step), "green") for step in (Status.DRAFT, Status.TOLD)]
            return [*behind, (label_of(Status.REFUSED), "red")]
        without = referral.override is not None and not status.before_issue
        happened = {
            Status.DRAFT: True,
            Status.TOLD: referral.informed_on is not None,
            Status.AGREED: referral.decision is GuardianDecision.AGREED,
            Status.ISSUED: bool(referral.number),
            Status.ATTENDED: referral.attended_on is not None,
            Status.RECEIPT: answered,
            Status.FOLLOWING: followed,
        }
        at = WAY.index(status)
        told = []
        for place, step in enumerate(WAY):
            if step is Status.AGREED and without:
                told.append((self.tr("未经同意签发"), "red"))
            elif place >= at:
                told.append((label_of(step), "accent" if place == at else "plain"))
            elif happened[step]:
                told.append((label_of(step), "green"))
        return told


class ContentCard(Card):
    """转介内容: what was written, with the answers of the guardian."""

    def __init__(self) -> None:
        super().__init__(self.tr("转介内容"))
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(16)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(1, 1)
        self.body.addLayout(self._rows)

    def show_content(self, referral: Referral, guardian: Guardian | None) -> None:
        """Show what this referral says; what is not written has no line."""
        _empty(self._rows)
        for row, (label, words) in enumerate(self._told(referral, guardian)):
            self._rows.addWidget(text(label, "secondary"), row, 0)
            shown = text(words, wrap=True, selectable=True)
            shown.setAccessibleName(label)
            self._rows.addWidget(shown, row, 1)

    def _told(self, referral: Referral, guardian: Guardian | None) -> list[tuple[str, str]]:
        informed = ""
        if referral.informed_on is not None:
            how = label_of(referral.informed_how) if referral.informed_how else ""
            informed = " · ".join(filter(None, (day(referral.informed_on), how, referral.informed_by)))
        exception = ""
        if referral.override is not None and not referral.status.before_issue:
            exception = f"{label_of(referral.override)}：{referral.override_reason}"
        escort = " · ".join(filter(None, (label_of(referral.escort), referral.escort_teacher)))
        told = [
            (self.tr("接诊机构"), referral.receiver),
            (self.tr("途径"), f"{label_of(referral.channel)} · {label_of(referral.urgency)}"),
            (self.tr("转介原因"), "、".join(label_of(r) for r in Reason if r.value in referral.reasons)),
            (self.tr("写进信里"), "、".join(label_of(item) for item in Item if item.value in referral.items)),
            (self.tr("主要表现"), referral.observation),
            (self.tr("安全相关"), referral.risk_summary),
            (self.tr("已做工作"), referral.measures),
            (self.tr("既往就医"), referral.history),
            (self.tr("希望协助"), referral.wish),
            (self.tr("监护人"), guardian_name(guardian)),
            (self.tr("告知"), informed),
            (self.tr("监护人意见"), label_of(referral.decision) if referral.decision else ""),
            (self.tr("未经同意签发"), exception),
            (self.tr("陪同"), escort if referral.status is not Status.REFUSED else ""),
            (self.tr("就诊日期"), day(referral.attended_on) if referral.attended_on else ""),
            (self.tr("结果"), referral.outcome),
        ]
        return [(label, words) for label, words in told if words]


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
