"""One appointment in the side panel: what it is, and what can be done with it now."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.rooms.appointments.choices import CancelledBy, Status
from app.rooms.appointments.page.week import masked
from app.rooms.appointments.record import MANY_ABSENCES, Appointment, Booked
from app.rooms.appointments.wording import day_words, time_words
from app.ui.cards import Card, button, clear, tag, text
from app.ui.fields import ChoiceField, DateField, LineField, TimeField
from app.ui.flow import FlowLayout
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.masking import shown

_TONES = {Status.ATTENDED: "green", Status.ABSENT: "amber", Status.PENDING: "amber", Status.CONFIRMED: "accent"}


class AppointmentPanel(Card):
    """Says what is wanted; the page does it."""

    acted = Signal(str, int)  # act, appointment
    """confirm, attended, absent, reopen, edit, note, link, slip, discard, student, moved_to, again, close."""
    cancel_wanted = Signal(int, object, str)  # appointment, CancelledBy, reason
    reschedule_wanted = Signal(int, object)  # appointment, the values of the form

    def __init__(self, keeper: Keeper) -> None:
        super().__init__(self.tr("预约"))
        self.one: Booked | None = None
        self._zone: tzinfo | None = None
        close = self.add_action(button("×", quiet=True, name=self.tr("关闭预约")))
        close.clicked.connect(self._act)
        close.setProperty("act", "close")
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.body.addWidget(self._lines)
        self._acts = QWidget()
        self._flow = FlowLayout(8, self._acts)
        self._buttons: list[QPushButton] = []
        self.body.addWidget(self._acts)
        self.by = ChoiceField(self.tr("谁取消"), CancelledBy)
        self.cancel_form = InlineForm(
            keeper,
            self.tr("取消预约"),
            "",
            self.tr("确定取消"),
            {"by": self.by, "reason": LineField(self.tr("原因"))},
        )
        self.cancel_form.wanted.connect(self._want_cancel)
        self.reschedule_form = InlineForm(
            keeper,
            self.tr("改期"),
            self.tr("双方商定改到另一个时间：原来的记为已改期，新的预约与它相连。"),
            self.tr("确定改期"),
            {
                "day": DateField(self.tr("改到哪天")),
                "start": TimeField(self.tr("改到几点")),
                "end": TimeField(self.tr("到几点")),
                "reason": LineField(self.tr("改期原因")),
                "override": LineField(self.tr("冲突仍要改的原因")),
            },
        )
        self.reschedule_form.wanted.connect(self._want_reschedule)
        self.body.addWidget(self.cancel_form)
        self.body.addWidget(self.reschedule_form)

    def show_one(self, one: Booked, absences: int, now: datetime, *, is_noted: bool) -> None:
        """Show an appointment and what can be done with it at this moment; whether the notes of it are written."""
        if self.one is None or self.one.appointment.id != one.appointment.id:
            self.end_forms()
        self.one, self._zone = one, now.tzinfo
        self._say(one, absences, now)
        self._offer(one, now, is_noted=is_noted)

    def take_focus(self) -> None:
        """The keys go to what can be done."""
        if self._buttons:
            self._buttons[0].setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.one is not None:
            self.acted.emit("close", self.one.appointment.id)
        else:
            super().keyPressEvent(event)

    def end_forms(self) -> None:
        """What is typed in the small forms stays kept."""
        self.cancel_form.end()
        self.reschedule_form.end()

    def _say(self, one: Booked, absences: int, now: datetime) -> None:
        of = one.appointment
        clear(self._column)
        names = "、".join(f"{shown(name, own)} {place}" for own, name, place in one.students)
        self._column.addWidget(text(names or masked(one), "strong", wrap=True))
        if names and of.called:
            self._column.addWidget(text(of.called, wrap=True))
        line = QWidget()
        flow = FlowLayout(6, line)
        flow.addWidget(tag(label_of(of.kind), "plain"))
        late = of.lacks_outcome(now)
        words = self.tr("未登记") if late else label_of(of.status)
        flow.addWidget(tag(words, "red" if late else _TONES.get(of.status, "plain")))
        if of.series_id is not None:
            flow.addWidget(tag(self.tr("重复"), "plain"))
        self._column.addWidget(line)
        for words in self._details(one, absences):
            self._column.addWidget(text(words, "secondary", wrap=True))

    def _details(self, one: Booked, absences: int) -> list[str]:
        of = one.appointment
        told = [f"{day_words(of.day)} {time_words(one)}", of.place]
        told.append(
            self.tr("{who}提出 · {urgency}").format(who=label_of(of.requested_by), urgency=label_of(of.urgency))
        )
        if of.topic:
            told.append(of.topic)
        if of.cancelled_by is not None:
            told.append(self._called_off(of))
        if of.reason:
            told.append(self.tr("原因：{reason}").format(reason=of.reason))
        if of.override_reason:
            told.append(self.tr("时间有冲突仍预约：{reason}").format(reason=of.override_reason))
        if absences >= MANY_ABSENCES:
            told.append(self.tr("连续 {count} 次预约未到，建议了解原因。").format(count=absences))
        return [words for words in told if words]

    def _called_off(self, of: Appointment) -> str:
        who = label_of(of.cancelled_by) if of.cancelled_by is not None else ""
        if of.cancelled_at is None:
            return self.tr("由{who}取消").format(who=who)
        at = of.cancelled_at.astimezone(self._zone)
        return self.tr("由{who}取消，{day} {time} 登记").format(who=who, day=day_words(at.date()), time=f"{at:%H:%M}")

    # What can be done

    def _offer(self, one: Booked, now: datetime, *, is_noted: bool) -> None:
        for made in self._buttons:
            self._flow.removeWidget(made)
            made.hide()
            made.deleteLater()
        self._buttons = []
        of = one.appointment
        begun, open_, here = of.has_begun(now), of.status.is_open, of.can_have_come(now)
        note = of.status is Status.ATTENDED and of.kind.has_note
        for words, act, on, primary in (
            (self.tr("写会谈记录"), "note", note and not is_noted, True),
            (self.tr("看会谈记录"), "note", note and is_noted, False),
            (self.tr("已到访"), "attended", open_ and here, True),
            (self.tr("未到"), "absent", open_ and begun, False),
            (self.tr("确认预约"), "confirm", of.status is Status.PENDING and not begun, not here),
            (self.tr("改期"), "reschedule", open_, False),
            (self.tr("取消预约"), "cancel", open_, False),
            (self.tr("修改"), "edit", open_, False),
            (self.tr("改登记"), "reopen", not open_ and of.status is not Status.MOVED, False),
            (self.tr("再约一次"), "again", of.status in (Status.ATTENDED, Status.ABSENT, Status.CANCELLED), False),
            (self.tr("看改期后的预约"), "moved_to", of.status is Status.MOVED, False),
            (self.tr("关联档案"), "link", not one.students and of.kind.has_note, False),
            (self.tr("打开档案"), "student", bool(one.students), False),
            (self.tr("打印预约单"), "slip", open_ and not begun, False),
            (self.tr("移到回收站"), "discard", of.status is not Status.MOVED, False),
        ):
            if on:
                self._add(words, act, primary=primary)

    def _add(self, words: str, act: str, *, primary: bool) -> None:
        made = button(words, primary=primary, quiet=act in ("student", "slip", "discard", "moved_to"))
        made.setProperty("act", act)
        made.clicked.connect(self._act)
        self._flow.addWidget(made)
        self._buttons.append(made)

    def begin(self, act: str) -> None:
        """Open the small form of what is wanted: cancel or reschedule."""
        if self.one is None:
            return
        of = self.one.appointment
        key = f"appointment/{of.id}/{act}"
        if act == "cancel":
            self.reschedule_form.end()
            self.cancel_form.begin(key, None, {"by": "", "reason": ""})
        else:
            self.cancel_form.end()
            values = {"day": "", "start": f"{of.start:%H:%M}", "end": f"{of.end:%H:%M}", "reason": "", "override": ""}
            self.reschedule_form.begin(key, of.student_id, values)

    def settle(self) -> None:
        """What was asked for in a small form is done."""
        for form in (self.cancel_form, self.reschedule_form):
            if not form.isHidden():
                form.settle()

    def _act(self) -> None:
        pressed = self.sender()
        act = str(pressed.property("act")) if pressed is not None else ""
        if act in ("cancel", "reschedule"):
            self.begin(act)
        elif self.one is not None:
            self.acted.emit(act, self.one.appointment.id)

    def _want_cancel(self, values: dict[str, str]) -> None:
        if self.one is not None:
            self.cancel_wanted.emit(self.one.appointment.id, self.by.choice(), values["reason"])

    def _want_reschedule(self, values: dict[str, str]) -> None:
        if self.one is not None:
            self.reschedule_wanted.emit(self.one.appointment.id, values)
