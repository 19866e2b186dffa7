"""Choosing a file or folder: Qt's own dialog, opened so that the lock can close it, in Chinese, and leaving no history behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDir, QSettings, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

Chosen = Callable[[Path], None]


def choose_folder(parent: QWidget, title: str, start: Path, on_chosen: Chosen) -> QFileDialog:
    """Ask for a folder."""
    dialog = _dialog(parent, title, start, on_chosen)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, _tr("选择"))


def choose_file(parent: QWidget, title: str, start: Path, filters: list[str], on_chosen: Chosen) -> QFileDialog:
    """Ask for a file that is there. ``filters`` as Qt writes them: ``名单 (*.xlsx *.csv)``."""
    dialog = _dialog(parent, title, start, on_chosen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(filters)
    return _open(dialog, _tr("打开"))


def choose_save(parent: QWidget, title: str, start: Path, name: str, on_chosen: Chosen) -> QFileDialog:
    """Ask where to save; ``name`` is offered. Overwriting is for the caller to ask: Qt's own question cannot be locked away."""
    dialog = _dialog(parent, title, start, on_chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setDefaultSuffix(Path(name).suffix.removeprefix("."))
    dialog.setNameFilters([f"*{Path(name).suffix}"])
    dialog.selectFile(name)
    return _open(dialog, _tr("保存"))


class _Dialog(QFileDialog):
    """Gives the path on; Qt writes the folders visited into its own settings when it goes, and they are taken out again."""

    def __init__(self, parent: QWidget, title: str, start: Path, on_chosen: Chosen) -> None:
        super().__init__(parent, title, str(start))
        self._on_chosen = on_chosen
        self.fileSelected.connect(self._give)
        self.destroyed.connect(forget_folders)

    def _give(self, chosen: str) -> None:
        self._on_chosen(Path(chosen))


def forget_folders() -> None:
    """Take out what Qt's file dialog remembers in plain: the folders visited."""
    remembered = QSettings(QSettings.Scope.UserScope, "QtProject")
    if remembered.childGroups():
        remembered.remove("FileDialog")
        remembered.sync()


def _dialog(parent: QWidget, title: str, start: Path, on_chosen: Chosen) -> _Dialog:
    # where Qt's settings are files, it finds none to write the folders into; elsewhere they are taken out again
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, os.devnull)
    dialog = _Dialog(parent, title, start, on_chosen)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAccessibleName(title)
    dialog.setFilter(QDir.Filter.AllDirs | QDir.Filter.Files | QDir.Filter.NoDotAndDotDot)
    return dialog


def _open(dialog: _Dialog, accept: str) -> QFileDialog:
    """Name everything at last: each change of the dialog's kind sets Qt's own words again."""
    for label, words in (
        (QFileDialog.DialogLabel.LookIn, _tr("位置：")),
        (QFileDialog.DialogLabel.FileName, _tr("名称：")),
        (QFileDialog.DialogLabel.FileType, _tr("类型：")),
        (QFileDialog.DialogLabel.Accept, accept),
        (QFileDialog.DialogLabel.Reject, _tr("取消")),
    ):
        dialog.setLabelText(label, words)
    dialog.open()
    return dialog


def _tr(words: str) -> str:
    return QCoreApplication.translate("Choosing", words)
