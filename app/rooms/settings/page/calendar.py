"""The page of the school calendar: terms with their weeks, the school's own days, and the legal holidays of this and next year."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.rooms.appointments import store as appointments
from app.rooms.school import entering, store
from app.rooms.school.calendar import DayKind, Special, Term
from app.rooms.school.names import day_name, month_day, weekday_name
from app.rooms.school.record import SchoolTerm, SpecialDay
from app.rooms.settings.page.holidays import HolidaysCard
from app.rooms.settings.page.listcard import ListCard
from app.ui.cards import Row, tag
from app.ui.fields import ChoiceField, DateField, Field, LineField, read_day
from app.ui.keeper import Keeper
from app.ui.language import label_of
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault.choice import Choice
from app.vault.vault import Vault

PLACE = "settings.calendar"
_TONES = {DayKind.OFF: "green", DayKind.EXAM: "amber", DayKind.SCHOOL: "blue", DayKind.CLOSED: "red"}


class Weekday(Choice):
    """The weekday whose lessons a make-up day goes by."""

    MONDAY = "1", "周一"
    TUESDAY = "2", "周二"
    WEDNESDAY = "3", "周三"
    THURSDAY = "4", "周四"
    FRIDAY = "5", "周五"


class CalendarPage(Page):
    """What a school day is."""

    kinds = frozenset({"school_term", "special_day", "loaded_year"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("校历"))
        self._vault, self._notice = vault, notice
        left, right = self.columns(1, 1)
        self.terms = TermsCard(vault, notice, keeper)
        self.specials = SpecialsCard(vault, notice, keeper)
        self.holidays = HolidaysCard(vault, notice)
        left.addWidget(self.terms)
        left.addWidget(self.specials)
        left.addStretch(1)
        right.addWidget(self.holidays)
        right.addStretch(1)
        for card in (self.terms, self.specials):
            card.saved.connect(self._show_today)
        self.specials.saved.connect(self._tell_booked)

    def arrive(self, route: Route) -> None:
        self.route = route
        self.terms.arrive()
        self.specials.arrive()
        self.holidays.show_all()
        self._show_today()

    def leave(self) -> None:
        self.terms.leave()
        self.specials.leave()

    def reload(self) -> None:
        self.terms.show_all()
        self.specials.show_all()
        self.holidays.show_all()
        self._show_today()

    def _tell_booked(self, special_id: int) -> None:
        """Days on which nothing is planned by itself, and somebody is booked already: she is told, and nothing is changed."""
        with self._vault.read() as session:
            of = entering.get(session, SpecialDay, special_id)
            if of.deleted_at is not None or of.kind is DayKind.SCHOOL:
                return
            booked = appointments.booked(session, of.first_day, of.last_day)
        days = sorted({one.appointment.day for one in booked if one.appointment.status.is_open})
        if days:
            count = sum(one.appointment.status.is_open for one in booked)
            sentence = self.tr("「{name}」这几天已有 {count} 次预约。").format(name=of.name, count=count)
            told = self.tr("{days}。预约没有改动，请到日程里改期或取消。")
            self._notice.say(sentence, told.format(days="、".join(map(month_day, days))))

    def _show_today(self) -> None:
        """What today is, by all of it."""
        today = self._vault.clock.today()
        with self._vault.read() as session:
            calendar = store.calendar(session)
        week = calendar.week_of(today)
        why = calendar.why_not(today)
        said = [self.tr("今天 {day} {weekday}").format(day=day_name(today), weekday=weekday_name(today.isoweekday()))]
        said += [week.label] if week else []
        said.append(why or self.tr("上课日"))
        self.set_head(self.title, " · ".join(said))


class TermsCard(ListCard[SchoolTerm]):
    """Terms; their names and weeks follow from their days."""

    key = "school_term"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        empty = self.tr(
            "还没有学期。填了第一天和最后一天，周次、单双周和上课日就算得出来；没填时除周末和放假外都算上课日。"
        )
        super().__init__(SchoolTerm, vault, notice, keeper, title=self.tr("学期"), what=self.tr("学期"), empty=empty)

    def fields(self) -> dict[str, Field]:
        return {
            "first": DateField(self.tr("学期第一天"), self.tr("这一天所在的周(周一至周日)是第 1 周。")),
            "last": DateField(self.tr("学期最后一天")),
        }

    def records(self, session: Session) -> list[SchoolTerm]:
        return sorted(store.kept(session, SchoolTerm), key=_first_day)

    def row(self, record: SchoolTerm) -> Row:
        term = Term(record.first_day, record.last_day)
        detail = self.tr("{first} 至 {last} · {n} 周").format(
            first=day_name(term.first), last=day_name(term.last), n=term.weeks
        )
        row = Row(term.name, detail)
        if term.first <= self._vault.clock.today() <= term.last:
            row.add(tag(self.tr("现在"), "accent"))
        return row

    def values(self, record: SchoolTerm | None) -> dict[str, str]:
        if record is not None:
            return {"first": record.first_day.isoformat(), "last": record.last_day.isoformat()}
        return {"first": "", "last": ""}

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        return entering.save_term(session, read_day(values["first"]), read_day(values["last"]), record_id)


class SpecialsCard(ListCard[SpecialDay]):
    """The school's own days off, exams and days of lessons, and those on which the room stays closed."""

    key = "special_day"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        empty = self.tr("还没有。校运动会、秋游、期中期末考试周、学校自己定的补课日、辅导室停开的日子记在这里。")
        super().__init__(
            SpecialDay, vault, notice, keeper, title=self.tr("学校自己的日子"), what=self.tr("日子"), empty=empty
        )

    def fields(self) -> dict[str, Field]:
        hint = self.tr("考试：照常上课，排预约时会提醒。停开：照常上课，辅导室这几天不开放，例如外出教研。")
        self._kind_field: ChoiceField[DayKind] = ChoiceField(self.tr("这几天"), DayKind, hint=hint)
        self._follows = ChoiceField(self.tr("按周几的作息"), Weekday, empty=self.tr("没有说，按最近的工作日"))
        self._kind_field.changed.connect(self._offer)
        return {
            "kind": self._kind_field,
            "name": LineField(self.tr("叫什么"), placeholder=self.tr("校运动会")),
            "first": DateField(self.tr("第一天")),
            "last": DateField(self.tr("到哪天"), self.tr("只有一天就空着。")),
            "follows": self._follows,
        }

    def records(self, session: Session) -> list[SpecialDay]:
        return sorted(store.kept(session, SpecialDay), key=_first_day)

    def row(self, record: SpecialDay) -> Row:
        of = Special(record.kind, record.name, record.first_day, record.last_day, record.follows)
        detail = day_name(of.first)
        if of.last != of.first:
            detail = self.tr("{first} 至 {last}").format(first=detail, last=day_name(of.last))
        if of.follows:
            detail += self.tr(" · 按{weekday}的作息").format(weekday=weekday_name(of.follows))
        row = Row(of.name, detail)
        row.add(tag(label_of(of.kind), _TONES[of.kind]))
        return row

    def values(self, record: SpecialDay | None) -> dict[str, str]:
        if record is None:
            return {"kind": DayKind.OFF.value, "name": "", "first": "", "last": "", "follows": ""}
        last = record.last_day.isoformat() if record.last_day != record.first_day else ""
        return {
            "kind": record.kind.value,
            "name": record.name,
            "first": record.first_day.isoformat(),
            "last": last,
            "follows": str(record.follows or ""),
        }

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        first, last = read_day(values["first"]), read_day(values["last"])
        follows = int(values["follows"] or 0)
        kind = self._kind_field.choice() or DayKind.OFF
        return entering.save_special(session, kind, values["name"], first, last, follows, record_id)

    def _offer(self) -> None:
        """Which weekday's bells is asked for days of lessons only."""
        self._follows.setVisible(self._kind_field.choice() is DayKind.SCHOOL)

    def _begin(self, record_id: int | None) -> None:
        super()._begin(record_id)
        self._offer()


def _first_day(record: SchoolTerm | SpecialDay) -> tuple[date, int]:
    return record.first_day, record.id
