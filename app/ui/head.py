"""The head of the window: the way back, the page's title and context, the search, the page's actions."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.ui.cards import ElidedLabel
from app.ui.icons import icon
from app.ui.jump import JumpBox
from app.ui.page import WITHHELD, Page
from app.ui.theme import present, scaled

HEIGHT = 60
ICON = 18


class HeadButton(QPushButton):
    """A small button of the head that shows an icon only."""

    def __init__(self, icon_name: str, name: str, tip: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setObjectName("headButton")
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setIconSize(QSize(ICON, ICON))
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self._tint()

    def _tint(self) -> None:
        self.setIcon(icon(self._icon_name, present().ink2 if self.isEnabled() else present().line))


class Head(QFrame):
    """What stands above every page."""

    back_wanted = Signal()
    student_wanted = Signal()  # the file of the student this page is about
    talk_wanted = Signal()  # 会谈模式 with that student

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("head")
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 26, 0)
        line.setSpacing(10)
        self._title = ElidedLabel("", "title")
        self._context = ElidedLabel("", "context")
        self.jump = JumpBox()
        self.back = HeadButton("chevron-left", self.tr("返回"), self.tr("返回 (Alt+←)"))
        self.back.clicked.connect(self.back_wanted)
        self.back.setEnabled(False)
        self._file = HeadButton("user", self.tr("这位学生的档案"), self.tr("打开这位学生的档案"))
        self._file.clicked.connect(self.student_wanted)
        self._file.hide()
        talk = self.tr("会谈模式：学生坐在身边时，只显示这位学生的姓名 (F8)")
        self._beside = HeadButton("users", self.tr("会谈模式"), talk)
        self._beside.clicked.connect(self.talk_wanted)
        self._beside.hide()
        line.addWidget(self.back)
        line.addWidget(self._title)
        line.addWidget(self._file)
        line.addWidget(self._beside)
        line.addWidget(self._context, 1)
        line.addWidget(self.jump, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(10)
        line.addLayout(self._actions)
        self.fit()

    def show_page(self, page: Page | None, *, talking: bool) -> None:
        """A page's title and actions, or none; ``talking`` while 会谈模式 is on, which offers to begin no other."""
        self._title.setText(page.title if page else "")
        self._context.setText(page.context if page else "")
        route = page.route if page else None
        self._file.setVisible(route is not None and route.student_id is not None and route.place != "student")
        self._beside.setVisible(page is not None and page.student_id() is not None and not talking)
        while (item := self._actions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.setParent(None)
        for button in page.head_actions if page else []:
            self._actions.addWidget(button)
            button.setVisible(not button.property(WITHHELD))

    def line(self) -> list[QWidget]:
        """What Tab goes through before the page's actions."""
        return [self.back, self._file, self._beside, self.jump]

    def fit(self) -> None:
        """As high as the counsellor's text size asks for."""
        self.setFixedHeight(scaled(HEIGHT))
