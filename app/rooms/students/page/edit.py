"""The form of one student: entered by hand, or changed; a namesake is pointed out before a second file is begun."""

from __future__ import annotations

import re
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from app.errors import Problem
from app.rooms.school.deadlines import years_after
from app.rooms.school.record import class_name, grade_name
from app.rooms.students import store
from app.rooms.students.choices import (
    GONE,
    ArchiveTier,
    FamilyStructure,
    Gender,
    LivesWith,
    SpecialGroup,
    StudentStatus,
)
from app.rooms.students.classlist.cells import words as half_width
from app.rooms.students.record import Student
from app.ui.cards import Card, button, text
from app.ui.fields import CheckField, ChipsField, ChoiceField, DateField, Field, LineField, OptionsField, TextField
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.language import label_of, sentence_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault import typing
from app.vault.vault import Vault

PLACE = "student.edit"
_NEW = "student/new"
_WORDS = (
    "student_no", "name", "phone", "national_no", "ethnicity", "dorm", "homeroom_teacher", "siblings",
    "known_condition", "archive_no", "note",
)  # fmt: skip
"""Fields that are text in the record too."""
_NUMBERS = ("student_no", "phone", "national_no", "archive_no")
"""Kept in half-width digits, however they were typed."""
_CLASS = re.compile(r"\D?([1-9]\d?)\D{0,2}", re.ASCII)
"""A class's number, alone or with its brackets and its word."""


class EditPage(Page):
    """A student's own values (domain.md 2.1)."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("学生信息"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self._student_id: int | None = None
        self._asked_name = ""
        self.form = Form("", parent=self)
        self._build()
        self.cancel_button = self.add_action(button(self.tr("取消")))
        self.save_button = self.add_action(button(self.tr("保存"), primary=True, name=self.tr("保存学生信息")))
        self.cancel_button.clicked.connect(self.give_up)
        self.save_button.clicked.connect(self.save)
        self.form.changed.connect(self._look_for_namesakes)

    def arrive(self, route: Route) -> None:
        if route.student_id is None:
            self.new_student()
        else:
            self.open_student(route.student_id)

    def open_student(self, student_id: int) -> None:
        """Change a student."""
        self.leave()
        with self._vault.read() as session:
            student = store.get(session, student_id)
        self._student_id = student_id
        self.route = Route(PLACE, student_id, student_id)
        self._vault.record_view(student)
        self._begin(f"student/{student_id}", _texts(student))
        self.set_head(student.name, f"{class_name(student.grade, student.class_no)} · {student.student_no}")

    def new_student(self) -> None:
        """Enter a new student."""
        self.leave()
        self._student_id = None
        self.route = Route(PLACE)
        self._begin(_NEW, dict.fromkeys(self.form.fields, "") | {"status": StudentStatus.ENROLLED.value})
        self.set_head(self.tr("新学生"))
        self.form.fields["student_no"].setFocus()

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)

    def give_up(self) -> None:
        """Forget what was typed and go back."""
        self._keeper.settle(self.form)
        self.leave()
        self._go()

    def save(self) -> None:
        """Write the student down; before a second file under one name she is asked."""
        errors = self._errors()
        self.form.show_errors(errors)
        if errors:
            return
        name = self.form.values()["name"].strip()
        with self._vault.read() as session:
            namesakes = store.same_name(session, name, but=self._student_id) if self._student_id is None else []
        if not namesakes:
            self._save()
            return
        self._notice.ask(
            self.tr("已经有同名的学生，仍要新建一份档案吗？"),
            self.tr("同名：{who}。如果是同一个人，请取消，打开原来的档案。").format(who=_people(namesakes)),
            self.tr("新建"),
            self._save,
        )

    def _save(self) -> None:
        try:
            with self._vault.write("保存学生信息") as session:
                if self._student_id is None:
                    student = Student(student_no="", name="", grade=1, class_no=1)
                    self._take_over(student)
                    store.add(session, student)
                else:
                    student = store.get(session, self._student_id)
                    self._take_over(student)
                    store.save(session, student)
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self.leave()
        if self._student_id is None:
            self.route = None  # the empty form is none to go back to
        self._student_id = student.id
        self._notice.toast(self.tr("已保存。"))
        self._go()

    def _go(self) -> None:
        if self._student_id is None:
            self.went.emit(Route("students"))
        else:
            self.went.emit(Route("student", self._student_id, self._student_id))

    # The screen

    def _build(self) -> None:
        left, right = self.columns(3, 2)
        grades = [("", self.tr("未选")), *((str(grade), grade_name(grade)) for grade in range(1, 13))]
        boarding = [("", self.tr("未填")), ("day", self.tr("走读")), ("boards", self.tr("住宿"))]
        namesakes = text("", "warning", wrap=True)
        namesakes.setAccessibleName(self.tr("同名提示"))
        namesakes.hide()
        self.namesakes = namesakes
        basic = self._card(
            self.tr("基本信息"),
            ("student_no", LineField(self.tr("学号"), self.tr("前面的 0 也要写"))),
            ("name", LineField(self.tr("姓名"))),
            ("gender", ChoiceField(self.tr("性别"), Gender, empty=self.tr("未选"))),
            ("birth_date", DateField(self.tr("出生日期"))),
            ("grade", OptionsField(self.tr("年级"), grades)),
            ("class_no", LineField(self.tr("班级"), self.tr("只写班号，如 3"))),
            ("homeroom_teacher", LineField(self.tr("班主任"))),
            ("entry_year", LineField(self.tr("入学年份"), placeholder=self.tr("如 2026"))),
            ("boarding", OptionsField(self.tr("走读/住宿"), boarding)),
            ("dorm", LineField(self.tr("宿舍"))),
            ("phone", LineField(self.tr("电话"))),
            ("ethnicity", LineField(self.tr("民族"))),
            ("national_no", LineField(self.tr("学籍号"))),
            ("psych_rep", CheckField(self.tr("心理委员"))),
        )
        basic.body.insertWidget(0, namesakes)
        left.addWidget(basic)
        family = self._card(
            self.tr("家庭"),
            ("family_structure", ChoiceField(self.tr("家庭结构"), FamilyStructure, empty=self.tr("未填"))),
            ("lives_with_parents", ChoiceField(self.tr("是否与父母生活"), LivesWith, empty=self.tr("未填"))),
            ("siblings", LineField(self.tr("兄弟姐妹"))),
        )
        left.addWidget(family)
        left.addStretch(1)
        state = self._card(
            self.tr("在校情况"),
            ("status", ChoiceField(self.tr("状态"), StudentStatus)),
            ("status_since", DateField(self.tr("自哪天起"))),
            ("archive_tier", ChoiceField(self.tr("档案类别"), ArchiveTier)),
            ("archive_no", LineField(self.tr("档案号"))),
        )
        right.addWidget(state)
        notes = Card(self.tr("需要留意"))
        for name, field in (
            ("special_groups", ChipsField(self.tr("关注群体"), [(g.value, label_of(g)) for g in SpecialGroup])),
            ("known_condition", TextField(self.tr("入学前情况"), self.tr("医院证明所述及其来源，照原文写"), rows=2)),
            ("note", TextField(self.tr("备注"), rows=2)),
        ):
            notes.body.addWidget(field)
            self.form.add(name, field)
        right.addWidget(notes)
        right.addStretch(1)

    def _card(self, title: str, *fields: tuple[str, Field]) -> Card:
        """A card with its fields two in a row."""
        card = Card(title)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for at, (name, field) in enumerate(fields):
            grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
            self.form.add(name, field)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        card.body.addLayout(grid)
        return card

    def _begin(self, key: str, values: dict[str, str]) -> None:
        self._asked_name = ""
        self.namesakes.hide()
        self._keeper.begin(self.form, key, self._student_id, values)

    def _look_for_namesakes(self) -> None:
        """Say while the name is being typed who else has it."""
        name = self.form.fields["name"].value().strip()
        if self._student_id is not None or name == self._asked_name:
            return
        self._asked_name = name
        with self._vault.read() as session:
            found = store.same_name(session, name) if name else []
        self.namesakes.setVisible(bool(found))
        self.namesakes.setText(self.tr("已有同名学生：{who}").format(who=_people(found)))

    # Values

    def _errors(self) -> dict[str, str]:
        """A sentence under every field that cannot be saved as it is."""
        values, errors = self.form.values(), {}
        for name, sentence in (("student_no", self.tr("请填写学号。")), ("name", self.tr("请填写姓名。"))):
            if not values[name].strip():
                errors[name] = sentence
        if not values["gender"]:
            errors["gender"] = self.tr("请选择性别。")
        if not values["grade"]:
            errors["grade"] = self.tr("请选择年级。")
        if _class_no(values) is None:
            errors["class_no"] = self.tr("请写班号，如 3。")
        year = half_width(values["entry_year"])
        if year and not re.fullmatch(r"[0-9]{4}", year):
            errors["entry_year"] = self.tr("请写四位年份，如 2026。")
        if StudentStatus.read(values["status"]) in GONE and not values["status_since"].strip():
            errors["status_since"] = self.tr("请写离校的日期，档案从这一天起算保存年限。")
        today = self._vault.clock.today()
        for name in ("birth_date", "status_since"):
            try:
                if (day := _day(self.form.fields[name])) is not None and name == "birth_date" and day >= today:
                    errors[name] = self.tr("出生日期在今天之后。")
                if day is not None and name == "status_since" and day > years_after(today, 1):
                    errors[name] = self.tr("这个日期在一年以后，请核对年份。")
            except Problem as problem:
                errors[name] = sentence_of(problem)
        return errors

    def _take_over(self, student: Student) -> None:
        """Put what is in the form into the record; the form has been checked."""
        values = self.form.values()
        for name in _WORDS:
            setattr(student, name, half_width(values[name]) if name in _NUMBERS else values[name].strip())
        student.gender = Gender.read(values["gender"])
        student.grade, student.class_no = int(values["grade"]), _class_no(values) or student.class_no
        student.entry_year = int(half_width(values["entry_year"])) if values["entry_year"].strip() else None
        student.boarding = {"day": False, "boards": True}.get(values["boarding"])
        student.psych_rep = values["psych_rep"] == "1"
        student.birth_date = _day(self.form.fields["birth_date"])
        student.family_structure = FamilyStructure.read(values["family_structure"])
        student.lives_with_parents = LivesWith.read(values["lives_with_parents"])
        student.special_groups = values["special_groups"].split()
        student.status = StudentStatus.read(values["status"]) or StudentStatus.ENROLLED
        student.status_since = _day(self.form.fields["status_since"])
        student.archive_tier = ArchiveTier.read(values["archive_tier"]) or ArchiveTier.CENSUS


def _texts(student: Student) -> dict[str, str]:
    """The record as the form's texts."""
    texts = {name: getattr(student, name) for name in _WORDS}
    choices = ("gender", "family_structure", "lives_with_parents", "status", "archive_tier")
    texts |= {name: (value.value if (value := getattr(student, name)) is not None else "") for name in choices}
    texts |= {
        name: (value.isoformat() if (value := getattr(student, name)) else "")
        for name in ("birth_date", "status_since")
    }
    return texts | {
        "grade": str(student.grade),
        "class_no": str(student.class_no),
        "entry_year": str(student.entry_year or ""),
        "boarding": {True: "boards", False: "day", None: ""}[student.boarding],
        "psych_rep": "1" if student.psych_rep else "",
        "special_groups": " ".join(student.special_groups),
    }


def _class_no(values: dict[str, str]) -> int | None:
    match = _CLASS.fullmatch(half_width(values["class_no"]))
    return int(match[1]) if match else None


def _day(field: Field) -> date | None:
    if not isinstance(field, DateField):
        raise TypeError("not a field of days")
    return field.day()


def _people(students: list[Student]) -> str:
    """「八(3)班 20240317」 for each, at most five."""
    named = [f"{class_name(s.grade, s.class_no)} {s.student_no}" for s in students[:5]]
    return "、".join(named)
