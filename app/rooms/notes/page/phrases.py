"""The page of the counsellor's own phrases: a list in her order, and the form to name, reword and place one."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from app.errors import Problem
from app.rooms.notes import snippets
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.record import TEXTS, Snippet
from app.ui.cards import Card, EmptyState, button
from app.ui.fields import LineField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault import bin, typing
from app.vault.vault import Vault

PLACE = "snippets"
_NEW = "snippet/new"


class PhrasesPage(Page):
    """Every phrase she has kept. One is picked at the left and changed at the right; a new one is written there too."""

    kinds = frozenset({"snippet"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("常用语"), scrolls=False)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._rows: dict[int, Snippet] = {}
        self._id: int | None = None
        self.form = Form("", parent=self)
        self._build()

    def arrive(self, route: Route) -> None:
        """Show the list, and in the form what was being written in it, else the first phrase."""
        self.leave()
        self.route = route
        self.reload()
        kept = [key.removeprefix("snippet/") for key in self._keeper.kept("snippet/")]
        open_still = [int(key) for key in kept if key.isdigit() and int(key) in self._rows]
        if _NEW in self._keeper.kept(_NEW) or not self._rows:
            self._open(None)
        else:
            self._choose(open_still[0] if open_still else next(iter(self._rows)))

    def leave(self) -> None:
        self._keeper.leave(self.form)

    def reload(self) -> None:
        with self._vault.read() as session:
            self._rows = {row.id: row for row in snippets.snippets(session)}
        self.table.show_rows(
            [
                TableRow(row.id, (row.name, self._section(row.part), " ".join(row.text.split())))
                for row in self._rows.values()
            ]
        )
        words = self.tr("{n} 条，写会谈记录时在每一栏的「常用语」里").format(n=len(self._rows))
        self.set_head(self.title, words if self._rows else "")
        self._offer()

    # The screen

    def _build(self) -> None:
        left, right = self.columns(3, 2)
        empty = EmptyState(
            self.tr("还没有自己的常用语"),
            self.tr("在右边写一条；也可以在会谈记录里选中一段文字，从「常用语」存下来。程序自带的常用语一直都在。"),
        )
        headers = [self.tr("名称"), self.tr("用在哪一栏"), self.tr("内容")]
        self.table = Table(self.tr("我的常用语"), headers, empty, (170, 110))
        self.table.picked.connect(self._pick)
        list_card = Card(flush=True)
        list_card.body.addWidget(self.table, 1)
        left.addWidget(list_card, 1)
        self.card = Card(self.tr("常用语"))
        parts = [("", self.tr("每一栏")), *TEXTS.items()]
        for name, field in (
            ("name", LineField(self.tr("名称"))),
            ("part", PickField(self.tr("用在哪一栏"), parts)),
            ("text", TextField(self.tr("内容"), rows=6)),
        ):
            self.card.body.addWidget(field)
            self.form.add(name, field)
        self.card.body.addLayout(self._order())
        right.addWidget(self.card)
        right.addStretch(1)
        self.new_button = self.add_action(button(self.tr("+ 常用语")))
        self.save_button = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存常用语")))
        self.new_button.clicked.connect(self._begin)
        self.save_button.clicked.connect(self.save)

    def _order(self) -> QHBoxLayout:
        line = QHBoxLayout()
        self.up_button, self.down_button = button(self.tr("上移")), button(self.tr("下移"))
        self.discard_button = button(self.tr("移除"), quiet=True, danger=True, name=self.tr("移除常用语"))
        self.up_button.clicked.connect(self._up)
        self.down_button.clicked.connect(self._down)
        self.discard_button.clicked.connect(self._discard)
        line.addWidget(self.up_button)
        line.addWidget(self.down_button)
        line.addStretch(1)
        line.addWidget(self.discard_button)
        return line

    def _section(self, part: str) -> str:
        return TEXTS.get(part) or self.tr("每一栏")

    def _offer(self) -> None:
        """What can be done with the phrase in the form."""
        order, known = list(self._rows), self._id in self._rows
        self.up_button.setEnabled(known and order[0] != self._id)
        self.down_button.setEnabled(known and order[-1] != self._id)
        self.discard_button.setEnabled(known)
        self.card.title_label.setText(self.tr("常用语") if known else self.tr("新的常用语"))

    # Acts

    def save(self) -> bool:
        """Write the phrase down; True if it was saved, else why not is said."""
        values = self.form.values()
        try:
            with self._vault.write("保存常用语") as session:
                if self._id is None:
                    row = snippets.add(session, values["name"], values["text"], values["part"])
                else:
                    row = snippets.change(session, self._id, values["name"], values["text"], values["part"])
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return False
        self._keeper.settle(self.form)
        self.reload()
        self._choose(row.id)
        self._notice.toast(self.tr("已保存。"))
        return True

    def _choose(self, snippet_id: int) -> None:
        self.table.select(snippet_id)
        self._open(snippet_id)

    def _pick(self, snippet_id: int) -> None:
        if snippet_id != self._id:
            self._open(snippet_id)

    def _begin(self) -> None:
        self.table.view.clearSelection()
        self._open(None)
        self.form.fields["name"].setFocus()

    def _open(self, snippet_id: int | None) -> None:
        """Have the form hold this phrase, or a new one; what was typed into another stays kept."""
        self.leave()
        self._id = snippet_id
        row = self._rows.get(snippet_id) if snippet_id is not None else None
        values = {"name": row.name, "part": row.part, "text": row.text} if row else {"name": "", "part": "", "text": ""}
        self._keeper.begin(self.form, f"snippet/{snippet_id}" if snippet_id is not None else _NEW, None, values)
        self._offer()

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        if self._id is None:
            return
        with self._vault.write("排列常用语") as session:
            snippets.move(session, self._id, by)
        self.reload()

    def _discard(self) -> None:
        if self._id is None:
            return
        gone = self._id
        self._keeper.settle(self.form)
        with self._vault.write("常用语移到回收站") as session:
            bin.put(snippets.get(session, gone), self._vault.now())
        self.reload()
        if self._rows:
            self._choose(next(iter(self._rows)))
        else:
            self._open(None)
        self._notice.toast(self.tr("已移除。"), self.tr("撤销"), partial(self._take_back, gone))

    def _take_back(self, snippet_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(snippets.get(session, snippet_id))
        if self.isVisible():
            self.reload()
            self._choose(snippet_id)
