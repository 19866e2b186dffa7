"""到期的档案: the files of students who left that have been kept long enough, to be moved to the bin one by one or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.errors import Problem
from app.rooms.school import store as schools
from app.rooms.students import store
from app.rooms.students.archives import PLACE, Expired, HeldOf, expired
from app.ui.cards import Card, EmptyState, button
from app.ui.language import label_of
from app.ui.masking import hidden, shown
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault import bin
from app.vault.vault import Vault


class ArchivesPage(Page):
    """Nothing is destroyed here: the bin asks for the reason and the word."""

    def __init__(self, vault: Vault, notice: Notice, held_of: HeldOf, kinds: frozenset[str]) -> None:
        """``held_of`` is what the rooms keep about a student, ``kinds`` what changes it."""
        super().__init__(self.tr("到期的档案"), scrolls=False)
        self._vault, self._notice, self._held_of = vault, notice, held_of
        self.kinds = kinds | {"student", "changed_deadline"}
        self.route = Route(PLACE)
        self._expired: list[Expired] = []
        headers = [
            self.tr("姓名"), self.tr("班级"), self.tr("学号"), self.tr("状态"), self.tr("离校日期"),
            self.tr("保存到"), self.tr("保存的内容"),
        ]  # fmt: skip
        nothing = EmptyState(
            self.tr("没有到期的档案"), self.tr("毕业或转出学生的档案，保存年限满了会列在这里。年限在设置的期限里改。")
        )
        self.table = Table(self.title, headers, nothing, (130, 110, 140, 80, 120, 120))
        self.table.make_sortable()
        self.table.opened.connect(self._open)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self._bin = self.add_action(button(self.tr("回收站")))
        self._all = self.add_action(button(self.tr("全部移到回收站")))
        self._one = self.add_action(button(self.tr("移到回收站"), primary=True))
        self._bin.clicked.connect(self._want_bin)
        self._all.clicked.connect(self._ask_for_all)
        self._one.clicked.connect(self._put_one)

    def reload(self) -> None:
        with self._vault.read() as session:
            today = self._vault.clock.today()
            self._expired = expired(session, schools.terms(session), today, self._held_of)
        self.table.show_rows([_row(one) for one in self._expired])
        context = self.tr("{n} 份，由您决定继续保存还是销毁").format(n=f"{len(self._expired):,}")
        self.set_head(self.title, context if self._expired else "")
        for offered in (self._all, self._one):
            self.offer(offered, bool(self._expired))

    def student_id(self) -> int | None:
        return self.table.current()

    def _put_one(self) -> None:
        student_id = self.table.current()
        if student_id is None:
            self._notice.toast(self.tr("先在名单里选中一份档案。"))
        else:
            self._put([student_id])

    def _ask_for_all(self) -> None:
        self._notice.ask(
            self.tr("把这 {n} 份档案都移到回收站？").format(n=f"{len(self._expired):,}"),
            self.tr("学生和所有记录会离开名单和搜索，在回收站清空以前都可以取回。"),
            self.tr("全部移到回收站"),
            partial(self._put, [one.student_id for one in self._expired]),
        )

    def _put(self, student_ids: Sequence[int]) -> None:
        with self._vault.write("到期的档案移到回收站") as session:
            for student_id in student_ids:
                bin.put(store.get(session, student_id), self._vault.now())
        words = self.tr("{n} 份已移到回收站，在那里写明理由后销毁。").format(n=f"{len(student_ids):,}")
        self._notice.toast(words, self.tr("撤销"), partial(self._take_back, student_ids))

    def _take_back(self, student_ids: Sequence[int]) -> None:
        try:
            with self._vault.write("从回收站取回") as session:
                for student_id in student_ids:
                    store.take_back(session, student_id)
        except Problem as problem:
            self._notice.tell(problem)

    def _open(self, student_id: int) -> None:
        self.went.emit(Route("student", student_id, student_id))

    def _want_bin(self) -> None:
        self.went.emit(Route("bin"))


def _row(of: Expired) -> TableRow:
    number = "" if hidden(of.student_id) else of.student_no  # what singles a student out is as good as the name
    name = shown(of.name, of.student_id)
    cells = (name, of.place, number, label_of(of.status), f"{of.left_on}", f"{of.until}", label_of(of.held))
    return TableRow(of.student_id, cells)
