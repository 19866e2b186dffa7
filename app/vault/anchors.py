"""Anchors: where the trail ended at the last lock, close or backup, kept in the key file and outside the folder (security.md §3.5).

The trail serves as the generation: every session appends to it, so its length and head name one state of the database, and
no commit pays for a counter of its own.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.errors import Problem
from app.vault import keycopies, outeranchor
from app.vault.keyfile import Anchor, KeyFile
from app.vault.outeranchor import Stand
from app.vault.trail import Act, Link

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.vault.vault import Vault


class Older(Problem):
    """The database, the key file or both are older than they were, or another line of the same vault; shown, never raised."""

    def __init__(self, event: str, sentence: str, next_step: str, **values: object) -> None:
        super().__init__(sentence, next_step, **values)
        self.event = event
        """What the trail's row of this opening says of it, in fixed words."""


def keep(vault: Vault) -> None:
    """Write down in both places where the trail ends; where that fails the old anchors still hold."""
    if vault.damaged or vault.closed:
        return
    with suppress(Problem, DBAPIError):
        with vault.read() as session:
            head, count = vault.trail.head(session), vault.trail.length(session)
        content, outside = keycopies.current(vault.folder, vault.master), outeranchor.read(vault)
        least = outside.generation if outside else 0  # past that of what an older file was put in the place of
        anchor = content.anchor
        if anchor is None or (anchor.head, anchor.count) != (head, count) or content.generation < least:
            anchor = Anchor(head, count, vault.now().isoformat(timespec="seconds"))

            def anchored(now: KeyFile) -> KeyFile:
                return replace(now, anchor=anchor, generation=max(now.generation, least))

            content = keycopies.change(vault.folder, vault.master, anchored)
        outeranchor.write(vault, Stand(content.generation, anchor))


def compare(vault: Vault, session: Session, content: KeyFile) -> Older | None:
    """What is older than it was when the vault was last closed here; None where all is as it was or newer."""
    outside = outeranchor.read(vault)
    keys_older = outside is not None and content.generation < outside.generation
    known = [outside.anchor if outside else None, None if keys_older else content.anchor]  # old keys know an old trail
    missing = next((one for one in known if one and vault.trail.code(session, one.count) != one.head), None)
    if missing is None:
        return _keys_older(vault, outside.anchor) if outside is not None and keys_older else None
    return _database_older(vault, session, missing, keys_older=keys_older)


def is_restored(session: Session) -> bool:
    """Whether the last that happened is a restore by this program, which put an older file there with her knowledge."""
    return session.scalar(select(Link.act).order_by(Link.seq.desc()).limit(1)) == Act.RESTORE.value


def _keys_older(vault: Vault, anchor: Anchor) -> Older:
    return Older(
        "钥匙文件比上次关闭时旧",
        "钥匙文件（vault.keys）比上次关闭时（{then}）旧，档案内容没有变旧。",
        "可能有人放回了旧的钥匙文件，已经作废的口令或恢复码可能又能打开档案。请现在就更换口令和恢复码。",
        then=_told(vault, anchor.at),
    )


def _database_older(vault: Vault, session: Session, missing: Anchor, *, keys_older: bool) -> Older:
    last, length = vault.trail.last_event(session), vault.trail.length(session)
    values: dict[str, object] = {
        "then": _told(vault, missing.at),
        "count": f"{missing.count:,}",
        "now": _told(vault, last.isoformat() if last else ""),
        "length": f"{length:,}",
    }
    what = "档案文件和钥匙文件都" if keys_older else "档案文件"
    if length < missing.count:
        sentence = "比上次关闭时旧：上次关闭于 {then}，留痕第 {count} 条；现在的文件只到 {now}，第 {length} 条。"
    else:
        sentence = "不是上次关闭时（{then}）的那一份：它从更早的一份另外写下来，最后写于 {now}。"
    return Older(
        f"{what}比上次关闭时旧",
        what + sentence,
        "可能有人放回了旧的备份。记录可以照常使用，请核对这段时间的内容是否都在；如果不是您放回的，请查明原因。",
        **values,
    )


def _told(vault: Vault, at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(vault.now().tzinfo):%Y-%m-%d %H:%M}" if at else "上次"
