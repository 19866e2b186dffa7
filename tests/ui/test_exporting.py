"""Export: the warning, the password, the place, the question before replacing; written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.ui.exporting import ExportDialog, Exporter, NotExported, safe_name, write_whole
from app.vault.outgoing import ForWhom
from app.vault.vault import Vault
from tests.ui.fake_notice import FakeNotice
from tests.ui.forwhom import HOSPITAL, fill


class Room:
    """A window with an exporter, and what was chosen in it."""

    def __init__(self, window: QWidget, vault: Vault) -> None:
        self.window, self.notice = window, FakeNotice()
        self.exporter = Exporter(window, self.notice, vault)
        self.chosen: list[tuple[Path, str, ForWhom]] = []

    def take(self, path: Path, password: str, answer: ForWhom) -> None:
        self.chosen.append((path, password, answer))

    def ask(self) -> ExportDialog:
        """The dialog with whom and why filled in."""
        self.exporter.ask("心转〔2026〕第003号", "心转〔2026〕第003号 转介函", self.take)
        dialog = self.window.findChild(ExportDialog)
        fill(dialog)
        return dialog

    def places(self) -> QFileDialog:
        return self.window.findChild(QFileDialog)


@pytest.fixture
def room(dressed: QApplication, vault: Vault, qtbot: QtBot) -> Room:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return Room(window, vault)


def press(inside: QWidget, name: str, qtbot: QtBot) -> None:
    found = next(one for one in inside.findChildren(QPushButton) if one.accessibleName() == name)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


class TestAsking:
    """From the button to a place."""

    def test_it_says_that_the_copy_lies_outside_and_offers_the_number_as_name(self, room: Room, qtbot: QtBot) -> None:
        dialog = room.ask()
        words = " ".join(label.text() for label in dialog.findChildren(QWidget) if hasattr(label, "text"))
        assert "加密档案之外" in words
        press(dialog, "选择保存位置", qtbot)
        places = room.places()
        assert places.testOption(QFileDialog.Option.DontUseNativeDialog)
        assert Path(places.selectedFiles()[0]).name == "心转〔2026〕第003号 转介函.pdf"

    def test_the_place_chosen_is_handed_over(self, room: Room, qtbot: QtBot, tmp_path: Path) -> None:
        press(room.ask(), "选择保存位置", qtbot)
        room.places().fileSelected.emit(str(tmp_path / "给医院"))
        assert room.chosen == [(tmp_path / "给医院.pdf", "", HOSPITAL)]

    def test_a_password_is_typed_twice(self, room: Room, qtbot: QtBot, tmp_path: Path) -> None:
        dialog = room.ask()
        dialog.protect.set_on(True)
        for first, second, sentence in (("short", "short", "太短"), ("long enough", "long enouhg", "不一样")):
            dialog.first.set_value(first)
            dialog.second.set_value(second)
            press(dialog, "选择保存位置", qtbot)
            assert room.places() is None
            said = dialog.first._error.text() + dialog.second._error.text()
            assert sentence in said
        dialog.second.set_value("long enough")
        press(dialog, "选择保存位置", qtbot)
        room.places().fileSelected.emit(str(tmp_path / "a.pdf"))
        assert room.chosen == [(tmp_path / "a.pdf", "long enough", HOSPITAL)]

    def test_nothing_is_replaced_without_a_yes(self, room: Room, qtbot: QtBot, tmp_path: Path) -> None:
        (tmp_path / "a.pdf").write_bytes(b"before")
        press(room.ask(), "选择保存位置", qtbot)
        room.places().fileSelected.emit(str(tmp_path / "a.pdf"))
        assert room.chosen == []
        assert "已经存在" in room.notice.questions[0].sentence
        room.notice.answer_yes()
        assert room.chosen == [(tmp_path / "a.pdf", "", HOSPITAL)]

    def test_without_whom_and_why_no_place_is_asked_for(self, room: Room, qtbot: QtBot) -> None:
        dialog = room.ask()
        fill(dialog, ForWhom("", " "))
        press(dialog, "选择保存位置", qtbot)
        assert room.places() is None
        assert (dialog.for_whom.to_whom._error.text(), dialog.for_whom.purpose._error.text()) == (
            "请写交给谁。",
            "请写做什么用。",
        )
        fill(dialog)
        press(dialog, "选择保存位置", qtbot)
        assert room.places() is not None

    def test_another_ending_is_kept(self, room: Room, qtbot: QtBot, tmp_path: Path) -> None:
        room.exporter.ask("问题行", "名册-需要核对的行", room.take, protects=False, ending=".xlsx")
        dialog = room.window.findChild(ExportDialog)
        assert not dialog.protect.isVisible()
        fill(dialog)
        press(dialog, "选择保存位置", qtbot)
        assert Path(room.places().selectedFiles()[0]).name == "名册-需要核对的行.xlsx"
        room.places().fileSelected.emit(str(tmp_path / "核对"))
        assert room.chosen == [(tmp_path / "核对.xlsx", "", HOSPITAL)]

    def test_the_lock_closes_it(self, room: Room, qtbot: QtBot) -> None:
        from app.ui.notice import Notice

        room.ask()
        Notice(room.window).close_all()
        qtbot.waitUntil(lambda: room.window.findChild(ExportDialog) is None)
        assert room.chosen == []


class TestWriting:
    """The file is whole or as it was."""

    def test_it_is_there_with_no_crumbs_and_for_the_owner_only(self, tmp_path: Path) -> None:
        write_whole(tmp_path / "a.pdf", b"content")
        assert (tmp_path / "a.pdf").read_bytes() == b"content"
        assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]
        if os.name == "posix":
            assert (tmp_path / "a.pdf").stat().st_mode & 0o077 == 0

    def test_a_full_disk_leaves_the_old_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_handle: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        (tmp_path / "a.pdf").write_bytes(b"before")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(NotExported) as told:
            write_whole(tmp_path / "a.pdf", b"content")
        assert "需要 1 MB" in told.value.next_step
        assert (tmp_path / "a.pdf").read_bytes() == b"before"
        assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]

    @pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder nobody can write to, root included")
    def test_a_folder_that_takes_no_file_is_said(self) -> None:
        with pytest.raises(NotExported):
            write_whole(Path("/proc/a.pdf"), b"content")

    def test_a_folder_that_is_gone_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(NotExported) as told:
            write_whole(tmp_path / "gone" / "a.pdf", b"content")
        assert "不在了" in told.value.next_step


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("心转〔2026〕第003号 转介函", "心转〔2026〕第003号 转介函"),
        ("a/b\\c:d", "a-b-c-d"),
        ("..", "_"),
        ("CON", "_CON"),
        ("fdp\u202eexe. ", "fdpexe"),
        ("长" * 300, "长" * 80),
        ("a" * 300, "a" * 100),
    ],
)
def test_a_name_every_system_takes(name: str, safe: str) -> None:
    assert safe_name(name) == safe
