"""The page of the deadlines: each term with what it runs from, its default and where that comes from, and a way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.errors import Problem
from app.rooms.school import entering, store
from app.rooms.school.deadlines import DEADLINES, Deadline, read_term
from app.ui.cards import Card, Row, button, text
from app.ui.fields import Field
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import label_of, told
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.theme import scaled
from app.ui.writing import WritingLine
from app.vault import typing
from app.vault.vault import Vault

PLACE = "settings.deadlines"
_FORM = "changed_deadline/all"
_FIELD_WIDTH = 300


class DeadlinesPage(Page):
    """How long each thing may take before it counts as late."""

    kinds = frozenset({"changed_deadline"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("期限"), self.tr("从这里算到期和逾期，改了马上算"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self.form = Form(_FORM, parent=self)
        self.amounts: dict[str, AmountField] = {}
        card = Card(self.tr("多久算到期"), self.tr("按自然日算，遇假期不顺延；写明上课日的除外"), flush=True)
        for deadline in DEADLINES:
            row = Row(deadline.name, deadline.since)
            field = self.amounts[deadline.code] = AmountField(deadline)
            row.line.addWidget(self.form.add(deadline.code, field), 0, Qt.AlignmentFlag.AlignRight)
            card.add_row(row)
        self.body.addWidget(card)
        self.body.addStretch(1)
        back = self.add_action(button(self.tr("全部改回默认")))
        save = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存期限")))
        back.clicked.connect(self._all_back)
        save.clicked.connect(self.save)

    def arrive(self, route: Route) -> None:
        self.route = route
        self._keeper.begin(self.form, _FORM, None, self._stored())

    def leave(self) -> None:
        self._keeper.leave(self.form)

    def reload(self) -> None:
        if not self.form.is_dirty():
            self.form.fill(self._stored())
            self.form.mark_saved()

    def save(self) -> None:
        """Write down what differs from the default, or say which term is none."""
        wrong, amounts = {}, {}
        for deadline in DEADLINES:
            try:
                amounts[deadline.code] = read_term(deadline, self.amounts[deadline.code].value())
            except Problem as problem:
                wrong[deadline.code] = told(problem)
        self.form.show_errors(wrong)
        if wrong:
            return
        with self._vault.write("修改期限") as session:
            entering.change_terms(session, amounts)
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        self.reload()
        self._notice.toast(self.tr("已保存，从现在起按新的期限算。"))

    def _all_back(self) -> None:
        for field in self.amounts.values():
            field.back()
        self._notice.toast(self.tr("都填成默认的了，保存后生效。"))

    def _stored(self) -> dict[str, str]:
        with self._vault.read() as session:
            terms = store.terms(session)
        return {deadline.code: str(getattr(terms, deadline.code)) for deadline in DEADLINES}


class AmountField(Field):
    """A whole number of hours or days; under it the default and its source, beside it the way back."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        holder, self.line = QWidget(), WritingLine()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.line.setFixedWidth(scaled(72))
        unit = label_of(deadline.unit)
        self._back = button(
            self.tr("改回默认"), quiet=True, name=self.tr("{name}：改回默认").format(name=deadline.name)
        )
        row.addWidget(self.line)
        row.addWidget(text(unit))
        row.addWidget(self._back)
        row.addStretch(1)
        hint = self.tr("默认 {n} {unit} · 来源：{source}").format(n=deadline.default, unit=unit, source=deadline.source)
        super().__init__("", holder, hint)
        self.label = deadline.name
        self.line.setAccessibleName(deadline.name)
        self.setFocusProxy(self.line)
        self.setFixedWidth(scaled(_FIELD_WIDTH))
        self.line.written.connect(self._changed)
        self._back.clicked.connect(self.back)

    def value(self) -> str:
        return self.line.writing().strip()

    def set_value(self, value: str) -> None:
        self.line.setText(value)
        self._offer()

    def back(self) -> None:
        """The default again."""
        self.set_value(str(self._deadline.default))

    def _changed(self, *_: object) -> None:
        super()._changed()
        self._offer()

    def _offer(self) -> None:
        self._back.setVisible(self.value() != str(self._deadline.default))
