"""The last step of the referral form: who was told, who consented, who goes along, what is missing, and the exception."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.documents.record import Certificate
from app.rooms.referrals.choices import Escort, Informed, Override
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.page.cards import side_by_side
from app.rooms.referrals.page.options import OptionsField
from app.rooms.referrals.wording import day, guardian_name
from app.rooms.students.choices import ConsentDecision, ConsentMethod
from app.rooms.students.record import Consent, Guardian
from app.ui.cards import Card, button, clear, text
from app.ui.fields import ChoiceField, DateField, LineField, TextField
from app.ui.forms import Form
from app.ui.language import label_of
from app.ui.theme import scaled

_MARK = 20
"""Pixels for ✓, ✗ and !, so that the sentences stand under each other."""


class ConsentCard(Card):
    """4 同意与签名: who was told, who goes along, whether the gate is open and what it misses."""

    consent_wanted = Signal()
    sheet_wanted = Signal()
    refusal_wanted = Signal()
    birth_date_given = Signal(object)

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("4 同意与签名"))
        self.standing = QVBoxLayout()
        self.standing.setSpacing(6)
        self.body.addLayout(self.standing)
        self._build_birth_date()
        self._build_buttons()
        self._build_told(form)
        self._build_override(form)
        self.certificate = text("", "hint", wrap=True)
        self.body.addWidget(self.certificate)

    def _build_birth_date(self) -> None:
        self.born = DateField(self.tr("学生出生日期"), self.tr("用来判断学生本人是否也要同意(满14周岁)"))
        self.keep_born = button(self.tr("填入档案"), name=self.tr("把出生日期填入档案"))
        self.birth = QWidget()
        line = QVBoxLayout(self.birth)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.born)
        line.addWidget(self.keep_born, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.birth)
        self.keep_born.clicked.connect(self._give_birth_date)

    def _build_buttons(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for words, signal in (
            (self.tr("登记同意"), self.consent_wanted),
            (self.tr("打印同意书"), self.sheet_wanted),
            (self.tr("监护人不同意"), self.refusal_wanted),
        ):
            made = button(words)
            made.clicked.connect(signal)
            line.addWidget(made)
        line.addStretch(1)
        self.body.addLayout(line)

    def _build_told(self, form: Form) -> None:
        self.guardian = OptionsField(self.tr("监护人"), self.tr("未选"))
        self.informed_on = DateField(self.tr("告知监护人的日期"))
        self.informed_how = ChoiceField(self.tr("告知方式"), Informed, empty=self.tr("未选"))
        self.informed_by = LineField(self.tr("告知人"))
        self.escort = ChoiceField(self.tr("陪同方式"), Escort)
        self.escort_teacher = LineField(self.tr("陪同老师"))
        self.body.addWidget(self.guardian)
        side_by_side(self.body, self.informed_on, self.informed_how)
        side_by_side(self.body, self.informed_by, self.escort)
        self.body.addWidget(self.escort_teacher)
        for name, field in (
            ("guardian_id", self.guardian),
            ("informed_on", self.informed_on),
            ("informed_how", self.informed_how),
            ("informed_by", self.informed_by),
            ("escort", self.escort),
            ("escort_teacher", self.escort_teacher),
        ):
            form.add(name, field)
        self.escort.changed.connect(self._show_teacher)
        self._show_teacher()

    def _build_override(self, form: Form) -> None:
        self.override = ChoiceField(
            self.tr("没有同意而签发(例外)"),
            Override,
            empty=self.tr("不例外，等同意齐了再签发"),
            hint=self.tr("会记入操作记录，并一直显示在学生档案上。"),
        )
        self.override_reason = TextField(self.tr("例外的原因"), rows=2)
        self.body.addWidget(self.override)
        self.body.addWidget(self.override_reason)
        form.add("override", self.override)
        form.add("override_reason", self.override_reason)
        self.override.changed.connect(self._show_reason)
        self._show_reason()

    def offer(self, guardians: Sequence[Guardian]) -> None:
        """Offer the student's guardians."""
        self.guardian.offer([(str(g.id), " ".join(filter(None, (guardian_name(g), g.phone)))) for g in guardians])

    def show_gate(self, gate: Gate) -> None:
        """Say what stands and what is missing, a line each."""
        clear(self.standing)
        for who, consent in ((self.tr("监护人"), gate.guardian), (self.tr("学生本人"), gate.student)):
            if consent is not None:
                self._say("✓", self._given(who, consent), "strong")
        if gate.student_signs is False:
            self._say("✓", self.tr("学生未满14周岁，由监护人同意"), "secondary")
        for sentence in gate.missing:
            self._say("✗", sentence, "error")
        for sentence in gate.notices:
            self._say("!", sentence, "warning")
        if gate.is_open and gate.override is not None:
            self._say("!", self.tr("将按「{why}」例外签发。").format(why=label_of(gate.override)), "error")
        self.set_hint(self.tr("可以签发") if gate.is_open else self.tr("还缺 {n} 项").format(n=len(gate.missing)))
        self.birth.setVisible(gate.asks_birth_date)

    def show_certificate(self, certificate: Certificate | None, counsellor: str) -> None:
        """Whose signature it will bear."""
        words = self.tr("电子签名：{who} · 第一次签发时生成证书").format(who=counsellor or self.tr("未填姓名"))
        if certificate is not None:
            words = self.tr("电子签名：{who} · 证书有效至 {year} 年").format(
                who=certificate.name, year=certificate.valid_until.year
            )
        self.certificate.setText(words)

    def _given(self, who: str, consent: Consent) -> str:
        on = day(consent.written_at or consent.signed_at)
        if consent.written_at is not None:
            how = self.tr("电话同意后已补签")
        elif consent.method is ConsentMethod.PHONE:
            how = self.tr("电话同意")
        else:
            how = label_of(consent.method)
        part = self.tr("，部分同意") if consent.decision is ConsentDecision.PARTIAL else ""
        return self.tr("{who}：{how}，{day}{part}").format(who=who, how=how, day=on, part=part)

    def _say(self, mark: str, sentence: str, role: str) -> None:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        sign, words = text(mark, role), text(sentence, role, wrap=True)
        sign.setFixedWidth(scaled(_MARK))
        words.setAccessibleName(sentence)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self.standing.addWidget(holder)

    def _give_birth_date(self) -> None:
        self.birth_date_given.emit(self.born)

    def _show_teacher(self) -> None:
        chosen = self.escort.choice()
        self.escort_teacher.setVisible(chosen is not None and chosen.by_teacher)

    def _show_reason(self) -> None:
        self.override_reason.setVisible(self.override.choice() is not None)
