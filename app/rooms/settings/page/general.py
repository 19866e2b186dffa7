"""The settings page: the school's names, signature and stamp, the words of letters, the look, the lock, the bin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.documents import keeping, words
from app.documents.record import PictureKind
from app.errors import Problem
from app.rooms.school import store as schools
from app.rooms.settings.page.capturing import CaptureCard
from app.rooms.settings.page.cover import CoverCard
from app.rooms.settings.page.doornames import DoorNamesSwitch
from app.ui.background import Background
from app.ui.capture import Capture
from app.ui.cards import Card, Row, button, tag, text
from app.ui.choosing import choose_file
from app.ui.fields import CheckField, ChoiceField, LineField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.ui.settings_file import SettingsFile
from app.vault.choice import Choice
from app.vault.vault import Vault

PLACE = "settings"
LARGEST_PICTURE = 30 * 1024 * 1024
_KINDS = {kind.value: kind for kind in PictureKind}


class Theme(Choice):
    """The look of the program."""

    LIGHT = "light", "浅色"
    DARK = "dark", "深色"


class TextSize(Choice):
    """The size of the words on the screen."""

    USUAL = "1.0", "标准"
    LARGE = "1.15", "大"
    LARGER = "1.3", "特大"


class LockAfter(Choice):
    """After how many minutes without a touch the vault is locked."""

    TWO = "2", "2 分钟"
    FIVE = "5", "5 分钟"
    TEN = "10", "10 分钟"
    TWENTY = "20", "20 分钟"


class SettingsPage(Page):
    """What the counsellor may set. Names are saved with a button; the look and the lock act at once."""

    look_changed = Signal()
    school_changed = Signal()

    def __init__(
        self,
        vault: Vault,
        notice: Notice,
        keeper: Keeper,
        background: Background,
        settings: SettingsFile,
        capture: Capture | None = None,
    ) -> None:
        super().__init__(self.tr("设置"))
        self._vault, self._notice, self._keeper, self._settings = vault, notice, keeper, settings
        self.door_names = DoorNamesSwitch(vault, notice, background)
        left, right = self.columns(1, 1)
        self.form = Form("school")
        left.addWidget(self._school_card())
        left.addWidget(self._calendar_card())
        left.addWidget(CoverCard(vault, notice))
        if capture is not None and capture.possible():
            left.addWidget(CaptureCard(capture))
        left.addStretch(1)
        for card in (self._picture_card(), self._letters_card(), self._look_card(), self._file_card()):
            right.addWidget(card)
        right.addStretch(1)
        self._fill()
        keeper.watch(self.form)

    def reload(self) -> None:
        self._show_pictures()
        self._show_letters()

    # The school

    def _school_card(self) -> Card:
        card = Card(self.tr("学校"), self.tr("印在函件和记录上"))
        fields = {
            "name": LineField(self.tr("学校名称")),
            "short_name": LineField(self.tr("学校简称"), self.tr("用于签名证书和侧栏，可以不填。")),
            "room_name": LineField(self.tr("辅导室名称")),
            "counsellor": LineField(self.tr("心理教师"), self.tr("改名后，下一次签署会使用新的签名证书。")),
            "vice_head": LineField(self.tr("分管领导")),
            "phone": LineField(self.tr("联系电话"), self.tr("印在函件上，请填办公电话。")),
            "boarding": CheckField(self.tr("寄宿制学校")),
        }
        for name, field in fields.items():
            card.body.addWidget(self.form.add(name, field))
        save = button(self.tr("保存"), primary=True, name=self.tr("保存学校信息"))
        save.clicked.connect(self._save_school)
        card.body.addWidget(save, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _fill(self) -> None:
        with self._vault.read() as session:
            school = schools.school(session)
        for name, field in self.form.fields.items():
            value = getattr(school, name)
            field.set_value(("1" if value else "") if isinstance(value, bool) else value)
        self.form.mark_saved()

    def _save_school(self) -> None:
        values = self.form.values()
        missing = {
            name: self.tr("请填写。") for name in ("name", "room_name", "counsellor") if not values[name].strip()
        }
        self.form.show_errors(missing)
        if missing:
            return
        with self._vault.write("修改学校信息") as session:
            school = schools.school(session)
            for name, value in values.items():
                setattr(school, name, value == "1" if name == "boarding" else value.strip())
            schools.save(session, school)
        self._keeper.settle(self.form)
        self._notice.toast(self.tr("已保存。"))
        self.door_names.follow()
        self.school_changed.emit()

    # Signature and stamp

    def _picture_card(self) -> Card:
        card = Card(self.tr("手写签名和印章"), self.tr("可选，印在函件落款处"), flush=True)
        self._pictures: dict[PictureKind, QLabel] = {}
        self._drops: dict[PictureKind, QPushButton] = {}
        for kind in PictureKind:
            row = Row(label_of(kind))
            picture = text("", "hint")
            picture.setAccessibleName(label_of(kind))
            self._pictures[kind] = picture
            row.add(picture)
            for words_, slot in ((self.tr("选择图片"), self._choose_picture), (self.tr("移除"), self._drop_picture)):
                made = button(words_, name=f"{label_of(kind)}：{words_}")
                made.setProperty("picture", kind.value)
                made.clicked.connect(slot)
                row.add(made)
                if slot == self._drop_picture:
                    self._drops[kind] = made
            card.add_row(row)
        under = QVBoxLayout()
        under.setContentsMargins(16, 4, 16, 14)
        words_ = self.tr("电子图片只是样子，防篡改靠的是文件里的数字签名；正式函件请再加盖学校印章。")
        under.addWidget(text(words_, "hint", wrap=True))
        card.body.addLayout(under)
        self._show_pictures()
        return card

    def _show_pictures(self) -> None:
        with self._vault.read() as session:
            kept = {kind: keeping.kept_picture(session, kind) for kind in PictureKind}
        for kind, label in self._pictures.items():
            png = kept[kind]
            self._drops[kind].setVisible(png is not None)
            if png is None:
                label.setPixmap(QPixmap())
                label.setText(self.tr("未设置"))
                continue
            picture = QPixmap()
            picture.loadFromData(png)
            label.setPixmap(_on_paper(picture.scaledToHeight(36, Qt.TransformationMode.SmoothTransformation)))

    def _choose_picture(self) -> None:
        self._kind = _KINDS[str(self._sender().property("picture"))]
        kinds = [self.tr("图片 (*.png *.jpg *.jpeg)")]
        choose_file(self.window(), self.tr("选择图片"), Path.home(), kinds, self._keep_picture)

    def _keep_picture(self, path: Path) -> None:
        try:
            data = _read(path)
            with self._vault.write("设置签名图片") as session:
                keeping.keep_picture(session, self._kind, data)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._show_pictures()

    def _drop_picture(self) -> None:
        kind = _KINDS[str(self._sender().property("picture"))]
        with self._vault.write("移除签名图片") as session:
            keeping.drop_picture(session, kind)
        self._show_pictures()

    # Letters, look, file

    def _letters_card(self) -> Card:
        card = Card(self.tr("函件文字"), self.tr("可以改成本校的说法"), flush=True)
        self._own: dict[str, QLabel] = {}
        for name in words.names():
            row = Row(words.label(name))
            self._own[name] = tag(self.tr("已改"), "accent")
            row.add(self._own[name])
            edit = button(self.tr("修改"), name=f"{words.label(name)}：{self.tr('修改')}")
            edit.setProperty("letter", name)
            edit.clicked.connect(self._edit_letter)
            row.add(edit)
            card.add_row(row)
        self._show_letters()
        return card

    def _show_letters(self) -> None:
        """Which letters have words of her own."""
        with self._vault.read() as session:
            for name, mark in self._own.items():
                mark.setVisible(keeping.own_words(session, name) is not None)

    def _edit_letter(self) -> None:
        self.went.emit(Route("letter", words.names().index(str(self._sender().property("letter")))))

    def _look_card(self) -> Card:
        card = Card(self.tr("外观和锁定"), self.tr("立即生效"))
        now = self._settings.now
        self.theme = ChoiceField(self.tr("颜色"), Theme)
        self.text_size = ChoiceField(self.tr("字号"), TextSize)
        self.lock = ChoiceField(self.tr("无人操作多久后自动锁定"), LockAfter)
        self.theme.set_value(now.theme)
        self.text_size.set_value(str(now.text_size))
        self.lock.set_value(str(now.lock_minutes))
        for field in (self.theme, self.text_size, self.lock):
            card.body.addWidget(field)
            field.changed.connect(self._change_look)
        card.body.addWidget(self.door_names)
        return card

    def _change_look(self) -> None:
        self._settings.change(
            theme=self.theme.value(), text_size=float(self.text_size.value()), lock_minutes=int(self.lock.value())
        )
        self.look_changed.emit()

    def _file_card(self) -> Card:
        card = Card(self.tr("档案"))
        card.body.addWidget(text(self.tr("位置"), "label"))
        card.body.addWidget(text(str(self._vault.folder), "secondary", wrap=True, selectable=True))
        card.body.addWidget(text(self.tr("全部内容已加密，只有您的口令或恢复码能打开。"), "hint", wrap=True))
        self._add_ways(
            card,
            {
                self.tr("备份与恢复"): "settings.backup",
                self.tr("口令与恢复码"): "settings.keys",
                self.tr("环境体检"): "settings.health",
                self.tr("回收站"): "bin",
            },
        )
        return card

    def _calendar_card(self) -> Card:
        card = Card(self.tr("校历和期限"), self.tr("周次、上课日、节次和到期都按这里算"))
        self._add_ways(
            card,
            {
                self.tr("校历"): "settings.calendar",
                self.tr("作息和开放时间"): "settings.bells",
                self.tr("期限"): "settings.deadlines",
            },
        )
        return card

    def _add_ways(self, card: Card, places: dict[str, str]) -> None:
        """Buttons to further pages, by their words."""
        for words_, place in places.items():
            made = button(words_)
            made.setProperty("place", place)
            made.clicked.connect(self._go_on)
            card.body.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)

    def _go_on(self) -> None:
        self.went.emit(Route(str(self._sender().property("place"))))

    def _sender(self) -> QWidget:
        sender = self.sender()
        if not isinstance(sender, QWidget):
            raise TypeError("not a button")
        return sender


def _on_paper(picture: QPixmap) -> QPixmap:
    """The picture as it will look on white paper, in the dark theme too."""
    paper = QPixmap(picture.size())
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawPixmap(0, 0, picture)
    painter.end()
    return paper


def _read(path: Path) -> bytes:
    """A picture's bytes. Raises Problem for a file that cannot be read or is far too large."""
    try:
        if path.stat().st_size > LARGEST_PICTURE:
            raise Problem("图片太大，没有使用。", "请先缩小到 30 MB 以内。")
        return path.read_bytes()
    except OSError:
        raise Problem("图片读不出来。", "请检查文件是否还在、能否打开。") from None
