"""Other schools' class lists: other orders, words, shapes and file kinds come out the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.rooms.students.choices import Relation
from app.rooms.students.classlist.entries import RowProblem
from tests.rooms.students import lists
from tests.rooms.students.lists import come_to, short

PEOPLE = [
    ("0301", "林晓舟", "女", 8, 3),
    ("0302", "欧阳若溪", "男", 8, 3),
    ("0401", "周 可", "女", 8, 4),
    ("0402", "阿依古丽·买买提", "女", 8, 4),
]
WANTED = [(n, name.replace(" ", ""), g, grade, c) for n, name, g, grade, c in PEOPLE]


def test_columns_in_another_order_with_other_words(tmp_path: Path) -> None:
    rows = [
        ["所在班级", "学生姓名", "性别(男/女)*", "学生编号"],
        *([f"八({c})班", n, g, no] for no, n, g, _, c in PEOPLE),
    ]
    assert [short(e) for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"名单": rows})).entries] == WANTED


def test_surname_and_given_name_apart(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓", "名", "性别", "班级"],
        ["01", "欧阳", "若溪", "男", "八(3)班"],
        ["02", "林", " 晓 舟", "女", "八(3)班"],
    ]
    assert [e.name for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries] == ["欧阳若溪", "林晓舟"]


def test_a_header_of_two_rows(tmp_path: Path) -> None:
    rows = [
        ["某校学生信息表"],
        ["学生基本信息", "", "", "", "监护人信息", "", "", "备注"],
        ["学号", "姓名", "性别", "班级", "姓名", "关系", "电话", ""],
        ["01", "林晓舟", "女", "八(3)班", "林建国", "父子", "13800001111", "=1+1"],
        ["02", "周可", "女", "八(4)班", "吴敏", "妈妈", 13900002222, ""],
    ]
    merged = [("s", "A2:D2", "学生基本信息"), ("s", "E2:G2", "监护人信息"), ("s", "H2:H3", "备注")]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}, merged=merged))
    assert [short(e) for e in found.entries] == [("01", "林晓舟", "女", 8, 3), ("02", "周可", "女", 8, 4)]
    assert [(c.name, c.relation, c.phone) for e in found.entries for c in e.carers] == [
        ("林建国", Relation.FATHER, "13800001111"),
        ("吴敏", Relation.MOTHER, "13900002222"),
    ]
    assert found.problems == ()


def test_a_class_written_once_in_a_merged_cell(tmp_path: Path) -> None:
    rows = [["班级", "学号", "姓名", "性别"], *(["", no, n, g] for no, n, g, _, _ in PEOPLE)]
    merged = [("八年级", "A2:A3", "3班"), ("八年级", "A4:A5", "4班")]
    assert [
        short(e) for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"八年级": rows}, merged=merged)).entries
    ] == WANTED


def test_one_sheet_a_class_and_no_column_for_grade_or_class(tmp_path: Path) -> None:
    head = ["座号", "学号", "姓名", "性别"]
    sheets = {
        "3班": [
            ["启明中学2026—2027学年第一学期八年级学生名册"],
            head,
            *([1, no, n, g] for no, n, g, _, c in PEOPLE if c == 3),
        ],
        "八(4)班": [head, *([1, no, n, g] for no, n, g, _, c in PEOPLE if c == 4)],
    }
    with_title = come_to(lists.xlsx(tmp_path / "a.xlsx", {"八(4)班": sheets["八(4)班"]}))
    assert [short(e) for e in with_title.entries] == WANTED[2:]
    title_says_class = [["启明中学八年级(3)班学生花名册"], *sheets["3班"][1:]]
    assert [short(e) for e in come_to(lists.xlsx(tmp_path / "b.xlsx", {"Sheet1": title_says_class})).entries] == WANTED[
        :2
    ]
    assert [short(e) for e in come_to(lists.xlsx(tmp_path / "c.xlsx", sheets)).entries] == WANTED


def test_classes_as_headings_between_the_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [["学号", "姓名", "性别"]]
    for class_no in (3, 4):
        rows.append([f"八年级({class_no})班"])
        rows += [[no, n, g] for no, n, g, _, c in PEOPLE if c == class_no]
        rows.append(["小计", "2人"])
    assert [short(e) for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries] == WANTED


def test_an_opendocument_list(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "生日", "班级"],
        *([no, n, g, date(2013, 5, 1), f"80{c}"] for no, n, g, _, c in PEOPLE),
    ]
    found = come_to(lists.ods(tmp_path / "a.ods", {"名单": rows}))
    assert [short(e) for e in found.entries] == WANTED
    assert {e.birth_date for e in found.entries} == {date(2013, 5, 1)}


def test_an_old_workbook(tmp_path: Path) -> None:
    rows = [[], ["", "学号", "姓名", "性别", "班"], *(["", no, n, g, f"{c}班"] for no, n, g, _, c in PEOPLE)]
    found = come_to(lists.xls(tmp_path / "a.xls", {"初二": rows}))
    assert [short(e) for e in found.entries] == WANTED
    assert [e.row for e in found.entries] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [("\t", "utf-8"), (";", "utf-8-sig"), (",", "gb18030"), ("\t", "utf-16"), (",", "utf-8-sig")],
)
def test_text_files_of_every_kind(tmp_path: Path, separator: str, encoding: str) -> None:
    rows = [["学号", "姓名", "性别", "班级"], [], *([no, n, g, f"八({c})班"] for no, n, g, _, c in PEOPLE)]
    found = come_to(lists.text(tmp_path / "a.csv", rows, separator, encoding))
    assert [short(e) for e in found.entries] == WANTED
    assert found.entries[0].row == 3


def test_an_identity_number_is_never_taken(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "身份证号", "", "班级"],
        *(
            [no, n, g, f"36010319991231{i}23X", f"36010319991231{i}231", f"八({c})班"]
            for i, (no, n, g, _, c) in enumerate(PEOPLE)
        ),
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [short(e) for e in found.entries] == WANTED
    assert "3601031999" not in repr(found)


def test_father_and_mother_in_columns_of_their_own(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "班级", "父亲姓名", "父亲电话", "母亲姓名", "母亲联系电话", "家庭住址"],
        ["01", "林晓舟", "女", "八(3)班", "林建国", "138-0000-1111", "吴敏", "+86 13900002222", "滨江街8号"],
        ["02", "周可", "女", "八(3)班", "", "", "郑兰", "13700003333/13600004444", ""],
    ]
    first, second = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries
    assert [(c.name, c.relation, c.phone, c.address) for c in first.carers] == [
        ("林建国", Relation.FATHER, "13800001111", "滨江街8号"),
        ("吴敏", Relation.MOTHER, "13900002222", ""),
    ]
    assert [(c.name, c.phone, c.phone2) for c in second.carers] == [("郑兰", "13700003333", "13600004444")]
    assert first.phone == ""


def test_the_register_number_stands_beside_the_students_number(tmp_path: Path) -> None:
    rows = [["学籍号", "学号", "姓名", "性别", "班级"], ["G100", "01", "林晓舟", "女", "八(3)班"]]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries
    assert (entry.student_no, entry.national_no) == ("01", "G100")
    rows = [["学籍号", "姓名", "性别", "班级"], ["G100", "林晓舟", "女", "八(3)班"]]
    (entry,) = come_to(lists.xlsx(tmp_path / "b.xlsx", {"s": rows})).entries
    assert (entry.student_no, entry.national_no) == ("G100", "")


def test_a_header_far_below_a_page_of_remarks_and_blank_columns(tmp_path: Path) -> None:
    remarks = [[f"{n}、请各班核对本班学生信息，如有姓名、学号、班级错误请联系教务处。"] for n in range(1, 16)]
    rows = [
        *remarks,
        ["", "学号", "", "姓名", "", "性别", "班级", "备注"],
        *(["", no, "", n, "", g, f"初二{c}班", "转入"] for no, n, g, _, c in PEOPLE),
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [short(e) for e in found.entries] == WANTED
    assert found.entries[0].row == 17


def test_a_list_without_any_header(tmp_path: Path) -> None:
    rows = [[i, f"2025{i:04d}", name, g, "八(3)班", "13800001111"] for i, (name, g) in enumerate(
        [("林晓舟", "女"), ("周可", "男"), ("吴敏", "女"), ("郑兰", "女"), ("王一", "男")], 1
    )]  # fmt: skip
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert short(found.entries[0]) == ("20250001", "林晓舟", "女", 8, 3)
    assert len(found.entries) == 5


def test_unknown_headers_are_told_by_the_cells(tmp_path: Path) -> None:
    people = [("林晓舟", "女"), ("周可", "男"), ("吴敏", "女"), ("郑兰", "女")]
    rows = [
        ["学号", "姓名", "区分", "归属", "日子"],
        *([f"0{i}", n, g, "高一(2)班", "2010-05-01"] for i, (n, g) in enumerate(people)),
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [short(e)[2:] for e in found.entries] == [(g, 10, 2) for _, g in people]
    assert found.entries[0].birth_date == date(2010, 5, 1)


def test_cohorts_are_read_by_the_stage_or_by_age(tmp_path: Path) -> None:
    head = ["学号", "姓名", "性别", "出生年月日", "年级", "班级"]
    junior = [head, ["01", "林晓舟", "女", "2012.1.2", "2024级", "3班"]]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": junior})).entries
    assert (entry.grade, entry.class_no, entry.entry_year) == (9, 3, 2024)
    senior = [["启明高中学生名册"], head, ["01", "林晓舟", "女", "", "2024级", "2024级3班"]]
    (entry,) = come_to(lists.xlsx(tmp_path / "b.xlsx", {"s": senior})).entries
    assert (entry.grade, entry.class_no) == (12, 3)
    nobody_knows = [head, ["01", "林晓舟", "女", "", "2024级", "3班"]]
    (problem,) = come_to(lists.xlsx(tmp_path / "c.xlsx", {"s": nobody_knows})).problems
    assert "年级" in problem.reason


def test_dates_as_days_of_1904_and_as_bare_counts(tmp_path: Path) -> None:
    rows = [["学号", "姓名", "性别", "班级", "出生日期"], ["01", "林晓舟", "女", "八(3)班", date(2013, 5, 1)]]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}, epoch_1904=True)).entries
    assert entry.birth_date == date(2013, 5, 1)
    rows[1][4] = 41395
    (entry,) = come_to(lists.xlsx(tmp_path / "b.xlsx", {"s": rows})).entries
    assert entry.birth_date == date(2013, 5, 1)


def test_gender_as_figures_and_letters(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "班级"],
        *(
            [f"0{i}", f"林晓{c}", g, "八(3)班"]
            for i, (c, g) in enumerate(zip("一二三四五", (1, 0, 2, "M", "Ｆ"), strict=True))
        ),
    ]
    assert [e.gender.label for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries] == [
        "男",
        "女",
        "女",
        "男",
        "女",
    ]


def test_boarding_under_either_question(tmp_path: Path) -> None:
    for header, words, wanted in (
        ("是否走读", ("是", "否", "住校", ""), (False, True, True, None)),
        ("就读方式", ("寄宿", "走读", "住校生", "通校"), (True, False, True, False)),
        ("住宿", ("√", "", "×", 1), (True, None, False, True)),
    ):
        rows = [
            ["学号", "姓名", "性别", "班级", header],
            *(
                [f"0{i}", n, "女", "八(3)班", w]
                for i, (n, w) in enumerate(zip(("甲一", "乙二", "丙三", "丁四"), words, strict=True))
            ),
        ]
        assert tuple(e.boarding for e in come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries) == wanted


def test_lost_digits_are_problems_and_nothing_of_their_rows_is_taken(tmp_path: Path) -> None:
    head = ["学号", "姓名", "性别", "班级", "联系电话"]
    good = [
        [f"0250100{i:02d}", f"林晓{c}", "女", "八(3)班", "13800001111"] for i, c in enumerate("一二三四五六七八九", 1)
    ]
    bad = [
        ["2.50E+08", "吴敏", "女", "八(3)班", ""],
        [25010015.0, "郑兰", "女", "八(3)班", ""],
        ["025010016", "王一", "女", "八(3)班", "1.38E+10"],
        ["025010017", "张*", "女", "八(3)班", ""],
        ["025010018", "钱多", "女", "实验班", ""],
        ["025010019", "孙好", "女", "九(3)班", ""],
        ["", "李无号", "女", "八(3)班", "13800001111"],
        ["025010020", "周未来", "", "八(3)班", ""],
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"八年级": [head, *good, *bad]}))
    assert len(found.entries) == 9
    reasons = {problem.row: problem.reason for problem in found.problems}
    words = (
        "科学计数法",
        "开头的 0",
        "电话变成了科学计数法",
        "遮住",
        "班级「实验班」看不懂",
        "不一致",
        "没有学号",
        "没有性别",
    )
    assert [word in reasons[row] for row, word in enumerate(words, 11)] == [True] * 8


def test_totals_repeated_headers_and_remarks_are_no_problems(tmp_path: Path) -> None:
    head = ["序号", "学号", "姓名", "性别", "班级"]
    rows = [
        ["名册"], head, [1, "01", "林晓舟", "女", "八(3)班"], ["", "", "", "", ""], head, [2, "02", "周可", "男", "八(3)班"],
        [3], ["合计", "", "2人"], ["男1人", "女1人"], ["制表人：", "", "教务处"], ["注：以上名单以学籍为准"],
    ]  # fmt: skip
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert (len(found.entries), found.problems, found.repeats) == (2, (), ())


def test_a_repeat_on_another_sheet_and_another_name_for_a_number(tmp_path: Path) -> None:
    head = ["学号", "姓名", "性别", "班级"]
    sheets = {
        "初一": [head, ["01", "林晓舟", "女", "1班"], ["02", "周可", "男", "1班"]],
        "初二": [head, ["０１", "林 晓舟", "女", "1班"], ["02", "周克", "男", "1班"]],
    }
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", sheets))
    assert [short(e)[:2] for e in found.entries] == [("01", "林晓舟"), ("02", "周可")]
    assert [(r.sheet, r.row) for r in found.repeats] == [("初二", 2)]
    assert [(p.sheet, p.row) for p in found.problems] == [("初二", 3)]
    assert isinstance(found.problems[0], RowProblem)


def test_rows_stand_where_the_spreadsheet_shows_them_though_the_list_begins_far_inside(tmp_path: Path) -> None:
    rows: list[list[object]] = [[] for _ in range(6)]
    rows += [
        ["", "", "", "学号", "姓名", "性别", "班级"],
        ["", "", "", "01", "林晓舟", "未", "八(3)班"],
        [],
        ["", "", "", "02", "周可", "男", "八(3)班"],
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [p.row for p in found.problems] == [8]
    assert [e.row for e in found.entries] == [10]


def test_text_that_begins_with_an_equals_sign_is_kept_as_text(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "班级", "家长姓名", "家庭住址"],
        ["01", "林晓舟", "女", "八(3)班", "林建国", '=HYPERLINK("http://x","点我")'],
    ]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries
    assert entry.carers[0].address == '=HYPERLINK("http://x","点我")'


def test_two_blocks_side_by_side_are_one_list(tmp_path: Path) -> None:
    head = ["序号", "学号", "姓名", "性别"]
    rows = [
        ["启明中学八年级(3)班名册"],
        [*head, "", *head],
        [1, "01", "林晓舟", "女", "", 3, "03", "吴敏", "女"],
        [2, "02", "周可", "男", "", 4, "04", "", "男"],
    ]
    found = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [short(e)[:2] for e in found.entries] == [("01", "林晓舟"), ("02", "周可"), ("03", "吴敏")]
    assert [(p.row, p.reason) for p in found.problems] == [(4, "没有姓名")]


def test_phones_of_the_same_header_belong_to_the_parent_before_them(tmp_path: Path) -> None:
    rows = [
        ["学号", "姓名", "性别", "班级", "父亲姓名", "工作单位", "联系电话", "母亲姓名", "工作单位", "联系电话"],
        ["01", "林晓舟", "女", "八(3)班", "林建国", "厂", "13800001111", "吴敏", "店", "13900002222"],
    ]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries
    assert [(c.name, c.phone) for c in entry.carers] == [("林建国", "13800001111"), ("吴敏", "13900002222")]


def test_an_empty_column_for_the_number_beside_a_filled_register_number(tmp_path: Path) -> None:
    rows = [["学号", "学籍号", "姓名", "性别", "班级"], ["", "G100", "林晓舟", "女", "八(3)班"]]
    (entry,) = come_to(lists.xlsx(tmp_path / "a.xlsx", {"s": rows})).entries
    assert (entry.student_no, entry.national_no) == ("G100", "")
