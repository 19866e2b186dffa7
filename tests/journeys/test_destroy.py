"""A file that was destroyed leaves nothing of its text in any page of the database or its log (security.md P19)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import Qt
from sqlalchemy import LargeBinary, inspect, select

from app.clock import Clock
from app.house.house import House
from app.vault import checking
from app.vault.opening import Password, open_vault
from app.vault.record import Record
from app.vault.vault import Vault
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.furnished import Furnished
from tests.journeys.hands import CTRL, Hands
from tests.journeys.pages import database_key, plain

NAME, NUMBER, GUARDIAN, PHONE = "龙归湘", "990817755", "龙守愚", "13912340877"
SAID = "「没人看见我」，说了三遍 zqxjkvbp，后来提到阁楼上的琥珀匣子和𪚥字帖。"
MEMO, HALF_TYPED, REASON = "暗纹帷幔", "想改成的旧称呼柘枝", "毕业离校，保管期满"
TRACES = [
    NAME,
    NUMBER,
    GUARDIAN,
    PHONE,
    "没人看见我",
    "xjkvbp",
    "琥珀匣子",
    MEMO,
    HALF_TYPED,
    "柘枝",
    "𪚥",
    "绘画扫描件癸卯",
]


def test_nothing_of_a_destroyed_file_is_left(
    furnished: Furnished, start: Callable[[], House], hands: Hands, pc: Pc, clock: Clock
) -> None:
    house = start()
    steps.unlock(hands, furnished.password)
    key = database_key(furnished.folder, furnished.password)
    others = plain(furnished.folder, key)
    fill_the_file(hands, pc, furnished.password)
    assert house.desk is not None
    shreds = [piece for piece in pieces(house.desk.vault) if piece not in others]
    before = plain(furnished.folder, key)
    assert [trace for trace in TRACES if not is_in(trace, before)] == [], "the pages were not read"
    assert len([piece for piece in shreds if piece in before]) > len(shreds) * 0.8

    hands.jump(NUMBER, NAME)
    hands.press("移到回收站")
    hands.press("移到回收站")
    hands.press("学生")
    hands.press("回收站")
    hands.reads(NAME)
    hands.fill("销毁理由", REASON)
    hands.press("清空回收站")
    hands.reads("无法恢复")
    hands.fill("请输入「销毁」以确认", "销毁")
    hands.press("销毁")
    hands.reads("回收站是空的")
    nothing_is_left(furnished.folder, key, shreds)
    hands.key(Qt.Key.Key_K, CTRL)
    hands.write("琥珀")
    assert hands.front().findChildren(type(hands.find("搜索")))[0].found() == []

    hands.key(Qt.Key.Key_L, CTRL)
    nothing_is_left(furnished.folder, key, shreds)
    vault = open_vault(furnished.folder, Password(furnished.password), clock)
    try:
        assert [finding for finding in checking.check(vault) if finding.faults] == []
        with vault.read() as session:
            assert vault.trail.first_broken(session) is None
    finally:
        vault.close()


def fill_the_file(hands: Hands, pc: Pc, password: str) -> None:
    """Everything a file can hold, entered as the counsellor enters it."""
    lists = pc.home / "名单.csv"
    head = "学号,姓名,性别,出生日期,年级,班级,监护人,监护人电话\n"
    for class_no in (3, 4):  # the second changes her class: both imports can be undone
        lists.write_text(
            f"{head}{NUMBER},{NAME},女,2011-05-06,九年级,{class_no}班,{GUARDIAN},{PHONE}\n", encoding="utf-8"
        )
        hands.press("学生")
        hands.press("导入名单")
        hands.press("选择文件")
        steps.choose_path(hands, lists)
        hands.find("全不选")
        hands.press("导入")
        hands.reads("更新 1 名" if class_no == 4 else "新增 1 名")
    lists.unlink()
    hands.jump(NUMBER, NAME)
    steps.open_case(hands)
    steps.write_note(hands, SAID)
    hands.fill("个人手记", MEMO)
    steps.sign_note(hands)
    steps.begin_referral(hands)
    hands.press("登记同意")
    steps.consent(hands, f"{GUARDIAN}、{NAME}")
    hands.press("返回转介单")
    steps.issue(hands, password)
    hands.press("打开学生档案")
    picture = pc.home / "绘画扫描件癸卯.png"
    Image.effect_noise((300, 300), 80).save(picture)
    hands.press("添加附件")
    steps.choose_path(hands, picture)
    hands.find(f"打开附件 {picture.name}")
    picture.unlink()
    hands.press("编辑学生信息")
    hands.fill("备注", HALF_TYPED)
    hands.press("学生")
    hands.find("学生名单")


def pieces(vault: Vault) -> list[bytes]:
    """Short pieces of every stored file of the student: the letter's PDF, the picture."""
    found: list[bytes] = []
    with vault.read() as session:
        for mapper in Record.registry.mappers:
            columns = [column.key for column in inspect(mapper.class_).columns if isinstance(column.type, LargeBinary)]
            if not columns or "student_id" not in inspect(mapper.class_).columns:
                continue
            newest = session.scalars(select(mapper.class_).order_by(mapper.class_.id.desc())).first()
            for name in columns if newest is not None else ():
                content = getattr(newest, name) or b""
                found += [content[at : at + 32] for at in range(0, len(content) - 32, 1500)]
    assert len(found) > 50
    return found


def is_in(words: str, pages: bytes) -> bool:
    """Whether the words stand there: as text, or escaped as in JSON."""
    return any(
        needle in pages for needle in (words.encode(), words.encode("utf-16-le"), json.dumps(words)[1:-1].encode())
    )


def nothing_is_left(folder: Path, key: bytes, shreds: list[bytes]) -> None:
    pages = plain(folder, key)
    assert pages.startswith(b"SQLite format 3\0\x10\x00")
    assert [trace for trace in TRACES if is_in(trace, pages)] == []
    assert [piece for piece in shreds if piece in pages] == []
