"""Writing consents down: what one must have, and what stays as it is once a letter rests on it (domain.md 2.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.students import store
from app.rooms.students.choices import ConsentDecision
from app.rooms.students.record import Consent
from app.vault import bin
from app.vault.text import refuse_turning


class Incomplete(Problem):
    """A consent lacks what it must have; ``fields`` has a sentence for each column that is missing."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("还不能保存：{missing}", "补上后再保存。", missing="".join(fields.values()))
        self.fields = fields


def save(session: Session, consent: Consent) -> Consent:
    """Write a consent down. Raises Incomplete, or another Problem for a wrong order of days."""
    if missing := _missing(consent):
        raise Incomplete(missing)
    refuse_turning("签署人的姓名", consent.signer_name)
    if consent.valid_until is not None and consent.valid_until < consent.signed_at:
        raise Problem("有效期早于签署日期。", "请改正日期。")
    _check_written(consent.signed_at, consent.written_at)
    return session.merge(consent)


def conclude(session: Session, consent_id: int, *, written_at: date | None, withdrawn_at: date | None) -> Consent:
    """What may still be written of a consent that a letter rests on: the signature that was owed, the withdrawal."""
    consent = store.consent(session, consent_id)
    _check_written(consent.signed_at, written_at)
    consent.written_at, consent.withdrawn_at = written_at, withdrawn_at
    return consent


def check_free(letters: Sequence[str]) -> None:
    """Raise a Problem that names the letters (numbers) a consent may not be taken away under."""
    if letters:
        raise Problem(
            "已签发的转介函{letters}以这份同意为依据，不能修改或移到回收站。",
            "不再同意的，请登记撤回；写错的，请先作废那份转介函。",
            letters="、".join(letters),
        )


def discard(session: Session, consent_id: int, letters: Sequence[str], now: datetime) -> None:
    """Move a consent to the bin. Raises a Problem that names the ``letters`` resting on it."""
    check_free(letters)
    bin.put(store.consent(session, consent_id), now)


def _missing(consent: Consent) -> dict[str, str]:
    """A no needs a signer; a yes its scope and that the limits of confidence were explained, unless it is being withdrawn."""
    missing = {} if consent.signer_name.strip() else {"signer_name": "请填写签署人的姓名。"}
    if consent.decision is ConsentDecision.REFUSED or consent.withdrawn_at is not None:
        return missing
    if not consent.scope and not consent.scope_text.strip():
        missing["scope_text"] = "请写明同意的范围：同意的是什么，给谁、做什么用。"
    if not consent.exceptions_explained:
        missing["exceptions_explained"] = "请先向对方说明保密例外，再勾选「已说明保密例外」。"
    return missing


def _check_written(signed_at: date, written_at: date | None) -> None:
    if written_at is not None and written_at < signed_at:
        raise Problem("补签日期早于口头同意的日期。", "请改正日期。")
