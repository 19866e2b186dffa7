"""Writes class lists the way other schools keep them, for the tests of the import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from app.rooms.students.classlist.columns import layouts, mapping_of
from app.rooms.students.classlist.entries import ClassList, Entry
from app.rooms.students.classlist.reading import read
from app.rooms.students.classlist.rows import class_list

TODAY = date(2026, 11, 20)
Rows = Sequence[Sequence[object]]


def xlsx(
    path: Path,
    sheets: dict[str, Rows],
    *,
    merged: Iterable[tuple[str, str, object]] = (),
    hidden: Iterable[str] = (),
    epoch_1904: bool = False,
) -> Path:
    """An .xlsx; ``merged`` are (sheet, range, value), written over the rows."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": epoch_1904})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), day)
                elif value is not None and value != "":
                    sheet.write(r, c, value)
        for of, where, value in merged:
            if of == name:
                sheet.merge_range(where, value)
        if name in hidden:
            sheet.hide()
    book.close()
    return path


def xls(path: Path, sheets: dict[str, Rows]) -> Path:
    """A workbook of 97–2003."""
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write(r, c, value, day)
                elif value is not None and value != "":
                    sheet.write(r, c, value)
    book.save(str(path))
    return path


def ods(path: Path, sheets: dict[str, Rows]) -> Path:
    """An OpenDocument spreadsheet."""
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        table = Table(name=name)
        for row in rows:
            line = TableRow()
            for value in row:
                if isinstance(value, date):
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                elif isinstance(value, int | float):
                    cell = TableCell(valuetype="float", value=value)
                elif value:
                    cell = TableCell(valuetype="string")
                else:
                    cell = TableCell()
                if value:
                    cell.addElement(P(text=str(value)))
                line.addElement(cell)
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def text(path: Path, rows: Rows, separator: str = ",", encoding: str = "utf-8") -> Path:
    """A text file."""
    path.write_bytes("".join(separator.join(map(str, row)) + "\r\n" for row in rows).encode(encoding))
    return path


def come_to(path: Path) -> ClassList:
    """What the program makes of a file on its own."""
    book = read(path)
    found = layouts(book)
    return class_list(book, found, mapping_of(found), TODAY)


def short(entry: Entry) -> tuple[str, str, str, int, int]:
    """The five things every import needs."""
    return entry.student_no, entry.name, entry.gender.label, entry.grade, entry.class_no
