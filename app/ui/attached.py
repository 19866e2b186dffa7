"""The card of files kept with a record (drawings, scans, old papers): add, look at, save a copy, move to the bin."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.errors import Problem
from app.ui.background import Background, Progress
from app.ui.cards import Card, Row, button, clear, text
from app.ui.choosing import choose_file
from app.ui.exporting import Exporter, write_whole
from app.ui.notice import Notice
from app.ui.preview import PaperView
from app.vault import attachments, bin, outgoing
from app.vault.attachments import Attachment
from app.vault.outgoing import ForWhom
from app.vault.record import Record
from app.vault.trail import Act
from app.vault.vault import Vault

PDF = "application/pdf"
_WIDEST = 1600
"""Pixels a picture is shown with at most."""


class AttachedCard(Card):
    """The files of one record; ``show_for`` says which."""

    def __init__(self, vault: Vault, notice: Notice, background: Background) -> None:
        super().__init__(self.tr("附件"), flush=True)
        self._vault, self._notice, self._background = vault, notice, background
        self._owner: Record | None = None
        self._dialog: QDialog | None = None
        self.add_button = self.add_action(button(self.tr("添加"), quiet=True, name=self.tr("添加附件")))
        self.add_button.clicked.connect(self._choose)

    def call(self, title: str) -> None:
        """What the files are, where a page has more than one such card: the title, and the name of the button that adds one."""
        self.title_label.setText(title)
        self.add_button.setAccessibleName(self.tr("添加{title}").format(title=title))

    def show_for(self, owner: Record) -> None:
        """Show the files kept with this record."""
        self._owner = owner
        self.reload()

    def reload(self) -> None:
        """Show what the vault holds now."""
        clear(self.body)
        if self._owner is None:
            return
        with self._vault.read() as session:
            files = attachments.of(session, self._owner)
        if not files:
            empty = text(self.tr("扫描件、图画和旧材料可以放在这里，存进加密的档案。"), "hint", wrap=True)
            empty.setContentsMargins(16, 12, 16, 12)
            self.body.addWidget(empty)
        for file in files:
            self.add_row(self._row(file))

    def add_file(self, path: Path) -> None:
        """Read a file in the background and keep it with the record."""
        owner = self._owner
        if owner is not None:
            self._background.run(partial(_take_in, self._vault, owner, path), self._added, self._failed)

    def open_file(self, attachment_id: int) -> None:
        """Show a file from memory; nothing is written to disk."""
        try:
            with self._vault.read() as session:
                file = session.get_one(Attachment, attachment_id)
                content = attachments.content(session, attachment_id)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._vault.record_view(file)
        self._dialog = FileView(self.window(), self._vault, self._notice, file, content)
        self._dialog.open()

    def discard(self, attachment_id: int) -> None:
        """Move a file to the bin; the toast takes it back."""
        with self._vault.write("附件移到回收站") as session:
            bin.put(session.get_one(Attachment, attachment_id), self._vault.now())
        self.reload()
        self._notice.toast(self.tr("已移到回收站。"), self.tr("撤销"), partial(self._take_back, attachment_id))

    def _row(self, file: Attachment) -> Row:
        row = Row(file.name, _size(file.size))
        row.make_clickable(self.tr("打开附件 {name}").format(name=file.name))
        row.setProperty("attachment", file.id)
        row.chosen.connect(self._open)
        away = button(self.tr("移除"), quiet=True, danger=True, name=self.tr("移除附件 {name}").format(name=file.name))
        away.setProperty("attachment", file.id)
        away.clicked.connect(self._discard)
        row.add(away)
        return row

    def _choose(self) -> None:
        kinds = [self.tr("PDF 与图片 (*.pdf *.jpg *.jpeg *.png)")]
        choose_file(self.window(), self.tr("添加附件"), Path.home(), kinds, self.add_file)

    def _added(self, _result: object) -> None:
        self.reload()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Problem):
            raise error
        self._notice.tell(error)

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, Row):
            self.open_file(int(row.property("attachment")))

    def _discard(self) -> None:
        pressed = self.sender()
        if pressed is not None:
            self.discard(int(pressed.property("attachment")))

    def _take_back(self, attachment_id: int) -> None:
        with self._vault.write("从回收站取回") as session:
            bin.take_back(session.get_one(Attachment, attachment_id))
        self.reload()


class FileView(QDialog):
    """One attachment, drawn from memory, with a way to save a copy outside the vault."""

    def __init__(self, parent: QWidget, vault: Vault, notice: Notice, file: Attachment, content: bytes) -> None:
        super().__init__(parent)
        self._vault, self._notice, self._file, self._content = vault, notice, file, content
        self._exporter = Exporter(self, notice, vault)
        self.setWindowTitle(self.tr("静室"))
        self.setAccessibleName(self.tr("附件 {name}").format(name=file.name))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(900, 700)
        column = QVBoxLayout(self)
        column.addWidget(self._pages() if file.media == PDF else self._picture(), 1)
        line = QHBoxLayout()
        line.addStretch(1)
        copy, close = button(self.tr("另存副本…")), button(self.tr("关闭"), primary=True)
        copy.clicked.connect(self._ask_where)
        close.clicked.connect(self.accept)
        line.addWidget(copy)
        line.addWidget(close)
        column.addLayout(line)

    def save_copy(self, path: Path, _password: str, answer: ForWhom) -> None:
        """Write a copy outside the vault; for whom and why is written down before it is there."""
        try:
            with self._vault.write("导出附件") as session:
                outgoing.send(self._vault, session, Act.EXPORT, "附件", answer, record=self._file)
            write_whole(path, self._content)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.say(
            self.tr("副本已保存。"), self.tr("这份副本在加密档案之外，任何人都能打开，请妥善保管或用后删除。")
        )

    def _pages(self) -> QWidget:
        view = PaperView(self._file.name)
        view.show_pdf(self._content)
        return view

    def _picture(self) -> QWidget:
        held = QBuffer()
        held.setData(QByteArray(self._content))
        held.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(held)
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid() and max(size.width(), size.height()) > _WIDEST:
            reader.setScaledSize(size.scaled(QSize(_WIDEST, _WIDEST), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            return text(self.tr("这张图片打不开：文件不完整，或尺寸过大。"), wrap=True)
        label = text("")
        label.setPixmap(QPixmap.fromImage(image))
        label.setAccessibleName(self._file.name)
        area = QScrollArea()
        area.setWidget(label)
        return area

    def _ask_where(self) -> None:
        """Offer its name, with the ending of what it is: a picture called brief.exe is saved as brief.exe.png."""
        endings = attachments.ENDINGS[self._file.media]
        name = Path(self._file.name)
        known = name.suffix.lower() in endings
        offered, ending = (name.stem, name.suffix) if known else (name.name, endings[0])
        self._exporter.ask(self._file.name, offered, self.save_copy, protects=False, ending=ending)


def _take_in(vault: Vault, owner: Record, path: Path, progress: Progress) -> None:
    content = attachments.read_file(path)
    progress.commit_begins()
    with vault.write("添加附件") as session:
        attachments.add(session, owner, path.name, content)


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
