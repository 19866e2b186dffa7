"""Printing the consent sheet beforehand: drawn in the background, logged once the printer is chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.rooms.referrals import issuing, store
from app.rooms.referrals.contents import contents
from app.rooms.referrals.page.papers import Papers
from app.ui.background import Background
from app.ui.notice import Notice
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

if TYPE_CHECKING:
    from app.documents.paper import Drawn  # reportlab is loaded at the first letter


class ConsentSheet(QObject):
    """The sheet on which guardian and student consent to what this referral would tell."""

    wanted = Signal(object, str, object)  # an unnumbered sheet: PDF, name without a student's, log (ui/printing.py)

    def __init__(self, parent: QObject, vault: Vault, notice: Notice, background: Background) -> None:
        super().__init__(parent)
        self._vault, self._notice = vault, notice
        self._papers = Papers(background, self)

    def print_for(self, referral_id: int) -> None:
        """Draw it as the referral stands in the vault, and have it printed."""
        with self._vault.read() as session:
            of = contents(session, referral_id, self._vault.clock.today())
        self._papers.draw(partial(issuing.consent_paper, of), partial(self._drawn, referral_id), self._notice.say)

    def _drawn(self, referral_id: int, drawn: Drawn) -> None:
        self.wanted.emit(drawn.pdf, self.tr("信息提供同意书"), partial(self._log, referral_id))

    def _log(self, referral_id: int, answer: ForWhom) -> None:
        with self._vault.write("打印信息提供同意书") as session:
            record = store.get(session, referral_id)
            outgoing.send(self._vault, session, Act.PRINT, "信息提供同意书", answer, record=record)
