"""The school's own words in a letter: changed with a preview, drawn, and the way back."""

from __future__ import annotations

from app.documents import words
from app.ui.page import Route
from tests.documents.reading import bare, words_of
from tests.journeys import steps

NAME = "referral"
OWN = "请贵院优先安排，谢谢。"


def test_own_words_in_a_letter_and_the_way_back(start, hands, furnished, tmp_path):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("设置")
    hands.press(f"{words.label(NAME)}：修改")
    text = hands.value("函件的文字")
    ending = "现由监护人陪同前往贵院，请予接诊评估。"
    assert ending in text

    write(house, text.replace("${机构}（${科室}）：", "${医院}：", 1))
    hands.reads("「医院」没有对应的内容")
    assert "请在设置里" not in hands.words()
    assert not hands.find("保存函件文字").isEnabled()
    write(house, text.replace(ending, ending + OWN))
    hands.reads(OWN)
    assert "没有对应的内容" not in hands.words()
    hands.press("保存函件文字")
    hands.reads("下一份函件起使用")

    assert bare(OWN) in issued(house, hands, furnished, tmp_path / "函.pdf")
    hands.press("设置")
    hands.reads("已改")
    hands.press(f"{words.label(NAME)}：修改")
    hands.press("恢复原来的文字")
    hands.press("恢复")
    hands.wait(lambda: OWN not in hands.value("函件的文字"), "the program's own words")
    assert not hands.find("恢复原来的文字").isEnabled()


def write(house, text):
    """The whole text anew, as by pasting."""
    house.desk.window.page().field.set_value(text)


def issued(house, hands, furnished, path):
    referral, student = furnished.places["referral"]
    house.go(Route("referral", referral, student))
    hands.reads("可以签发")
    steps.issue(hands, furnished.password)
    steps.export(hands, path)
    return bare(words_of(path.read_bytes(), as_drawn=True)[0])
