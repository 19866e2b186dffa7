"""The counsellor's booked times as iCalendar (RFC 5545), for her own calendar: times alone, no name, no kind, no place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from app.rooms.appointments.record import Appointment

_HEAD = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jingshi//Jingshi//ZH", "CALSCALE:GREGORIAN")


def calendar_file(appointments: Iterable[Appointment], vault_id: str, now: datetime) -> bytes:
    """UTF-8 with CRLF. Times are the school's own clock; each is known again by its number when the file is loaded twice."""
    lines = [*_HEAD]
    for one in appointments:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.id}-{vault_id[:8]}@jingshi",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{one.day:%Y%m%d}T{one.start:%H%M%S}",
            f"DTEND:{one.day:%Y%m%d}T{one.end:%H%M%S}",
            "SUMMARY:已约",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    return "\r\n".join((*lines, "END:VCALENDAR", "")).encode()
