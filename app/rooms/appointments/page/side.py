"""What stands beside the week: who waits, with the next free times; the room's opening hours; what goes on paper."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.errors import Problem
from app.rooms.appointments import store, waiting
from app.rooms.appointments.choices import RequestedBy, Urgency
from app.rooms.appointments.page.choosing import StudentsField
from app.rooms.appointments.page.week import WeekShown
from app.rooms.appointments.rules.free import Free
from app.rooms.appointments.waiting import Listed
from app.rooms.appointments.wording import day_words
from app.rooms.school.names import weekday_name
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.fields import ChoiceField, LineField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.masking import shown
from app.ui.notice import Notice
from app.vault.vault import Vault

_TONES = {Urgency.URGENT: "red", Urgency.SOON: "amber"}


class WaitingCard(Card):
    """The waiting list: each with 「安排」, which shows the next free times."""

    offered = Signal(int, object)  # waiting id, the Free that was chosen

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("等候名单"), flush=True)
        self._vault, self._notice = vault, notice
        self._open: int | None = None
        """Whose free times are shown."""
        add = self.add_action(button(self.tr("添加"), quiet=True, name=self.tr("添加到等候名单")))
        add.clicked.connect(self.begin)
        self._students = StudentsField(self.tr("谁在等候"), vault)
        self._source = ChoiceField(self.tr("来源"), RequestedBy)
        self._urgency = ChoiceField(self.tr("等候缓急"), Urgency)
        self.form = InlineForm(
            keeper,
            self.tr("加入等候名单"),
            "",
            self.tr("加入名单"),
            {
                "student": self._students,
                "called": LineField(self.tr("还没有档案的称呼")),
                "source": self._source,
                "urgency": self._urgency,
                "topic": LineField(self.tr("等候事由")),
            },
        )
        self.form.wanted.connect(self._add)
        self._column = Card(flush=True)
        self._column.setObjectName("")
        self.body.addWidget(self.form)
        self.body.addWidget(self._column)

    def begin(self) -> None:
        """Open the form for somebody new on the list."""
        self.form.begin(
            "waiting/new", None, {"student": "", "called": "", "source": "student", "urgency": "normal", "topic": ""}
        )

    def reload(self) -> None:
        """Who waits now; under the one she arranges for, the free times that could be given."""
        with self._vault.read() as session:
            listed = waiting.listed(session)
            wanted = next((one.waiting for one in listed if one.waiting.id == self._open), None)
            students = [wanted.student_id] if wanted is not None and wanted.student_id is not None else []
            offers = waiting.offers(session, students, self._vault.now()) if wanted is not None else []
            unknown = store.unknown_years(session, [free.day for free in offers])
        clear(self._column.body)
        self.set_hint(self.tr("{count} 人").format(count=len(listed)) if listed else "")
        if not listed:
            hint = text(self.tr("没有人在等候。"), "hint")
            hint.setContentsMargins(16, 12, 16, 12)
            self._column.body.addWidget(hint)
        for one in listed:
            self._column.add_row(self._row(one))
            if one.waiting.id == self._open:
                self._column.body.addWidget(self._offers(one.waiting.id, offers, unknown))

    def _row(self, one: Listed) -> QWidget:
        """The name with what can be done, and under it the class, who asked and since when."""
        of = one.waiting
        name = shown(one.name, of.student_id)
        detail = " · ".join(filter(None, (one.place, label_of(of.source), f"{of.since:%m-%d}")))
        row = Row(name)
        row.line.setContentsMargins(16, 8, 16, 0)
        row.setToolTip(of.topic)
        if of.urgency in _TONES:
            row.add(tag(label_of(of.urgency), _TONES[of.urgency]))
        arrange = button(self.tr("安排"), quiet=True, name=self.tr("为{name}安排时间").format(name=name))
        arrange.setProperty("waiting", of.id)
        arrange.clicked.connect(self._arrange)
        row.add(arrange)
        under = text(detail, "hint", wrap=True)
        under.setContentsMargins(16, 0, 16, 10)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(row)
        column.addWidget(under)
        return holder

    def _offers(self, waiting_id: int, offers: Sequence[Free], unknown: Sequence[int]) -> QWidget:
        holder = Card()
        holder.setObjectName("well")
        words = (
            self.tr("接下来可约的时间：")
            if offers
            else self.tr("接下来 30 天没有空的时间，或还没有设置节次和开放时间。")
        )
        holder.body.addWidget(text(words, "hint", wrap=True))
        for year in unknown:
            told = self.tr("{year} 年的节假日还没有载入，只避开了周末。").format(year=year)
            holder.body.addWidget(text(told, "hint", wrap=True))
        for free in offers:
            said = f"{day_words(free.day)} {free.name} {free.start:%H:%M}–{free.end:%H:%M}".replace("  ", " ")
            made = button(said, name=self.tr("约在{time}").format(time=said))
            made.setProperty("waiting", waiting_id)
            made.setProperty("free", free)
            made.clicked.connect(self._offer)
            holder.body.addWidget(made)
        gone = button(self.tr("移出名单"), quiet=True, danger=True)
        gone.setProperty("waiting", waiting_id)
        gone.clicked.connect(self._discard)
        holder.body.addWidget(gone)
        return holder

    def _add(self, values: dict[str, str]) -> None:
        student_id = self._students.ids[0] if self._students.ids else None
        source, urgency = self._source.choice(), self._urgency.choice()
        if source is None or urgency is None:
            return
        today = self._vault.clock.today()
        try:
            with self._vault.write("加入等候名单") as session:
                waiting.add(session, student_id, values["called"], source, urgency, values["topic"], today)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.form.settle()
        self.reload()

    def _arrange(self) -> None:
        chosen = int(self.sender().property("waiting"))
        self._open = None if self._open == chosen else chosen
        self.reload()

    def _offer(self) -> None:
        pressed = self.sender()
        self.offered.emit(int(pressed.property("waiting")), pressed.property("free"))

    def _discard(self) -> None:
        waiting_id = int(self.sender().property("waiting"))
        with self._vault.write("移出等候名单") as session:
            waiting.discard(session, waiting_id, self._vault.now())
        self._notice.toast(self.tr("已移出等候名单。"), self.tr("撤销"), partial(self._take_back, waiting_id))
        self.reload()

    def _take_back(self, waiting_id: int) -> None:
        try:
            with self._vault.write("从回收站取回") as session:
                waiting.take_back(session, waiting_id)
        except Problem as problem:
            self._notice.tell(problem)
        self.reload()


class OpeningCard(Card):
    """How long the room is open this week, and how much of it is booked."""

    def __init__(self) -> None:
        super().__init__(self.tr("本周开放"))
        self._words = text("", wrap=True)
        self._short = text("", "warning", wrap=True)
        self.body.addWidget(self._words)
        self.body.addWidget(self._short)

    def show_week(self, week: WeekShown) -> None:
        """What the week offers and what of it is taken; days that fall short of the rule are named."""
        words = self.tr("还没有设置开放时间，或这一周不上课。")
        if week.open_minutes:
            told = self.tr("开放 {open} 小时 · 已约 {booked} 小时")
            words = told.format(open=_hours(week.open_minutes), booked=_hours(week.booked_minutes))
        days = "、".join(f"{weekday_name(day.isoweekday())} {_hours(minutes)}" for day, minutes in week.short)
        short = (
            self.tr("每天应有 {needed} 小时，不足：{days}").format(needed=_hours(week.needed), days=days)
            if days
            else ""
        )
        for label, said in ((self._words, words), (self._short, short)):
            if said != label.text():
                label.setText(said)
        self._short.setVisible(bool(short))


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")
