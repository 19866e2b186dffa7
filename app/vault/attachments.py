"""Attachments: drawings, scans and old papers, stored inside the vault beside the record they belong to."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.errors import Problem
from app.vault.record import Kept, Record

LARGEST = 20 * 1024 * 1024
"""Bytes (design.md §1)."""

LONGEST_LABEL = 120
_LONGEST_ENDING = 8
_MAGIC = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
ENDINGS = {"application/pdf": (".pdf",), "image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",)}
"""How the name of a copy ends, by what the file is: a name that came with it may say something else."""


class Attachment(Kept, Record):
    """One file kept with a record. Its name is a label only; nothing is ever opened by it."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_owner", "kind", "record_id"),)

    kind: Mapped[str]
    record_id: Mapped[int]
    student_id: Mapped[int | None] = mapped_column(index=True)
    name: Mapped[str]
    media: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)


def read_file(path: Path) -> bytes:
    """A file's content, at most one byte more than ``LARGEST``; where the path is a link, of what it leads to.

    Raises Problem for what is no file (a folder, a device, a pipe), cannot be read, or changed while it was being read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise OSError
            content = file.read(LARGEST + 1)
            after = os.fstat(file.fileno())
    except (OSError, ValueError):
        raise Problem("「{name}」读不出来。", "请检查文件是否还在，或换一个位置。", name=label(path.name)) from None
    size = min(before.st_size, LARGEST + 1)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(content) != size:
        raise Problem("「{name}」正在被改动，没有添加。", "请等它保存或拷贝完，再添加一次。", name=label(path.name))
    return content


def add(session: Session, owner: Record, name: str, content: bytes) -> Attachment:
    """Keep a file with a record. Raises Problem for an empty, too large or foreign file; its kind is told by its content."""
    name = label(name)
    if not content:
        raise Problem("「{name}」是空文件，没有添加。", "请检查文件，或重新扫描。", name=name)
    if len(content) > LARGEST:
        raise Problem("「{name}」超过 20 MB，没有添加。", "请降低扫描分辨率或拆成几份再添加。", name=name)
    media = next((media for magic, media in _MAGIC if content.startswith(magic)), None)
    if media is None:
        raise Problem("「{name}」不是 PDF、JPEG 或 PNG，没有添加。", "请先另存为 PDF 或图片再添加。", name=name)
    attachment = Attachment(
        kind=owner.__tablename__,
        record_id=owner.own_id,
        student_id=owner.student(),
        name=name,
        media=media,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )
    session.add(attachment)
    return attachment


def of(session: Session, owner: Record) -> list[Attachment]:
    """The files kept with a record, oldest first, without their content; those in the bin left out."""
    where = (
        Attachment.kind == owner.__tablename__,
        Attachment.record_id == owner.own_id,
        Attachment.deleted_at.is_(None),
    )
    return list(session.scalars(select(Attachment).where(*where).order_by(Attachment.id)))


def content(session: Session, attachment_id: int) -> bytes:
    """The bytes of one file. Raises Problem when they are not what was stored."""
    row = session.execute(select(Attachment.content, Attachment.sha256).where(Attachment.id == attachment_id)).one()
    if hashlib.sha256(row.content).hexdigest() != row.sha256:
        raise Problem("这个附件的内容与存入时不同，没有打开。", "请从备份中取回这份附件。")
    return bytes(row.content)


def label(name: str) -> str:
    """A file's name as a harmless label: no folders, no control or direction characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].replace(":", "_")
    kept = "".join(c for c in last if c.isprintable() and c not in '<>"|?*').strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return kept[:LONGEST_LABEL].rstrip(". ") or "附件"
    return f"{stem[: LONGEST_LABEL - 1 - len(ending)].rstrip('. ')}.{ending}"
