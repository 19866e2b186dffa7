"""What a column without a known header holds, by the looks of its cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from app.rooms.students.classlist.meanings import Meaning

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白"
    "崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿"
    "牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚"
    "廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
_ID_CARD = re.compile(r"\d{17}[\dxX]")
_LOOKS = (
    (Meaning.GENDER, re.compile(r"男|女|男生|女生")),
    (Meaning.PHONE, re.compile(r"1[3-9]\d{9}")),
    (
        Meaning.BIRTH,
        re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?: .*)?|20[01]\d(?:0[1-9]|1[0-2])[0-3]\d"),
    ),
    (Meaning.CLASS, re.compile(r".{0,6}[\d一二三四五六七八九十]{1,3}[)]?班|[7-9]\d\d|1[012]\d\d")),
    (Meaning.GRADE, re.compile(r"[一二三四五六七八九]年级|[初高][一二三]|20\d\d级")),
    (Meaning.BOARDING, re.compile(r"住宿|走读|住校|通校|寄宿")),
    (Meaning.RELATION, re.compile(r"[父母]亲|[爷奶]{2}|爷爷|奶奶|外公|外婆|妈妈|爸爸|祖父|祖母")),
)


def guess(samples: Sequence[str]) -> Meaning | None:
    """The meaning that nearly all of the cells look like, or None."""
    cells = [unicodedata.normalize("NFKC", sample) for sample in samples]
    if len(cells) < 3:
        return None
    if _most(cells, _ID_CARD):
        return Meaning.IGNORED
    for meaning, shape in _LOOKS:
        if _most(cells, shape):
            return meaning
    if sum(_is_name(cell) for cell in cells) * 10 >= len(cells) * 8 and len(set(cells)) * 10 >= len(cells) * 7:
        return Meaning.NAME
    if _is_numbering(cells):
        return None
    numbers = [cell for cell in cells if re.fullmatch(r"[A-Za-z]{0,2}\d{5,14}", cell)]
    return Meaning.NUMBER if len(set(numbers)) * 10 >= len(cells) * 9 else None


def _most(cells: Sequence[str], shape: re.Pattern[str]) -> bool:
    return sum(1 for cell in cells if shape.fullmatch(cell)) * 10 >= len(cells) * 9


def _is_name(cell: str) -> bool:
    plain = re.sub(r"\s", "", cell)
    return (
        2 <= len(plain) <= 4
        and plain[0] in _SURNAMES
        and all("\u3400" <= c <= "\u9fff" or ord(c) > 0xFFFF for c in plain)
    )


def _is_numbering(cells: Sequence[str]) -> bool:
    """Whether the cells count up by one from a small number."""
    return (
        all(cell.isdigit() for cell in cells)
        and int(cells[0]) < 1000
        and len(cells[0]) < 5
        and int(cells[-1]) - int(cells[0]) < 5 * len(cells)
    )
