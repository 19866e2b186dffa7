"""The groups of an import's preview as tables: what is new, changed, renamed, repeated, a problem or missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt, Signal

from app.rooms.school.record import class_name
from app.rooms.students.classlist.entries import Entry
from app.rooms.students.comparing import FIELDS, Known
from app.rooms.students.roster import Preview
from app.ui.language import label_of
from app.ui.tables import RowsModel, TableRow

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Group:
    """One tab of the preview. ``numbers`` are the student numbers of the rows that can be ticked, by the rows' keys."""

    key: str
    label: str
    hint: str
    headers: tuple[str, ...]
    widths: tuple[int, ...]
    rows: list[TableRow]
    numbers: list[str] = field(default_factory=list)


class TickRows(RowsModel):
    """Rows of which the first column is ticked or not; ``chosen`` are the student numbers ticked so far, over all groups."""

    ticked = Signal()

    def __init__(self, headers: Sequence[str], numbers: Sequence[str], chosen: set[str]) -> None:
        super().__init__(headers)
        self._numbers = numbers
        self._chosen = chosen

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.column() == 0 and role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self._number(index) in self._chosen else Qt.CheckState.Unchecked
        if index.column() == 0 and role == Qt.ItemDataRole.AccessibleTextRole:
            name = self.rows[index.row()].cells[1]
            return f"{name} {_tr('导入') if self._number(index) in self._chosen else _tr('不导入')}"
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = super().flags(index)
        return usual | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else usual

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if index.column() != 0 or role != Qt.ItemDataRole.CheckStateRole:
            return False
        self._tick(index, Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def toggle(self, row: int) -> None:
        """Tick a row or take its tick away."""
        index = self.index(row, 0)
        self._tick(index, self._number(index) not in self._chosen)

    def tick_all(self, on: bool) -> None:
        """Tick every row, or none."""
        (self._chosen.update if on else self._chosen.difference_update)(self._numbers)
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0), [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def _tick(self, index: Index, on: bool) -> None:
        (self._chosen.add if on else self._chosen.discard)(self._number(index))
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.CheckStateRole])
        self.ticked.emit()

    def _number(self, index: Index) -> str:
        return self._numbers[self.rows[index.row()].key]


def groups(shown: Preview) -> list[Group]:
    """The groups that have rows, in the order a counsellor looks at them; new students always."""
    made = [
        _new(shown.new),
        _changed(shown.changed),
        _renamed(shown.renamed),
        _guardian_renamed(shown.guardian_renamed),
        problem_group(shown),
        _repeats(shown),
        _absent(shown),
        _same(shown),
    ]
    return [group for group in made if group.rows or group.key == "new"]


def problem_group(shown: Preview) -> Group:
    """The rows that cannot be taken."""
    rows = [
        TableRow(
            at,
            (p.sheet, str(p.row), p.reason, " · ".join(cell for cell in p.content if cell)),
            {2: "amber"},
            (p.sheet, p.row, p.reason, at),
        )
        for at, p in enumerate(shown.problems)
    ]
    headers = (_tr("工作表"), _tr("行号"), _tr("原因"), _tr("这一行的内容"))
    hint = _tr("这些行不导入，其余照常。改好后再导入一次，已有的学生不会重复。")
    return Group("problems", _tr("问题行"), hint, headers, (110, 60, 320), rows)


def _new(entries: Sequence[Entry]) -> Group:
    rows = []
    for at, entry in enumerate(entries):
        first = entry.carers[0] if entry.carers else None
        born = entry.birth_date.isoformat() if entry.birth_date else ""
        board = "" if entry.boarding is None else _tr("住宿") if entry.boarding else _tr("走读")
        cells = (
            "",
            entry.name,
            label_of(entry.gender),
            class_name(entry.grade, entry.class_no),
            entry.student_no,
            born,
            first.name if first else "",
            entry.phone or (first.phone if first else ""),
            board,
            _where(entry),
        )
        rows.append(TableRow(at, cells))
    headers = (
        "",
        _tr("姓名"),
        _tr("性别"),
        _tr("班级"),
        _tr("学号"),
        _tr("出生日期"),
        _tr("监护人"),
        _tr("电话"),
        _tr("住宿"),
        _tr("在名单里"),
    )
    widths = (44, 120, 60, 100, 130, 112, 100, 130, 64)
    return Group(
        "new", _tr("新增"), _tr("档案里还没有的学号。"), headers, widths, rows, [entry.student_no for entry in entries]
    )


def _changed(known: Sequence[Known]) -> Group:
    return _known("changed", _tr("有变化"), _tr("名单里空着的格不会清掉档案里的内容。"), known)


def _guardian_renamed(known: Sequence[Known]) -> Group:
    hint = _tr("档案里的监护人在名单里是另一个姓名：可能是改名或写错，也可能换了人。确认是同一个人再勾选。")
    return _known("guardian_renamed", _tr("监护人改名"), hint, known)


def _known(key: str, label: str, hint: str, known: Sequence[Known]) -> Group:
    rows = [
        TableRow(
            at, ("", k.entry.name, class_name(k.entry.grade, k.entry.class_no), k.entry.student_no, changes_in_words(k))
        )
        for at, k in enumerate(known)
    ]
    headers = ("", _tr("姓名"), _tr("班级"), _tr("学号"), _tr("会怎么变"))
    return Group(key, label, hint, headers, (44, 120, 100, 130), rows, _numbers(known))


def _renamed(known: Sequence[Known]) -> Group:
    rows = []
    for at, k in enumerate(known):
        name = next(change for change in k.changes if change.label == FIELDS["name"])
        rest = [change for change in k.changes if change is not name]
        cells = (
            "",
            name.before,
            name.after,
            k.entry.student_no,
            class_name(k.entry.grade, k.entry.class_no),
            _words(rest),
            _where(k.entry),
        )
        rows.append(TableRow(at, cells, {2: "amber"}))
    headers = ("", _tr("档案里的姓名"), _tr("名单里的姓名"), _tr("学号"), _tr("班级"), _tr("其他变化"), _tr("在名单里"))
    hint = _tr("学号相同、姓名不同：可能是改名，也可能学号写错。确认是同一个人再勾选。")
    return Group("renamed", _tr("改名"), hint, headers, (44, 130, 130, 130, 100, 330), rows, _numbers(known))


def _repeats(shown: Preview) -> Group:
    rows = [
        TableRow(at, (r.name, r.student_no, r.sheet, str(r.row)), None, (r.name, r.student_no, r.sheet, r.row))
        for at, r in enumerate(shown.repeats)
    ]
    headers = (_tr("姓名"), _tr("学号"), _tr("工作表"), _tr("行号"))
    return Group(
        "repeats", _tr("重复"), _tr("同一名学生在名单里出现了不止一次，只导入一次。"), headers, (160, 160, 160), rows
    )


def _absent(shown: Preview) -> Group:
    rows = [TableRow(at, (a.name, class_name(a.grade, a.class_no), a.student_no)) for at, a in enumerate(shown.absent)]
    headers = (_tr("姓名"), _tr("档案里的班级"), _tr("学号"))
    hint = _tr("这些学生在档案里，名单里没有。导入不会改动他们。")
    return Group("absent", _tr("名单里没有"), hint, headers, (160, 160), rows)


def _same(shown: Preview) -> Group:
    rows = [
        TableRow(at, (k.entry.name, class_name(k.entry.grade, k.entry.class_no), k.entry.student_no, _where(k.entry)))
        for at, k in enumerate(shown.same)
    ]
    headers = (_tr("姓名"), _tr("班级"), _tr("学号"), _tr("在名单里"))
    return Group("same", _tr("没有变化"), _tr("名单和档案一致。"), headers, (160, 120, 160), rows)


def changes_in_words(known: Known) -> str:
    """「班级 七(1)班 → 八(1)班;电话 … → …」."""
    return _words(known.changes)


def _words(changes: Sequence[Any]) -> str:
    return "；".join(f"{c.label} {c.before} → {c.after}" if c.before else f"{c.label} {c.after}" for c in changes)


def _numbers(known: Sequence[Known]) -> list[str]:
    return [k.entry.student_no for k in known]


def _where(entry: Entry) -> str:
    return _tr("{sheet} 第 {row} 行").format(sheet=entry.sheet, row=entry.row).strip()


def _tr(words: str) -> str:
    return QCoreApplication.translate("RosterGroups", words)
