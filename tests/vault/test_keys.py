"""Keys: derivation bounds, wraps bound to what stands beside them, sub-keys that differ."""

from dataclasses import replace

import pytest

from app.vault import keys
from app.vault.keys import Kdf, KdfRefused, NotEnoughMemory, Password, WrongKey, new_master_key, unwrap, wrap

LEAST = Kdf(64 * 1024, 1, 4, bytes(16))


@pytest.mark.parametrize(
    "values",
    [
        {"memory": 4 * 1024**3},
        {"memory": 64 * 1024 - 1},
        {"memory": 0},
        {"memory": -1},
        {"rounds": 10**9},
        {"rounds": 0},
        {"rounds": 21},
        {"lanes": 0},
        {"lanes": 9},
        {"salt": b""},
        {"salt": bytes(17)},
    ],
)
def test_absurd_derivation_values_never_run(values, monkeypatch):
    monkeypatch.setattr(keys, "hash_secret_raw", lambda *_: pytest.fail("it was derived"))
    with pytest.raises(KdfRefused):
        replace(LEAST, **values)


def test_the_same_password_gives_the_same_key_and_any_other_another():
    key = LEAST.derive(Password("今天天气真好").secret())
    assert key == LEAST.derive(Password("今天天气真好").secret())
    others = ["", "今天天气真好 ", "今天天氣真好", "x" * 1_000_000, "１２", "12", "🦊", "é", "e\u0301", "a\n", "\ud800"]
    derived = {LEAST.derive(Password(other).secret()) for other in others}
    assert len(derived) == len(others)
    assert key not in derived


def test_too_little_memory_is_a_problem_of_its_own(monkeypatch):
    def starve(*_):
        raise MemoryError

    monkeypatch.setattr(keys, "hash_secret_raw", starve)
    with pytest.raises(NotEnoughMemory) as problem:
        LEAST.derive(b"x")
    assert "64 MB" in problem.value.next_step


def test_a_wrap_opens_with_its_key_and_binding_alone():
    master = new_master_key()
    sealed = wrap(master, bytes(32), b"bound")
    assert unwrap(sealed, bytes(32), b"bound", master.vault_id).is_same(master)
    for attempt in (
        (sealed, b"\1" + bytes(31), b"bound"),
        (sealed, bytes(32), b"bounds"),
        (replace(sealed, nonce=bytes(12)), bytes(32), b"bound"),
        (replace(sealed, sealed=sealed.sealed[:-1] + bytes([sealed.sealed[-1] ^ 1])), bytes(32), b"bound"),
    ):
        with pytest.raises(WrongKey):
            unwrap(*attempt, master.vault_id)


def test_sub_keys_differ_by_purpose_and_vault():
    master = new_master_key()
    labels = ("db/1", "db/2", "header-mac", "audit", "backup-mac", "pdf-key")
    elsewhere = replace(master, vault_id=new_master_key().vault_id)
    found = [key.subkey(label) for key in (master, elsewhere) for label in labels]
    assert len(set(found)) == len(found)
    assert all(len(key) == 32 for key in found)
    assert master.subkey("audit") == master.subkey("audit")


@pytest.mark.parametrize(
    ("seconds_at_256_mib", "memory_mib", "rounds"),
    [(0.7, 256, 3), (0.25, 256, 9), (0.01, 256, 20), (1.5, 128, 3), (3.0, 64, 3), (20.0, 64, 3)],
)
def test_calibration_aims_at_half_a_second_to_one_and_never_under_the_least(
    monkeypatch, seconds_at_256_mib, memory_mib, rounds
):
    def pretended(kdf):
        return seconds_at_256_mib * (kdf.memory / (256 * 1024)) * (kdf.rounds / 3)

    monkeypatch.setattr(keys, "_seconds", pretended)
    kdf = keys.calibrated()
    assert (kdf.memory, kdf.rounds, kdf.lanes) == (memory_mib * 1024, rounds, 4)


def test_calibration_takes_less_memory_where_there_is_less(monkeypatch):
    def starved(kdf):
        if kdf.memory > 96 * 1024:
            raise NotEnoughMemory(kdf.memory // 1024)
        return 0.6

    monkeypatch.setattr(keys, "_seconds", starved)
    assert keys.calibrated().memory == 96 * 1024


def test_a_secret_never_shows_in_a_repr():
    master = new_master_key()
    assert master.key.hex() not in repr(master)
    assert repr(master.key) not in repr(master)
    assert "今天" not in repr(Password("今天天气真好"))
