"""The lines of Today: one thing that is due or planned, with the one button that leads to where it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent

from app.rooms.school.planned import Planned
from app.rooms.school.record import Due, Heading, Weight
from app.rooms.today.record import Snooze
from app.rooms.today.store import Person
from app.rooms.today.wording import day_words, lateness, since
from app.ui.cards import Row, button, tag
from app.ui.icons import icon
from app.ui.masking import hidden, shown
from app.ui.theme import present

_LEAD = 84
_ICON = 16
"""Pixels."""


@dataclass(frozen=True)
class Told:
    """A thing that is due, as a line says it."""

    due: Due
    lead: str
    role: str
    """The look of the lead: late, soon or secondary."""
    title: str
    detail: str
    called: str
    """The line in few words, for who reads the screen by ear."""
    snooze: Snooze | None = None


def told(due: Due, person: Person | None, today: date, snooze: Snooze | None = None) -> Told:
    """What a line says: of a note and of a student that may be forgotten the name comes first, else what is to be done."""
    name = shown(person.name, due.student_id) if person else ""
    masked = hidden(due.student_id)
    if due.heading is Heading.DEADLINE:
        title, more = due.title, [name, due.detail]
    elif due.heading is Heading.WRITING:
        title, more = name, [person.place if person else "", due.detail]
    else:
        title, more = name, [due.title, person.place if person else due.detail]
    if masked:  # what singles a student out is as good as the name
        more = [name] if due.heading is Heading.DEADLINE else []
    elif snooze is not None:
        more = [more[0], snooze.reason]
    no_deadline = due.heading is Heading.FADING or due.weight is Weight.KEEPING
    lead, role = (since if no_deadline and due.due < today else lateness)(due.due, today), _role(due, today)
    if snooze is not None:
        lead, role = day_words(snooze.until, today), "secondary"
    title = title or due.title
    called = title if name in title else f"{title} {name}"
    return Told(due, lead, role, title, " · ".join(filter(None, more)), called, snooze)


def _role(due: Due, today: date) -> str:
    if due.due > today:
        return "secondary"
    if due.weight is Weight.KEEPING:
        return "secondary"
    return "late" if due.due < today and due.heading is not Heading.FADING else "soon"


class LineRow(Row):
    """A line one comes to with Tab and leaves with the arrows; Enter presses its button."""

    stepped = Signal(int)  # 1 down, -1 up

    def __init__(self, title: str, detail: str, lead: str, name: str) -> None:
        super().__init__(title, detail, lead=lead, lead_width=_LEAD, one_line=True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("clickable", True)
        self.setMinimumHeight(0)  # as high as its button needs: on a low screen the page scrolls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class DueRow(LineRow):
    """A thing that is due."""

    settle_wanted = Signal(object)  # a Due
    put_off_wanted = Signal(object)  # its Told
    back_wanted = Signal(object)  # the Snooze of a thing that was put off

    def __init__(self, told: Told) -> None:
        self.told = told
        super().__init__(told.title, told.detail, told.lead, f"{told.lead} {told.called}")
        self.lead_label.setProperty("role", told.role)
        if not hidden(told.due.student_id):
            self._add_second()
        verb = button(told.due.verb, name=f"{told.due.verb}：{told.called}")
        verb.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        verb.clicked.connect(self._settle)
        self.add(verb)
        self.chosen.connect(self._settle)

    def _add_second(self) -> None:
        """Put it off, or bring it back."""
        if self.told.snooze is None:
            tip, drawn = self.tr("推后"), "clock"
        else:
            tip, drawn = self.tr("取消推后"), "undo-2"
        small = button("", quiet=True, name=f"{tip}：{self.told.called}")
        small.setIcon(icon(drawn, present().ink3))
        small.setIconSize(QSize(_ICON, _ICON))
        small.setToolTip(tip)
        small.clicked.connect(self._put_off if self.told.snooze is None else self._bring_back)
        self.add(small)

    def _settle(self) -> None:
        self.settle_wanted.emit(self.told.due)

    def _put_off(self) -> None:
        self.put_off_wanted.emit(self.told)

    def _bring_back(self) -> None:
        self.back_wanted.emit(self.told.snooze)


@dataclass(frozen=True)
class Coming:
    """An appointment, as a line says it."""

    planned: Planned
    lead: str
    title: str
    detail: str


def coming(planned: Planned) -> Coming:
    """What a line says of it; of who is not to be named no more than that."""
    names = "、".join(shown(name, own_id) for own_id, name in planned.people)
    detail = "" if any(hidden(own_id) for own_id, _ in planned.people) else planned.detail
    lead = f"{planned.period} {planned.start:%H:%M}".strip()
    return Coming(planned, lead, " · ".join(filter(None, (planned.title, names))), detail)


class PlannedRow(LineRow):
    """An appointment of today."""

    begin_wanted = Signal(object)  # a Planned
    open_wanted = Signal(object)

    def __init__(self, coming: Coming) -> None:
        self.coming = coming
        planned = coming.planned
        super().__init__(coming.title, coming.detail, coming.lead, f"{coming.lead} {coming.title}")
        if planned.tag:
            self.add(tag(planned.tag, planned.tone))
        verb = self.tr("开始会谈") if planned.begins else self.tr("打开")
        act = button(verb, name=f"{verb}：{coming.title}")
        act.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        act.clicked.connect(self._begin if planned.begins else self._open)
        self.add(act)
        self.chosen.connect(self._begin if planned.begins else self._open)

    def _begin(self) -> None:
        self.begin_wanted.emit(self.coming.planned)

    def _open(self) -> None:
        self.open_wanted.emit(self.coming.planned)
