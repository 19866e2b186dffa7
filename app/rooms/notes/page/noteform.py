"""The fields of a note in the making: the cards they stand in, and the note's values in and out of them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time, tzinfo

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.errors import Problem
from app.rooms.notes import rules
from app.rooms.notes.choices import RiskFlag
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.page.risk import RiskCard, as_texts
from app.rooms.notes.page.sections import MeetingCard, MemoCard, SectionCard
from app.rooms.notes.phrases import Phrase, Template, offered
from app.rooms.notes.record import REQUIRED, NoteValues, RiskValues, Snippet, is_late
from app.rooms.notes.store import LastPlan
from app.rooms.notes.wording import day
from app.ui.cards import Card, button, text
from app.ui.fields import DateField, ScoreField
from app.ui.forms import Form
from app.ui.language import label_of
from app.vault.choice import Choice


class NoteForm(QObject):
    """Puts the cards into two columns and their fields into the form."""

    keep_wanted = Signal(str, str)  # part, the text to keep as an own phrase
    phrases_wanted = Signal()  # the page where the own phrases are put in order

    def __init__(self, form: Form, left: QVBoxLayout, right: QVBoxLayout, parent: QObject) -> None:
        super().__init__(parent)
        self.form = form
        self.today = date.min
        self.sections: dict[str, SectionCard] = {}
        self._last: LastPlan | None = None
        self._build_left(left)
        self._build_right(right)
        self.meeting.template_chosen.connect(self._use_template)
        self.meeting.held_on.changed.connect(self._mark_late)
        self._take_last.clicked.connect(self._use_last)

    # Values

    def values(self) -> NoteValues:
        """What is in the form. Raises Problem for a day or a time that is none, or without a date."""
        meeting = self.meeting
        held_on = meeting.held_on.day()
        if held_on is None:
            raise Problem("没有写会谈日期。", "请填写日期后再保存。")
        mode = meeting.mode.choice()
        if mode is None:
            raise ValueError("the choice of modes has no empty line")
        return NoteValues(
            held_on=held_on,
            start=meeting.start.moment(),
            end=meeting.end.moment(),
            mode=mode,
            place=meeting.place.value(),
            attendees=meeting.attendees.value(),
            counsellor=meeting.counsellor.value(),
            risk_flag=self._chosen_flag(),
            mood_score=self.mood.score(),
            next_date=self.next_date.day(),
            **{part: card.field.value() for part, card in self.sections.items()},
        )

    def risk_values(self, zone: tzinfo | None) -> RiskValues:
        """The answers on the risk. Raises Problem for a time that is none."""
        return self.risk.values(self.meeting.held_on.day() or self.today, zone)

    def fill(self, values: NoteValues, memo: str, risk: RiskValues, zone: tzinfo | None) -> None:
        """Put a note into the fields."""
        texts = {field.name: _text(getattr(values, field.name)) for field in fields(values)}
        self.form.fill(texts | {"memo": memo} | as_texts(risk, zone))
        self.form.show_errors({})
        self._flagged()
        self._mark_late()

    def point_at(self, problem: Problem) -> None:
        """Mark the fields a Problem speaks of and put the cursor into the first."""
        if isinstance(problem, rules.NotReady):
            names = {label: name for name, label in REQUIRED.items()}
            self.form.show_errors({names[label]: self.tr("签署前需要填写") for label in problem.labels})
        elif isinstance(problem, rules.RiskUnanswered):
            self.risk.guardian.setFocus()

    def show_last(self, last: LastPlan | None) -> None:
        """What was agreed the time before."""
        self._last = last
        self.last_card.setVisible(last is not None)
        if last is not None:
            said = [self.tr("约定：{words}").format(words=last.agreement)] if last.agreement else []
            said.append(self.tr("计划：{words}").format(words=last.next_plan or self.tr("没有写")))
            self.last_card.set_hint(self.tr("第 {no} 次，{day}").format(no=last.session_no, day=day(last.held_on)))
            self._last_words.setText("\n".join(said))

    def offer(self, own: list[Snippet]) -> None:
        """Put the counsellor's phrases and the ready ones into the menus."""
        for part, card in self.sections.items():
            mine = [Phrase(snippet.name, snippet.text, snippet.part) for snippet in own if snippet.part in (part, "")]
            card.offer(mine, offered(part))

    # The cards

    def _build_left(self, left: QVBoxLayout) -> None:
        self.meeting = MeetingCard(self.form)
        left.addWidget(self.meeting)
        for part, title, hint, rows in (
            ("subjective", self.tr("学生自述"), self.tr("可引原话"), 3),
            ("observation", self.tr("观察"), self.tr("情绪与言行，只写看到听到的"), 3),
            ("process", self.tr("过程与方法"), "", 3),
            ("assessment", self.tr("评估与分析"), self.tr("不作医学判断"), 3),
            ("agreement", self.tr("约定与作业"), "", 2),
            ("next_plan", self.tr("下次计划"), "", 2),
        ):
            card = SectionCard(self.form, part, title, hint, rows)
            card.keep_wanted.connect(self.keep_wanted)
            card.phrases_wanted.connect(self.phrases_wanted)
            self.sections[part] = card
            left.addWidget(card)
        self.next_date = DateField(self.tr("下次日期"))
        self.sections["next_plan"].body.addWidget(self.next_date)
        self.form.add("next_date", self.next_date)
        left.addStretch(1)

    def _build_right(self, right: QVBoxLayout) -> None:
        self.last_card = Card(self.tr("上次的约定"))
        self._last_words = text("", "secondary", wrap=True)
        self.last_card.body.addWidget(self._last_words)
        self._take_last = self.last_card.add_action(button(self.tr("带入本次"), quiet=True))
        signs = Card(self.tr("风险与情绪"))
        self.flag = PickField(self.tr("风险标记"), [(str(flag.value), label_of(flag)) for flag in RiskFlag])
        self.mood = ScoreField(self.tr("情绪自评"), self.tr("0 很差，10 很好；由学生自己打分"))
        signs.body.addWidget(self.flag)
        signs.body.addWidget(self.mood)
        self.form.add("risk_flag", self.flag)
        self.form.add("mood_score", self.mood)
        self.flag.changed.connect(self._flagged)
        self.risk = RiskCard(self.form)
        self.memo = MemoCard(self.form)
        for card in (self.last_card, signs, self.risk, self.memo):
            right.addWidget(card)

    def _chosen_flag(self) -> RiskFlag | None:
        value = self.flag.value()
        return next((flag for flag in RiskFlag if flag.value == value), None)

    def _flagged(self) -> None:
        self.risk.set_flag(self._chosen_flag())

    def _mark_late(self) -> None:
        try:
            held_on = self.meeting.held_on.day()
        except Problem:
            held_on = None
        self.meeting.late.setVisible(held_on is not None and is_late(held_on, self.today))

    def _use_template(self, template: Template) -> None:
        """Put the template's prompts where nothing is written yet."""
        for part, words in template.texts.items():
            if words and not self.sections[part].field.value().strip():
                self.sections[part].field.set_value(words)

    def _use_last(self) -> None:
        if self._last is not None:
            last = " ".join(filter(None, (self._last.agreement, self._last.next_plan)))
            self.sections["process"].field.insert(self.tr("回顾上次的约定和计划：{words}").format(words=last))


def _text(value: object) -> str:
    """A value of a note as its field writes it."""
    if value is None:
        return ""
    if isinstance(value, Choice):
        return str(value.value)
    return value.isoformat("minutes") if isinstance(value, time) else str(value)
