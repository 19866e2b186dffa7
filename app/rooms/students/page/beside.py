"""The cards beside a student's timeline: what stands now, guardians, consents, and who the student is."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from app.rooms.students.choices import SpecialGroup
from app.rooms.students.page.timeline import day_words
from app.rooms.students.record import Consent, Fact, Guardian, Student, Tone
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.language import label_of


class NowCard(Card):
    """What stands now, from every room."""

    def __init__(self) -> None:
        super().__init__(self.tr("现在"))

    def show_facts(self, facts: list[Fact]) -> None:
        """Show these facts; without any the card is gone."""
        clear(self.body)
        self.setVisible(bool(facts))
        for fact in facts:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(8)
            plain = fact.tone is Tone.PLAIN
            line.addWidget(text(fact.label, "secondary") if plain else tag(fact.label, fact.tone.value))
            line.addWidget(text(fact.text, wrap=True, selectable=True), 1)
            holder.setAccessibleName(f"{fact.label}：{fact.text}")
            self.body.addWidget(holder)


class _RecordsCard(Card):
    """Rows that open a record, and a button that begins a new one."""

    record_wanted = Signal(int)
    new_wanted = Signal()

    def __init__(self, title: str, act: str, name: str) -> None:
        super().__init__(title, flush=True)
        self.new_button = self.add_action(button(act, quiet=True, name=name))
        self.new_button.clicked.connect(self.new_wanted)

    def _add(self, row: Row, record_id: int, name: str) -> None:
        row.make_clickable(name)
        row.setProperty("record", record_id)
        row.chosen.connect(self._open)
        self.add_row(row)

    def _say(self, words: str) -> None:
        hint = text(words, "hint", wrap=True)
        hint.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(hint)

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.record_wanted.emit(int(row.property("record")))


class GuardiansCard(_RecordsCard):
    """The student's guardians, the primary one first; telephone numbers only in part."""

    def __init__(self) -> None:
        super().__init__(self.tr("监护人"), self.tr("添加"), self.tr("添加监护人"))

    def show_guardians(self, guardians: list[Guardian]) -> None:
        """Show these guardians."""
        clear(self.body)
        if not guardians:
            self._say(self.tr("还没有监护人。转介和知情同意需要监护人的姓名和电话。"))
        for guardian in guardians:
            row = Row(guardian.name or self.tr("(未写姓名)"), self._words(guardian), lead=label_of(guardian.relation))
            name = guardian.name or label_of(guardian.relation)
            self._add(row, guardian.id, self.tr("打开监护人 {name}").format(name=name))

    def _words(self, guardian: Guardian) -> str:
        parts = [masked(guardian.phone)] if guardian.phone else []
        if guardian.is_primary:
            parts.append(self.tr("主要联系人"))
        if guardian.is_entrusted_carer:
            parts.append(self.tr("受委托照护人"))
        return " · ".join(parts)


class ConsentsCard(_RecordsCard):
    """The student's consents and refusals, with how each stands today."""

    def __init__(self) -> None:
        super().__init__(self.tr("知情同意"), self.tr("登记"), self.tr("登记知情同意"))

    def show_consents(self, consents: list[Consent], today: date) -> None:
        """Show these consents."""
        clear(self.body)
        if not consents:
            self._say(self.tr("还没有登记过知情同意。"))
        for consent in consents:
            row = Row(label_of(consent.type), f"{day_words(consent.signed_at, today.year)} · {consent.signer_name}")
            row.add(self._standing(consent, today))
            self._add(row, consent.id, self.tr("打开知情同意 {type}").format(type=label_of(consent.type)))

    def _standing(self, consent: Consent, today: date) -> QLabel:
        if consent.withdrawn_at is not None:
            return tag(self.tr("已撤回"))
        holds = consent.holds(today)
        if not holds and consent.valid_until is not None and consent.valid_until < today:
            return tag(self.tr("已过期"), "amber")
        if holds and consent.signature_owed():
            return tag(self.tr("待补签"), "amber")
        return tag(label_of(consent.decision), "green" if holds else "amber")


class AboutCard(Card):
    """Who the student is; what is not known is left out."""

    def __init__(self) -> None:
        super().__init__(self.tr("基本情况"), flush=True)

    def show_student(self, student: Student) -> None:
        """Show this student's own values."""
        clear(self.body)
        for label, words in self._pairs(student):
            if words.strip():
                self.add_row(Row("", words.strip(), lead=label))

    def _pairs(self, student: Student) -> list[tuple[str, str]]:
        groups = {group.value: label_of(group) for group in SpecialGroup}
        boarding = {True: self.tr("住宿"), False: self.tr("走读"), None: ""}[student.boarding]
        family = label_of(student.family_structure) if student.family_structure else ""
        return [
            (self.tr("出生日期"), student.birth_date.isoformat() if student.birth_date else ""),
            (self.tr("走读/住宿"), f"{boarding} {student.dorm}"),
            (self.tr("班主任"), student.homeroom_teacher),
            (self.tr("入学年份"), str(student.entry_year or "")),
            (self.tr("学籍号"), student.national_no),
            (self.tr("民族"), student.ethnicity),
            (self.tr("电话"), masked(student.phone)),
            (self.tr("心理委员"), self.tr("是") if student.psych_rep else ""),
            (self.tr("家庭"), f"{family} {student.siblings}"),
            (self.tr("与父母生活"), label_of(student.lives_with_parents) if student.lives_with_parents else ""),
            (self.tr("关注群体"), "、".join(groups[code] for code in student.special_groups if code in groups)),
            (self.tr("入学前情况"), student.known_condition),
            (self.tr("档案号"), student.archive_no),
            (self.tr("档案类别"), label_of(student.archive_tier)),
            (self.tr("备注"), student.note),
        ]


def masked(phone: str) -> str:
    """「138****2716」: a visiting student can see the screen; the whole number stands on the guardian's own page."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 11 else phone
