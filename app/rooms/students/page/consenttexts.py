"""A consent as the texts of its form, and back; the texts of one that is to be given again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Student, signature_lacking

DAYS = ("signed_at", "valid_until", "written_at", "withdrawn_at")


def texts_of(consent: Consent) -> dict[str, str]:
    """The record as the form's texts."""
    return {
        "type": consent.type.value,
        "decision": consent.decision.value,
        "signer_role": consent.signer_role.value,
        "signer_name": consent.signer_name,
        "guardian": str(consent.guardian_id or ""),
        "method": consent.method.value,
        "scope": " ".join(consent.scope),
        "scope_text": consent.scope_text,
        "exceptions": "1" if consent.exceptions_explained else "",
        **{name: (day.isoformat() if (day := getattr(consent, name)) else "") for name in DAYS},
    }


def texts_again(before: Consent, student: Student, on: date) -> dict[str, str]:
    """The same consent anew: by the student where the guardian's still stands, by all who have to sign where it has run out."""
    kept = ("type", "decision", "scope", "scope_text")
    texts = {name: text for name, text in texts_of(before).items() if name in kept}
    if before.holds(on):
        return texts | {"signer_role": SignerRole.STUDENT.value, "guardian": "", "signer_name": student.name}
    return texts | {"signer_role": who_signs(student.birth_date, on).value}


def who_signs(born: date | None, on: date) -> SignerRole:
    """The guardian, from 14 on with the student."""
    both = born is not None and bool(signature_lacking(born, on, SignerRole.GUARDIAN))
    return SignerRole.BOTH if both else SignerRole.GUARDIAN


def record_of(student_id: int, values: Mapping[str, str], days: Mapping[str, date | None]) -> Consent:
    """The form's texts and days as a record that is not in the vault yet. Raises ValueError without a day of signing."""
    signed_at = days["signed_at"]
    if signed_at is None:
        raise ValueError("a consent has a day")
    by_guardian = values["signer_role"] != SignerRole.STUDENT.value
    return Consent(
        student_id=student_id,
        type=ConsentType.read(values["type"]) or ConsentType.COUNSELLING,
        decision=ConsentDecision.read(values["decision"]) or ConsentDecision.AGREED,
        signer_role=SignerRole.read(values["signer_role"]) or SignerRole.GUARDIAN,
        signer_name=values["signer_name"].strip(),
        method=ConsentMethod.read(values["method"]) or ConsentMethod.PAPER,
        signed_at=signed_at,
        scope_text=values["scope_text"].strip(),
        scope=values["scope"].split(),
        guardian_id=int(values["guardian"]) if values["guardian"] and by_guardian else None,
        exceptions_explained=values["exceptions"] == "1",
        valid_until=days["valid_until"],
        withdrawn_at=days["withdrawn_at"],
        written_at=days["written_at"] if values["method"] == ConsentMethod.PHONE.value else None,
    )
