"""Legal holidays: what the program knows is what the State Council announced; a year it does not know comes from a file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.errors import Problem
from app.rooms.school import entering, holidayfile, store
from app.rooms.school.holidays import known
from app.rooms.school.record import LoadedYear
from app.vault.vault import Vault

# The notices: 国办发明电〔2024〕12号 for 2025 and 国办发明电〔2025〕7号 for 2026, as (name, first day off, last day off).
NOTICES = {
    2025: [
        ("元旦", "01-01", "01-01"),
        ("春节", "01-28", "02-04"),
        ("清明节", "04-04", "04-06"),
        ("劳动节", "05-01", "05-05"),
        ("端午节", "05-31", "06-02"),
        ("国庆节", "10-01", "10-08"),  # with 中秋节 on the 6th
    ],
    2026: [
        ("元旦", "01-01", "01-03"),
        ("春节", "02-15", "02-23"),
        ("清明节", "04-04", "04-06"),
        ("劳动节", "05-01", "05-05"),
        ("端午节", "06-19", "06-21"),
        ("中秋节", "09-25", "09-27"),
        ("国庆节", "10-01", "10-07"),
    ],
}
WORKDAYS = {
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}

FILE = """日期,类型,名称
2027-01-01,放假,元旦
2027年2月5日,休,春节
2027/2/6,放假,春节
2027-02-20,上班,春节
2027-05-01,放假,劳动节
2027-05-02,放假,劳动节
2027-10-01,放假,国庆节
2027-10-02,放假,国庆节
2027-10-03,放假,国庆节
"""


def days(year: int, first: str, last: str) -> list[date]:
    at, end = date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}")
    return [at + timedelta(days=n) for n in range((end - at).days + 1)]


@pytest.mark.parametrize("year", sorted(NOTICES))
def test_every_day_of_the_year_is_as_the_notice_says(year: int) -> None:
    off = {day: name for name, first, last in NOTICES[year] for day in days(year, first, last)}
    if year == 2025:
        off[date(2025, 10, 6)] = "中秋节"
    work = {date.fromisoformat(f"{year}-{day}") for day in WORKDAYS[year]}
    for day in days(year, "01-01", "12-31"):
        weekend = "周末" if day.isoweekday() >= 6 and day not in work else ""
        assert known().why_off(day) == off.get(day, weekend), day


def test_a_year_without_a_notice_counts_weekends_only() -> None:
    unknown = max(known().years) + 1
    assert not known().knows(unknown)
    offs = {known().why_off(day) for day in days(unknown, "01-01", "12-31")}
    assert offs == {"", "周末"}


def test_a_file_is_read_in_the_shapes_people_write() -> None:
    off, work = holidayfile.read(FILE.encode("gb18030"), 2027)
    assert (off[date(2027, 2, 5)], off[date(2027, 2, 6)]) == ("春节", "春节")
    assert work == {date(2027, 2, 20): "春节"}
    assert holidayfile.read(FILE.replace(",", "\t").encode("utf-8-sig"), 2027) == (off, work)
    assert holidayfile.read(FILE.replace(",", "，").encode(), 2027) == (off, work)


@pytest.mark.parametrize("year", [2025, 2026])
def test_what_is_written_as_an_example_reads_back(year: int) -> None:
    off, work = holidayfile.read(holidayfile.written(known(), year), year)
    assert off == {day: name for day, name in known().off.items() if day.year == year}
    assert work == {day: name for day, name in known().work.items() if day.year == year}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (FILE.replace("2027", "2028"), "第 2 行是 2028 年的，不是 2027 年"),
        (FILE.replace("2027-02-20", "2027-02-31"), "第 5 行的「2027-02-31」不是一个日期"),
        (FILE.replace("2027-02-20", "2027-02-19"), "2027-02-19 不是周末"),
        (FILE.replace("2027-10-03", "2027-10-02"), "第 10 行的 2027-10-02 出现了两次"),
        (FILE.replace("2027-05-02,放假,劳动节\n", ""), "没有 2027 年 5 月 2 日(劳动节)放假"),
        (FILE.replace("休,", "吃饭,"), "第 3 行的类型「吃饭」看不懂"),
        (FILE.replace(",元旦", ""), "第 2 行不是三格"),
        (FILE.replace("日期,类型,名称", "姓名,学号,班级"), "第一行不是「日期,类型,名称」"),
        ("", "第一行不是"),
        ("日期,类型,名称\n", "没有 2027 年 1 月 1 日"),
        ("日期\x00,类型", "不是文字表格"),
        (FILE + "\n" * 100_000, "太大"),
        ('日期,类型,名称\n2027-01-01,放假,"元旦', "没有 2027 年 5 月 1 日"),
    ],
)
def test_a_file_of_the_wrong_year_or_shape_is_refused_with_its_line(content: str, said: str) -> None:
    with pytest.raises(holidayfile.NotAHolidayFile) as refused:
        holidayfile.read(content.encode(), 2027)
    assert said in refused.value.sentence
    assert "原来的日历没有变" in refused.value.next_step


def test_pictures_and_other_bytes_are_refused() -> None:
    with pytest.raises(Problem):
        holidayfile.read(bytes(range(256)) * 3, 2027)


def test_a_loaded_year_counts_until_it_is_taken_away_and_again_when_that_is_undone(vault: Vault, clock) -> None:
    off, work = holidayfile.read(FILE.encode(), 2027)
    with vault.write("试") as session:
        row = entering.load_year(session, 2027, off, work)
    with vault.read() as session:
        calendar = store.calendar(session)
    assert calendar.why_not(date(2027, 2, 5)) == "春节"
    assert calendar.is_school_day(date(2027, 2, 20))
    assert not calendar.says_weekends_only(2027)
    assert calendar.why_not(date(2026, 10, 1)) == "国庆节"  # other years are as they were
    with vault.write("试") as session:
        entering.discard(session, LoadedYear, row, clock.now())
    with vault.read() as session:
        assert store.calendar(session).says_weekends_only(2027)
    with vault.write("试") as session:
        entering.take_back(session, LoadedYear, row)
    with vault.read() as session:
        assert store.calendar(session).why_not(date(2027, 2, 5)) == "春节"


def test_a_year_loaded_again_replaces_itself_and_a_known_one(vault: Vault) -> None:
    with vault.write("试") as session:
        first = entering.load_year(session, 2026, {date(2026, 1, 1): "元旦"}, {})
        assert entering.load_year(session, 2026, {date(2025, 12, 31): "元旦", date(2026, 1, 2): "元旦"}, {}) == first
    with vault.read() as session:
        calendar = store.calendar(session)
    assert calendar.why_not(date(2025, 12, 31)) == "元旦"
    assert calendar.is_school_day(date(2026, 1, 1))
    assert calendar.is_school_day(date(2026, 10, 1))
    assert calendar.why_not(date(2025, 10, 1)) == "国庆节"
