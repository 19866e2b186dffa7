"""The list of backups with the state of things: the last one, the second place, the drill."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.ui.backing_up import BackingUp
from app.ui.backup_words import held, reminder, restorable, set_aside, size, when
from app.ui.cards import Card, Row, button, clear, tag, text
from app.ui.language import sentence_of, told
from app.vault import backupplaces, restoring
from app.vault.asides import Aside, asides
from app.vault.backup import local_place
from app.vault.backupfile import Container, Work
from app.vault.backupplaces import Found
from app.vault.reaching import Silent, reach
from app.vault.vault import Vault

ANSWER_SECONDS = 8.0
"""After so long the second place is said not to answer."""


@dataclass(frozen=True)
class Seen:
    """What was seen at the second place."""

    found: list[Found] = field(default_factory=list)
    connected: bool = False
    elsewhere: bool = False
    """Whether it is on another device than the vault."""
    silent: bool = False


def look_at_second(second: Path, vault_id: str, folder: Path, work: Work) -> Seen:
    """Look there, on a job's thread: it may be a share that does not answer."""
    try:
        return reach(ANSWER_SECONDS, partial(_seen, second, vault_id, folder), work)
    except Silent:
        return Seen(silent=True)


def _seen(second: Path, vault_id: str, folder: Path, _work: Work) -> Seen:
    try:
        connected = second.is_dir()
    except OSError:
        connected = False
    if not connected:
        return Seen()
    found = backupplaces.listed(backupplaces.second_place(second, vault_id))
    return Seen(found, True, backupplaces.is_elsewhere(second, folder))


class ListFace(QWidget):
    """Shows; what is pressed is told by signals, ``look_wanted`` with the backup (a Container, or an Aside)."""

    look_wanted = Signal(object)
    second_wanted = Signal()
    second_dropped = Signal()
    drill_wanted = Signal()

    def __init__(self, vault: Vault, backing: BackingUp) -> None:
        super().__init__()
        self._vault, self._backing = vault, backing
        self._found: list[tuple[Found, list[str]]] = []
        self._seen: Seen | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self.state = text("", "strong", wrap=True)
        self.state.setAccessibleName(self.tr("备份的状态"))
        self.trouble = text("", "warning", wrap=True)
        self.trouble.setAccessibleName(self.tr("备份遇到的问题"))
        state = Card(self.tr("现在"), self.tr("每天第一次打开、空闲两分钟、导入前和退出时自动备份；没有变化就不做"))
        state.body.addWidget(self.state)
        state.body.addWidget(self.trouble)
        self._list = Card(self.tr("可以恢复到"), self.tr("近 7 天、5 周、12 个月各留一份"), flush=True)
        for card in (state, self._second_card(), self._drill_card(), self._list):
            column.addWidget(card)
        column.addStretch(1)

    def show_all(self) -> None:
        """Everything as it is now on this PC; the second place as it was seen last."""
        if self._backing.second() is None:
            self._seen = None
        self._show_list()
        self.show_state()
        self._show_second()
        self._show_drill()

    def show_seen(self, seen: Seen) -> None:
        """The second place has answered, or not."""
        self._seen = seen
        self._show_list()
        self.show_state()
        self._show_second()

    def newest(self) -> Container | None:
        """The newest backup under the present keys."""
        own = (found.container for found, _ in self._found if found.container is not None)
        return next((container for container in own if container.is_sealed_by(self._vault.master)), None)

    def _show_list(self) -> None:
        clear(self._list.body)
        self._found = backupplaces.merged(self._listed(), asides(self._vault.folder))
        for at, (found, places) in enumerate(self._found):
            if found.backup is None:
                row = Row(found.path.name, sentence_of(found.problem) if found.problem is not None else "")
                row.add(tag(self.tr("不能用"), "red"))
                self._list.add_row(row)
            else:
                self._list.add_row(self._backup_row(at, found.backup, places))
        if not self._found:
            self._list.add_row(Row(self.tr("还没有备份"), self.tr("点「立即备份」，或者等到空闲两分钟。")))

    def _backup_row(self, at: int, backup: Container | Aside, places: list[str]) -> Row:
        row, name = self._told(backup)
        if backup.keys.content.vault_id != self._vault.vault_id:
            row.add(tag(self.tr("另一份档案"), "amber"))
            name += self.tr("，另一份档案")
        elif not backup.is_sealed_by(self._vault.master):
            later = backup.keys.content.epoch > self._vault.standing.key_file().epoch
            words = self.tr("后来的口令") if later else self.tr("从前的口令")
            row.add(tag(words, "amber"))
            name += self.tr("，用{words}").format(words=words)
        for place in places:
            row.add(tag(place, "plain"))
        look = button(self.tr("查看"), name=name)
        look.setProperty("backup", at)
        look.clicked.connect(self._look_at)
        row.add(look)
        return row

    def _told(self, backup: Container | Aside) -> tuple[Row, str]:
        """The words of its row, and those of the button that looks into it."""
        if isinstance(backup, Aside):
            return Row(backup.path.name, set_aside(backup.size)), self.tr("查看 {name}").format(name=backup.path.name)
        manifest = backup.manifest
        moment = when(manifest.made_at, self._vault.now())
        row = Row(moment, f"{held(manifest.counts)} · {size(manifest.parts['vault.db'].size)}")
        return row, self.tr("查看 {when} 的备份").format(when=moment)

    def _listed(self) -> list[tuple[str, list[Found]]]:
        here = self.tr("本机"), backupplaces.listed(local_place(self._vault.folder))
        return [here, (self.tr("第二位置"), self._seen.found)] if self._seen is not None else [here]

    def show_state(self) -> None:
        """What could be had back now, and what kept a backup from being made."""
        of_ours = (one.manifest for one, _ in self._found if not one.is_of_another({self._vault.vault_id}))
        newest = next(filter(None, of_ours), None)
        if self._backing.running:
            self.state.setText(self.tr("正在备份，可以照常使用…"))
        elif newest is not None:
            self.state.setText(restorable(newest.made_at, newest.counts, self._vault.now()))
        else:
            self.state.setText(self.tr("还没有备份。"))
        said = self._troubles()
        self.trouble.setText(said)
        self.trouble.setVisible(bool(said))

    def _troubles(self) -> str:
        outcome = self._backing.outcome
        if self._backing.trouble is not None:
            return told(self._backing.trouble)
        if outcome is not None and outcome.trouble is not None:
            return self.tr("第二位置没有写成，本机的备份不受影响。{why}").format(why=told(outcome.trouble))
        return ""

    def _second_card(self) -> Card:
        card = Card(self.tr("第二位置"), self.tr("U 盘或学校的共享盘，电脑坏了还有一份"), flush=True)
        self._second = Row("", "")
        self._second.detail_label.setAccessibleName(self.tr("第二位置的状态"))
        self.choose_second, self.drop_second = button(self.tr("选择位置")), button(self.tr("不再使用"))
        self.choose_second.clicked.connect(self.second_wanted)
        self.drop_second.clicked.connect(self.second_dropped)
        for made in (self.choose_second, self.drop_second):
            self._second.add(made)
        card.add_row(self._second)
        return card

    def _show_second(self) -> None:
        second, outcome, now = self._backing.second(), self._backing.outcome, self._vault.now()
        self.drop_second.setVisible(second is not None)
        if second is None:
            self._second.title_label.setText(self.tr("没有选择"))
            self._second.detail_label.setText(self.tr("备份都在这台电脑上：电脑坏了或丢了，备份也会一起没有。"))
            return
        self._second.title_label.setText(str(second))
        if self._seen is None:
            said = self.tr("正在查看…")
        elif self._seen.silent:
            said = self.tr("它没有回答，请检查 U 盘或网络；本机的备份不受影响。")
        elif not self._seen.connected:
            said = self.tr("现在没有连上，不影响使用；连上以后会自动补齐。")
        elif not self._seen.elsewhere:
            said = self.tr("这个位置和档案在同一块磁盘上：磁盘坏了，两份都会没有。")
        elif outcome is not None and outcome.carried_at is not None:
            said = self.tr("最新一份：{when}，逐字节核对过。").format(when=when(outcome.carried_at, now))
        else:
            said = ""
        late = reminder(self._backing.carried_at(), now, chosen=True)
        self._second.detail_label.setText(" ".join(filter(None, (said, late))))

    def _drill_card(self) -> Card:
        card = Card(self.tr("恢复演练"), self.tr("做完恢复的每一步，只差替换；每学期做一次"), flush=True)
        self._drill = Row("", "")
        self._drill.detail_label.setAccessibleName(self.tr("上次演练的结果"))
        go = button(self.tr("开始演练"))
        go.clicked.connect(self.drill_wanted)
        self._drill.add(go)
        card.add_row(self._drill)
        said = self.tr("备份在别的电脑上用做备份那一天的口令打开，恢复码一直可以；换过口令后，旧备份仍认旧口令。")
        card.add_row(Row(self.tr("口令"), said))
        return card

    def _show_drill(self) -> None:
        with self._vault.read() as session:
            last = restoring.last_drill(session)
        self._drill.title_label.setText(self.tr("上次演练"))
        if last is None:
            self._drill.detail_label.setText(self.tr("还没有做过。"))
            return
        result = self.tr("通过") if last.passed else self.tr("没有通过，请立即备份后再试")
        self._drill.detail_label.setText(f"{when(last.at, self._vault.now())} · {result}")

    def _look_at(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.look_wanted.emit(self._found[int(sender.property("backup"))][0].backup)
