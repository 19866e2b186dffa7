"""What the reader of a signed note shows: sections with their amendments under them, facts in pairs, struck through when void."""

from __future__ import annotations

from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout

from app.rooms.notes.record import Amendment
from app.rooms.notes.wording import moment
from app.ui.cards import Card, button, text


class AmendmentNote(QFrame):
    """One amendment, shown under what it corrects: when, what it says now, and why."""

    def __init__(self, row: Amendment, label: str, zone: tzinfo | None) -> None:
        super().__init__()
        self.setObjectName("well")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(3)
        head = self.tr("更正 · {part} · {at}").format(part=label, at=moment(row.at, zone))
        column.addWidget(text(head, "warning"))
        self.words = text(row.after or self.tr("(空)"), wrap=True, selectable=True)
        column.addWidget(self.words)
        column.addWidget(text(self.tr("原因：{reason}").format(reason=row.reason), "hint", wrap=True, selectable=True))
        self.setAccessibleName(head)


class ReadingCard(Card):
    """One section of a signed note as it was signed, and the way to correct it."""

    amend_wanted = Signal(str)

    def __init__(self, part: str, title: str) -> None:
        super().__init__(title)
        self.part = part
        self.words = text("", wrap=True, selectable=True)
        self.words.setAccessibleName(title)
        self.body.addWidget(self.words)
        self.amend_button = self.add_action(
            button(self.tr("更正"), quiet=True, name=self.tr("更正{part}").format(part=title))
        )
        self.amend_button.clicked.connect(self._ask)
        self._notes: list[AmendmentNote] = []

    def show_words(self, words: str, rows: list[Amendment], label: str, zone: tzinfo | None) -> None:
        """The words as signed, with their amendments under them."""
        self.words.setText(words or "—")
        for note in self._notes:
            note.hide()
            note.deleteLater()
        self._notes = [AmendmentNote(row, label, zone) for row in rows]
        for note in self._notes:
            self.body.addWidget(note)

    def strike(self, on: bool) -> None:
        """Void: still readable, struck through, and not to be amended."""
        for words in (self.words, *(note.words for note in self._notes)):
            strike(words, on)
        self.amend_button.setVisible(not on)

    def _ask(self) -> None:
        self.amend_wanted.emit(self.part)


class Pairs(QGridLayout):
    """Labels and values, two pairs a row."""

    def __init__(self, labels: dict[str, str]) -> None:
        super().__init__()
        self.setHorizontalSpacing(14)
        self.setVerticalSpacing(8)
        self.values: dict[str, QLabel] = {}
        for at, (name, label) in enumerate(labels.items()):
            row, column = divmod(at, 2)
            self.addWidget(text(label, "secondary"), row, 2 * column)
            self.values[name] = text("", wrap=True, selectable=True)
            self.values[name].setAccessibleName(label)
            self.addWidget(self.values[name], row, 2 * column + 1)
        self.setColumnStretch(1, 1)
        self.setColumnStretch(3, 1)


def strike(label: QLabel, on: bool) -> None:
    """Strike a label through, or not."""
    label.setStyleSheet("text-decoration: line-through;" if on else "")
