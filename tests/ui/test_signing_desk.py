"""The signing desk, with a real vault, its real password and a real signing key."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.clock import StandingClock
from app.documents.certificates import ClockDoubted, Holder
from app.documents.signing import SigningSession, open_signing
from app.ui.background import Background
from app.ui.signing_desk import Doubted, PasswordDialog, SigningDesk
from app.vault.keys import LEAST_MEMORY, Kdf
from app.vault.opening import create_vault
from app.vault.vault import Vault
from tests.ui.asking import fill, named, press, words_of
from tests.ui.fake_notice import FakeNotice

PASSWORD = "zhu-men yi bei cha 47"
HOLDER = Holder("周老师", "青禾中学", "青禾中学")


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    clock = StandingClock(datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))
    kdf = Kdf(LEAST_MEMORY, 1, 4, b"0123456789abcdef")
    folder = tmp_path_factory.mktemp("made") / "vault"
    vault, _ = create_vault(folder, school="青禾中学", room="", password=PASSWORD, clock=clock, kdf=kdf)
    yield vault
    vault.close()


class Desk:
    """The desk, its window, and what it handed over."""

    def __init__(self, vault: Vault, qtbot: QtBot) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(800, 600)
        self.window.show()
        self.background = Background(self.window)
        self.got: list[SigningSession] = []
        self.opened: list[SigningSession] = []
        self._vault = vault
        self.desk = SigningDesk(self.window, FakeNotice(), self.background, self._open)

    def _open(self, password: str, confirmed: bool) -> SigningSession:
        try:
            session = open_signing(self._vault, password, HOLDER, clock_confirmed=confirmed)
        except ClockDoubted as doubt:
            raise Doubted(doubt) from None
        self.opened.append(session)
        return session

    def ask(self) -> PasswordDialog:
        self.desk.ask("转介函", self.got.append)
        found = [w for w in QApplication.topLevelWidgets() if isinstance(w, PasswordDialog) and w.isVisible()]
        assert len(found) == 1
        return found[0]

    def is_asking(self) -> bool:
        return any(isinstance(w, PasswordDialog) and w.isVisible() for w in QApplication.topLevelWidgets())


@pytest.fixture
def desk(dressed: QApplication, keyed: Vault, qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk(keyed, qtbot)
    yield desk
    desk.background.stop_all()
    desk.desk.close()


def sign(dialog: PasswordDialog, password: str = PASSWORD) -> None:
    fill(dialog, "签署口令", password)
    press(dialog, "确认签署")


def test_the_password_opens_a_session_that_is_not_asked_for_again(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.ask()
    assert "转介函" in words_of(dialog)
    sign(dialog)
    qtbot.waitUntil(lambda: len(desk.got) == 1, timeout=30_000)
    assert desk.got[0].is_open
    assert not desk.is_asking()
    desk.desk.ask("会谈记录", desk.got.append)
    assert desk.got[1] is desk.got[0]
    assert not desk.is_asking()


def test_enter_signs_and_does_not_go_back(desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClick(fill(desk.ask(), "签署口令", PASSWORD), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(desk.got) == 1, timeout=30_000)


def test_a_wrong_password_is_told_and_may_be_typed_again(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.ask()
    sign(dialog, "not the password")
    qtbot.waitUntil(lambda: "口令不对" in words_of(dialog), timeout=30_000)
    assert desk.got == []
    sign(dialog)
    qtbot.waitUntil(lambda: len(desk.got) == 1, timeout=30_000)


def test_going_back_while_the_key_is_loaded_signs_nothing(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.ask()
    sign(dialog)
    press(dialog, "取消")
    qtbot.waitUntil(lambda: not desk.background.is_busy(), timeout=30_000)
    assert desk.got == []
    assert [session for session in desk.opened if session.is_open] == [], "the key stays loaded"


def test_after_the_lock_the_key_is_gone_and_the_password_is_asked_again(desk: Desk, qtbot: QtBot) -> None:
    sign(desk.ask())
    qtbot.waitUntil(lambda: len(desk.got) == 1, timeout=30_000)
    desk.desk.close()
    assert not desk.got[0].is_open
    assert named(desk.ask(), "签署口令", QLineEdit).text() == ""


def test_a_lock_after_the_dialog_is_long_gone(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.ask()
    with qtbot.waitSignal(dialog.destroyed, timeout=5_000):
        press(dialog, "取消")
    desk.desk.close()
    assert desk.got == []


def test_a_lock_while_the_key_is_loaded(desk: Desk, qtbot: QtBot) -> None:
    dialog = desk.ask()
    sign(dialog)
    desk.background.stop_all()
    desk.desk.close()
    qtbot.waitUntil(lambda: not desk.is_asking())
    QApplication.processEvents()
    assert desk.got == []


def test_a_doubted_clock_can_be_confirmed(desk: Desk, keyed: Vault, qtbot: QtBot) -> None:
    moment, keyed.clock.moment = keyed.clock.moment, keyed.clock.moment - timedelta(days=400)
    try:
        dialog = desk.ask()
        assert not dialog.findChild(QCheckBox).isVisible()
        sign(dialog)
        qtbot.waitUntil(lambda: "看起来不对" in words_of(dialog), timeout=30_000)
        assert desk.got == []
        named(dialog, "我已核对，电脑的时间是对的", QCheckBox).setChecked(True)
        sign(dialog)
        qtbot.waitUntil(lambda: len(desk.got) == 1, timeout=30_000)
    finally:
        desk.desk.close()
        keyed.clock.moment = moment


def test_the_dialog_shows_no_name_in_the_task_bar(desk: Desk) -> None:
    assert desk.ask().windowTitle() == "静室"
