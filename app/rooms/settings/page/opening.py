"""The cards of the opening hours: when the room is open, and whether the week's hours are enough by the strictest rule."""

from __future__ import annotations

from datetime import time

from sqlalchemy.orm import Session

from app.rooms.school import entering, opening, store
from app.rooms.school.bells import Span, check_span
from app.rooms.school.names import weekday_name, weekday_names
from app.rooms.school.record import OpeningHours
from app.rooms.settings.page.listcard import ListCard
from app.rooms.settings.page.weekdays import SCHOOL_DAYS, told_hours, weekdays_field
from app.ui.cards import Card, Row, clear, hairline, tag, text
from app.ui.fields import Field, TimeField, read_time
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.vault.vault import Vault


class OpeningCard(ListCard[OpeningHours]):
    """When somebody is in the room."""

    key = "opening_hours"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        empty = self.tr("还没有填。辅导室每天什么时候有人值班、可以约谈，写在这里。")
        title, what = self.tr("辅导室开放时间"), self.tr("开放时间")
        super().__init__(OpeningHours, vault, notice, keeper, title=title, what=what, empty=empty)

    def fields(self) -> dict[str, Field]:
        return {
            "weekdays": weekdays_field(self.tr("哪几天开放")),
            "start": TimeField(self.tr("几点开放")),
            "end": TimeField(self.tr("几点结束")),
        }

    def records(self, session: Session) -> list[OpeningHours]:
        return sorted(store.kept(session, OpeningHours), key=_opening)

    def row(self, record: OpeningHours) -> Row:
        return Row(Span(record.start, record.end).hours_said, weekday_names(record.weekdays))

    def values(self, record: OpeningHours | None) -> dict[str, str]:
        if record is None:
            return {"weekdays": SCHOOL_DAYS, "start": "", "end": ""}
        return told_hours(record.weekdays, record.start, record.end)

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        span = check_span(read_time(values["start"]), read_time(values["end"]))
        return entering.save_opening(session, values["weekdays"].replace(" ", ""), span, record_id)


class CheckCard(Card):
    """The week's hours by day, measured by the strictest rule that applies."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(self.tr("开放时间够不够"), flush=True)
        self._vault = vault

    def show_now(self) -> None:
        """Measure again."""
        clear(self.body)
        with self._vault.read() as session:
            calendar = store.calendar(session)
        found = opening.check(calendar.opening, calendar.boarding)
        rule = text(self._rule(calendar.boarding), "secondary", wrap=True)
        rule.setContentsMargins(16, 12, 16, 12)
        self.body.addWidget(rule)
        for weekday, minutes in found.by_weekday:
            row = Row(weekday_name(weekday), self._hours(minutes))
            if minutes < found.needed:
                row.add(tag(self.tr("不足"), "red"))
            self.body.addWidget(hairline())
            self.body.addWidget(row)
        whole = Row(self.tr("每周合计"), self._hours(found.week))
        if found.week_is_short:
            whole.add(tag(self.tr("不足"), "red"))
        self.body.addWidget(hairline())
        self.body.addWidget(whole)

    def _rule(self, boarding: bool) -> str:
        words = (
            self.tr("寄宿制学校每天不少于 4 小时(南康区 康府办字〔2023〕24号)")
            if boarding
            else self.tr("非寄宿制学校每天不少于 2 小时(南康区 康府办字〔2023〕24号)")
        )
        return words + self.tr("，每周不少于 5 小时(心理健康疏导方案)；几条里按最严的算。")

    def _hours(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        if not minutes:
            return self.tr("不开放")
        return self.tr("{h} 小时").format(h=hours) + (self.tr(" {m} 分").format(m=rest) if rest else "")


def _opening(record: OpeningHours) -> tuple[time, str]:
    return record.start, record.weekdays
