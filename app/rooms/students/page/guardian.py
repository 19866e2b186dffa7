"""The form of one guardian."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from app.errors import Problem
from app.rooms.school.record import class_name
from app.rooms.students import store
from app.rooms.students.choices import Relation
from app.rooms.students.classlist.cells import words as half_width
from app.rooms.students.record import Guardian
from app.ui.attached import AttachedCard
from app.ui.background import Background
from app.ui.cards import Card, button
from app.ui.fields import CheckField, ChoiceField, Field, LineField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import typing
from app.vault.vault import Vault

PLACE = "guardian"
_WORDS = ("name", "phone", "phone2", "address", "best_time", "note")
_NUMBERS = ("phone", "phone2")
"""Kept in half-width digits, however they were typed."""
_CHECKS = ("is_primary", "is_legal_guardian", "is_entrusted_carer")


class GuardianPage(Page):
    """A guardian's values (domain.md 2.2)."""

    kinds = frozenset({"attachment"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, background: Background) -> None:
        super().__init__(self.tr("监护人"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._guardian_id: int | None = None
        self._student_id = 0
        self.form = Form("", parent=self)
        self._build(background)
        self.cancel_button = self.add_action(button(self.tr("取消")))
        self.save_button = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存监护人")))
        self.cancel_button.clicked.connect(self.give_up)
        self.save_button.clicked.connect(self.save)

    def arrive(self, route: Route) -> None:
        if route.record_id is not None:
            self.open_guardian(route.record_id)
        elif route.student_id is not None:
            self.new_guardian(route.student_id)

    def open_guardian(self, guardian_id: int) -> None:
        """Change a guardian."""
        self.leave()
        with self._vault.read() as session:
            guardian = store.guardian(session, guardian_id)
        self._guardian_id, self._student_id = guardian_id, guardian.student_id
        self.route = Route(PLACE, guardian_id, guardian.student_id)
        texts = {name: getattr(guardian, name) for name in _WORDS}
        texts |= {name: "1" if getattr(guardian, name) else "" for name in _CHECKS}
        self._begin(f"guardian/{guardian_id}", texts | {"relation": guardian.relation.value})
        self.attached.show_for(guardian)
        self._vault.record_view(guardian)

    def new_guardian(self, student_id: int) -> None:
        """Enter a guardian of a student; the first one is the primary one."""
        self.leave()
        self._guardian_id, self._student_id = None, student_id
        self.route = Route(PLACE, None, student_id)
        with self._vault.read() as session:
            first = not store.guardians(session, student_id)
        empty = dict.fromkeys((*_WORDS, *_CHECKS), "")
        values = {"relation": "", "is_legal_guardian": "1", "is_primary": "1" if first else ""}
        self._begin(f"guardian/new/{student_id}", empty | values)
        self.form.fields["name"].setFocus()

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def reload(self) -> None:
        self.attached.reload()

    def give_up(self) -> None:
        """Forget what was typed and go back to the file."""
        self._keeper.settle(self.form)
        self.leave()
        self._go()

    def save(self) -> None:
        """Write the guardian down and go back to the file."""
        values = self.form.values()
        relation = Relation.read(values["relation"])
        errors = {} if relation else {"relation": self.tr("请选择与学生的关系。")}
        if not values["name"].strip() and not values["phone"].strip():
            errors["name"] = self.tr("请写姓名或电话，至少一项。")
        self.form.show_errors(errors)
        if relation is None or errors:
            return
        try:
            with self._vault.write("保存监护人") as session:
                guardian = Guardian(student_id=self._student_id)
                if self._guardian_id is not None:
                    guardian = store.guardian(session, self._guardian_id)
                for name in _WORDS:
                    setattr(guardian, name, half_width(values[name]) if name in _NUMBERS else values[name].strip())
                for name in _CHECKS:
                    setattr(guardian, name, values[name] == "1")
                guardian.relation = relation
                store.save_guardian(session, guardian)
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self.leave()
        self._notice.toast(self.tr("已保存。"))
        self._go()

    def _go(self) -> None:
        self.went.emit(Route("student", self._student_id, self._student_id))

    def _build(self, background: Background) -> None:
        left, right = self.columns(3, 2)
        card = Card(self.tr("监护人"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        fields: tuple[tuple[str, Field], ...] = (
            ("name", LineField(self.tr("姓名"))),
            ("relation", ChoiceField(self.tr("与学生的关系"), Relation, empty=self.tr("未选"))),
            ("phone", LineField(self.tr("电话"))),
            ("phone2", LineField(self.tr("另一个电话"))),
            ("address", LineField(self.tr("住址"))),
            ("best_time", LineField(self.tr("方便联系的时间"))),
        )
        for at, (name, field) in enumerate(fields):
            grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
            self.form.add(name, field)
        card.body.addLayout(grid)
        note = TextField(self.tr("备注"), self.tr("如监护权的争议、外地务工"), rows=2)
        card.body.addWidget(note)
        self.form.add("note", note)
        left.addWidget(card)
        left.addStretch(1)
        role = Card(self.tr("身份"))
        for name, check in (
            ("is_primary", CheckField(self.tr("主要联系人"), self.tr("信函和电话首先找这一位"))),
            ("is_legal_guardian", CheckField(self.tr("法定监护人"), self.tr("知情同意须由法定监护人作出"))),
            ("is_entrusted_carer", CheckField(self.tr("受委托照护人"))),
        ):
            role.body.addWidget(check)
            self.form.add(name, check)
        right.addWidget(role)
        self.attached = AttachedCard(self._vault, self._notice, background)
        right.addWidget(self.attached)
        self.discard_button = button(self.tr("移到回收站"), quiet=True, danger=True)
        self.discard_button.clicked.connect(self._discard)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.discard_button)
        right.addLayout(line)
        right.addStretch(1)

    def _begin(self, key: str, values: dict[str, str]) -> None:
        with self._vault.read() as session:
            student = store.get(session, self._student_id)
        self.set_head(self.tr("监护人"), f"{student.name} · {class_name(student.grade, student.class_no)}")
        for shown_once_saved in (self.attached, self.discard_button):
            shown_once_saved.setVisible(self._guardian_id is not None)
        self._keeper.begin(self.form, key, self._student_id, values)

    def _discard(self) -> None:
        if self._guardian_id is None:
            return
        with self._vault.write("监护人移到回收站") as session:
            store.discard_guardian(session, self._guardian_id, self._vault.now())
            typing.drop(session, self.form.key)
        self._keeper.settle(self.form)
        self.leave()
        self.route = None
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, self._guardian_id))
        self._go()

    def _take_back(self, guardian_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            store.take_back_guardian(session, guardian_id)
