"""Amending a signed note in place: one form under the section it corrects, one for the facts of the meeting."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from app.errors import Problem
from app.rooms.notes import store
from app.rooms.notes.choices import Mode
from app.rooms.notes.page.picks import PickField
from app.rooms.notes.record import AMENDABLE, TEXTS, Amendment, Note
from app.rooms.notes.wording import shown
from app.ui.fields import LineField, TextField, read_day, read_time
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault


class Amending(QObject):
    """The two forms; the reader puts them where they belong. ``amended`` follows when a row was written."""

    amended = Signal()

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, parent: QObject) -> None:
        super().__init__(parent)
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._note: Note | None = None
        self._now: dict[str, str] = {}
        self._part = ""
        explanation = self.tr("原文会保留，更正写在它下面，注明时间和原因，之后不能再改。")
        self.text_form = InlineForm(
            keeper,
            self.tr("更正"),
            explanation,
            self.tr("保存更正"),
            {"after": TextField(self.tr("更正为")), "reason": LineField(self.tr("更正原因"))},
        )
        self.fact_form = InlineForm(
            keeper,
            self.tr("更正会谈信息"),
            explanation,
            self.tr("保存更正"),
            {
                "part": PickField(
                    self.tr("更正哪一项"), [(p, label) for p, label in AMENDABLE.items() if p not in TEXTS]
                ),
                "after": LineField(self.tr("更正为")),
                "reason": LineField(self.tr("更正原因")),
            },
        )
        self.fact_form.form.fields["part"].changed.connect(self._offer_words)
        self.text_form.wanted.connect(self._save_text)
        self.fact_form.wanted.connect(self._save_fact)

    def show_note(self, note: Note, rows: Sequence[Amendment]) -> None:
        """Which note is amended, and what has been amended of it already."""
        self._note, self._now = note, store.as_amended(note, rows)

    def begin_text(self, part: str) -> None:
        """Open the form for a section; it starts with the words as they stand."""
        self.fact_form.end()
        self._part = part
        self._begin(self.text_form, f"/{part}", {"after": self._now[part], "reason": ""})

    def begin_fact(self) -> None:
        """Open the form for one of the facts."""
        self.text_form.end()
        self._begin(self.fact_form, "", {"part": "", "after": "", "reason": ""})

    def begun(self) -> str | None:
        """The section whose correction was typed and not saved, the newest; empty for a fact, None where there is none."""
        before = self._key()
        kept = [key.removeprefix(before).removeprefix("/") for key in self._keeper.kept(before)]
        return next((part for part in kept if part in TEXTS or not part), None)

    def end(self) -> None:
        """Close both; what is unsaved stays kept."""
        self.text_form.end()
        self.fact_form.end()

    def _key(self) -> str:
        return f"note/{self._note.id}/amend" if self._note is not None else ""

    def _begin(self, form: InlineForm, suffix: str, values: dict[str, str]) -> None:
        if self._note is not None:
            form.begin(self._key() + suffix, self._note.student_id, values)

    def _save_text(self, values: dict[str, str]) -> None:
        self._save(self.text_form, self._part, values)

    def _offer_words(self) -> None:
        """The fact as it stands, to be corrected; what she has written herself stays."""
        fields = self.fact_form.form.fields
        part, after = fields["part"].value(), fields["after"]
        if part and after.value() in ("", *self._now.values()):
            after.set_value(self._now[part])

    def _save_fact(self, values: dict[str, str]) -> None:
        if not values["part"]:
            self._notice.tell(Problem("没有选更正哪一项。", "请先选一项，再写更正后的内容。"))
            return
        try:
            after = _as_shown(values["part"], values["after"].strip())
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._save(self.fact_form, values["part"], values | {"after": after})

    def _save(self, form: InlineForm, part: str, values: dict[str, str]) -> None:
        if self._note is None:
            return
        try:
            with self._vault.write("更正会谈记录") as session:
                store.amend(session, self._note.id, part, values["after"], values["reason"], self._vault.now())
                typing.drop(session, form.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        form.settle()
        self.amended.emit()


def _as_shown(part: str, words: str) -> str:
    """A fact as the record shows it, however it was typed: letters read the days again. Raises Problem for what is none."""
    if part in ("held_on", "next_date"):
        return _needed(part, shown(read_day(words)))
    if part in ("start", "end"):
        return _needed(part, shown(read_time(words)))
    if part == "mode":
        return _one_of(words, [mode.label for mode in Mode])
    if part == "mood_score":
        return _one_of(words, ["", *map(str, range(11))])
    return words


def _needed(part: str, words: str) -> str:
    if not words and part != "next_date":
        raise Problem("「{part}」不能空着。", "请写更正后的内容。", part=AMENDABLE[part])
    return words


def _one_of(words: str, known: list[str]) -> str:
    if words not in known:
        raise Problem("不能更正为「{words}」。", "可以写：{known}。", words=words, known="、".join(filter(None, known)))
    return words
