"""What of the week goes on paper or out as a file: asked for in a small window, drawn, and written down before it leaves."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.documents.blocks import Document
from app.documents.keeping import own_words
from app.documents.paper import Foot, draw
from app.errors import Problem
from app.rooms.appointments import letter, store
from app.rooms.appointments.ical import calendar_file
from app.rooms.appointments.letter import Manner, Slip
from app.rooms.appointments.page.week import booked_in, days_of
from app.rooms.appointments.record import Booked
from app.rooms.appointments.rules.free import period
from app.rooms.appointments.wording import who
from app.rooms.school import store as schools
from app.rooms.students import store as students
from app.ui.cards import Card, button, text
from app.ui.exporting import Exporter, write_whole
from app.ui.fields import CheckField, DateField
from app.ui.notice import Notice
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault

KIND = "appointment"


class PaperCard(Card):
    """What can be printed or taken along."""

    wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__(self.tr("打印与导出"))
        self.body.setSpacing(2)
        for words, act in (
            (self.tr("某一天的预约单"), "slips"),
            (self.tr("本周安排表"), "week"),
            (self.tr("本周值班表(不写学生)"), "duty"),
            (self.tr("来访登记簿"), "register"),
            (self.tr("日历文件(只有时间)"), "calendar"),
        ):
            made = button(words, quiet=True)
            made.setProperty("act", act)
            made.clicked.connect(self._want)
            line = QHBoxLayout()
            line.addWidget(made)
            line.addStretch(1)
            self.body.addLayout(line)

    def _want(self) -> None:
        self.wanted.emit(str(self.sender().property("act")))


class SpanDialog(QDialog):
    """Which days, and for a slip how it is written."""

    agreed = Signal(object, object, object)  # first day, last day, Manner

    def __init__(self, parent: QWidget, title: str, first: date, last: date | None) -> None:
        """``last`` is None where one day is asked for: then it is the slips of that day."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(title)
        self.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(10)
        column.addWidget(text(title, "heading"))
        self.first = DateField(self.tr("哪一天") if last is None else self.tr("从哪天"))
        self.last = DateField(self.tr("到哪天"))
        self.plain = CheckField(self.tr("不出现「心理」字样"))
        self.digits = CheckField(self.tr("只写学号后四位，不写姓名"))
        self.first.set_day(first)
        self.last.set_day(last)
        self.plain.set_on(True)
        for field in (self.first, self.last, self.plain, self.digits):
            column.addWidget(field)
        self.last.setVisible(last is not None)
        self.plain.setVisible(last is None)
        self.digits.setVisible(last is None)
        line = QHBoxLayout()
        line.addStretch(1)
        no, yes = button(self.tr("取消")), button(self.tr("下一步"), primary=True)
        no.clicked.connect(self.reject)
        yes.clicked.connect(self._agree)
        yes.setDefault(True)
        line.addWidget(no)
        line.addWidget(yes)
        column.addLayout(line)

    def _agree(self) -> None:
        try:
            first = self.first.day()
            last = self.last.day() if self.last.isVisible() else first
        except Problem:
            return  # the field says it
        if first is None or last is None or last < first:
            self.first.show_error(self.tr("请填写日期，开始不晚于结束。"))
            return
        self.accept()
        self.agreed.emit(first, last, Manner(self.plain.is_on(), self.digits.is_on()))


class Papers(QObject):
    """Draws and hands out: to the printer through the house, to a file through the exporter."""

    sheet_wanted = Signal(object, str, object)  # PDF, name without a student's, log (ui/printing.py)

    def __init__(self, vault: Vault, notice: Notice, page: QWidget) -> None:
        super().__init__(page)
        self._vault, self._notice, self._page = vault, notice, page
        self._exporter = Exporter(page, notice, vault)
        self.monday = vault.clock.today()
        """The week in front."""

    def ask(self, act: str) -> None:
        """slips, week, duty, register or calendar."""
        if act == "slips":
            self._ask_span(
                self.tr("打印哪一天的预约单？"), max(self.monday, self._vault.clock.today()), None, self._slips
            )
        elif act == "register":
            first = self._vault.clock.today().replace(day=1)
            self._ask_span(self.tr("打印来访登记簿"), first, self._vault.clock.today(), self._register)
        elif act == "week":
            self._week()
        elif act == "duty":
            self._duty()
        else:
            first = self._vault.clock.today()
            self._ask_span(self.tr("导出日历文件"), first, first + timedelta(weeks=8), self._calendar)

    def ask_slip(self, one: Booked) -> None:
        """The slip of one appointment."""
        day = one.appointment.day
        dialog = self._ask_span(self.tr("打印这次的预约单"), day, None, partial(self._slip, one.appointment.id))
        dialog.first.hide()

    def _ask_span(self, title: str, first: date, last: date | None, then: object) -> SpanDialog:
        dialog = SpanDialog(self._page.window(), title, first, last)
        dialog.agreed.connect(then)
        dialog.open()
        return dialog

    def _slips(self, day: date, _last: date, manner: Manner) -> None:
        with self._vault.read() as session:
            booked = [one for one in store.booked(session, day, day) if one.appointment.status.is_open]
        if booked:
            self._print_slips(booked, manner)
        else:
            self._notice.say(self.tr("这一天没有要发预约单的预约。"), self.tr("请换一天，或先添加预约。"))

    def _slip(self, appointment_id: int, _first: date, _last: date, manner: Manner) -> None:
        with self._vault.read() as session:
            booked = [store.one(session, appointment_id)]
        self._print_slips(booked, manner)

    def _print_slips(self, booked: list[Booked], manner: Manner) -> None:
        with self._vault.read() as session:
            slips = _slips_of(session, booked)
            school, own = schools.school(session), own_words(session, letter.SLIP)
        try:
            document = letter.slips(slips, school, manner, self._vault.clock.today(), own)
        except Problem as problem:  # her own words of the letter
            self._notice.tell(problem)
            return
        self._print(document, self.tr("预约单"))

    def _week(self) -> None:
        with self._vault.read() as session:
            calendar, school = schools.calendar(session), schools.school(session)
            booked = booked_in(session, self.monday)
        days = days_of(calendar, self.monday, booked)
        slots = [slot for day in days for slot in calendar.slots(day)]
        self._print(letter.week_plan(booked, slots, days, school), self.tr("本周安排表"))

    def _duty(self) -> None:
        with self._vault.read() as session:
            calendar, school = schools.calendar(session), schools.school(session)
        self._print(letter.duty_plan(calendar, days_of(calendar, self.monday, ()), school), self.tr("值班表"))

    def _register(self, first: date, last: date, _manner: Manner) -> None:
        with self._vault.read() as session:
            booked = store.booked(session, first, last)
            document = letter.register(booked, _numbers(session, booked), first, last, schools.school(session))
        self._print(document, self.tr("来访登记簿"))

    def _calendar(self, first: date, last: date, _manner: Manner) -> None:
        with self._vault.read() as session:
            booked = store.booked(session, first, last)
        taken = [one.appointment for one in booked if one.appointment.status.takes_time]
        content = calendar_file(taken, self._vault.vault_id, self._vault.now())
        title = self.tr("日历文件")
        inside = self.tr("里面只有时间，没有姓名、类型和地点。")
        self._exporter.ask(title, title, partial(self._write, content), inside=inside, protects=False, ending=".ics")

    def _print(self, document: Document, title: str) -> None:
        try:
            drawn = draw(document, Foot())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.sheet_wanted.emit(drawn.pdf, title, partial(self._log, Act.PRINT, title))

    def _write(self, content: bytes, path: Path, _password: str, answer: ForWhom) -> None:
        try:
            self._log(Act.EXPORT, self.tr("日历文件"), answer)
            write_whole(path, content)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(self.tr("已导出「{name}」。").format(name=path.name))

    def _log(self, act: Act, title: str, answer: ForWhom) -> None:
        with self._vault.write("打印或导出预约") as session:
            outgoing.send(self._vault, session, act, title, answer, kind=KIND)


def _slips_of(session: Session, booked: list[Booked]) -> list[Slip]:
    """One for each student who comes, each for the student's own teacher; one for somebody without a file."""
    calendar, numbers = schools.calendar(session), _numbers(session, booked)
    made = []
    for one in booked:
        name_of = period(calendar, one.appointment.day, one.appointment.start)
        made += [Slip(one, name, numbers.get(own, ""), name_of) for own, name, _ in one.students]
        if not one.students:
            made.append(Slip(one, who(one), "", name_of))
    return made


def _numbers(session: Session, booked: list[Booked]) -> dict[int, str]:
    """The student numbers by id."""
    ids = {own for one in booked for own in one.student_ids}
    return {own: student.student_no for own in ids if (student := students.find(session, own)) is not None}
