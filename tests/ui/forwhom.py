"""Answers to whom and why, and filling them into a print or export dialog."""

from __future__ import annotations

from app.ui.exporting import ExportDialog
from app.ui.printing import PrintDialog
from app.vault.outgoing import ForWhom

HOSPITAL = ForWhom("接诊医院", "转介就诊")
MOTHER = ForWhom("监护人", "签字确认")


def fill(dialog: PrintDialog | ExportDialog, answer: ForWhom = HOSPITAL) -> None:
    """Type the answer in."""
    assert dialog.for_whom is not None
    dialog.for_whom.to_whom.set_value(answer.to_whom)
    dialog.for_whom.purpose.set_value(answer.purpose)
