"""The list of referrals: whom, where to, how far, what is due; from here a new one is begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.rooms.referrals import dues, store
from app.rooms.referrals.choices import Status
from app.rooms.referrals.page.choosing import StudentDialog
from app.rooms.referrals.record import Referral
from app.rooms.school import store as schools
from app.rooms.school.record import Due, Heading, class_name
from app.rooms.students.record import Student
from app.ui.cards import Card, EmptyState, button
from app.ui.fields import LineField
from app.ui.language import label_of
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.ui.theme import scaled
from app.vault.vault import Vault

PLACE = "referrals"
_TONES = {Status.DRAFT: "amber", Status.REFUSED: "red", Status.RECEIPT: "green", Status.CLOSED: "ink3"}
_STATUS, _DUE = 3, 4
_BEFORE_STATUS = range(_STATUS)
_WORDS_WIDTH = 260


@dataclass(frozen=True)
class Listed:
    """One referral as the list shows it."""

    referral: Referral
    student: Student
    due: Due | None
    void: bool


class ReferralsPage(Page):
    """All referrals, the newest first, or those that still go on."""

    kinds = frozenset(
        {"referral", "student", "voided", "receipt", "referral_follow_up", "refusal", "issued", "changed_deadline"}
    )
    counted = Signal(int)  # how many things are overdue, for the sidebar

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("转介"), scrolls=False)
        self._vault = vault
        self.route = Route(PLACE)
        self._listed: list[Listed] = []
        self._build_filters()
        self.empty = EmptyState("", action=self.tr("新转介单"))
        headers = (
            self.tr("学生"),
            self.tr("班级"),
            self.tr("接诊机构"),
            self.tr("进展"),
            self.tr("期限"),
            self.tr("编号"),
            self.tr("日期"),
        )
        self.table = Table(self.tr("转介单列表"), headers, self.empty, (92, 104, 208, 128, 216, 172))
        self.table.make_sortable()
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self.directory_button = self.add_action(button(self.tr("机构名录")))
        self.new_button = self.add_action(button(self.tr("新转介单"), primary=True))
        self.new_button.clicked.connect(self._choose_student)
        self.empty.wanted.connect(self._choose_student)
        self.directory_button.clicked.connect(self._to_directory)
        self.table.opened.connect(self._open)
        self.reload()

    def arrive(self, route: Route) -> None:
        self.reload()

    def reload(self) -> None:
        with self._vault.read() as session:
            rows = store.standing(session)
            void = store.voided(session, [referral for referral, _ in rows])
            told = dues.due(session, schools.terms(session), self._vault.clock.today())
        first: dict[int, Due] = {}
        for due in told:
            if due.heading is Heading.DEADLINE:
                first.setdefault(due.record_id, due)
        self._listed = [Listed(r, s, first.get(r.id), r.id in void) for r, s in rows]
        self._show()
        overdue = sum(due.due < self._vault.clock.today() for due in first.values())
        going = sum(_goes_on(one) for one in self._listed)
        self.set_head(
            self.title,
            self.tr("{n} 份进行中，{late} 份已过期限").format(n=going, late=overdue) if self._listed else "",
        )
        self.counted.emit(overdue)

    def _build_filters(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        self._filters: dict[str, QPushButton] = {}
        for code, words in (("going", self.tr("进行中")), ("ended", self.tr("已结束或作废")), ("all", self.tr("全部"))):
            chip = button(words, name=self.tr("看{which}的转介单").format(which=words))
            chip.setProperty("chip", True)
            chip.setCheckable(True)
            chip.setAutoExclusive(True)
            chip.setChecked(code == "going")
            chip.clicked.connect(self._show)
            self._filters[code] = chip
            line.addWidget(chip)
        line.addStretch(1)
        self.words = LineField("", placeholder=self.tr("学生、机构、编号"))
        self.words.line.setAccessibleName(self.tr("查找转介单"))
        self.words.setFixedWidth(scaled(_WORDS_WIDTH))
        self.words.changed.connect(self._show)
        line.addWidget(self.words)
        self.body.addLayout(line)

    def _show(self) -> None:
        chosen = next(code for code, chip in self._filters.items() if chip.isChecked())
        words = self.words.value().casefold().split()
        shown = [
            one
            for one in self._listed
            if (chosen == "all" or _goes_on(one) is (chosen == "going")) and _has(one, words)
        ]
        self._say_nothing()
        self.table.show_rows([self._row(one) for one in shown])

    def _say_nothing(self) -> None:
        """What stands in place of the rows where there are none."""
        if self._listed:
            words, detail = self.tr("没有符合条件的转介单"), self.tr("请换一个词，或看全部转介单。")
        else:
            words = self.tr("还没有转介单")
            detail = self.tr(
                "需要医院或校外机构评估时，从这里为学生写一份转介函：核对同意、签名、打印，并跟到回执收回。"
            )
        self.empty.words_label.setText(words)
        self.empty.detail_label.setText(detail)
        self.empty.button.setVisible(not self._listed)

    def _row(self, one: Listed) -> TableRow:
        referral, student = one.referral, one.student
        today = self._vault.clock.today()
        status = self.tr("作废") if one.void else label_of(referral.status)
        tones = {_STATUS: "ink3" if one.void else _TONES.get(referral.status, "blue")}
        due = ""
        if one.due is not None:
            due = self.tr("{day} 前{act}").format(day=f"{one.due.due:%m-%d}", act=one.due.title)
            tones[_DUE] = "red" if one.due.due < today else "amber"
            if one.due.due < today:
                due = self.tr("已过期 {n} 天：{act}").format(n=(today - one.due.due).days, act=one.due.title)
        on = referral.issued_on or referral.opened_on
        place = class_name(student.grade, student.class_no)
        cells = (student.name, place, referral.receiver or "—", status, due, referral.number, on.isoformat())
        ordered = list(Status).index(referral.status)
        last = one.due.due if one.due is not None else date.max
        keys = (student.name, (student.grade, student.class_no), referral.receiver, ordered, last, referral.number, on)
        return TableRow(referral.id, cells, tones, keys, struck=_BEFORE_STATUS if one.void else ())

    def _open(self, referral_id: int) -> None:
        one = next(one for one in self._listed if one.referral.id == referral_id)
        drafting = one.referral.status in (Status.DRAFT, Status.TOLD, Status.AGREED)
        place = "referral" if drafting else "referral.read"
        self.went.emit(Route(place, referral_id, one.student.id))

    def _choose_student(self) -> None:
        dialog = StudentDialog(self.window(), self._vault, self.tr("给哪位学生写转介单？"))
        dialog.chosen.connect(self._begin)
        dialog.open()

    def _begin(self, student_id: int) -> None:
        self.went.emit(Route("referral", None, student_id))

    def _to_directory(self) -> None:
        self.went.emit(Route("institutions"))


def _has(one: Listed, words: list[str]) -> bool:
    """Whether every word stands in the student's name or class, the receiver or the number."""
    referral, student = one.referral, one.student
    place = class_name(student.grade, student.class_no)
    told = f"{student.name}\n{place}\n{referral.receiver}\n{referral.number}".casefold()
    return all(word in told for word in words)


def _goes_on(one: Listed) -> bool:
    return not one.void and one.referral.status is not Status.CLOSED
