"""What every record has in common."""

from __future__ import annotations

from app.vault.attachments import Attachment


def test_a_record_shows_nothing_of_itself_and_can_be_put_in_a_set() -> None:
    record = Attachment(
        kind="student", record_id=1, student_id=1, name="程辰𠮷.pdf", media="", size=1, sha256="", content=b"x"
    )
    assert "程辰𠮷" not in repr(record)
    assert record in {record}
