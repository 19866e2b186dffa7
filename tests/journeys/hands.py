"""A counsellor's eyes and hands: finds what is on the screen by its accessible name, clicks and types, and touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QSpinBox,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.ui.toast import Toast

PATIENCE_MS = 15_000
LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
WRITING = (QLineEdit, QPlainTextEdit, QSpinBox)
BUG = "程序出了一个错"


class Hands:
    """Everything goes through the window system: a click that something covers does not arrive."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    # Eyes

    def front(self) -> QWidget:
        """The window that takes clicks now: a menu, else a dialog, else the program's window."""
        if (menu := QApplication.activePopupWidget()) is not None:
            return menu
        if (dialog := QApplication.activeModalWidget()) is not None:
            return dialog
        shown = windows()
        assert len(shown) == 1, [type(window).__name__ for window in shown]
        return shown[0]

    def all(self, name: str, kind: type | tuple[type, ...] = QWidget) -> list[QWidget]:
        """What can be seen in front under this name."""
        shown = windows()
        inside = self.front() if shown else None
        widgets = [] if inside is None else [inside, *inside.findChildren(QWidget)]
        return [w for w in widgets if isinstance(w, kind) and w.isVisible() and name_of(w) == name]

    def find(self, name: str, kind: type | tuple[type, ...] = QWidget) -> QWidget:
        """The one thing of this name, waited for."""
        found: list[QWidget] = []

        def there() -> bool:
            found[:] = self.all(name, kind)
            return len(found) == 1

        self.wait(there, f"{len(found)} x 「{name}」")
        return found[0]

    def sees(self, name: str, kind: type | tuple[type, ...] = QWidget) -> bool:
        return bool(self.all(name, kind))

    def words(self) -> str:
        """Every word of every label in front."""
        labels = [w for w in self.front().findChildren(QLabel) if w.isVisible()]
        return "\n".join(label.text() for label in labels)

    def reads(self, words: str) -> None:
        """Wait until these words stand in front."""
        self.wait(lambda: bool(windows()) and words in self.words(), f"「{words}」")

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for it; what is on the screen instead is told."""

        def there() -> bool:
            return condition() or has_bug()

        try:
            self._qtbot.waitUntil(there, timeout=PATIENCE_MS)
        except Exception as error:
            raise AssertionError(f"waited for {what}; in front:\n{self._told()}") from error
        assert not has_bug(), self._told()

    def _told(self) -> str:
        told = []
        told.append(f"cursor in {QApplication.focusWidget()}, active {QApplication.activeWindow()}")
        for window in windows():
            told.append(f"== {type(window).__name__} {name_of(window)!r}")
            for w in window.findChildren(QWidget):
                if w.isVisible() and name_of(w):
                    told.append(f"{type(w).__name__} {name_of(w)!r}{'' if w.isEnabled() else ' (off)'}")
        return "\n".join(told)

    # Hands

    def press(self, name: str) -> None:
        """Click what can be clicked under this name: a button, a tick box, a row; one made anew meanwhile is looked for again."""
        widget = self._pressable(name)
        self.wait(lambda: not isValid(widget) or _brought(widget), f"something of {name!r} to be seen")
        if isValid(widget):
            self.click(widget)
        else:
            self.press(name)

    def tick(self, name: str, on: bool = True) -> None:
        """Have a tick box or a chip stand so."""
        box = self._pressable(name)
        assert isinstance(box, QAbstractButton)
        if box.isChecked() is not on:
            self.click(box)
        self.wait(lambda: box.isChecked() is on, f"「{name}」 to stand at {on}")

    def fill(self, name: str, words: str) -> None:
        """Write these words into a field in place of what is in it."""
        field = self.find(name, WRITING)
        self.click(field)
        self.wait(field.hasFocus, f"the cursor in 「{name}」")
        QTest.keyClick(self._window(field), Qt.Key.Key_A, CTRL)
        QTest.keyClick(self._window(field), Qt.Key.Key_Delete)
        self.write(words)

    def value(self, name: str) -> str:
        """What stands in a field."""
        field = self.find(name, WRITING)
        return field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()

    def rows(self, name: str) -> list[list[str]]:
        """The cells of a table, row by row."""
        view = self.find(name, QAbstractItemView)
        assert isinstance(view, QAbstractItemView)
        model, root = view.model(), QModelIndex()
        across, down = range(model.columnCount(root)), range(model.rowCount(root))
        return [[str(model.index(row, at).data() or "") for at in across] for row in down]

    def tabs(self, name: str) -> list[str]:
        """What the tabs of a row of tabs say."""
        bar = self.find(name, QTabBar)
        assert isinstance(bar, QTabBar)
        return [bar.tabText(at) for at in range(bar.count())]

    def text(self, name: str) -> str:
        """What a label of this name says."""
        label = self.find(name, QLabel)
        assert isinstance(label, QLabel)
        return label.text()

    def write(self, words: str) -> None:
        """Type at the cursor: Latin letters by their keys, everything else through the input method."""
        for run in re.findall(r"\n|[ -~]+|[^\n -~]+", words):
            there = QApplication.focusWidget()
            assert there is not None, "the cursor stands nowhere"
            if run == "\n":
                QTest.keyClick(self._window(there), Qt.Key.Key_Return)
            elif run.isascii():
                for letter in run:
                    QTest.keyClick(self._window(there), letter)
            else:
                event = QInputMethodEvent("", [])
                event.setCommitString(run)
                QApplication.sendEvent(there, event)

    def compose(self, words: str) -> None:
        """Have the input method show words at the cursor that are not committed yet."""
        there = QApplication.focusWidget()
        assert there is not None, "the cursor stands nowhere"
        QApplication.sendEvent(there, QInputMethodEvent(words, []))

    def choose(self, name: str, option: str) -> None:
        """Open a list of answers and click one, unless it is chosen already."""
        box = self.find(name, QComboBox)
        assert isinstance(box, QComboBox)
        if box.currentText().strip() == option:
            return
        self.click(box)
        view = box.view()
        self.wait(view.isVisible, f"the answers of 「{name}」")
        row = next((at for at in range(box.count()) if box.itemText(at).strip() == option), None)
        assert row is not None, [box.itemText(at) for at in range(box.count())]
        index = view.model().index(row, box.modelColumn())
        view.scrollTo(index)
        self._click_at(view.viewport(), view.visualRect(index))

        def chosen() -> bool:  # the page may have been made anew by it
            return not isValid(box) or (box.currentText().strip() == option and not view.isVisible())

        self.wait(chosen, f"「{option}」 chosen")

    def menu(self, name: str, option: str) -> None:
        """Open a button's menu and click a line of it."""
        self.press(name)
        self.wait(lambda: isinstance(QApplication.activePopupWidget(), QMenu), f"the menu of 「{name}」")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        action = next(action for action in menu.actions() if action.text() == option)
        self._click_at(menu, menu.actionGeometry(action))

    def turn(self, name: str, to: str) -> None:
        """Click the tab that begins with these words."""
        bar = self.find(name, QTabBar)
        assert isinstance(bar, QTabBar)
        self.wait(lambda: any(words.startswith(to) for words in self.tabs(name)), f"the tab 「{to}」")
        at = next(at for at, words in enumerate(self.tabs(name)) if words.startswith(to))
        self._click_at(bar, bar.tabRect(at))
        self.wait(lambda: bar.tabText(bar.currentIndex()).startswith(to), f"the tab 「{to}」 in front")

    def tick_row(self, name: str, words: str) -> None:
        """Click the tick box at the beginning of the row that holds these words."""
        view = self.find(name, QAbstractItemView)
        assert isinstance(view, QAbstractItemView)
        index = self._index(view, words)
        view.scrollTo(index)
        box = view.visualRect(view.model().index(index.row(), 0))
        self._click_at(view.viewport(), QRect(box.left() + 14, box.top() + 8, 16, box.height() - 16))

    def open_row(self, name: str, words: str) -> None:
        """Double-click the line of a table or list that holds these words."""
        view = self.find(name, QAbstractItemView)
        assert isinstance(view, QAbstractItemView)
        index = self._index(view, words)
        view.scrollTo(index)
        rect = view.visualRect(index)
        window = self._window(view)
        spot = view.viewport().mapTo(view.window(), rect.center())
        QTest.mouseClick(window, LEFT, PLAIN, spot)
        QTest.mouseDClick(window, LEFT, PLAIN, spot)

    def jump(self, words: str, to: str) -> None:
        """Ctrl+K, type, go down to the line that begins with ``to``, Enter."""
        self.key(Qt.Key.Key_K, CTRL)
        box = self.find("搜索", QLineEdit)
        self.wait(box.hasFocus, "the cursor in the jump box")
        self.write(words)
        view = self.find("找到的", QAbstractItemView)
        assert isinstance(view, QAbstractItemView)
        at = self._index(view, to).row()
        for _ in range(at):
            self.key(Qt.Key.Key_Down)
        self.key(Qt.Key.Key_Return)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        """Press a key wherever the cursor is."""
        front = self.front()
        self._activate(front)
        QTest.keyClick(self._window(front), key, modifiers)

    def click(self, widget: QWidget) -> None:
        """Scroll to it and click it where it can be seen; a toast over it gives way in a moment."""
        self.wait(lambda: _brought(widget), f"something of {name_of(widget)!r} to be seen")
        seen = widget.visibleRegion().boundingRect()
        if isinstance(widget, QCheckBox):
            seen.setWidth(20)  # its box: the room behind its words takes no click
        self._click_at(widget, seen)

    def _click_at(self, widget: QWidget, rect: QRect) -> None:
        assert not rect.isEmpty(), f"nothing of {name_of(widget)!r} can be seen"
        self.wait(lambda: _is_on_top(widget, rect.center()), f"nothing to cover {name_of(widget)!r}")
        self._activate(widget.window())
        spot: QPoint = widget.mapTo(widget.window(), rect.center())
        QTest.mouseClick(self._window(widget), LEFT, PLAIN, spot)

    def _activate(self, window: QWidget) -> None:
        """What a desktop does with a window that is clicked, and Qt's offscreen one does not."""
        if QApplication.activeWindow() is None and window.windowType() != Qt.WindowType.Popup:
            window.activateWindow()
            self.wait(window.isActiveWindow, "the window to be in front")

    def _pressable(self, name: str) -> QWidget:
        found: list[QWidget] = []

        def there() -> bool:
            seen = [w for w in self.all(name) if isinstance(w, QAbstractButton) or _is_row(w)]
            found[:] = [w for w in seen if w.isEnabled()]
            return len(found) == 1

        self.wait(there, f"one 「{name}」 to press")
        return found[0]

    def _index(self, view: QAbstractItemView, words: str):  # type: ignore[no-untyped-def]
        model, root = view.model(), QModelIndex()
        found = []

        def there() -> bool:
            columns = model.columnCount(root) if isinstance(model, QAbstractTableModel) else 1
            cells = [model.index(row, at) for row in range(model.rowCount(root)) for at in range(columns)]
            found[:] = [index for index in cells if str(index.data() or "") == words]
            return bool(found)

        self.wait(there, f"「{words}」 in {name_of(view)!r}")
        return found[0]

    def _window(self, widget: QWidget):  # type: ignore[no-untyped-def]
        handle = widget.window().windowHandle()
        assert handle is not None
        return handle


def _brought(widget: QWidget) -> bool:
    """Scroll to a widget: whether it can be seen then, and no toast lies over the middle of it."""
    at = widget.parentWidget()
    while at is not None:
        if isinstance(at, QScrollArea):
            at.ensureWidgetVisible(widget, 0, 30)
        at = at.parentWidget()
    QApplication.processEvents()
    seen = widget.visibleRegion().boundingRect()
    spot = widget.mapTo(widget.window(), seen.center())
    toasts = [toast for toast in widget.window().findChildren(Toast) if toast.isVisible()]
    over = [toast for toast in toasts if toast.geometry().contains(spot) and not toast.isAncestorOf(widget)]
    return not seen.isEmpty() and not over


def _is_on_top(widget: QWidget, spot: QPoint) -> bool:
    """Whether a click there reaches the widget: a page just shown is laid out a moment later."""
    window = widget.window()
    hit = window.childAt(widget.mapTo(window, spot))
    return widget is window or hit is widget or (hit is not None and widget.isAncestorOf(hit))


def windows() -> list[QWidget]:
    """Every window of the program that can be seen, menus and dialogs too."""
    return [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowType() != Qt.WindowType.ToolTip]


def has_bug() -> bool:
    """Whether the program says that something went wrong that should not."""
    return any(name_of(window).startswith(BUG) for window in windows())


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    if isinstance(
        widget, QComboBox | QTabBar
    ):  # Qt tells a screen reader a box's label by a relation, of tabs the one in front
        return widget.accessibleName()
    told = QAccessible.queryAccessibleInterface(widget)
    return told.text(QAccessible.Text.Name) if told is not None else ""


def _is_row(widget: QWidget) -> bool:
    return widget.property("clickable") is True


def clear_events() -> None:
    """Let what was deleted go."""
    for _ in range(3):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QApplication.processEvents()
