"""The problem rows of a class list as a spreadsheet, to hand back to the office: the columns are the list's own."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.rooms.students.classlist.columns import Column, Layout, Mapping
from app.rooms.students.classlist.entries import RowProblem

if TYPE_CHECKING:
    from xlsxwriter import Workbook

MOST_LETTERS = 32_767
"""What one cell of a spreadsheet can hold; more would be cut off in silence."""
LONGEST_NAME = 31
"""Letters in the name of a spreadsheet's sheet."""
_WHERE, _WHY = "行号", "没有导入的原因"


def problem_sheet(file: str, layouts: Sequence[Layout], mapping: Mapping, problems: Sequence[RowProblem]) -> bytes:
    """An .xlsx with a sheet for each sheet that has problems: row, reason, and what the list says, under the list's own header.

    Columns that are not imported (identity numbers among them) stay behind. Put right, it can be imported as it is. Every cell
    is text, none a formula or a link.
    """
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    for layout in layouts:
        of_sheet = [problem for problem in problems if problem.sheet == layout.sheet]
        if of_sheet:
            _write(book, file, layout, mapping.imported(layout), of_sheet)
    book.close()
    return held.getvalue()


def _write(
    book: Workbook, file: str, layout: Layout, columns: Sequence[Column], problems: Sequence[RowProblem]
) -> None:
    sheet = book.add_worksheet(_free_name(book, layout.sheet))
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    titles = " ".join((file, *layout.titles))  # they may say the grade or the kind of school
    sheet.write_string(0, 0, f"{titles}：下列 {len(problems)} 行没有导入，请核对后改正"[:MOST_LETTERS], bold)
    for at, label in enumerate((_WHERE, _WHY, *(column.label for column in columns))):
        sheet.write_string(1, at, label[:MOST_LETTERS], bold)
        sheet.set_column(at, at, {_WHERE: 8, _WHY: 40}.get(label, 16))
    for at, problem in enumerate(problems, 2):
        held = [problem.content[c.place] if c.place < len(problem.content) else "" for c in columns]
        for across, words in enumerate((str(problem.row), problem.reason, *held)):
            sheet.write_string(at, across, words[:MOST_LETTERS], wrapped)
    sheet.freeze_panes(2, 0)


def _free_name(book: Workbook, name: str) -> str | None:
    """The sheet's name as a spreadsheet may have it, once in the book; None lets the book number its sheets."""
    fit = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:LONGEST_NAME]
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()}
    return fit if fit and fit.casefold() not in taken else None
