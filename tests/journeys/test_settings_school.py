"""What the counsellor sets once: the names on paper, the look, the lock, signature and stamp; all there after a restart."""

from __future__ import annotations

import json

from PIL import Image, ImageDraw
from PySide6.QtWidgets import QComboBox

from app.ui.page import Route
from tests.documents.reading import bare, words_of
from tests.journeys import steps


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
    hands.choose("字号", "大")
    hands.choose("颜色", "深色")

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


def picture(path, size):
    made = Image.new("RGBA", size, (255, 255, 255, 0))
    ImageDraw.Draw(made).line((10, size[1] - 20, size[0] - 10, 20), fill=(20, 40, 140, 255), width=9)
    made.save(path)


def choose(hands, kind, path):
    hands.press(f"{kind}：选择图片")
    steps.choose_path(hands, path)
    hands.wait(lambda: hands.sees(f"{kind}：移除"), "the picture")
