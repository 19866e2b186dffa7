"""The content code: twelve hex digits that stand for a document's words and number, printed in its footer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from app.documents.blocks import Document


def content_code(document: Document) -> str:
    """First 12 hex digits of SHA-256 over the blocks and the number as canonical JSON (sorted keys, UTF-8, no spaces).

    The footer, the time and the pictures are not covered: they are known only when the document is issued.
    """
    covered = {
        "number": document.number,
        "title": document.title,
        "sheets": [{"name": sheet.name, "blocks": _plain(sheet.blocks)} for sheet in document.sheets],
        "extras": document.extras,
    }
    canonical = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"block": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.value if isinstance(value, Enum) else value
