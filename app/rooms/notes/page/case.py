"""One case: what it is about, where it stands, its notes, and its closing."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.errors import Problem
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, CaseStatus, CloseReason, Outcome, ProblemType
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.record import Case, Note
from app.rooms.notes.wording import day
from app.rooms.school.record import class_name
from app.rooms.students.record import Student
from app.ui.cards import Card, EmptyState, button, restyle, text
from app.ui.fields import ChipsField, ChoiceField, Field, TextField
from app.ui.flow import FlowLayout
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Route
from app.ui.tables import Table, TableRow
from app.ui.writingpage import WritingPage
from app.vault import typing, voiding
from app.vault.choice import Choice
from app.vault.vault import Vault

PLACE = "case"
_CLOSING = {"reason": "", "outcome": "", "follow_up_plan": ""}
_STATE, _RISK = 2, 3
"""Columns whose words may have a tone."""
_SEEN = 10
"""Notes seen at once; more of them scroll."""


def _options(choices: type[Choice]) -> list[tuple[str, str]]:
    return [(str(choice.value), label_of(choice)) for choice in choices]


class CasePage(WritingPage):
    """A case, or the form that opens one."""

    kinds = frozenset({"note", "voided", "risk_answer", "case_file"})
    note_wanted = Signal(int)  # student id: a new note in the open case

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("个案"), notice, keeper)
        self._vault = vault
        self._case: Case | None = None
        self._student_id = 0
        self._build()
        self.save_button = self.add_action(button(self.tr("保存个案")))
        self.note_button = self.add_action(button(self.tr("+ 会谈记录"), primary=True))
        self.note_button.setToolTip("Ctrl+N")
        self.save_button.clicked.connect(self.save)
        self.note_button.clicked.connect(self._want_note)

    def open_record(self, record_id: int) -> None:
        """Show a case; a closing that was being written opens again."""
        self.leave()
        with self._vault.read() as session:
            self._case = cases.get_case(session, record_id)
        self._student_id = self._case.student_id
        self.route = Route(PLACE, record_id, self._student_id)
        self._begin(f"case/{record_id}", CaseValues.of(self._case))
        if self._case.is_open and self._keeper.kept(f"case/{record_id}/close"):
            self._begin_closing(self._case)
        self._vault.record_view(self._case)

    def begin_for(self, student_id: int) -> None:
        """Begin a case for a student."""
        self.leave()
        self._case, self._student_id = None, student_id
        self.route = Route(PLACE, None, student_id)
        self._begin(f"case/new/{student_id}", None)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self.close_form.end()
        super().leave()

    def write_down(self) -> None:
        """Open the case or write its changes down. Raises Problem for what a case must have and is missing."""
        with self._vault.write("保存个案") as session:
            if self._case is None:
                today = self._vault.clock.today()
                case = cases.open_case(session, self._student_id, self._values(), today)
            else:
                case = cases.save_case(session, self._case.id, self._values())
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        self.go_on(case)

    def go_on(self, case: Case) -> None:
        """The case was saved: it stays in front."""
        self.open_record(case.id)
        self._notice.toast(self.tr("已保存。"))

    def reload(self) -> None:
        if self._case is not None:
            with self._vault.read() as session:
                self._case = cases.get_case(session, self._case.id)
            self._show()

    def name_saving(self, words: str) -> None:
        """What the button that saves is called; for a new case it is the first thing to do."""
        self.save_button.setText(words)
        self.save_button.setAccessibleName(words)
        self.save_button.setProperty("primary", self._case is None)
        restyle(self.save_button)

    # The screen

    def _build(self) -> None:
        left, right = self.columns(3, 2)
        about = Card(self.tr("个案"))
        fields: tuple[tuple[str, Field], ...] = (
            ("source", PickField(self.tr("来源"), _options(CaseSource))),
            ("problem_types", ChipsField(self.tr("问题类型"), _options(ProblemType))),
            ("presenting_problem", TextField(self.tr("主诉"), self.tr("尽量用学生自己的话"), rows=2)),
            ("background", TextField(self.tr("背景"), self.tr("家庭、学业、同伴、既往就医"), rows=2)),
            ("goals", TextField(self.tr("辅导目标"), self.tr("接案后 14 天内与学生商定"), rows=2)),
        )
        for name, field in fields:
            about.body.addWidget(field)
            self.form.add(name, field)
        left.addWidget(about)
        left.addStretch(1)
        self.standing = Card(self.tr("进展"))
        self._status = text("", "strong")
        self._dates = text("", "secondary", wrap=True)
        self._moves = QWidget()
        FlowLayout(8, self._moves)
        for widget in (self._status, self._dates, self._moves):
            self.standing.body.addWidget(widget)
        self.close_form = self._closing()
        self.standing.body.addWidget(self.close_form)
        empty = EmptyState(self.tr("还没有会谈记录"), self.tr("第一次会谈从这里开始。"), self.tr("写会谈记录"))
        empty.wanted.connect(self._want_note)
        headers = [self.tr("次数"), self.tr("日期"), self.tr("状态"), self.tr("风险")]
        self.notes_table = Table(self.tr("这个个案的会谈"), headers, empty, (72, 120, 60))
        self.notes_table.opened.connect(self._open_note)
        self.notes_card = Card(self.tr("会谈记录"), flush=True)
        self.notes_card.body.addWidget(self.notes_table)
        right.addWidget(self.standing)
        right.addWidget(self.notes_card)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._ask_to_discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

    def _closing(self) -> InlineForm:
        form = InlineForm(
            self._keeper,
            self.tr("结案"),
            self.tr("结案前须没有未签的记录，也没有未了结的风险。"),
            self.tr("结案"),
            {
                "reason": ChoiceField(self.tr("结案原因"), CloseReason, empty=self.tr("未选")),
                "outcome": ChoiceField(self.tr("结果"), Outcome, empty=self.tr("未选")),
                "follow_up_plan": TextField(self.tr("后续跟踪安排"), rows=2),
            },
        )
        form.wanted.connect(self._close)
        return form

    def _begin(self, key: str, values: CaseValues | None) -> None:
        texts = dict.fromkeys(self.form.fields, "")
        if values is not None:
            texts |= {name: getattr(values, name) for name in ("presenting_problem", "background", "goals")}
            texts |= {"source": str(values.source.value), "problem_types": " ".join(values.problem_types)}
        self._keeper.begin(self.form, key, self._student_id, texts)
        self._show()

    def _show(self) -> None:
        with self._vault.read() as session:
            student = session.get_one(Student, self._student_id)
            notes = [n for n in store.notes(session, self._student_id) if self._case and n.case_id == self._case.id]
            void = voiding.voided(session, Note.__tablename__, [note.id for note in notes])
        about = f"{student.name} · {class_name(student.grade, student.class_no)}"
        case = self._case
        self.set_head(case.case_no if case else self.tr("新个案"), about)
        for shown_with_case in (self.standing, self.notes_card):
            shown_with_case.setVisible(case is not None)
        self.discard_button.setVisible(case is not None and not notes)
        self.offer(self.note_button, case is not None and case.is_open)
        self.name_saving(self.tr("保存个案") if case else self.tr("开始个案"))
        if case is not None:
            self._show_standing(case)
            self._show_notes(notes, set(void))

    def _show_standing(self, case: Case) -> None:
        self._status.setText(label_of(case.status))
        said = [self.tr("登记 {day}").format(day=day(case.opened_at))]
        if case.intake_at:
            said.append(self.tr("接案 {day}").format(day=day(case.intake_at)))
        if case.reopened_at:
            said.append(self.tr("重开 {day}").format(day=day(case.reopened_at)))
        if case.closed_at:
            ended = f"{label_of(case.close_reason)},{label_of(case.outcome)}"
            said.append(self.tr("结案 {day}：{how}").format(day=day(case.closed_at), how=ended))
            said.append(self.tr("后续：{plan}").format(plan=case.follow_up_plan))
        self._dates.setText("\n".join(said))
        flow = self._moves.layout()
        while flow is not None and (item := flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for status in case.status.next:
            self._add_move(case, status)
        if case.is_open and CaseStatus.CLOSED not in case.status.next:
            self._add_move(case, CaseStatus.CLOSED)

    def _add_move(self, case: Case, status: CaseStatus) -> None:
        reopen = case.status is CaseStatus.CLOSED
        words = self.tr("重开") if reopen else self.tr("结案…") if status is CaseStatus.CLOSED else label_of(status)
        made = button(words, name=self.tr("改为{status}").format(status=words))
        made.setProperty("status", status.value)
        made.clicked.connect(self._move)
        flow = self._moves.layout()
        if flow is not None:
            flow.addWidget(made)

    def _show_notes(self, notes: list[Note], void: set[int]) -> None:
        self.notes_table.show_rows([self._row(note, note.id in void) for note in notes])
        self.notes_table.fit_height(_SEEN)

    def _row(self, note: Note, void: bool) -> TableRow:
        state = self.tr("作废") if void else label_of(note.status)
        tones = {} if note.is_signed else {_STATE: "amber"}
        risk = label_of(note.risk_flag) if note.risk_flag is not None and note.risk_flag.asks and not void else ""
        return TableRow(
            note.id,
            (self.tr("第 {no} 次").format(no=note.session_no), day(note.held_on), state, risk),
            tones | {_RISK: "red"},
        )

    def _values(self) -> CaseValues:
        values = self.form.values()
        source = next((known for known in CaseSource if known.value == values["source"]), None)
        if source is None:
            raise Problem("个案还缺少：来源。", "选一项后再保存。")
        return CaseValues(
            source=source,
            problem_types=values["problem_types"].split(),
            presenting_problem=values["presenting_problem"],
            background=values["background"],
            goals=values["goals"],
        )

    # Acts

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
        self.reload()

    def _begin_closing(self, case: Case) -> None:
        values = _CLOSING | {"follow_up_plan": case.follow_up_plan}
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
        self.reload()

    def _want_note(self) -> None:
        self.note_wanted.emit(self._student_id)

    def _open_note(self, note_id: int) -> None:
        self.went.emit(Route("note", note_id, self._student_id))

    def _ask_to_discard(self) -> None:
        self._notice.ask(
            self.tr("把这个个案移到回收站？"), self.tr("可以从回收站取回。"), self.tr("移到回收站"), self._discard
        )

    def _discard(self) -> None:
        if self._case is None:
            return
        try:
            with self._vault.write("个案移到回收站") as session:
                cases.discard_case(session, self._case.id, self._vault.now())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.route = None
        self.went.emit(Route("student", self._student_id, self._student_id))
