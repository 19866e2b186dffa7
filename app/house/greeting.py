"""Greeting: what is said once the window stands open: an older file, a restore, what happened to the keys, words not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.vault import keyevents, typing
from app.vault.restoring import just_restored

if TYPE_CHECKING:
    from app.house.room import Desk
    from app.vault.keyevents import KeyEvent

MOST_EVENTS = 10
"""So many key events are told after an opening; the rest is counted."""


class Greeting(QObject):
    """Says it through the desk's notice."""

    keys_wanted = Signal()  # she wants to change all keys now

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk

    def say(self) -> None:
        """All of it, the gravest first."""
        desk = self._desk
        if desk.vault.behind is not None:
            desk.notice.tell(desk.vault.behind)
        with desk.vault.read() as session:
            kept, events = typing.everything(session), keyevents.unseen(session)
            restored = just_restored(session)
        if restored:
            desk.notice.say(self.tr("档案是刚从备份恢复的，请核对。"), restored)
        if events:
            self._say_key_events(events)
        elsewhere = [typed for typed in kept if not desk.keeper.has_open(typed.form)]
        if elsewhere:
            words = self.tr("还有 {count} 处没有保存的内容，再打开写的地方就会恢复。")
            desk.notice.toast(words.format(count=len(elsewhere)))

    def _say_key_events(self, events: list[KeyEvent]) -> None:
        """Openings by a code and changes of keys since she last came in by her password."""
        here = self._desk.vault.now().tzinfo
        told = [f"{event.at.astimezone(here):%Y-%m-%d %H:%M}  {event.what}" for event in events[-MOST_EVENTS:]]
        if len(events) > MOST_EVENTS:
            told.insert(0, self.tr("更早的还有 {count} 次，见「查阅登记」。").format(count=len(events) - MOST_EVENTS))
        next_step = self.tr("如果有哪一次不是您做的，请到「设置 → 口令与恢复码」换掉全部钥匙。")
        if any(event.what == keyevents.ROTATED for event in events):
            next_step = self.tr("旧备份仍能用旧口令打开，请到「设置 → 口令与恢复码」销毁。") + next_step
            self._desk.backing.run()
        title = self.tr("上次登录以来，口令或恢复码有过这些事：")
        if any(event.what == keyevents.OLD_KEYS for event in events):
            next_step = self.tr("给出去过的旧口令又有用了，请现在就更换全部钥匙。") + next_step
            self._desk.notice.ask(
                title, "\n".join((*told, "", next_step)), self.tr("去更换全部钥匙"), self.keys_wanted.emit
            )
            return
        self._desk.notice.say(title, "\n".join((*told, "", next_step)))
