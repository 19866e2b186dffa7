"""The lock: from every state, without a question, and whole even where a step fails."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.ui import locking
from app.ui.choosing import choose_folder
from app.ui.countdown import Countdown
from app.ui.locking import LockWatch, all_of, drop_dialogs, hide_all


class Stubborn(QDialog):
    """A dialog that refuses to be closed."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()

    def reject(self) -> None:
        pass


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    window.line, window.box = QLineEdit(), QComboBox()
    window.box.addItems(["一", "二"])
    column.addWidget(window.line)
    column.addWidget(window.box)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[LockWatch]:
    watch = LockWatch(qapp, 5)
    watch.start()
    yield watch
    watch.stop()
    watch.deleteLater()


def lock_key(widget: QWidget) -> None:
    QTest.keyClick(widget, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_l_is_heard_while_writing(window: QWidget, watch: LockWatch, qtbot: QtBot) -> None:
    window.line.setText("写到一半")
    with qtbot.waitSignal(watch.pressed, timeout=1000):
        lock_key(window.line)
    assert window.line.text() == "写到一半"


def test_ctrl_l_is_heard_in_a_modal_dialog(window: QWidget, watch: LockWatch, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    line = QLineEdit(dialog)
    dialog.open()
    with qtbot.waitSignal(watch.pressed, timeout=1000):
        lock_key(line)


def test_ctrl_l_is_heard_through_the_window_system(window: QWidget, watch: LockWatch, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    QLineEdit(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    with qtbot.waitSignal(watch.pressed, timeout=1000):
        QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_l_is_heard_over_an_open_menu_and_an_open_list(window: QWidget, watch: LockWatch, qtbot: QtBot) -> None:
    menu = QMenu(window)
    menu.addAction("日历")
    menu.popup(window.mapToGlobal(QPoint(5, 5)))
    with qtbot.waitSignal(watch.pressed, timeout=1000):
        lock_key(menu)
    menu.close()
    window.box.showPopup()
    with qtbot.waitSignal(watch.pressed, timeout=1000):
        lock_key(window.box.view())
    window.box.hidePopup()


def test_one_press_is_one_lock_and_other_keys_are_none(window: QWidget, watch: LockWatch, qtbot: QtBot) -> None:
    heard: list[int] = []
    watch.pressed.connect(lambda: heard.append(1))
    lock_key(window.line)
    QTest.keyClicks(window.line, "lL")
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window.line, Qt.Key.Key_L, both)
    assert heard == [1]


def test_idle_time_runs_out_and_a_touch_starts_it_anew(
    window: QWidget, watch: LockWatch, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    monkeypatch.setattr(locking.time, "monotonic", lambda: began + 299)
    with qtbot.assertNotEmitted(watch.idle):
        watch.look()
    monkeypatch.setattr(locking.time, "monotonic", lambda: began + 302)
    with qtbot.waitSignal(watch.idle, timeout=1000):
        watch.look()
    QTest.keyClick(window.line, Qt.Key.Key_A)
    with qtbot.assertNotEmitted(watch.idle):
        watch.look()


def test_a_touch_elsewhere_on_the_pc_counts_where_the_system_tells(
    window: QWidget, watch: LockWatch, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    monkeypatch.setattr(locking.time, "monotonic", lambda: began + 3600)
    monkeypatch.setattr(watch._pc, "seconds", lambda: 3.0)
    with qtbot.assertNotEmitted(watch.idle):
        watch.look()


def test_the_last_half_minute_is_counted_in_the_window_and_a_touch_takes_it_away(
    window: QWidget, watch: LockWatch, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    countdown = Countdown(window)
    watch.counted.connect(countdown.show_left)
    began = time.monotonic()

    def pass_to(seconds: float) -> None:
        monkeypatch.setattr(locking.time, "monotonic", lambda: began + seconds)
        watch.look()

    def said() -> str:
        return countdown.findChild(QLabel).text()

    pass_to(260)
    assert countdown.isHidden()
    pass_to(271)
    assert countdown.isVisible()
    assert said() in ("29 秒后锁定", "30 秒后锁定")
    with qtbot.assertNotEmitted(watch.idle):
        pass_to(295)
    assert said() in ("5 秒后锁定", "6 秒后锁定")
    assert countdown.geometry().left() > 0
    window.resize(window.width() + 200, window.height())
    assert abs(countdown.geometry().center().x() - window.rect().center().x()) <= 1
    QTest.keyClick(window.line, Qt.Key.Key_A)
    assert countdown.isHidden()
    assert window.line.text() == "a", "the touch arrives where it was meant for"
    pass_to(295 + 240)
    assert countdown.isHidden()


def test_a_pc_that_slept_locks_when_it_wakes(watch: LockWatch, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr(locking.time, "time", lambda: now + 400)
    with qtbot.waitSignal(watch.idle, timeout=1000):
        watch.look()


def test_everything_is_hidden_and_no_dialog_can_refuse(window: QWidget, qapp: QApplication, qtbot: QtBot) -> None:
    answers: list[int] = []
    stubborn = Stubborn(window)
    stubborn.finished.connect(answers.append)
    stubborn.open()
    box = QMessageBox(window)
    box.finished.connect(answers.append)
    box.open()
    files = choose_folder(window, "选择文件夹", Path.home(), lambda path: answers.append(9))
    files.finished.connect(answers.append)
    menu = QMenu(window)
    menu.addAction("日历")
    menu.popup(QPoint(0, 0))
    loose = QWidget()
    qtbot.addWidget(loose)
    loose.show()
    hide_all(qapp)
    assert [w for w in qapp.topLevelWidgets() if w.isVisible()] == []
    drop_dialogs(qapp)
    qtbot.waitUntil(lambda: not any(map(isValid, (stubborn, box, files))), timeout=2000)
    assert answers == []
    window.show()
    QTest.keyClicks(window.line, "ok")
    assert window.line.text() == "ok", "a dialog that is gone still keeps the window shut"


def test_hidden_within_a_moment(window: QWidget, qapp: QApplication) -> None:
    dialogs = [Stubborn(window) for _ in range(20)]
    for dialog in dialogs:
        dialog.show()
    began = time.perf_counter()
    hide_all(qapp)
    assert time.perf_counter() - began < 1
    drop_dialogs(qapp)


def test_a_failing_step_stops_none_of_the_others() -> None:
    done: list[str] = []

    def fail() -> None:
        raise RuntimeError("a bug in a form")

    with pytest.raises(RuntimeError, match="a bug in a form"):
        all_of(lambda: done.append("hide"), fail, lambda: done.append("close the vault"), lambda: done.append("door"))
    assert done == ["hide", "close the vault", "door"]
