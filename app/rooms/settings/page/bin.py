"""The bin: what was deleted, to be taken back or destroyed for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.students.record import Student
from app.ui.background import Background, Progress, Working
from app.ui.cards import Card, EmptyState, Row, button, clear
from app.ui.fields import LineField
from app.ui.notice import Notice
from app.ui.page import Page
from app.vault import bin as bins
from app.vault.record import Kept
from app.vault.vault import Vault

PLACE = "bin"
Forget = Callable[[Session, int], None]


class BinPage(Page):
    """Everything in the bin. ``kinds_named``: Chinese words by table name; ``forget`` is the house's."""

    def __init__(
        self, vault: Vault, notice: Notice, background: Background, kinds_named: Mapping[str, str], forget: Forget
    ) -> None:
        super().__init__(self.tr("回收站"))
        self._vault, self._notice, self._background = vault, notice, background
        self._names, self._forget = kinds_named, forget
        self.kinds = frozenset(kinds_named)
        self._records: list[Kept] = []
        self.empty_button = self.add_action(button(self.tr("清空回收站"), danger=True))
        self.empty_button.clicked.connect(self._ask_empty)
        self.card = Card(self.tr("已删除"), self.tr("恢复后回到原来的地方"), flush=True)
        self.body.addWidget(self.card)
        self.reason = LineField(self.tr("销毁学生档案的原因"), self.tr("清空时,整份学生档案会被销毁;原因会留在留痕里。"))
        self.body.addWidget(self.reason)
        self.body.addStretch(1)

    def reload(self) -> None:
        with self._vault.read() as session:
            self._records = bins.contents(session)
            rows = [self._row(session, at, record) for at, record in enumerate(self._records)]
        clear(self.card.body)
        if not rows:
            self.card.body.addWidget(EmptyState(self.tr("回收站是空的"), self.tr("删除的学生档案、草稿和附件会先放在这里。")))
        for row in rows:
            self.card.add_row(row)
        self.empty_button.setEnabled(bool(rows))
        self.reason.setVisible(any(isinstance(record, Student) for record in self._records))

    def _row(self, session: Session, at: int, record: Kept) -> QWidget:
        student = record if isinstance(record, Student) else self._student(session, record)
        kind = self._names.get(str(inspect(type(record)).local_table.name), self.tr("记录"))
        name = student.name if student else ""
        deleted = record.deleted_at.astimezone() if record.deleted_at else None
        row = Row(kind, name, lead=f"{deleted:%m-%d %H:%M}" if deleted else "")
        back = button(self.tr("恢复"), name=self.tr("恢复 {kind} {name}").format(kind=kind, name=name))
        back.setProperty("at", at)
        back.clicked.connect(self._take_back)
        row.add(back)
        return row

    def _student(self, session: Session, record: Kept) -> Student | None:
        number = getattr(record, "student_id", None)
        return session.get(Student, number) if number else None

    def _take_back(self) -> None:
        sender = self.sender()
        record = self._records[int(sender.property("at"))] if sender else None
        if record is None:
            return
        with self._vault.write("从回收站恢复") as session:
            bins.take_back(session.merge(record))
        self.reload()
        self._notice.toast(self.tr("已恢复。"))

    def _ask_empty(self) -> None:
        files = sum(isinstance(record, Student) for record in self._records)
        if files and not self.reason.value().strip():
            self.reason.show_error(self.tr("请写明销毁学生档案的原因,例如「毕业满三年,按规定销毁」。"))
            self.reason.setFocus()
            return
        self._notice.ask(
            self.tr("销毁回收站里的 {count} 项?").format(count=len(self._records)),
            self.tr("其中学生档案 {files} 份,连同全部记录、附件和已签发的文书。销毁后任何人都不能恢复;已有的备份里可能还有。").format(
                files=files
            ),
            self.tr("销毁"),
            self._empty,
            word=self.tr("销毁"),
        )

    def _empty(self) -> None:
        vault, forget, reason = self._vault, self._forget, self.reason.value().strip()
        students = [record.id for record in self._records if isinstance(record, Student)]
        others = [
            record
            for record in self._records
            if not isinstance(record, Student) and getattr(record, "student_id", None) not in students
        ]

        def work(progress: Progress) -> None:
            progress.commit_begins()
            if others:
                bins.destroy_records(vault, others)
            if students:
                bins.destroy_files(vault, students, reason, forget)

        job = self._background.run(work, self._emptied, self._failed)
        Working(self.window(), job, self.tr("正在销毁……")).open()

    def _emptied(self, _result: object) -> None:
        self.reason.set_value("")
        self.reload()
        self._notice.toast(self.tr("已销毁。"))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)
        self.reload()
