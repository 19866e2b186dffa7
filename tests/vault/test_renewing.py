"""Changing the ways in: each slot by itself, with the password asked, a trail row, and the old secret dead; told at the next login."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.clock import StandingClock
from app.vault import keycopies, keyevents, renewing
from app.vault.files import NoRoom
from app.vault.keyevents import KeyEvent
from app.vault.keyfile import ENVELOPE, PASSWORD, RECOVERY
from app.vault.keys import LEAST_MEMORY, Kdf, Password
from app.vault.opening import WrongPassword, WrongRecoveryCode, create_vault, open_vault
from app.vault.passwords import PasswordRefused
from app.vault.recovery import RecoveryCode, new_code
from app.vault.renewing import (
    OldPasswordWrong,
    change_password,
    drop_envelope,
    has_envelope,
    renew_code,
    renew_password,
)
from app.vault.trail import Link
from app.vault.vault import DiskFull, Vault

CHEAP = Kdf(LEAST_MEMORY, 1, 4, bytes(16))
OLD, NEW = "今天天气真好我们去爬山吧", "明天天气也好我们去划船吧"
Open = Callable[..., Vault]


@pytest.fixture
def code() -> RecoveryCode:
    return new_code()


@pytest.fixture
def folder(tmp_path: Path, clock: StandingClock, code: RecoveryCode) -> Path:
    made = create_vault(
        tmp_path / "vault", school="明德中学", room="心理辅导室", password=OLD, clock=clock, kdf=CHEAP, code=code
    )
    made[0].close()
    return tmp_path / "vault"


@pytest.fixture
def opened(folder: Path, clock: StandingClock) -> Iterator[Open]:
    vaults: list[Vault] = []

    def opening(secret: str | RecoveryCode = OLD) -> Vault:
        for vault in vaults:
            vault.close()
        vaults.append(open_vault(folder, Password(secret) if isinstance(secret, str) else secret, clock))
        return vaults[-1]

    yield opening
    for vault in vaults:
        vault.close()


def slots(vault: Vault) -> dict[str, object]:
    return dict(keycopies.current(vault.folder, vault.master).slots)


def rows(vault: Vault) -> list[str]:
    with vault.read() as session:
        return list(session.scalars(select(Link.what).order_by(Link.seq)))


def told(vault: Vault) -> list[KeyEvent]:
    with vault.read() as session:
        return keyevents.unseen(session)


# the password


def test_a_changed_password_opens_the_old_one_does_not_and_the_code_stays(opened: Open, code: RecoveryCode) -> None:
    vault = opened()
    before = slots(vault)
    change_password(vault, OLD, NEW)
    after = slots(vault)
    assert after.keys() == before.keys()
    assert after[RECOVERY] == before[RECOVERY]
    assert after[PASSWORD] != before[PASSWORD]
    assert vault.check_password(NEW)
    assert rows(vault)[-1] == "更换口令"
    with pytest.raises(WrongPassword):
        opened(OLD)
    opened(NEW)
    opened(code)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("不是这个口令不是这个口令", NEW, OldPasswordWrong),
        ("", NEW, OldPasswordWrong),
        (OLD, OLD, PasswordRefused),
        (OLD, "太短", PasswordRefused),
        (OLD, "明德中学二〇二六年冬天", PasswordRefused),
        (OLD, "林晓岚的一个很长很长的口令", PasswordRefused),
    ],
)
def test_a_refused_change_leaves_everything_as_it_was(
    opened: Open, old: str, new: str, problem: type[Exception]
) -> None:
    vault = opened()
    before, said = slots(vault), rows(vault)
    with pytest.raises(problem):
        change_password(vault, old, new, ("林晓岚",))
    assert slots(vault) == before
    assert rows(vault) == said


def test_a_change_costs_no_more_than_a_second_beyond_its_two_derivations(opened: Open) -> None:
    vault = opened()
    started = time.perf_counter()
    for _ in range(2):
        keycopies.current(vault.folder, vault.master).slots[PASSWORD].kdf.derive(b"x")
    derivations = time.perf_counter() - started
    started = time.perf_counter()
    change_password(vault, OLD, NEW)
    assert time.perf_counter() - started < 1.0 + 3 * derivations


def test_a_disk_that_is_full_at_the_commit_leaves_the_old_password(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = opened()
    before, said = slots(vault), rows(vault)

    def full(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(vault.trail, "append", full)
        with pytest.raises(DiskFull):
            change_password(vault, OLD, NEW)
    assert slots(vault) == before
    assert rows(vault) == said
    opened(OLD)


def test_a_key_file_that_cannot_be_written_leaves_the_old_code(
    opened: Open, code: RecoveryCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = opened()
    said = rows(vault)

    def full(*_: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patched:
        patched.setattr(keycopies, "write_whole", full)
        with pytest.raises(NoRoom):
            renew_code(vault, OLD, new_code())
    assert rows(vault) == said
    opened(code)


# the codes


def test_a_new_recovery_code_replaces_the_old_one(opened: Open, code: RecoveryCode) -> None:
    vault, newer = opened(), new_code()
    renew_code(vault, OLD, newer)
    assert rows(vault)[-1] == "更换恢复码"
    with pytest.raises(WrongRecoveryCode):
        opened(code)
    opened(newer)
    opened(OLD)


def test_the_schools_code_is_set_replaced_and_taken_away_beside_the_recovery_code(
    opened: Open, code: RecoveryCode
) -> None:
    first, second = new_code(), new_code()
    vault = opened()
    assert not has_envelope(vault)
    renew_code(vault, OLD, first, ENVELOPE)
    assert has_envelope(vault)
    vault = opened(first)
    assert rows(vault)[-1] == "用学校备用码打开档案"
    vault = opened(OLD)
    renew_code(vault, OLD, second, ENVELOPE)
    with pytest.raises(WrongRecoveryCode):
        opened(first)
    opened(second)
    vault = opened(OLD)
    drop_envelope(vault, OLD)
    assert not has_envelope(vault)
    assert rows(vault)[-1] == "撤销学校备用码"
    with pytest.raises(WrongRecoveryCode):
        opened(second)
    opened(code)


def test_whoever_finds_the_pc_unlocked_can_make_no_way_in_of_her_own(opened: Open) -> None:
    vault = opened()
    before = slots(vault)
    with pytest.raises(OldPasswordWrong):
        renew_code(vault, "不是这个口令不是这个口令", new_code())
    with pytest.raises(OldPasswordWrong):
        renew_code(vault, "不是这个口令不是这个口令", new_code(), ENVELOPE)
    with pytest.raises(OldPasswordWrong):
        drop_envelope(vault, "不是这个口令不是这个口令")
    assert slots(vault) == before


# told at the next opening by password


def test_openings_by_a_code_and_changes_of_keys_are_told_at_the_next_login_once(
    opened: Open, code: RecoveryCode, clock: StandingClock
) -> None:
    assert told(opened()) == []
    at = clock.moment
    vault = opened()
    renew_code(vault, OLD, envelope := new_code(), ENVELOPE)
    clock.moment = at + timedelta(hours=1)
    vault = opened(code)
    assert told(vault) == [], "whoever has the code is not told; she is, at her next login"
    clock.moment = at + timedelta(hours=2)
    renew_password(opened(envelope), NEW)
    clock.moment = at + timedelta(hours=3)
    vault = opened(NEW)
    assert [(event.what, event.at - at) for event in told(vault)] == [
        ("设置学校备用码", timedelta(0)),
        ("用恢复码打开档案", timedelta(hours=1)),
        ("用学校备用码打开档案", timedelta(hours=2)),
        ("更换口令", timedelta(hours=2)),
    ]
    assert told(opened(NEW)) == []


def test_the_list_of_key_events_is_the_whole_history_newest_first(opened: Open, code: RecoveryCode) -> None:
    change_password(opened(), OLD, NEW)
    vault = opened(code)
    with vault.read() as session:
        events = keyevents.all_events(session)
    assert [event.what for event in events] == ["用恢复码打开档案", "更换口令"]
    assert all(isinstance(event.at, datetime) and event.at.tzinfo for event in events)


# renewing.confirm is what every change asks


def test_confirming_changes_nothing(opened: Open) -> None:
    vault = opened()
    before = rows(vault)
    renewing.confirm(vault, OLD)
    assert rows(vault) == before
