"""A double click does one thing: its second click never lands on what the first one brought up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QStackedWidget, QWidget

from app.ui.second_click import SecondClick

SPOT = QPoint(60, 20)


class Pages(QStackedWidget):
    """Two pages with a button in the same place; the first one's brings up the second page."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.save, self.delete = self._page("save"), self._page("delete")
        self.save.clicked.connect(self._saved)
        self.delete.clicked.connect(self._deleted)
        self.resize(300, 200)

    def _page(self, name: str) -> QPushButton:
        page = QWidget()
        made = QPushButton(name, page)
        made.setGeometry(10, 5, 120, 30)
        self.addWidget(page)
        return made

    def _saved(self) -> None:
        self.pressed.append("save")
        self.setCurrentIndex(1)

    def _deleted(self) -> None:
        self.pressed.append("delete")


class Counter(QPushButton):
    """Counts its clicks."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("+", parent)
        self.count = 0
        self.setGeometry(10, 5, 120, 30)
        self.clicked.connect(self._add)

    def _add(self) -> None:
        self.count += 1


def twice(widget: QWidget) -> None:
    QTest.mouseDClick(widget.window().windowHandle(), Qt.MouseButton.LeftButton, pos=SPOT)


def once(widget: QWidget) -> None:
    QTest.mouseClick(widget.window().windowHandle(), Qt.MouseButton.LeftButton, pos=SPOT)


def shown(qtbot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    SecondClick(QApplication.instance(), widget)


def test_the_second_click_does_not_reach_the_page_that_came_up(qtbot):
    pages = Pages()
    shown(qtbot, pages)
    twice(pages)
    assert pages.pressed == ["save"]
    once(pages)
    assert pages.pressed == ["save", "delete"]


def test_both_clicks_reach_a_button_that_stays(qtbot):
    window = QWidget()
    window.resize(300, 200)
    counter = Counter(window)
    shown(qtbot, window)
    twice(window)
    assert counter.count == 2
