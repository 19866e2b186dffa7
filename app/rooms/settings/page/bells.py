"""The page of bells and opening hours: timetables by season, the periods of one, when the room is open, what sessions go by."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton
from sqlalchemy.orm import Session

from app.rooms.school import entering, store
from app.rooms.school.bells import Bell, Slot, Span, Timetable, check_span, gaps, in_force, read_season
from app.rooms.school.names import weekday_names
from app.rooms.school.record import BellSlot, BellTimetable
from app.rooms.settings.page.listcard import ListCard
from app.rooms.settings.page.opening import CheckCard, OpeningCard
from app.rooms.settings.page.sessions import ClassHoursCard, LengthsCard
from app.rooms.settings.page.weekdays import SCHOOL_DAYS, told_hours, weekdays_field
from app.ui.cards import Row, button, tag
from app.ui.fields import CheckField, Field, LineField, TimeField, read_time
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route
from app.vault.vault import Vault

PLACE = "settings.bells"


class BellsPage(Page):
    """What a slot is called, when it rings, and when the room is open."""

    kinds = frozenset({"bell_timetable", "bell_slot", "opening_hours", "class_hours", "school"})

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        super().__init__(self.tr("作息和开放时间"))
        left, right = self.columns(1, 1)
        self.timetables = TimetablesCard(vault, notice, keeper)
        self.bells = BellsCard(vault, notice, keeper)
        self.opening = OpeningCard(vault, notice, keeper)
        self.check = CheckCard(vault)
        self.class_hours = ClassHoursCard(vault, notice, keeper)
        self.lengths = LengthsCard(vault, notice, keeper)
        left.addWidget(self.timetables)
        left.addWidget(self.bells)
        left.addWidget(self.lengths)
        left.addStretch(1)
        right.addWidget(self.opening)
        right.addWidget(self.check)
        right.addWidget(self.class_hours)
        right.addStretch(1)
        self.timetables.chosen.connect(self.bells.show_of)
        self.timetables.saved.connect(self._timetable_saved)
        self.opening.saved.connect(self.check.show_now)

    def arrive(self, route: Route) -> None:
        self.route = route
        self.timetables.arrive()
        self.bells.arrive()
        self.opening.arrive()
        self.class_hours.arrive()
        self.lengths.arrive()
        self.check.show_now()

    def leave(self) -> None:
        for card in (self.timetables, self.bells, self.opening, self.class_hours, self.lengths):
            card.leave()

    def reload(self) -> None:
        self.timetables.show_all()
        self.bells.show_all()
        self.opening.show_all()
        self.class_hours.show_all()
        self.check.show_now()

    def _timetable_saved(self, timetable_id: int) -> None:
        self.timetables.choose(timetable_id)


class TimetablesCard(ListCard[BellTimetable]):
    """The seasons; the bells of the chosen one stand below."""

    key = "bell_timetable"
    chosen = Signal(object)  # a BellTimetable, or None where there is none

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        self._chosen: int | None = None
        empty = self.tr("还没有作息表。先添加一份，全年一样就只要一份；夏季、冬季不同就各添一份。")
        title, what = self.tr("作息表"), self.tr("作息表")
        super().__init__(BellTimetable, vault, notice, keeper, title=title, what=what, empty=empty)

    def fields(self) -> dict[str, Field]:
        self._like = CheckField(self.tr("节次照现在选中的那份抄来，再改时间"))
        return {
            "name": LineField(self.tr("作息表名称"), placeholder=self.tr("冬季作息")),
            "from": LineField(
                self.tr("每年从哪天起用"), self.tr("用到下一份开始的前一天；只有一份就全年都用。"), self.tr("10月1日")
            ),
            "like": self._like,
        }

    def records(self, session: Session) -> list[BellTimetable]:
        return sorted(store.kept(session, BellTimetable), key=_season)

    def row(self, record: BellTimetable) -> Row:
        row = Row(record.name, self.tr("每年 {month}月{day}日起").format(month=record.from_month, day=record.from_day))
        if self._in_force == (record.from_month, record.from_day):
            row.add(tag(self.tr("现在用"), "accent"))
        if record.id == self._chosen and len(self._rows) > 1:
            row.add(tag(self.tr("已选")))
        edit = button(self.tr("修改"), name=self.tr("修改{name}").format(name=record.name))
        edit.setProperty("record", record.id)
        edit.clicked.connect(self._edit)
        row.add(edit)
        return row

    def values(self, record: BellTimetable | None) -> dict[str, str]:
        if record is None:
            return {"name": "", "from": "", "like": "1" if self._chosen in self._rows else ""}
        season = self.tr("{month}月{day}日").format(month=record.from_month, day=record.from_day)
        return {"name": record.name, "from": season, "like": ""}

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        month, day = read_season(values["from"])
        like = self._chosen if values["like"] else None
        return entering.save_timetable(session, values["name"], month, day, record_id, like)

    def show_all(self) -> None:
        with self._vault.read() as session:
            now = in_force(store.timetables(session), self._vault.clock.today())
        self._in_force = (now.month, now.day) if now is not None else None
        super().show_all()
        if self._chosen not in self._rows:
            current = [row.id for row in self._rows.values() if _season(row) == self._in_force]
            self._chosen = current[0] if current else None
            if current:
                super().show_all()  # with the mark on its row
        self.chosen.emit(self._rows.get(self._chosen) if self._chosen is not None else None)

    def pick(self, record_id: int) -> None:
        self.choose(record_id)

    def choose(self, timetable_id: int) -> None:
        """Have this one's bells shown."""
        self._chosen = timetable_id
        self.show_all()

    def _begin(self, record_id: int | None) -> None:
        super()._begin(record_id)
        self._like.setVisible(record_id is None and self._chosen in self._rows)

    def _edit(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self.open(int(sender.property("record")))


class BellsCard(ListCard[BellSlot]):
    """The periods of one timetable."""

    key = "bell_slot"

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper) -> None:
        self._of: BellTimetable | None = None
        empty = self.tr("还没有节次。可以约谈的时间都写进来，例如「午休一 12:20–13:00」。")
        title, what = self.tr("节次"), self.tr("节次")
        super().__init__(BellSlot, vault, notice, keeper, title=title, what=what, empty=empty)
        self.hide()

    def show_of(self, timetable: BellTimetable | None) -> None:
        """Show the periods of this timetable."""
        same = timetable is not None and self._of is not None and timetable.id == self._of.id
        self._of = timetable
        self.setVisible(timetable is not None)
        self.set_hint(timetable.name if timetable is not None else "")
        if same:
            self.show_all()
        else:
            self.arrive()

    def fields(self) -> dict[str, Field]:
        return {
            "name": LineField(self.tr("节次名称"), placeholder=self.tr("午休一")),
            "weekdays": weekdays_field(self.tr("哪几天")),
            "start": TimeField(self.tr("从几点")),
            "end": TimeField(self.tr("到几点")),
        }

    def records(self, session: Session) -> list[BellSlot]:
        return entering.bells_of(session, self._of.id) if self._of is not None else []

    def row(self, record: BellSlot) -> Row:
        return Row(f"{record.name} {Span(record.start, record.end).hours_said}", weekday_names(record.weekdays))

    def values(self, record: BellSlot | None) -> dict[str, str]:
        if record is None:
            return {"name": "", "weekdays": SCHOOL_DAYS, "start": "", "end": ""}
        return {"name": record.name, **told_hours(record.weekdays, record.start, record.end)}

    def write(self, session: Session, values: dict[str, str], record_id: int | None) -> int:
        if self._of is None:
            raise LookupError("no timetable is chosen")
        span = check_span(read_time(values["start"]), read_time(values["end"]))
        weekdays = values["weekdays"].replace(" ", "")
        return entering.save_bell(session, self._of.id, values["name"], weekdays, span, record_id)

    def new_key(self) -> str:
        return f"{super().new_key()}-{self._of.id}" if self._of is not None else super().new_key()

    def show_all(self) -> None:
        super().show_all()
        self._tell_gaps()

    def _tell_gaps(self) -> None:
        """What lies between the periods, so that a slip shows; a break that is meant may stay."""
        bells = tuple(Bell(row.weekdays, Slot(row.name, row.start, row.end)) for row in self._rows.values())
        table = Timetable("", 1, 1, bells)
        on: dict[str, str] = {}
        for weekday in range(1, 8):
            words = "、".join(span.hours_said for span in gaps(table.slots(weekday)))
            if words:
                on[words] = on.get(words, "") + str(weekday)
        said = [f"{weekday_names(weekdays)} {words}" for words, weekdays in on.items()]
        self.under.setText(self.tr("节次之间空着：{gaps}。空着的时间排不到节次上。").format(gaps="；".join(said)))
        self.under.setVisible(bool(said))


def _season(record: BellTimetable) -> tuple[int, int]:
    return record.from_month, record.from_day
