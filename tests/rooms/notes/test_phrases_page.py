"""The page of the counsellor's own phrases: many of them, long ones, what is half written, and the last one gone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from app.rooms.notes import snippets
from app.rooms.notes.page.phrases import PhrasesPage
from app.ui import fonts, theme
from app.ui.keeper import Keeper
from app.ui.page import Route
from app.vault.vault import Vault
from tests.rooms.notes.test_pages import cells, named, press, write
from tests.ui.fake_notice import FakeNotice
from tests.ui.widths import too_wide


@pytest.fixture
def notice() -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def page(vault: Vault, notice: FakeNotice, window: QWidget) -> PhrasesPage:
    page = PhrasesPage(vault, notice, Keeper(vault, window))
    page.setParent(window)
    return page


def keep(vault: Vault, *names: str) -> list[int]:
    with vault.write("试") as session:
        return [snippets.add(session, name, f"{name}的内容。").id for name in names]


def press_head(page: PhrasesPage, name: str) -> None:
    next(button for button in page.head_actions if button.accessibleName() == name).click()


def test_what_is_half_written_in_one_phrase_waits_while_another_is_read(vault: Vault, page: PhrasesPage) -> None:
    first, second = keep(vault, "散步", "听歌")
    page.arrive(Route("snippets"))
    assert named(page, "名称", QLineEdit).text() == "散步"
    write(page, 内容="每天散步")
    page.table.select(second)
    assert named(page, "内容", QPlainTextEdit).toPlainText() == "听歌的内容。"
    page.table.select(first)
    assert named(page, "内容", QPlainTextEdit).toPlainText() == "每天散步"
    page.leave()
    page.arrive(Route("snippets"))
    assert named(page, "内容", QPlainTextEdit).toPlainText() == "每天散步"
    page.leave()


def test_a_phrase_needs_a_name_and_words(vault: Vault, page: PhrasesPage, notice: FakeNotice) -> None:
    page.arrive(Route("snippets"))
    assert not named(page, "上移", QAbstractButton).isEnabled()
    write(page, 名称="空")
    press_head(page, "保存常用语")
    assert len(notice.told) == 1
    write(page, 内容="写上了")
    press(page, "用在哪一栏：观察")
    press_head(page, "保存常用语")
    assert cells(page.table) == [("空", "观察", "写上了")]
    page.leave()


def test_the_order_goes_up_and_down_and_stops_at_the_ends(vault: Vault, page: PhrasesPage) -> None:
    _one, two, _three = keep(vault, "一", "二", "三")
    page.arrive(Route("snippets"))
    page.table.select(two)
    press(page, "下移")
    assert [row[0] for row in cells(page.table)] == ["一", "三", "二"]
    assert not named(page, "下移", QAbstractButton).isEnabled()
    press(page, "上移")
    press(page, "上移")
    assert [row[0] for row in cells(page.table)] == ["二", "一", "三"]
    assert not named(page, "上移", QAbstractButton).isEnabled()
    page.leave()


def test_the_last_one_taken_away_leaves_room_for_a_new_one(vault: Vault, page: PhrasesPage, notice: FakeNotice) -> None:
    keep(vault, "散步")
    page.arrive(Route("snippets"))
    press(page, "移除常用语")
    assert cells(page.table) == []
    assert named(page, "名称", QLineEdit).text() == ""
    assert len(notice.toasts) == 1
    page.leave()


def test_many_and_long_ones_are_not_cut_off_sideways(vault: Vault, page: PhrasesPage, qapp: QApplication) -> None:
    fonts.load(qapp)
    theme.apply(qapp, theme.LIGHT)
    with vault.write("试") as session:
        for at in range(40):
            snippets.add(session, f"很长的名称{at}" * 8, "很长的一段话。\n" * 30, "assessment")
    page.arrive(Route("snippets"))
    page.resize(704, 660)
    page.window().show()
    qapp.processEvents()
    assert too_wide(page) == []
    page.leave()
