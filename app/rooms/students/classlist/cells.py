"""One cell at a time: what schools write for a name, a number, a day, a phone, told apart from what cannot be taken."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from app.rooms.students.classlist.sheets import Cell

EARLIEST = date(1980, 1, 1)
"""No student was born before."""
_EPOCH = date(1899, 12, 30)
_SERIALS = range(29_221, 80_000)
_REVERSING = "\u202e"
_UNSEEN = dict.fromkeys(
    map(
        ord,
        "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    ),
    None,
)
"""What telephones and dialogs put around copied text, never to be seen; in a number it would make another number."""
_DOTS = dict.fromkeys(map(ord, "•・･‧∙⋅●"), "·")
_NOTHING = {
    "",
    "-",
    "--",
    "—",
    "——",
    "/",
    "\\",
    "无",
    "暂无",
    "没有",
    "不详",
    "未知",
    "空",
    "none",
    "null",
    "nan",
    "n/a",
    "0000-00-00",
}
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e[+-]?\d+", re.IGNORECASE)
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff\uf900-\ufaff〇○]"
_DATES = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年\\]\s*(?P<m>\d{1,2})\s*[-/.月\\]\s*(?P<d>\d{1,2})\s*[日号]?(?:[t\s]+[\d:.]+)?z?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>\d{4})\s+(?P<m>\d{1,2})\s+(?P<d>\d{1,2})"),
    re.compile(r"(?P<y>\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"),
)


class Unreadable(ValueError):
    """A cell that cannot be taken; ``why`` is a Chinese reason without the student's name."""

    def __init__(self, why: str) -> None:
        super().__init__("a cell cannot be read")
        self.why = why


def words(cell: Cell) -> str:
    """The cell as text: half-width, no padding, no invisible characters; whole numbers without a decimal point."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e21:
        cell = int(cell)
    text = str(cell)
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip()


def optional(cell: Cell) -> str:
    """The cell as text; empty where schools write that there is nothing."""
    text = words(cell)
    return "" if text.casefold() in _NOTHING else text


def plain_text(cell: Cell) -> str:
    """Free text as it was written, without padding; what begins with ``=`` is text as well."""
    text = cell.translate(_UNSEEN).strip() if isinstance(cell, str) else words(cell)
    return "" if text.casefold() in _NOTHING else text


def name(cell: Cell) -> str:
    """A person's name: padding between characters goes (李  明 → 李明), the dot of long names is always ·; empty when missing.

    Raises Unreadable for a masked name, for what has no letter in it, and for one that reads in another order than it is written.
    """
    text = str(cell) if isinstance(cell, str) else words(cell)
    if _REVERSING in text:
        raise Unreadable("姓名里有看不见的改变书写方向的字符")
    text = _plain_width(text.translate(_UNSEEN).translate(_DOTS))
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(rf"(?<={_HAN}) (?={_HAN})", "", text)
    text = re.sub(r" ?· ?", "·", text)
    if not text or text.casefold() in _NOTHING:
        return ""
    if re.search(r"[*×＊xX某]$|\*", text) and re.search(_HAN, text):
        raise Unreadable("姓名被遮住了一部分(带 * 号)")
    if not any(character.isalpha() for character in text):
        raise Unreadable("姓名里没有文字")
    return text


def _plain_width(text: str) -> str:
    """Full-width letters, digits and spaces as half-width ones; characters themselves stay as they are."""
    if text.isascii():
        return text
    return "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" or c.isspace() else c for c in text)


def number(cell: Cell) -> str:
    """A student's number: text with its leading zeros, without spaces; empty when missing.

    Raises Unreadable where the spreadsheet has already lost digits.
    """
    if isinstance(cell, date):
        raise Unreadable("学号被表格改成了日期")
    if isinstance(cell, float) and (not cell.is_integer() or abs(cell) >= 1e15):
        raise Unreadable("学号变成了小数或科学计数法，原来的数字已丢失")
    text = re.sub(r"\s", "", words(cell)).lstrip("'`")
    if text.casefold() in _NOTHING:
        return ""
    if _SCIENTIFIC.fullmatch(text) and ("." in text or "+" in text):
        raise Unreadable("学号变成了科学计数法，原来的数字已丢失")
    text = re.sub(r"\.0+$", "", text)
    if not any(character.isalnum() for character in text) or len(text) > 40:
        raise Unreadable("学号看不懂")
    return text


def phones(cell: Cell) -> list[str]:
    """The telephone numbers of a cell, as digits; none when it is empty. Raises Unreadable where digits were lost."""
    if isinstance(cell, float) and not cell.is_integer():
        raise Unreadable("电话变成了小数")
    text = words(cell)
    if text.casefold() in _NOTHING:
        return []
    if _SCIENTIFIC.fullmatch(text):
        raise Unreadable("电话变成了科学计数法，原来的数字已丢失")
    text = re.sub(r"(?:^|(?<=\D))(?:\+|00)86[- ]?(?=1\d)", "", text)
    found = []
    for part in re.split(r"[/,;、|或\n]|(?<=\d{11})\s+(?=1\d)", text):
        digits = re.sub(r"\D", "", re.sub(r"(?:转|ext).*$", "", part))
        if digits and len(digits) > 20:
            raise Unreadable("电话的位数不对")
        if len(digits) >= 5:
            found.append(digits)
    if not found and any(c.isdigit() for c in text):
        raise Unreadable("电话的位数不对")
    return list(dict.fromkeys(found))


def day(cell: Cell, today: date) -> date | None:
    """A birth date in any usual shape; None when empty. Raises Unreadable for a day there is not, or one yet to come."""
    if isinstance(cell, date):
        return _sensible(cell, today)
    text = optional(cell).strip("'`\"。")
    if not text:
        return None
    if text.isdigit() and len(text) == 5 and int(text) in _SERIALS:  # a day the spreadsheet shows as its count
        return _sensible(_EPOCH + timedelta(days=int(text)), today)
    for shape in _DATES:
        match = shape.fullmatch(text.casefold())
        if match is not None:
            return _sensible(_made(match), today)
    raise Unreadable("出生日期看不懂")


def _made(match: re.Match[str]) -> date:
    year = int(match["y"])
    try:
        return date(year if year > 99 else 2000 + year, int(match["m"]), int(match["d"]))
    except ValueError:
        raise Unreadable("没有这一天：出生日期写错了") from None


def _sensible(found: date, today: date) -> date:
    if not EARLIEST <= found <= today:
        raise Unreadable("出生日期不在合理的年份里")
    return found


_YES = {
    "是",
    "住宿",
    "住校",
    "寄宿",
    "内宿",
    "住",
    "住宿生",
    "住校生",
    "寄宿生",
    "内宿生",
    "全寄宿",
    "y",
    "yes",
    "true",
    "1",
    "√",
    "✓",
    "✔",
    "有",
}
_NO = {
    "否",
    "走读",
    "通校",
    "不住宿",
    "不住校",
    "走",
    "走读生",
    "通校生",
    "外宿",
    "外宿生",
    "n",
    "no",
    "false",
    "0",
    "×",
    "x",
    "不",
    "非住宿",
    "非寄宿",
}


SPEAKING = {word for word in _YES | _NO if len(word) > 1 and not word.isascii() and word[0] in "住寄内全走通外非"}
"""Words that say by themselves who boards, whatever stands above the column; 是 and 1 answer the header's question."""


def boarding(cell: Cell) -> bool | None:
    """Whether the student boards; None when empty or when the word says neither."""
    text = words(cell).casefold()
    return True if text in _YES else False if text in _NO else None
