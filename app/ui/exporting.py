"""Exporting: what leaves the vault as a file leaves on purpose: after a warning, for somebody, protected by a password if she likes."""

from __future__ import annotations

import errno
import os
import re
import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.cards import button, text
from app.ui.choosing import choose_save
from app.ui.fields import CheckField
from app.ui.forwhom import ForWhomFields
from app.ui.notice import Notice
from app.ui.secrets import SecretField
from app.vault.outgoing import ForWhom
from app.vault.vault import Vault

SHORTEST_PASSWORD = 8
LONGEST_NAME = 100
MOST_BYTES = 240
"""Of a name in UTF-8, its ending left out: Linux and macOS take 255 with it."""
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

Chosen = Callable[[Path, str, ForWhom], None]
"""Takes the place, the file's password, and for whom the file is."""


class NotExported(Problem):
    """The file could not be written; what lay there before is as it was."""

    def __init__(self, reason: str) -> None:
        super().__init__("没有导出。", "{reason}请换一个文件夹或文件名再试。", reason=reason)


def safe_name(name: str) -> str:
    """A file name that every system takes, without what could mislead (direction marks, reserved names, dots at the end)."""
    seen = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    plain = _FORBIDDEN.sub("-", seen).strip().rstrip(". ").lstrip(".")[:LONGEST_NAME]
    plain = plain.encode()[:MOST_BYTES].decode(errors="ignore").rstrip(". ")
    return f"_{plain}" if not plain or _RESERVED.fullmatch(plain) else plain


def write_whole(path: Path, content: bytes) -> None:
    """Write the file beside its name and name it when it is whole. Raises NotExported; then nothing has changed there."""
    beside = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise NotExported(_reason(error, len(content))) from None


def _reason(error: OSError, size: int) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return QCoreApplication.translate("Problem", "磁盘空间不足，需要 {mib} MB。").format(mib=(size >> 20) + 1)
    if isinstance(error, PermissionError):
        return QCoreApplication.translate("Problem", "这里不能写入，或者同名的文件正被别的程序打开。")
    if isinstance(error, FileNotFoundError):
        return QCoreApplication.translate("Problem", "这个文件夹不在了，可能磁盘已拔出。")
    return QCoreApplication.translate("Problem", "磁盘出错。")


class ExportDialog(QDialog):
    """Says that the copy lies outside the vault, and asks for whom it is and whether a password is to protect it."""

    agreed = Signal(str, object)  # the file's password, empty for none; for whom it is

    def __init__(self, parent: QWidget, title: str, inside: str, for_whom: ForWhomFields, *, protects: bool) -> None:
        super().__init__(parent)
        self.for_whom = for_whom
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("导出"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(440)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(8)
        column.addWidget(text(self.tr("导出 {title}").format(title=title), "heading", wrap=True))
        outside = self.tr(
            "导出的文件在加密档案之外，任何拿到它的人都能打开，静室也不能收回或删除它。这次导出会记入操作记录。"
        )
        column.addWidget(text(outside, "warning", wrap=True))
        if inside:
            column.addWidget(text(inside, "warning", wrap=True))
        column.addSpacing(4)
        column.addWidget(for_whom)
        self.protect = CheckField(self.tr("用口令保护这份文件(AES-256)"), self.tr("口令请用电话等另外的方式告诉对方。"))
        self.first = SecretField(self.tr("文件口令"), self.tr("至少 {least} 个字符。").format(least=SHORTEST_PASSWORD))
        self.second = SecretField(self.tr("再输入一次文件口令"))
        for field in (self.protect, self.first, self.second):
            column.addWidget(field)
        self.protect.setVisible(protects)
        column.addSpacing(6)
        column.addLayout(self._make_foot())
        self.protect.changed.connect(self._look)
        self._look()
        for_whom.setFocus()

    def _make_foot(self) -> QHBoxLayout:
        cancel = button(self.tr("取消"))
        self.go_button = button(self.tr("选择保存位置"), primary=True)
        self.go_button.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.go_button.clicked.connect(self._agree)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(cancel)
        line.addWidget(self.go_button)
        return line

    def _look(self) -> None:
        for field in (self.first, self.second):
            field.setVisible(self.protect.is_on())
        self.adjustSize()

    def _agree(self) -> None:
        answer = self.for_whom.answer()
        password = self.first.value() if self.protect.is_on() else ""
        if self.protect.is_on() and len(password) < SHORTEST_PASSWORD:
            self.first.show_error(self.tr("文件口令太短。"))
            return
        if password != (self.second.value() if self.protect.is_on() else ""):
            self.second.show_error(self.tr("两次输入的不一样。"))
            return
        if answer is None:
            return
        self.first.wipe()
        self.second.wipe()
        self.accept()
        self.agreed.emit(password, answer)


class Exporter(QObject):
    """Asks for whom, for a password or none, for the place, and before anything is replaced; the page makes and writes the file."""

    def __init__(self, window: QWidget, notice: Notice, vault: Vault) -> None:
        super().__init__(window)
        self._window, self._notice, self._vault = window, notice, vault

    def ask(
        self, title: str, name: str, on_chosen: Chosen, *, inside: str = "", protects: bool = True, ending: str = ".pdf"
    ) -> None:
        """Have ``on_chosen(path, password, answer)`` called; the password is empty for a plain copy. It writes the answer down
        with the export (vault/outgoing.py) before the file is there.

        ``title`` is what is exported, ``name`` the file name offered, without its ending and without a student's name;
        ``inside`` says what the file holds that she may not think of.
        """
        dialog = ExportDialog(self._window, title, inside, ForWhomFields(self._vault), protects=protects)
        dialog.agreed.connect(partial(self._ask_where, f"{safe_name(name)}{ending}", on_chosen))
        dialog.open()

    def _ask_where(self, name: str, on_chosen: Chosen, password: str, answer: ForWhom) -> None:
        start = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DesktopLocation)
        folder = Path(start) if start and Path(start).is_dir() else Path.home()
        ending = Path(name).suffix
        look = partial(self._look, on_chosen, password, answer, ending)
        choose_save(self._window, self.tr("导出到"), folder, name, look)

    def _look(self, on_chosen: Chosen, password: str, answer: ForWhom, ending: str, chosen: Path) -> None:
        path = chosen if chosen.suffix.lower() == ending.lower() else chosen.with_name(f"{chosen.name}{ending}")
        if not path.exists():
            on_chosen(path, password, answer)
            return
        sentence = self.tr("「{name}」已经存在。").format(name=path.name)
        detail = self.tr("替换后原来的文件不能找回。")
        self._notice.ask(sentence, detail, self.tr("替换"), partial(on_chosen, path, password, answer))
