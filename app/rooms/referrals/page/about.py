"""What the receipt's and the refusal's pages have in common: a form about one referral, and the way back to it."""

from __future__ import annotations

from app.rooms.referrals import store
from app.rooms.referrals.record import Referral
from app.rooms.school.record import class_name
from app.rooms.students import store as students
from app.ui.cards import Card, button
from app.ui.fields import Field
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault.vault import Vault


class AboutReferral(Page):
    """A page with one form about one referral."""

    part = ""
    """What the form is kept under after the referral: ``receipt``."""

    def __init__(self, title: str, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(title)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._referral_id = self._student_id = 0
        self.form = Form("", parent=self)
        self.back_button = self.add_action(button(self.tr("返回转介单")))
        self.back_button.clicked.connect(self._back)

    def arrive(self, route: Route) -> None:
        """Open the form for the referral that the route names."""
        if route.record_id is None:
            return
        self.leave()
        self.route = route
        with self._vault.read() as session:
            referral = store.get(session, route.record_id)
            student = students.get(session, referral.student_id)
        self._referral_id, self._student_id = referral.id, student.id
        about = (student.name, class_name(student.grade, student.class_no), referral.number or referral.receiver)
        self.set_head(self.title, " · ".join(filter(None, about)))
        values = dict.fromkeys(self.form.fields, "") | self._first(referral)
        self._keeper.begin(self.form, f"referral/{referral.id}/{self.part}", student.id, values)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def _first(self, referral: Referral) -> dict[str, str]:
        """What stands in the empty form of this referral."""
        raise NotImplementedError

    def _add(self, card: Card, fields: dict[str, Field]) -> None:
        """Put fields into the form and, one under the other, into a card."""
        for name, field in fields.items():
            card.body.addWidget(self.form.add(name, field))

    def _back(self) -> None:
        self.leave()
        self.went.emit(Route("referral.read", self._referral_id, self._student_id))
