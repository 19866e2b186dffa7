"""What a class list's guardians make of those on file: who is who, what changes, and who is only perhaps the same person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.rooms.students.choices import Relation
from app.rooms.students.classlist.entries import Carer

CARER_FIELDS = {"name": "姓名", "relation": "关系", "phone": "电话", "phone2": "第二电话", "address": "住址"}
_ONE_OF_A_KIND = (Relation.FATHER, Relation.MOTHER)


@dataclass(frozen=True)
class GuardianPlan:
    """What becomes of one guardian: an existing one changes, or a new one (id None) is made."""

    guardian_id: int | None
    values: dict[str, Any]
    is_primary: bool
    renames: bool = False
    """The guardian on file gets another name: a correction or another person; only the counsellor can tell."""


def guardian_plans(guardians: Sequence[Any], carers: Sequence[Carer]) -> list[GuardianPlan]:
    """What the list's guardians make of those on file. The primary one stays unless the list says that somebody else is.

    Who on file has another name and no relation to tell by is left alone: the list's guardian is a new one beside.
    """
    primary = next((guardian for guardian in guardians if guardian.is_primary), None)
    matched = _matched(guardians, primary, carers)
    stays = primary is not None and (
        any(guardian is primary for guardian in matched) or _is_anybody(matched[:1], carers)
    )
    plans = []
    for at, (carer, guardian) in enumerate(zip(carers, matched, strict=True)):
        leads = guardian is primary if stays else at == 0
        if guardian is None:
            given = {field: value for field in CARER_FIELDS if (value := getattr(carer, field))}
            plans.append(GuardianPlan(None, given, leads))
            continue
        values = {
            field: value
            for field in CARER_FIELDS
            if (value := getattr(carer, field)) and value != getattr(guardian, field)
        }
        if values or leads != guardian.is_primary:
            plans.append(GuardianPlan(guardian.id, values, leads, bool(guardian.name) and "name" in values))
    if carers and primary is not None and not stays:
        plans.append(GuardianPlan(primary.id, {}, False))
    return plans


def renames(plans: Iterable[GuardianPlan]) -> bool:
    """Whether a guardian on file would get another name."""
    return any(plan.renames for plan in plans)


def _matched(guardians: Sequence[Any], primary: Any, carers: Sequence[Carer]) -> list[Any]:
    """The guardian on file that each of the list's is, or None: by name, then by being the only one it can be."""
    left = list(guardians)
    found: list[Any] = [None] * len(carers)
    for by in (_same_name, _same_kind):
        for at, carer in enumerate(carers):
            if found[at] is None:
                found[at] = next((guardian for guardian in left if by(guardian, carer)), None)
                left = [guardian for guardian in left if guardian is not found[at]]
    if carers and found[0] is None and primary in left and _may_be(primary, carers[0]):
        found[0] = primary
    return found


def _same_name(guardian: Any, carer: Carer) -> bool:
    return bool(carer.name) and guardian.name == carer.name


def _same_kind(guardian: Any, carer: Carer) -> bool:
    return carer.relation in _ONE_OF_A_KIND and guardian.relation is carer.relation


def _may_be(primary: Any, carer: Carer) -> bool:
    """Whether one has no name and nothing says that they are two people."""
    nameless = not carer.name or not primary.name
    return nameless and (carer.relation in (None, primary.relation) or primary.relation is Relation.OTHER)


def _is_anybody(first: Sequence[Any], carers: Sequence[Carer]) -> bool:
    """Whether neither the list nor the file says what the list's first guardian is to the student."""
    known = first[0].relation if first and first[0] is not None else None
    return bool(carers) and carers[0].relation is None and known in (None, Relation.OTHER)
