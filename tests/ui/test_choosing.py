"""Choosing files: in Chinese, closable, and without a trace of the folders visited."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.ui.choosing import choose_file, choose_folder, choose_save


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot, tmp_path: Path) -> QWidget:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "config"))
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    return window


def finish(dialog: QFileDialog, qtbot: QtBot) -> None:
    dialog.accept()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=3000)


def test_the_folders_visited_are_written_nowhere(window: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    visited = tmp_path / "程晓禾的材料"
    visited.mkdir()
    (visited / "名单.csv").write_text("学号,姓名")
    chosen: list[Path] = []
    dialog = choose_file(window, "选择名单", visited, ["名单 (*.csv)"], chosen.append)
    dialog.selectFile(str(visited / "名单.csv"))
    finish(dialog, qtbot)
    assert chosen == [visited / "名单.csv"]
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "config").rglob("*") if path.is_file())
    assert "程晓禾" not in kept
    assert "%U7A0B" not in kept.upper()
    assert "\\x7a0b" not in kept.lower()
    assert "FileDialog" not in kept


def test_without_the_taking_out_qt_does_write_them(window: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = QFileDialog(window, "选择", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not isValid(dialog), timeout=3000)
    QSettings(QSettings.Scope.UserScope, "QtProject").sync()
    kept = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "config").rglob("*") if path.is_file())
    assert "FileDialog" in kept, "the test above can no longer fail"


def test_saving_asks_nothing_by_itself_about_overwriting(window: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "函.pdf").write_bytes(b"before")
    chosen: list[Path] = []
    dialog = choose_save(window, "导出到", tmp_path, "函.pdf", chosen.append)
    finish(dialog, qtbot)
    assert chosen == [tmp_path / "函.pdf"]
    assert (tmp_path / "函.pdf").read_bytes() == b"before"


def test_a_folder_is_chosen(window: QWidget, tmp_path: Path, qtbot: QtBot) -> None:
    chosen: list[Path] = []
    dialog = choose_folder(window, "选择文件夹", tmp_path, chosen.append)
    dialog.selectFile(str(tmp_path))
    finish(dialog, qtbot)
    assert chosen == [tmp_path]


def test_its_words_are_chinese(window: QWidget, tmp_path: Path) -> None:
    dialog = choose_save(window, "导出到", tmp_path, "函.pdf", print)
    words = {w.text() for kind in (QPushButton, QLabel) for w in dialog.findChildren(kind) if w.isVisible()}
    words = {word.replace("&", "") for word in words} - {""}
    assert {"保存", "取消"} <= words
    assert [word for word in words if any("a" <= letter <= "z" for letter in word.lower())] == []
    dialog.close()
