"""Restoring where nothing is open: a damaged vault, and a new PC with the recovery code alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.clock import StandingClock
from app.house.house import House
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.ui.settings_file import SettingsFile
from app.vault import places, renewing, restoring, rotating
from app.vault.backup import back_up, local_place
from app.vault.backupfile import Unwatched, read
from app.vault.files import DATABASE, KEYS, KEYS_B
from app.vault.opening import Password, open_vault
from app.vault.recovery import new_code
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands, windows

NEW = "xiawu-chufa-hailang-dengta-maozi-qiaoliang"


@dataclass
class Kept:
    path: Path
    students: int


@pytest.fixture
def kept(furnished: Furnished, clock: StandingClock) -> Kept:
    """A backup of the furnished vault, in its own folder."""
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    container = back_up(vault)
    with vault.read() as session:
        count = students.count(session)
    vault.close()
    return Kept(container.path, count)


def count(house: House) -> int:
    assert house.desk is not None
    with house.desk.vault.read() as session:
        return students.count(session)


def test_a_new_pc_with_the_recovery_code_alone(
    furnished: Furnished, kept: Kept, pc: Pc, start: Callable[[], House], hands: Hands
) -> None:
    stick = pc.home / "U盘" / kept.path.name
    stick.parent.mkdir()
    shutil.move(kept.path, stick)
    shutil.rmtree(furnished.folder)
    SettingsFile().change(folder="")
    house = start()
    hands.find("下一步")
    hands.press("从备份恢复")
    hands.reads("这里没有找到备份")
    hands.press("打开别的备份文件")
    steps.choose_path(hands, stick)
    hands.reads("已选")
    hands.fill("口令或恢复码", new_code().written)
    hands.press("打开看看")
    hands.reads("口令或恢复码不对")
    hands.fill("口令或恢复码", furnished.code)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    assert f"学生 {kept.students:,}" in hands.text("备份里的内容")
    hands.press("恢复这份备份")
    hands.find("保存新口令")
    hands.fill("新口令", NEW)
    hands.fill("再输入一次", NEW)
    hands.press("保存新口令")
    hands.reads("档案是刚从备份恢复的")
    hands.press("知道了")
    assert count(house) == kept.students
    folder = places.default_folder()
    assert {DATABASE, KEYS, KEYS_B} <= {path.name for path in folder.iterdir()}
    house.lock()
    hands.reads("青禾中学")
    hands.fill("口令", NEW)
    hands.press("打开")
    hands.reads("用恢复码打开档案")
    hands.press("知道了")
    assert count(house) == kept.students
    assert stick.exists()


@pytest.mark.parametrize("damage", ["empty", "gone", "page", "keys"])
def test_a_damaged_vault_names_its_newest_backup_and_is_restored(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, damage: str
) -> None:
    database = furnished.folder / DATABASE
    if damage == "empty":
        database.write_bytes(b"")
    elif damage == "gone":
        database.unlink()
    elif damage == "page":
        content = bytearray(database.read_bytes())
        content[300] ^= 1
        database.write_bytes(content)
    else:
        for name in (KEYS, KEYS_B):
            (furnished.folder / name).write_bytes(b"{}")
    house = start()
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.find("档案没有打开的原因")
    assert kept.path.name in hands.text("最新的备份")
    hands.click(hands.all("从备份恢复", QPushButton)[0])
    hands.reads("已选")
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    hands.press("恢复这份备份")
    hands.reads("档案是刚从备份恢复的")
    assert "恢复前的档案-2026-11-20-1000" in hands.words()
    assert count(house) == kept.students
    aside = [path for path in furnished.folder.iterdir() if path.name.startswith("恢复前的档案")]
    assert len(aside) == 1
    if damage == "empty":
        assert (aside[0] / DATABASE).read_bytes() == b""


@pytest.mark.parametrize("by", ["password", "code"])
def test_restored_with_secrets_of_its_day_the_present_ones_are_asked_for(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock, by: str
) -> None:
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    renewing.change_password(vault, furnished.password, NEW)
    renewing.renew_code(vault, NEW, new_code())
    vault.close()
    content = bytearray((furnished.folder / DATABASE).read_bytes())
    content[300] ^= 1
    (furnished.folder / DATABASE).write_bytes(content)
    house = start()
    hands.press("从备份恢复")
    hands.reads("已选")
    hands.fill("口令或恢复码", furnished.password if by == "password" else furnished.code)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    hands.press("恢复这份备份")
    hands.reads("档案已经恢复好了")
    hands.fill("口令", NEW)
    hands.press("打开")
    hands.reads("档案是刚从备份恢复的")
    assert count(house) == kept.students


def test_restored_to_before_a_change_of_all_keys_it_is_said_before_at_the_door_and_inside(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    rotating.rotate(vault, furnished.password, rotating.NewSecrets(NEW, new_code()))
    house = start()
    hands.press("从备份恢复")
    hands.reads("已选")
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("恢复后请马上再更换全部钥匙")
    hands.press("恢复这份备份")
    hands.reads("当时的口令和恢复码又能打开档案")
    house.lock()
    hands.fill("口令", NEW)
    hands.press("打开")
    hands.reads("要用做那份备份那一天的口令")


def test_with_the_key_file_lost_that_alone_comes_out_of_the_backup(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    with vault.write("登记学生") as session:
        students.add(session, Student(student_no="20269999", name="后来的", grade=8, class_no=3))
    vault.close()
    for name in (KEYS, KEYS_B):
        (furnished.folder / name).unlink()
    house = start()
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.reads("可以只取回钥匙文件")
    hands.click(hands.all("从备份恢复", QPushButton)[0])
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("备份以后写的内容也都在")
    hands.press("只取回钥匙文件")
    hands.wait(lambda: house.desk is not None, "the window behind the door")
    assert count(house) == kept.students + 1


def test_what_a_restore_has_set_aside_can_be_gone_back_to(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    with vault.write("登记学生") as session:
        students.add(session, Student(student_no="20269999", name="后来的", grade=8, class_no=3))
    vault.close()
    house = start()
    for at in range(2):
        hands.press("从备份恢复")
        hands.reads("已选")
        if at:
            hands.press("选 恢复前的档案-2026-11-20-1000")
        hands.fill("口令或恢复码", furnished.password)
        hands.press("打开看看")
        hands.reads("每一条记录都与留痕核对过")
        hands.press("恢复这份备份")
        hands.reads("档案是刚从备份恢复的")
        hands.press("知道了")
        assert count(house) == kept.students + at
        house.lock()
        hands.find("忘了口令？用恢复码打开")


def test_another_restore_at_the_door_while_one_begun_inside_still_waits(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    container, place = read(kept.path), local_place(furnished.folder)
    master = restoring.unlocked(container, Password(furnished.password), furnished.folder)
    with restoring.Opened(container, master, place, clock, Unwatched()) as opened:
        restoring.stage(opened, furnished.folder)
    house = start()
    hands.press("从备份恢复")
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.press("恢复这份备份")
    hands.reads("档案是刚从备份恢复的")
    assert count(house) == kept.students
    assert len([path for path in furnished.folder.iterdir() if path.name.startswith("恢复前的档案")]) == 2


def test_the_door_says_what_could_be_had_back_and_reminds_of_the_stick(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    start()
    hands.reads(f"上次可恢复：今天 10:00 · 学生 {kept.students:,} · 记录 ")
    assert "只在这台电脑上" in hands.text("备份提醒")
    vault_id = students_vault_id(furnished)
    at = clock.moment - timedelta(days=9)
    SettingsFile().change(second=str(furnished.folder.parent / "不在"), second_at={vault_id: at.isoformat()})
    start()
    hands.reads("别的设备上的备份已是 9 天前的")
    SettingsFile().change(second_at={vault_id: clock.moment.isoformat()})
    start()
    hands.reads("上次可恢复")
    assert not hands.sees("备份提醒")


def students_vault_id(furnished: Furnished) -> str:
    from app.vault.opening import outside

    return outside(furnished.folder).vault_id


@pytest.mark.parametrize("way", ["返回", "建立新的档案"])
def test_turning_away_leaves_nothing_open_and_nothing_behind(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands, way: str
) -> None:
    house = start()
    hands.reads("上次可恢复")
    hands.press("从备份恢复")
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    hands.press(way)
    hands.wait(lambda: not hands.sees("打开看看"), "something else than restoring")
    assert len(windows()) == 1
    assert [path.name for path in local_place(furnished.folder).iterdir()] == [kept.path.name]
    if way == "返回":
        steps.unlock(hands, furnished.password)
        assert count(house) == kept.students


def test_a_backup_left_open_at_the_door_is_closed_by_ctrl_l(
    furnished: Furnished, kept: Kept, start: Callable[[], House], hands: Hands
) -> None:
    start()
    hands.reads("上次可恢复")
    hands.press("从备份恢复")
    hands.fill("口令或恢复码", furnished.password)
    hands.press("打开看看")
    hands.reads("每一条记录都与留痕核对过")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.find("忘了口令？用恢复码打开")
    assert [path.name for path in local_place(furnished.folder).iterdir()] == [kept.path.name]
