"""What was passed on of what a student said in confidence (domain.md 6.1): told, and entered by hand."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton

from app.errors import Problem
from app.rooms.notes import store
from app.rooms.notes.choices import Basis
from app.rooms.notes.record import Disclosure
from app.rooms.notes.wording import moment
from app.ui.cards import Card, Row, button, clear, text
from app.ui.fields import ChoiceField, DateField, LineField, TextField, TimeField
from app.ui.forms import bring_into_sight
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.vault import bin, typing
from app.vault.vault import Vault


class DisclosuresCard(Card):
    """A student's disclosures, the newest first. What a note's risk questions wrote down stays with that note; what was entered
    here can be taken to the bin."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("保密例外告知"), flush=True)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._student_id = 0
        self._shown: dict[int, Row] = {}
        self.add_button = self.add_action(button(self.tr("登记"), quiet=True, name=self.tr("登记保密例外告知")))
        self.add_button.clicked.connect(self._begin)
        self._day, self._time = DateField(self.tr("告知日期")), TimeField(self.tr("告知时间"))
        self._basis = ChoiceField(
            self.tr("依据"),
            Basis,
            empty=self.tr("未选"),
            hint=self.tr("监护人可能就是侵害者时，不得先告知该监护人，先报告公安机关。"),
        )
        self.form = InlineForm(
            keeper,
            self.tr("登记保密例外告知"),
            self.tr("只告知对方需要知道的，写下告诉了谁、什么时候、说了哪些。"),
            self.tr("保存告知"),
            {
                "to_whom": LineField(self.tr("告诉了谁"), self.tr("姓名和身份，如 班主任沈老师")),
                "day": self._day,
                "time": self._time,
                "basis": self._basis,
                "scope": TextField(self.tr("说了哪些内容"), rows=2),
            },
        )
        self.form.setProperty("inset", True)
        self.form.wanted.connect(self._save)
        self.body.addWidget(self.form)
        self._rows = Card(flush=True)
        self._rows.setObjectName("")  # a part of this card, without a frame of its own
        self.body.addWidget(self._rows)

    def show_student(self, student_id: int) -> None:
        """Show what was passed on about this student."""
        self._student_id = student_id
        with self._vault.read() as session:
            told = store.disclosures_of(session, student_id)
        clear(self._rows.body)
        if not told:
            hint = text(self.tr("没有登记过。突破保密时，每一次都要登记。"), "hint", wrap=True)
            hint.setContentsMargins(16, 12, 16, 12)
            self._rows.body.addWidget(hint)
        self._shown = {row.id: self._row(row) for row in told}
        for shown in self._shown.values():
            self._rows.add_row(shown)

    def resume(self) -> None:
        """Open the form again if something was typed into it and not saved."""
        if self._keeper.kept(self._key()):
            self._begin()

    def bring(self, disclosure_id: int) -> None:
        """Bring one of them into sight, once the page has made room for it."""
        row = self._shown.get(disclosure_id)
        if row is not None:
            QTimer.singleShot(0, row, partial(bring_into_sight, row))

    def _row(self, told: Disclosure) -> Row:
        at = moment(told.at, self._vault.now().tzinfo)
        row = Row(told.to_whom, f"{at} · {label_of(told.basis)}\n{told.scope}")
        if told.note_id is None:
            name = self.tr("移除告知 {whom}").format(whom=told.to_whom)
            away = button(self.tr("移除"), quiet=True, danger=True, name=name)
            away.setProperty("disclosure", told.id)
            away.clicked.connect(self._discard)
            row.add(away)
        return row

    def _key(self) -> str:
        return f"disclosure/new/{self._student_id}"

    def _begin(self) -> None:
        now = self._vault.now()
        values = {"to_whom": "", "day": now.date().isoformat(), "time": f"{now:%H:%M}", "basis": "", "scope": ""}
        self.form.begin(self._key(), self._student_id, values)

    def _save(self, values: dict[str, str]) -> None:
        try:
            at, basis = self._when(), self._basis.choice()
            if basis is None:
                raise Problem("没有选依据。", "请选择为什么可以突破保密。")
            with self._vault.write("登记保密例外告知") as session:
                whom, scope = values["to_whom"].strip(), values["scope"].strip()
                store.disclose(session, self._student_id, to_whom=whom, at=at, scope=scope, basis=basis)
                typing.drop(session, self._key())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.form.settle()
        self._notice.toast(self.tr("已登记。"))
        self.show_student(self._student_id)

    def _when(self) -> datetime:
        """The moment in the form. Raises Problem for none, and for one that has not come yet."""
        day, at, now = self._day.day(), self._time.moment(), self._vault.now()
        if day is None or at is None:
            raise Problem("没有写告知的日期和时间。", "请填写后再保存。")
        when = datetime.combine(day, at, now.tzinfo)
        if when > now:
            raise Problem("告知的时间在现在之后。", "请改正日期或时间。")
        return when

    def _discard(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, QPushButton):
            return
        disclosure_id = int(pressed.property("disclosure"))
        with self._vault.write("告知登记移到回收站") as session:
            bin.put(session.get_one(Disclosure, disclosure_id), self._vault.now())
        self.show_student(self._student_id)
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, disclosure_id))

    def _take_back(self, disclosure_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(session.get_one(Disclosure, disclosure_id))
        self.show_student(self._student_id)
