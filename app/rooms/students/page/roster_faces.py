"""The first and the last face of an import: waiting for a file, and what the import did."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.rooms.students.page.roster_groups import problem_group
from app.rooms.students.roster import Preview, Taken
from app.ui.cards import Card, EmptyState, Row, button, clear, text
from app.ui.tables import Table


class WaitingFace(QWidget):
    """Asks for a file, or says that one is being read; below it the import before, to be undone, and a card for what is remembered."""

    pressed = Signal()
    undo_wanted = Signal()

    def __init__(self, kept: QWidget) -> None:
        super().__init__()
        card = Card()
        self._empty = EmptyState("", "", self.tr("选择文件"))
        self._empty.wanted.connect(self.pressed)
        card.body.addStretch(2)
        card.body.addWidget(self._empty)
        card.body.addStretch(3)
        self._last = Row(self.tr("上一次导入"))
        undo = button(self.tr("撤销"), quiet=True, name=self.tr("撤销上一次导入"))
        undo.clicked.connect(self.undo_wanted)
        self._last.add(undo)
        card.body.addWidget(self._last)
        column = column_of(self)
        column.addWidget(card, 1)
        column.addWidget(kept)

    def wait(self, last: datetime | None) -> None:
        """Ask for a file; ``last`` is when the import was that can still be undone, by the room's clock."""
        self._say(
            self.tr("选择学校的班级名单，或把文件拖到这里"),
            self.tr("可以是 .xlsx、.xls、.ods 或 .csv。先看会导入什么，确认后才写入档案；整批可以撤销。"),
            self.tr("选择文件"),
        )
        self._last.setVisible(last is not None)
        if last is not None:
            self._last.detail_label.setText(f"{last:%Y-%m-%d %H:%M}")

    def read(self, name: str) -> None:
        """Say that a file is being read; the button gives up."""
        self._say(self.tr("正在读取…"), name, self.tr("取消"))
        self._last.hide()

    def _say(self, words: str, detail: str, action: str) -> None:
        self._empty.words_label.setText(words)
        self._empty.detail_label.setText(detail)
        self._empty.setAccessibleName(words)
        self._empty.button.setText(action)
        self._empty.button.setAccessibleName(action)


class DoneFace(QWidget):
    """What the import did, the way on, the way back, and the rows that were not taken."""

    list_wanted = Signal()
    undo_wanted = Signal()
    export_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        card = Card(self.tr("导入完成"))
        self._said = text("", "strong", wrap=True)
        self._more = text("", "secondary", wrap=True)
        card.body.addWidget(self._said)
        card.body.addWidget(self._more)
        line = QHBoxLayout()
        self._export = button(self.tr("导出问题行"))
        for made, wanted in (
            (button(self.tr("查看学生名单"), primary=True), self.list_wanted),
            (button(self.tr("撤销这次导入")), self.undo_wanted),
            (self._export, self.export_wanted),
        ):
            made.clicked.connect(wanted)
            line.addWidget(made)
        line.addStretch(1)
        card.body.addLayout(line)
        self._left = Card(self.tr("没有导入的行"), flush=True)
        column = column_of(self)
        column.addWidget(card)
        column.addWidget(self._left, 1)
        column.addStretch(0)

    def show_taken(self, shown: Preview, taken: Taken) -> None:
        """Say what was taken and what was not."""
        said = self.tr("新增 {new} 名学生，更新 {changed} 名。")
        self._said.setText(said.format(new=f"{taken.new:,}", changed=f"{taken.changed:,}"))
        more = [self.tr("重复的 {n} 行只导入一次。").format(n=len(shown.repeats))] if shown.repeats else []
        if taken.left:
            more.append(self.tr("{n} 人没有导入：预览之后档案有改动，请再导入一次。").format(n=len(taken.left)))
        if shown.problems:
            more.append(self.tr("{n} 行有问题，没有导入，可以导出来交给教务处核对。").format(n=len(shown.problems)))
        self._more.setText(" ".join(more))
        self._more.setVisible(bool(more))
        self._export.setVisible(bool(shown.problems))
        self._left.setVisible(bool(shown.problems))
        clear(self._left.body)
        group = problem_group(shown)
        table = Table(group.label, group.headers, EmptyState(self.tr("没有问题行")), group.widths)
        table.show_rows(group.rows)
        self._left.body.addWidget(table)


def column_of(face: QWidget) -> QVBoxLayout:
    """The one column of a face, flush with the page's margins."""
    column = QVBoxLayout(face)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    return column
