"""What is typed is kept within five seconds, put back, and gone once it is saved; a busy or full vault loses nothing."""

import threading
import time
from datetime import timedelta

import pytest
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from app.errors import Problem
from app.ui import keeper as keepers
from app.ui.fields import LineField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.page import Page
from app.vault import typing
from app.vault.vault import DiskFull


@pytest.fixture
def keeper(vault, qapp):
    return Keeper(vault)


@pytest.fixture
def page(dressed, qtbot):
    made = Page("会谈记录")
    qtbot.addWidget(made)
    made.show()
    return made


def note_form(page: Page, key: str = "note/7") -> Form:
    form = Form(key, student_id=None)
    page.body.addWidget(form.add("topic", LineField("主题")))
    page.body.addWidget(form.add("text", TextField("过程")))
    return form


def kept(vault, key: str = "note/7"):
    with vault.read() as session:
        found = typing.typed(session, key)
    return found.content if found else None


def test_what_is_typed_is_written_down_within_five_seconds_of_the_first_key(vault, keeper, page, qtbot):
    form = note_form(page)
    keeper.watch(form)
    began = time.monotonic()

    qtbot.keyClicks(form.fields["topic"].line, "sleep")
    while time.monotonic() - began < 1:  # going on typing does not put it off
        qtbot.keyClicks(form.fields["text"].area, "x")
        qtbot.wait(50)

    qtbot.waitUntil(lambda: kept(vault) is not None, timeout=5000)
    assert time.monotonic() - began < 5
    assert kept(vault)["topic"] == "sleep"


def test_it_is_there_when_the_form_opens_again_and_gone_once_it_is_saved(vault, page, qtbot):
    first = Keeper(vault)
    form = note_form(page)
    first.watch(form)
    form.fields["text"].set_value("夜间入睡仍需一小时以上")
    first.flush()

    second, again = Keeper(vault), note_form(page)
    restored = []
    second.restored.connect(restored.append)
    assert second.watch(again)
    assert again.values()["text"] == "夜间入睡仍需一小时以上"
    assert again.is_dirty()
    assert restored == [again]

    second.settle(again)
    assert kept(vault) is None
    assert not again.is_dirty()
    assert second.flush()
    assert kept(vault) is None


def test_typing_leaves_no_trail_and_no_search_entry(vault, keeper, page):
    with vault.read() as session:
        before = vault.head(session)
    form = note_form(page)
    keeper.watch(form)
    form.fields["text"].set_value("青苹果")
    keeper.flush()

    assert kept(vault) is not None
    with vault.read() as session:
        assert vault.head(session) == before
        assert vault.search(session, "青苹果") == []


def test_while_another_write_is_under_way_the_window_does_not_wait_and_it_is_written_afterwards(
    vault, keeper, page, qtbot, monkeypatch
):
    monkeypatch.setattr(keepers, "DELAY_MS", 50)
    monkeypatch.setattr(keepers, "RETRY_MS", 50)
    form = note_form(page)
    keeper.watch(form)
    writing, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with vault.write("导入"):
            writing.set()
            go_on.wait(10)

    thread = threading.Thread(target=write)
    thread.start()
    writing.wait(10)
    form.fields["topic"].set_value("睡眠")
    longest, last, end = 0.0, time.monotonic(), time.monotonic() + 0.5
    while time.monotonic() < end:
        qtbot.wait(5)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert kept(vault) is None
    assert longest < 0.3

    go_on.set()
    thread.join()
    qtbot.waitUntil(lambda: kept(vault) is not None, timeout=3000)


def test_a_lock_keeps_what_the_input_method_has_not_committed_though_hiding_drops_it(vault, keeper, page, qtbot):
    form = note_form(page)
    keeper.watch(form)
    area = form.fields["text"].area
    form.fields["text"].set_value("主诉：")
    area.moveCursor(area.textCursor().MoveOperation.End)
    QApplication.sendEvent(area, QInputMethodEvent("shimian", []))

    keeper.hold()
    QApplication.sendEvent(area, QInputMethodEvent("", []))  # what an input method does when its window goes
    page.hide()
    assert keeper.flush()

    assert kept(vault)["text"] == "主诉：shimian"


def test_leaving_a_form_writes_down_what_was_not_yet_written(vault, keeper, page):
    form = note_form(page)
    keeper.watch(form)
    form.fields["topic"].set_value("睡眠")

    keeper.leave(form)
    assert kept(vault)["topic"] == "睡眠"

    form.fields["topic"].set_value("别的")
    assert keeper.flush()
    assert kept(vault)["topic"] == "睡眠"


def test_a_form_only_looked_at_is_not_written(vault, keeper, page):
    form = note_form(page)
    form.fill({"topic": "睡眠"})
    form.mark_saved()
    keeper.watch(form)

    assert keeper.flush()
    assert kept(vault) is None


def test_a_page_deleted_with_its_form_does_not_stop_the_lock_from_keeping_the_others(vault, keeper, page, qtbot):
    gone_page = Page("旧的")
    gone, there = note_form(gone_page, "note/1"), note_form(page, "note/2")
    keeper.watch(gone)
    keeper.watch(there)
    gone.fields["topic"].set_value("一")
    there.fields["topic"].set_value("二")
    with qtbot.waitSignal(gone_page.destroyed):
        gone_page.deleteLater()

    assert keeper.flush()
    assert kept(vault, "note/2")["topic"] == "二"


def test_a_full_disk_is_told_once_and_tried_again_until_it_works(vault, keeper, page, qtbot, monkeypatch):
    monkeypatch.setattr(keepers, "DELAY_MS", 20)
    monkeypatch.setattr(keepers, "FULL_RETRY_MS", 20)
    full = [True]
    really_keep = typing.keep

    def keep(*words, **more):
        if full[0]:
            raise DiskFull
        really_keep(*words, **more)

    monkeypatch.setattr(typing, "keep", keep)
    told: list[Problem] = []
    keeper.failed.connect(told.append)
    form = note_form(page)
    keeper.watch(form)
    form.fields["topic"].set_value("睡眠")
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(120)
    assert len(told) == 1
    assert not keeper.flush()

    full[0] = False
    form.fields["topic"].set_value("睡眠2")
    qtbot.waitUntil(lambda: kept(vault) is not None, timeout=3000)
    assert keeper.flush()


def test_what_a_full_disk_refuses_at_the_lock_outlasts_it_sealed_and_is_put_back_and_written_after_the_next_unlock(
    vault, open_again, keeper, page, monkeypatch
):
    form = note_form(page)
    keeper.watch(form)
    form.fields["text"].set_value("夜间入睡仍需一小时以上")
    with monkeypatch.context() as full:
        full.setattr(typing, "_write", refuse)
        assert not keeper.flush()
        wrapped = keeper.wrapped()
        assert "夜间入睡".encode() not in wrapped
        assert b"text" not in wrapped
        vault.close()

        again = open_again()
        after = Keeper(again)
        after.take_over(wrapped)
        opened = note_form(page)
        assert after.watch(opened)  # still no room: out of memory
        assert opened.values()["text"] == "夜间入睡仍需一小时以上"
        assert not after.flush()
        second = after.wrapped()
    other = Keeper(again)
    other.take_over(second)
    assert kept(again)["text"] == "夜间入睡仍需一小时以上"
    assert other.flush()
    assert other.wrapped() == b""


def test_what_was_put_back_out_of_memory_and_saved_does_not_come_again(vault, keeper, page, monkeypatch):
    form = note_form(page)
    keeper.watch(form)
    form.fields["text"].set_value("一")
    with monkeypatch.context() as full:
        full.setattr(typing, "_write", refuse)
        keeper.flush()
    keeper.settle(form)
    assert keeper.flush()
    assert kept(vault) is None
    assert keeper.wrapped() == b""


@pytest.mark.parametrize("where", ["reading", "writing"])
def test_a_form_that_fails_in_a_way_nobody_foresaw_does_not_stop_the_others(vault, keeper, page, monkeypatch, where):
    forms = [note_form(page, f"note/{number}") for number in (1, 2, 3)]
    for form in forms:
        keeper.watch(form)
        form.fields["topic"].set_value("睡眠")
    really_keep = typing.keep

    def fail() -> dict[str, str]:
        raise ZeroDivisionError

    def keep(vault, key, *words, **more):
        if key == "note/2":
            raise ZeroDivisionError
        really_keep(vault, key, *words, **more)

    if where == "reading":
        monkeypatch.setattr(forms[1], "values", fail)
    else:
        monkeypatch.setattr(typing, "keep", keep)
    with pytest.raises(ZeroDivisionError):
        keeper.flush()
    assert kept(vault, "note/1") is not None
    assert kept(vault, "note/3") is not None
    if where == "writing":
        assert "note/2" in typing.unwrap(vault, keeper.wrapped())


def refuse(*_words):
    raise DiskFull


def test_which_forms_have_words_waiting_is_told_newest_first(vault, keeper, clock):
    for key in ("note/7/amend/process", "note/71/void", "note/7/void", "note/7_"):
        typing.keep(vault, key, {"reason": "写了一半"}, None)
        clock.moment += timedelta(minutes=1)

    assert keeper.kept("note/7/") == ["note/7/void", "note/7/amend/process"]
    assert keeper.kept("note/7_") == ["note/7_"]
    assert keeper.kept("note/8/") == []
