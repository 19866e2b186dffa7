"""The cards of the note editor: when and where, one section of running text each, and the private memo apart from them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QMenu

from app.rooms.notes.choices import Mode
from app.rooms.notes.phrases import TEMPLATES, Phrase, Template
from app.ui.cards import Card, button, tag
from app.ui.fields import ChoiceField, DateField, LineField, TextField, TimeField
from app.ui.forms import Form

_NAME = 20
"""Characters of a phrase's name that the menu shows."""


class MeetingCard(Card):
    """When, how, where and with whom; offers the templates."""

    template_chosen = Signal(object)  # a Template

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("会谈"))
        self.held_on = DateField(self.tr("日期"))
        self.start = TimeField(self.tr("开始时间"))
        self.end = TimeField(self.tr("结束时间"))
        self.mode = ChoiceField(self.tr("方式"), Mode)
        self.place = LineField(self.tr("地点"))
        self.attendees = LineField(self.tr("在场人员"))
        self.counsellor = LineField(self.tr("辅导老师"))
        self.late = tag(self.tr("补录"), "amber")
        self.late.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        rows = ((self.held_on, self.start, self.end), (self.mode, self.place, self.attendees))
        for row, fields in enumerate(rows):
            for column, field in enumerate(fields):
                grid.addWidget(field, row, column)
        grid.addWidget(self.counsellor, 2, 0)
        grid.setColumnStretch(0, 4)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 3)
        self.body.addLayout(grid)
        for name in ("held_on", "start", "end", "mode", "place", "attendees", "counsellor"):
            form.add(name, getattr(self, name))
        self._head.addWidget(self.late)
        self._templates = self.add_action(button(self.tr("套用模板"), quiet=True))
        menu = QMenu(self._templates)
        for template in TEMPLATES:
            action = QAction(template.name, menu)
            action.setData(template)
            action.triggered.connect(self._chosen)
            menu.addAction(action)
        self._templates.setMenu(menu)

    def _chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and isinstance(action.data(), Template):
            self.template_chosen.emit(action.data())


class SectionCard(Card):
    """One section of running text, with its phrases at hand."""

    keep_wanted = Signal(str, str)  # part, the text to keep as an own phrase
    phrases_wanted = Signal()

    def __init__(self, form: Form, part: str, title: str, hint: str = "", rows: int = 3) -> None:
        super().__init__(title, hint)
        self.part = part
        self.field = TextField("", rows=rows)
        self.field.label = title
        self.field.widget.setAccessibleName(title)
        self.body.addWidget(self.field)
        form.add(part, self.field)
        self._phrases = self.add_action(
            button(self.tr("常用语"), quiet=True, name=self.tr("{title}：常用语").format(title=title))
        )
        self._menu = QMenu(self._phrases)
        self._menu.setToolTipsVisible(True)
        self._phrases.setMenu(self._menu)

    def offer(self, own: list[Phrase], ready: list[Phrase]) -> None:
        """Put these phrases into the menu, her own above the ready ones."""
        self._menu.clear()
        for phrases in (own, ready):
            for phrase in phrases:
                self._add(phrase)
            if phrases:
                self._menu.addSeparator()
        keep = self._menu.addAction(self.tr("把选中的文字存为常用语"))
        keep.triggered.connect(self._keep)
        tidy = self._menu.addAction(self.tr("整理常用语…"))
        tidy.triggered.connect(self.phrases_wanted)

    def _add(self, phrase: Phrase) -> None:
        action = self._menu.addAction(_short(phrase.name))
        action.setData(phrase.text)
        action.setToolTip(phrase.text)
        action.triggered.connect(self._insert)

    def _insert(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.field.insert(str(action.data()))

    def _keep(self) -> None:
        chosen = self.field.area.textCursor().selectedText().replace("\u2029", "\n").strip()
        self.keep_wanted.emit(self.part, chosen)


class MemoCard(Card):
    """The private memo, visibly apart: on another ground, with what it is kept out of."""

    def __init__(self, form: Form) -> None:
        super().__init__(self.tr("个人手记"), self.tr("只给自己看：不打印、不导出、不检索"))
        self.setObjectName("well")
        self.field = TextField("", rows=3)
        self.field.label = self.tr("个人手记")
        self.field.widget.setAccessibleName(self.tr("个人手记"))
        self.body.addWidget(self.field)
        form.add("memo", self.field)


def _short(name: str) -> str:
    """A name as a menu can show it: one line, not wider than a menu should be, no letter taken for a key."""
    line = " ".join(name.split())
    return (line if len(line) <= _NAME else f"{line[:_NAME]}…").replace("&", "&&")
