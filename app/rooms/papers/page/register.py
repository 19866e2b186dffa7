"""The register of issued documents: every number, newest first, void ones too."""

from __future__ import annotations

from datetime import datetime, tzinfo

from PySide6.QtWidgets import QHBoxLayout

from app.rooms.papers import store
from app.rooms.papers.store import Listed, PaperFilter, PaperKind, Standing
from app.ui.cards import Card, EmptyState, button
from app.ui.fields import ChoiceField, LineField
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault.vault import Vault

PLACE = "papers"
_VOID_COLUMN = 4
_WIDTHS = (220, 160, 210, 190)


class RegisterPage(Page):
    """「文书」: what was issued, to be found again, looked at, printed once more or voided."""

    kinds = frozenset({"issued", "voided", "student"})

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("文书"), scrolls=False)
        self._vault = vault
        self.route = Route(PLACE)
        self.verify_button = self.add_action(button(self.tr("核验文件")))
        self.verify_button.clicked.connect(self._go_to_verify)
        self.words = LineField(self.tr("查找文书"), placeholder=self.tr("编号、学生、标题"))
        self.kind = ChoiceField(self.tr("种类"), PaperKind, empty=self.tr("全部种类"))
        self.standing = ChoiceField(self.tr("状态"), Standing, empty=self.tr("全部状态"))
        line = QHBoxLayout()
        line.setSpacing(12)
        for field, share in ((self.words, 2), (self.kind, 1), (self.standing, 1)):
            line.addWidget(field, share)
            field.changed.connect(self.reload)
        line.addStretch(2)
        self.body.addLayout(line)
        self.nothing = EmptyState("")
        headers = [self.tr("编号"), self.tr("种类"), self.tr("学生"), self.tr("签发时间"), self.tr("状态")]
        self.table = Table(self.tr("已签发的文书"), headers, self.nothing, _WIDTHS)
        self.table.make_sortable()
        self.table.opened.connect(self._open)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)

    def reload(self) -> None:
        wanted = PaperFilter(self.words.value(), self.kind.choice(), self.standing.choice())
        with self._vault.read() as session:
            listed = store.listing(session, wanted)
        zone = self._vault.now().tzinfo
        self._say_nothing(narrowed=wanted != PaperFilter())
        self.table.show_rows([_row(one, zone, self.tr("作废") if one.void else "") for one in listed])
        self.set_head(self.tr("文书"), self.tr("{count} 份").format(count=len(listed)))

    def _say_nothing(self, *, narrowed: bool) -> None:
        if narrowed:
            words, detail = self.tr("没有符合条件的文书"), self.tr("请换一个词，或放宽种类和状态。")
        else:
            words = self.tr("还没有签发过文书")
            detail = self.tr("签署并签发的转介函、会谈记录和确认书会按编号列在这里，可以再次查看、打印、导出或作废。")
        self.nothing.words_label.setText(words)
        self.nothing.detail_label.setText(detail)

    def _open(self, issued_id: int) -> None:
        self.went.emit(Route("document", issued_id))

    def _go_to_verify(self) -> None:
        self.went.emit(Route("verify"))


def _row(one: Listed, zone: tzinfo | None, void: str) -> TableRow:
    told = range(_VOID_COLUMN) if one.void else ()
    tones = dict.fromkeys(told, "ink3") | {_VOID_COLUMN: "red"}
    cells = (one.ref_no, one.kind, one.student, shown(one.issued_at, zone), void)
    keys = (one.id, one.kind, one.student, one.issued_at, one.void)
    return TableRow(one.id, cells, tones, keys, struck=told)


def shown(at: datetime, zone: tzinfo | None) -> str:
    """2026-11-20 10:32, on the school's clock."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
