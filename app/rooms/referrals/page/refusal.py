"""The refusal: what was explained and decided when the guardian did not agree, and its confirmation on paper."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal

from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.referrals import issuing, store
from app.rooms.referrals.record import RefusalValues
from app.rooms.school.record import class_name
from app.rooms.students import store as students
from app.ui.background import Background, Progress
from app.ui.cards import Card, button, text
from app.ui.fields import CheckField, DateField, LineField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.signing_desk import SigningDesk
from app.vault import typing
from app.vault.vault import Vault

PLACE = "refusal"


class RefusalPage(Page):
    """One refusal of one referral, from the talk to the signed confirmation."""

    document_wanted = Signal(int)  # issued id

    def __init__(
        self, vault: Vault, notice: Notice, keeper: Keeper, background: Background, signing: SigningDesk
    ) -> None:
        super().__init__(self.tr("监护人暂不同意"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._background, self._signing = background, signing
        self._referral_id = self._student_id = self._refusal_id = 0
        self.form = Form("", parent=self)
        left, right = self.columns(3, 2)
        left.addWidget(self._talk())
        left.addStretch(1)
        right.addWidget(self._what_follows())
        right.addStretch(1)
        self.back_button = self.add_action(button(self.tr("返回转介单")))
        self.save_button = self.add_action(button(self.tr("只保存")))
        self.issue_button = self.add_action(button(self.tr("保存并打印确认书"), primary=True))
        self.back_button.clicked.connect(self._back)
        self.save_button.clicked.connect(self._save_only)
        self.issue_button.clicked.connect(self._save_and_issue)

    def arrive(self, route: Route) -> None:
        """Open the form for the referral that the route names."""
        if route.record_id is None:
            return
        self.leave()
        self.route = route
        with self._vault.read() as session:
            referral = store.get(session, route.record_id)
            student = students.get(session, referral.student_id)
        self._referral_id, self._student_id, self._refusal_id = referral.id, student.id, 0
        self.set_head(
            self.title, f"{student.name} · {class_name(student.grade, student.class_no)} · {referral.receiver}"
        )
        today = self._vault.clock.today()
        empty = {"explained": "", "decided": "", "will_do": "", "signed": "", "witness": ""}
        values = empty | {"on": (referral.informed_on or today).isoformat()}
        self._keeper.begin(self.form, f"referral/{referral.id}/refusal", student.id, values)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def save(self) -> bool:
        """Write the refusal down. True if it was saved; what keeps it from it is said."""
        if self._refusal_id:
            return True
        try:
            values = self._values()
            with self._vault.write("登记监护人不同意转介") as session:
                refusal = store.refuse(session, self._referral_id, values, self._vault.clock.today())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._point_at(problem)
            self._notice.tell(problem)
            return False
        self._refusal_id = refusal.id
        self._keeper.settle(self.form)
        return True

    def _talk(self) -> Card:
        card = Card(self.tr("这次沟通"))
        self.on = DateField(self.tr("监护人作出决定的日期"))
        self.explained = TextField(self.tr("已向监护人说明的风险"), self.tr("写在确认书里，用监护人能懂的话"), rows=3)
        self.decided = TextField(self.tr("监护人的决定"), rows=2)
        self.will_do = TextField(self.tr("监护人接下来会做什么"), rows=2)
        self.signed = CheckField(self.tr("监护人已在确认书上签名"))
        self.witness = LineField(self.tr("见证人"), self.tr("没有签名时，请在场的另一位老师见证"))
        for name, field in (
            ("on", self.on),
            ("explained", self.explained),
            ("decided", self.decided),
            ("will_do", self.will_do),
            ("signed", self.signed),
            ("witness", self.witness),
        ):
            self.form.add(name, field)
            card.body.addWidget(field)
        return card

    def _what_follows(self) -> Card:
        card = Card(self.tr("之后"))
        for words in (
            self.tr("转介函不出具，改为打印《监护人告知确认书》，请监护人签名；不签名的由见证人写明。"),
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
            on=on,
            explained=self.explained.value(),
            decided=self.decided.value(),
            will_do=self.will_do.value(),
            signed=self.signed.is_on(),
            witness=self.witness.value(),
        )

    def _point_at(self, _problem: Problem) -> None:
        wanted = {"explained": self.explained, "decided": self.decided}
        self.form.show_errors({name: self.tr("请填写") for name, field in wanted.items() if not field.value().strip()})

    def _save_only(self) -> None:
        if self.save():
            self._back()

    def _save_and_issue(self) -> None:
        if self.save():
            self._signing.ask(self.tr("监护人告知确认书"), self._issue)

    def _issue(self, signing: SigningSession) -> None:
        self.issue_button.setEnabled(False)
        self._background.run(partial(issue_job, self._vault, signing, self._refusal_id), self._issued, self._not_issued)

    def _issued(self, issued_id: int) -> None:
        self.issue_button.setEnabled(True)
        self._back()
        self.document_wanted.emit(issued_id)

    def _not_issued(self, error: Exception) -> None:
        self.issue_button.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    def _back(self) -> None:
        self.leave()
        self.went.emit(Route("referral.read", self._referral_id, self._student_id))


def issue_job(vault: Vault, signing: SigningSession, refusal_id: int, progress: Progress) -> int:
    """The work of issuing the confirmation, on a thread of its own; gives back the issued id."""
    with vault.write("签发监护人告知确认书") as session:
        issued = issuing.issue_confirmation(vault, session, signing, refusal_id)
        progress.commit_begins()
    return issued.id
