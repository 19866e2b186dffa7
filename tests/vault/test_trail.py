"""The trail: what is done to any of 10,000 rows is found, with the head known from the key file or from paper (security.md P16)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from app.clock import StandingClock
from app.vault.chain import NotACode, judge
from app.vault.keys import LEAST_MEMORY, SALT_BYTES, Kdf
from app.vault.opening import Password, create_vault, open_vault
from app.vault.trail import FIELDS, Act, Entry, Row, Trail, read_code
from app.vault.vault import Vault
from tests.vault.trail_tampering import KINDS, break_seals

ROWS = 10_000
SAMPLE = 20
"""Places of each kind tried on the encrypted file, verified from the first row to the last; all 10,000 are tried in memory."""
SEED = 20261120
PASSWORD = "miantiao-jiudian-yutang-shanding-fenghuo-baita"
CHEAP = Kdf(LEAST_MEMORY, 1, 1, secrets.token_bytes(SALT_BYTES))
ACTS = (Act.VIEW, Act.VIEW, Act.CHANGED, Act.NEW, Act.PRINT, Act.EXPORT)
WORDS = {
    Act.VIEW: "查阅",
    Act.CHANGED: "保存会谈草稿",
    Act.NEW: "登记个案",
    Act.PRINT: "打印文书",
    Act.EXPORT: "导出文书",
}


def entries(count: int) -> Iterator[tuple[str, Entry]]:
    """A counsellor's years, made up: views, changes, prints, exports of a thousand students' records."""
    chance = Random(SEED)
    for at in range(count):
        act = chance.choice(ACTS)
        student = None if act is Act.EXPORT and at % 2 else chance.randint(1, 1000)
        record = None if student is None else chance.randint(1, 5000)
        payload = chance.randbytes(32).hex() if act in (Act.CHANGED, Act.NEW) else ""
        yield WORDS[act], Entry(act, "note" if record else "", record, student, payload)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory, now: StandingClock) -> Iterator[Vault]:
    """An encrypted vault whose trail has more than 10,000 rows, closed and opened again, so that the key file knows its head."""
    folder = tmp_path_factory.mktemp("trail") / "vault"
    made, _ = create_vault(folder, school="", room="", password=PASSWORD, clock=now, kdf=CHEAP)
    with made.write("建立演示档案") as session:
        for at, (what, entry) in enumerate(entries(ROWS)):
            made.trail.append(session, what, [entry], now.now() + timedelta(minutes=at))
    made.close()
    opened = open_vault(folder, Password(PASSWORD), now)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def now() -> StandingClock:
    from datetime import datetime, timezone

    return StandingClock(datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8))))


@pytest.fixture(scope="module")
def rows(vault: Vault) -> list[Row]:
    with vault.read() as session:
        return list(vault.trail._rows(session, 1))


@pytest.fixture(scope="module")
def head(rows: list[Row]) -> str:
    """As it would stand on a page printed last."""
    return rows[-1][-1][:12]


def test_it_holds_and_says_so(vault: Vault, rows: list[Row], head: str) -> None:
    with vault.read() as session:
        verdict = judge(vault, session)
    assert verdict.sound
    assert (
        verdict.sentence
        == f"从第 1 行到第 {len(rows):,} 行全部对得上，现在的链头是 {head[:4]} {head[4:8]} {head[8:]}。"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_on_the_file_it_is_found(vault: Vault, rows: list[Row], head: str, kind: str) -> None:
    """A seeded sample of rows, the first and the last among them: by the key file's head, and by the one on paper."""
    chance = Random(f"{SEED} {kind}")
    known = len(rows) - 1  # the key file's head is of the last closing; opening has added a row
    for row in (1, known, *chance.sample(range(2, known), SAMPLE - 2)):
        with vault.read() as session:  # nothing of it is committed
            break_seals(session)
            KINDS[kind](session, row, chance)
            by_key_file, by_paper = judge(vault, session), judge(vault, session, head)
        assert not by_key_file.sound, (kind, row)
        assert not by_paper.sound, (kind, row)
    with vault.read() as session:
        assert judge(vault, session, head).sound


def test_bytes_that_are_no_text_are_found(vault: Vault) -> None:
    with vault.read() as session:
        break_seals(session)
        session.execute(text("UPDATE trail SET what = CAST(x'ff41' AS TEXT) WHERE seq = 777"))
        verdict = judge(vault, session)
    assert verdict.sentence.startswith("从第 777 行起对不上")


class TestEveryRow:
    """All 10,000 places of each kind, in memory: verifying goes on at the row before the place, where it stands after the good ones."""

    def test_going_on_is_the_same_as_from_the_start(self, vault: Vault, rows: list[Row]) -> None:
        for at in Random(SEED).sample(range(2, len(rows)), 5):
            bad = [*rows[: at - 1], _with(rows[at - 1], 6, "case_file"), *rows[at:]]
            whole = vault.trail.follow(bad)
            assert whole.broken == at
            assert (whole.length, whole.head) == (at - 1, rows[at - 2][-1])
            assert vault.trail.follow(bad[at - 1 :], at, rows[at - 2][-1]).broken == at

    def test_an_edited_value(self, vault: Vault, rows: list[Row]) -> None:
        for at, row in enumerate(rows, 1):
            for column in {0, at % len(FIELDS), len(FIELDS)}:
                assert _first_broken(vault.trail, rows, at, [_with(row, column, _edited(row[column]))]) == at

    def test_nothing_is_not_the_same_as_an_empty_text(self, vault: Vault, rows: list[Row]) -> None:
        at, row = next((at, row) for at, row in enumerate(rows, 1) if row[FIELDS.index("record")] is None)
        assert _first_broken(vault.trail, rows, at, [_with(row, FIELDS.index("record"), "")]) == at

    def test_a_deleted_row(self, vault: Vault, rows: list[Row]) -> None:
        for at in range(1, len(rows)):
            following = rows[at]
            assert _first_broken(vault.trail, rows, at, [following]) == at
            assert _first_broken(vault.trail, rows, at, [_with(following, 0, at)]) == at

    def test_rows_that_changed_places(self, vault: Vault, rows: list[Row]) -> None:
        chance = Random(SEED)
        for at in range(1, len(rows)):
            other = chance.randint(at + 1, len(rows))
            for came in (rows[at], rows[other - 1]):
                assert _first_broken(vault.trail, rows, at, [_with(came, 0, at)]) == at

    def test_an_inserted_row(self, vault: Vault, rows: list[Row]) -> None:
        chance = Random(SEED)
        for at in range(1, len(rows) + 2):
            copied = _with(chance.choice(rows), 0, at)
            if copied == (rows[at - 1] if at <= len(rows) else None):
                continue
            before = rows[at - 2][-1] if at > 1 else ""
            for put in (copied, _with(copied, FIELDS.index("prev"), before)):
                if put[:-1] != (rows[at - 1][:-1] if at <= len(rows) else None):
                    assert _first_broken(vault.trail, rows, at, [put]) == at

    def test_a_cut_off_end(self, vault: Vault, rows: list[Row], head: str) -> None:
        """The chain itself holds: the head that is known elsewhere is not met any more."""
        codes = [row[-1] for row in rows]
        assert vault.trail.follow(rows, code=head).met == len(rows)
        for at in range(1, len(rows) + 1):
            kept = vault.trail.follow(rows[at - 2 : at - 1], max(at - 1, 1), codes[at - 3] if at > 2 else "", head)
            assert kept.broken is None
            assert kept.met is None
        assert not any(code.startswith(head) for code in codes[:-1])


class TestAHeadFromPaper:
    """Twelve digits typed in by hand."""

    @pytest.mark.parametrize("typed", ["{0}", "{1}", "  {1} ", "{2}", "{3}"])
    def test_it_is_found_however_it_is_typed(self, vault: Vault, rows: list[Row], typed: str) -> None:
        code = rows[4321][-1][:12]
        fours = f"{code[:4]} {code[4:8]} {code[8:]}"
        with vault.read() as session:
            verdict = judge(vault, session, typed.format(code, fours, code.upper(), fours.replace(" ", "-")))
        assert verdict.sound
        assert verdict.sentence.startswith("纸上的链头是第 4,322 行(2026-11-2")

    def test_one_that_is_not_there(self, vault: Vault, head: str) -> None:
        with vault.read() as session:
            verdict = judge(vault, session, "0" + head[:-1] if head[0] != "0" else "1" + head[1:])
        assert not verdict.sound
        assert verdict.sentence.startswith("档案里没有这个链头。请先核对有没有输错")

    @pytest.mark.parametrize("typed", ["12ab", "12ab34cd56eg", "第十二行", "12ab34cd56ef" * 6])
    def test_what_is_no_head_is_refused(self, vault: Vault, typed: str) -> None:
        assert read_code(typed) is None
        with vault.read() as session, pytest.raises(NotACode):
            judge(vault, session, typed)

    def test_up_to_the_paper_it_holds_and_after_it_not(self, vault: Vault, rows: list[Row]) -> None:
        with vault.read() as session:
            break_seals(session)
            KINDS["edit"](session, 5000, Random(SEED))
            before, after = (judge(vault, session, rows[at - 1][-1][:12]) for at in (4999, 5001))
        assert not before.sound
        assert "第 4,999 行" in before.sentence
        assert "但从第 5,000 行起对不上" in before.sentence
        assert before.sentence.endswith("用最近的备份核对从这一行起有什么不同。")
        assert after.sentence.startswith("从第 5,000 行起对不上")


def test_a_cut_off_end_is_told_by_the_key_file(vault: Vault, rows: list[Row]) -> None:
    with vault.read() as session:
        break_seals(session)
        KINDS["truncate"](session, 9000, Random(SEED))
        verdict = judge(vault, session)
    assert verdict.sentence.startswith(f"钥匙文件记着第 {len(rows) - 1:,} 行，档案里没有同样的一行")


Command = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str], now: StandingClock) -> Command:
    """``jingshi check`` on a small vault."""
    from app.__main__ import main

    folder = tmp_path / "vault"
    create_vault(folder, school="", room="", password=PASSWORD, clock=now, kdf=CHEAP)[0].close()
    (tmp_path / "password").write_text(PASSWORD)

    def run(*more: str) -> tuple[int, str]:
        code = main(["check", str(folder), "--password-file", str(tmp_path / "password"), *more])
        return code, capsys.readouterr().out

    return run


def test_the_command_says_it_in_words(command: Command) -> None:
    code, said = command()
    assert code == 0
    assert "留痕链：完好" in said
    shown = said.strip().rpartition("现在的链头是 ")[2].rstrip("。")
    code, said = command("--head", shown)
    assert code == 0
    assert "从第 1 行到这一行与印那份纸时完全一致" in said
    code, said = command("--head", "0000 0000 0000")
    assert code == 1
    assert "档案里没有这个链头" in said
    code, said = command("--head", "链头")
    assert code == 1
    assert said.startswith("这不是记录链的链头。")


def _with(row: Row, column: int, value: object) -> Row:
    return (*row[:column], value, *row[column + 1 :])


def _edited(value: object) -> object:
    if value is None:
        return 1
    return value + 1 if isinstance(value, int) else f"{value}0"


def _first_broken(trail: Trail, rows: list[Row], at: int, bad: list[Row]) -> int | None:
    """Where verifying stops that has come well to the row before ``at`` and meets these rows next."""
    return trail.follow(bad, at, rows[at - 2][-1] if at > 1 else "").broken
