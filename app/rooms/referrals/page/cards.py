"""The four steps of the referral form, a card each: receiver, reason, what will be in the letter, consent and signature."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.notes.record import Note
from app.rooms.referrals import rules
from app.rooms.referrals.choices import Channel, Escort, Informed, Override, Reason, Urgency
from app.rooms.referrals.gate import Gate
from app.rooms.referrals.page.options import ItemsField, NotesField, OptionsField
from app.rooms.referrals.record import Institution
from app.rooms.referrals.wording import day, guardian_name
from app.rooms.students.choices import ConsentDecision
from app.rooms.students.record import Consent, Guardian
from app.ui.cards import Card, button, clear, text
from app.ui.fields import ChipsField, ChoiceField, DateField, LineField, TextField
from app.ui.forms import Form
from app.ui.language import label_of


def _side_by_side(into: QVBoxLayout, *widgets: QWidget) -> None:
    line = QHBoxLayout()
    line.setSpacing(10)
    for widget in widgets:
        line.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
    into.addLayout(line)


class ReceiverCard(Card):
    """1 接诊机构: chosen from the directory, or written by hand."""

    directory_wanted = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("1 接诊机构"))
        self._known: dict[str, Institution] = {}
        directory = self.add_action(button(self.tr("机构名录"), quiet=True))
        directory.clicked.connect(self.directory_wanted)
        self.institution = OptionsField(self.tr("接诊机构"), self.tr("不在名录里，手写"))
        self.about = text("", "hint", wrap=True)
        self.to_org = LineField(self.tr("机构名称"))
        self.to_dept = LineField(self.tr("科室"))
        self.channel = ChoiceField(self.tr("途径"), Channel)
        self.urgency = ChoiceField(self.tr("紧急程度"), Urgency)
        self.body.addWidget(self.institution)
        self.body.addWidget(self.about)
        _side_by_side(self.body, self.to_org, self.to_dept)
        _side_by_side(self.body, self.channel, self.urgency)
        form.add("institution_id", self.institution)
        form.add("to_org", self.to_org)
        form.add("to_dept", self.to_dept)
        form.add("channel", self.channel)
        form.add("urgency", self.urgency)
        self.institution.changed.connect(self._take)

    def offer(self, institutions: Sequence[Institution]) -> None:
        """Offer the directory."""
        self._known = {str(one.id): one for one in institutions}
        self.institution.offer(
            [(code, " · ".join(filter(None, (one.name, one.department)))) for code, one in self._known.items()]
        )
        self._describe()

    def _take(self) -> None:
        one = self._known.get(self.institution.value())
        if one is not None:
            self.to_org.set_value(one.name)
            self.to_dept.set_value(one.department)
        self._describe()

    def _describe(self) -> None:
        one = self._known.get(self.institution.value())
        for field in (self.to_org, self.to_dept):
            field.setVisible(one is None)
        told = []
        if one is not None:
            told = [self.tr("绿色通道：{when}").format(when=one.green_channel)] if one.green_channel else []
            told += [self.tr("联系人 {who}").format(who=one.contact)] if one.contact else []
            told += [one.phone] if one.phone else []
        self.about.setText(" · ".join(told))
        self.about.setVisible(bool(told))


class ReasonCard(Card):
    """2 转介事由: drafted from signed notes that she picks, then hers to change."""

    draft_wanted = Signal()

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("2 转介事由"), self.tr("从记录中带出，可改"))
        self.reasons = ChipsField(self.tr("转介原因"), [(reason.value, label_of(reason)) for reason in Reason])
        self.notes = NotesField(self.tr("带出哪几次会谈"))
        self.take = button(self.tr("带入所选会谈"), quiet=True)
        self.no_notes = text(self.tr("还没有已签的会谈记录可以带出。"), "hint")
        self.observation = TextField(self.tr("主要表现及起始时间"), rows=4)
        self.warning = text("", "warning", wrap=True)
        self.risk_summary = TextField(self.tr("安全相关情况"), rows=2)
        self.measures = TextField(self.tr("学校已做工作"), rows=2)
        self.history = TextField(self.tr("既往就医(家长提供)"), rows=2)
        self.wish = TextField(self.tr("希望协助的事项"), rows=2)
        for name, field in (
            ("reasons", self.reasons),
            ("note_ids", self.notes),
            ("observation", self.observation),
            ("risk_summary", self.risk_summary),
            ("measures", self.measures),
            ("history", self.history),
            ("wish", self.wish),
        ):
            form.add(name, field)
            self.body.addWidget(field)
            if field is self.notes:
                self.body.addWidget(self.no_notes)
                self.body.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
            elif field is self.observation:
                self.body.addWidget(self.warning)
        self.take.clicked.connect(self.draft_wanted)
        for written in (self.observation, self.risk_summary, self.measures):
            written.changed.connect(self._look_for_judgement)
        self._look_for_judgement()

    def offer(self, notes: Sequence[Note]) -> None:
        """Offer the student's signed notes, the newest first."""
        words = self.tr("{day} 第{no}次")
        self.notes.offer(
            [(str(note.id), words.format(day=f"{note.held_on:%m-%d}", no=note.session_no)) for note in notes]
        )
        self.notes.setVisible(bool(notes))
        self.take.setVisible(bool(notes))
        self.no_notes.setVisible(not notes)

    def _look_for_judgement(self) -> None:
        found = rules.judging(self.observation.value(), self.risk_summary.value(), self.measures.value())
        said = self.tr("写了「{words}」：函里只写看到听到的，医学判断由医生作出。").format(words="、".join(found))
        self.warning.setText(said if found else "")
        self.warning.setVisible(bool(found))


class ItemsCard(Card):
    """3 会写进信里的内容: item by item, no more than needed."""

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("3 会写进信里的内容"), self.tr("最少必要，没勾的不会出现"))
        self.items = ItemsField(self.tr("写进信里"))
        self.body.addWidget(self.items)
        form.add("items", self.items)


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
        _side_by_side(self.body, self.informed_on, self.informed_how)
        _side_by_side(self.body, self.informed_by, self.escort)
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

    def show_certificate(self, words: str) -> None:
        """Whose signature it will bear."""
        self.certificate.setText(words)

    def _given(self, who: str, consent: Consent) -> str:
        part = self.tr(",部分同意") if consent.decision is ConsentDecision.PARTIAL else ""
        return self.tr("{who}：{how}({day}{part})").format(
            who=who, how=label_of(consent.method), day=day(consent.written_at or consent.signed_at), part=part
        )

    def _say(self, mark: str, sentence: str, role: str) -> None:
        line = text(f"{mark}  {sentence}", role, wrap=True)
        line.setAccessibleName(sentence)
        self.standing.addWidget(line)

    def _give_birth_date(self) -> None:
        self.birth_date_given.emit(self.born)

    def _show_teacher(self) -> None:
        chosen = self.escort.choice()
        self.escort_teacher.setVisible(chosen is not None and chosen.by_teacher)

    def _show_reason(self) -> None:
        self.override_reason.setVisible(self.override.choice() is not None)
