"""The card of the legal holidays: this year and the next, where they come from, and a file for a year the program does not know."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.errors import Problem
from app.rooms.school import entering, holidayfile, store
from app.rooms.school.holidays import Holidays, known
from app.rooms.school.names import month_day, stretch_name
from app.rooms.school.record import LoadedYear
from app.ui.cards import Card, Row, button, clear, hairline, tag, text
from app.ui.choosing import choose_file, choose_save
from app.ui.exporting import write_whole
from app.ui.notice import Notice
from app.vault.vault import Vault


class HolidaysCard(Card):
    """Which days the whole country has off or works, by year."""

    def __init__(self, vault: Vault, notice: Notice) -> None:
        super().__init__(self.tr("法定节假日和调休"), self.tr("按国务院办公厅每年的通知"), flush=True)
        self._vault, self._notice = vault, notice
        self._year = 0
        self._years = QVBoxLayout()
        self._years.setSpacing(0)
        self.body.addLayout(self._years)
        self.body.addWidget(hairline())
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 10, 16, 14)
        foot.setSpacing(8)
        shape = self.tr(
            "新一年的通知出来以后，可以载入一个 .csv 文件：第一行写「日期,类型,名称」，以后每天一行，"
            "例如「2027-01-01,放假,元旦」；调休上班的周末写「2027-02-20,上班,春节」。表格软件可以直接存成 .csv。"
        )
        foot.addWidget(text(shape, "hint", wrap=True))
        example = button(self.tr("存一份样子"), name=self.tr("把已知的一年存成样子"))
        example.clicked.connect(self._choose_example)
        foot.addWidget(example, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(foot)

    def show_all(self) -> None:
        """This year, the next, and every other that was loaded."""
        clear(self._years)
        this = self._vault.clock.today().year
        with self._vault.read() as session:
            holidays = store.holidays(session)
            loaded = {row.year: row.id for row in store.kept(session, LoadedYear)}
        for year in sorted({this, this + 1} | loaded.keys()):
            if self._years.count():
                self._years.addWidget(hairline())
            self._years.addWidget(self._row(year, holidays, loaded.get(year)))

    def _row(self, year: int, holidays: Holidays, loaded: int | None) -> QWidget:
        """The year with where it comes from and what can be done; under it its days."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        row = Row(self.tr("{year} 年").format(year=year))
        column.addWidget(row)
        told = text(self._told(year, holidays), "secondary", wrap=True)
        told.setContentsMargins(16, 0, 16, 0)
        column.addWidget(told)
        if not holidays.knows(year):
            row.add(tag(self.tr("只按周末"), "amber"))
        elif loaded is not None:
            row.add(tag(self.tr("已载入"), "accent"))
        else:
            row.add(tag(self.tr("程序自带"), "plain"))
        load = button(self.tr("载入文件"), name=self.tr("载入 {year} 年的放假安排").format(year=year))
        load.setProperty("year", year)
        load.clicked.connect(self._choose)
        row.add(load)
        if loaded is not None:
            drop = button(
                self.tr("移除"), quiet=True, danger=True, name=self.tr("移除载入的 {year} 年").format(year=year)
            )
            drop.setProperty("loaded", loaded)
            drop.clicked.connect(self._remove)
            row.add(drop)
        return whole

    def _told(self, year: int, holidays: Holidays) -> str:
        if not holidays.knows(year):
            return self.tr("程序还不知道这一年的放假安排：只有周六、周日算休息，其余都算工作日。通知发布后请载入文件。")
        stretches = [f"{name} {stretch_name(first, last)}" for first, last, name in _stretches(holidays, year)]
        work = [month_day(day) for day in sorted(holidays.work) if day.year == year]
        said = self.tr("放假：{off}。").format(off="、".join(stretches))
        return said + (self.tr("调休上班：{days}。").format(days="、".join(work)) if work else "")

    # Loading

    def _choose(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._year = int(sender.property("year"))
            title = self.tr("选择 {year} 年的放假安排").format(year=self._year)
            choose_file(self.window(), title, Path.home(), [self.tr("放假安排 (*.csv *.txt)")], self._load)

    def _load(self, path: Path) -> None:
        try:
            off, work = holidayfile.read(_read(path), self._year)
            with self._vault.write("载入放假安排") as session:
                entering.load_year(session, self._year, off, work)
        except Problem as problem:
            self._notice.tell(problem)
            return
        self.show_all()
        words = self.tr("已载入 {year} 年：放假 {off} 天，调休上班 {work} 天。")
        self._notice.toast(words.format(year=self._year, off=len(off), work=len(work)))

    def _remove(self) -> None:
        sender = self.sender()
        if not isinstance(sender, QPushButton):
            return
        gone = int(sender.property("loaded"))
        with self._vault.write("移除放假安排") as session:
            entering.discard(session, LoadedYear, gone, self._vault.now())
        self.show_all()
        self._notice.toast(self.tr("载入的放假安排已移除。"), self.tr("撤销"), partial(self._take_back, gone))

    def _take_back(self, loaded: int) -> None:
        try:
            with self._vault.write("从回收站取回") as session:
                entering.take_back(session, LoadedYear, loaded)
        except Problem as problem:
            self._notice.tell(problem)
            return
        if self.isVisible():
            self.show_all()

    # The example

    def _choose_example(self) -> None:
        name = self.tr("放假安排{year}.csv").format(year=max(known().years))
        choose_save(self.window(), self.tr("存一份样子"), Path.home(), name, self._offer_example)

    def _offer_example(self, path: Path) -> None:
        if not path.exists():
            self._save_example(path)
            return
        sentence = self.tr("这里已有同名的文件，要换掉它吗？")
        self._notice.ask(sentence, "", self.tr("换掉"), partial(self._save_example, path))

    def _save_example(self, path: Path) -> None:
        try:
            write_whole(path, holidayfile.written(known(), max(known().years)))
        except Problem as problem:
            self._notice.tell(problem)
            return
        self._notice.toast(self.tr("已存好，照它改成新一年的再载入。"))


def _stretches(holidays: Holidays, year: int) -> list[tuple[date, date, str]]:
    """The days off that follow one another under one name, as (first, last, name)."""
    days = sorted(day for day in holidays.off if day.year == year)
    found = []
    for (_, name), run in groupby(enumerate(days), lambda at: (at[1] - timedelta(days=at[0]), holidays.off[at[1]])):
        inside = [day for _, day in run]
        found.append((inside[0], inside[-1], name))
    return found


def _read(path: Path) -> bytes:
    """The file's bytes, no more than a holiday file may have. Raises Problem where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(holidayfile.LARGEST + 1)
    except OSError:
        raise Problem("文件读不出来。", "请检查文件是否还在、能否打开。") from None
