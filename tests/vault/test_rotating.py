"""「有人看到了我的口令」: every key is new, nothing is lost, and a kill at any step leaves a vault that opens whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.clock import StandingClock
from app.documents.certificates import Holder
from app.documents.record import Certificate
from app.documents.signing import open_signing
from app.errors import Problem
from app.ui.background import Cancelled
from app.vault import checking, engine, keycopies, keyevents, rewriting, typing
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Work
from app.vault.files import DATABASE, KEYS, KEYS_B, NEXT, NoRoom
from app.vault.keyfile import ENVELOPE, PASSWORD, RECOVERY
from app.vault.keys import Password
from app.vault.oldcopies import destroy, old_copies
from app.vault.opening import WrongPassword, WrongRecoveryCode, open_vault
from app.vault.passwords import PasswordRefused
from app.vault.recovery import RecoveryCode, new_code, read_code
from app.vault.renewing import OldPasswordWrong, renew_code
from app.vault.rewriting import Epoch, RewriteFailed, StillRead
from app.vault.rotating import NewSecrets, rotate
from app.vault.trail import Link
from app.vault.vault import Closed, Vault
from tests.journeys.furnished import PASSWORD as OLD
from tests.journeys.furnished import Furnished, furnish
from tests.sweeps import WHOLE

NEW = "zhuzi-shanpo-yuntian-hebian-laoshu-taiyang"
CODE = new_code()
SECRETS = NewSecrets(NEW, CODE)
TYPED = "还没保存的一段文字"
Open = Callable[..., Vault]
Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """A vault with a little of everything: signed notes, issued papers, a signing key, undo steps, something typed."""
    clock = StandingClock(datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))
    furnished = furnish(tmp_path_factory.mktemp("furnished") / "vault", clock)
    vault = open_vault(furnished.folder, Password(OLD), clock)
    typing.keep(vault, "note/new/1", {"text": TYPED}, None, wait=5)
    vault.close()
    return furnished


@pytest.fixture
def folder(made: Furnished, tmp_path: Path) -> Path:
    shutil.copytree(made.folder, tmp_path / "王 老师 🏫")
    return tmp_path / "王 老师 🏫"


@pytest.fixture
def opened(folder: Path, clock: StandingClock) -> Iterator[Open]:
    vaults: list[Vault] = []

    def opening(secret: str | RecoveryCode = OLD) -> Vault:
        vaults.append(open_vault(folder, Password(secret) if isinstance(secret, str) else secret, clock))
        return vaults[-1]

    yield opening
    for vault in vaults:
        vault.close()


def rows(vault: Vault) -> Rows:
    """Every row of every table, but for what a change of keys and an opening add."""
    with vault.read() as session:
        tables = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'")
        )
        found = {name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}"'))] for name in tables}
    found["meta"] = [row for row in found["meta"] if row[0] == "vault_id"]
    return found


def assert_whole(vault: Vault, before: Rows) -> None:
    """Every row is there as it was, the trail goes on from where it ended, and every check holds."""
    after = rows(vault)
    said, was = after.pop("trail"), {**before}
    assert said[: len(was["trail"])] == was.pop("trail")
    assert after == was
    assert [finding for finding in checking.check(vault) if finding.faults] == []


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name in (DATABASE, KEYS, KEYS_B)}


# what it does


def test_afterwards_the_new_secrets_alone_open_it_and_nothing_is_missing(
    folder: Path, opened: Open, made: Furnished
) -> None:
    vault = opened()
    before, master, old_bytes = rows(vault), vault.master, (folder / DATABASE).read_bytes()
    rotate(vault, OLD, SECRETS)
    assert vault.closed
    with pytest.raises(Closed), vault.read():
        pass
    assert not (folder / NEXT).exists()
    for secret, problem in ((OLD, WrongPassword), (read_code(made.code), WrongRecoveryCode)):
        with pytest.raises(problem):
            opened(secret)
    vault = opened(NEW)
    assert not vault.master.is_same(master)
    assert_whole(vault, before)
    now = keycopies.current(folder, vault.master)
    assert (now.epoch, now.previous) == (2, None)
    assert now.slots.keys() == {PASSWORD, RECOVERY}
    assert (folder / DATABASE).read_bytes()[:16] == now.salt != old_bytes[:16]
    vault.close()
    opened(CODE)


def test_neither_the_old_key_nor_the_old_salt_reads_a_page_of_the_new_file(folder: Path, opened: Open) -> None:
    vault = opened()
    content = keycopies.current(folder, vault.master)
    old = Epoch.of(content, vault.master)
    rotate(vault, OLD, SECRETS)
    assert not old.opens(folder / DATABASE)
    assert not replace(old, salt=keycopies.read_copies(folder)[0].content.salt).opens(folder / DATABASE)


def test_the_signing_key_the_papers_and_the_search_survive(folder: Path, opened: Open, clock: StandingClock) -> None:
    vault = opened()
    with vault.read() as session:
        hits = vault.search(session, "睡眠")
    rotate(vault, OLD, SECRETS)
    vault = opened(NEW)
    with vault.read() as session:
        assert vault.search(session, "睡眠") == hits != []
        certificate = session.scalars(select(Certificate)).one()
    signing = open_signing(vault, NEW, Holder(certificate.name, certificate.school, certificate.school))
    assert signing.fingerprint == certificate.fingerprint
    signing.close()


def test_a_head_printed_before_is_still_found_in_the_trail(folder: Path, opened: Open) -> None:
    vault = opened()
    with vault.read() as session:
        head, length = vault.trail.head(session), vault.trail.length(session)
    rotate(vault, OLD, SECRETS)
    vault = opened(NEW)
    with vault.read() as session:
        assert vault.trail.code(session, length) == head
        row = session.scalars(select(Link).where(Link.seq == length + 1)).one()
        assert (row.what, row.act, row.prev) == ("更换全部钥匙", "keys", head)
        assert vault.trail.first_broken(session) is None
        assert keyevents.unseen(session)[-1].what == "更换全部钥匙"


def test_it_can_be_done_again(opened: Open) -> None:
    vault = opened()
    before = rows(vault)
    rotate(vault, OLD, SECRETS)
    vault = opened(NEW)
    rotate(vault, NEW, NewSecrets(OLD, new_code()))
    vault = opened(OLD)
    assert_whole(vault, before)
    assert keycopies.current(vault.folder, vault.master).epoch == 3


def test_the_schools_code_ends_with_the_rest(opened: Open) -> None:
    vault, envelope = opened(), new_code()
    renew_code(vault, OLD, envelope, ENVELOPE)
    rotate(vault, OLD, SECRETS)
    with pytest.raises(WrongRecoveryCode):
        opened(envelope)


def test_the_outer_anchor_still_tells_an_older_copy_from_before_the_change(
    folder: Path, tmp_path: Path, opened: Open
) -> None:
    opened().close()
    shutil.copytree(folder, tmp_path / "before")
    rotate(opened(), OLD, SECRETS)
    opened(NEW).close()
    for name in (DATABASE, KEYS, KEYS_B):
        shutil.copy(tmp_path / "before" / name, folder / name)
    behind = opened(OLD).behind
    assert behind is not None
    assert behind.event == "档案文件和钥匙文件都比上次关闭时旧"


# what keeps it from happening


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("不是这个口令不是这个口令", NEW, OldPasswordWrong),
        (OLD, OLD, PasswordRefused),
        (OLD, "短", PasswordRefused),
        (OLD, "青禾中学心理辅导室欢迎您", PasswordRefused),
    ],
)
def test_a_refusal_changes_nothing(folder: Path, opened: Open, old: str, new: str, problem: type[Problem]) -> None:
    vault = opened()
    before = content(folder)
    with pytest.raises(problem):
        rotate(vault, old, NewSecrets(new, CODE))
    assert content(folder) == before
    assert not vault.closed


def test_a_disk_with_too_little_room_changes_nothing(
    folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = opened()
    before = rows(vault)
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 1000))  # type: ignore[attr-defined]
        with pytest.raises(NoRoom):
            rotate(vault, OLD, SECRETS)
    assert not (folder / NEXT).exists()
    assert_whole(vault, before)
    vault.close()
    opened(OLD)


def test_a_rewritten_file_that_lacks_a_row_is_thrown_away(
    folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, keys = opened(), content(folder)[KEYS]
    before, export = rows(vault), rewriting._export

    def losing(source: Path, old: Epoch, target: Path, new: Epoch, carried: dict[str, bytes], work: Work) -> None:
        export(source, old, target, new, carried, work)
        connection = engine.connect(target, new.key, new.salt)
        connection.execute("DELETE FROM typing")
        connection.close()

    with monkeypatch.context() as patched:
        patched.setattr(rewriting, "_export", losing)
        with pytest.raises(RewriteFailed):
            rotate(vault, OLD, SECRETS)
    assert content(folder)[KEYS] == keys
    assert not (folder / NEXT).exists()
    assert_whole(vault, before)


def test_a_key_file_that_cannot_be_written_leaves_the_old_keys(
    folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = opened()
    before = rows(vault)

    def full(*_: object) -> None:
        raise NoRoom

    with monkeypatch.context() as patched:
        patched.setattr(keycopies, "write_whole", full)
        with pytest.raises(NoRoom):
            rotate(vault, OLD, SECRETS)
    assert_whole(vault, before)
    vault.close()
    vault = opened(OLD)
    assert not (folder / NEXT).exists()
    assert_whole(vault, before)


def test_from_the_first_copy_of_the_key_file_on_it_counts(
    folder: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up between the two copies: the new secrets hold, and the old copy does not come back."""
    vault, write = opened(), keycopies.write_whole
    before = rows(vault)

    def full_after_one(path: Path, data: bytes) -> None:
        if path.name == KEYS:
            raise NoRoom
        write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(keycopies, "write_whole", full_after_one)
        rotate(vault, OLD, SECRETS)
    with pytest.raises(WrongPassword):
        opened(OLD)
    assert_whole(opened(NEW), before)
    assert (folder / KEYS).read_bytes() == (folder / KEYS_B).read_bytes()


class StoppedAt:
    """Work that is to stop once it has come so far."""

    def __init__(self, step: int) -> None:
        self._last, self._done = step, 0

    def step(self, done: int, of: int) -> None:
        if self.stopped():
            raise Cancelled
        self._done = done

    def stopped(self) -> bool:
        return self._done >= self._last


@pytest.mark.parametrize("step", [1, 2])
def test_a_lock_meanwhile_stops_it_and_the_old_keys_go_on(folder: Path, before: Rows, opened: Open, step: int) -> None:
    vault = opened()
    with pytest.raises(Cancelled):
        rotate(vault, OLD, SECRETS, work=StoppedAt(step))
    assert not vault.closed
    assert not (folder / NEXT).exists()
    vault.close()
    assert_whole(opened(OLD), before)


# what the old keys still open


def test_old_backups_and_vaults_set_aside_are_listed_and_destroyed(
    folder: Path, opened: Open, clock: StandingClock
) -> None:
    vault = opened()
    old = back_up(vault).path
    aside = folder / "恢复前的档案-2026-11-19-1000"
    aside.mkdir()
    for name in (DATABASE, KEYS, KEYS_B):
        shutil.copy(folder / name, aside / name)
    (folder / "别的").mkdir()
    places = [local_place(folder), folder / "没有这个地方"]
    assert old_copies(vault, places) == []
    rotate(vault, OLD, SECRETS)
    clock.moment += timedelta(days=1)
    vault = opened(NEW)
    kept = back_up(vault).path
    found = old_copies(vault, places)
    assert {copy.path for copy in found} == {old, aside}
    assert all(copy.size > 100_000 for copy in found)
    destroy(vault, found)
    assert not old.exists()
    assert not aside.exists()
    assert kept.exists()
    assert old_copies(vault, places) == []
    with vault.read() as session:
        assert keyevents.all_events(session)[0].what == "销毁旧备份"


# broken off


@pytest.fixture(scope="module")
def before(made: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Every row of the vault as it was made."""
    folder = tmp_path_factory.mktemp("before") / "vault"
    shutil.copytree(made.folder, folder)
    vault = open_vault(folder, Password(OLD), StandingClock(datetime(2026, 11, 20, 12, 0, tzinfo=UTC)))
    found = rows(vault)
    vault.close()
    return found | {"trail": found["trail"][:-1]}


def in_a_process_of_its_own(folder: Path, clock: StandingClock, begin: Callable[[], None] = int) -> int:  # type: ignore[assignment]
    """Opens the vault, lets ``begin`` prepare its end, and changes all keys; gives the process's number."""
    child = os.fork()
    if not child:
        try:
            vault = open_vault(folder, Password(OLD), clock)
            begin()
            rotate(vault, OLD, SECRETS)
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    """How the process ended, waited for: 0 whole, 9 died on the way."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def opens_whole(folder: Path, clock: StandingClock, before: Rows) -> str:
    """It opens by exactly one of the two passwords, and nothing is missing, nor anything left over; gives which."""
    good = []
    for name, password in (("old", OLD), ("new", NEW)):
        try:
            vault = open_vault(folder, Password(password), clock)
        except WrongPassword:
            continue
        good.append(name)
        assert_whole(vault, before)
        assert keycopies.current(folder, vault.master).previous is None
        vault.close()
        assert (folder / KEYS).read_bytes() == (folder / KEYS_B).read_bytes()
        assert not (folder / NEXT).exists()
    assert len(good) == 1
    return good[0]


def touches(event: str, arguments: tuple[object, ...]) -> bool:
    """Whether what the interpreter tells of before it happens changes a file in the vault's folder."""
    if event == "open":
        path, mode, flags = arguments
        writes = (
            any(letter in mode for letter in "wxa+")
            if isinstance(mode, str)
            else bool(int(str(flags)) & (os.O_RDWR | os.O_WRONLY))
        )
        return writes and "vault" in str(path)
    return event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir") and "vault" in str(arguments[0])


def dying_before(number: int) -> Callable[[], None]:
    """Die before the ``number``-th step that changes a file in the vault's folder, counted from ``begin`` on."""

    def begin() -> None:
        left = number

        def note(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal left
            if touches(event, arguments):
                left -= 1
                if left < 0:
                    os._exit(9)

        sys.addaudithook(note)

    return begin


def test_killed_before_any_step_it_opens_with_the_old_or_the_new_secrets(
    made: Furnished, before: Rows, tmp_path: Path, clock: StandingClock
) -> None:
    found, how, number = [], 9, 0
    while how:
        folder = tmp_path / f"vault-{number}"
        shutil.copytree(made.folder, folder)
        how = ended(in_a_process_of_its_own(folder, clock, dying_before(number)))
        assert how in (0, 9)
        found.append(opens_whole(folder, clock, before))
        shutil.rmtree(folder)
        number += 1 if WHOLE else 3
    assert found == sorted(found, reverse=True), "old up to one moment, new from then on"
    assert set(found) == {"old", "new"}
    assert found.count("new") > (5 if WHOLE else 1)


def test_killed_at_any_moment_it_opens_whole(
    made: Furnished, before: Rows, tmp_path: Path, clock: StandingClock
) -> None:
    chance = random.Random(13)
    for number in range(8):
        folder = tmp_path / f"vault-{number}"
        shutil.copytree(made.folder, folder)
        child = in_a_process_of_its_own(folder, clock)
        time.sleep(chance.uniform(0.2, 0.9))
        os.kill(child, signal.SIGKILL)
        assert ended(child) in (0, -signal.SIGKILL)
        opens_whole(folder, clock, before)
        shutil.rmtree(folder)


def dying_before_the_exchange() -> None:
    def die(*_: object) -> None:
        os._exit(9)

    Epoch.wait_until_unread = die  # type: ignore[method-assign]


def test_between_the_key_file_and_the_exchange_the_code_opens_too(
    folder: Path, before: Rows, opened: Open, clock: StandingClock
) -> None:
    assert ended(in_a_process_of_its_own(folder, clock, dying_before_the_exchange)) == 9
    between = keycopies.read_copies(folder)[0].content
    assert between.previous is not None
    assert (between.previous.epoch, between.epoch) == (1, 2), "the key file lists both epochs"
    assert_whole(opened(CODE), before)


@pytest.mark.parametrize("harm", ["gone", "torn", "another"])
def test_the_rewritten_file_taken_away_before_the_exchange_is_written_again(
    folder: Path, before: Rows, opened: Open, clock: StandingClock, harm: str
) -> None:
    assert ended(in_a_process_of_its_own(folder, clock, dying_before_the_exchange)) == 9
    if harm == "gone":
        shutil.rmtree(folder / NEXT)
    elif harm == "torn":
        data = bytearray((folder / NEXT / DATABASE).read_bytes())
        data[len(data) // 2] ^= 1
        (folder / NEXT / DATABASE).write_bytes(data)
    else:
        shutil.copy(folder / DATABASE, folder / NEXT / DATABASE)
    assert_whole(opened(NEW), before)
    assert not (folder / NEXT).exists()


def test_while_something_reads_the_old_file_the_exchange_waits_for_the_next_opening(
    folder: Path, before: Rows, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = opened()
    content = keycopies.current(folder, vault.master)
    old = Epoch.of(content, vault.master)
    reader = engine.connect(folder / DATABASE, old.key, old.salt)
    monkeypatch.setattr(rewriting, "PATIENCE", 0.2)
    rotate(vault, OLD, SECRETS)
    assert old.opens(folder / DATABASE)
    with pytest.raises(StillRead):
        opened(NEW)
    reader.close()
    assert_whole(opened(NEW), before)
