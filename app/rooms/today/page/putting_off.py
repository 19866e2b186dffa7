"""推后: the small form that puts a thing off to a day, with a reason; a toast takes it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from app.errors import Problem
from app.rooms.school.record import Due, Weight
from app.rooms.today import store
from app.rooms.today.page.rows import Told
from app.rooms.today.record import Snooze
from app.rooms.today.wording import day_words
from app.ui.fields import DateField, LineField
from app.ui.inline import InlineForm
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault

_KEY = "snooze/"


class PuttingOff(InlineForm):
    """One form for whatever line is to be put off."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        self._until = DateField(self.tr("推后到"), self.tr("期限不变；到那一天，它会回到今日。"))
        self._reason = LineField(self.tr("推后的原因"), placeholder=self.tr("例如：家长出差，下周一回校"))
        fields = {"until": self._until, "reason": self._reason}
        super().__init__(keeper, self.tr("推后"), "", self.tr("确认推后"), fields)
        self._vault, self._notice = vault, notice
        self._due: Due | None = None
        self.wanted.connect(self._put_off)

    def begin_for(self, told: Told) -> None:
        """Open for a line; what was typed for it before is put back."""
        self._due = told.due
        self.title_label.setText(self.tr("推后：{called}").format(called=told.called))
        tomorrow = self._vault.clock.today() + timedelta(days=1)
        until = tomorrow.isoformat() if told.due.weight is Weight.SAFETY else ""  # no later day will do
        self.begin(_key(told.due), told.due.student_id, {"until": until, "reason": ""})

    def waiting(self, lines: Iterable[Told]) -> Told | None:
        """The line for which something was typed and not saved."""
        kept = set(self._keeper.kept(_KEY))
        return next((told for told in lines if _key(told.due) in kept), None) if kept else None

    def bring_back(self, snooze: Snooze) -> None:
        """Have a thing that was put off stand where it stood; a toast puts it off again."""
        self._bring_back(snooze)
        words = self.tr("已取消推后，它回到了原来的位置。")
        self._notice.toast(words, self.tr("撤销"), partial(self._put_off_again, snooze))

    def _bring_back(self, snooze: Snooze) -> None:
        with self._vault.write("取消推后") as session:
            store.bring_back(session, snooze.id)

    def _put_off_again(self, snooze: Snooze) -> None:
        with self._vault.write("推后到期的事") as session:
            store.put_off_again(session, snooze)

    def _put_off(self, values: dict[str, str]) -> None:
        if self._due is None:
            return
        now = self._vault.now()
        try:
            with self._vault.write("推后到期的事") as session:
                snooze = store.put_off(session, self._due, self._until.day(), values["reason"], now)
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.settle()
        words = self.tr("已推后到 {day}。").format(day=day_words(snooze.until, now.date()))
        self._notice.toast(words, self.tr("撤销"), partial(self._bring_back, snooze))


def _key(due: Due) -> str:
    return f"{_KEY}{due.kind}/{due.record_id}/{due.key}"
