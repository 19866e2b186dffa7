"""Beside a signed note: how its risk stands until it is settled, and the private memo, which stays open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.errors import Problem
from app.rooms.notes import risks, store
from app.rooms.notes.page.sections import MemoCard
from app.rooms.notes.record import Note, RiskAnswer
from app.rooms.notes.wording import moment, shown
from app.ui.cards import Card, button, clear, restyle, tag, text
from app.ui.fields import TextField
from app.ui.forms import Form
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault


class RiskStanding(Card):
    """The flag, what was done, and 了结 while it is not settled."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("风险"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._note: Note | None = None
        self.flag = tag("")
        self.body.addWidget(self.flag)
        self._told = QVBoxLayout()
        self._told.setSpacing(4)
        self.body.addLayout(self._told)
        self.settle_button = button(self.tr("写明了结"))
        self.body.addWidget(self.settle_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.settle_form = InlineForm(
            keeper,
            self.tr("风险如何了结"),
            self.tr("写明之后，这次风险不再显示在学生档案上；已写的回答保持不变。"),
            self.tr("了结"),
            {"how": TextField(self.tr("如何了结"), rows=2)},
        )
        self.body.addWidget(self.settle_form)
        self.settle_button.clicked.connect(self._begin)
        self.settle_form.wanted.connect(self._settle)

    def show_risk(self, note: Note, answer: RiskAnswer | None, void: bool) -> None:
        """What the note says of danger and what was done about it."""
        self._note = note
        flag = note.risk_flag
        asks = flag is not None and flag.asks
        settled = answer is not None and answer.settled_at is not None
        self.flag.setText(shown(flag) + (self.tr(" · 已了结") if asks and settled else ""))
        self.flag.setProperty("tag", "red" if asks and not settled else "plain")
        restyle(self.flag)
        clear(self._told)
        for words in self._words(answer) if asks and answer is not None else []:
            self._told.addWidget(text(words, wrap=True, selectable=True))
        self.settle_button.setVisible(asks and not settled and not void)

    def resume(self) -> None:
        """Open the form again if something was typed and not saved."""
        if (
            self._note is not None
            and not self.settle_button.isHidden()
            and self._keeper.kept(f"note/{self._note.id}/settle")
        ):
            self._begin()

    def _words(self, answer: RiskAnswer) -> list[str]:
        zone = self._vault.now().tzinfo
        asked = (
            (self.tr("监护人"), answer.guardian, answer.guardian_at),
            (self.tr("未让学生独处"), answer.accompanied, None),
            (self.tr("已报告校领导"), answer.head_told, answer.head_at),
            (self.tr("已建议转介评估"), answer.referral, None),
            (self.tr("已向公安等部门报告"), answer.reported, answer.reported_at),
        )
        said = [
            f"{label}：{shown(what)}" + (f"({moment(at, zone)})" if at else "")
            for label, what, at in asked
            if what is not None
        ]
        for label, words in ((self.tr("处置"), answer.done), (self.tr("未做到的原因"), answer.reason)):
            if words:
                said.append(f"{label}：{words}")
        if answer.settled_at is not None:
            at = moment(answer.settled_at, zone)
            said.append(self.tr("{at} 了结：{how}").format(at=at, how=answer.settled_how))
        return said

    def _begin(self) -> None:
        if self._note is not None:
            self.settle_form.begin(f"note/{self._note.id}/settle", self._note.student_id, {"how": ""})

    def _settle(self, values: dict[str, str]) -> None:
        if self._note is None:
            return
        try:
            with self._vault.write("了结风险") as session:
                answer = risks.settle(session, self._note.id, values["how"], self._vault.now())
                typing.drop(session, self.settle_form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.settle_form.settle()
        self.show_risk(self._note, answer, False)


class MemoBeside(MemoCard):
    """The private memo of a signed note, with its own 保存."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        self.form = Form("")
        super().__init__(self.form)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._note_id = 0
        self.save_button = self.add_action(button(self.tr("保存手记"), quiet=True))
        self.save_button.clicked.connect(self.save)
        self.form.changed.connect(self._typed)

    def open(self, note_id: int, student_id: int, words: str) -> None:
        """Show the memo of a note; what was typed and not saved is put back."""
        self._note_id = note_id
        self._keeper.begin(self.form, f"note/{note_id}/memo", student_id, {"memo": words})
        self._typed()

    def close_form(self) -> None:
        """Leave the note; what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def save(self) -> None:
        """Write the memo down."""
        try:
            with self._vault.write("保存个人手记") as session:
                store.save_memo(session, self._note_id, self.field.value())
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self._typed()

    def _typed(self) -> None:
        self.save_button.setEnabled(self.form.is_dirty())
