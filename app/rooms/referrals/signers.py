"""Who answered: the person behind a consent, who is the same however entered, and whether that person may answer as a guardian."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.rooms.students.record import Consent, Guardian

_BETWEEN = re.compile(r"[、，,;；/／和及与&\s]+")
"""Between two names in one line: a consent of guardian and student names both."""


def guardian_of(consent: Consent, guardians: Sequence[Guardian]) -> Guardian | None:
    """The guardian on file who signed: the one that was chosen, else the one of the written name."""
    chosen = next((g for g in guardians if g.id == consent.guardian_id), None)
    if chosen is not None:
        return chosen
    written = {_plain(consent.signer_name), *_BETWEEN.split(consent.signer_name.strip())}
    return next((g for g in guardians if _plain(g.name) and {_plain(g.name), g.name} & written), None)


def person(guardian: Guardian) -> str:
    """The same for one person, entered once or twice."""
    return _plain(guardian.name) or f"#{guardian.id}"


def person_of(consent: Consent, guardians: Sequence[Guardian]) -> str:
    """The person who answered: the guardian on file, else the name as written."""
    guardian = guardian_of(consent, guardians)
    return person(guardian) if guardian is not None else _plain(consent.signer_name)


def _plain(name: str) -> str:
    return "".join(name.split())
