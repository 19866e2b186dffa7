"""One case: what it is about, where it stands, its notes, and its closing."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.errors import Problem
from app.rooms.notes import cases, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, ProblemType
from app.rooms.notes.page.disclosing import DisclosuresCard
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.page.progress import ProgressCard
from app.rooms.notes.record import Case, Note
from app.rooms.notes.wording import day
from app.rooms.school import store as schools
from app.rooms.school.record import class_name
from app.rooms.students.record import Student
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, EmptyState, button, restyle
from app.ui.fields import ChipsField, Field, TextField
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Route
from app.ui.tables import Table, TableRow
from app.ui.writingpage import WritingPage
from app.vault import bin, typing, voiding
from app.vault.choice import Choice
from app.vault.vault import Vault

PLACE = "case"
_STATE = 2
"""The column whose words may have a tone."""
_SEEN = 10
"""Notes seen at once; more of them scroll."""


def _options(choices: type[Choice]) -> list[tuple[str, str]]:
    return [(str(choice.value), label_of(choice)) for choice in choices]


class CasePage(WritingPage):
    """A case, or the form that opens one."""

    kinds = frozenset({"note", "voided", "risk_answer", "case_file", "disclosure", "attachment"})
    note_wanted = Signal(int)  # student id: a new note in the open case

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, background: Background) -> None:
        super().__init__(self.tr("个案"), notice, keeper)
        self._vault = vault
        self._case: Case | None = None
        self._student_id = 0
        self._build(background)
        self.save_button = self.add_action(button(self.tr("保存个案")))
        self.note_button = self.add_action(button(self.tr("+ 会谈记录"), primary=True))
        self.note_button.setToolTip("Ctrl+N")
        self.save_button.clicked.connect(self.save)
        self.note_button.clicked.connect(self._want_note)

    def arrive(self, route: Route) -> None:
        super().arrive(route)
        with self._vault.read() as session:
            days = schools.terms(session).case_goals_days
        self.form.fields["goals"].set_hint(self.tr("接案后 {n} 天内与学生商定").format(n=days))
        if route.part is not None:
            self.told.bring(route.part)

    def open_record(self, record_id: int) -> None:
        """Show a case; a closing that was being written opens again."""
        self.leave()
        with self._vault.read() as session:
            self._case = cases.get_case(session, record_id)
        self._student_id = self._case.student_id
        self.route = Route(PLACE, record_id, self._student_id)
        self._begin(f"case/{record_id}", CaseValues.of(self._case))
        self.progress.resume()
        self.told.resume()
        self._vault.record_view(self._case)

    def begin_for(self, student_id: int) -> None:
        """Begin a case for a student."""
        self.leave()
        self._case, self._student_id = None, student_id
        self.route = Route(PLACE, None, student_id)
        self._begin(f"case/new/{student_id}", None)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self.progress.close_form.end()
        self.told.form.end()
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

    def _build(self, background: Background) -> None:
        left, right = self.columns(4, 3)
        about = Card(self.tr("个案"))
        fields: tuple[tuple[str, Field], ...] = (
            ("source", PickField(self.tr("来源"), _options(CaseSource))),
            ("problem_types", ChipsField(self.tr("问题类型"), _options(ProblemType))),
            ("presenting_problem", TextField(self.tr("主诉"), self.tr("尽量用学生自己的话"), rows=2)),
            ("background", TextField(self.tr("背景"), self.tr("家庭、学业、同伴、既往就医"), rows=2)),
            ("goals", TextField(self.tr("辅导目标"), rows=2)),
        )
        for name, field in fields:
            about.body.addWidget(field)
            self.form.add(name, field)
        left.addWidget(about)
        left.addStretch(1)
        self.progress = ProgressCard(self._vault, self._notice, self._keeper)
        self.progress.moved.connect(self.reload)
        empty = EmptyState(self.tr("还没有会谈记录"), self.tr("第一次会谈从这里开始。"), self.tr("写会谈记录"))
        empty.wanted.connect(self._want_note)
        headers = [self.tr("次数"), self.tr("日期"), self.tr("状态")]
        self.notes_table = Table(self.tr("这个个案的会谈"), headers, empty, (92, 150))
        self.notes_table.opened.connect(self._open_note)
        self.notes_card = Card(self.tr("会谈记录"), flush=True)
        self.notes_card.body.addWidget(self.notes_table)
        right.addWidget(self.progress)
        right.addWidget(self.notes_card)
        self.told = DisclosuresCard(self._vault, self._notice, self._keeper)
        right.addWidget(self.told)
        self.attached = AttachedCard(self._vault, self._notice, background)
        right.addWidget(self.attached)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._ask_to_discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

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
        for shown_with_case in (self.progress, self.notes_card, self.told, self.attached):
            shown_with_case.setVisible(case is not None)
        self.discard_button.setVisible(case is not None and not notes)
        self.offer(self.note_button, case is not None and case.is_open)
        self.name_saving(self.tr("保存个案") if case else self.tr("开始个案"))
        if case is not None:
            self.progress.show_case(case)
            self.told.show_student(case.student_id)
            self.attached.show_for(case)
            self._show_notes(notes, set(void))

    def _show_notes(self, notes: list[Note], void: set[int]) -> None:
        self.notes_table.show_rows([self._row(note, note.id in void) for note in notes])
        self.notes_table.fit_height(_SEEN)

    def _row(self, note: Note, void: bool) -> TableRow:
        said = [self.tr("作废") if void else label_of(note.status)]
        tones = {} if note.is_signed else {_STATE: "amber"}
        if note.risk_flag is not None and note.risk_flag.asks and not void:
            said.append(label_of(note.risk_flag))
            tones = {_STATE: "red"}
        cells = (self.tr("第 {no} 次").format(no=note.session_no), day(note.held_on), " · ".join(said))
        return TableRow(note.id, cells, tones, struck=(0, 1) if void else ())

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
        case_id, student_id = self._case.id, self._student_id
        try:
            with self._vault.write("个案移到回收站") as session:
                cases.discard_case(session, case_id, self._vault.now())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.leave()
        self.route = None
        self.went.emit(Route("student", student_id, student_id))
        self._notice.toast(
            self.tr("个案已移到回收站。"), self.tr("撤销"), partial(self._take_back, case_id, student_id)
        )

    def _take_back(self, case_id: int, student_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(cases.get_case(session, case_id))
        self.went.emit(Route(PLACE, case_id, student_id))
