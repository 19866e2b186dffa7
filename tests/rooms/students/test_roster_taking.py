"""A class list beside the vault: what is new, changed, renamed or missing; taken as a whole, undone as a whole, never half."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import python_calamine
from sqlalchemy import func, select

from app.rooms.students import remembered, roster, store
from app.rooms.students.choices import Relation
from app.rooms.students.classlist.columns import Mapping
from app.rooms.students.classlist.handing_back import problem_sheet
from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.record import Guardian, Student
from app.vault import bin as bins
from app.vault import engine as engines
from app.vault.trail import Link
from app.vault.undo import UndoStep
from app.vault.vault import Vault
from tests.conftest import KEY, SALT
from tests.rooms.students import lists

CASES = Path(__file__).parents[2] / "cases"
HEAD = ["学号", "姓名", "性别", "班级", "家长姓名", "关系", "联系电话", "是否住宿"]
FIRST = [
    ["0101", "林晓舟", "女", "七(1)班", "林建国", "父亲", "13800001111", "否"],
    ["0102", "周可", "男", "七(1)班", "周敏", "母亲", "13800002222", "是"],
    ["0103", "吴敏", "女", "七(2)班", "", "", "13800003333", ""],
]


def written(folder: Path, rows: Sequence[Sequence[object]], name: str = "名册.xlsx") -> Path:
    return lists.xlsx(folder / name, {"初中": [HEAD, *rows]})


@pytest.fixture
def first(vault: Vault, tmp_path: Path) -> roster.Taken:
    """The first list, taken."""
    return roster.take(vault, roster.preview(vault, written(tmp_path, FIRST)))


def student(vault: Vault, number: str) -> Student:
    with vault.read() as session:
        found = store.by_number(session, number)
        assert found is not None
        return found


def guardians(vault: Vault, number: str) -> list[Guardian]:
    known = student(vault, number)
    with vault.read() as session:
        return store.guardians(session, known.id)


def test_new_students_come_with_guardian_phone_and_pinyin(vault: Vault, first: roster.Taken) -> None:
    assert (first.new, first.changed) == (3, 0)
    known = student(vault, "0101")
    assert (known.name, known.grade, known.class_no, known.phone, known.boarding) == (
        "林晓舟",
        7,
        1,
        "13800001111",
        False,
    )
    assert "lin xiao zhou" in known.pinyin
    (guardian,) = guardians(vault, "0101")
    assert (guardian.name, guardian.relation, guardian.phone, guardian.is_primary) == (
        "林建国",
        Relation.FATHER,
        "13800001111",
        True,
    )
    assert student(vault, "0103").boarding is None


def test_the_same_list_again_changes_nothing(vault: Vault, first: roster.Taken, tmp_path: Path) -> None:
    shown = roster.preview(vault, written(tmp_path, FIRST))
    assert (len(shown.new), len(shown.changed), len(shown.same), len(shown.absent)) == (0, 0, 3, 0)
    taken = roster.take(vault, shown)
    assert (taken.new, taken.changed) == (0, 0)


def test_a_new_term_says_what_changed_from_what_to_what(vault: Vault, first: roster.Taken, tmp_path: Path) -> None:
    rows = [
        ["0101", "林晓舟", "女", "八(1)班", "林建国", "父亲", "13900001111", "是"],
        ["0102", "周可", "男", "八(2)班", "周志远", "父亲", "13800002222", ""],
        ["0103", "吴敏", "女", "八(2)班", "吴建国", "爷爷", "", ""],
        ["0104", "郑兰", "女", "八(2)班", "", "", "", ""],
    ]
    shown = roster.preview(vault, written(tmp_path, rows))
    changes = {k.entry.student_no: {c.label: (c.before, c.after) for c in k.changes} for k in shown.changed}
    assert changes["0101"] == {
        "电话": ("13800001111", "13900001111"),
        "住宿": ("走读", "住宿"),
        "班级": ("七(1)班", "八(1)班"),
        "监护人电话": ("13800001111", "13900001111"),
    }
    assert changes["0102"]["新增监护人"] == ("", "周志远 父亲 13800002222")
    assert changes["0103"] == {
        "班级": ("七(2)班", "八(2)班"),
        "监护人姓名": ("", "吴建国"),
        "监护人关系": ("其他", "祖父母"),
    }
    taken = roster.take(vault, shown)
    assert (taken.new, taken.changed) == (1, 3)
    assert student(vault, "0102").boarding is True  # an empty cell takes nothing away
    assert [(g.name, g.is_primary) for g in guardians(vault, "0102")] == [("周志远", True), ("周敏", False)]
    assert [(g.name, g.phone) for g in guardians(vault, "0103")] == [("吴建国", "13800003333")]


def test_only_the_chosen_rows_are_taken(vault: Vault, tmp_path: Path) -> None:
    shown = roster.preview(vault, written(tmp_path, FIRST))
    assert roster.take(vault, shown, {"0102"}).new == 1
    with vault.read() as session:
        assert store.count(session) == 1


def test_a_known_number_with_a_new_name_is_taken_only_when_it_is_ticked(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    path = written(tmp_path, [["0101", "林小舟", "女", "七(1)班", "", "", "", ""], *FIRST[1:]])
    shown = roster.preview(vault, path)
    assert [k.entry.student_no for k in shown.renamed] == ["0101"]
    assert "0101" not in shown.usual()
    roster.take(vault, shown)
    assert student(vault, "0101").name == "林晓舟"
    roster.take(vault, shown, {"0101"})
    changed = student(vault, "0101")
    assert changed.name == "林小舟"
    assert "lin xiao zhou" in changed.pinyin


BARE = ["学号", "姓名", "性别", "班级", "家长姓名", "联系电话"]
"""The columns of a list that does not say what the guardian is to the student."""


def test_a_list_that_does_not_say_who_the_guardian_is_renames_nobody(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    (before,) = guardians(vault, "0102")
    path = lists.xlsx(
        tmp_path / "无关系.xlsx", {"初中": [BARE, ["0102", "周可", "男", "八(1)班", "王改嫁", "13911112222"]]}
    )
    shown = roster.preview(vault, path)
    (known,) = shown.changed
    assert {c.label: c.after for c in known.changes} == {
        "电话": "13911112222",
        "班级": "八(1)班",
        "新增监护人": "王改嫁 13911112222(没写关系，记为其他；第一监护人仍是 周敏)",
    }
    roster.take(vault, shown)
    mother, other = guardians(vault, "0102")
    assert (mother.id, mother.name, mother.relation, mother.phone, mother.is_primary) == (
        before.id,
        "周敏",
        Relation.MOTHER,
        "13800002222",
        True,
    )
    assert (other.name, other.relation, other.phone, other.is_primary) == (
        "王改嫁",
        Relation.OTHER,
        "13911112222",
        False,
    )
    again = roster.preview(vault, path)
    assert (len(again.same), len(again.changed)) == (1, 0)


def test_a_mothers_new_name_is_a_group_of_its_own_and_taken_only_when_it_is_ticked(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    path = written(tmp_path, [["0102", "周可", "男", "七(1)班", "王改嫁", "母亲", "13800002222", "是"]])
    shown = roster.preview(vault, path)
    (known,) = shown.guardian_renamed
    assert [(c.label, c.before, c.after) for c in known.changes] == [("监护人姓名", "周敏", "王改嫁")]
    assert "0102" not in shown.usual()
    roster.take(vault, shown)
    assert [g.name for g in guardians(vault, "0102")] == ["周敏"]
    roster.take(vault, shown, {"0102"})
    assert [g.name for g in guardians(vault, "0102")] == ["王改嫁"]


def test_a_guardian_named_since_the_preview_is_not_renamed_by_it(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    shown = roster.preview(
        vault, written(tmp_path, [["0103", "吴敏", "女", "七(2)班", "吴建国", "父亲", "13800003333"]])
    )
    with vault.write("改监护人") as session:
        (named,) = store.guardians(session, student(vault, "0103").id)
        named.name, named.relation = "吴大海", Relation.FATHER
    assert roster.take(vault, shown).left == ("0103",)
    assert [g.name for g in guardians(vault, "0103")] == ["吴大海"]


@pytest.mark.parametrize(("relation", "name"), [("奶奶", "周奶奶"), ("其他", "周姑姑"), ("父亲", "")])
def test_another_relation_or_another_of_the_same_kind_is_another_person(
    vault: Vault, first: roster.Taken, tmp_path: Path, relation: str, name: str
) -> None:
    """Of grandparents and others a student may have several; a father's phone is not the mother's."""
    for row in (["周爷爷", "爷爷", "1"], ["周姨", "其他", "1"]):
        roster.take(vault, roster.preview(vault, written(tmp_path, [["0102", "周可", "男", "七(1)班", *row]])))
    before = {(g.name, g.relation) for g in guardians(vault, "0102")}
    row = ["0102", "周可", "男", "七(1)班", name, relation, "13800004444"]
    roster.take(vault, roster.preview(vault, written(tmp_path, [row])))
    assert before < {(g.name, g.relation) for g in guardians(vault, "0102")}


def test_students_missing_from_the_list_are_shown_and_left_alone(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    roster.take(
        vault, roster.preview(vault, lists.xlsx(tmp_path / "b.xlsx", {"s": [HEAD, ["0901", "钱多", "男", "九(1)班"]]}))
    )
    shown = roster.preview(vault, written(tmp_path, [FIRST[0], FIRST[2]]))
    assert [a.student_no for a in shown.absent] == ["0102"]
    roster.take(vault, shown)
    assert student(vault, "0102").class_no == 1


def test_a_number_in_the_bin_is_a_problem_of_its_own(vault: Vault, first: roster.Taken, tmp_path: Path) -> None:
    with vault.write("删除") as session:
        known = store.by_number(session, "0101")
        assert known is not None
        bins.put(known, vault.now())
    shown = roster.preview(vault, written(tmp_path, FIRST))
    assert [(p.row, "回收站" in p.reason) for p in shown.problems] == [(2, True)]


def test_a_list_that_lost_the_leading_zeros_is_no_list_of_new_students(
    vault: Vault, first: roster.Taken, tmp_path: Path
) -> None:
    shown = roster.preview(vault, written(tmp_path, [[row[0].lstrip("0"), *row[1:]] for row in FIRST]))
    assert shown.new == ()
    assert ["开头的 0" in p.reason for p in shown.problems] == [True] * 3


def test_undo_takes_the_whole_import_back(vault: Vault, first: roster.Taken, tmp_path: Path) -> None:
    rows = [
        ["0101", "林晓舟", "女", "八(1)班", "林建国", "父亲", "13900001111", "是"],
        ["0104", "郑兰", "女", "八(2)班", "郑一", "", "1", ""],
    ]
    second = roster.take(vault, roster.preview(vault, written(tmp_path, rows)))
    assert roster.take_back(vault, second.batch_id).left == ()
    known = student(vault, "0101")
    assert (known.grade, known.phone, known.boarding) == (7, "13800001111", False)
    assert guardians(vault, "0101")[0].phone == "13800001111"
    assert roster.take_back(vault, first.batch_id).left == ()
    with vault.read() as session:
        assert session.scalar(select(func.count()).select_from(Student)) == 0
        assert session.scalar(select(func.count()).select_from(Guardian)) == 0
        assert session.scalar(select(func.count()).select_from(UndoStep)) == 0
        assert vault.trail.first_broken(session) is None


def test_undo_names_the_students_somebody_has_worked_on_since(vault: Vault, first: roster.Taken) -> None:
    from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
    from app.rooms.students.record import Consent

    with vault.write("改") as session:
        changed = store.by_number(session, "0101")
        signed = store.by_number(session, "0102")
        assert changed is not None
        assert signed is not None
        changed.note = "坐前排"
        session.add(
            Consent(
                student_id=signed.id,
                type=ConsentType.COUNSELLING,
                decision=ConsentDecision.AGREED,
                signer_role=SignerRole.GUARDIAN,
                signer_name="周敏",
                method=ConsentMethod.PAPER,
                signed_at=vault.clock.today(),
            )
        )
    back = roster.take_back(vault, first.batch_id)
    assert back.left == ("林晓舟(0101)", "周可(0102)")
    with vault.read() as session:
        assert [s.student_no for s in session.scalars(select(Student).order_by(Student.student_no))] == ["0101", "0102"]
        assert {g.name for g in session.scalars(select(Guardian))} == {"周敏", "林建国"}


def test_giving_up_in_the_middle_leaves_nothing(vault: Vault, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def step(done: int, of: int) -> None:
        if done == of:
            raise Stopped

    with pytest.raises(Stopped):
        roster.take(vault, roster.preview(vault, written(tmp_path, FIRST)), step=step)
    with vault.read() as session:
        assert store.count(session) == 0


def test_progress_is_told_and_then_the_commit(vault: Vault) -> None:
    told: list[object] = []
    shown = roster.preview(vault, CASES / "roster-old.xls")
    roster.take(
        vault, shown, step=lambda done, of: told.append((done, of)), commit_begins=lambda: told.append("commit")
    )
    assert told == [(0, 316), (200, 316), (316, 316), "commit"]


def test_what_changed_between_preview_and_yes_is_looked_at_again(vault: Vault, tmp_path: Path) -> None:
    shown = roster.preview(vault, written(tmp_path, FIRST))
    with vault.write("新增学生") as session:
        store.add(session, Student(student_no="0101", name="另一人", grade=9, class_no=1))
        store.add(session, Student(student_no="0102", name="周可", grade=9, class_no=1))
    taken = roster.take(vault, shown)
    assert (taken.new, taken.changed, taken.left) == (1, 1, ("0101",))
    assert student(vault, "0101").name == "另一人"


def test_every_record_of_an_import_stands_in_the_trail(vault: Vault, first: roster.Taken) -> None:
    with vault.read() as session:
        links = session.scalars(select(Link).where(Link.what == roster.ACT)).all()
        assert sorted(link.kind for link in links) == ["guardian"] * 3 + ["student"] * 3
        assert vault.trail.first_broken(session) is None


DYING = """
    import os, signal, sys
    sys.path.insert(0, {root!r})
    from pathlib import Path
    from app.clock import Clock
    from app.vault import engine, migrating
    from app.vault.keys import MasterKey
    from app.vault.vault import Vault
    from app.rooms.students import roster
    folder = Path({folder!r})
    key, salt = {key!r}, {salt!r}
    master, opened = MasterKey({vault_id!r}, key), engine.open_engine(folder / "vault.db", key, salt)
    opened = Vault(folder, master, opened, migrating.newest(), Clock())
    shown = roster.preview(opened, Path({list!r}))
    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    def step(done, of):
        if done >= {at}:
            die()
    roster.take(opened, shown, step=step, commit_begins=die if {at} > 10_000 else None)
    die()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
@pytest.mark.parametrize(("at", "arrive"), [(600, 0), (1782, 0), (20_000, 0), (5_000, 1782)])
def test_a_crash_leaves_all_or_nothing(open_again: Callable[[], Vault], at: int, arrive: int) -> None:
    vault = open_again()
    folder = vault.folder
    vault.close()
    root = str(Path(__file__).parents[3])
    program = textwrap.dedent(DYING).format(
        root=root,
        folder=str(folder),
        vault_id=vault.vault_id,
        key=KEY,
        salt=SALT,
        list=str(CASES / "roster.xlsx"),
        at=at,
    )
    died = subprocess.run([sys.executable, "-c", program], cwd=root, check=False)
    assert died.returncode == -signal.SIGKILL
    again = open_again()
    with again.read() as session:
        assert store.count(session) == arrive
        assert session.scalar(select(func.count()).select_from(Guardian)) == arrive
        assert again.trail.first_broken(session) is None


def test_a_corrected_mapping_is_remembered_for_the_next_list_of_the_same_headers(vault: Vault, tmp_path: Path) -> None:
    head = ["学号", "姓名", "性别", "班级", "号码"]
    path = lists.xlsx(tmp_path / "a.xlsx", {"s": [head, ["01", "林晓舟", "女", "八(3)班", "A1"]]})
    shown = roster.preview(vault, path)
    assert shown.new[0].dorm == ""
    mapping = Mapping({**shown.mapping.meanings, "号码": Meaning.DORM})
    assert roster.preview(vault, path, mapping).new[0].dorm == "A1"
    remembered.remember(vault, "宿管名册", mapping)
    again = roster.preview(vault, path)
    assert (again.remembered, again.new[0].dorm) == ("宿管名册", "A1")
    remembered.remember(vault, "宿管名册", Mapping({**mapping.meanings, "号码": Meaning.IGNORED}))
    assert roster.preview(vault, path).new[0].dorm == ""
    other = lists.xlsx(tmp_path / "b.xlsx", {"s": [head[:4], ["01", "林晓舟", "女", "八(3)班"]]})
    assert roster.preview(vault, other).remembered == ""


def test_the_problem_rows_go_back_as_a_list_without_a_formula(vault: Vault, tmp_path: Path) -> None:
    rows = [
        ["01", '=HYPERLINK("http://x")', "女", "实验班", "@a", "", "+86", ""],
        ["02", "周可", "?", "七(1)班", "-1", "", "", ""],
    ]
    shown = roster.preview(vault, written(tmp_path, rows))
    content = problem_sheet(shown.file, shown.layouts, shown.mapping, shown.problems)
    (tmp_path / "back.xlsx").write_bytes(content)
    (sheet,) = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    found = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python()
    assert sheet == "初中"
    assert found[1] == ["行号", "没有导入的原因", *HEAD]
    assert found[2:] == [
        [str(number), problem.reason, *row] for number, problem, row in zip((2, 3), shown.problems, rows, strict=True)
    ]
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = b"".join(archive.read(name) for name in archive.namelist() if "worksheet" in name)
    assert b"<f>" not in parts
    assert b"hyperlink" not in parts


def test_the_report_says_what_the_command_line_says(vault: Vault) -> None:
    shown = roster.preview(vault, CASES / "roster.xlsx")
    told = roster.report(shown, roster.take(vault, shown))
    assert (told["file"], told["imported"], told["changed"], told["repeated"]) == ("roster.xlsx", 1782, 0, 3)
    assert len(told["problem_rows"]) == 12
    assert set(told["problem_rows"][0]) == {"sheet", "row", "reason"}


def test_nothing_of_the_list_stands_in_plain_on_disk(vault: Vault, first: roster.Taken) -> None:
    vault.close()
    for path in vault.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert "林晓舟".encode() not in content
            assert b"13800001111" not in content
    assert engines.open_engine(vault.folder / "vault.db", KEY, SALT) is not None
    assert os.path.exists(vault.folder / "vault.db")


def test_the_list_handed_back_is_imported_once_it_is_put_right(vault: Vault, tmp_path: Path) -> None:
    head = ["学号", "姓名", "性别", "班", "家长姓名"]
    sheets = {
        "七/八 [A]": [["八年级学生名单"], head, ["0101", "", "女", "1班", "林建国"], ["0102", "周可", "男", "1班", "周敏"]],
        "名单的名称很长很长很长很长很长很长很长很长很长很长很长很长很长": [
            ["九年级学生名单"], head, ["0103", "吴敏", "女", "2班", ""], ["0104", "何晴", "?", "2班", "何方"],
        ],
    }  # fmt: skip
    shown = roster.preview(vault, lists.ods(tmp_path / "名册.ods", sheets))
    roster.take(vault, shown)
    back = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(problem_sheet(shown.file, shown.layouts, shown.mapping, shown.problems))
    )
    assert [len(name) <= 31 for name in back.sheet_names] == [True, True]
    put_right = {name: back.get_sheet_by_name(name).to_python() for name in back.sheet_names}
    for rows, column, words in zip(put_right.values(), (3, 4), ("林晓舟", "男"), strict=True):
        rows[2][column] = words
    again = roster.preview(vault, lists.xlsx(tmp_path / "改好.xlsx", put_right))
    assert [(e.student_no, e.name, e.grade, e.class_no) for e in again.new] == [
        ("0101", "林晓舟", 8, 1),
        ("0104", "何晴", 9, 2),
    ]
    assert again.problems == ()
