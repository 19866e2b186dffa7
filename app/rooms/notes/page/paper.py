"""A note's way to paper: a draft is drawn and logged, a signed note is looked through, signed and issued; both in the background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.documents.fonts import code_point
from app.documents.signing import SigningSession
from app.errors import Problem
from app.rooms.notes import letter, store
from app.ui.background import Background, Progress
from app.ui.notice import Notice
from app.ui.signing_desk import SigningDesk
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault


class DraftPaper(QObject):
    """Prints a draft plainly, with 草稿 across it; for whom and why is written down with it."""

    drawn = Signal(object, str, object)  # the PDF, its name without a student's, its log (ui/printing.py)

    def __init__(self, vault: Vault, notice: Notice, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._vault, self._notice, self._background = vault, notice, background

    def print_note(self, note_id: int) -> None:
        """Draw the draft as it is saved; ``drawn`` follows."""
        self._background.run(partial(_draw_draft, self._vault, note_id), partial(self._done, note_id), self._failed)

    def _done(self, note_id: int, pdf: bytes) -> None:
        name = self.tr("会谈记录草稿")
        self.drawn.emit(pdf, name, partial(_log, self._vault, note_id, name))

    def _failed(self, error: Exception) -> None:
        _tell(self._notice, error)


@dataclass(frozen=True)
class _Wish:
    note_id: int
    lost: tuple[str, ...]


class SignedPaper(QObject):
    """Issues a signed note: characters without a font are named first, then the password is asked for."""

    issued = Signal(int)  # issued id

    def __init__(
        self, vault: Vault, notice: Notice, background: Background, signing: SigningDesk, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._vault, self._notice, self._background, self._signing = vault, notice, background, signing
        self._note_id = 0

    def issue_note(self, note_id: int) -> None:
        """Issue this note; ``issued`` follows, or a sentence on why not."""
        self._background.run(partial(_look_through, self._vault, note_id), self._looked, self._failed)

    def _looked(self, wish: _Wish) -> None:
        self._note_id = wish.note_id
        if not wish.lost:
            self._ask_for_password()
            return
        named = "、".join(f"{character}({code_point(character)})" for character in wish.lost)
        self._notice.ask(
            self.tr("有的字没有字体可以打印"),
            self.tr("{named} 在纸上会印成方框，并加注编码。可以先更正，或仍然签发。").format(named=named),
            self.tr("仍然签发"),
            self._ask_for_password,
        )

    def _ask_for_password(self) -> None:
        self._signing.ask(self.tr("会谈记录"), self._issue)

    def _issue(self, signing: SigningSession) -> None:
        self._background.run(partial(_issue, self._vault, signing, self._note_id), self._done, self._failed)

    def _done(self, issued_id: int) -> None:
        self.issued.emit(issued_id)

    def _failed(self, error: Exception) -> None:
        _tell(self._notice, error)


def _draw_draft(vault: Vault, note_id: int, _progress: Progress) -> bytes:
    with vault.read() as session:
        of = letter.contents(session, note_id)
    return letter.draft_paper(of, vault.now().tzinfo).pdf


def _log(vault: Vault, note_id: int, name: str, answer: ForWhom) -> None:
    with vault.write("打印会谈草稿") as session:
        outgoing.send(vault, session, Act.PRINT, name, answer, record=store.get(session, note_id))


def _look_through(vault: Vault, note_id: int, _progress: Progress) -> _Wish:
    with vault.read() as session:
        of = letter.contents(session, note_id)
    return _Wish(note_id, tuple(letter.lost(of, vault.now().tzinfo)))


def _issue(vault: Vault, signing: SigningSession, note_id: int, progress: Progress) -> int:
    with vault.write("签发会谈记录") as session:
        issued = letter.issue(vault, session, signing, note_id)
        progress.commit_begins()
    return issued.id


def _tell(notice: Notice, error: Exception) -> None:
    if not isinstance(error, Problem):
        raise error
    notice.tell(error)
