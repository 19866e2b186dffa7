"""Every reading of a name in pinyin, made once when the name is saved and kept beside it for the jump box."""

from __future__ import annotations

import os
from functools import cache
from itertools import islice, product

_DOUBLE = {
    "欧阳": "ou yang", "上官": "shang guan", "司徒": "si tu", "司马": "si ma", "诸葛": "zhu ge", "尉迟": "yu chi",
    "万俟": "mo qi", "长孙": "zhang sun", "皇甫": "huang fu", "令狐": "ling hu", "慕容": "mu rong", "夏侯": "xia hou",
    "东方": "dong fang", "公孙": "gong sun", "宇文": "yu wen", "澹台": "tan tai", "单于": "chan yu", "鲜于": "xian yu",
    "赫连": "he lian", "闻人": "wen ren", "钟离": "zhong li", "端木": "duan mu", "独孤": "du gu", "南宫": "nan gong",
}  # fmt: skip
"""Surnames of two characters, with the reading they have as a surname."""
_SURNAME = {
    "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "盖": "ge", "区": "ou", "曾": "zeng", "任": "ren", "朴": "piao",
    "冼": "xian", "翟": "zhai", "乐": "yue", "尉": "wei", "覃": "qin", "员": "yun", "华": "hua", "召": "shao", "缪": "miao",
    "逄": "pang", "繁": "po", "秘": "bi", "折": "she", "洗": "xian", "种": "chong", "那": "na", "郇": "xun", "宓": "mi",
    "晁": "chao", "尹": "yin", "薄": "bo", "臧": "zang", "句": "gou", "适": "kuo", "祭": "zhai", "哈": "ha", "撒": "sa",
}  # fmt: skip
"""Readings that a character has as a surname and the dictionary may lack."""
_MOST = 48
"""Readings kept of one name: four characters of several readings each would make hundreds."""


def readings(name: str) -> str:
    """The name's readings, one a line, the syllables separated by spaces: ``shan xiao ming`` and ``dan xiao ming``.

    pypinyin is imported at the first call; unlocking and searching need only what is stored.
    """
    syllables = [options for character in name if (options := _options(character))]
    if not syllables:
        return ""
    if len(name) > 1 and name[0] in _SURNAME:
        syllables[0] = tuple(dict.fromkeys((_SURNAME[name[0]], *syllables[0])))
    found = [" ".join(row) for row in islice(product(*syllables), _MOST)]
    if name[:2] in _DOUBLE:
        found = [" ".join((_DOUBLE[name[:2]], *row)) for row in islice(product(*syllables[2:]), _MOST)] + found
    return "\n".join(dict.fromkeys(found))


@cache
def _options(character: str) -> tuple[str, ...]:
    if character.isascii():
        return (character.lower(),) if character.isalnum() else ()
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # the phrase dictionary drops readings and costs 44 MB
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(reading.replace("ü", "v") for reading in found[0])) if found else ()
