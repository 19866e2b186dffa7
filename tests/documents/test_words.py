"""Letter words: files the counsellor can change without being able to break a letter in silence."""

from __future__ import annotations

import time

import pytest

from app.documents import words
from app.errors import Problem


@pytest.fixture
def letters(tmp_path, monkeypatch):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "hello.txt").write_text(
        "# 问候函\n# 给人看的说明\n[占位]\n学校 = 启明中学\n姓名 = 孙一诺\n\n"
        "[标题]\n${学校}问候函\n\n[正文]\n${姓名}同学：\n\n近来好吗？费用 $$5。\n",
        "utf-8",
    )
    monkeypatch.setattr(words, "resource", lambda *parts: tmp_path.joinpath(*parts))
    words._bundled_text.cache_clear()
    words._parsed.cache_clear()
    yield
    words._bundled_text.cache_clear()
    words._parsed.cache_clear()


OWN = "[标题]\n问候\n[正文]\n您好，${姓名}。"


def test_a_file_gives_its_sections(letters: None) -> None:
    assert words.names() == ["hello"]
    assert words.label("hello") == "问候函"
    assert words.sections("hello") == {"标题": "${学校}问候函", "正文": "${姓名}同学：\n\n近来好吗？费用 $$5。"}
    assert words.examples("hello") == {"学校": "启明中学", "姓名": "孙一诺"}
    assert words.preview("hello")["正文"] == "孙一诺同学：\n\n近来好吗？费用 $5。"
    assert words.paragraphs(words.preview("hello")["正文"]) == ["孙一诺同学：", "近来好吗？费用 $5。"]


def test_her_own_version_takes_the_place_of_ours_and_ours_is_the_way_back(letters: None) -> None:
    assert words.sections("hello", OWN) == {"标题": "问候", "正文": "您好，${姓名}。"}
    assert words.sections("hello", OWN.replace("\n", "\r\n")) == words.sections("hello", "\ufeff" + OWN)
    assert "占位" not in words.bundled("hello")
    assert "给人看的说明" in words.bundled("hello")
    assert words.sections("hello", words.bundled("hello")) == words.sections("hello")


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ("[标题]\n问候", "[正文]"),
        (OWN + "\n[附言]\n再见", "[附言]"),
        (OWN + "\n[正文]\n又一次", "[正文]"),
        ("您好\n" + OWN, "1"),
        (OWN + "${电话}", "电话"),
        (OWN + "收费$5", "$5"),
        (OWN + "$姓名", "$姓名"),
        (OWN + "${姓 名}", "${姓 名}"),
        (OWN + "${", "${"),
        (OWN + "${__class__}", "__class__"),
        (OWN + "x" * 70_000, "65536"),
        (OWN + "${姓名}" * 501, "500"),
    ],
)
def test_what_would_break_the_letter_is_named(letters: None, own: str, named: str) -> None:
    with pytest.raises(Problem) as raised:
        words.sections("hello", own)
    assert named in raised.value.sentence
    assert raised.value.next_step


def test_other_template_languages_are_only_text(letters: None) -> None:
    own = OWN + "{{ 7*7 }} {姓名.__class__} %n %(x)s #{1} <b>"
    assert words.fill(words.sections("hello", own)["正文"], {"姓名": "甲"}).endswith(own.split("。")[1])


def test_a_value_is_never_filled_again() -> None:
    assert words.fill("${甲}", {"甲": "${乙}$", "乙": "不该出现"}) == "${乙}$"


def test_a_missing_value_is_named_and_an_empty_one_is_empty() -> None:
    with pytest.raises(Problem) as raised:
        words.fill("致${机构}", {})
    assert "机构" in raised.value.sentence
    assert words.fill("致${机构}", {"机构": ""}) == "致"


def test_a_hostile_text_is_answered_at_once(letters: None) -> None:
    began = time.perf_counter()
    for own in ("$" * 59_999, "${" * 30_000, "[" * 60_000, "\n" * 60_000, "${姓名}" * 10_000):
        with pytest.raises(Problem):
            words.sections("hello", OWN[:-1] + own if own.startswith("$") else own + "x")
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("name", words.names())
def test_every_bundled_letter_can_be_filled_and_edited(name: str) -> None:
    assert words.label(name)
    assert all("${" not in text for text in words.preview(name).values())
    assert words.sections(name, words.bundled(name)) == words.sections(name)
    for said in words.preview(name).values():
        assert "确诊" not in said
        assert "患有" not in said
