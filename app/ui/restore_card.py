"""The door's card for restoring: which backup, what opens it, what is in it, and then the restore itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from app.ui.backup_words import held, set_aside, size, when
from app.ui.cards import Card, Row, button, clear, restyle, tag, text
from app.ui.doorcards import DoorCard
from app.ui.language import sentence_of
from app.ui.secrets import SecretField

if TYPE_CHECKING:
    from app.vault.backupplaces import Found

SHOWN = 4
"""So many backups stand on the card; any other can be opened as a file."""
WIDTH = 620


class RestoreCard(DoorCard):
    """Emits ``look_wanted`` with the file and what was typed, then ``restore_wanted`` once she has seen what is in it."""

    look_wanted = Signal(object, str)
    restore_wanted = Signal()
    keys_wanted = Signal()
    file_wanted = Signal()
    folder_wanted = Signal()
    back = Signal()

    def __init__(self) -> None:
        super().__init__(WIDTH)
        said = self.tr("选一份备份，用做备份那一天的口令或恢复码打开看看，再决定恢复。现有的文件会整份保留，不会删除。")
        self.add_head(self.tr("从备份恢复"), said)
        self._found: list[Found] = []
        self._now = datetime.now().astimezone()
        self._chosen: Path | None = None
        self._rows = Card(flush=True)
        self.column.addWidget(self._rows)
        self.column.addLayout(self._place_line())
        self.asked = self.field = SecretField(self.tr("口令或恢复码"), self.tr("恢复码的大小写、短横和空格不影响。"))
        self.inside = text("", "strong", wrap=True)
        self.inside.setAccessibleName(self.tr("备份里的内容"))
        for widget in (self.field, self.inside, self.busy):
            self.column.addWidget(widget)
        self.column.addLayout(self._foot())

    def show_backups(self, found: list[Found], folder: Path, now: datetime, *, movable: bool) -> None:
        """The newest ones, the first of them chosen; ``movable``: there is no vault yet, its folder can be chosen."""
        aside = next(
            (one for one in found if one.aside is not None), None
        )  # one of these: they are not to crowd out backups
        self._found = [one for one in found if one.aside is None or one is aside][:SHOWN]
        self._now = now
        self.place.setText(self.tr("恢复到：{folder}").format(folder=folder))
        self.move_button.setVisible(movable)
        self.show_choosing()
        self._chosen = next((one.path for one in self._found if one.container is not None), None)
        self._show_rows()

    def offered(self) -> list[Found]:
        """The backups on the card."""
        return self._found

    def show_choosing(self) -> None:
        """Back to the choice: nothing is open."""
        self.inside.hide()
        self.restore_button.hide()
        self.keys_button.hide()
        self.look_button.show()
        self.field.show()

    def show_inside(self, words: str, *, keys_enough: bool = False) -> None:
        """What the opened backup holds, beside what is there now; ``keys_enough``: its key file alone would do."""
        self.set_busy(False)
        self.inside.setText(words)
        self.inside.show()
        self.field.hide()
        self.look_button.hide()
        self.restore_button.show()
        self.keys_button.setVisible(keys_enough)
        self.restore_button.setProperty("primary", not keys_enough)
        restyle(self.restore_button)
        (self.keys_button if keys_enough else self.restore_button).setFocus()

    def _place_line(self) -> QHBoxLayout:
        self.place = text("", "secondary", wrap=True)
        self.place.setAccessibleName(self.tr("恢复到哪里"))
        self.move_button = button(self.tr("换一个位置"), quiet=True)
        self.move_button.clicked.connect(self.folder_wanted)
        line = QHBoxLayout()
        line.addWidget(self.place, 1)
        line.addWidget(self.move_button)
        return line

    def _foot(self) -> QHBoxLayout:
        back, other = button(self.tr("返回")), button(self.tr("打开别的备份文件"))
        self.look_button = self.tries(button(self.tr("打开看看"), primary=True))
        self.restore_button = button(self.tr("恢复"), primary=True, name=self.tr("恢复这份备份"))
        self.keys_button = button(self.tr("只取回钥匙文件"), primary=True)
        self.keys_button.clicked.connect(self.keys_wanted)
        self.field.line.returnPressed.connect(self._give)
        for made, slot in ((back, self.back), (other, self.file_wanted), (self.restore_button, self.restore_wanted)):
            made.clicked.connect(slot)
        self.look_button.clicked.connect(self._give)
        line = QHBoxLayout()
        line.addWidget(back)
        line.addWidget(other)
        line.addStretch(1)
        line.addWidget(self.look_button)
        line.addWidget(self.restore_button)
        line.addWidget(self.keys_button)
        return line

    def _show_rows(self) -> None:
        clear(self._rows.body)
        for at, found in enumerate(self._found):
            self._rows.add_row(self._row(at, found))
        if not self._found:
            self._rows.add_row(Row(self.tr("这里没有找到备份"), self.tr("请插上 U 盘，点「打开别的备份文件」。")))

    def _row(self, at: int, found: Found) -> Row:
        row, name = self._told(found)
        if found.backup is None:
            row.add(tag(self.tr("不能用"), "red"))
            return row
        if found.path == self._chosen:
            row.add(tag(self.tr("已选"), "accent"))
        else:
            choose = button(self.tr("选这份"), quiet=True, name=name)
            choose.setProperty("backup", at)
            choose.clicked.connect(self._choose)
            row.add(choose)
        row.setToolTip(str(found.path))
        return row

    def _told(self, found: Found) -> tuple[Row, str]:
        """The words of its row, and those of the button that chooses it."""
        if found.aside is not None:
            return Row(found.path.name, set_aside(found.aside.size)), self.tr("选 {name}").format(name=found.path.name)
        if found.manifest is None:
            return Row(found.path.name, sentence_of(found.problem) if found.problem else ""), ""
        moment = when(found.manifest.made_at, self._now)
        row = Row(moment, f"{held(found.manifest.counts)} · {size(found.manifest.parts['vault.db'].size)}")
        return row, self.tr("选 {when} 的备份").format(when=moment)

    def _choose(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._chosen = self._found[int(sender.property("backup"))].path
            self.show_choosing()
            self._show_rows()

    def _give(self) -> None:
        if self._chosen is not None and self.look_button.isEnabled() and self.field.value():
            self.look_wanted.emit(self._chosen, self.field.value())
