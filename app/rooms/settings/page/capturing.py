"""The card that gives leave to take pictures of the screen, where the system keeps windows out of them otherwise."""

from __future__ import annotations

from app.ui.capture import Capture
from app.ui.cards import Card
from app.ui.fields import CheckField


class CaptureCard(Card):
    """One switch; it goes back by itself."""

    def __init__(self, capture: Capture) -> None:
        super().__init__(self.tr("截屏"))
        self._capture = capture
        self._switch = CheckField(
            self.tr("允许截屏 10 分钟"), self.tr("平时截屏和屏幕共享里看不到静室的窗口。到时间或锁定后自动恢复。")
        )
        self.body.addWidget(self._switch)
        self._show()
        self._switch.changed.connect(self._turn)
        capture.changed.connect(self._show)

    def _turn(self) -> None:
        if self._switch.is_on() == self._capture.allowed():
            return
        if self._switch.is_on():
            self._capture.allow()
        else:
            self._capture.forbid()

    def _show(self) -> None:
        self._switch.set_on(self._capture.allowed())
