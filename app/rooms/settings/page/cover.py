"""The card of the settings where the PIN of the covered screen (F9) is set."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.errors import Problem
from app.ui.cards import Card, button, text
from app.ui.language import told
from app.ui.notice import Notice
from app.ui.secrets import SecretField
from app.vault import pin
from app.vault.vault import Vault


class CoverCard(Card):
    """Four digits that bring the window back; without them the password does."""

    def __init__(self, vault: Vault, notice: Notice) -> None:
        super().__init__(self.tr("遮屏"), self.tr("按 F9 马上换成一张课程表"))
        self._vault, self._notice = vault, notice
        words = self.tr(
            "遮屏后输入四位数字就能返回；没有设数字时用口令。连错三次会锁定档案。"
            "有学生坐在身边时，也可以按 F8 进入会谈模式，只显示这位学生的姓名。"
        )
        self.body.addWidget(text(words, "hint", wrap=True))
        self.field = SecretField(self.tr("四位数字"))
        self.field.line.setMaxLength(pin.DIGITS)
        self.field.line.returnPressed.connect(self._save)
        self.body.addWidget(self.field)
        self._state = text("", "secondary")
        save = button(self.tr("保存"), name=self.tr("保存遮屏数字"))
        save.clicked.connect(self._save)
        self._drop = button(self.tr("不用数字"), quiet=True)
        self._drop.clicked.connect(self._take_away)
        line = QHBoxLayout()
        for widget in (save, self._drop, self._state):
            line.addWidget(widget)
        line.addStretch(1)
        self.body.addLayout(line)
        self._show()

    def _show(self) -> None:
        with self._vault.read() as session:
            there = pin.is_set(session)
        self._drop.setVisible(there)
        self._state.setText(self.tr("已设数字") if there else self.tr("现在用口令返回"))

    def _save(self) -> None:
        try:
            if not self.field.value():
                raise pin.PinRefused
            pin.set_pin(self._vault, self.field.value())
        except Problem as problem:
            self.field.show_error(told(problem))
            return
        self.field.wipe()
        self._show()
        self._notice.toast(self.tr("已保存。按 F9 试一试。"))

    def _take_away(self) -> None:
        pin.set_pin(self._vault, "")
        self._show()
        self._notice.toast(self.tr("以后用口令返回。"))
