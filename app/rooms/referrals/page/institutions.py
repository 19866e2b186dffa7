"""The directory of institutions: a list, and a form beside it for one of them."""

from __future__ import annotations

from dataclasses import fields
from functools import partial

from PySide6.QtWidgets import QHBoxLayout

from app.errors import Problem
from app.rooms.referrals import institutions as directory
from app.rooms.referrals.institutions import InstitutionValues
from app.ui.cards import Card, EmptyState, Row, button, clear, text
from app.ui.fields import LineField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.theme import scaled
from app.vault import bin, typing
from app.vault.vault import Vault

PLACE = "institutions"
_NAME_WIDTH = 260
"""A longer name gives way to what stands beside it; its tooltip has the whole."""


class InstitutionsPage(Page):
    """Hospitals and agencies with department, green channel and contact."""

    kinds = frozenset({"institution"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("机构名录"), self.tr("转介去的医院和校外机构"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._id: int | None = None
        self._any = False
        self.route = Route(PLACE)
        self.form = Form("", parent=self)
        left, right = self.columns(3, 2)
        self.listed = Card(self.tr("机构"), flush=True)
        left.addWidget(self.listed)
        left.addStretch(1)
        self._build_form()
        self.hint = text(self.tr("点名录里的一条可以修改。写转介单时在「接诊机构」里直接选。"), "hint", wrap=True)
        right.addWidget(self.hint)
        right.addWidget(self.card)
        right.addStretch(1)
        self.new_button = self.add_action(button(self.tr("添加机构"), primary=True))
        self.new_button.clicked.connect(self.begin_new)
        self.reload()

    def arrive(self, route: Route) -> None:
        self.reload()

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)
        self.card.hide()
        self.hint.setVisible(self._any)

    def reload(self) -> None:
        clear(self.listed.body)
        with self._vault.read() as session:
            known = directory.institutions(session)
        self._any = bool(known)
        self.hint.setVisible(self._any and self.card.isHidden())
        self.listed.set_hint(self.tr("{n} 家").format(n=len(known)) if known else "")
        for one in known:
            told = (one.department, one.green_channel, one.contact, one.phone)
            row = Row(one.name, " · ".join(filter(None, told)))
            row.title_label.setMaximumWidth(scaled(_NAME_WIDTH))
            row.make_clickable(self.tr("修改{name}").format(name=one.name))
            row.setProperty("institution", one.id)
            row.chosen.connect(self._open)
            self.listed.add_row(row)
        if not known:
            empty = EmptyState(
                self.tr("名录还是空的"),
                self.tr("把常去的医院科室、绿色通道时间和联系人记在这里，写转介单时直接选。"),
                self.tr("添加机构"),
            )
            empty.wanted.connect(self.begin_new)
            self.listed.body.addWidget(empty)

    def begin_new(self) -> None:
        """An empty form."""
        self._begin(None, InstitutionValues(name=""))

    def save(self) -> None:
        """Write the institution down."""
        values = InstitutionValues(**self.form.values())
        try:
            with self._vault.write("保存机构") as session:
                directory.save(session, values, self._id)
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self.leave()
        self.reload()
        self._notice.toast(self.tr("已保存。"))

    def _build_form(self) -> None:
        self.card = Card(self.tr("机构"))
        labels = {
            "name": self.tr("名称"),
            "department": self.tr("科室"),
            "green_channel": self.tr("绿色通道"),
            "contact": self.tr("联系人"),
            "phone": self.tr("电话"),
            "address": self.tr("地址"),
            "note": self.tr("备注"),
        }
        for name, label in labels.items():
            hint = self.tr("开放时间和走法，没有就空着") if name == "green_channel" else ""
            field = TextField(label, hint, rows=2) if name == "note" else LineField(label, hint)
            self.form.add(name, field)
            self.card.body.addWidget(field)
        self.card.body.addWidget(text(self.tr("已写好的转介单不会跟着改。"), "hint"))
        self.save_button = button(self.tr("保存机构"), primary=True)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        line = QHBoxLayout()
        line.addWidget(self.save_button)
        line.addStretch(1)
        line.addWidget(self.discard_button)
        self.card.body.addLayout(line)
        self.save_button.clicked.connect(self.save)
        self.discard_button.clicked.connect(self._discard)
        self.card.hide()

    def _begin(self, institution_id: int | None, values: InstitutionValues) -> None:
        self.leave()
        self._id = institution_id
        texts = {f.name: getattr(values, f.name) for f in fields(values)}
        self._keeper.begin(self.form, f"institution/{institution_id or 'new'}", None, texts)
        self.discard_button.setVisible(institution_id is not None)
        self.hint.hide()
        self.card.show()
        self.form.fields["name"].setFocus()

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            institution_id = int(row.property("institution"))
            with self._vault.read() as session:
                values = InstitutionValues.of(directory.get(session, institution_id))
            self._begin(institution_id, values)

    def _discard(self) -> None:
        institution_id = self._id
        if institution_id is None:
            return
        with self._vault.write("机构移到回收站") as session:
            directory.discard(session, institution_id, self._vault.now())
        self._keeper.settle(self.form)
        self.leave()
        self.reload()
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, institution_id))

    def _take_back(self, institution_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(directory.get(session, institution_id))
        self.reload()
