"""The door: opening by password and by recovery code, wrong answers, a vault in trouble; with a real vault and its real keys."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.rooms.school import store as schools
from app.rooms.school.record import School
from app.ui import restoring_door, unlock
from app.ui.first_run import Setup
from app.ui.settings_file import SettingsFile
from app.ui.threshold import Threshold
from app.ui.unlock import Door, pause_after
from app.vault import backupplaces
from app.vault.keys import LEAST_MEMORY, Kdf
from app.vault.opening import Password, VaultMissing, create_vault, open_vault
from app.vault.recovery import RecoveryCode
from app.vault.vault import Vault
from tests.ui.asking import fill, named, press, words_of

PASSWORD = "zhu-men yi bei cha 47"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RecoveryCode]:
    """A vault with its key file, made once."""
    from datetime import datetime, timedelta, timezone

    folder = tmp_path_factory.mktemp("made") / "vault"
    clock = StandingClock(datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))
    kdf = Kdf(LEAST_MEMORY, 1, 4, b"0123456789abcdef")

    def first(session: Session) -> None:
        session.add(School(name="青禾中学", room_name="心理辅导室", counsellor="欧阳念慈"))

    vault, code = create_vault(
        folder, school="青禾中学", room="心理辅导室", password=PASSWORD, clock=clock, kdf=kdf, first=first
    )
    vault.close()
    return folder, code


@pytest.fixture
def folder(made: tuple[Path, RecoveryCode], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0], tmp_path / "vault"))


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> SettingsFile:
    settings = SettingsFile(tmp_path / "settings.json")
    settings.change(folder=str(folder))
    return settings


def no_kinds() -> None:
    raise AssertionError("no backup is looked into here")


def no_register(_setup: Setup, _session: Session) -> None:
    raise AssertionError("no vault is made here")


@pytest.fixture
def threshold(dressed: QApplication, qtbot: QtBot, settings: SettingsFile, clock: StandingClock) -> Iterator[Threshold]:
    threshold = Threshold(settings, clock, dressed, no_register, schools.names, no_kinds)
    opened: list[Vault] = []
    threshold.opened.connect(lambda vault: opened.append(vault))
    yield threshold
    threshold.stop()
    for vault in opened:
        vault.close()
    for window in (threshold.door, threshold.first_run):
        if window is not None:
            window.hide()
            window.deleteLater()
    threshold.deleteLater()


@pytest.fixture
def door(threshold: Threshold, qtbot: QtBot) -> Door:
    threshold.show()
    assert threshold.door is not None
    qtbot.waitExposed(threshold.door)
    return threshold.door


def test_a_card_without_a_bar_is_busy_without_a_window_of_its_own(door: Door) -> None:
    door.show_trouble(VaultMissing())
    door.show_busy()
    shown = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert shown == [door.window()]
    assert not named(door.card(), "再试一次", QPushButton).isEnabled()


def answer(door: Door, password: str) -> None:
    fill(door, "口令", password)
    press(door, "打开")


def wait_for_answer(qtbot: QtBot, door: Door) -> None:
    qtbot.waitUntil(lambda: door.card().busy.isHidden(), timeout=20_000)


def test_the_right_password_opens(threshold: Threshold, door: Door, qtbot: QtBot) -> None:
    with qtbot.waitSignal(threshold.opened, timeout=20_000) as opened:
        answer(door, PASSWORD)
        assert not named(door, "口令", QLineEdit).isEnabled(), "it can be changed while the key is derived"
    (vault,) = opened.args
    with vault.read():
        pass
    threshold.leave()
    assert not door.isVisible()
    assert door.password.field.value() == "", "the password stays behind in the field"


def test_enter_opens_too(threshold: Threshold, door: Door, qtbot: QtBot) -> None:
    with qtbot.waitSignal(threshold.opened, timeout=20_000):
        QTest.keyClick(fill(door, "口令", PASSWORD), Qt.Key.Key_Return)


def test_the_names_stand_on_the_door(door: Door, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "青禾中学 · 心理辅导室" in words_of(door))
    assert "已加密" in words_of(door)
    assert "青禾" not in door.windowTitle()


def test_a_wrong_password_is_told_under_the_field_and_may_be_typed_again(door: Door, qtbot: QtBot) -> None:
    answer(door, "zhu-men yi bei cha 48")
    wait_for_answer(qtbot, door)
    assert "口令不对" in words_of(door)
    assert named(door, "口令", QLineEdit).hasFocus()
    assert named(door, "口令", QLineEdit).selectedText() != ""
    fill(door, "口令", "z")
    assert "口令不对" not in words_of(door)


def test_the_door_waits_longer_after_each_wrong_answer_and_no_way_round(
    door: Door, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unlock, "FREE_ANSWERS", 0)
    answer(door, "wrong answer 1")
    wait_for_answer(qtbot, door)
    waiting = named(door, "打开", QPushButton)
    assert not waiting.isEnabled()
    assert waiting.text() == "请等 1 秒再试"
    press(door, "从备份恢复")
    assert not door.restore.look_button.isEnabled()
    press(door, "返回")
    press(door, "忘了口令？用恢复码打开")
    assert not named(door, "用恢复码打开", QPushButton).isEnabled()
    press(door, "返回")
    assert not named(door, "打开", QPushButton).isEnabled()
    qtbot.waitUntil(lambda: named(door, "打开", QPushButton).isEnabled(), timeout=5_000)
    assert named(door, "打开", QPushButton).text() == "打开"


def test_how_long_it_waits() -> None:
    assert [pause_after(wrong) for wrong in range(10)] == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    assert pause_after(5000) == 30


def test_a_damaged_vault_does_not_look_like_a_wrong_password(door: Door, folder: Path, qtbot: QtBot) -> None:
    (folder / "vault.db").write_bytes(b"")
    before = {path.name for path in folder.iterdir()}
    answer(door, PASSWORD)
    qtbot.waitUntil(lambda: door.card() is door.trouble, timeout=20_000)
    told = words_of(door)
    assert "损坏" in told
    assert "口令不对" not in told
    assert not door.password.field.isVisible()
    assert {path.name for path in folder.iterdir()} >= before, "something was deleted"
    press(door, "再试一次")
    assert named(door, "口令", QLineEdit).isEnabled()


def test_a_vault_open_elsewhere_is_told(door: Door, folder: Path, clock: StandingClock, qtbot: QtBot) -> None:
    other = open_vault(folder, Password(PASSWORD), clock)
    try:
        answer(door, PASSWORD)
        qtbot.waitUntil(lambda: door.card() is door.trouble, timeout=20_000)
        assert "另一个静室窗口" in words_of(door)
    finally:
        other.close()


def test_a_vault_folder_that_is_not_there_is_no_first_run(
    threshold: Threshold, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    folder.rename(tmp_path / "unplugged")
    threshold.show()
    assert threshold.first_run is None
    assert threshold.door is not None
    assert "找不到上次的档案" in words_of(threshold.door)
    (tmp_path / "unplugged").rename(folder)
    press(threshold.door, "再试一次")
    assert named(threshold.door, "口令", QLineEdit).isEnabled()


def test_a_settings_file_that_a_power_cut_spoilt_is_no_first_run(
    dressed: QApplication, tmp_path: Path, folder: Path, clock: StandingClock
) -> None:
    (tmp_path / "settings.json").write_bytes(bytes(200))
    threshold = Threshold(
        SettingsFile(tmp_path / "settings.json"), clock, dressed, no_register, schools.names, no_kinds
    )
    threshold.show()
    door = threshold.door
    assert threshold.first_run is None
    assert door is not None
    assert "不知道档案在哪个文件夹" in words_of(door)
    threshold._chosen(folder)
    assert named(door, "口令", QLineEdit).isEnabled()
    assert SettingsFile(tmp_path / "settings.json").now.folder == str(folder)
    threshold.stop()
    door.hide()
    door.deleteLater()


def test_a_share_with_backups_that_hangs_does_not_hold_up_the_door(
    settings: SettingsFile, door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(backupplaces, "second_places", lambda _chosen: over.wait() and [])
    monkeypatch.setattr(restoring_door, "ANSWER_SECONDS", 0.1)
    settings.change(second=str(tmp_path))
    try:
        press(door, "从备份恢复")
        assert "恢复到：" in words_of(door)
    finally:
        over.set()


def test_the_recovery_code_opens_and_asks_for_a_new_password_at_once(
    threshold: Threshold, door: Door, made: tuple[Path, RecoveryCode], folder: Path, clock: StandingClock, qtbot: QtBot
) -> None:
    press(door, "忘了口令？用恢复码打开")
    fill(door, "恢复码", made[1].written.lower())
    opened: list[object] = []
    threshold.opened.connect(lambda vault: opened.append(vault))
    press(door, "用恢复码打开")
    qtbot.waitUntil(lambda: door.card() is door.new_password, timeout=20_000)
    assert opened == [], "let in without a new password"
    fill(door, "新口令", "short")
    fill(door, "再输入一次", "short")
    press(door, "保存新口令")
    wait_for_answer(qtbot, door)
    assert "至少要 12 个字" in words_of(door)
    fill(door, "新口令", "我是欧阳念慈老师今天心情好")
    fill(door, "再输入一次", "我是欧阳念慈老师今天心情好")
    press(door, "保存新口令")
    wait_for_answer(qtbot, door)
    assert "口令里有「欧阳念慈」的字" in words_of(door), "her name stands in the vault, not in the key file"
    fill(door, "新口令", "lan se de xiao niao 9")
    fill(door, "再输入一次", "lan se de xiao niao 8")
    press(door, "保存新口令")
    assert "两次输入的不一样" in words_of(door)
    fill(door, "再输入一次", "lan se de xiao niao 9")
    with qtbot.waitSignal(threshold.opened, timeout=20_000) as entered:
        press(door, "保存新口令")
    entered.args[0].close()
    open_vault(folder, Password("lan se de xiao niao 9"), clock).close()


def test_a_mistyped_code_is_told_with_its_group(door: Door, made: tuple[Path, RecoveryCode], qtbot: QtBot) -> None:
    written = made[1].written
    wrong = ("7" if written[5] != "7" else "8").join((written[:5], written[6:]))
    press(door, "忘了口令？用恢复码打开")
    fill(door, "恢复码", wrong)
    press(door, "用恢复码打开")
    assert "第 2 组" in words_of(door)


def test_ctrl_l_before_the_new_password_closes_the_vault_again(
    threshold: Threshold, door: Door, made: tuple[Path, RecoveryCode], folder: Path, clock: StandingClock, qtbot: QtBot
) -> None:
    press(door, "忘了口令？用恢复码打开")
    fill(door, "恢复码", made[1].written)
    press(door, "用恢复码打开")
    qtbot.waitUntil(lambda: door.card() is door.new_password, timeout=20_000)
    line = fill(door, "新口令", "lan se de xiao niao 9")
    with qtbot.waitSignal(threshold.locked):
        QTest.keyClick(line, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    threshold.show()
    assert door.card() is door.password
    assert door.new_password.field.value() == ""
    open_vault(folder, Password(PASSWORD), clock).close()


def test_caps_lock_and_full_width_are_warned_of(door: Door) -> None:
    line = named(door, "口令", QLineEdit)
    QTest.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    assert "大写锁定" not in words_of(door)
    QTest.sendKeyEvent(QTest.KeyAction.Click, line, Qt.Key.Key_A, "A", Qt.KeyboardModifier.NoModifier)
    assert "大写锁定已打开" in words_of(door)
    line.insert("１")
    assert "全角" in words_of(door)


def test_the_password_is_hidden_from_eyes_and_input_methods(door: Door) -> None:
    line = named(door, "口令", QLineEdit)
    assert line.echoMode() is QLineEdit.EchoMode.Password
    for hint in (
        Qt.InputMethodHint.ImhSensitiveData,
        Qt.InputMethodHint.ImhHiddenText,
        Qt.InputMethodHint.ImhNoPredictiveText,
    ):
        assert line.inputMethodHints() & hint


def test_another_folder_is_chosen_and_remembered(
    threshold: Threshold, settings: SettingsFile, door: Door, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "另一份"))
    press(door, "换一个档案文件夹")
    dialog = door.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.testOption(QFileDialog.Option.DontUseNativeDialog), "the lock could not close the system's own"
    dialog.fileSelected.emit(str(other))
    assert threshold.folder() == other
    assert SettingsFile(tmp_path / "settings.json").now.folder == str(other)
    dialog.fileSelected.emit(str(tmp_path))
    assert "没有静室的档案" in words_of(door)
    assert threshold.folder() == other


def test_a_new_vault_can_be_begun_from_the_door_and_left_again(threshold: Threshold, door: Door, qtbot: QtBot) -> None:
    press(door, "建立新的档案")
    assert threshold.first_run is not None
    assert not door.isVisible()
    press(threshold.first_run, "返回")
    assert door.isVisible()
    assert threshold.first_run is None


def test_a_vault_that_opens_while_the_program_ends_is_let_go(
    threshold: Threshold, door: Door, folder: Path, clock: StandingClock
) -> None:
    answer(door, PASSWORD)
    threshold.stop()
    open_vault(folder, Password(PASSWORD), clock).close()  # AlreadyOpen if it were still held
    assert not (folder / "vault.db-wal").exists()
