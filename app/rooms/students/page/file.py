"""A student's file: the timeline over every record kind, what stands now, guardians, consents, attachments, and who the student is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from sqlalchemy.orm import Session

from app.rooms.school.record import class_name
from app.rooms.students import store
from app.rooms.students.choices import StudentStatus
from app.rooms.students.page.beside import AboutCard, ConsentsCard, GuardiansCard, NowCard
from app.rooms.students.page.timeline import Timeline
from app.rooms.students.record import Consent, Fact, Line, Student, Tone
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, EmptyState, button
from app.ui.flow import FlowLayout
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import bin
from app.vault.vault import Vault

PLACE = "student"
Beside = tuple[QWidget, Callable[[int], None]]
"""A card of another room, and what has it show a student."""
LinesOf = Callable[[Session, int], list[Line]]
FactsOf = Callable[[Session, int, date], list[Fact]]


class StudentPage(Page):
    """One student's file. The house hands in what the rooms above offer: ``lines`` with the word each is filtered by, ``facts`` in
    the order they are shown, ``beside`` cards for the right column, ``also`` the tables whose changes concern the file."""

    line_opened = Signal(object, int)  # the Line and the student id: the house knows whose it is
    note_wanted = Signal(int)
    referral_wanted = Signal(int)

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        background: Background,
        *,
        lines: Sequence[tuple[str, LinesOf]],
        facts: Sequence[FactsOf],
        beside: Sequence[Beside] = (),
        also: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(self.tr("学生"))
        self._vault, self._notice = vault, notice
        self._line_sources, self._fact_sources, self._beside = lines, facts, beside
        self.kinds = frozenset({"student", "guardian", "consent", "attachment"}) | also
        self._student: Student | None = None
        self._told: dict[str, list[Line]] = {}
        self._filter = ""
        self._build(background)
        self._build_head()

    def arrive(self, route: Route) -> None:
        student_id = route.student_id or route.record_id
        if student_id is not None:
            self.open_student(student_id)

    def open_student(self, student_id: int) -> None:
        """Show a file; one that lies in the bin or is gone leads to the bin or the list."""
        self.route = Route(PLACE, student_id, student_id)
        self._filter = ""
        self._stale = False
        if self._load(student_id) and self._student is not None:
            self._vault.record_view(self._student)

    def reload(self) -> None:
        if self._student is not None:
            self._load(self._student.id)

    # The screen

    def _build(self, background: Background) -> None:
        left, right = self.columns(3, 2)
        self.timeline_card = Card(self.tr("时间线"), flush=True)
        self._chips = QWidget()
        FlowLayout(4, self._chips)
        self._chips.setContentsMargins(12, 8, 12, 8)
        self.timeline = Timeline(self.tr("时间线"), self._vault.now())
        self.timeline.opened.connect(self._open_line)
        self.empty = EmptyState(
            self.tr("还没有记录"), self.tr("会谈、知情同意和转介会按日期排在这里。"), self.tr("写会谈记录")
        )
        self.empty.wanted.connect(self._want_note)
        for widget in (self._chips, self.timeline, self.empty):
            self.timeline_card.body.addWidget(widget)
        left.addWidget(self.timeline_card)
        left.addStretch(1)
        self.now_card = NowCard()
        self.guardians_card = GuardiansCard()
        self.consents_card = ConsentsCard()
        self.attached = AttachedCard(self._vault, self._notice, background)
        self.about_card = AboutCard()
        right.addWidget(self.now_card)
        for widget, _show in self._beside:
            right.addWidget(widget)
        for card in (self.guardians_card, self.consents_card, self.attached, self.about_card):
            right.addWidget(card)
        self.guardians_card.record_wanted.connect(self._open_guardian)
        self.guardians_card.new_wanted.connect(self._add_guardian)
        self.consents_card.record_wanted.connect(self._open_consent)
        self.consents_card.new_wanted.connect(self._add_consent)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._ask_to_discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

    def _build_head(self) -> None:
        self.edit_button = self.add_action(button(self.tr("编辑"), name=self.tr("编辑学生信息")))
        self.referral_button = self.add_action(button(self.tr("转介"), name=self.tr("写转介单")))
        self.note_button = self.add_action(button(self.tr("+ 会谈记录"), primary=True))
        self.edit_button.clicked.connect(self._edit)
        self.referral_button.clicked.connect(self._want_referral)
        self.note_button.setToolTip("Ctrl+N")
        self.note_button.clicked.connect(self._want_note)

    def _load(self, student_id: int) -> bool:
        """Read the whole file in one session and show it; False if there is no such file to show."""
        today = self._vault.clock.today()
        with self._vault.read() as session:
            student = store.find(session, student_id)
            if student is None or student.deleted_at is not None:
                self._student = None
                self.went.emit(Route("students" if student is None else "bin"))
                return False
            guardians = store.guardians(session, student_id)
            consents = store.consents(session, student_id)
            self._told = {}
            for label, source in self._line_sources:
                self._told.setdefault(label, []).extend(source(session, student_id))
            facts = [fact for source in self._fact_sources for fact in source(session, student_id, today)]
        self._student = student
        self.set_head(student.name, self._context(student, today))
        self._show_chips()
        self._show_lines()
        self.now_card.show_facts(sorted(facts, key=_worst_first))
        self.guardians_card.show_guardians(guardians)
        self.consents_card.show_consents(consents, today)
        self.about_card.show_student(student)
        self.attached.show_for(student)
        for _widget, show in self._beside:
            show(student_id)
        return True

    def _show_chips(self) -> None:
        flow = self._chips.layout()
        while flow is not None and (item := flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        labels = [label for label, lines in self._told.items() if lines]
        if self._filter not in labels:
            self._filter = ""
        self._chips.setVisible(len(labels) > 1)
        for label in ("", *labels):
            words = label or self.tr("全部")
            chip = button(words, name=self.tr("时间线：{kind}").format(kind=words))
            chip.setProperty("chip", True)
            chip.setProperty("kind", label)
            chip.setCheckable(True)
            chip.setChecked(label == self._filter)
            chip.clicked.connect(self._choose_kind)
            if flow is not None:
                flow.addWidget(chip)

    def _show_lines(self) -> None:
        shown = [line for label, lines in self._told.items() if self._filter in ("", label) for line in lines]
        self.timeline.show_lines(shown)
        self.timeline.setVisible(bool(shown))
        self.empty.setVisible(not shown)

    def _context(self, student: Student, today: date) -> str:
        parts = [class_name(student.grade, student.class_no)]
        if student.gender is not None:
            parts.append(label_of(student.gender))
        age = student.age(today)
        if age is not None:
            parts.append(self.tr("{age} 岁").format(age=age))
        parts.append(self.tr("学号 {number}").format(number=student.student_no))
        if student.status is not StudentStatus.ENROLLED:
            parts.append(label_of(student.status))
        return " · ".join(parts)

    # Acts

    def _choose_kind(self) -> None:
        chip = self.sender()
        if isinstance(chip, QPushButton):
            self._filter = str(chip.property("kind") or "")
            for other in self._chips.findChildren(QPushButton):
                other.setChecked(str(other.property("kind") or "") == self._filter)
            self._show_lines()

    def _open_line(self, line: Line) -> None:
        if self._student is None:
            return
        if line.kind == Consent.__tablename__:
            self._open_consent(line.record_id)
        else:
            self.line_opened.emit(line, self._student.id)

    def _open_guardian(self, guardian_id: int) -> None:
        self._go("guardian", guardian_id)

    def _open_consent(self, consent_id: int) -> None:
        self._go("consent", consent_id)

    def _add_guardian(self) -> None:
        self._go("guardian", None)

    def _add_consent(self) -> None:
        self._go("consent", None)

    def _go(self, place: str, record_id: int | None) -> None:
        if self._student is not None:
            self.went.emit(Route(place, record_id, self._student.id))

    def _edit(self) -> None:
        if self._student is not None:
            self.went.emit(Route("student.edit", self._student.id, self._student.id))

    def _want_note(self) -> None:
        if self._student is not None:
            self.note_wanted.emit(self._student.id)

    def _want_referral(self) -> None:
        if self._student is not None:
            self.referral_wanted.emit(self._student.id)

    def _ask_to_discard(self) -> None:
        self._notice.ask(
            self.tr("把这份档案移到回收站？"),
            self.tr("学生和所有记录会离开名单和搜索，在回收站清空以前都可以取回。"),
            self.tr("移到回收站"),
            self._discard,
        )

    def _discard(self) -> None:
        if self._student is None:
            return
        student_id, self._student, self.route = self._student.id, None, None
        with self._vault.write("档案移到回收站") as session:
            bin.put(store.get(session, student_id), self._vault.now())
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, student_id))
        self.went.emit(Route("students"))

    def _take_back(self, student_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            store.take_back(session, student_id)
        self.went.emit(Route(PLACE, student_id, student_id))


def _worst_first(fact: Fact) -> bool:
    """What must not be overlooked stands above the rest, which keeps its order."""
    return fact.tone is not Tone.RED
