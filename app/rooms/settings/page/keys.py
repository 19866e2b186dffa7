"""Password and codes: what opens the vault, changing it, what happened to it, and the old copies that given-up keys still open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from app.errors import Problem
from app.rooms.school import store as schools
from app.rooms.settings.page.keychanges import AfterBackup, KeyChanges
from app.ui.background import Background, Progress
from app.ui.cards import Card, Row, button, clear, hairline, tag, text
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page
from app.ui.printing import Printer
from app.ui.theme import scaled
from app.vault import keyevents, oldcopies, renewing
from app.vault.backupfile import Work
from app.vault.oldcopies import OldCopy
from app.vault.reaching import Silent, reach
from app.vault.vault import Vault

PLACE = "settings.keys"
SHOWN = 12
"""So many key events and old copies are listed; the rest is counted."""
MIB = 1 << 20
ANSWER_SECONDS = 8.0
"""After so long a place is said not to answer."""
WAY_WIDTH, WHEN_WIDTH = 76, 120
"""Pixels of the columns that the rows of a card share."""


class KeysPage(Page):
    """口令与恢复码. ``places`` gives the folders in which backups lie."""

    rotated = Signal()

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        printer: Printer,
        places: Callable[[], list[Path]],
        after_backup: AfterBackup,
    ) -> None:
        super().__init__(self.tr("口令与恢复码"), self.tr("设置"))
        self._vault, self._notice, self._background, self._places = vault, notice, background, places
        self._old: list[OldCopy] = []
        self.changes = KeyChanges(vault, background, printer, self._names, keeper.flush, after_backup, self)
        self.changes.done.connect(self._changed)
        self.changes.rotated.connect(self.rotated)
        left, right = self.columns(3, 2)
        for card in (self._ways_card(), self._seen_card(), self._old_card()):
            left.addWidget(card)
        left.addStretch(1)
        right.addWidget(self._events_card())
        right.addStretch(1)

    def reload(self) -> None:
        self._show_envelope()
        self._show_events()
        self._look_for_old()

    # What opens the vault

    def _ways_card(self) -> Card:
        card = Card(self.tr("打开档案的办法"), flush=True)
        self._add_way(
            card,
            self.tr("口令"),
            self.tr("每天打开档案用。更换后，从前的备份仍用备份那天的口令打开。"),
            self.tr("更换口令"),
            self.changes.change_password,
        )
        self._add_way(
            card,
            self.tr("恢复码"),
            self.tr("忘记口令时用，抄在纸上，与电脑分开存放。"),
            self.tr("更换恢复码"),
            self.changes.change_code,
        )
        row = self._add_way(
            card,
            self.tr("学校备用码"),
            self.tr("第二个恢复码，封在信封里由学校锁进保险柜；用它打开会留痕，您下次登录时会看到。"),
            self.tr("设置备用码"),
            self.changes.change_envelope,
        )
        self.envelope_tag, self.envelope_button = tag("", "plain"), row.findChildren(QPushButton)[0]
        row.line.insertWidget(row.line.count() - 1, self.envelope_tag)
        self.drop_button = button(self.tr("撤销"), danger=True, name=self.tr("撤销学校备用码"))
        self.drop_button.clicked.connect(self.changes.drop_envelope)
        row.add(self.drop_button)
        return card

    def _add_way(self, card: Card, title: str, detail: str, words: str, slot: Callable[[], None]) -> Row:
        row = Row(title, detail)
        row.title_label.setMinimumWidth(scaled(WAY_WIDTH))
        made = button(words)
        made.clicked.connect(slot)
        row.add(made)
        card.add_row(row)
        return row

    def _show_envelope(self) -> None:
        there = renewing.has_envelope(self._vault)
        self.envelope_tag.setText(self.tr("已设置") if there else self.tr("未设置"))
        self.envelope_button.setText(self.tr("更换备用码") if there else self.tr("设置备用码"))
        self.envelope_button.setAccessibleName(self.envelope_button.text())
        self.drop_button.setVisible(there)

    # Somebody has seen the password

    def _seen_card(self) -> Card:
        card = Card(self.tr("有人看到了我的口令"))
        card.body.addWidget(
            text(
                self.tr(
                    "只换口令挡不住拿到旧文件的人。这里换掉全部钥匙，把整份档案用新钥匙重写，并列出该销毁的旧备份。"
                ),
                "secondary",
                wrap=True,
            )
        )
        made = button(self.tr("更换全部钥匙…"), name=self.tr("更换全部钥匙"), danger=True)
        made.clicked.connect(self.changes.rotate)
        card.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    # Old copies

    def _old_card(self) -> Card:
        self.old_card = Card(self.tr("换钥匙以前的旧备份"), self.tr("旧口令仍能打开它们"), flush=True)
        self.destroy_button = self.old_card.add_action(
            button(self.tr("全部销毁"), danger=True, name=self.tr("销毁旧备份"))
        )
        self.destroy_button.clicked.connect(self._ask_destroy)
        self._old_rows = QVBoxLayout()
        self._old_rows.setSpacing(0)
        self.old_card.body.addLayout(self._old_rows)
        self.old_card.hide()
        return self.old_card

    def _look_for_old(self) -> None:
        self._background.run(partial(_look, self._vault, self._places()), self._show_old, self._raise)

    def _show_old(self, looked: tuple[list[OldCopy], bool]) -> None:
        found, silent = looked
        self._old = found
        clear(self._old_rows)
        self.old_card.setVisible(bool(found) or silent)
        self.destroy_button.setEnabled(bool(found))
        if silent:
            words = self.tr("那里可能还有旧备份，请连好以后再来这一页看。")
            _add(self._old_rows, Row(self.tr("第二位置没有回答"), words))
        told = self.tr("{at:%Y-%m-%d %H:%M} · {size:.1f} MB · {folder}")
        for copy in found[:SHOWN]:
            at = copy.written_at.astimezone(self._vault.now().tzinfo)
            words = told.format(at=at, size=copy.size / MIB, folder=copy.path.parent)
            _add(self._old_rows, Row(copy.path.name, words))
        if len(found) > SHOWN:
            _add(self._old_rows, Row(self.tr("还有 {count} 份").format(count=len(found) - SHOWN)))

    def _ask_destroy(self) -> None:
        self._notice.ask(
            self.tr("销毁这 {count} 份旧备份？").format(count=len(self._old)),
            self.tr(
                "删除后不能取回。请先确认今天已有新的备份。不在这台电脑上的旧备份（别的 U 盘、光盘）请您另外找出来销毁；"
                "固态硬盘和 U 盘上删掉的文件，专门的工具有时还能读出。"
            ),
            self.tr("销毁"),
            self._destroy,
            word=self.tr("销毁"),
        )

    def _destroy(self) -> None:
        try:
            oldcopies.destroy(self._vault, self._old)
        except Problem as problem:
            self._notice.tell(problem)
        self.reload()

    # What happened

    def _events_card(self) -> Card:
        card = Card(self.tr("钥匙的变动"), self.tr("更换，以及用恢复码打开"), flush=True)
        self._events = QVBoxLayout()
        self._events.setSpacing(0)
        card.body.addLayout(self._events)
        return card

    def _show_events(self) -> None:
        clear(self._events)
        with self._vault.read() as session:
            events = keyevents.all_events(session)
        for event in events[:SHOWN]:
            at = event.at.astimezone(self._vault.now().tzinfo)
            _add(self._events, Row("", event.what, lead=f"{at:%Y-%m-%d %H:%M}", lead_width=WHEN_WIDTH))
        if not events:
            _add(self._events, Row("", self.tr("建立档案以来没有变动。")))
        elif len(events) > SHOWN:
            _add(self._events, Row("", self.tr("更早的见「查阅登记」。")))

    def _names(self) -> tuple[str, ...]:
        with self._vault.read() as session:
            return schools.names(session)

    def _changed(self, words: str) -> None:
        self._notice.toast(words)
        self.reload()

    def _raise(self, error: Exception) -> None:
        raise error


def _look(vault: Vault, places: list[Path], progress: Progress) -> tuple[list[OldCopy], bool]:
    """The old copies, the first of the places being beside the vault; and whether another did not answer."""
    try:
        return reach(ANSWER_SECONDS, partial(_old_copies, vault, places), progress), False
    except Silent:
        return oldcopies.old_copies(vault, places[:1]), True


def _old_copies(vault: Vault, places: list[Path], _work: Work) -> list[OldCopy]:
    return oldcopies.old_copies(vault, places)


def _add(rows: QVBoxLayout, row: Row) -> None:
    if rows.count():
        rows.addWidget(hairline())
    rows.addWidget(row)
