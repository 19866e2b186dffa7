"""The first run: from a PC that has never seen the program to a vault with its own password and a recovery code on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from app.clock import StandingClock
from app.rooms.school import store as schools
from app.rooms.school.record import School
from app.ui import theme
from app.ui.first_run import FirstRun, Setup
from app.ui.settings_file import SettingsFile
from app.ui.threshold import Threshold
from app.vault.opening import Password, open_vault, outside
from app.vault.passwords import check_new
from app.vault.recovery import read_code
from app.vault.vault import Vault
from tests.ui.asking import fill, named, press, words_of
from tests.ui.widths import too_wide

PASSWORD = "zhu-men yi bei cha 47"


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "data"))


def no_kinds() -> None:
    raise AssertionError("no backup is looked into here")


def register(setup: Setup, session: Session) -> None:
    session.add(School(name=setup.school, room_name=setup.room, counsellor=setup.counsellor))


@pytest.fixture
def threshold(dressed: QApplication, clock: StandingClock, tmp_path: Path) -> Iterator[Threshold]:
    threshold = Threshold(SettingsFile(tmp_path / "settings.json"), clock, dressed, register, schools.names, no_kinds)
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
def first_run(threshold: Threshold, qtbot: QtBot) -> FirstRun:
    threshold.show()
    assert threshold.first_run is not None
    qtbot.waitExposed(threshold.first_run)
    return threshold.first_run


def name_it(first_run: FirstRun) -> None:
    fill(first_run, "学校名称", "青禾中学")
    fill(first_run, "您的姓名", "周老师")
    press(first_run, "下一步")


def set_password(first_run: FirstRun, password: str = PASSWORD) -> None:
    fill(first_run, "口令", password)
    fill(first_run, "再输入一次", password)
    press(first_run, "下一步")


def to_code(first_run: FirstRun) -> list[str]:
    """Go to the recovery code and copy it down."""
    press(first_run, "下一步")
    name_it(first_run)
    set_password(first_run)
    return [named(first_run, f"恢复码第{number}组", QLabel).text() for number in range(1, 8)]


def type_back(first_run: FirstRun, groups: list[str]) -> None:
    for number in range(1, 8):
        if any(
            line.isVisible() and line.accessibleName() == f"第{number}组" for line in first_run.findChildren(QLineEdit)
        ):
            fill(first_run, f"第{number}组", groups[number - 1].lower())


def test_from_the_first_start_to_an_opened_vault(
    threshold: Threshold, first_run: FirstRun, tmp_path: Path, clock: StandingClock, qtbot: QtBot
) -> None:
    groups = to_code(first_run)
    press(first_run, "下一步")
    type_back(first_run, groups)
    folder = Path(threshold.folder())
    assert not folder.exists(), "something was made before the last step"
    with qtbot.waitSignal(threshold.opened, timeout=60_000) as opened:
        press(first_run, "建立档案")
        assert not named(first_run, "建立档案", QPushButton).isEnabled()
    (vault,) = opened.args
    with vault.read() as session:
        assert schools.names(session) == ("青禾中学", "心理辅导室", "周老师")
    vault.close()
    assert str(tmp_path) in str(vault.folder)
    assert SettingsFile(tmp_path / "settings.json").now.folder == str(vault.folder)
    assert (outside(vault.folder).school, outside(vault.folder).room) == ("青禾中学", "心理辅导室")
    open_vault(vault.folder, Password(PASSWORD), clock).close()
    open_vault(vault.folder, read_code("-".join(groups)), clock).close()
    assert b"\xe5\x91\xa8\xe8\x80\x81\xe5\xb8\x88" not in b"".join(
        path.read_bytes() for path in vault.folder.iterdir()
    ), "the counsellor's name stands in plain"


def test_the_names_may_be_left_out_of_the_plain_key_file(
    threshold: Threshold, first_run: FirstRun, qtbot: QtBot
) -> None:
    press(first_run, "下一步")
    named(first_run, "解锁界面显示学校和辅导室名称", QCheckBox).setChecked(False)
    name_it(first_run)
    set_password(first_run)
    groups = [named(first_run, f"恢复码第{number}组", QLabel).text() for number in range(1, 8)]
    press(first_run, "下一步")
    type_back(first_run, groups)
    with qtbot.waitSignal(threshold.opened, timeout=60_000) as opened:
        press(first_run, "建立档案")
    vault = opened.args[0]
    vault.close()
    for path in vault.folder.iterdir():
        assert "青禾".encode() not in path.read_bytes()


def test_going_away_before_the_end_leaves_nothing(threshold: Threshold, first_run: FirstRun, tmp_path: Path) -> None:
    groups = to_code(first_run)
    press(first_run, "下一步")
    type_back(first_run, groups)
    first_run.close()
    threshold.stop()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_groups_typed_back_wrong_are_told_and_the_code_can_be_seen_again(first_run: FirstRun) -> None:
    groups = to_code(first_run)
    press(first_run, "下一步")
    type_back(first_run, ["0000"] * 7)
    press(first_run, "建立档案")
    assert "与恢复码不一致" in words_of(first_run)
    press(first_run, "上一步")
    assert [named(first_run, f"恢复码第{n}组", QLabel).text() for n in range(1, 8)] == groups


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short 12", "至少要 12 个字"),
        ("qinghe zhongxue 1", "青禾中学"),
        ("zhoulaoshi 2026!", "周老师"),
        ("1234567890123", "全是数字"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason_as_it_is_typed(
    first_run: FirstRun, password: str, reason: str
) -> None:
    press(first_run, "下一步")
    name_it(first_run)
    fill(first_run, "口令", password)
    assert reason in words_of(first_run)
    fill(first_run, "再输入一次", password)
    press(first_run, "下一步")
    assert named(first_run, "口令", QLineEdit).isVisible()
    assert reason in words_of(first_run)


def test_two_different_passwords_are_not_taken(first_run: FirstRun) -> None:
    press(first_run, "下一步")
    name_it(first_run)
    fill(first_run, "口令", PASSWORD)
    fill(first_run, "再输入一次", PASSWORD + "8")
    press(first_run, "下一步")
    assert "两次输入的口令不一样" in words_of(first_run)


def test_a_generated_phrase_is_six_words_and_is_taken(first_run: FirstRun) -> None:
    press(first_run, "下一步")
    name_it(first_run)
    press(first_run, "生成六个词的口令")
    shown = named(first_run, "生成的口令", QLabel).text()
    words, password = shown.splitlines()[0], shown.splitlines()[1].split("：")[1]
    assert len(words.split()) == 6
    check_new(password, ("青禾中学", "周老师"))
    set_password(first_run, password)
    assert named(first_run, "恢复码第1组", QLabel).isVisible()


def test_what_is_missing_is_named(first_run: FirstRun) -> None:
    press(first_run, "下一步")
    fill(first_run, "学校名称", "青禾中学")
    press(first_run, "下一步")
    assert "「您的姓名」还没有填写" in words_of(first_run)


def test_a_synchronised_folder_is_refused_in_plain_words(first_run: FirstRun, tmp_path: Path) -> None:
    fill(first_run, "档案文件夹", str(tmp_path / "OneDrive" / "vault"))
    assert "网盘" in words_of(first_run)
    press(first_run, "下一步")
    assert named(first_run, "档案文件夹", QLineEdit).isVisible()


def test_by_keyboard_alone(first_run: FirstRun) -> None:
    QTest.keyClick(named(first_run, "档案文件夹", QLineEdit), Qt.Key.Key_Return)
    school = named(first_run, "学校名称", QLineEdit)
    assert school.hasFocus()
    school.insert("青禾中学")
    for name in ("辅导室名称", "您的姓名"):
        QTest.keyClick(first_run.focusWidget(), Qt.Key.Key_Tab)
        assert named(first_run, name, QLineEdit).hasFocus()
    first_run.focusWidget().insert("周老师")
    QTest.keyClick(first_run.focusWidget(), Qt.Key.Key_Return)
    assert named(first_run, "口令", QLineEdit).hasFocus()


def test_the_code_can_be_printed_and_is_in_no_file(first_run: FirstRun, tmp_path: Path, qtbot: QtBot) -> None:
    groups = to_code(first_run)
    with qtbot.waitSignal(first_run.print_code_wanted, timeout=1000) as wanted:
        press(first_run, "打印恢复码")
    assert list(wanted.args[0].groups) == groups
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("size", "scale"), [((1360, 860), 1.0), ((1280, 720), 1.0), ((853, 480), 1.0), ((1280, 720), 1.6)]
)
def test_nothing_is_cut_off(
    dressed: QApplication, threshold: Threshold, size: tuple[int, int], scale: float, qtbot: QtBot
) -> None:
    theme.apply(dressed, theme.LIGHT, scale)
    threshold.show()
    first_run = threshold.first_run
    assert first_run is not None
    first_run.resize(*size)
    for at, step in enumerate(first_run.stepping.steps):
        first_run.stepping.cards.setCurrentIndex(at)
        if step is first_run.password:
            first_run.password._generate()
        qtbot.waitUntil(step.isVisible)
        QApplication.processEvents()
        assert too_wide(first_run) == []
        for part in step.findChildren(QWidget):
            if part.isVisible() and isinstance(part, QLineEdit | QLabel | QPushButton):
                assert part.height() >= part.minimumSizeHint().height(), part.accessibleName()
                assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()
        if size[1] >= 720 and scale == 1:
            assert step.height() <= first_run.stepping.cards.height(), f"step {at + 1} is higher than the window"
