"""The writing door: one transaction with the change, its trail row and its search entries."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, OperationalError

from app.vault import attachments, bin, engine, typing, undo, voiding
from app.vault.attachments import Attachment
from app.vault.trail import Link
from app.vault.vault import Busy, Vault
from tests.conftest import KEY, SALT

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


class Owner:
    """Stands for any record that has attachments."""

    __tablename__ = "owner"
    own_id = 7

    def student(self) -> int:
        return 3


def add_and_fail(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        attachments.add(session, Owner(), "b.png", PNG)
        session.flush()
        raise ZeroDivisionError


def added(vault: Vault) -> Attachment:
    with vault.write("添加附件") as session:
        return attachments.add(session, Owner(), "a.png", PNG)


def rows(vault: Vault) -> list[tuple[str, str]]:
    with vault.read() as session:
        return [(row.what, row.act) for row in session.execute(select(Link.what, Link.act).order_by(Link.seq))]


def test_a_change_and_its_trail_row_are_one(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        attachments.add(session, Owner(), "a.png", PNG)
    assert rows(vault)[-1] == ("添加附件", "new")
    before = len(rows(vault))
    with pytest.raises(ZeroDivisionError):
        add_and_fail(vault)
    assert len(rows(vault)) == before
    with vault.read() as session:
        assert [a.name for a in attachments.of(session, Owner())] == ["a.png"]


def test_the_trail_holds_after_a_restart(vault: Vault, open_again: Callable[[], Vault]) -> None:
    with vault.write("添加附件") as session:
        attachments.add(session, Owner(), "a.png", PNG)
    vault.close()
    again = open_again()
    with again.read() as session:
        assert again.trail.first_broken(session) is None
        assert session.scalar(select(func.max(Link.session))) == 2


def test_the_trail_is_append_only_in_plain_sql(vault: Vault) -> None:
    for statement in (
        "UPDATE trail SET what = 'x' WHERE seq = 1",
        "DELETE FROM trail",
        "REPLACE INTO trail SELECT seq, at, 9, schema, what, act, kind, record, student_id, payload, prev, mac FROM trail",
    ):
        with pytest.raises(DatabaseError, match="append-only"), vault.write("x") as session:
            session.execute(text(statement))


def test_two_pens_are_refused(vault: Vault) -> None:
    with vault.write("a"), pytest.raises(Busy), vault.write("b", wait=0):
        pass


def test_typing_leaves_no_trail_and_is_there_after_a_restart(vault: Vault, open_again: Callable[[], Vault]) -> None:
    before = len(rows(vault))
    typing.keep(vault, "note/1", {"subjective": "睡不着\r\n第二行\x00"}, 3)
    assert len(rows(vault)) == before
    vault.close()
    with open_again().read() as session:
        kept = typing.typed(session, "note/1")
        assert kept is not None
        assert kept.content == {"subjective": "睡不着\n第二行\ufffd"}


def test_a_view_is_written_once(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        attachment = attachments.add(session, Owner(), "a.png", PNG)
    vault.record_view(attachment)
    vault.record_view(attachment)
    assert [act for _, act in rows(vault)].count("view") == 1


def test_a_view_that_waits_for_the_pen_is_not_lost_by_closing(open_again: Callable[[], Vault]) -> None:
    vault = open_again()
    attachment = added(vault)
    holding, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with vault.write("另一件事"):
            holding.set()
            go_on.wait(5)

    thread = threading.Thread(target=write)
    thread.start()
    holding.wait(5)
    vault.record_view(attachment)
    threading.Timer(0.2, go_on.set).start()
    vault.close()
    thread.join()
    assert [act for _, act in rows(open_again())].count("view") == 1


def test_a_vault_that_cannot_be_written_any_more_is_closed_all_the_same(vault: Vault) -> None:
    attachment = added(vault)
    let_go = []
    failures = [ZeroDivisionError()]

    def fail_once() -> None:
        if failures:
            raise failures.pop()

    vault.when_closing(fail_once)
    vault.when_closed(lambda: let_go.append(True))
    raw = engine.connect(vault.folder / "vault.db", KEY, SALT)
    raw.execute("ALTER TABLE trail RENAME TO gone")
    raw.close()
    with pytest.raises(OperationalError):
        vault.record_view(attachment)
    with pytest.raises((OperationalError, ZeroDivisionError)):
        vault.close()
    assert vault.closed
    assert let_go == [True]


def test_a_view_while_the_pen_is_taken_comes_later(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        attachment = attachments.add(session, Owner(), "a.png", PNG)
    with vault.write("长"):
        vault.record_view(attachment)
        assert "view" not in [act for _, act in rows(vault)]
    with vault.write("下一次"):
        pass
    assert "view" in [act for _, act in rows(vault)]


def test_voiding_needs_a_reason_and_stands(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        attachment = attachments.add(session, Owner(), "a.png", PNG)
    with vault.write("作废") as session:
        voiding.void(session, attachment, "写错了人", vault.now())
    with pytest.raises(DatabaseError, match="never"), vault.write("x") as session:
        session.execute(text("DELETE FROM voided"))
    with vault.read() as session:
        assert voiding.voided(session, "attachment", [attachment.id])[attachment.id].reason == "写错了人"


def test_a_batch_is_taken_back_and_touched_records_are_named(vault: Vault) -> None:
    with vault.write("导入") as session:
        batch = undo.Batch(vault, session, "导入")
        one, two = (attachments.add(session, Owner(), name, PNG) for name in ("1.png", "2.png"))
        batch.remember_new(one)
        batch.remember_new(two)
        number = batch.close()
    with vault.write("改") as session:
        session.merge(two).name = "二.png"
    with vault.write("撤销导入") as session:
        reverted = undo.revert(vault, session, number)
    assert reverted.done == 1
    assert reverted.left == (("attachment", two.id),)
    with vault.read() as session:
        assert [a.name for a in attachments.of(session, Owner())] == ["二.png"]


def test_what_is_destroyed_leaves_no_trace(vault: Vault) -> None:
    with vault.write("添加附件") as session:
        gone = attachments.add(session, Owner(), "绝密标记.png", PNG)
        bin.put(gone, vault.now())
    bin.destroy_records(vault, [gone])
    with vault.read() as session:
        assert bin.contents(session) == []
