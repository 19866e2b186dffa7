"""Inside one backup: what it holds beside what the vault holds now; from here it is restored, whole or one student of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.rooms.students import store as students
from app.ui.backup_words import when
from app.ui.cards import Card, EmptyState, Row, button
from app.ui.finding import PersonDialog
from app.ui.tables import Table, TableRow
from app.vault.restoring import Opened, Side


class LookFace(QWidget):
    """The comparison, and what can be done with it."""

    restore_wanted = Signal()
    student_wanted = Signal()
    closed = Signal()

    def __init__(self, kinds: Mapping[str, str]) -> None:
        """``kinds`` are Chinese words by table, in the order they are shown."""
        super().__init__()
        self._kinds = kinds
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.compared = Card(self.tr("备份和现在对照"), flush=True)
        self.table = Table(
            self.tr("对照表"),
            [self.tr("种类"), self.tr("备份里"), self.tr("备份里最新"), self.tr("现在"), self.tr("现在最新")],
            EmptyState(self.tr("备份里还没有内容")),
            (220, 120, 200, 120, 200),
        )
        self.compared.body.addWidget(self.table)
        column.addWidget(self._acts())
        column.addWidget(self.compared, 1)

    def show_sides(self, there: Side, here: Side, now: datetime) -> None:
        """Both sides, the kinds that one of them holds."""
        rows = []
        for at, (kind, words) in enumerate(self._kinds.items()):
            counts = there.counts.get(kind, 0), here.counts.get(kind, 0)
            if not any(counts):
                continue
            newest = [when(side.newest[kind], now) if kind in side.newest else "" for side in (there, here)]
            cells = (words, f"{counts[0]:,}", newest[0], f"{counts[1]:,}", newest[1])
            rows.append(TableRow(at, cells, {3: "amber"} if counts[0] != counts[1] else None))
        self.table.show_rows(rows)

    def _acts(self) -> Card:
        card = Card(flush=True)
        whole = Row(self.tr("全部恢复"), self.tr("用这份备份替换现在的档案。现在的档案会先整份保留在旁边，不会删除。"))
        restore = button(self.tr("恢复到这份备份"), danger=True)
        restore.clicked.connect(self.restore_wanted)
        whole.add(restore)
        one = Row(self.tr("只取回一位学生"), self.tr("把这位学生现在缺少的内容加回来，现有的内容一概不动。"))
        choose = button(self.tr("选择学生"))
        choose.clicked.connect(self.student_wanted)
        one.add(choose)
        back = Row(self.tr("不恢复"), self.tr("只是看看，什么都没有改变。"))
        leave = button(self.tr("返回备份列表"))
        leave.clicked.connect(self.closed)
        back.add(leave)
        for row in (whole, one, back):
            card.add_row(row)
        return card


class StudentOfBackup(PersonDialog):
    """Chooses a student among those of the backup."""

    def __init__(self, parent: QWidget, opened: Opened) -> None:
        with opened.vault.read() as session:
            index = students.jump_index(session)
        super().__init__(parent, self.tr("从备份里取回哪位学生？"), index.people)
        self.nobody = self.tr("备份里没有这位学生。")
