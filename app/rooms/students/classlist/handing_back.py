"""The problem rows of a class list as a spreadsheet, to hand back to the office."""

from __future__ import annotations

import io
from collections.abc import Sequence

from app.rooms.students.classlist.entries import RowProblem

MOST_LETTERS = 32_767
"""What one cell of a spreadsheet can hold; more would be cut off in silence."""


def problem_sheet(file: str, problems: Sequence[RowProblem]) -> bytes:
    """An .xlsx of sheet, row, reason and content, one problem a line; every cell is text, none a formula or a link."""
    import xlsxwriter

    held = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(held, options)
    sheet = book.add_worksheet("需要核对的行")
    bold, wrapped = (
        book.add_format({"bold": True}),
        book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
    )
    sheet.write_string(0, 0, f"{file}:下列 {len(problems)} 行没有导入,请核对后改正", bold)
    for column, (words, width) in enumerate((("工作表", 14), ("行号", 8), ("原因", 44), ("这一行的内容", 70))):
        sheet.write_string(1, column, words, bold)
        sheet.set_column(column, column, width)
    for at, problem in enumerate(problems, 2):
        content = " | ".join(cell for cell in problem.content if cell)
        for column, words in enumerate((problem.sheet, str(problem.row), problem.reason, content)):
            sheet.write_string(at, column, words[:MOST_LETTERS], wrapped)
    sheet.freeze_panes(2, 0)
    book.close()
    return held.getvalue()
