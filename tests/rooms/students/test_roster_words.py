"""Class names and birth dates, back and forth: whatever shape a school writes, the same class and day come back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rooms.school.record import class_name, grade_name
from app.rooms.students.classlist import cells
from app.rooms.students.classlist.cells import Unreadable
from app.rooms.students.classlist.places import Place, read_class, read_grade, read_title

TODAY = date(2026, 11, 20)
GRADES = st.integers(1, 12)
CLASSES = st.integers(1, 60)
BIRTHS = st.dates(date(2000, 1, 1), TODAY)
FULL = str.maketrans("0123456789()", "０１２３４５６７８９（）")
CHINESE = "零一二三四五六七八九"


def chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else CHINESE[tens]) + ("十" if tens else "") + (CHINESE[ones] if ones else "")


def class_shapes(grade: int, class_no: int) -> list[str]:
    short = grade_name(grade).removesuffix("年级")
    staged = (
        grade_name(grade)
        if grade > 9
        else f"{'小学' if grade < 7 else '初'}{CHINESE[grade if grade < 7 else grade - 6]}"
    )
    whole = grade_name(grade)
    return [
        f"{short}({class_no})班",
        f"{short}（{class_no}）班",
        f"{short}({class_no})班".translate(FULL),
        f" {short} ( {class_no} ) 班 ",
        f"{whole}{class_no}班",
        f"{whole}({class_no:02d})班",
        f"{whole}{chinese(class_no)}班",
        f"{staged}{class_no}班" if grade > 6 else f"{staged}年级{class_no}班",
        f"{staged}({class_no})班" if grade > 6 else f"{staged}年级({class_no})班",
        f"{grade}.{class_no:02d}班",
        f"{grade}-{class_no}",
        f"{grade}({class_no})",
        f"{grade}{class_no:02d}",
        f"{grade}{class_no:02d}班",
    ]


@given(GRADES, CLASSES)
def test_a_class_is_read_from_every_shape(grade: int, class_no: int) -> None:
    for written in class_shapes(grade, class_no):
        place = read_class(written)
        assert place is not None, written
        assert place.settled(None, "", TODAY) == Place(grade, class_no), written
        assert place.settled(grade, "", TODAY) == Place(grade, class_no), written


@given(GRADES, CLASSES)
def test_our_own_class_names_come_back(grade: int, class_no: int) -> None:
    place = read_class(class_name(grade, class_no))
    assert place is not None
    assert place.settled(None, "", TODAY) == Place(grade, class_no)
    assert read_title(f"启明学校2026—2027学年第一学期{class_name(grade, class_no)}学生名册") == Place(grade, class_no)


@given(GRADES, CLASSES)
def test_a_bare_class_takes_the_grade_known_from_elsewhere(grade: int, class_no: int) -> None:
    for written in (
        f"{class_no}班",
        f"({class_no})班",
        str(class_no),
        float(class_no),
        f"第{class_no}班",
        f"{chinese(class_no)}班",
    ):
        place = read_class(written)
        assert place is not None, written
        assert place.settled(grade, "", TODAY) == Place(grade, class_no), written


@given(GRADES, GRADES, CLASSES)
def test_a_class_of_another_grade_is_never_taken(grade: int, other: int, class_no: int) -> None:
    place = read_class(f"{grade_name(grade)}({class_no})班")
    assert place is not None
    settled = place.settled(other, "", TODAY)
    assert settled in (Place(other, class_no), Place())
    if grade > 9 and grade != other:
        assert settled == Place()


@given(st.sampled_from(["小学", "初中", "高中"]), st.integers(0, 5), CLASSES)
def test_a_cohort_is_a_grade_of_its_stage(stage: str, years: int, class_no: int) -> None:
    first, last = {"小学": (1, 6), "初中": (7, 9), "高中": (10, 12)}[stage]
    for written in (f"{2026 - years}级{class_no}班", f"{26 - years}级({class_no})班"):
        place = read_class(written)
        assert place is not None
        settled = place.settled(None, stage, TODAY)
        assert settled.grade == (first + years if first + years <= last else None)


def test_grades_by_name_number_and_stage() -> None:
    for grade in range(1, 13):
        for written in (grade_name(grade), str(grade), grade, float(grade)):
            assert read_grade(written) == Place(grade)
    for written, grade in (
        ("初一", 7),
        ("初中三年级", 9),
        ("高中二年级", 11),
        ("高三年级", 12),
        ("７年级", 7),
        ("预备年级", None),
        ("十三", None),
    ):
        found = read_grade(written)
        assert (found.grade if found else None) == grade


@pytest.mark.parametrize(
    "written", ["实验班", "0班", "61班", "火箭(甲)班", "7年1", "第班", "七(1)班、七(2)班", "13年级1班"]
)
def test_what_is_no_class_is_not_guessed(written: str) -> None:
    place = read_class(written)
    assert place is None or place.settled(None, "", TODAY) in (Place(7, 1),)


@given(BIRTHS)
def test_a_day_is_read_from_every_shape(day: date) -> None:
    y, m, d = day.year, day.month, day.day
    shapes: list[object] = [
        day, day.isoformat(), f"{y}.{m}.{d}", f"{y}/{m}/{d}", f"{y}年{m}月{d}日", f"{y}{m:02d}{d:02d}", int(f"{y}{m:02d}{d:02d}"),
        float(f"{y}{m:02d}{d:02d}"), f" {y}-{m}-{d} ", f"{y}年{m:02d}月{d:02d}日".translate(FULL), f"{y}-{m:02d}-{d:02d} 00:00:00",
        f"{y}-{m:02d}-{d:02d}T00:00:00", f"'{y}{m:02d}{d:02d}", f"{y} {m} {d}", f"{y % 100:02d}.{m}.{d}", (day - date(1899, 12, 30)).days,
    ]  # fmt: skip
    for written in shapes:
        assert cells.day(written, TODAY) == day, written  # type: ignore[arg-type]


@given(st.integers(2000, 2026), st.integers(1, 12), st.integers(1, 31))
def test_a_day_there_is_not_is_never_bent_into_one(year: int, month: int, day: int) -> None:
    try:
        real = datetime(year, month, day).date()
    except ValueError:
        with pytest.raises(Unreadable):
            cells.day(f"{year}.{month}.{day}", TODAY)
        return
    if real > TODAY:
        with pytest.raises(Unreadable):
            cells.day(f"{year}.{month}.{day}", TODAY)


@pytest.mark.parametrize("written", ["2013.13.45", "昨天", "2013年", "201305", "1900-01-01", "2027-01-01", 12.5, 7])
def test_what_is_no_birth_date_is_told(written: object) -> None:
    with pytest.raises(Unreadable):
        cells.day(written, TODAY)  # type: ignore[arg-type]


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_a_mobile_number_comes_back_as_its_digits(number: int) -> None:
    digits = str(number)
    spaced = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    for written in (
        number,
        float(number),
        digits,
        digits.translate(FULL),
        spaced,
        f"+86 {digits}",
        f"{digits[:3]}-{digits[3:7]}-{digits[7:]}",
    ):
        assert cells.phones(written) == [digits], written
    assert cells.phones(f"{digits}、0791-5550102") == [digits, "07915550102"]


@given(st.text("0123456789", min_size=1, max_size=15))
def test_leading_zeros_are_kept(number: str) -> None:
    for written in (number, number.translate(FULL), f" {number} ", f"'{number}", f"{number}\u200b"):
        assert cells.number(written) == number


def test_what_a_telephone_puts_around_a_copied_number_is_no_part_of_it() -> None:
    assert cells.words("\u202d13800000000\u202c") == "13800000000"
    assert cells.name("\u2068李明\u2069") == "李明"


def test_a_name_that_reads_in_another_order_than_written_is_not_taken() -> None:
    with pytest.raises(Unreadable):
        cells.name("程\u202e辰")


def test_names_lose_their_padding_and_nothing_else() -> None:
    for written, name in (
        ("李  明", "李明"),
        ("李\u3000明", "李明"),
        (" 程辰𠮷 ", "程辰𠮷"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("买买提•艾力", "买买提·艾力"),
        ("Anna  Lee", "Anna Lee"),
        ("=李明", "=李明"),
        ("ＡＢ", "AB"),
        ("〇一", "〇一"),
        ("欧阳 若溪", "欧阳若溪"),
        ("\u3000", ""),
        ("无", ""),
    ):
        assert cells.name(written) == name
    for written in ("张*", "李＊＊", "123", "***"):
        with pytest.raises(Unreadable):
            cells.name(written)


def test_the_serial_of_a_day_is_one_only_where_students_are_born() -> None:
    born = date(2013, 5, 1)
    assert cells.day((born - date(1899, 12, 30)).days, TODAY) == born
    with pytest.raises(Unreadable):
        cells.day(12_345, TODAY)
    assert cells.day(str((TODAY - timedelta(days=1) - date(1899, 12, 30)).days), TODAY) == TODAY - timedelta(days=1)
