"""Every page and every dialog, menu and cover in which a lock may find the program, and how each is come to."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QListView,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from app.house.house import House
from app.rooms.access.page.checking import ChainDialog
from app.rooms.access.page.choosing import StudentDialog as RegisterOf
from app.rooms.appointments.page.choosing import ScopeDialog
from app.rooms.appointments.page.choosing import StudentDialog as ToMeet
from app.rooms.appointments.page.papers import SpanDialog
from app.rooms.notes.page.copying import CopyDialog
from app.rooms.referrals.page.choosing import StudentDialog
from app.rooms.settings.page.backup_look import StudentOfBackup
from app.rooms.settings.page.backup_secret import SecretDialog
from app.rooms.students.record import Student
from app.ui.attached import FileView
from app.ui.cover import Cover
from app.ui.exporting import ExportDialog
from app.ui.notice import Message
from app.ui.page import Route
from app.ui.printing import PrintDialog
from app.ui.signing_desk import PasswordDialog
from app.ui.stepsdialog import StepsDialog
from app.ui.unlock import Door
from app.vault import attachments
from app.vault.vault import Vault
from tests.journeys import steps
from tests.journeys.hands import CTRL, Hands, name_of, windows


@dataclass
class Inside:
    """The window behind the door, and the way back into it."""

    house: House
    hands: Hands
    password: str

    @property
    def vault(self) -> Vault:
        assert self.house.desk is not None
        return self.house.desk.vault

    def go(self, place: str, at: tuple[int | None, int | None]) -> None:
        self.house.go(Route(place, *at))
        QApplication.processEvents()

    def page(self) -> QWidget:
        assert self.house.desk is not None
        page = self.house.desk.window.page()
        assert page is not None
        return page

    def lock(self) -> None:
        """Ctrl+L: when it returns nothing is to be seen but the door, and the vault is closed."""
        vault, seen = self.vault, self.watch_steps()
        self.hands.key(Qt.Key.Key_L, CTRL)
        self.is_locked(vault, seen)

    def watch_steps(self) -> dict[str, list[QWidget]]:
        """What can be seen while the lock does its work, by step."""
        desk, seen = self.house.desk, {}
        assert desk is not None

        def listen(at: object, name: str) -> None:
            act: Callable[[], object] = getattr(at, name)

            def listening() -> object:
                seen[f"{type(at).__name__}.{name}"] = windows()
                return act()

            setattr(at, name, listening)

        for at, name in (
            (desk.background, "stop_all"),
            (desk.keeper, "flush"),
            (desk.notice, "close_all"),
            (desk.vault, "close"),
        ):
            listen(at, name)
        return seen

    def is_locked(self, vault: Vault, seen: dict[str, list[QWidget]]) -> None:
        assert len(seen) == 4
        assert all(windows == [] for windows in seen.values()), seen
        assert [type(window) for window in windows()] == [Door]
        assert vault.closed
        assert self.house.desk is None

    def unlock(self) -> None:
        steps.unlock(self.hands, self.password)


def pages(house: House) -> list[str]:
    """Every place that a room has a page for."""
    assert house.inside is not None
    return sorted({place for room in house.inside.rooms for place in room.pages})


State = tuple[str, Callable[[Inside], None], type]
"""The page, what is done there, and what must then stand open."""


def pressing(*names: str) -> Callable[[Inside], None]:
    def act(inside: Inside) -> None:
        for name in names:
            inside.hands.press(name)

    return act


def problem(inside: Inside) -> None:
    inside.hands.fill("签署日期", "")
    inside.hands.press("保存知情同意")


def destroying(inside: Inside) -> None:
    inside.hands.fill("销毁理由", "保管期已满")
    inside.hands.press("清空回收站")
    inside.hands.fill("请输入「销毁」以确认", "销")


def export_where(inside: Inside) -> None:
    inside.hands.press("导出")
    steps.say_for_whom(inside.hands)
    inside.hands.press("选择保存位置")


def signing(inside: Inside) -> None:
    inside.hands.press("导出")
    steps.say_for_whom(inside.hands)
    inside.hands.tick("用口令保护这份文件(AES-256)")
    inside.hands.fill("文件口令", "long enough 1")
    inside.hands.fill("再输入一次文件口令", "long enough 1")
    inside.hands.press("选择保存位置")
    steps.choose_path(inside.hands, Path.home() / "副本.pdf")
    inside.hands.fill("签署口令", "half a passw")


def answers(name: str) -> Callable[[Inside], None]:
    def act(inside: Inside) -> None:
        inside.hands.click(inside.hands.find(name, QComboBox))

    return act


def jumping(inside: Inside) -> None:
    inside.hands.key(Qt.Key.Key_K, CTRL)
    inside.hands.write("a")
    inside.hands.find("找到的")


def right_click(inside: Inside) -> None:
    field = inside.hands.find("学生自述", QPlainTextEdit)
    inside.hands.click(field)
    spot = field.mapTo(field.window(), field.rect().center())
    QTest.mouseClick(field.window().windowHandle(), Qt.MouseButton.RightButton, pos=spot)


def covering(inside: Inside) -> None:
    inside.hands.key(Qt.Key.Key_F9)


def looking_at_a_file(inside: Inside) -> None:
    vault, picture = inside.vault, io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(picture, "PNG")
    route = inside.page().route
    with vault.write("添加附件") as session:
        attachments.add(session, session.get_one(Student, route.student_id), "图画.png", picture.getvalue())
    inside.hands.press("打开附件 图画.png")


def of_today(inside: Inside) -> list[QPushButton]:
    """What opens the backups of today in the list."""
    buttons = inside.page().findChildren(QPushButton)
    return [one for one in buttons if one.isVisible() and name_of(one).startswith("查看 今天")]


def student_of_a_backup(inside: Inside) -> None:
    if not of_today(inside):
        inside.hands.press("立即备份")
    inside.hands.wait(lambda: bool(of_today(inside)), "the backup in the list")
    inside.hands.click(of_today(inside)[0])
    inside.hands.press("选择学生")


def opening(make: Callable[[Inside], QDialog]) -> Callable[[Inside], None]:
    """For a dialog that only a long way leads to."""

    def act(inside: Inside) -> None:
        make(inside).open()

    return act


DAY = date(2026, 11, 20)
STATES: dict[str, State] = {
    "told": ("consent", problem, Message),
    "asked": ("student", pressing("移到回收站"), Message),
    "asked for a word": ("bin", destroying, Message),
    "print": ("document", pressing("打印"), PrintDialog),
    "print a draft": ("note", pressing("打印草稿"), PrintDialog),
    "export": ("document", pressing("导出"), ExportDialog),
    "where to": ("document", export_where, QFileDialog),
    "password for signing": ("document", signing, PasswordDialog),
    "a file to attach": ("student", pressing("添加附件"), QFileDialog),
    "a class list": ("roster", pressing("选择文件"), QFileDialog),
    "a file to check": ("verify", pressing("选择要核验的文件"), QFileDialog),
    "a backup file": ("settings.backup", pressing("打开备份文件"), QFileDialog),
    "where backups go": ("settings.backup", pressing("选择位置"), QFileDialog),
    "whose register": ("access", pressing("学生：选一位"), RegisterOf),
    "checking the trail": ("access", pressing("核对留痕"), ChainDialog),
    "a step of new keys": ("settings.keys", pressing("更换口令"), StepsDialog),
    "password of a backup": ("settings.backup", opening(lambda at: SecretDialog(at.page().window())), SecretDialog),
    "student of a backup": ("settings.backup", student_of_a_backup, StudentOfBackup),
    "copy to whom": ("note.read", opening(lambda at: CopyDialog(at.page().window(), at.vault)), CopyDialog),
    "an attachment": ("student", looking_at_a_file, FileView),
    "whom to meet": ("today", opening(lambda at: ToMeet(at.page().window(), at.vault, "为哪位学生预约？")), ToMeet),
    "this or all": ("today", opening(lambda at: ScopeDialog(at.page().window(), "改哪几次？")), ScopeDialog),
    "which days": ("today", opening(lambda at: SpanDialog(at.page().window(), "打印", DAY, None)), SpanDialog),
    "covered": ("note", covering, Cover),
    "to whom": ("document", pressing("打印", "收件人：选一个"), QMenu),
    "whose referral": ("referrals", pressing("新转介单"), StudentDialog),
    "phrases": ("note", pressing("学生自述：常用语"), QMenu),
    "templates": ("note", pressing("套用模板"), QMenu),
    "right click": ("note", right_click, QMenu),
    "calendar": ("note", pressing("日期：打开日历"), QMenu),
    "answers": ("consent", answers("决定"), QListView),
    "found": ("drafts", jumping, QListView),
}


def stands(kind: type) -> bool:
    """Whether something of this kind can be seen, above the window or in it."""
    return any(isinstance(w, kind) and w.isVisible() for w in QApplication.allWidgets())
