"""Issuing from a page: the password is asked for, the work done in the background, and what keeps it from being done is said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.referrals import issuing
from app.ui.background import Background, Progress
from app.ui.notice import Notice
from app.ui.signing_desk import SigningDesk
from app.vault import typing
from app.vault.vault import Vault

Work = Callable[[SigningSession, Progress], int]
"""Issues something and gives back its issued id; drawing and signing take a while at the first letter."""


class Issuing(QObject):
    """One page's way from 签发 to the issued document."""

    issued = Signal(int)  # issued id
    busy = Signal(bool)

    def __init__(self, parent: QObject, notice: Notice, background: Background, desk: SigningDesk) -> None:
        super().__init__(parent)
        self._notice, self._background, self._desk = notice, background, desk

    def ask_for_letter(self, vault: Vault, referral_id: int, form: str) -> None:
        """Issue the referral letter; ``form`` is the typing that goes with it."""
        self._ask(self.tr("转介函"), partial(_letter, vault, referral_id, form))

    def ask_for_confirmation(self, vault: Vault, refusal_id: int) -> None:
        """Issue the confirmation of a refusal."""
        self._ask(self.tr("监护人告知确认书"), partial(_confirmation, vault, refusal_id))

    def _ask(self, what: str, work: Work) -> None:
        self._desk.ask(what, partial(self._run, work))

    def _run(self, work: Work, signing: SigningSession) -> None:
        self.busy.emit(True)
        self._background.run(partial(work, signing), self._done, self._failed)

    def _done(self, issued_id: int) -> None:
        self.busy.emit(False)
        self.issued.emit(issued_id)

    def _failed(self, error: Exception) -> None:
        self.busy.emit(False)
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)


def _letter(vault: Vault, referral_id: int, form: str, signing: SigningSession, progress: Progress) -> int:
    with vault.write("签发转介函") as session:
        issued = issuing.issue(vault, session, signing, referral_id)
        typing.drop(session, form)
        progress.commit_begins()
    return issued.id


def _confirmation(vault: Vault, refusal_id: int, signing: SigningSession, progress: Progress) -> int:
    with vault.write("签发监护人告知确认书") as session:
        issued = issuing.issue_confirmation(vault, session, signing, refusal_id)
        progress.commit_begins()
    return issued.id
