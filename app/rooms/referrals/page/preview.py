"""The letter beside the form, as it will look: drawn in the background, with a sentence above it where it cannot be drawn or is long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rooms.referrals import issuing
from app.rooms.referrals.contents import Contents
from app.rooms.referrals.page.papers import Papers
from app.ui.background import Background
from app.ui.cards import text
from app.ui.preview import PaperView, Sheet

if TYPE_CHECKING:
    from app.documents.paper import Drawn  # reportlab is loaded at the first letter


class LetterPreview(QWidget):
    """Shows the newest letter it was given."""

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._papers = Papers(background, self)
        self._wanted = False
        self.words = text("", "warning", wrap=True)
        self.words.hide()
        self.view = PaperView(self.tr("函件预览"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self.view, 1)

    def show_letter(self, of: Contents) -> None:
        """Draw this letter; one that is being drawn still is dropped."""
        self._wanted = True
        self._papers.draw(partial(issuing.draft_paper, of), self._show, self.say)

    def say(self, sentence: str) -> None:
        """A sentence above the paper; an empty one takes it away."""
        self.words.setText(sentence)
        self.words.setVisible(bool(sentence))

    def release(self) -> None:
        """Let go of the paper; a drawing that comes late is not shown."""
        self._wanted = False
        self.view.release()

    def _show(self, drawn: Drawn) -> None:
        if not self._wanted:
            return
        self.view.show_pdf(drawn.pdf, [Sheet(sheet.name, sheet.first, sheet.last) for sheet in drawn.sheets])
        long = "、".join(sheet.name for sheet in drawn.sheets if sheet.last > sheet.first)
        self.say(self.tr("{sheet}超过一页，可以写短一些。").format(sheet=long) if long else "")
