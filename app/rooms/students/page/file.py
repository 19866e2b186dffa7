"""A student's file: the timeline over every record kind, what stands now, guardians, consents, attachments, and who the student is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget
from sqlalchemy.orm import Session

from app.rooms.school.record import class_name
from app.rooms.students import store
from app.rooms.students.choices import SpecialGroup, StudentStatus
from app.rooms.students.page.timeline import Timeline, day_words
from app.rooms.students.record import Consent, Fact, Guardian, Line, Student, Tone
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, EmptyState, Row, button, clear, tag, text
from app.ui.flow import FlowLayout
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
        self.timeline = Timeline(self.tr("时间线"), self._vault.clock.today().year)
        self.timeline.opened.connect(self._open_line)
        self.empty = EmptyState(
            self.tr("还没有记录"), self.tr("会谈、知情同意和转介会按日期排在这里。"), self.tr("写会谈记录")
        )
        self.empty.wanted.connect(self._want_note)
        for widget in (self._chips, self.timeline, self.empty):
            self.timeline_card.body.addWidget(widget)
        left.addWidget(self.timeline_card)
        left.addStretch(1)
        self.now_card = Card(self.tr("现在"))
        self.guardians_card = Card(self.tr("监护人"), flush=True)
        self.consents_card = Card(self.tr("知情同意"), flush=True)
        self.attached = AttachedCard(self._vault, self._notice, background)
        self.about_card = Card(self.tr("基本情况"), flush=True)
        right.addWidget(self.now_card)
        for widget, _show in self._beside:
            right.addWidget(widget)
        for card in (self.guardians_card, self.consents_card, self.attached, self.about_card):
            right.addWidget(card)
        add_guardian = self.guardians_card.add_action(
            button(self.tr("添加"), quiet=True, name=self.tr("添加监护人"))
        )
        add_guardian.clicked.connect(self._add_guardian)
        add_consent = self.consents_card.add_action(button(self.tr("登记"), quiet=True, name=self.tr("登记知情同意")))
        add_consent.clicked.connect(self._add_consent)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._ask_to_discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

    def _build_head(self) -> None:
        self.edit_button = self.add_action(button(self.tr("编辑"), name=self.tr("编辑学生信息")))
        self.referral_button = self.add_action(button(self.tr("转介")))
        self.note_button = self.add_action(button(self.tr("+ 会谈记录"), primary=True))
        self.edit_button.clicked.connect(self._edit)
        self.referral_button.clicked.connect(self._want_referral)
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
        self.set_head(student.name, _context(student, today))
        self._show_chips()
        self._show_lines()
        self._show_facts(facts)
        self._show_guardians(guardians)
        self._show_consents(consents, today)
        self._show_about(student)
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
            chip = button(words, name=self.tr("时间线:{kind}").format(kind=words))
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

    def _show_facts(self, facts: list[Fact]) -> None:
        clear(self.now_card.body)
        self.now_card.setVisible(bool(facts))
        for fact in facts:
            self.now_card.body.addWidget(_fact(fact))

    def _show_guardians(self, guardians: list[Guardian]) -> None:
        clear(self.guardians_card.body)
        if not guardians:
            self.guardians_card.body.addWidget(_hint(self.tr("还没有监护人。转介和知情同意需要监护人的姓名和电话。")))
        for guardian in guardians:
            row = Row(guardian.name or self.tr("(未写姓名)"), _guardian_words(guardian), lead=guardian.relation.label)
            row.make_clickable(self.tr("打开监护人 {name}").format(name=guardian.name or guardian.relation.label))
            row.setProperty("guardian", guardian.id)
            row.chosen.connect(self._open_guardian)
            self.guardians_card.add_row(row)

    def _show_consents(self, consents: list[Consent], today: date) -> None:
        clear(self.consents_card.body)
        if not consents:
            self.consents_card.body.addWidget(_hint(self.tr("还没有登记过知情同意。")))
        for consent in consents:
            row = Row(consent.type.label, f"{day_words(consent.signed_at, today.year)} · {consent.signer_name}")
            row.add(_consent_tag(consent, today))
            row.make_clickable(self.tr("打开知情同意 {type}").format(type=consent.type.label))
            row.setProperty("consent", consent.id)
            row.chosen.connect(self._open_consent)
            self.consents_card.add_row(row)

    def _show_about(self, student: Student) -> None:
        clear(self.about_card.body)
        for label, words in _about(student):
            self.about_card.add_row(Row("", words, lead=label))

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
            self.went.emit(Route("consent", line.record_id, self._student.id))
        else:
            self.line_opened.emit(line, self._student.id)

    def _open_guardian(self) -> None:
        self._go("guardian", "guardian")

    def _open_consent(self) -> None:
        self._go("consent", "consent")

    def _go(self, place: str, which: str) -> None:
        row = self.sender()
        if isinstance(row, Row) and self._student is not None:
            self.went.emit(Route(place, int(row.property(which)), self._student.id))

    def _add_guardian(self) -> None:
        if self._student is not None:
            self.went.emit(Route("guardian", None, self._student.id))

    def _add_consent(self) -> None:
        if self._student is not None:
            self.went.emit(Route("consent", None, self._student.id))

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
            self.tr("把这份档案移到回收站?"),
            self.tr("学生和所有记录会离开名单和搜索,在回收站清空以前都可以取回。"),
            self.tr("移到回收站"),
            self._discard,
        )

    def _discard(self) -> None:
        if self._student is None:
            return
        student_id, self._student = self._student.id, None
        with self._vault.write("档案移到回收站") as session:
            bin.put(store.get(session, student_id), self._vault.now())
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, student_id))
        self.went.emit(Route("students"))

    def _take_back(self, student_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            store.take_back(session, student_id)
        self.went.emit(Route(PLACE, student_id, student_id))


def _context(student: Student, today: date) -> str:
    parts = [class_name(student.grade, student.class_no)]
    if student.gender is not None:
        parts.append(student.gender.label)
    age = student.age(today)
    if age is not None:
        parts.append(f"{age} 岁")
    parts.append(f"学号 {student.student_no}")
    if student.status is not StudentStatus.ENROLLED:
        parts.append(student.status.label)
    return " · ".join(parts)


def _fact(fact: Fact) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(8)
    line.addWidget(text(fact.label, "secondary") if fact.tone is Tone.PLAIN else tag(fact.label, fact.tone.value))
    words = text(fact.text, wrap=True, selectable=True)
    line.addWidget(words, 1)
    holder.setAccessibleName(f"{fact.label}:{fact.text}")
    return holder


def _hint(words: str) -> QLabel:
    hint = text(words, "hint", wrap=True)
    hint.setContentsMargins(16, 12, 16, 12)
    return hint


def masked(phone: str) -> str:
    """「138****2716」: a visiting student can see the screen; the whole number stands on the guardian's own page."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone


def _guardian_words(guardian: Guardian) -> str:
    parts = [masked(guardian.phone)] if guardian.phone else []
    if guardian.is_primary:
        parts.append("主要联系人")
    if guardian.is_entrusted_carer:
        parts.append("受委托照护人")
    return " · ".join(parts)


def _consent_tag(consent: Consent, today: date) -> QLabel:
    if consent.withdrawn_at is not None:
        return tag("已撤回")
    if not consent.holds(today) and consent.valid_until is not None and consent.valid_until < today:
        return tag("已过期", "amber")
    if consent.holds(today) and consent.signature_owed():
        return tag("待补签", "amber")
    return tag(consent.decision.label, "green" if consent.holds(today) else "amber")


def _about(student: Student) -> list[tuple[str, str]]:
    """What is known of the student, label and words; what is empty is left out."""
    groups = {group.value: group.label for group in SpecialGroup}
    family = student.family_structure
    boarding = {True: "住宿", False: "走读", None: ""}[student.boarding]
    pairs = [
        ("出生日期", student.birth_date.isoformat() if student.birth_date else ""),
        ("走读/住宿", " ".join(filter(None, (boarding, student.dorm)))),
        ("班主任", student.homeroom_teacher),
        ("入学年份", str(student.entry_year or "")),
        ("学籍号", student.national_no),
        ("民族", student.ethnicity),
        ("电话", masked(student.phone)),
        ("心理委员", "是" if student.psych_rep else ""),
        ("家庭", " ".join(filter(None, (family.label if family else "", student.siblings)))),
        ("与父母生活", student.lives_with_parents.label if student.lives_with_parents else ""),
        ("关注群体", "、".join(groups[code] for code in student.special_groups if code in groups)),
        ("入学前情况", student.known_condition),
        ("档案号", student.archive_no),
        ("档案类别", student.archive_tier.label),
        ("备注", student.note),
    ]
    return [(label, words.strip()) for label, words in pairs if words.strip()]
