"""What every test may ask for: a real encrypted vault in tmp_path, and a clock that stands."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from app.clock import StandingClock
from app.vault import engine as engines
from app.vault import migrating
from app.vault.keys import MasterKey
from app.vault.meta import Meta
from app.vault.vault import Vault

KEY = bytes(range(32))
SALT = bytes(range(16))
VAULT_ID = "00112233445566778899aabbccddeeff"



USER_DATA = ("XDG_DATA_HOME", "LOCALAPPDATA")
"""What says where the user's own data folder lies, where each vault's outer anchor is kept."""


@pytest.fixture(scope="session", autouse=True)
def _shared_user_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is made once for many tests leaves its anchor here."""
    with pytest.MonkeyPatch.context() as patched:
        for variable in USER_DATA:
            patched.setenv(variable, str(tmp_path_factory.mktemp("user-data")))
        yield


@pytest.fixture(autouse=True)
def _own_user_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test is a user who has opened no vault yet."""
    for variable in USER_DATA:
        monkeypatch.setenv(variable, str(tmp_path.with_name(f"{tmp_path.name}-user-data")))


def pytest_configure() -> None:
    gc.disable()  # as in the program: see app/ui/collecting.py


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()  # what was imported stays, and is not looked through after every test


@pytest.fixture(autouse=True)
def _collected() -> Iterator[None]:
    """The windows of one test are gone before the next, which would have to dress them too."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # only a running loop would do it by itself
    gc.collect(0)  # what this test has made; a whole collection would take longer than most tests


@pytest.fixture(scope="module", autouse=True)
def _all_collected() -> Iterator[None]:
    """What the tests of a module shared is gone too."""
    yield
    gc.collect()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture(scope="session")
def fresh_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new vault's database at the newest schema, made once and copied by each test."""
    path = tmp_path_factory.mktemp("fresh") / "vault.db"
    engines.connect(path, KEY, SALT, create=True).close()
    engine = engines.open_engine(path, KEY, SALT)
    migrating.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def open_again(tmp_path: Path, fresh_file: Path, clock: StandingClock) -> Iterator[Callable[[], Vault]]:
    """Opens the test's vault; call it after ``vault.close()`` to come back as after a restart."""
    folder = tmp_path / "vault"
    folder.mkdir()
    shutil.copy(fresh_file, folder / "vault.db")
    opened: list[Vault] = []

    def opening() -> Vault:
        engine = engines.open_engine(folder / "vault.db", KEY, SALT)
        vault = Vault(folder, MasterKey(VAULT_ID, KEY), engine, migrating.newest(), clock)
        opened.append(vault)
        if len(opened) == 1:
            with vault.write("建立档案") as session:
                session.add(Meta(key="vault_id", value=VAULT_ID))
        vault.begin_session()
        return vault

    yield opening
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(open_again: Callable[[], Vault]) -> Vault:
    """A real encrypted vault, opened by its raw key."""
    return open_again()
