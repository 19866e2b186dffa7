"""What a password must be, and the phrase that always is."""

from math import log2

import pytest

from app.vault.passwords import PHRASE_WORDS, PasswordRefused, _syllables, check_new, doubts, new_phrase

NAMES = ("深圳市明德实验学校", "心理辅导室", "王 芳", "李安", "")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "至少"),
        ("11个字不够长啊不够", "至少"),
        ("明德的老师都爱猫我也是啊", "深圳市明德实验学校"),
        ("mingde shiyan 2026 hao", "深圳市明德实验学校"),
        ("ＭｉｎｇＤｅＳｈｉＹａｎ９９", "深圳市明德实验学校"),
        ("xin li fu dao shi 2026", "心理辅导室"),
        ("Wangfang@2026!!zz", "王 芳"),
        ("我叫王芳今年三十二岁啦", "至少"),
        ("我叫王芳今年刚好三十二岁啦", "王 芳"),
        ("138001380002026", "数字"),
        ("１２３４５６７８９０１２３", "数字"),
        ("aaaaaaaaaaaaaaaa", "不同的字太少"),
        ("password123456", "常见的词"),
        ("P@ssw0rd!!2026", "常见的词"),
        ("woaini5201314", "常见的词"),
        ("1qaz2wsx3edc4rfv", "常见的词"),
        ("qwertyuiopasdfgh", "常见的词"),
        ("zkw7zkw7zkw7zkw7", "不同的字太少"),
        ("zkwt7zkwt7zkwt7", "常见的词"),
        ("x" * 1025, "太长"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(PasswordRefused) as refusal:
        check_new(password, NAMES)
    assert reason in refusal.value.sentence
    assert "六词" in refusal.value.next_step
    assert not password or password not in refusal.value.sentence


@pytest.mark.parametrize(
    "password",
    [
        "今天天气真好我们去爬山吧",
        "Tr0ub4dor&3xyz",
        "correct horse battery",
        "danlun-huaxian-duanyi-tianxie-xindie-yingjing",
        " 开头有空格也照样算数的口令 ",
        "🦊🐻‍❄️🌵 yi qi he cha 七点",
        "v9#Kq2!mZr7&",
    ],
)
def test_a_good_password_is_taken_as_it_is(password):
    check_new(password, NAMES)


def test_no_rule_of_composition_stands_in_the_way():
    check_new("zhefengxinxiegeizijidemaomi", NAMES)


def test_names_left_empty_refuse_nothing():
    check_new("今天天气真好我们去爬山吧", ["", " ", "-"])


def test_what_looks_alike_is_told_before_it_locks_her_out():
    assert any("全角" in doubt for doubt in doubts("ｍａｏmi２０２６ok"))
    assert any("空格" in doubt for doubt in doubts("jintian tianqi "))
    assert any("Caps Lock" in doubt for doubt in doubts("JINTIAN2026TIANQI"))
    assert any("换行" in doubt for doubt in doubts("jintian\ntianqi"))
    assert doubts("今天天气真好,我们去爬山") == []


def test_a_phrase_has_six_words_over_60_bits_and_is_always_taken():
    first, second = _syllables()
    assert PHRASE_WORDS * log2(len(set(first)) * len(set(second))) > 60
    seen = set()
    for _ in range(100):
        phrase = new_phrase(NAMES)
        assert len(phrase.words) == len(phrase.readings) == 6
        assert all(len(word) == 2 for word in phrase.words)
        assert phrase.password.isascii()
        check_new(phrase.password, NAMES)
        assert doubts(phrase.password) == []
        seen.add(phrase.password)
    assert len(seen) == 100


def test_every_word_of_the_phrase_list_is_spelled_in_one_way_only():
    from app.vault.passwords import _syllables

    first, second = _syllables()
    spelled = [a[1] + b[1] for a in first for b in second]
    assert len(spelled) == len(set(spelled))
    assert len(spelled) >= 1500
