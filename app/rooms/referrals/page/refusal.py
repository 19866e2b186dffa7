"""The refusal: what was explained and decided when the guardian did not agree, and its confirmation on paper."""

from __future__ import annotations

from PySide6.QtCore import Signal

from app.errors import Problem
from app.rooms.referrals import store
from app.rooms.referrals.page.about import AboutReferral
from app.rooms.referrals.page.signing import Issuing
from app.rooms.referrals.record import Referral, RefusalValues
from app.ui.background import Background
from app.ui.cards import Card, button, text
from app.ui.fields import DateField, TextField
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.signing_desk import SigningDesk
from app.vault import typing
from app.vault.vault import Vault

PLACE = "refusal"


class RefusalPage(AboutReferral):
    """One refusal of one referral, from the talk to the signed confirmation."""

    part = "refusal"
    document_wanted = Signal(int)  # issued id

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("监护人暂不同意"), vault, notice, keeper)
        self._issuing = Issuing(self, notice, background, signing)
        left, right = self.columns(3, 2)
        left.addWidget(self._talk())
        left.addStretch(1)
        right.addWidget(self._what_follows())
        right.addStretch(1)
        self.save_button = self.add_action(button(self.tr("只保存")))
        self.issue_button = self.add_action(button(self.tr("保存并打印确认书"), primary=True))
        self.save_button.clicked.connect(self._save_only)
        self.issue_button.clicked.connect(self._save_and_issue)
        self._issuing.issued.connect(self.document_wanted)

    def save(self) -> int | None:
        """Write the refusal down and go back to the referral. Its id; None if it was not saved, and why is said."""
        try:
            values = self._values()
            with self._vault.write("登记监护人不同意转介") as session:
                refusal = store.refuse(session, self._referral_id, values, self._vault.clock.today())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._point_at()
            self._notice.tell(problem)
            return None
        self._keeper.settle(self.form)
        self._back()
        return refusal.id

    def _first(self, referral: Referral) -> dict[str, str]:
        return {"on": (referral.informed_on or self._vault.clock.today()).isoformat()}

    def _talk(self) -> Card:
        card = Card(self.tr("这次沟通"))
        self.on = DateField(self.tr("监护人作出决定的日期"))
        self.explained = TextField(self.tr("已向监护人说明的风险"), self.tr("写在确认书里，用监护人能懂的话"), rows=3)
        self.decided = TextField(self.tr("监护人的决定"), rows=2)
        self.will_do = TextField(self.tr("监护人接下来会做什么"), rows=2)
        fields = {"on": self.on, "explained": self.explained, "decided": self.decided, "will_do": self.will_do}
        self._add(card, fields)
        return card

    def _what_follows(self) -> Card:
        card = Card(self.tr("之后"))
        for words in (
            self.tr(
                "转介函不出具，改为打印《监护人告知确认书》，请监护人签名；不签名的由见证人写明。签好后在转介单里登记。"
            ),
            self.tr("三天之内再次与监护人沟通，此后每周随访一次，到期会提醒。"),
            self.tr("监护人后来同意的，登记同意后仍可在原转介单上签发。"),
            self.tr("有伤害自己或他人的危险时，不必等同意：回到转介单，按紧急情况写明原因签发，并立即通知校领导。"),
        ):
            card.body.addWidget(text(words, "secondary", wrap=True))
        return card

    def _values(self) -> RefusalValues:
        on = self.on.day()
        if on is None:
            raise Problem("没有写日期。", "请填写监护人作出决定的日期。")
        return RefusalValues(
            on=on, explained=self.explained.value(), decided=self.decided.value(), will_do=self.will_do.value()
        )

    def _point_at(self) -> None:
        wanted = {"explained": self.explained, "decided": self.decided}
        self.form.show_errors(
            {name: self.tr("请填写。") for name, field in wanted.items() if not field.value().strip()}
        )

    def _save_only(self) -> None:
        self.save()

    def _save_and_issue(self) -> None:
        if (refusal_id := self.save()) is not None:
            self._issuing.ask_for_confirmation(self._vault, refusal_id)
