"""What the reader of a signed note shows: facts in pairs, sections, amendments under each, struck through when void; its papers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout

from app.documents.record import Issued
from app.rooms.notes.record import AMENDABLE, TEXTS, Amendment, Note
from app.rooms.notes.wording import day, hours, moment, shown
from app.ui.cards import Card, Row, button, clear, text
from app.ui.language import label_of


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


class FactsCard(Card):
    """When, how, where and with whom, as it was signed, and the way to correct it."""

    def __init__(self) -> None:
        super().__init__(self.tr("会谈"))
        self.amend_button = self.add_action(button(self.tr("更正"), quiet=True, name=self.tr("更正会谈信息")))
        self._pairs = Pairs(
            {
                "held_on": self.tr("日期"),
                "hours": self.tr("起止"),
                "mode": self.tr("方式"),
                "place": self.tr("地点"),
                "attendees": self.tr("在场人员"),
                "counsellor": self.tr("辅导老师"),
                "mood_score": self.tr("情绪自评"),
                "next_date": self.tr("下次日期"),
            }
        )
        self.body.addLayout(self._pairs)
        self._amendments = QVBoxLayout()
        self.body.addLayout(self._amendments)

    def show_note(self, note: Note, rows: Sequence[Amendment], void: bool, zone: tzinfo | None) -> None:
        """The facts of a note, and those of its amendments that speak of them."""
        for name, label in self._pairs.values.items():
            label.setText(self._told(note, name) or "—")
            strike(label, void)
        entered = self.tr("补录，录入日期 {day}").format(day=day(note.entered_on))
        self.set_hint(entered if note.late_entry else "")
        clear(self._amendments)
        for row in rows:
            if row.part not in TEXTS:
                self._amendments.addWidget(AmendmentNote(row, AMENDABLE[row.part], zone))
        self.amend_button.setVisible(not void)

    def _told(self, note: Note, name: str) -> str:
        if name == "hours":
            minutes = self.tr("{n} 分钟").format(n=note.minutes) if note.minutes is not None else ""
            return f"{hours(note.start, note.end)} {minutes}".strip()
        if name == "mode":
            return label_of(note.mode)
        if name == "mood_score":
            return f"{note.mood_score} / 10" if note.mood_score is not None else ""
        return shown(getattr(note, name))


class IssuedCard(Card):
    """The papers issued from a note, the newest first."""

    opened = Signal(int)  # issued id

    def __init__(self) -> None:
        super().__init__(self.tr("已签发的纸件"), flush=True)

    def show_papers(self, papers: list[Issued], zone: tzinfo | None) -> None:
        """Show these; hidden without any."""
        self.setVisible(bool(papers))
        clear(self.body)
        for issued in papers:
            row = Row(issued.ref_no, moment(issued.issued_at, zone))
            row.make_clickable(self.tr("打开 {no}").format(no=issued.ref_no))
            row.setProperty("issued", issued.id)
            row.chosen.connect(self._open)
            self.add_row(row)

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.opened.emit(int(row.property("issued")))


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
            self.addWidget(self.values[name], row, 2 * column + 1)
        self.setColumnStretch(1, 1)
        self.setColumnStretch(3, 1)


def strike(label: QLabel, on: bool) -> None:
    """Strike a label through, or not."""
    label.setStyleSheet("text-decoration: line-through;" if on else "")
