"""Whether the trail holds, in plain words: from its first row to the head the key file keeps, or to one read off a printed page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.vault import keycopies
from app.vault.keycopies import KeyFileMissing
from app.vault.keyfile import Anchor
from app.vault.trail import SHOWN, Going, Link, Reach, read_code
from app.vault.vault import Vault


class NotACode(Problem):
    """What was typed in is no head of a trail."""

    def __init__(self) -> None:
        super().__init__(
            "这不是记录链的链头。", "请照纸上页脚「记录链」后面的 12 位输入，只有数字和字母 a 到 f，空格可以不写。"
        )


@dataclass(frozen=True)
class ChainVerdict:
    """What the verification says: templates and their values, so that the screen can translate them."""

    sound: bool
    template: str
    values: dict[str, str] = field(default_factory=dict)
    next_template: str = ""

    @property
    def sentence(self) -> str:
        """What was found, and what to do."""
        return (self.template + self.next_template).format(**self.values)


def judge(vault: Vault, session: Session, printed: str = "", going: Going | None = None) -> ChainVerdict:
    """Verify the whole trail; ``printed`` is a head as it was typed in from a document, empty for none.

    Takes about a second for 200,000 rows; ``going`` may raise to give it up. Raises NotACode.
    """
    code = read_code(printed) if printed.strip() else ""
    if code is None:
        raise NotACode
    reach = vault.trail.reach(session, code, going)
    if reach.broken is not None:
        return _broken(vault, session, reach)
    anchor = _anchor(vault)
    if anchor is not None and vault.trail.code(session, anchor.count) != anchor.head:
        return ChainVerdict(
            False,
            "钥匙文件记着第 {count} 行，档案里没有同样的一行：末尾有行被截去，或者放回了旧的档案文件。",
            {"count": f"{anchor.count:,}"},
            "请保留现在的整个文件夹，用最近的备份或纸上的链头核对少了哪些。",
        )
    if not code:
        values = {"length": f"{reach.length:,}", "head": in_fours(reach.head[:SHOWN])}
        return ChainVerdict(True, "从第 1 行到第 {length} 行全部对得上，现在的链头是 {head}。", values)
    if reach.met is None:
        return ChainVerdict(
            False,
            "档案里没有这个链头。",
            {},
            "请先核对有没有输错；如果没有输错，就是印那份纸以后有行被截去、改动或换过，请用最近的备份核对。",
        )
    values = _met(vault, session, reach) | {"length": f"{reach.length:,}"}
    told = "纸上的链头是第 {met} 行({at})。从第 1 行到这一行与印那份纸时完全一致，到现在的第 {length} 行也全部对得上。"
    return ChainVerdict(True, told, values)


def in_fours(code: str) -> str:
    """A code as it is printed: 12ab 34cd 56ef."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _broken(vault: Vault, session: Session, reach: Reach) -> ChainVerdict:
    values: dict[str, str] = {"row": f"{reach.broken:,}"}
    next_step = "请保留现在的整个文件夹，用最近的备份核对从这一行起有什么不同。"
    if reach.met is None:
        return ChainVerdict(False, "从第 {row} 行起对不上：有行被改动、删去、插入或调换过。", values, next_step)
    told = (
        "纸上的链头是第 {met} 行({at})，从第 1 行到这一行与印那份纸时完全一致；"
        "但从第 {row} 行起对不上：有行被改动、删去、插入或调换过。"
    )
    return ChainVerdict(False, told, values | _met(vault, session, reach), next_step)


def _met(vault: Vault, session: Session, reach: Reach) -> dict[str, str]:
    at = session.scalars(select(Link.at).where(Link.seq == reach.met)).one()
    local = datetime.fromisoformat(at).astimezone(vault.now().tzinfo)
    return {"met": f"{reach.met:,}", "at": f"{local:%Y-%m-%d %H:%M}"}


def _anchor(vault: Vault) -> Anchor | None:
    """What the key file remembers of the last closing; None before the first, and where there is no key file."""
    try:
        return keycopies.sealed_by(keycopies.read_copies(vault.folder), vault.master).anchor
    except KeyFileMissing:
        return None
