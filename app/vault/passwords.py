"""What a password must be, said with its reason, and the six-word phrase that always is (security.md §3.1)."""

from __future__ import annotations

import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise, product
from pathlib import Path

from app.errors import Problem
from app.resources import resource

LEAST_CHARACTERS = 12
LEAST_UNPREDICTABLE = 8
"""What must remain when every common word, run and repetition counts as one character."""
MOST_CHARACTERS = 1024
PHRASE_WORDS = 6
STDIN = "-"
"""Where a password for the command line may come from instead of a file."""

_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_LOOKS = str.maketrans("@$0134!|", "asoleaii")
_DATE = re.compile(r"(?:19|20)\d{2}(?:\d{4}|\d{2})?|1[3-9]\d{9}")
_ORDINARY = re.compile(
    r"特别行政区|自治[区州县]|实验|附属|高级|初级|九年一贯制|中学|小学|学校|学院|中心|第[一二三四五六七八九十\d]+|[省市区县镇]|老师"
)


class PasswordRefused(Problem):
    """A new password is not taken; the sentence is the reason."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence, "换一个更长、别人想不到的，或者用「生成六词口令」。", **values)


@dataclass(frozen=True)
class Phrase:
    """A generated password: six two-syllable words in pinyin, and the characters to remember them by."""

    words: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def password(self) -> str:
        """What is typed: the pinyin, a hyphen between words."""
        return "-".join(self.readings)


def check_new(password: str, names: Iterable[str]) -> None:
    """Refuse a weak new password, or one that holds a word of the given names (school, room, counsellor).

    Raises PasswordRefused. The password itself is never changed: spaces, width and composition count as typed.
    """
    if len(password) < LEAST_CHARACTERS:
        raise PasswordRefused("口令至少要 {least} 个字，现在是 {now} 个。", least=LEAST_CHARACTERS, now=len(password))
    if len(password) > MOST_CHARACTERS:
        raise PasswordRefused("口令太长，最多 {most} 个字。", most=MOST_CHARACTERS)
    plain = _plain(password)
    for name in names:
        if _holds(plain, name):
            raise PasswordRefused("口令里有「{name}」的字或拼音，熟悉学校的人容易猜到。", name=name.strip())
    if plain.isdecimal():
        raise PasswordRefused("口令全是数字，电话、生日一类的数字很快会被试出来。")
    if len(set(plain)) < LEAST_UNPREDICTABLE // 2 + 1:
        raise PasswordRefused("口令里不同的字太少，重复的字很快会被试出来。")
    if _unpredictable(plain) < LEAST_UNPREDICTABLE:
        raise PasswordRefused("口令主要由常见的词、连着的键或重复的部分组成，很快会被试出来。")


def doubts(password: str) -> list[str]:
    """What she should know about a password as typed, each a Chinese sentence; it is not changed."""
    found = []
    if any(unicodedata.east_asian_width(c) == "F" for c in password):
        found.append("口令里有全角的字母、数字或符号（看上去和半角一样），以后要用同样的方式输入。")
    if password != password.strip():
        found.append("口令的开头或结尾有空格，以后也要照样输入。")
    if any(c in "\r\n\t" for c in password):
        found.append("口令里有换行或制表符，可能是粘贴时带进来的。")
    letters = [c for c in password if c.isascii() and c.isalpha()]
    if len(letters) > 3 and all(c.isupper() for c in letters):
        found.append("字母全是大写，请看一下大写锁定（Caps Lock）是不是开着。")
    return found


def from_file(where: str) -> str:
    """The first line of a file, or of standard input for ``-``, exactly as it stands. Raises Problem."""
    try:
        data = sys.stdin.buffer.readline() if where == STDIN else Path(where).read_bytes()
        lines = data.decode("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise Problem("口令文件读不出来。", "请检查口令文件的位置，内容应是一行 UTF-8 文字。") from error
    return lines[0] if lines else ""


def new_phrase(names: Iterable[str] = ()) -> Phrase:
    """A phrase of about 78 random bits that the rules above take, whatever the names are."""
    names = tuple(names)
    while True:
        first, second = _syllables()
        drawn = [(secrets.choice(first), secrets.choice(second)) for _ in range(PHRASE_WORDS)]
        phrase = Phrase(tuple(a[0] + b[0] for a, b in drawn), tuple(a[1] + b[1] for a, b in drawn))
        try:
            check_new(phrase.password, names)
        except PasswordRefused:
            continue
        return phrase


@cache
def _syllables() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    lists: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] = []
    for line in _lines("phrase.txt"):
        if line.startswith("["):
            current = lists.setdefault(line, [])
        else:
            character, reading = line.split()
            current.append((character, reading))
    return tuple(lists["[first]"]), tuple(lists["[second]"])


@cache
def _weak_words() -> frozenset[str]:
    return frozenset(_plain(word) for word in _lines("weak.txt")) | frozenset(
        _likened(_plain(w)) for w in _lines("weak.txt")
    )


def _lines(name: str) -> Iterator[str]:
    text = resource("passwords", name).read_text(encoding="utf-8")
    return (line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _plain(text: str) -> str:
    """For judging only: width and case do not make a password harder to guess."""
    return unicodedata.normalize("NFKC", text).casefold()


def _likened(text: str) -> str:
    return text.translate(_LOOKS)


def _unpredictable(plain: str) -> int:
    """The least number of pieces the password falls into; a common word, run, date or repetition is one piece."""
    likened, words = _likened(plain), _weak_words()
    least = [0] * (len(plain) + 1)
    for end in range(1, len(plain) + 1):
        least[end] = least[end - 1] + 1
        for start in range(max(0, end - 24), end - 2):
            if least[start] + 1 < least[end] and _is_piece(plain, likened, start, end, words):
                least[end] = least[start] + 1
    return least[-1]


def _is_piece(plain: str, likened: str, start: int, end: int, words: frozenset[str]) -> bool:
    piece = plain[start:end]
    return (
        piece in words
        or likened[start:end] in words
        or piece in plain[: start + 1]
        or _is_run(piece)
        or _DATE.fullmatch(piece) is not None
    )


def _is_run(piece: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(piece)}
    if steps in ({0}, {1}, {-1}):
        return True
    return any(piece in row or piece[::-1] in row for row in _ROWS)


def _holds(plain: str, name: str) -> bool:
    solid = re.sub(r"[\W_]+", "", plain)
    words = {word for word in _name_words(name) if len(word) >= 2}
    if any(word in solid for word in words if not word.isascii()):
        return True
    spelled = {word for word in words if word.isascii()} | {s for w in words if not w.isascii() for s in _pinyin(w)}
    return any(_stands(word, plain, solid) for word in spelled)


def _stands(word: str, plain: str, solid: str) -> bool:
    """Long spellings count anywhere; short ones only as a run of letters of their own, or half of all phrases would fall."""
    if len(word) >= 6:
        return word in solid
    return len(word) >= 3 and re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain) is not None


def _name_words(name: str) -> set[str]:
    plain = _plain(name)
    whole = re.sub(r"[\W_]+", "", plain)
    parts = re.split(r"[\W_]+", plain)
    cores = [core for part in parts for core in _ORDINARY.split(part)]
    return {whole, *parts, *cores} - {""}


def _pinyin(word: str) -> set[str]:
    """The word's spellings in pinyin, in the readings of its characters (at most 32)."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # the phrase dictionary costs 44 MB
    from pypinyin import Style, pinyin

    readings = [[_plain(r) for r in each][:2] for each in pinyin(word, style=Style.NORMAL, heteronym=True)]
    return {"".join(spelled) for spelled in islice(product(*readings), 32)}
