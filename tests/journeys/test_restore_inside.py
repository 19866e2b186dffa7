"""Backups from within the window: made by hand, looked into, restored in three clicks, one student brought back, the drill, the end."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from app.clock import StandingClock
from app.house.house import House
from app.rooms.students import store as students
from app.rooms.students.record import Student
from app.ui.page import Route
from app.ui.unlock import Door
from app.vault import backup, bin, doornames, rotating
from app.vault.backup import back_up as back_up_now
from app.vault.backup import local_place
from app.vault.backupplaces import listed, second_place
from app.vault.files import NoRoom
from app.vault.opening import Password, create_vault, open_vault
from app.vault.recovery import new_code
from app.vault.restoring import last_drill
from tests.journeys import steps
from tests.journeys.furnished import CHEAP, Furnished
from tests.journeys.hands import Hands, windows


def backups(folder: Path) -> list[str]:
    return [found.path.name for found in listed(local_place(folder))]


def to_backups(hands: Hands) -> None:
    hands.press("设置")
    hands.press("备份与恢复")
    hands.find("立即备份")


def back_up(hands: Hands, folder: Path) -> str:
    before = len(backups(folder))
    hands.press("立即备份")
    hands.wait(lambda: len(backups(folder)) == before + 1, "the backup")
    hands.reads("上次可恢复：今天 10:00")
    return backups(folder)[0]


def restore_and_open(hands: Hands, password: str) -> None:
    """From the question to the restored vault: the program begins anew, at the door."""
    hands.press("恢复")
    hands.wait(lambda: [type(window) for window in windows()] == [Door], "the door")
    hands.fill("口令", password)
    hands.press("打开")


def test_restored_in_three_clicks_and_the_old_one_is_kept_and_can_be_gone_back_to(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    back_up(hands, furnished.folder)
    hands.press("学生")
    steps.add_student(hands, "20269999", "后来的")
    to_backups(hands)
    hands.press("查看 今天 10:00 的备份")
    hands.find("恢复到这份备份")
    compared = {row[0]: row[1:] for row in hands.rows("对照表")}
    there, here = compared["学生档案"][0], compared["学生档案"][2]
    assert int(here) == int(there) + 1
    hands.press("恢复到这份备份")
    hands.reads("现在的档案会整份保留")
    restore_and_open(hands, furnished.password)
    hands.reads("档案是刚从备份恢复的")
    assert "2026-11-20 10:00 的备份" in hands.words()
    hands.press("知道了")
    hands.press("学生")
    assert not any("后来的" in row for row in hands.rows("学生名单"))
    kept = [path for path in furnished.folder.iterdir() if path.name.startswith("恢复前的档案")]
    assert len(kept) == 1
    assert (kept[0] / "vault.db").stat().st_size > 0
    assert backups(furnished.folder)
    to_backups(hands)
    hands.press(f"查看 {kept[0].name}")
    hands.press("恢复到这份备份")
    restore_and_open(hands, furnished.password)
    hands.reads("档案是刚从备份恢复的")
    hands.press("知道了")
    hands.press("学生")
    assert any("后来的" in row for row in hands.rows("学生名单"))


def test_looking_is_not_restoring(furnished: Furnished, start: Callable[[], House], hands: Hands) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    back_up(hands, furnished.folder)
    hands.press("查看 今天 10:00 的备份")
    hands.press("返回备份列表")
    hands.find("立即备份")
    assert [path.name for path in local_place(furnished.folder).iterdir()] == backups(furnished.folder)
    hands.press("查看 今天 10:00 的备份")
    hands.find("恢复到这份备份")
    house.lock()
    assert [path.name for path in local_place(furnished.folder).iterdir()] == backups(furnished.folder)
    steps.unlock(hands, furnished.password)
    hands.find("立即备份")


def test_one_student_comes_back_with_everything(furnished: Furnished, start: Callable[[], House], hands: Hands) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    back_up(hands, furnished.folder)
    assert house.desk is not None
    vault = house.desk.vault
    student_id = furnished.places["student"][0]
    assert student_id is not None
    with vault.read() as session:
        student = students.get(session, student_id)
        name, number = student.name, student.student_no
    bin.destroy_files(vault, [student_id], "弄错了", house.desk.rooms.forget)
    hands.press("查看 今天 10:00 的备份")
    hands.press("选择学生")
    hands.fill("学生姓名、拼音或学号", number)
    hands.press(f"{name} {number}")
    hands.reads("弄错了")
    hands.fill("请输入「取回」以确认", "取回")
    hands.press("取回")
    hands.reads("已从备份取回：")
    said = hands.words()
    assert "学生档案 1" in said
    hands.press("知道了")
    hands.press("打开档案")
    hands.reads(f"学号 {number}")
    with vault.read() as session:
        back = session.scalars(select(Student).where(Student.student_no == number)).one()
    assert back.id != student_id
    assert back.name == name


def test_a_student_of_whom_nothing_is_missing(furnished: Furnished, start: Callable[[], House], hands: Hands) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    back_up(hands, furnished.folder)
    assert house.desk is not None
    with house.desk.vault.read() as session:
        student = students.get(session, furnished.places["student"][0] or 0)
    hands.press("查看 今天 10:00 的备份")
    hands.press("选择学生")
    hands.fill("学生姓名、拼音或学号", student.student_no)
    hands.press(f"{student.name} {student.student_no}")
    hands.reads("现在的档案里都有")


def test_the_drill_says_and_writes_down_that_it_passed(
    furnished: Furnished, start: Callable[[], House], hands: Hands
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    assert hands.text("上次演练的结果") == "还没有做过。"
    back_up(hands, furnished.folder)
    hands.press("开始演练")
    hands.reads("演练通过")
    hands.press("知道了")
    assert hands.text("上次演练的结果") == "今天 10:00 · 通过"
    assert house.desk is not None
    with house.desk.vault.read() as session:
        drilled = last_drill(session)
    assert drilled is not None
    assert drilled.passed


def test_a_stick_is_chosen_pulled_out_and_caught_up_with(
    furnished: Furnished, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    assert house.desk is not None
    stick = Path.home() / "U盘"
    stick.mkdir()
    to_backups(hands)
    assert "电脑坏了或丢了" in hands.text("第二位置的状态")
    hands.press("选择位置")
    steps.choose_path(hands, stick)
    there = second_place(stick, house.desk.vault.vault_id)
    hands.wait(lambda: len(listed(there)) == 1, "the copy on the stick")
    hands.wait(lambda: "同一块磁盘" in hands.text("第二位置的状态"), "what is said of it")
    stick.rename(stick.with_name("pulled out"))
    hands.press("学生")
    steps.add_student(hands, "20269999", "后来的")
    clock.moment = clock.moment.replace(day=21)
    to_backups(hands)
    hands.press("立即备份")
    hands.wait(lambda: len(backups(furnished.folder)) == 2, "the second backup")
    hands.wait(lambda: "没有连上" in hands.text("第二位置的状态"), "what is said of it")
    stick.with_name("pulled out").rename(stick)
    hands.press("立即备份")
    hands.wait(lambda: listed(there)[0].path.name == backups(furnished.folder)[0], "what it lacked")
    shutil.rmtree(there)
    there.write_bytes(b"")
    hands.press("立即备份")
    hands.reads("第二位置没有写成，本机的备份不受影响。")


def test_a_file_that_is_no_backup_and_one_of_another_vault(
    furnished: Furnished, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    strange = backup_of_another_vault(clock)
    house = start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    back_up(hands, furnished.folder)
    own = local_place(furnished.folder) / backups(furnished.folder)[0]
    cut = Path.home() / "断了.jsbak"
    cut.write_bytes(own.read_bytes()[:100_000])
    hands.press("打开备份文件")
    steps.choose_path(hands, cut)
    hands.reads("不完整")
    hands.press("知道了")
    changed = bytearray(own.read_bytes())
    changed[50_000] ^= 1
    cut.write_bytes(changed)
    hands.press("打开备份文件")
    steps.choose_path(hands, cut)
    hands.reads("已损坏")
    hands.press("知道了")
    stick = Path.home() / "U盘"
    house.settings.change(second=str(stick))
    for place in (local_place(furnished.folder), second_place(stick, "另一份档案")):
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(strange, place / "备份-2026-11-20-999999.jsbak")
    to_backups(hands)
    hands.wait(lambda: not hands.sees("正在查看…"), "the second place to be looked through")
    assert "学生 15" in hands.text("备份的状态")
    hands.press("查看 今天 10:00 的备份，另一份档案")
    hands.reads("这是另一份档案的备份")
    hands.press("知道了")
    house.lock()
    (furnished.folder / "vault.db").write_bytes(b"")
    hands.fill("口令", furnished.password)
    hands.press("打开")
    hands.find("档案没有打开的原因")
    assert own.name in hands.text("最新的备份")


def backup_of_another_vault(clock: StandingClock) -> Path:
    """One of a vault whose keys were changed often, so that it stands before all others in their order."""
    vault, _ = create_vault(
        Path.home() / "别处", school="别校", room="", password="zheshi-lingwai-yifen-dangan", clock=clock, kdf=CHEAP
    )
    for room in map(str, range(9)):
        doornames.show(vault, "别校", room)
    path = back_up_now(vault).path
    vault.close()
    return path


def test_the_end_makes_the_last_backup(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    start()
    steps.unlock(hands, furnished.password)
    ended: list[int] = []
    assert QCoreApplication.instance() is not None
    monkeypatch.setattr(QApplication, "quit", lambda *_: ended.append(1))
    window: QWidget = windows()[0]
    window.close()
    assert windows() == []
    hands.wait(lambda: ended == [1], "the end")
    assert len(backups(furnished.folder)) == 1
    shutil.rmtree(local_place(furnished.folder))


def test_a_lock_before_the_end_is_the_end_and_no_door(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    vault = house.desk.vault if house.desk is not None else None
    ended: list[int] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_: (ended.append(1), house.close()))
    windows()[0].close()
    house.lock()
    assert ended == [1]
    assert vault is not None
    assert vault.closed
    assert windows() == []
    assert backups(furnished.folder) == []


def test_started_again_before_the_end_it_stays(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    ended: list[int] = []
    monkeypatch.setattr(QApplication, "quit", lambda *_: ended.append(1))
    windows()[0].close()
    house.come_forward()
    hands.wait(lambda: len(backups(furnished.folder)) == 1 and hands.sees("搜索"), "the backup, and the window")
    assert ended == []
    house.go(Route("students"))


def test_a_backup_under_keys_that_were_given_up_asks_for_the_password_of_its_day(
    furnished: Furnished, start: Callable[[], House], hands: Hands, clock: StandingClock
) -> None:
    new = "xiawu-chufa-hailang-dengta-maozi-qiaoliang"
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    back_up_now(vault)
    rotating.rotate(vault, furnished.password, rotating.NewSecrets(new, new_code()))
    start()
    hands.fill("口令", new)
    hands.press("打开")
    hands.reads("上次登录以来")
    hands.press("知道了")
    to_backups(hands)
    hands.press("查看 今天 10:00 的备份，用从前的口令")
    hands.fill("那一天的口令或恢复码", new)
    hands.press("打开这份备份")
    hands.reads("口令或恢复码不对")
    hands.fill("那一天的口令或恢复码", furnished.password)
    hands.press("打开这份备份")
    hands.find("恢复到这份备份")
    hands.press("恢复到这份备份")
    hands.reads("恢复后请马上再更换全部钥匙")
    restore_and_open(hands, furnished.password)
    hands.reads("当时的口令和恢复码又能打开档案")
    hands.press("去更换全部钥匙")
    hands.press("知道了")
    hands.press("更换全部钥匙")
    hands.reads("只换口令挡不住")


def test_a_full_disk_is_told_on_the_page_and_the_next_one_is_made(
    furnished: Furnished, start: Callable[[], House], hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object) -> None:
        raise NoRoom(412)

    start()
    steps.unlock(hands, furnished.password)
    to_backups(hands)
    with monkeypatch.context() as patched:
        patched.setattr(backup, "_refuse_without_room", full)
        hands.press("立即备份")
        hands.reads("至少 412 MB")
        hands.press("知道了")
    assert backups(furnished.folder) == []
    back_up(hands, furnished.folder)
    assert not hands.sees("备份遇到的问题")
