"""Really issued and signed documents about two students, and the pages that show them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.documents import issuing
from app.documents.certificates import NewCertificate, make_certificate
from app.documents.signing import SigningSession, open_signing
from app.rooms.students.record import Student
from app.ui import fonts, theme
from app.ui.background import Background
from app.ui.keeper import Keeper
from app.ui.printing import Printer
from app.vault import keycopies, keyfile
from app.vault.keyfile import KeyFile
from app.vault.keys import LEAST_MEMORY, Kdf, MasterKey, Password
from app.vault.recovery import new_code
from app.vault.vault import Vault
from tests.conftest import KEY, VAULT_ID
from tests.documents.conftest import HOLDER, NOW, PASSWORD
from tests.documents.sample import SAMPLE
from tests.ui.fake_notice import FakeNotice


@pytest.fixture(scope="session")
def own() -> NewCertificate:
    return make_certificate(HOLDER, NOW)


@pytest.fixture(scope="session")
def key_file() -> KeyFile:
    kdf = Kdf(LEAST_MEMORY, 3, 4, bytes(16))
    return keyfile.new_key_file(MasterKey(VAULT_ID, KEY), Password(PASSWORD), new_code(), kdf, school="", room="")


@pytest.fixture
def signing(
    vault: Vault, key_file: KeyFile, own: NewCertificate, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SigningSession]:
    """The counsellor's open signing session; her certificate is made once for all tests."""
    keycopies.write_copies(vault.folder, key_file, MasterKey(VAULT_ID, KEY))
    monkeypatch.setattr("app.documents.signing.make_certificate", lambda holder, now: own)
    session = open_signing(vault, PASSWORD, HOLDER)
    yield session
    session.close()


@dataclass
class Papers:
    """What was issued in the test's vault."""

    vault: Vault
    signing: SigningSession
    letter: int
    """A referral about 程辰."""
    note: int
    """A note about 单晓明."""
    students: tuple[int, int]

    def pdf(self, issued_id: int) -> bytes:
        with self.vault.read() as session:
            return issuing.pdf_of(session, issued_id)


def _issue(vault: Vault, signing: SigningSession, prefix: str, kind: str, title: str, student: Student) -> int:
    def compose(given: issuing.Given) -> Any:
        return replace(SAMPLE, number=given.number, draft=False, kind=kind, title=title)

    with vault.write("签发") as session:
        made = issuing.issue(vault, session, signing, prefix=prefix, school_year=2026, about=student, compose=compose)
        return made.id


@pytest.fixture
def papers(vault: Vault, signing: SigningSession) -> Papers:
    """One referral and one note, issued."""
    with vault.write("试") as session:
        cheng = Student(student_no="20260001", name="程辰", grade=9, class_no=2)
        shan = Student(student_no="20260002", name="单晓明", grade=8, class_no=3)
        session.add_all([cheng, shan])
    letter = _issue(vault, signing, "心转", "referral", "学生心理健康转介函", cheng)
    note = _issue(vault, signing, "心记", "note", "心理辅导会谈记录", shan)
    return Papers(vault, signing, letter, note, (cheng.id, shan.id))


class OpenDesk:
    """A signing desk at which the password was just given."""

    def __init__(self, session: SigningSession) -> None:
        self._session = session
        self.asked: list[str] = []

    def ask(self, what: str, on_ready: Callable[[SigningSession], None]) -> None:
        self.asked.append(what)
        on_ready(self._session)


@dataclass
class Around:
    """What the house hands to a page."""

    window: QWidget
    notice: FakeNotice
    keeper: Keeper
    background: Background
    printer: Printer
    desk: OpenDesk
    went: list[Any] = field(default_factory=list)


@pytest.fixture(scope="session")
def _fonts(qapp: QApplication) -> QApplication:
    fonts.load(qapp)
    return qapp


@pytest.fixture
def around(papers: Papers, _fonts: QApplication, qtbot: QtBot) -> Iterator[Around]:
    theme.apply(_fonts, theme.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1160, 800)
    window.show()
    notice = FakeNotice()
    background = Background()
    printer = Printer(window, notice, papers.vault)
    yield Around(window, notice, Keeper(papers.vault), background, printer, OpenDesk(papers.signing))
    printer.close_all()
    background.stop_all()
