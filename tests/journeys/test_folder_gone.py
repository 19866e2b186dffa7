"""The vault's folder is deleted or renamed while she works: she is told at once, nothing is called saved, a copy holds everything."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from app.ui.page import Route
from app.vault import typing
from app.vault.backupcheck import open_backup
from app.vault.backupfile import Unwatched, unpack
from app.vault.backupplaces import listed, second_place
from tests.journeys import steps

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not let the folder of an open file go")
WORDS = "文件夹不见以后写的字"


def at_a_note(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    house.go(Route("note", *furnished.places["note"]))
    return house


def close_all(hands):
    """Put every notice away."""
    while QApplication.activeModalWidget() is not None:
        for name in ("知道了", "取消"):
            if hands.sees(name):
                hands.press(name)


def test_a_renamed_folder_is_told_and_work_goes_on_when_it_is_back(start, hands, furnished):
    house = at_a_note(start, hands, furnished)
    away = Path(f"{furnished.folder}-别处")
    Path(furnished.folder).rename(away)
    hands.reads("档案文件夹不在原来的位置了")
    hands.press("取消")
    hands.fill("学生自述", WORDS)
    hands.press("存草稿")
    hands.reads("存不进去")
    close_all(hands)
    assert "已保存" not in hands.words()
    assert hands.value("学生自述") == WORDS
    house.desk.backing.run_now()
    hands.wait(lambda: not house.desk.backing.running, "the backup to be given up")
    assert not Path(furnished.folder).exists(), "what is made anew is in the way of what is put back"
    house.desk.window.close()
    hands.find("仍然退出")
    assert "磁盘" not in hands.words()
    hands.press("取消")
    away.rename(furnished.folder)
    hands.reads("档案文件夹回到了原处，可以接着保存。")
    hands.press("存草稿")
    hands.reads("已保存")
    assert house.desk.vault.standing.is_gone() is False


def test_a_copy_of_a_deleted_vault_holds_what_was_being_typed_and_is_restored_at_the_door(
    start, hands, furnished, tmp_path
):
    house = at_a_note(start, hands, furnished)
    hands.fill("学生自述", WORDS)
    shutil.rmtree(furnished.folder)
    hands.reads("档案文件夹不在原来的位置了")
    place = tmp_path / "U盘"
    place.mkdir()
    hands.press("选择存放副本的文件夹")
    steps.choose_path(hands, place)
    hands.reads("副本已存好，并且打开核对过。")
    vault = house.desk.vault
    (found,) = listed(place)
    scratch = tmp_path / "opened"
    scratch.mkdir()
    unpack(found.container, scratch, Unwatched())
    copy = open_backup(found.container, vault.master, scratch, vault.clock, Unwatched())
    with copy.read() as session:
        assert WORDS in [typed.content.get("subjective") for typed in typing.everything(session)]
    copy.close()
    assert not Path(furnished.folder).exists()
    hands.press("知道了")
    hands.press("锁定")
    hands.reads("找不到档案文件夹")
    assert "磁盘" not in hands.text("档案没有打开的原因")
    hands.click(hands.all("从备份恢复", QPushButton)[0])
    hands.press("打开别的备份文件")
    steps.choose_path(hands, found.path)
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    hands.press("恢复这份备份")
    hands.reads("档案是刚从备份恢复的")
    hands.press("知道了")
    assert hands.value("学生自述") == WORDS


def test_the_second_place_is_where_the_copy_goes(start, hands, furnished, tmp_path):
    house = at_a_note(start, hands, furnished)
    chosen = tmp_path / "U盘"
    chosen.mkdir()
    house.settings.change(second=str(chosen))
    shutil.rmtree(furnished.folder)
    hands.reads("副本会存到第二备份位置")
    hands.press("另存副本")
    hands.reads("副本已存好，并且打开核对过。")
    (found,) = listed(second_place(chosen, house.desk.vault.vault_id))
    assert found.container is not None
    hands.press("知道了")
    hands.press("锁定")
    hands.reads(f"最新的备份：{found.path.name}")
