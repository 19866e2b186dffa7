"""Voiding a signed note, and what stands above it from then on: when and why, and the way of its text to the right file."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.errors import Problem
from app.rooms.notes import store
from app.rooms.notes.page.copying import CopyDialog
from app.rooms.notes.record import Note
from app.rooms.notes.wording import moment
from app.ui.cards import button, text
from app.ui.fields import LineField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault
from app.vault.voiding import Voided


class Voiding(QObject):
    """The form that voids; for a void note its banner and 复制. ``voided`` and ``copied`` follow when it is done."""

    voided = Signal()
    copied = Signal(int, int)  # the new draft and its student

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, page: QWidget) -> None:
        super().__init__(page)
        self._vault, self._notice, self._keeper, self._page = vault, notice, keeper, page
        self._note: Note | None = None
        self.banner = text("", "error", wrap=True)
        self.copy_button = button(self.tr("把文字复制到另一份档案的新草稿"))
        self.copy_button.clicked.connect(self._begin_copy)
        self.form = InlineForm(
            keeper,
            self.tr("作废这份记录"),
            self.tr("作废后仍可阅读，文字加删除线，不再计入次数和统计，编号不再使用。不能撤销。"),
            self.tr("确认作废"),
            {"reason": LineField(self.tr("作废原因"), placeholder=self.tr("例如：写在了同名同学的档案里"))},
        )
        self.form.wanted.connect(self._void)

    def show_note(self, note: Note, voided: Voided | None) -> None:
        """Which note it is, and whether it is void."""
        self._note = note
        for widget in (self.banner, self.copy_button):
            widget.setVisible(voided is not None)
        if voided is not None:
            at = moment(voided.at, self._vault.now().tzinfo)
            self.banner.setText(self.tr("已于 {at} 作废：{reason}").format(at=at, reason=voided.reason))

    def begin(self) -> None:
        """Open the form."""
        if self._note is not None:
            self.form.begin(self._key(), self._note.student_id, {"reason": ""})

    def resume(self) -> None:
        """Open the form again if a reason was typed and not saved."""
        if self._keeper.kept(self._key()):
            self.begin()

    def end(self) -> None:
        """Close the form; what is unsaved stays kept."""
        self.form.end()

    def _key(self) -> str:
        return f"note/{self._note.id}/void" if self._note is not None else ""

    def _void(self, values: dict[str, str]) -> None:
        if self._note is None:
            return
        try:
            with self._vault.write("作废会谈记录") as session:
                store.void(session, self._note.id, values["reason"], self._vault.now())
                for key in typing.forms(session, f"note/{self._note.id}/amend"):
                    typing.drop(session, key)  # a void note is amended no more
                typing.drop(session, self.form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.form.settle()
        self.voided.emit()

    def _begin_copy(self) -> None:
        dialog = CopyDialog(self._page.window(), self._vault)
        dialog.chosen.connect(self._copy)
        dialog.open()

    def _copy(self, case_id: int) -> None:
        if self._note is None:
            return
        try:
            with self._vault.write("复制会谈文字") as session:
                copy = store.copy_to_draft(session, self._note.id, case_id, self._vault.clock.today())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.copied.emit(copy.id, copy.student_id)
