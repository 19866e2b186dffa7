"""What the counsellor does with appointments, carried out in one write each; what keeps it from being done is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.appointments import changing, outcomes, store, waiting
from app.rooms.appointments.choices import CancelledBy, Scope, Status
from app.rooms.appointments.page.choosing import ScopeDialog
from app.rooms.appointments.page.form import Wanted
from app.rooms.appointments.record import AppointmentValues
from app.rooms.appointments.rules.clashes import Clashing
from app.rooms.appointments.rules.series import Plan
from app.rooms.appointments.wording import day_words
from app.rooms.school.names import month_day
from app.ui import masking
from app.ui.fields import read_day, read_time
from app.ui.notice import Notice
from app.vault import undo
from app.vault.vault import Vault

_TOLD = 12
"""Days named one by one."""


class Deeds(QObject):
    """Each act tells when it is done, clashed, or was not done at all."""

    done = Signal(int)  # the appointment to show
    clashed = Signal()  # the form may give a reason
    settled = Signal()  # what the panel asked for is done
    undone = Signal()  # nothing has changed, or it was taken back: show what is

    def __init__(self, vault: Vault, notice: Notice, page: QWidget) -> None:
        super().__init__(page)
        self._vault, self._notice, self._page = vault, notice, page
        self._batch = 0
        """The last change, for taking it back."""

    # Entering

    def enter(self, wanted: Wanted, waiting_id: int | None) -> None:
        """Save a new appointment, or show what a series would come to and save it then."""
        if wanted.pattern is not None:
            self._show_plan(wanted, waiting_id)
            return

        def act(session: Session) -> int:
            made = store.add(session, wanted.values, self._vault.now())
            if waiting_id is not None:
                waiting.arranged(session, waiting_id, made.id)
            return made.id

        self._carry_out("新预约", act)

    def _show_plan(self, wanted: Wanted, waiting_id: int | None) -> None:
        if wanted.pattern is None:
            return
        try:
            with self._vault.read() as session:
                planned = store.plan_series(session, wanted.values, wanted.pattern)
                unknown = store.unknown_years(session, planned.days)
        except Problem as problem:
            self.tell(problem)
            return
        words = self.tr("约 {count} 次，跳过 {skipped} 次。")
        if planned.moved:
            words = self.tr("约 {count} 次(其中改到别的日子 {moved} 次)，跳过 {skipped} 次。")
        sentence = words.format(count=len(planned.days), moved=len(planned.moved), skipped=len(planned.skipped))
        save = partial(self._enter_series, wanted, waiting_id)
        told = self._masked(self._plan_words(planned, unknown))
        self._notice.ask(sentence, told, self.tr("保存这组预约"), save)

    def _plan_words(self, planned: Plan, unknown: list[int]) -> str:
        told = [self.tr("预约：{days}").format(days=self._days(planned.days))]
        left_out: dict[str, list[date]] = {}
        for skipped in planned.skipped:
            left_out.setdefault(skipped.why, []).append(skipped.day)
        told += [
            self.tr("跳过　{why}：{days}").format(why=why, days=self._days(days)) for why, days in left_out.items()
        ]
        told += [
            self.tr("改到 {to}　{day} {why}").format(to=day_words(one.to), day=month_day(one.day), why=one.why)
            for one in planned.moved[:_TOLD]
        ]
        for year in unknown:
            told.append(self.tr("{year} 年的节假日还没有载入，只按周末跳过。").format(year=year))
        return "\n".join(told)

    def _days(self, days: Sequence[date]) -> str:
        named = "、".join(map(month_day, days[:_TOLD]))
        more = len(days) - _TOLD
        return named + (self.tr(" 等 {count} 次").format(count=len(days)) if more > 0 else "")

    def _enter_series(self, wanted: Wanted, waiting_id: int | None) -> None:
        def act(session: Session) -> int:
            if wanted.pattern is None:
                raise ValueError("a series has a pattern")
            first = store.add_series(session, wanted.values, wanted.pattern)[0]
            if waiting_id is not None:
                waiting.arranged(session, waiting_id, first.id)
            return first.id

        self._carry_out("新预约", act)

    # Changing

    def change(self, appointment_id: int, values: AppointmentValues) -> None:
        """Write it anew; of a series she is asked which."""
        self._ask_scope(appointment_id, self.tr("这次修改用于哪几次？"), partial(self._change, appointment_id, values))

    def _change(self, appointment_id: int, values: AppointmentValues, scope: Scope) -> None:
        def act(session: Session) -> int:
            self._batch = changing.change(self._vault, session, appointment_id, values, scope)
            return appointment_id

        if self._carry_out("修改预约", act):
            self._offer_undo(self.tr("已修改。"))

    def move(self, appointment_id: int, day: date, start: time, end: time) -> None:
        """A drag or its keys: the row changes, and can be taken back."""
        self._ask_scope(appointment_id, self.tr("移动哪几次？"), partial(self._move, appointment_id, day, start, end))

    def _move(self, appointment_id: int, day: date, start: time, end: time, scope: Scope) -> None:
        def act(session: Session) -> int:
            self._batch = changing.move(self._vault, session, appointment_id, day, start, end, scope)
            return appointment_id

        if self._carry_out("移动预约", act):
            told = self.tr("已移到 {day} {start}–{end}。")
            self._offer_undo(told.format(day=day_words(day), start=f"{start:%H:%M}", end=f"{end:%H:%M}"))

    def _offer_undo(self, words: str) -> None:
        self._notice.toast(words, self.tr("撤销"), partial(self._undo, self._batch))

    def _undo(self, batch: int) -> None:
        with self._vault.write("撤销移动") as session:
            left = undo.revert(self._vault, session, batch).left
        if left:
            self._notice.toast(self.tr("之后又改过的预约没有撤销。"))
        self.undone.emit()

    def discard(self, appointment_id: int) -> None:
        """Into the bin, with a way back."""
        self._ask_scope(appointment_id, self.tr("把哪几次移到回收站？"), partial(self._discard, appointment_id))

    def _discard(self, appointment_id: int, scope: Scope) -> None:
        with self._vault.write("预约移到回收站") as session:
            gone = changing.discard(session, appointment_id, scope, self._vault.now())
        self.undone.emit()
        self._notice.toast(self.tr("预约已移到回收站。"), self.tr("撤销"), partial(self._take_back, gone))

    def _take_back(self, ids: list[int]) -> None:
        try:
            with self._vault.write("从回收站取回") as session:
                changing.take_back(session, ids)
        except Problem as problem:
            self._notice.tell(problem)
        self.undone.emit()

    # Outcomes

    def confirm(self, appointment_id: int) -> None:
        def act(session: Session) -> int:
            return outcomes.confirm(session, appointment_id).id

        self._carry_out("确认预约", act)

    def register(self, appointment_id: int, outcome: Status) -> bool:
        """已到访 or 未到; whether it was done."""

        def act(session: Session) -> int:
            return outcomes.register(session, appointment_id, outcome, self._vault.now()).id

        return self._carry_out("登记预约结果", act)

    def reopen(self, appointment_id: int) -> None:
        def act(session: Session) -> int:
            return outcomes.reopen(session, appointment_id).id

        self._carry_out("改登记", act)

    def cancel(self, appointment_id: int, by: CancelledBy, reason: str) -> None:
        """Called off; of a series she is asked which."""
        self._ask_scope(appointment_id, self.tr("取消哪几次？"), partial(self._cancel, appointment_id, by, reason))

    def _cancel(self, appointment_id: int, by: CancelledBy, reason: str, scope: Scope) -> None:
        def act(session: Session) -> int:
            return outcomes.cancel(session, appointment_id, by, reason, self._vault.now(), scope).id

        self._carry_out("取消预约", act, settles=True)

    def reschedule(self, appointment_id: int, values: dict[str, str]) -> None:
        """改期: shows the new one."""

        def act(session: Session) -> int:
            day, start, end = read_day(values["day"]), read_time(values["start"]), read_time(values["end"])
            if day is None or start is None or end is None:
                raise Problem("日期、开始和结束时间都要填写。", "请补上再保存。")
            told = (values["reason"], values["override"])
            return outcomes.reschedule(session, appointment_id, day, start, end, *told).id

        self._carry_out("预约改期", act, settles=True)

    def link(self, appointment_id: int, student_id: int) -> bool:
        """A reserved name has a file now."""

        def act(session: Session) -> int:
            return changing.link(session, appointment_id, student_id).id

        return self._carry_out("预约关联档案", act)

    # Inside

    def _carry_out(self, what: str, act: Callable[[Session], int], *, settles: bool = False) -> bool:
        """``settles``: a small form of the panel asked for it, and is closed before another appointment is shown."""
        try:
            with self._vault.write(what) as session:
                appointment_id = act(session)
        except Problem as problem:
            self.tell(problem)
            return False
        if settles:
            self.settled.emit()
        self.done.emit(appointment_id)
        return True

    def tell(self, problem: Problem) -> None:
        """Say what stands in the way; what is shown is read again."""
        values = {key: self._masked(str(value)) for key, value in problem.values.items()}
        self._notice.tell(Problem(problem.sentence_template, problem.next_template, **values))
        if isinstance(problem, Clashing):
            self.clashed.emit()
        self.undone.emit()

    def _masked(self, words: str) -> str:
        """What a clash is told by names who is booked: in 会谈模式 nobody but the student in the room is to be read."""
        if masking.student() is None:
            return words
        with self._vault.read() as session:
            booked = store.booked(session, date.min, date.max)
        named: set[tuple[int | None, str]] = {(own, name) for one in booked for own, name, _ in one.students}
        named |= {(None, one.appointment.called) for one in booked if one.appointment.kind.has_note}
        for own, name in named:
            words = words.replace(name, masking.shown(name, own)) if name else words
        return words

    def _ask_scope(self, appointment_id: int, question: str, then: Callable[[Scope], None]) -> None:
        with self._vault.read() as session:
            alone = len(changing.of_series(session, store.get(session, appointment_id), Scope.ALL)) == 1
        if alone:
            then(Scope.ONE)
            return
        dialog = ScopeDialog(self._page.window(), question)
        dialog.chosen.connect(then)
        dialog.given_up.connect(self.undone)
        dialog.open()
