"""The bin: what was moved away, to be taken back one by one, or destroyed for good with a reason and the word typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QPushButton
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school.record import class_name
from app.rooms.students import store
from app.rooms.students.record import Consent, Guardian, Student
from app.ui.background import Background, Progress, Working
from app.ui.cards import Card, EmptyState, Row, button, clear
from app.ui.fields import LineField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import bin
from app.vault.attachments import Attachment
from app.vault.bin import Forget
from app.vault.record import Kept, Record
from app.vault.vault import Vault

PLACE = "bin"
Found = Callable[[Session, str, int], tuple[str, str] | None]
"""A record of another room as a title and an excerpt."""
Stands = Callable[[Session, Record], None]
"""Raises Problem where a record taken back does not go with what has been entered since."""
_SHOWN = 200
"""Rows drawn; the rest is counted."""


class BinPage(Page):
    """Everything in the bin. ``forget`` deletes what every room keeps about a student, ``found`` names the records of the other
    rooms, ``stands`` looks whether what is taken back goes with the rest; the house hands them in."""

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        *,
        forget: Forget,
        found: Found,
        stands: Stands,
    ) -> None:
        super().__init__(self.tr("回收站"))
        self._vault, self._notice, self._keeper, self._background = vault, notice, keeper, background
        self._forget, self._found, self._stands = forget, found, stands
        self._contents: list[Kept] = []
        self.route = Route(PLACE)
        self.form = Form("bin/destroy", parent=self)
        self._build()
        self._keeper.watch(self.form)

    def reload(self) -> None:
        clear(self.card.body)
        with self._vault.read() as session:
            self._contents = bin.contents(session)
            rows = [self._row(session, at, record) for at, record in enumerate(self._contents[:_SHOWN])]
        for row in rows:
            self.card.add_row(row)
        some = bool(self._contents)
        self.card.setVisible(some)
        self.destroy_card.setVisible(some)
        self.empty.setVisible(not some)
        self.set_head(self.title, self.tr("{n} 项").format(n=len(self._contents)) if some else "")

    def note_change(self, kinds: frozenset[str]) -> None:
        if self.isVisible():
            self.reload()
        else:
            self._stale = True

    def _build(self) -> None:
        left, right = self.columns(3, 2)
        self.card = Card(self.tr("可以取回的"), flush=True)
        self.empty = EmptyState(
            self.tr("回收站是空的"), self.tr("移到回收站的档案和记录会列在这里，清空以前都可以取回。")
        )
        left.addWidget(self.card)
        left.addWidget(self.empty)
        left.addStretch(1)
        self.destroy_card = Card(self.tr("清空回收站"))
        self.reason = LineField(self.tr("销毁理由"), self.tr("理由会永久保留在留痕里，请不要写学生的姓名和情况"))
        self.form.add("reason", self.reason)
        self.destroy_button = button(self.tr("清空回收站"), danger=True)
        self.destroy_button.clicked.connect(self._ask_to_destroy)
        self.destroy_card.body.addWidget(self.reason)
        self.destroy_card.body.addWidget(self.destroy_button)
        right.addWidget(self.destroy_card)
        right.addStretch(1)

    def _row(self, session: Session, at: int, record: Kept) -> Row:
        title, about = self._words(session, record)
        row = Row(title, about)
        back = button(self.tr("取回"), quiet=True, name=self.tr("取回 {what}").format(what=title))
        back.setProperty("at", at)
        back.clicked.connect(self._take_back)
        row.add(back)
        return row

    def _words(self, session: Session, record: Kept) -> tuple[str, str]:
        """What a record is called here, and whose it is."""
        if isinstance(record, Student):
            where = f"{class_name(record.grade, record.class_no)} · {record.student_no}"
            return record.name, self.tr("{where} · 整份档案").format(where=where)
        student_id = record.student() if isinstance(record, Record) else None
        student = store.find(session, student_id) if student_id is not None else None
        whose = f"{student.name} · {class_name(student.grade, student.class_no)}" if student else ""
        if isinstance(record, Guardian):
            return self.tr("监护人 {name}").format(name=record.name or label_of(record.relation)), whose
        if isinstance(record, Consent):
            return self.tr("知情同意：{type}").format(type=label_of(record.type)), whose
        if isinstance(record, Attachment):
            return self.tr("附件 {name}").format(name=record.name), whose
        kind = str(getattr(record, "__tablename__", ""))
        named = self._found(session, kind, record.id)
        return (named[0], whose) if named else (self.tr("一条记录"), whose)

    def _take_back(self) -> None:
        pressed = self.sender()
        if not isinstance(pressed, QPushButton):
            return
        record = self._contents[int(pressed.property("at"))]
        try:
            with self._vault.write("从回收站取回") as session:
                if isinstance(record, Student):
                    store.take_back(session, record.id)
                elif isinstance(record, Guardian):
                    store.take_back_guardian(session, record.id)
                else:
                    self._take_back_one(session, record)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.reload()
        if isinstance(record, Student):
            self._notice.toast(self.tr("已取回。"))

    def _take_back_one(self, session: Session, record: Kept) -> None:
        taken = session.get_one(type(record), record.id)
        bin.take_back(taken)
        if isinstance(taken, Record):
            self._stands(session, taken)

    def _ask_to_destroy(self) -> None:
        reason = self.reason.value().strip()
        if not reason:
            self.reason.show_error(self.tr("请写明理由。"))
            self.reason.setFocus()
            return
        files = sum(isinstance(record, Student) for record in self._contents)
        self._notice.ask(
            self.tr("清空回收站？"),
            self.tr(
                "将永久销毁 {files} 份完整档案(包括已签的记录、出具的文书和附件)和其他 {rest} 项。销毁后无法恢复，备份里的旧副本不受影响。"
            ).format(files=files, rest=len(self._contents) - files),
            self.tr("销毁"),
            partial(self._destroy, reason),
            word=self.tr("销毁"),
        )

    def _destroy(self, reason: str) -> None:
        job = self._background.run(
            partial(_empty, self._vault, list(self._contents), reason, self._forget), self._done, self._failed
        )
        Working(self.window(), job, self.tr("正在销毁，请稍等。")).open()

    def _done(self, _result: object) -> None:
        self.reason.set_value("")
        self._keeper.settle(self.form)
        self.reload()
        self._notice.toast(self.tr("回收站已清空。"))

    def _failed(self, error: Exception) -> None:
        self.reload()
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)


def _empty(vault: Vault, contents: list[Kept], reason: str, forget: Forget, progress: Progress) -> None:
    progress.commit_begins()
    files = [record.id for record in contents if isinstance(record, Student)]
    bin.empty(vault, files, [record for record in contents if not isinstance(record, Student)], reason, forget)
