"""A card of rows of one kind with the form for one of them under the rows: what the calendar and the bells are entered in."""

from __future__ import annotations

from functools import partial
from typing import ClassVar, Generic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school import entering
from app.rooms.school.store import K
from app.ui.cards import Card, Row, button, clear, hairline, text
from app.ui.fields import DateField, Field, TimeField
from app.ui.forms import Form, bring_into_sight
from app.ui.keeper import Keeper
from app.ui.language import sentence_of, told
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault

NEW = "new"


class ListCard(Card, Generic[K]):
    """Rows; a click opens one in the form, which is kept while it is typed in. A removal can be undone.

    A card of one kind says what its fields are, what its rows say, and how one is saved.
    """

    key: ClassVar[str]
    """Under which its forms are kept: the kind's table."""
    saved = Signal(int)  # the record's id

    def __init__(
        self, kind: type[K], vault: Vault, notice: Notice, keeper: Keeper, *, title: str, what: str, empty: str
    ) -> None:
        """``what`` is one of the kind (学期), ``empty`` the words where there is none."""
        super().__init__(title, flush=True)
        self._kind, self._vault, self._notice, self._keeper = kind, vault, notice, keeper
        self._what, self._empty = what, empty
        self._id: int | None = None
        self._rows: dict[int, K] = {}
        self.form = Form("", parent=self)
        self.add_button = self.add_action(button(self.tr("添加"), name=self.tr("添加{what}").format(what=what)))
        self.add_button.clicked.connect(self.begin_new)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.body.addLayout(self._list)
        self.under = text("", "hint", wrap=True)
        self.under.setContentsMargins(16, 8, 16, 12)
        self.body.addWidget(self.under)
        self.under.hide()
        self._sheet = self._make_sheet()
        self.body.addWidget(self._sheet)
        self._sheet.hide()

    # What a card of one kind says

    def fields(self) -> dict[str, Field]:
        """The fields of the form, in their order."""
        raise NotImplementedError

    def records(self, session: Session) -> list[K]:
        """The records, in the order of the rows."""
        raise NotImplementedError

    def row(self, record: K) -> Row:
        """The row of one record."""
        raise NotImplementedError

    def values(self, record: K | None) -> dict[str, str]:
        """What the fields hold for a record, or for a new one."""
        raise NotImplementedError

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        """Write the form down. Raises Problem."""
        raise NotImplementedError

    def new_key(self) -> str:
        """The end of the key under which a new one is kept while it is typed."""
        return NEW

    def pick(self, record_id: int) -> None:
        """A row was clicked."""
        self.open(record_id)

    # The list

    def show_all(self) -> None:
        """Read the rows again; the form stays as it is."""
        clear(self._list)
        with self._vault.read() as session:
            self._rows = {record.id: record for record in self.records(session)}
        for record in self._rows.values():
            row = self.row(record)
            row.make_clickable(self._row_name(row))
            row.setProperty("record", record.id)
            row.chosen.connect(self._picked)
            if self._list.count():
                self._list.addWidget(hairline())
            self._list.addWidget(row)
        if not self._rows:
            nothing = text(self._empty, "secondary", wrap=True)
            nothing.setContentsMargins(16, 14, 16, 14)
            self._list.addWidget(nothing)

    def arrive(self) -> None:
        """Show the rows, and open again what was being typed."""
        self.leave()
        self.show_all()
        begins = f"{self.key}/"
        for end in (key.removeprefix(begins) for key in self._keeper.kept(begins)):
            if end == self.new_key():
                self.begin_new()
                break
            if end.isdigit() and int(end) in self._rows:
                self.open(int(end))
                break

    def leave(self) -> None:
        """Put the form away; what is unsaved in it stays kept."""
        self._keeper.leave(self.form)
        self._sheet.hide()

    # The form

    def begin_new(self) -> None:
        """An empty form, or what was typed in it before."""
        self._begin(None)

    def open(self, record_id: int) -> None:
        """The form holds this record."""
        self._begin(record_id)

    def _begin(self, record_id: int | None) -> None:
        self.leave()
        self._id = record_id
        record = self._rows[record_id] if record_id is not None else None
        self.fault.hide()
        self._remove.setVisible(record is not None)
        key = str(record_id) if record_id is not None else self.new_key()
        self._keeper.begin(self.form, f"{self.key}/{key}", None, self.values(record))
        self._sheet.show()
        next(iter(self.form.fields.values())).setFocus()
        QTimer.singleShot(0, self, self._bring)  # once the page has made room for it

    def _bring(self) -> None:
        bring_into_sight(self._sheet)

    def save(self) -> None:
        """Write it down, or say under the form what stands in the way."""
        wrong = self._unreadable()
        self.form.show_errors(wrong)
        if wrong:
            return
        try:
            with self._vault.write(f"保存{self._what}") as session:
                saved = self.write(session, self.form.values(), self._id)
                typing.drop(session, self.form.key)
        except Problem as problem:
            self.fault.setText(told(problem))
            self.fault.show()
            return
        self._keeper.settle(self.form)
        self.leave()
        self.show_all()
        self._notice.toast(self.tr("已保存。"))
        self.saved.emit(saved)

    def _give_up(self) -> None:
        self._keeper.settle(self.form)
        self.leave()

    def _discard(self) -> None:
        gone = self._id
        if gone is None:
            return
        with self._vault.write(f"移除{self._what}") as session:
            entering.discard(session, self._kind, gone, self._vault.now())
            typing.drop(session, self.form.key)
        self._give_up()
        self.show_all()
        self.saved.emit(gone)
        words = self.tr("{what}已移除。").format(what=self._what)
        self._notice.toast(words, self.tr("撤销"), partial(self._take_back, gone))

    def _take_back(self, record_id: int) -> None:
        try:
            with self._vault.write("从回收站取回") as session:
                entering.take_back(session, self._kind, record_id)
        except Problem as problem:
            self._notice.tell(problem)
            return
        if self.isVisible():
            self.show_all()
            self.saved.emit(record_id)

    def _unreadable(self) -> dict[str, str]:
        """Days and times that are none, by field."""
        wrong = {}
        for name, field in self.form.fields.items():
            try:
                if isinstance(field, DateField):
                    field.day()
                elif isinstance(field, TimeField):
                    field.moment()
            except Problem as problem:
                wrong[name] = sentence_of(problem)
        return wrong

    def _make_sheet(self) -> QWidget:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(hairline())
        inside = QVBoxLayout()
        inside.setContentsMargins(16, 14, 16, 16)
        inside.setSpacing(10)
        column.addLayout(inside)
        for name, field in self.fields().items():
            inside.addWidget(self.form.add(name, field))
        self.fault = text("", "error", wrap=True)
        self.fault.setAccessibleName(self.tr("没有保存的原因"))
        inside.addWidget(self.fault)
        inside.addLayout(self._make_buttons())
        return sheet

    def _make_buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        save = button(self.tr("保存"), primary=True, name=self.tr("保存{what}").format(what=self._what))
        drop = button(self.tr("不改了"), name=self.tr("{what}：不改了").format(what=self._what))
        self._remove = button(
            self.tr("移除"), quiet=True, danger=True, name=self.tr("移除{what}").format(what=self._what)
        )
        save.clicked.connect(self.save)
        drop.clicked.connect(self._give_up)
        self._remove.clicked.connect(self._discard)
        line.addWidget(save)
        line.addWidget(drop)
        line.addStretch(1)
        line.addWidget(self._remove)
        return line

    def _row_name(self, row: Row) -> str:
        return self.tr("{what}：{title}").format(what=self._what, title=row.title_label.text())

    def _picked(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.pick(int(row.property("record")))
