"""What the counsellor sets once: the names on paper, the look, the lock, signature and stamp; all there after a restart."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QScrollArea

from app.rooms.school import store as schools
from app.ui import theme
from app.ui.page import Route
from app.vault.keycopies import read_copies
from tests.documents.reading import bare, words_of
from tests.journeys import steps
from tests.journeys.hands import CTRL

LISTS = Path(__file__).resolve().parents[1] / "cases"


def test_what_is_set_is_kept_and_stands_on_paper(start, hands, furnished, tmp_path, pc):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("设置")
    hands.fill("心理教师", "")
    hands.press("保存学校信息")
    hands.reads("请填写")
    hands.fill("心理教师", "林晓岚")
    hands.fill("学校名称", "青禾实验中学")
    hands.fill("联系电话", "0571-5550199")
    hands.press("保存学校信息")
    hands.reads("已保存")
    hands.reads("青禾实验中学 · 知心小屋")
    for kind, size in (("手写签名", (400, 160)), ("辅导室印章", (300, 300))):
        picture(tmp_path / f"{kind}.png", size)
        choose(hands, kind, tmp_path / f"{kind}.png")
    (tmp_path / "坏.png").write_bytes(b"no picture")
    hands.press("辅导室印章：选择图片")
    steps.choose_path(hands, tmp_path / "坏.png")
    hands.reads("图片")
    hands.press("知道了")
    hands.choose("无人操作多久后自动锁定", "10 分钟")
    change_look(hands, house, "字号", "大")
    change_look(hands, house, "颜色", "深色")

    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("设置")
    assert hands.value("学校名称") == "青禾实验中学"
    shown = {name: hands.find(name, QComboBox).currentText() for name in ("颜色", "字号", "无人操作多久后自动锁定")}
    assert shown == {"颜色": "深色", "字号": "大", "无人操作多久后自动锁定": "10 分钟"}
    kept = json.loads(next(pc.home.glob(".config/**/settings.json")).read_text("utf-8"))
    assert "青禾" not in json.dumps(kept, ensure_ascii=False)

    referral, student = furnished.places["referral"]
    house.go(Route("referral", referral, student))
    hands.reads("可以签发")
    steps.issue(hands, furnished.password)
    steps.export(hands, tmp_path / "函.pdf")
    letter = bare(words_of((tmp_path / "函.pdf").read_bytes(), as_drawn=True)[0])
    assert "青禾实验中学学生心理健康转介函" in letter
    assert "0571-5550199" in letter


def change_look(hands, house, name, option):
    """Choose it, and wait for the page that is made anew."""
    before = house.desk.window.page()
    hands.choose(name, option)
    hands.wait(lambda: house.desk.window.page() not in (None, before), "the page in the new look")


def test_every_page_takes_on_the_new_look_with_what_is_being_typed(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    house.desk.window.resize(1000, 600)
    note, student = furnished.places["note"]
    house.go(Route("note", note, student))
    hands.fill("学生自述", "写了一半")
    assert ink_of(hands.find("下次日期：打开日历")) == theme.LIGHT.ink2
    hands.press("设置")
    hands.fill("联系电话", "0571-5550")
    hands.click(hands.find("颜色", QComboBox))
    hands.key(Qt.Key.Key_Escape)
    scrolled = bar(house).value()
    assert scrolled > 0
    change_look(hands, house, "颜色", "深色")
    hands.wait(lambda: bar(house).value() == scrolled, "the spot where she was")
    assert hands.find("颜色", QComboBox).hasFocus()
    assert hands.value("联系电话") == "0571-5550"
    hands.press("返回")
    assert hands.value("学生自述") == "写了一半"
    assert ink_of(hands.find("下次日期：打开日历")) == theme.DARK.ink2
    hands.press("设置")
    hands.press("保存学校信息")
    hands.reads("已保存")
    with house.desk.vault.read() as session:
        assert schools.school(session).phone == "0571-5550"


def test_a_list_that_is_being_imported_survives_a_change_of_the_look(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    house.go(Route("roster"))
    hands.press("选择文件")
    steps.choose_path(hands, LISTS / "roster-old.xls")
    hands.find("全不选")
    hands.press("设置")
    change_look(hands, house, "颜色", "深色")
    hands.press("返回")
    hands.find("全不选")


SHOWN = "解锁界面显示学校和辅导室名称"


def kept_outside(folder):
    """The names as they stand in plain, in both copies."""
    contents = [copy.content for copy in read_copies(folder)]
    return {(content.school, content.room) for content in contents if len(contents) == 2}


def save_names(hands, school):
    hands.press("设置")
    hands.fill("学校名称", school)
    hands.press("保存学校信息")
    hands.reads("已保存")


def test_the_door_shows_the_names_as_they_are_now_or_none(start, hands, furnished):
    start()
    steps.unlock(hands, furnished.password)
    room = next(iter(kept_outside(furnished.folder)))[1]
    save_names(hands, "青禾实验中学")
    hands.wait(lambda: kept_outside(furnished.folder) == {("青禾实验中学", room)}, "the new name outside")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.reads("青禾实验中学")
    steps.unlock(hands, furnished.password)
    hands.tick(SHOWN, False)
    hands.wait(lambda: kept_outside(furnished.folder) == {("", "")}, "no names outside")
    hands.wait(hands.find(SHOWN, QCheckBox).isEnabled, "the switch")
    save_names(hands, "青禾第一中学")
    hands.key(Qt.Key.Key_L, CTRL)
    hands.find("口令", QLineEdit)
    assert kept_outside(furnished.folder) == {("", "")}
    hands.wait(lambda: "青禾" not in hands.words(), "a door without names")
    steps.unlock(hands, furnished.password)
    hands.tick(SHOWN)
    hands.wait(lambda: kept_outside(furnished.folder) == {("青禾第一中学", room)}, "the names outside again")


def bar(house):
    return house.desk.window.page().findChild(QScrollArea).verticalScrollBar()


def ink_of(button):
    """The colour a button's icon is drawn in."""
    image = button.icon().pixmap(48).toImage()
    drawn = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return next(colour.name().upper() for colour in drawn if colour.alpha() == 255)


def picture(path, size):
    made = Image.new("RGBA", size, (255, 255, 255, 0))
    ImageDraw.Draw(made).line((10, size[1] - 20, size[0] - 10, 20), fill=(20, 40, 140, 255), width=9)
    made.save(path)


def choose(hands, kind, path):
    hands.press(f"{kind}：选择图片")
    steps.choose_path(hands, path)
    hands.wait(lambda: hands.sees(f"{kind}：移除"), "the picture")
