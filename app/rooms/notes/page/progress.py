"""Where a case stands: its status and days, the steps it may take next, and its closing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from app.errors import Problem
from app.rooms.notes import cases
from app.rooms.notes.choices import CaseStatus, CloseReason, Outcome
from app.rooms.notes.record import Case
from app.rooms.notes.wording import day
from app.ui.cards import Card, button, text
from app.ui.fields import ChoiceField, TextField
from app.ui.flow import FlowLayout
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault


class ProgressCard(Card):
    """``moved`` follows when the case was taken to another status."""

    moved = Signal()

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("进展"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._case: Case | None = None
        self._status = text("", "strong")
        self._dates = text("", "secondary", wrap=True)
        self._moves = QWidget()
        self._flow = FlowLayout(8, self._moves)
        self.close_form = InlineForm(
            keeper,
            self.tr("结案"),
            self.tr("结案前须没有未签的记录，也没有未了结的风险。"),
            self.tr("结案"),
            {
                "reason": ChoiceField(self.tr("结案原因"), CloseReason, empty=self.tr("未选")),
                "outcome": ChoiceField(self.tr("结果"), Outcome, empty=self.tr("未选")),
                "follow_up_plan": TextField(self.tr("后续跟踪安排"), rows=2),
            },
        )
        self.close_form.wanted.connect(self._close)
        for widget in (self._status, self._dates, self._moves, self.close_form):
            self.body.addWidget(widget)

    def show_case(self, case: Case) -> None:
        """How far this case has come."""
        self._case = case
        self._status.setText(label_of(case.status))
        self._dates.setText("\n".join(self._days(case)))
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for status in case.status.next:
            self._add_move(case, status)
        if case.is_open and CaseStatus.CLOSED not in case.status.next:
            self._add_move(case, CaseStatus.CLOSED)

    def resume(self) -> None:
        """Open the closing again if something was typed into it and not saved."""
        case = self._case
        if case is not None and case.is_open and self._keeper.kept(f"case/{case.id}/close"):
            self._begin_closing(case)

    def _days(self, case: Case) -> list[str]:
        said = [self.tr("登记 {day}").format(day=day(case.opened_at))]
        if case.intake_at:
            said.append(self.tr("接案 {day}").format(day=day(case.intake_at)))
        if case.reopened_at:
            said.append(self.tr("重开 {day}").format(day=day(case.reopened_at)))
        if case.closed_at:
            ended = f"{label_of(case.close_reason)}，{label_of(case.outcome)}"
            said.append(self.tr("结案 {day}：{how}").format(day=day(case.closed_at), how=ended))
            said.append(self.tr("后续：{plan}").format(plan=case.follow_up_plan))
        return said

    def _add_move(self, case: Case, status: CaseStatus) -> None:
        reopen = case.status is CaseStatus.CLOSED
        words = self.tr("重开") if reopen else self.tr("结案…") if status is CaseStatus.CLOSED else label_of(status)
        made = button(words, name=self.tr("改为{status}").format(status=words))
        made.setProperty("status", status.value)
        made.clicked.connect(self._move)
        self._flow.addWidget(made)

    def _move(self) -> None:
        pressed, case = self.sender(), self._case
        if not isinstance(pressed, QPushButton) or case is None:
            return
        to = next(status for status in CaseStatus if status.value == pressed.property("status"))
        if to is CaseStatus.CLOSED:
            self._begin_closing(case)
            return
        try:
            with self._vault.write("更改个案状态") as session:
                cases.move_case(session, case.id, to, self._vault.clock.today())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.moved.emit()

    def _begin_closing(self, case: Case) -> None:
        values = {"reason": "", "outcome": "", "follow_up_plan": case.follow_up_plan}
        self.close_form.begin(f"case/{case.id}/close", case.student_id, values)

    def _close(self, values: dict[str, str]) -> None:
        case = self._case
        reason = next((known for known in CloseReason if known.value == values["reason"]), None)
        outcome = next((known for known in Outcome if known.value == values["outcome"]), None)
        if case is None:
            return
        try:
            if reason is None or outcome is None:
                raise Problem("结案还缺少：结案原因或结果。", "两项都选上再结案。")
            with self._vault.write("结案") as session:
                cases.close_case(
                    session,
                    case.id,
                    reason=reason,
                    outcome=outcome,
                    follow_up_plan=values["follow_up_plan"],
                    today=self._vault.clock.today(),
                )
                typing.drop(session, self.close_form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.close_form.settle()
        self.moved.emit()
