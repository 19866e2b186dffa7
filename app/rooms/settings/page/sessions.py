"""The cards of what sessions go by: how long one is and what lies between two, and when a class is not called away."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QHBoxLayout
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school import entering, store
from app.rooms.school.bells import Span, check_span
from app.rooms.school.names import grade_name, read_class_no, weekday_names, whose_name
from app.rooms.school.record import ClassHours
from app.rooms.settings.page.listcard import ListCard
from app.rooms.settings.page.weekdays import SCHOOL_DAYS, told_hours, weekdays_field
from app.ui.cards import Card, Row, button
from app.ui.fields import Field, LineField, OptionsField, TimeField, read_time
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault import typing
from app.vault.vault import Vault

_FORM = "school/lengths"


class ClassHoursCard(ListCard[ClassHours]):
    """When a class, a grade or the whole school is not called away; 「安排」 offers nothing then."""

    key = "class_hours"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        empty = self.tr("还没有。哪个班什么时候不好叫学生出来，例如体育测试、班会、值日，记在这里，「安排」就会避开。")
        title, what = self.tr("班级不便的时间"), self.tr("班级不便的时间")
        super().__init__(ClassHours, vault, notice, keeper, title=title, what=what, empty=empty)

    def fields(self) -> dict[str, Field]:
        grades = [("", self.tr("全校")), *((str(grade), grade_name(grade)) for grade in range(1, 13))]
        return {
            "grade": OptionsField(self.tr("哪个年级"), grades),
            "class_no": LineField(self.tr("几班"), self.tr("只写班号，如 3；整个年级都一样就空着。")),
            "name": LineField(self.tr("有什么事"), placeholder=self.tr("体育测试")),
            "weekdays": weekdays_field(self.tr("不便的日子")),
            "start": TimeField(self.tr("不便从几点")),
            "end": TimeField(self.tr("不便到几点")),
        }

    def records(self, session: Session) -> list[ClassHours]:
        return sorted(store.kept(session, ClassHours), key=_whose)

    def row(self, record: ClassHours) -> Row:
        when = f"{weekday_names(record.weekdays)} {Span(record.start, record.end).hours_said}"
        return Row(f"{whose_name(record.grade, record.class_no)} {record.name}", when)

    def values(self, record: ClassHours | None) -> dict[str, str]:
        if record is None:
            return {"grade": "", "class_no": "", "name": "", "weekdays": SCHOOL_DAYS, "start": "", "end": ""}
        hours = told_hours(record.weekdays, record.start, record.end)
        return {"grade": _words(record.grade), "class_no": _words(record.class_no), "name": record.name, **hours}

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        span = check_span(read_time(values["start"]), read_time(values["end"]))
        weekdays = values["weekdays"].replace(" ", "")
        grade = int(values["grade"]) if values["grade"] else None
        return entering.save_class_hours(
            session, grade, read_class_no(values["class_no"]), values["name"], weekdays, span, record_id
        )


class LengthsCard(Card):
    """How long a session is and what lies between two; the appointments count by it."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("约谈多长"))
        self._vault, self._notice, self._keeper = vault, notice, keeper
        self.form = Form("", parent=self)
        self._minutes = LineField(
            self.tr("每次约谈多少分钟"), self.tr("默认 40 分钟 · 来源：每次 40–50 分钟，中小学默认 40(建议值)")
        )
        self._pause = LineField(
            self.tr("两次之间至少空几分钟"), self.tr("默认 10 分钟；节次一节接一节的学校可以填 0。")
        )
        for name, field in (("minutes", self._minutes), ("pause", self._pause)):
            self.body.addWidget(self.form.add(name, field))
        line = QHBoxLayout()
        save = button(self.tr("保存"), primary=True, name=self.tr("保存约谈多长"))
        save.clicked.connect(self.save)
        line.addWidget(save)
        line.addStretch(1)
        self.body.addLayout(line)

    def arrive(self) -> None:
        """Show what is set, and what was being typed."""
        self.leave()
        self._keeper.begin(self.form, _FORM, None, self._stored())

    def leave(self) -> None:
        """What is unsaved stays kept."""
        self._keeper.leave(self.form)

    def save(self) -> None:
        """Write it down, or say which is no number of minutes."""
        amounts, wrong = {}, {}
        for name, words in self.form.values().items():
            if words.strip().isdecimal() and len(words.strip()) <= 3:
                amounts[name] = int(words)
            else:
                wrong[name] = self.tr("请填分钟数，只写数字。")
        self.form.show_errors(wrong)
        if wrong:
            return
        try:
            with self._vault.write("保存约谈多长") as session:
                entering.save_lengths(session, amounts["minutes"], amounts["pause"])
                typing.drop(session, self.form.key)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._keeper.settle(self.form)
        self._notice.toast(self.tr("已保存。"))

    def _stored(self) -> dict[str, str]:
        with self._vault.read() as session:
            of = store.calendar(session)
        return {"minutes": str(of.session), "pause": str(of.pause)}


def _words(number: int | None) -> str:
    return "" if number is None else str(number)


def _whose(record: ClassHours) -> tuple[int, int, str, time]:
    return record.grade or 0, record.class_no or 0, record.weekdays, record.start
