"""The list of students: every student of the school, narrowed by words, class, group and status as one types."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from app.rooms.school.record import class_name, grade_name
from app.rooms.students import store
from app.rooms.students.choices import SpecialGroup, StudentStatus
from app.rooms.students.jumping import Entry, JumpIndex
from app.rooms.students.store import HERE, Listed, StudentFilter
from app.ui.cards import Card, EmptyState, button
from app.ui.fields import LineField, Options, OptionsField
from app.ui.language import label_of
from app.ui.masking import hidden, shown
from app.ui.page import Page, Route
from app.ui.tables import Table, TableRow
from app.vault.vault import Vault

PLACE = "students"
_HERE = "here"
_TONES = {StudentStatus.SUSPENDED: "amber", StudentStatus.LEFT: "ink3", StudentStatus.GRADUATED: "ink3"}


class StudentsPage(Page):
    """All students in memory; the filters work on what was read once, so that each keystroke answers at once."""

    kinds = frozenset({"student"})

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("学生"), scrolls=False)
        self._vault = vault
        self.route = Route(PLACE)
        self._listed: list[tuple[Listed, TableRow]] = []
        self._index: JumpIndex | None = None
        self._build()

    def reload(self) -> None:
        with self._vault.read() as session:
            listed = store.listing(session, StudentFilter())
        self._index = None
        self._listed = [(student, _row(student)) for student in listed]
        self._classes.set_options(self._class_options(listed))
        self._narrow()

    def student_id(self) -> int | None:
        return self.table.current()

    def _build(self) -> None:
        self.words = LineField("", placeholder=self.tr("姓名、拼音或学号"))
        self.words.line.setAccessibleName(self.tr("在名单中找"))
        self.words.line.setClearButtonEnabled(True)
        self._classes = OptionsField("", [("", self.tr("全部班级"))])
        self._groups = OptionsField("", [("", self.tr("全部群体")), *((g.value, label_of(g)) for g in SpecialGroup)])
        here = [(_HERE, self.tr("在校")), ("", self.tr("全部状态"))]
        self._statuses = OptionsField("", [*here, *((s.value, label_of(s)) for s in StudentStatus)])
        line = QHBoxLayout()
        line.setSpacing(10)
        for field, name, stretch in (
            (self.words, "", 3),
            (self._classes, self.tr("班级"), 1),
            (self._groups, self.tr("关注群体"), 1),
            (self._statuses, self.tr("状态"), 1),
        ):
            if name:
                field.widget.setAccessibleName(name)
            field.changed.connect(self._narrow)
            line.addWidget(field, stretch)
        self.body.addLayout(line)
        self.empty = EmptyState("", "", self.tr("导入名单"))
        self.empty.wanted.connect(self._want_import)
        headers = [
            self.tr("姓名"), self.tr("性别"), self.tr("班级"), self.tr("学号"),
            self.tr("班主任"), self.tr("状态"), self.tr("关注群体"),
        ]  # fmt: skip
        self.table = Table(self.tr("学生名单"), headers, self.empty, (150, 70, 110, 150, 120, 90))
        self.table.make_sortable()
        self.table.opened.connect(self._open)
        card = Card(flush=True)
        card.body.addWidget(self.table)
        self.body.addWidget(card, 1)
        self._bin = self.add_action(button(self.tr("回收站")))
        self._import = self.add_action(button(self.tr("导入名单")))
        self._new = self.add_action(button(self.tr("+ 学生"), primary=True))
        self._bin.clicked.connect(self._want_bin)
        self._import.clicked.connect(self._want_import)
        self._new.clicked.connect(self._want_new)

    def _class_options(self, listed: list[Listed]) -> Options:
        options = [("", self.tr("全部班级"))]
        before = 0
        for grade, class_no in sorted({(student.grade, student.class_no) for student in listed}):
            if grade != before:
                options.append((f"{grade}", grade_name(grade)))
                before = grade
            options.append((f"{grade}.{class_no}", f"    {class_name(grade, class_no)}"))
        return options

    def _narrow(self) -> None:
        """Show the students that every filter lets through."""
        found = self._found()
        place, group, status = self._classes.value(), self._groups.value(), self._statuses.value()
        rows = [
            row
            for student, row in self._listed
            if (found is None or student.id in found)
            and (not place or place in (f"{student.grade}", f"{student.grade}.{student.class_no}"))
            and (not group or group in student.group_codes)
            and (not status or _has_status(student, status))
        ]
        self._say_empty()
        self.table.show_rows(rows)
        shown = self.tr("{n} 名学生").format(n=f"{len(rows):,}")
        whole = self.tr("{n} / {of} 名学生").format(n=f"{len(rows):,}", of=f"{len(self._listed):,}")
        self.set_head(self.title, shown if len(rows) == len(self._listed) else whole)

    def _found(self) -> set[int] | None:
        """The ids of the students the words fit; None without words."""
        words = self.words.value()
        if not words.strip():
            return None
        if self._index is None:
            self._index = JumpIndex(_entry(student) for student, _row in self._listed)
        return {match.entry.student_id for match in self._index.find(words, limit=len(self._index))}

    def _say_empty(self) -> None:
        nobody = not self._listed
        self.empty.words_label.setText(self.tr("还没有学生") if nobody else self.tr("没有符合条件的学生"))
        detail = self.tr("导入学校的班级名单(.xlsx .xls .ods .csv)，或一个一个添加。")
        self.empty.detail_label.setText(detail if nobody else self.tr("换一个词，或放宽上面的筛选。"))
        self.empty.button.setVisible(nobody)
        self.offer(self._import, not nobody)  # the empty list offers it itself

    def _open(self, student_id: int) -> None:
        self.went.emit(Route("student", student_id, student_id))

    def _want_new(self) -> None:
        self.went.emit(Route("student.edit"))

    def _want_import(self) -> None:
        self.went.emit(Route("roster"))

    def _want_bin(self) -> None:
        self.went.emit(Route("bin"))


def _entry(student: Listed) -> Entry:
    here = student.status in HERE
    who = (student.id, student.student_no, student.name, student.grade, student.class_no)
    return Entry(*who, student.pinyin, here)


def _has_status(student: Listed, status: str) -> bool:
    return student.status in HERE if status == _HERE else student.status.value == status


def _row(student: Listed) -> TableRow:
    where = class_name(student.grade, student.class_no)
    tone = _TONES.get(student.status)
    number, groups = student.student_no, "、".join(student.groups)
    if hidden(student.id):  # what singles a student out is as good as the name
        number = groups = ""
    name, teacher, status = shown(student.name, student.id), student.homeroom_teacher, label_of(student.status)
    cells = (name, student.gender, where, number, teacher, status, groups)
    by_class = (student.grade, student.class_no)
    keys = (student.pinyin or student.name, cells[1], by_class, cells[3], cells[4], cells[5], cells[6])
    return TableRow(student.id, cells, {5: tone} if tone else None, keys)
