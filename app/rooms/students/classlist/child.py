"""The process that opens a spreadsheet: it may die of a hostile file, and what it sends back is text, nothing that could run.

Runs as a file of its own, not as a module, and imports only the standard library and the reader: it starts quickly and holds no key.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

MEMORY = 1 << 30
"""Bytes of address space the process may take."""
MOST_ROWS = 60_000
"""Filled rows of one sheet."""
PASSWORD, UNREADABLE, TOO_LARGE = "password", "unreadable", "too large"


def main() -> int:
    """Take a workbook from standard input, answer with its sheets as JSON, or with what went wrong."""
    content = sys.stdin.buffer.read()
    _limit()
    answer = json.dumps(_read(content), ensure_ascii=False).encode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _limit() -> None:
    """A limit on memory, and no core file: it would hold the list in plain."""
    try:
        import resource
    except ImportError:  # Windows: there an allocation beyond the page file ends the process all the same
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(content: bytes) -> dict[str, Any]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets, hidden = [], []
        for meta in book.sheets_metadata:
            if meta.visible is not SheetVisibleEnum.Visible:
                hidden.append(meta.name)
            elif meta.typ is SheetTypeEnum.WorkSheet:
                sheets.append(_sheet(book.get_sheet_by_name(meta.name)))
    except PasswordError:
        return {"wrong": PASSWORD}
    except MemoryError:
        return {"wrong": TOO_LARGE}
    except (CalamineError, OSError, ValueError):
        return {"wrong": UNREADABLE}
    if any(sheet is None for sheet in sheets):
        return {"wrong": TOO_LARGE}
    return {"sheets": sheets, "hidden": hidden}


def _sheet(sheet: Any) -> dict[str, Any] | None:
    """Name, filled rows with their numbers, merged cells; None for a sheet with too many rows."""
    start = sheet.start or (0, 0)
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(
        sheet.iter_rows(), 1
    ):  # from the sheet's first row, but from its first filled column
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            rows.append((number, [""] * start[1] + [_cell(cell) for cell in cells]))
            if len(rows) > MOST_ROWS:
                return None
    merged = [(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    return {"name": sheet.name, "rows": rows, "merged": merged}


def _cell(cell: Any) -> Any:
    """Text, numbers and truth values as they are; a day or a moment as ``{"day": ISO}``."""
    if isinstance(cell, str | int | float):
        return cell
    if isinstance(cell, datetime.date):
        return {"day": cell.isoformat()[:10]}
    return str(cell)


if __name__ == "__main__":
    sys.exit(main())
