"""The form of an appointment in the side panel: who, what for, when, how often; a clash asks for its reason there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import Problem
from app.rooms.appointments.choices import Instead, Kind, RequestedBy, Rhythm, Urgency
from app.rooms.appointments.page.axis import minute, moment
from app.rooms.appointments.page.choosing import StudentsField
from app.rooms.appointments.record import ROOM, AppointmentValues
from app.rooms.appointments.rules.remarks import remarks
from app.rooms.appointments.rules.series import Pattern
from app.rooms.school.calendar import Calendar
from app.ui.cards import Card, button
from app.ui.fields import CheckField, ChoiceField, DateField, Field, LineField, TimeField
from app.ui.forms import Form
from app.ui.forwhom import SuggestField
from app.ui.keeper import Keeper
from app.vault.vault import Vault

SERIES_AHEAD = timedelta(weeks=8)
"""How far a series goes unless she says otherwise."""


@dataclass(frozen=True)
class Wanted:
    """What the form asks for."""

    values: AppointmentValues
    pattern: Pattern | None
    """How it comes back; None for once."""


class AppointmentForm(Card):
    """Stands in the panel for a new appointment or one there is; what is typed in it is kept."""

    wanted = Signal(object)  # a Wanted
    refused = Signal(object)  # a Problem
    given_up = Signal()

    def __init__(self, vault: Vault, keeper: Keeper) -> None:
        super().__init__(self.tr("预约"))
        self._keeper = keeper
        self.form = Form("", parent=self)
        self._is_new = True
        self._calendar = Calendar()
        self.students = StudentsField(self.tr("学生"), vault)
        self.called = LineField(self.tr("称呼或名称"), placeholder=self.tr("还没有档案的称呼，或团体、班级的名称"))
        self.kind = ChoiceField(self.tr("类型"), Kind)
        self.day, self.start, self.end = (
            DateField(self.tr("日期")),
            TimeField(self.tr("开始")),
            TimeField(self.tr("结束")),
        )
        places = (ROOM, self.tr("团体活动室"), self.tr("沙盘室"), self.tr("线上"), self.tr("教室"))
        self.place = SuggestField(self.tr("地点"), self.tr("在哪里"), places)
        self.rhythm = ChoiceField(self.tr("重复"), Rhythm, empty=self.tr("不重复"))
        self.until = DateField(self.tr("重复到"))
        self.instead = ChoiceField(self.tr("遇到放假、考试或冲突"), Instead)
        self.requested_by = ChoiceField(self.tr("谁提出"), RequestedBy)
        self.urgency = ChoiceField(self.tr("缓急"), Urgency)
        self.topic = LineField(self.tr("事由"), placeholder=self.tr("可不填"))
        self.pending = CheckField(self.tr("还待对方确认"))
        self.override = LineField(
            self.tr("冲突仍要预约的原因"), self.tr("写了原因，时间有冲突也会保存，并在预约上注明。")
        )
        self._build()
        self.rhythm.changed.connect(self._look)
        self.start.changed.connect(self._follow)
        for field in (self.students, self.day, self.start, self.end):
            field.changed.connect(self._remark)

    def _build(self) -> None:
        named: dict[str, Field] = {
            "students": self.students, "called": self.called, "kind": self.kind, "day": self.day,
            "start": self.start, "end": self.end, "place": self.place, "rhythm": self.rhythm, "until": self.until,
            "instead": self.instead,
            "requested_by": self.requested_by, "urgency": self.urgency, "topic": self.topic,
            "pending": self.pending, "override": self.override,
        }  # fmt: skip
        for name, field in named.items():
            self.form.add(name, field)
        for fields in (
            (self.students,), (self.called,), (self.kind,), (self.day,), (self.start, self.end), (self.place,),
            (self.rhythm,), (self.until,), (self.instead,), (self.requested_by, self.urgency), (self.topic,), (self.pending,),
            (self.override,),
        ):  # fmt: skip
            self.body.addWidget(_beside(fields))
        line = QHBoxLayout()
        line.addStretch(1)
        no, yes = (
            button(self.tr("取消"), name=self.tr("放弃填写")),
            button(self.tr("保存"), primary=True, name=self.tr("保存预约")),
        )
        no.clicked.connect(self.give_up)
        yes.clicked.connect(self._want)
        line.addWidget(no)
        line.addWidget(yes)
        self.body.addLayout(line)

    def begin(self, key: str, values: AppointmentValues, calendar: Calendar, *, is_new: bool) -> None:
        """Open for an appointment; what was typed before and not saved is put back."""
        self.end_typing()
        self._calendar = calendar
        self.title_label.setText(self.tr("新预约") if is_new else self.tr("修改预约"))
        self._is_new = is_new
        told = {
            "students": " ".join(map(str, values.student_ids)),
            "called": values.called,
            "kind": values.kind.value,
            "day": values.day.isoformat(),
            "start": f"{values.start:%H:%M}",
            "end": f"{values.end:%H:%M}",
            "place": values.place,
            "rhythm": "",
            "until": (values.day + SERIES_AHEAD).isoformat(),
            "instead": Instead.SKIP.value,
            "requested_by": values.requested_by.value,
            "urgency": values.urgency.value,
            "topic": values.topic,
            "pending": "" if values.confirmed else "1",
            "override": values.override_reason,
        }
        student_id = values.student_ids[0] if values.student_ids else None
        self._keeper.begin(self.form, key, student_id, told)
        self._look()
        self._remark()
        (self.start if values.student_ids or values.called else self.students).setFocus()

    def ask_reason(self) -> None:
        """The time clashes: show where a reason could be written."""
        self.override.setVisible(True)
        self.override.setFocus()

    def settle(self) -> None:
        """What was asked for is done."""
        self._keeper.settle(self.form)
        self.end_typing()

    def end_typing(self) -> None:
        """Close; what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def give_up(self) -> None:
        """Close and forget what was typed."""
        if self.form.key:
            self._keeper.settle(self.form)
        self.end_typing()
        self.given_up.emit()

    def read(self) -> Wanted:
        """What stands in the fields. Raises Problem for what is no day or time, and where one is missing."""
        day, start, end = self.day.day(), self.start.moment(), self.end.moment()
        if day is None or start is None or end is None:
            raise Problem("日期、开始和结束时间都要填写。", "请补上再保存。")
        values = AppointmentValues(
            day=day,
            start=start,
            end=end,
            kind=self.kind.choice() or Kind.INDIVIDUAL,
            place=self.place.value(),
            student_ids=tuple(self.students.ids),
            called=self.called.value(),
            requested_by=self.requested_by.choice() or RequestedBy.STUDENT,
            urgency=self.urgency.choice() or Urgency.NORMAL,
            topic=self.topic.value(),
            confirmed=not self.pending.is_on(),
            override_reason=self.override.value() if self.override.isVisibleTo(self) else "",
        )
        rhythm = self.rhythm.choice()
        until = self.until.day() if rhythm is not None else None
        if rhythm is not None and until is None:
            raise Problem("没有写重复到哪一天。", "请填写「重复到」的日期。")
        if rhythm is None or until is None:
            return Wanted(values, None)
        return Wanted(values, Pattern(rhythm, day, until, self.instead.choice() or Instead.SKIP))

    def _want(self) -> None:
        try:
            wanted = self.read()
        except Problem as problem:
            self.refused.emit(problem)
            return
        self.wanted.emit(wanted)

    def _look(self) -> None:
        self.rhythm.setVisible(self._is_new)
        for field in (self.until, self.instead):
            field.setVisible(self._is_new and self.rhythm.choice() is not None)
        self.override.setVisible(bool(self.override.value()))

    def _remark(self) -> None:
        """Under the day: what should be known of it before it is taken."""
        try:
            day, start, end = self.day.day(), self.start.moment(), self.end.moment()
        except Problem:
            return  # the field says it
        told = remarks(self._calendar, day, start, end, self.students.classes) if day is not None else []
        self.day.set_hint(" · ".join(told))

    def _follow(self) -> None:
        """A new start takes a session's length along, while the end lies before it."""
        try:
            start, end = self.start.moment(), self.end.moment()
        except Problem:
            return
        if start is not None and (end is None or end <= start) and self.start.line.hasFocus():
            self.end.set_value(f"{moment(minute(start) + self._calendar.session):%H:%M}")


def _beside(fields: tuple[Field, ...]) -> QWidget:
    """Fields in one line; a single one stays itself."""
    if len(fields) == 1:
        return fields[0]
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    for field in fields:
        line.addWidget(field, 1)
    return holder
