"""The students' screens, driven by accessible names: the list, a file, the forms, attachments, the bin."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Problem
from app.rooms.school.record import SchoolTerm
from app.rooms.students import consents, store
from app.rooms.students.choices import (
    ConsentDecision,
    ConsentMethod,
    ConsentType,
    Gender,
    Relation,
    SignerRole,
    StudentStatus,
)
from app.rooms.students.page.bin import BinPage
from app.rooms.students.page.consent import ConsentPage
from app.rooms.students.page.edit import EditPage
from app.rooms.students.page.file import StudentPage
from app.rooms.students.page.guardian import GuardianPage
from app.rooms.students.page.list import StudentsPage
from app.rooms.students.record import Consent, Fact, Guardian, Line, Student, Tone
from app.ui.attached import AttachedCard, FileView
from app.ui.background import Background
from app.ui.cards import Row
from app.ui.exporting import ExportDialog
from app.ui.keeper import Keeper
from app.ui.page import Page, Route
from app.vault import attachments, outgoing, typing
from app.vault.attachments import Attachment
from app.vault.outgoing import ForWhom
from app.vault.record import Record
from app.vault.trail import Act, Link
from app.vault.vault import Vault
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401
from tests.ui.fake_notice import FakeNotice
from tests.ui.forwhom import MOTHER, fill
from tests.ui.widths import too_wide

W = TypeVar("W", bound=QWidget)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
PEOPLE = [
    ("0317", "单晓明", 8, 3, "left_behind", StudentStatus.ENROLLED),
    ("0318", "张三", 8, 3, "", StudentStatus.SUSPENDED),
    ("0401", "尉迟静", 10, 2, "", StudentStatus.ENROLLED),
    ("0402", "解一诺", 9, 1, "", StudentStatus.GRADUATED),
]


@pytest.fixture
def notice(qtbot: QtBot) -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    background.stop_all()


@pytest.fixture
def keeper(vault: Vault, qtbot: QtBot) -> Keeper:
    return Keeper(vault)


@pytest.fixture
def people(vault: Vault) -> dict[str, int]:
    """Four students; gives their ids by name."""
    with vault.write("试") as session:
        for number, name, grade, class_no, group, status in PEOPLE:
            student = Student(student_no=number, name=name, grade=grade, class_no=class_no, gender=Gender.MALE)
            student.special_groups = [group] if group else []
            student.status = status
            store.add(session, student)
        return dict(session.execute(select(Student.name, Student.id)).all())


def shown(qtbot: QtBot, page: Page) -> list[Route]:
    """Show the page; gives the routes it asks for."""
    page.resize(1080, 760)
    qtbot.addWidget(page)
    page.show()
    wanted: list[Route] = []
    page.went.connect(wanted.append)
    return wanted


def named(page: QWidget, name: str, kind: type[W]) -> W:
    QApplication.processEvents()  # what was just put into a layout is shown by an event
    found = [w for w in page.findChildren(kind) if w.accessibleName() == name and not w.isHidden()]
    assert len(found) == 1, f"{len(found)} widgets are called {name}"
    return found[0]


def press(page: Page, name: str) -> None:
    heads = [button for button in page.head_actions if button.accessibleName() == name]
    (heads[0] if heads else named(page, name, QAbstractButton)).click()


def write(page: QWidget, **words: str) -> None:
    for name, text in words.items():
        areas = [w for w in page.findChildren(QPlainTextEdit) if w.accessibleName() == name]
        if areas:
            areas[0].setPlainText(text)
        else:
            named(page, name, QLineEdit).setText(text)


def choose(page: QWidget, name: str, words: str) -> None:
    box = named(page, name, QComboBox)
    at = box.findText(words)
    assert at >= 0
    box.setCurrentIndex(at)


def words_of(page: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


class TestList:
    @pytest.fixture
    def page(self, vault: Vault, people: dict[str, int], qtbot: QtBot) -> StudentsPage:
        page = StudentsPage(vault)
        shown(qtbot, page)
        page.arrive(Route("students"))
        return page

    def names(self, page: StudentsPage) -> list[str]:
        return [row.cells[0] for row in page.table.model.rows]

    def test_who_is_at_the_school_is_shown_by_class(self, page: StudentsPage) -> None:
        assert self.names(page) == ["单晓明", "张三", "尉迟静"]
        assert page.context == "3 / 4 名学生"

    @pytest.mark.parametrize(
        ("words", "names"),
        [("sxm", ["单晓明"]), ("晓明", ["单晓明"]), ("03", ["单晓明", "张三"]), ("8.3 zs", ["张三"]), ("qqq", [])],
    )
    def test_words_narrow_it(self, page: StudentsPage, words: str, names: list[str]) -> None:
        write(page, 在名单中找=words)
        assert self.names(page) == names

    @pytest.mark.parametrize(
        ("field", "words", "names"),
        [
            ("班级", "高一", ["尉迟静"]),
            ("班级", "    八(3)班", ["单晓明", "张三"]),
            ("关注群体", "留守", ["单晓明"]),
            ("状态", "休学", ["张三"]),
            ("状态", "毕业", ["解一诺"]),
            ("状态", "全部状态", ["单晓明", "张三", "解一诺", "尉迟静"]),
        ],
    )
    def test_filters_narrow_it(self, page: StudentsPage, field: str, words: str, names: list[str]) -> None:
        choose(page, field, words)
        assert self.names(page) == names

    def test_a_new_student_appears(self, page: StudentsPage, vault: Vault) -> None:
        with vault.write("试") as session:
            store.add(session, Student(student_no="0500", name="陈新", grade=7, class_no=1))
        page.note_change(frozenset({"student"}))
        assert "陈新" in self.names(page)

    def test_an_empty_vault_offers_the_import(self, vault: Vault, qtbot: QtBot) -> None:
        page = StudentsPage(vault)
        page.arrive(Route("students"))
        wanted = shown(qtbot, page)
        page.arrive(Route("students"))
        assert "还没有学生" in words_of(page)
        page.empty.button.click()
        assert wanted == [Route("roster")]

    def test_enter_opens_the_file(self, page: StudentsPage, qtbot: QtBot, people: dict[str, int]) -> None:
        page.table.view.selectRow(1)
        with qtbot.waitSignal(page.went) as went:
            qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
        assert went.args == [Route("student", people["张三"], people["张三"])]


@pytest.fixture
def file(vault: Vault, notice: FakeNotice, background: Background, people: dict[str, int], qtbot: QtBot) -> StudentPage:
    def notes(_session: object, _student_id: int) -> list[Line]:
        return [
            Line(date(2026, 11, 16), "note", 7, "第2次会谈", ("已签",), "情绪平稳"),
            Line(date(2025, 3, 2), "note", 5, "第1次会谈", ("已签",), "长" * 400, struck=True, late_entry=True),
        ]

    def facts(_session: object, _student_id: int, _today: date) -> list[Fact]:
        return [Fact("风险未了结", "有自伤/自杀意念", Tone.RED)]

    lines = [("会谈", notes), ("知情同意", store.lines)]
    return StudentPage(vault, notice, background, lines=lines, facts=[facts, store.facts])


def add_consent(vault: Vault, student_id: int, **values: object) -> int:
    given: dict[str, object] = {
        "student_id": student_id,
        "type": ConsentType.COUNSELLING,
        "decision": ConsentDecision.AGREED,
        "signer_role": SignerRole.GUARDIAN,
        "signer_name": "单女士",
        "method": ConsentMethod.PAPER,
        "signed_at": date(2026, 11, 12),
        "scope_text": "个别辅导",
        "exceptions_explained": True,
    }
    with vault.write("试") as session:
        made = consents.save(session, Consent(**(given | values)))  # type: ignore[arg-type]
        session.flush()
        return made.id


class TestFile:
    def open(self, file: StudentPage, people: dict[str, int], qtbot: QtBot) -> list[Route]:
        wanted = shown(qtbot, file)
        file.arrive(Route("student", people["单晓明"], people["单晓明"]))
        return wanted

    def titles(self, file: StudentPage) -> list[str]:
        return [line.title for line in file.timeline.lines.lines]

    def test_every_kind_stands_on_one_timeline_newest_first(
        self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        add_consent(vault, people["单晓明"])
        self.open(file, people, qtbot)
        assert self.titles(file) == ["第2次会谈", "知情同意：个别辅导", "第1次会谈"]
        assert (file.title, file.context) == ("单晓明", "八(3)班 · 男 · 学号 0317")
        said = words_of(file)
        assert "有自伤/自杀意念" in said
        assert "同意(2026-11-12，单女士)" in said
        assert "补录" in file.timeline.model().index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    def test_a_moment_is_told_by_the_clock_on_the_wall(
        self, vault: Vault, notice: FakeNotice, background: Background, people: dict[str, int], qtbot: QtBot
    ) -> None:
        def sent(_session: object, _student_id: int) -> list[Line]:
            issued = datetime(2026, 11, 15, 23, 40, tzinfo=UTC)
            held = datetime(2026, 11, 16, 7, 30)
            return [
                Line(issued, "referral", 1, "转介", (), "已出具"),
                Line(held, "note", 2, "会谈", (), "情绪平稳"),
            ]

        file = StudentPage(vault, notice, background, lines=[("会谈", sent)], facts=[])
        self.open(file, people, qtbot)
        assert self.titles(file) == ["转介", "会谈"]
        at = file.timeline.lines.lines[0].at
        assert isinstance(at, datetime)
        assert (at.day, at.hour, at.minute) == (16, 7, 40)

    def test_what_must_not_be_overlooked_stands_first(
        self, vault: Vault, notice: FakeNotice, background: Background, people: dict[str, int], qtbot: QtBot
    ) -> None:
        def facts(_session: object, _student_id: int, _today: date) -> list[Fact]:
            return [Fact("转介", "已出具"), Fact("风险未了结", "有计划或行为", Tone.RED), Fact("个案", "进行中")]

        file = StudentPage(vault, notice, background, lines=[], facts=[facts])
        self.open(file, people, qtbot)
        said = words_of(file.now_card)
        assert said.index("风险未了结") < said.index("转介") < said.index("个案")

    def test_a_chip_leaves_one_kind(
        self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        add_consent(vault, people["单晓明"])
        self.open(file, people, qtbot)
        press(file, "时间线：知情同意")
        assert self.titles(file) == ["知情同意：个别辅导"]
        press(file, "时间线：全部")
        assert len(self.titles(file)) == 3

    def test_a_line_opens_its_record(self, file: StudentPage, people: dict[str, int], qtbot: QtBot) -> None:
        self.open(file, people, qtbot)
        file.timeline.setCurrentIndex(file.timeline.model().index(0, 0))
        with qtbot.waitSignal(file.line_opened) as opened:
            qtbot.keyClick(file.timeline, Qt.Key.Key_Return)
        line, student_id = opened.args
        assert (line.record_id, student_id) == (7, people["单晓明"])

    def test_opening_is_in_the_trail_once(
        self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        self.open(file, people, qtbot)
        file.arrive(Route("student", people["单晓明"], people["单晓明"]))
        with vault.read() as session:
            where = (Link.act == Act.VIEW.value, Link.student_id == people["单晓明"])
            assert session.scalar(select(func.count()).select_from(Link).where(*where)) == 1

    def test_a_whole_telephone_number_is_not_shown(
        self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        with vault.write("试") as session:
            store.save_guardian(
                session,
                Guardian(student_id=people["单晓明"], name="单女士", relation=Relation.MOTHER, phone="13800002716"),
            )
        self.open(file, people, qtbot)
        assert "138****2716" in words_of(file)
        assert "13800002716" not in words_of(file)

    def test_the_file_goes_to_the_bin_and_comes_back(
        self, vault: Vault, file: StudentPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        wanted = self.open(file, people, qtbot)
        press(file, "移到回收站")
        notice.answer_yes()
        assert wanted == [Route("students")]
        with vault.read() as session:
            assert store.by_number(session, "0317") is None
        notice.press_undo()
        with vault.read() as session:
            assert store.by_number(session, "0317") is not None

    def test_a_file_in_the_bin_leads_there(
        self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        with vault.write("试") as session:
            store.get(session, people["单晓明"]).deleted_at = vault.now()
        assert self.open(file, people, qtbot) == [Route("bin")]

    def test_nothing_is_cut_off(self, vault: Vault, file: StudentPage, people: dict[str, int], qtbot: QtBot) -> None:
        add_consent(vault, people["单晓明"], type=ConsentType.SHARING)
        self.open(file, people, qtbot)
        assert too_wide(file) == []


class TestEdit:
    @pytest.fixture
    def page(self, vault: Vault, notice: FakeNotice, keeper: Keeper, qtbot: QtBot) -> EditPage:
        return EditPage(vault, notice, keeper)

    def fill(self, page: EditPage, name: str = "陈新", number: str = "0500") -> None:
        write(page, 学号=number, 姓名=name, 班级="3", 出生日期="2013年5月6日")
        choose(page, "性别", "女")
        choose(page, "年级", "七年级")

    def test_a_new_student_is_entered(self, vault: Vault, page: EditPage, qtbot: QtBot) -> None:
        wanted = shown(qtbot, page)
        page.arrive(Route("student.edit"))
        self.fill(page)
        press(page, "关注群体：留守")
        press(page, "保存学生信息")
        with vault.read() as session:
            student = store.by_number(session, "0500")
            assert student is not None
            assert (student.name, student.grade, student.class_no, student.birth_date) == (
                "陈新",
                7,
                3,
                date(2013, 5, 6),
            )
            assert student.special_groups == ["left_behind"]
            assert student.pinyin.startswith("chen xin")
            assert typing.typed(session, "student/new") is None
        assert wanted == [Route("student", student.id, student.id)]

    def test_a_namesake_is_pointed_out_and_asked_about(
        self, vault: Vault, page: EditPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("student.edit"))
        self.fill(page, name="单晓明")
        assert page.namesakes.text() == "已有同名学生：八(3)班 0317"
        press(page, "保存学生信息")
        with vault.read() as session:
            assert store.by_number(session, "0500") is None
        assert "八(3)班 0317" in notice.answer_yes().detail
        with vault.read() as session:
            assert len(store.same_name(session, "单晓明")) == 2

    def test_who_has_left_has_a_day_of_leaving_by_which_the_file_is_kept(
        self, vault: Vault, page: EditPage, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("student.edit"))
        self.fill(page)
        choose(page, "状态", "毕业")
        press(page, "保存学生信息")
        assert "请写离校的日期" in words_of(page)
        with vault.read() as session:
            assert store.by_number(session, "0500") is None
        write(page, 自哪天起="2062-06-30")
        press(page, "保存学生信息")
        assert "请核对年份" in words_of(page)
        write(page, 自哪天起="2026-06-30")
        press(page, "保存学生信息")
        with vault.read() as session:
            student = store.by_number(session, "0500")
        assert student is not None
        assert student.status_since == date(2026, 6, 30)

    def test_what_is_missing_is_said_under_its_field(self, page: EditPage, qtbot: QtBot, vault: Vault) -> None:
        shown(qtbot, page)
        page.arrive(Route("student.edit"))
        write(page, 出生日期="2013-13-45", 入学年份="二零")
        press(page, "保存学生信息")
        said = words_of(page)
        for sentence in (
            "请填写学号。",
            "请填写姓名。",
            "请选择性别。",
            "请选择年级。",
            "请写班号，如 3。",
            "不是一个日期",
            "四位年份",
        ):
            assert sentence in said
        with vault.read() as session:
            assert store.count(session) == 0

    def test_a_number_of_another_student_is_refused(
        self, vault: Vault, page: EditPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("student.edit", people["张三"], people["张三"]))
        write(page, 学号="0317")
        press(page, "保存学生信息")
        assert notice.told[0].sentence == "学号 0317 已经是 单晓明 的。"
        with vault.read() as session:
            assert store.get(session, people["张三"]).student_no == "0318"

    def test_changing_one_field_changes_no_other(
        self, vault: Vault, page: EditPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        with vault.read() as session:
            before = {c.key: getattr(store.get(session, people["单晓明"]), c.key) for c in Student.__table__.columns}
        page.arrive(Route("student.edit", people["单晓明"], people["单晓明"]))
        write(page, 班主任="许老师")
        press(page, "保存学生信息")
        with vault.read() as session:
            after = {c.key: getattr(store.get(session, people["单晓明"]), c.key) for c in Student.__table__.columns}
        changed = {key for key in before if before[key] != after[key]} - {"updated_at"}
        assert changed == {"homeroom_teacher"}

    def test_what_was_typed_is_there_again(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, page: EditPage, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("student.edit"))
        write(page, 姓名="写到一半")
        page.leave()
        again = EditPage(vault, notice, keeper)
        shown(qtbot, again)
        again.arrive(Route("student.edit"))
        assert named(again, "姓名", QLineEdit).text() == "写到一半"
        press(again, "取消")
        with vault.read() as session:
            assert typing.typed(session, "student/new") is None


class TestGuardian:
    def test_the_first_is_the_primary_and_gives_way_to_another(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background, people: dict[str, int],
        qtbot: QtBot,
    ) -> None:  # fmt: skip
        page = GuardianPage(vault, notice, keeper, background)
        wanted = shown(qtbot, page)
        student = people["单晓明"]
        for name, primary in (("单先生", False), ("王女士", True)):
            page.arrive(Route("guardian", None, student))
            write(page, 姓名=name, 电话="13800002716")
            box = named(page, "与学生的关系", QComboBox)
            assert box.currentText() == "未选"  # nothing of the one before
            box.setCurrentIndex(box.findText("母亲"))
            if primary:
                named(page, "主要联系人", QCheckBox).setChecked(True)
            press(page, "保存监护人")
        with vault.read() as session:
            assert [(g.name, g.is_primary) for g in store.guardians(session, student)] == [
                ("王女士", True),
                ("单先生", False),
            ]
        assert wanted[-1] == Route("student", student, student)

    def test_without_name_and_telephone_it_is_refused(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background, people: dict[str, int],
        qtbot: QtBot,
    ) -> None:  # fmt: skip
        page = GuardianPage(vault, notice, keeper, background)
        shown(qtbot, page)
        page.arrive(Route("guardian", None, people["张三"]))
        press(page, "保存监护人")
        assert "请写姓名或电话，至少一项。" in words_of(page)
        assert "请选择与学生的关系。" in words_of(page)


def no_letters(_session: Session, _consent: Consent) -> list[str]:
    return []

    def test_a_paper_on_the_guardian_has_a_place(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background, people: dict[str, int],
        tmp_path: Path, qtbot: QtBot,
    ) -> None:  # fmt: skip
        with vault.write("试") as session:
            guardian = store.save_guardian(session, Guardian(student_id=people["张三"], name="张先生"))
        page = GuardianPage(vault, notice, keeper, background)
        shown(qtbot, page)
        page.arrive(Route("guardian", None, people["张三"]))
        assert not page.attached.isVisible()
        page.arrive(Route("guardian", guardian.id, people["张三"]))
        paper = tmp_path / "监护权证明.png"
        paper.write_bytes(PNG)
        page.attached.add_file(paper)
        qtbot.waitUntil(lambda: "监护权证明.png" in words_of(page))
        with vault.read() as session:
            assert [file.name for file in attachments.of(session, store.guardian(session, guardian.id))] == [paper.name]


class TestConsent:
    @pytest.fixture
    def page(self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background) -> ConsentPage:
        items = [("identity", "身份信息"), ("signs", "主要表现")]
        return ConsentPage(vault, notice, keeper, background, items=items, letters_on=no_letters)

    def kept(self, vault: Vault, student_id: int) -> Consent:
        with vault.read() as session:
            (consent,) = store.consents(session, student_id)
            return consent

    def test_a_partial_consent_keeps_the_items_ticked(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        student = people["单晓明"]
        with vault.write("试") as session:
            store.save_guardian(session, Guardian(student_id=student, name="单女士", relation=Relation.MOTHER))
        shown(qtbot, page)
        page.arrive(Route("consent", None, student))
        assert named(page, "签署人姓名", QLineEdit).text() == "单女士"
        choose(page, "事项", "信息提供(转介/移交)")
        choose(page, "决定", "部分同意")
        press(page, "同意提供的内容：身份信息")
        named(page, "已说明保密例外", QCheckBox).click()
        press(page, "保存知情同意")
        consent = self.kept(vault, student)
        assert (consent.scope, consent.signer_name, consent.valid_until) == (["identity"], "单女士", date(2027, 7, 31))
        assert consent.guardian_id is not None
        assert consent.holds(date(2026, 11, 20))

    def test_withdrawn_today_it_holds_no_longer(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        consent_id = add_consent(vault, people["单晓明"])
        shown(qtbot, page)
        page.arrive(Route("consent", consent_id, people["单晓明"]))
        press(page, "今天撤回")
        consent = self.kept(vault, people["单晓明"])
        assert consent.id == consent_id
        assert not consent.holds(date(2026, 11, 20))
        assert consent.holds(date(2026, 11, 19))

    def test_by_telephone_the_signature_is_owed_until_it_is_written(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], qtbot: QtBot
    ) -> None:
        consent_id = add_consent(vault, people["单晓明"], method=ConsentMethod.PHONE)
        shown(qtbot, page)
        page.arrive(Route("consent", consent_id, people["单晓明"]))
        assert self.kept(vault, people["单晓明"]).signature_owed()
        write(page, 补签日期="2026-11-18")
        press(page, "保存知情同意")
        assert not self.kept(vault, people["单晓明"]).signature_owed()

    @pytest.mark.parametrize(
        ("born", "role", "sentence"),
        [
            (date(2013, 1, 1), "监护人", ""),
            (date(2013, 1, 1), "学生本人", "学生不满 14 周岁，须由监护人签署。"),
            (date(2012, 11, 20), "监护人", "学生已满 14 周岁，本人也要签署，可以另登记一条。"),
            (date(2012, 11, 21), "监护人", ""),
            (date(2012, 1, 1), "监护人+学生", ""),
            (None, "监护人", "没有出生日期，无法判断学生本人是否也要签署。"),
        ],
    )
    def test_who_else_has_to_sign_is_said(
        self,
        vault: Vault,
        page: ConsentPage,
        people: dict[str, int],
        qtbot: QtBot,
        born: date | None,
        role: str,
        sentence: str,
    ) -> None:
        with vault.write("试") as session:
            store.get(session, people["单晓明"]).birth_date = born
        shown(qtbot, page)
        page.arrive(Route("consent", None, people["单晓明"]))
        choose(page, "谁来签署", role)
        assert page.rule.text() == sentence
        assert page.rule.isVisible() is bool(sentence)

    def test_what_is_missing_stands_under_its_field(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("consent", None, people["单晓明"]))
        choose(page, "事项", "信息提供(转介/移交)")
        assert "先到学生档案里录入" in page.rule.text()
        write(page, 签署人姓名="路人甲")
        press(page, "保存知情同意")
        assert "请写明同意的范围" in words_of(page)
        assert "请先向对方说明保密例外" in words_of(page)
        with vault.read() as session:
            assert store.consents(session, people["单晓明"]) == []

    def test_a_day_to_come_is_refused(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        shown(qtbot, page)
        page.arrive(Route("consent", None, people["单晓明"]))
        write(page, 签署人姓名="单女士", 签署日期="2026-11-21")
        press(page, "保存知情同意")
        assert notice.told[0].sentence == "签署日期在今天之后。"
        with vault.read() as session:
            assert store.consents(session, people["单晓明"]) == []

    def test_its_scan_is_kept_in_the_vault(
        self, vault: Vault, page: ConsentPage, people: dict[str, int], tmp_path: Path, qtbot: QtBot
    ) -> None:
        consent_id = add_consent(vault, people["单晓明"])
        shown(qtbot, page)
        page.arrive(Route("consent", consent_id, people["单晓明"]))
        scan = tmp_path / "签字页.png"
        scan.write_bytes(PNG)
        page.attached.add_file(scan)
        qtbot.waitUntil(lambda: "签字页.png" in words_of(page))
        with vault.read() as session:
            (kept,) = attachments.of(session, store.consent(session, consent_id))
            assert attachments.content(session, kept.id) == PNG
            assert kept.student_id == people["单晓明"]


class TestAttachments:
    @pytest.fixture
    def card(
        self, vault: Vault, notice: FakeNotice, background: Background, people: dict[str, int], qtbot: QtBot
    ) -> AttachedCard:
        card = AttachedCard(vault, notice, background)
        qtbot.addWidget(card)
        with vault.read() as session:
            card.show_for(store.get(session, people["张三"]))
        card.show()
        return card

    def add(self, card: AttachedCard, vault: Vault, name: str, content: bytes) -> int:
        owner = card._owner
        assert owner is not None
        with vault.write("试") as session:
            file = attachments.add(session, owner, name, content)
            session.flush()
        card.reload()
        return file.id

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("表.xlsx", b"PK\x03\x04", "「表.xlsx」不是 PDF、JPEG 或 PNG，没有添加。"),
            ("空.png", b"", "「空.png」是空文件，没有添加。"),
            ("大.pdf", b"%PDF-" + b"0" * attachments.LARGEST, "「大.pdf」超过 20 MB，没有添加。"),
        ],
    )
    def test_what_cannot_be_kept_is_said(
        self,
        card: AttachedCard,
        notice: FakeNotice,
        tmp_path: Path,
        qtbot: QtBot,
        name: str,
        content: bytes,
        sentence: str,
    ) -> None:
        (tmp_path / name).write_bytes(content)
        card.add_file(tmp_path / name)
        qtbot.waitUntil(lambda: bool(notice.told))
        assert notice.told[0].sentence == sentence

    def test_a_file_that_is_gone_is_said(
        self, card: AttachedCard, notice: FakeNotice, tmp_path: Path, qtbot: QtBot
    ) -> None:
        card.add_file(tmp_path / "没有.png")
        qtbot.waitUntil(lambda: bool(notice.told))
        assert notice.told[0].sentence == "「没有.png」读不出来。"

    def test_one_goes_to_the_bin_and_comes_back(self, card: AttachedCard, vault: Vault, notice: FakeNotice) -> None:
        self.add(card, vault, "画.png", PNG)
        named(card, "移除附件 画.png", QAbstractButton).click()
        QApplication.processEvents()
        assert [row for row in card.findChildren(Row) if not row.isHidden()] == []
        notice.press_undo()
        assert named(card, "打开附件 画.png", Row)

    def test_looking_and_copying_are_in_the_trail(
        self, card: AttachedCard, vault: Vault, notice: FakeNotice, tmp_path: Path, qtbot: QtBot
    ) -> None:
        number = self.add(card, vault, "画.png", PNG)
        named(card, "打开附件 画.png", Row).chosen.emit()
        (view,) = card.window().findChildren(FileView)
        view.save_copy(tmp_path / "副本.png", "", ForWhom("监护人", "告知情况"))
        view.close()
        assert (tmp_path / "副本.png").read_bytes() == PNG
        assert "加密档案之外" in notice.said[0][1]
        with vault.read() as session:
            where = (Link.kind == "attachment", Link.record == number)
            acts = session.scalars(select(Link.act).where(*where).order_by(Link.seq)).all()
        assert acts == [Act.NEW.value, Act.VIEW.value, Act.EXPORT.value]

    def test_a_copy_is_saved_for_somebody_after_a_warning(
        self, card: AttachedCard, vault: Vault, notice: FakeNotice, tmp_path: Path, qtbot: QtBot
    ) -> None:
        number = self.add(card, vault, "画.png", PNG)
        named(card, "打开附件 画.png", Row).chosen.emit()
        (view,) = card.window().findChildren(FileView)
        named(view, "另存副本…", QAbstractButton).click()
        asked = view.findChild(ExportDialog)
        fill(asked, MOTHER)
        named(asked, "选择保存位置", QAbstractButton).click()
        places = view.findChild(QFileDialog)
        assert Path(places.selectedFiles()[0]).name == "画.png"
        places.fileSelected.emit(str(tmp_path / "画"))
        places.close()
        view.close()
        assert (tmp_path / "画.png").read_bytes() == PNG
        with vault.read() as session:
            link = session.scalars(select(Link.seq).where(Link.act == Act.EXPORT.value, Link.record == number)).one()
            said = outgoing.told(session, [link])[link]
        assert (said.title, said.to_whom, said.purpose) == ("附件", MOTHER.to_whom, MOTHER.purpose)

    @pytest.mark.parametrize(
        ("name", "offered"),
        [
            ("..\\..\\画.PNG", "画.PNG"),
            ("CON.png", "_CON.png"),
            ("画.exe", "画.exe.png"),
            ("画:png", "画_png.png"),
            ("长" * 200 + ".png", "长" * 80 + ".png"),
        ],
    )
    def test_the_name_offered_for_a_copy_is_safe_and_says_what_it_is(
        self, card: AttachedCard, vault: Vault, name: str, offered: str
    ) -> None:
        card.open_file(self.add(card, vault, name, PNG))
        (view,) = card.window().findChildren(FileView)
        named(view, "另存副本…", QAbstractButton).click()
        asked = view.findChild(ExportDialog)
        fill(asked, MOTHER)
        named(asked, "选择保存位置", QAbstractButton).click()
        places = view.findChild(QFileDialog)
        assert Path(places.selectedFiles()[0]).name == offered
        places.close()
        view.close()

    def test_a_broken_picture_and_a_broken_pdf_are_said(self, card: AttachedCard, vault: Vault, qtbot: QtBot) -> None:
        for name, content, words in (
            ("坏.png", PNG[:20], "这张图片打不开"),
            ("坏.pdf", b"%PDF-1.4 nothing", "这个 PDF 打不开"),
        ):
            card.open_file(self.add(card, vault, name, content))
            view = card.window().findChildren(FileView)[-1]
            assert words in "\n".join(label.text() for label in view.findChildren(QLabel))
            view.close()


class TestBin:
    @pytest.fixture
    def page(self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background) -> BinPage:
        def found(_session: object, _kind: str, _record_id: int) -> tuple[str, str] | None:
            return None

        def stands(_session: object, record: Record) -> None:
            if isinstance(record, SchoolTerm):
                raise Problem("和已有的学期重叠。")

        return BinPage(vault, notice, keeper, background, forget=store.forget, found=found, stands=stands)

    def bin(self, vault: Vault, student_id: int) -> None:
        with vault.write("试") as session:
            store.get(session, student_id).deleted_at = vault.now()

    def test_a_file_is_taken_back(self, vault: Vault, page: BinPage, people: dict[str, int], qtbot: QtBot) -> None:
        self.bin(vault, people["张三"])
        shown(qtbot, page)
        page.arrive(Route("bin"))
        press(page, "取回 张三")
        with vault.read() as session:
            assert store.by_number(session, "0318") is not None
        assert "回收站是空的" in words_of(page)

    def test_what_does_not_go_with_the_rest_stays_and_it_is_said(
        self, vault: Vault, page: BinPage, notice: FakeNotice, qtbot: QtBot
    ) -> None:
        with vault.write("试") as session:
            term = SchoolTerm(first_day=date(2026, 9, 1), last_day=date(2027, 1, 22))
            session.add(term)
            term.deleted_at = vault.now()
        shown(qtbot, page)
        page.arrive(Route("bin"))
        press(page, "取回 一条记录")
        assert "重叠" in notice.told[-1].sentence
        with vault.read() as session:
            assert [one.deleted_at is None for one in session.scalars(select(SchoolTerm))] == [False]

    def test_its_number_given_away_it_stays(
        self, vault: Vault, page: BinPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        self.bin(vault, people["张三"])
        with vault.write("试") as session:
            store.add(session, Student(student_no="0318", name="李四", grade=7, class_no=1))
        shown(qtbot, page)
        page.arrive(Route("bin"))
        press(page, "取回 张三")
        assert notice.told[0].sentence == "学号 0318 已经是 李四 的。"

    def test_emptying_needs_a_reason_and_the_word_and_leaves_nothing(
        self, vault: Vault, page: BinPage, people: dict[str, int], notice: FakeNotice, qtbot: QtBot
    ) -> None:
        student = people["张三"]
        add_consent(vault, student)
        with vault.write("试") as session:
            attachments.add(session, store.get(session, student), "画.png", PNG)
        self.bin(vault, student)
        shown(qtbot, page)
        page.arrive(Route("bin"))
        press(page, "清空回收站")
        assert notice.questions == []
        write(page, 销毁理由="保存期满")
        press(page, "清空回收站")
        asked = notice.answer_yes()
        assert asked.word == "销毁"
        assert "1 份完整档案" in asked.detail
        qtbot.waitUntil(lambda: "回收站已清空。" in notice.toasts)
        with vault.read() as session:
            assert store.find(session, student) is None
            assert session.scalar(select(func.count()).select_from(Consent)) == 0
            assert session.scalar(select(func.count()).select_from(Attachment)) == 0
            assert store.count(session) == 3


@pytest.mark.parametrize("width", [1080, 640])
def test_no_form_is_cut_off(
    vault: Vault,
    notice: FakeNotice,
    keeper: Keeper,
    background: Background,
    people: dict[str, int],
    dressed: QApplication,  # noqa: F811
    qtbot: QtBot,
    width: int,
) -> None:
    """At 1280 × 720 beside the sidebar, and at the width left by 200 % scaling."""
    student = people["单晓明"]
    consent_id = add_consent(vault, student, type=ConsentType.SHARING, method=ConsentMethod.PHONE)
    pages: list[tuple[Page, Route]] = [
        (StudentsPage(vault), Route("students")),
        (EditPage(vault, notice, keeper), Route("student.edit", student, student)),
        (GuardianPage(vault, notice, keeper, background), Route("guardian", None, student)),
        (
            ConsentPage(vault, notice, keeper, background, items=[("a", "基本情况")], letters_on=no_letters),
            Route("consent", consent_id, student),
        ),
        (
            StudentPage(vault, notice, background, lines=[("知情同意", store.lines)], facts=[store.facts]),
            Route("student", student, student),
        ),
    ]
    for page, route in pages:
        shown(qtbot, page)
        page.arrive(route)
        page.resize(width, 660)
        QApplication.processEvents()
        QApplication.processEvents()
        assert too_wide(page) == [], type(page).__name__
