"""Cards and what stands in them: rows, tags, hairlines, empty states."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.theme import scaled
from app.vault.text import marked

HEAD_HEIGHT = 46
LEAST_WIDTH = 36
"""Pixels an elided label may be squeezed to."""


class Label(QLabel):
    """Words as they are stored; characters that would turn the reading direction round stand there as marks."""

    def __init__(self, words: str = "") -> None:
        super().__init__(marked(words))

    def setText(self, words: str) -> None:
        super().setText(marked(words))


def text(words: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A label. ``role``: title, context, secondary, hint, strong, heading, error, warning, label (theme.qss); plain text only."""
    label = Label(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class ElidedLabel(QLabel):
    """One line that gives way in a narrow place: it ends in … and shows the whole as its tooltip."""

    def __init__(self, words: str = "", role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self._words = ""
        self.setText(words)

    def setText(self, words: str) -> None:
        self._words = words = marked(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self._elide()

    def text(self) -> str:
        """The whole text, however much of it is seen."""
        return self._words

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._words) + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(LEAST_WIDTH, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        if super().text() != self._elided():  # the font came with the style sheet, after the last resize
            self._elide()
        super().paintEvent(event)

    def _elided(self) -> str:
        return self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, max(self.width(), 1))

    def _elide(self) -> None:
        seen = self._elided()
        super().setText(seen)
        self.setToolTip("" if seen == self._words else self._words)


def tag(words: str, tone: str = "plain") -> QLabel:
    """A small coloured word; ``tone`` is a colour of the theme (plain, accent, red, amber, yellow, blue, plum, green)."""
    return _patch(words, "tag", tone)


def badge(words: str = "") -> QLabel:
    """A count at the end of a sidebar line."""
    return _patch(words, "badge", True)


def key_cap(words: str) -> QLabel:
    """The name of a key, as it stands in the search box."""
    return _patch(words, "key", True)


def _patch(words: str, kind: str, value: object) -> QLabel:
    label = text(words)
    label.setProperty(kind, value)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return label


def button(
    words: str, *, primary: bool = False, quiet: bool = False, danger: bool = False, name: str = ""
) -> QPushButton:
    """A push button; its accessible name is its words unless ``name`` says more."""
    made = QPushButton(marked(words))
    for kind, on in (("primary", primary), ("quiet", quiet), ("danger", danger)):
        if on:
            made.setProperty(kind, True)
    made.setAccessibleName(name or words)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAutoDefault(False)
    return made


def hairline() -> QFrame:
    """A line of one pixel between rows."""
    line = QFrame()
    line.setObjectName("hairline")
    return line


def restyle(widget: QWidget) -> None:
    """Have the style sheet look again after a property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def clear(layout: QVBoxLayout | QHBoxLayout, but: Sequence[QWidget] = ()) -> None:
    """Take every widget out of a layout and delete it, save those that are to be put in again."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None and widget not in but:
            widget.hide()
            widget.deleteLater()


class Card(QFrame):
    """A white card with a header line (title, hint, at most a few quiet actions) and a body.

    Without a title there is no header. ``body`` is the layout to fill; ``flush`` leaves no margin in it (for rows and tables).
    """

    def __init__(self, title: str = "", hint: str = "", *, flush: bool = False) -> None:
        super().__init__()
        self.setObjectName("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.setSpacing(0)
        self.title_label = text(title, "heading")
        self.hint_label = ElidedLabel(hint, "hint")
        if title:
            self._head = QHBoxLayout()
            self._head.setContentsMargins(16, 0, 9, 0)
            self._head.setSpacing(10)
            self._head.addStrut(scaled(HEAD_HEIGHT))
            self._head.addWidget(self.title_label)
            self._head.addWidget(self.hint_label, 1)
            outer.addLayout(self._head)
            outer.addWidget(hairline())
            self.setAccessibleName(title)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(*((0, 0, 0, 0) if flush else (16, 14, 16, 16)))
        self.body.setSpacing(0 if flush else 10)
        outer.addLayout(self.body)

    def add_action(self, made: QPushButton) -> QPushButton:
        """Put a button at the right end of the header."""
        self._head.addWidget(made)
        return made

    def set_hint(self, words: str) -> None:
        self.hint_label.setText(words)

    def add_row(self, row: QWidget) -> None:
        """A row with a hairline above it, unless it is the first."""
        if self.body.count():
            self.body.addWidget(hairline())
        self.body.addWidget(row)


class Row(QFrame):
    """One line of a card: something at the left, words in the middle, tags and buttons at the right."""

    chosen = Signal()

    def __init__(
        self, title: str = "", detail: str = "", *, lead: str = "", lead_width: int = 96, one_line: bool = False
    ) -> None:
        """``one_line``: the detail ends in … where it would be broken."""
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 10, 16, 10)
        line.setSpacing(10)
        self.lead_label = text(lead, "secondary")
        self.lead_label.setFixedWidth(scaled(lead_width))
        line.addWidget(self.lead_label)
        self.lead_label.setHidden(not lead)
        self.title_label = ElidedLabel(title, "strong")
        self.detail_label = ElidedLabel(detail, "secondary") if one_line else text(detail, "secondary", wrap=True)
        line.addWidget(self.title_label)
        line.addWidget(self.detail_label, 1)
        self.line = line
        self.setMinimumHeight(scaled(40))

    def add(self, widget: QWidget) -> QWidget:
        """Put a tag or a button at the right end."""
        self.line.addWidget(widget)
        return widget

    def make_clickable(self, name: str) -> None:
        """Have the row emit ``chosen`` on click, Enter and Space."""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("clickable", True)
        restyle(self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if self._clickable() and event.button() == Qt.MouseButton.LeftButton and inside:
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clickable() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)

    def _clickable(self) -> bool:
        return self.focusPolicy() != Qt.FocusPolicy.NoFocus


class EmptyState(QWidget):
    """Says what will be here, and offers the first action."""

    wanted = Signal()

    def __init__(self, words: str, detail: str = "", action: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 40, 24, 40)
        column.setSpacing(8)
        column.addStretch(1)
        self.words_label = text(words, "heading")
        self.detail_label = text(detail, "secondary", wrap=True)
        for label in (self.words_label, self.detail_label):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        self.setAccessibleName(words)
        if action:
            self.button = button(action, primary=True)
            self.button.clicked.connect(self.wanted)
            column.addSpacing(8)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
