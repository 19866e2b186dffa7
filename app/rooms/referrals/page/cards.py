"""The first three steps of the referral form, a card each: receiver, reason, what will be in the letter."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.notes.record import Note
from app.rooms.referrals import rules
from app.rooms.referrals.choices import Channel, Reason, Urgency
from app.rooms.referrals.page.options import ItemsField, NotesField, OptionsField
from app.rooms.referrals.record import Institution
from app.ui.cards import Card, button, text
from app.ui.fields import ChipsField, ChoiceField, LineField, TextField
from app.ui.forms import Form
from app.ui.language import label_of


def side_by_side(into: QVBoxLayout, *widgets: QWidget) -> None:
    """Put widgets beside each other into a card, each as wide as the others."""
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
        side_by_side(self.body, self.to_org, self.to_dept)
        side_by_side(self.body, self.channel, self.urgency)
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
