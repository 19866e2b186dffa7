"""Every check of an opened vault: pages, structure, seals, trail, each record against the trail, and the search index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import LargeBinary, func, inspect, select
from sqlalchemy.orm import Session

from app.vault import chain, meta, triggers
from app.vault.record import Record
from app.vault.search import SearchEntry
from app.vault.trail import CHANGES, Act, Link
from app.vault.vault import Vault

Checks = tuple[tuple[str, Callable[[Vault, Session], Iterator[str]]], ...]


@dataclass(frozen=True)
class Finding:
    """What one check found. ``faults`` name kinds, ids, rows and pages, never content; empty when all is well."""

    check: str
    faults: tuple[str, ...]


def check(vault: Vault) -> list[Finding]:
    """Run every check on a vault whose record kinds have been imported; takes seconds for a large one."""
    vault.checkpoint()  # the page check reads the main file past the write-ahead log
    return _run(vault, (_PAGES,)) + check_file(vault) + check_records(vault)


def check_file(vault: Vault) -> list[Finding]:
    """The checks that ask nothing of the schema: they hold for a vault that an older program wrote as well."""
    return _run(vault, _OF_FILE)


def check_records(vault: Vault) -> list[Finding]:
    """The checks that know what the newest schema holds; the kinds of records must have been imported."""
    return _run(vault, _OF_RECORDS)


def _run(vault: Vault, checks: Checks) -> list[Finding]:
    with vault.read() as session:
        return [Finding(name, tuple(run(vault, session))) for name, run in checks]


def _pragma(session: Session, pragma: str) -> list[str]:
    return [" ".join(map(str, row)) for row in session.connection().exec_driver_sql(f"PRAGMA {pragma}")]


def _pages(_vault: Vault, session: Session) -> Iterator[str]:
    yield from _pragma(session, "cipher_integrity_check")


def _structure(_vault: Vault, session: Session) -> Iterator[str]:
    yield from (row for row in _pragma(session, "integrity_check") if row != "ok")
    yield from _pragma(session, "foreign_key_check")


def _identity(vault: Vault, session: Session) -> Iterator[str]:
    if meta.vault_id(session) != vault.vault_id:
        yield "vault_id"


def _seals(_vault: Vault, session: Session) -> Iterator[str]:
    yield from triggers.differences(session.connection())


def _trail(vault: Vault, session: Session) -> Iterator[str]:
    verdict = chain.judge(vault, session)
    if not verdict.sound:
        yield verdict.sentence


def _records(vault: Vault, session: Session) -> Iterator[str]:
    """Each record against its last payload in the trail: an old page put back is found here alone (security.md P5)."""
    newest = select(func.max(Link.seq)).where(Link.act.in_(CHANGES)).group_by(Link.kind, Link.record)
    said: dict[tuple[str, int | None], tuple[str, str]] = {
        (row.kind, row.record): (row.act, row.payload)
        for row in session.execute(select(Link.kind, Link.record, Link.act, Link.payload).where(Link.seq.in_(newest)))
    }
    for mapper in Record.registry.mappers:
        kind: type[Record] = mapper.class_
        if not kind.trailed:
            continue
        for record in session.scalars(select(kind).execution_options(yield_per=500)):
            act, payload = said.pop((kind.__tablename__, record.own_id), ("", ""))
            if act in ("", Act.GONE.value) or payload != vault.trail.payload(record):
                yield f"{kind.__tablename__} {record.own_id}"
            session.expunge(record)
    yield from (f"{kind} {number} lost" for (kind, number), (act, _) in said.items() if act != Act.GONE.value)


def _contents(_vault: Vault, session: Session) -> Iterator[str]:
    """The bytes of files and papers against their SHA-256, which stands in the row and is in the trail; the bytes are not."""
    for mapper in Record.registry.mappers:
        kind: type[Record] = mapper.class_
        columns = inspect(kind).columns
        binary = [column for column in columns if isinstance(column.type, LargeBinary)]
        if "sha256" not in columns or len(binary) != 1:
            continue
        rows = session.execute(select(columns["id"], columns["sha256"], binary[0]).execution_options(yield_per=1))
        yield from (f"{kind.__tablename__} {number}" for number, said, held in rows if sha256(held).hexdigest() != said)


def _search(_vault: Vault, session: Session) -> Iterator[str]:
    indexed = session.connection().exec_driver_sql("SELECT count(*) FROM search_docsize").scalar_one()
    listed = session.scalar(select(func.count()).select_from(SearchEntry))
    if indexed != listed:
        yield f"search {indexed} / {listed}"


_PAGES = ("页面校验", _pages)
_OF_FILE: Checks = (
    ("文件结构", _structure),
    ("档案编号", _identity),
    ("留痕链", _trail),
)
_OF_RECORDS: Checks = (
    ("签署保护", _seals),
    ("记录与留痕一致", _records),
    ("附件与文书内容", _contents),
    ("检索", _search),
)
