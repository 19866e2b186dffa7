"""The screens of the notes room, driven by accessible names: writing, signing, amending, voiding, cases, drafts, and nothing lost."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.clock import StandingClock
from app.documents import issuing
from app.documents.signing import PasswordRejected, SigningSession
from app.rooms.notes import cases, risks, snippets, store
from app.rooms.notes.cases import CaseValues
from app.rooms.notes.choices import CaseSource, CaseStatus, ProblemType, RiskFlag
from app.rooms.notes.page.card import CasesCard
from app.rooms.notes.page.case import CasePage
from app.rooms.notes.page.drafts import DraftsPage
from app.rooms.notes.page.editor import NoteEditor
from app.rooms.notes.page.firstcase import FirstCasePage
from app.rooms.notes.page.reader import NoteReader
from app.rooms.notes.record import Case, NoteValues
from app.ui import fonts, theme
from app.ui.background import Background
from app.ui.cards import Row
from app.ui.keeper import Keeper
from app.ui.notice import Message, Notice
from app.ui.page import Route
from app.ui.signing_desk import SigningDesk
from app.ui.tables import Table
from app.vault import attachments, voiding
from app.vault.outgoing import ForWhom
from app.vault.trail import Act, Link
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL, RISK_DONE, File
from tests.ui.widths import too_wide

TODAY = date(2026, 11, 20)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
W = TypeVar("W", bound=QWidget)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(1160, 760)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def notice(window: QWidget) -> Notice:
    return Notice(window)


@pytest.fixture
def keeper(vault: Vault, window: QWidget) -> Keeper:
    return Keeper(vault, window)


@pytest.fixture
def background(window: QWidget) -> Iterator[Background]:
    background = Background(window)
    yield background
    background.stop_all()


@pytest.fixture
def desk(window: QWidget, notice: Notice, background: Background, signing: SigningSession) -> SigningDesk:
    """The real desk; instead of the slow derivation it takes any password but 错."""

    def opening(password: str, _confirmed: bool) -> SigningSession:
        if password == "错":
            raise PasswordRejected
        return signing

    return SigningDesk(window, notice, background, opening)


@pytest.fixture
def editor(vault: Vault, notice: Notice, keeper: Keeper, background: Background, window: QWidget) -> NoteEditor:
    page = NoteEditor(vault, notice, keeper, background)
    page.setParent(window)
    page.resize(1160, 760)
    window.show()
    page.show()
    return page


@pytest.fixture
def reader(
    vault: Vault, notice: Notice, keeper: Keeper, background: Background, desk: SigningDesk, window: QWidget
) -> Iterator[NoteReader]:
    page = NoteReader(vault, notice, keeper, background, desk)
    page.setParent(window)
    window.show()
    page.show()
    yield page
    page.leave()


def named(page: QWidget, name: str, kind: type[W]) -> W:
    found = [
        widget for widget in page.findChildren(kind) if widget.accessibleName() == name and widget.isVisibleTo(page)
    ]
    assert len(found) == 1, f"{len(found)} widgets are called so"
    return found[0]


def write(page: QWidget, **words: str) -> None:
    for name, text in words.items():
        area = [w for w in page.findChildren(QPlainTextEdit) if w.accessibleName() == name and w.isVisibleTo(page)]
        if area:
            area[0].setPlainText(text)
        else:
            named(page, name, QLineEdit).setText(text)


def cells(table: Table) -> list[tuple[str, ...]]:
    """What the table shows, row by row."""
    model = table.view.model()
    return [
        tuple(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


def press(page: QWidget, name: str) -> None:
    named(page, name, QAbstractButton).click()


def answer(window: QWidget, words: str) -> str:
    """Press a button of the open message and give back what it said."""
    messages = [m for m in window.findChildren(Message) if m.isVisible()]
    assert len(messages) == 1
    said = "\n".join(label.text() for label in messages[0].findChildren(QLabel))
    press(messages[0], words)
    return said


def full(page: NoteEditor) -> None:
    write(
        page,
        日期="2026-11-20",
        开始时间="9:20",
        结束时间="10:00",
        地点="个别辅导室",
        在场人员="学生本人",
        辅导老师="王静",
    )
    write(page, 学生自述="睡不着", 观察="语速慢", 过程与方法="倾听", 评估与分析="未见风险", 下次计划="下周再谈")


def draft(
    vault: Vault, file: File, values: NoteValues = FULL, *, signed: bool = False, clock: StandingClock | None = None
) -> int:
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, values, TODAY)
        if values.risk_flag is not None and values.risk_flag.asks:
            store.save_draft(session, note.id, values, risk=RISK_DONE)
        if signed and clock is not None:
            store.sign(session, note.id, clock.now())
        return note.id


class TestEditor:
    def test_a_note_is_written_saved_and_signed(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget, qtbot: QtBot
    ) -> None:
        editor.begin_for(file.student_id)
        full(editor)
        press(editor, "风险标记：无")
        press(editor, "情绪自评：6")
        qtbot.keyClick(named(editor, "学生自述", QPlainTextEdit), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        assert "已保存 10:00" in editor.context
        with qtbot.waitSignal(editor.signed) as told, qtbot.waitSignal(editor.went) as went:
            qtbot.keyClick(
                named(editor, "学生自述", QPlainTextEdit), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
            )
            assert "签署后不能再改" in answer(window, "签署")
        assert went.args[0] == Route("note.read", told.args[0], file.student_id)
        with vault.read() as session:
            note = store.get(session, told.args[0])
        assert note.is_signed
        assert (note.subjective, note.mood_score, note.risk_flag, note.minutes) == ("睡不着", 6, RiskFlag.NONE, 40)

    def test_what_is_missing_is_named_and_marked(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget
    ) -> None:
        editor.begin_for(file.student_id)
        write(editor, 学生自述="睡不着")
        editor.ask_to_sign()
        said = answer(window, "知道了")
        assert "观察" in said
        assert "风险标记" in said
        assert named(editor, "观察", QPlainTextEdit).property("wrong")
        with vault.read() as session:
            (note,) = store.notes(session, file.student_id)
        assert note.subjective == "睡不着"

    def test_a_risk_asks_its_questions_before_signing(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget, qtbot: QtBot
    ) -> None:
        editor.begin_for(file.student_id)
        full(editor)
        assert editor.note.risk.isHidden()
        press(editor, "风险标记：有自伤/自杀意念")
        assert not editor.note.risk.isHidden()
        editor.ask_to_sign()
        assert "监护人是否已通知" in answer(window, "知道了")
        press(editor, "监护人：已通知")
        for question in ("有人陪护，未让学生独处", "已报告校领导", "已建议转介评估"):
            press(editor, f"{question}：是")
        write(
            editor,
            通知监护人的时间="10:05",
            报告校领导的时间="2026-11-20 10:10",
            告知的内容范围="安全情况",
            处置经过="母亲接走",
        )
        with qtbot.waitSignal(editor.signed) as told:
            editor.ask_to_sign()
            answer(window, "签署")
        with vault.read() as session:
            rows = store.disclosures(session, told.args[0])
            answered = risks.risk_answer(session, told.args[0])
        assert [(row.to_whom, f"{row.at.astimezone(vault.now().tzinfo):%H:%M}") for row in rows] == [
            ("监护人", "10:05"),
            ("校领导", "10:10"),
        ]
        assert answered is not None
        assert answered.done == "母亲接走"

    def test_an_abuse_clue_warns_against_telling_that_guardian_first(self, file: File, editor: NoteEditor) -> None:
        editor.begin_for(file.student_id)
        press(editor, "风险标记：受侵害线索")
        assert "不要先通知该监护人" in editor.note.risk.warning.text()
        assert not editor.note.risk.reported.isHidden()
        press(editor, "风险标记：有计划或行为")
        assert editor.note.risk.reported.isHidden()

    def test_what_was_typed_is_there_after_a_restart(
        self, vault: Vault, file: File, editor: NoteEditor, notice: Notice, keeper: Keeper, background: Background,
        open_again: Callable[[], Vault], window: QWidget,
    ) -> None:  # fmt: skip
        note_id = draft(vault, file)
        editor.open_record(note_id)
        write(editor, 学生自述="改了一半的话", 个人手记="手记也在")
        press(editor, "风险标记：有计划或行为")
        press(editor, "监护人：联系不上")
        keeper.flush()
        vault.close()
        again = open_again()
        page = NoteEditor(again, notice, Keeper(again, window), background)
        page.setParent(window)
        page.open_record(note_id)
        assert named(page, "学生自述", QPlainTextEdit).toPlainText() == "改了一半的话"
        assert named(page, "个人手记", QPlainTextEdit).toPlainText() == "手记也在"
        assert (page.note.flag.value(), page.note.risk.guardian.value()) == ("plan", "not_reached")
        assert not page.note.risk.isHidden()
        assert "已恢复" in page.context
        with again.read() as session:
            assert store.get(session, note_id).subjective == FULL.subjective
        page.leave()

    def test_a_phrase_a_template_and_the_last_plan_fill_in(
        self, vault: Vault, file: File, editor: NoteEditor, clock: StandingClock
    ) -> None:
        draft(vault, file, signed=True, clock=clock)
        editor.begin_for(file.student_id)
        assert FULL.next_plan in "\n".join(label.text() for label in editor.note.last_card.findChildren(QLabel))
        press(editor, "带入本次")
        menu = named(editor, "观察：常用语", QAbstractButton).menu()
        menu.actions()[0].trigger()
        editor.note.meeting._templates.menu().actions()[0].trigger()
        assert FULL.next_plan in named(editor, "过程与方法", QPlainTextEdit).toPlainText()
        assert "目光接触" in named(editor, "观察", QPlainTextEdit).toPlainText()
        assert "来访的缘由" in named(editor, "学生自述", QPlainTextEdit).toPlainText()

    def test_chosen_words_become_an_own_phrase(self, vault: Vault, file: File, editor: NoteEditor) -> None:
        editor.begin_for(file.student_id)
        write(editor, 约定与作业="每天散步二十分钟。")
        area = named(editor, "约定与作业", QPlainTextEdit)
        area.selectAll()
        menu = named(editor, "约定与作业：常用语", QAbstractButton).menu()
        next(one for one in menu.actions() if one.text() == "把选中的文字存为常用语").trigger()
        assert menu.actions()[0].text() == "每天散步二十分钟。"
        with vault.read() as session:
            assert [s.part for s in snippets.snippets(session)] == ["agreement"]

    def test_what_was_typed_for_a_new_note_outlives_its_case(
        self, vault: Vault, file: File, editor: NoteEditor, clock: StandingClock
    ) -> None:
        editor.begin_for(file.student_id)
        write(editor, 学生自述="写了一半")
        editor.leave()
        values = CaseValues(
            source=CaseSource.STUDENT, problem_types=[ProblemType.MOOD.value], presenting_problem="换一个个案"
        )
        with vault.write("试") as session:
            cases.discard_case(session, file.case_id, clock.now())
            cases.open_case(session, file.student_id, values, TODAY)
        editor.begin_for(file.student_id)
        assert named(editor, "学生自述", QPlainTextEdit).toPlainText() == "写了一半"

    def test_an_old_date_is_marked(self, vault: Vault, file: File, editor: NoteEditor) -> None:
        editor.begin_for(file.student_id)
        assert editor.note.meeting.late.isHidden()
        write(editor, 日期="2026-09-01")
        assert not editor.note.meeting.late.isHidden()
        assert editor.save()
        with vault.read() as session:
            (note,) = store.notes(session, file.student_id)
        assert (note.late_entry, note.entered_on) == (True, TODAY)

    def test_a_printed_draft_is_marked_and_logged(
        self, vault: Vault, file: File, editor: NoteEditor, qtbot: QtBot
    ) -> None:
        note_id = draft(vault, file)
        editor.open_record(note_id)
        with qtbot.waitSignal(editor.sheet_wanted, timeout=20_000) as told:
            editor.print_button.click()
        pdf, name, log = told.args
        assert pdf.startswith(b"%PDF")
        assert name == "会谈记录草稿"
        log(ForWhom("辅导室留存", "核对修改"))
        with vault.read() as session:
            prints = session.scalars(select(Link).where(Link.act == Act.PRINT.value)).all()
        assert [(link.kind, link.record) for link in prints] == [("note", note_id)]

    def test_a_drawing_is_kept_with_the_note(self, vault: Vault, file: File, editor: NoteEditor, qtbot: QtBot) -> None:
        editor.begin_for(file.student_id)
        assert editor.attached.isHidden()
        assert editor.save()
        assert not editor.attached.isHidden()
        with vault.read() as session:
            (note,) = store.notes(session, file.student_id)
        with vault.write("试") as session:
            attachments.add(session, note, "画.png", PNG)
        editor.open_record(note.id)
        qtbot.waitUntil(lambda: named(editor, "打开附件 画.png", QWidget) is not None)

    def test_a_wrong_time_is_said_and_nothing_is_lost(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget
    ) -> None:
        editor.begin_for(file.student_id)
        write(editor, 开始时间="25:99", 学生自述="还在")
        assert not editor.save()
        assert "25:99" in answer(window, "知道了")
        assert named(editor, "学生自述", QPlainTextEdit).toPlainText() == "还在"

    def test_a_student_without_an_open_case_comes_to_the_case_first_and_then_to_the_note(
        self, vault: Vault, file: File, editor: NoteEditor, notice: Notice, keeper: Keeper, window: QWidget,
        background: Background, clock: StandingClock, qtbot: QtBot,
    ) -> None:  # fmt: skip
        with vault.write("试") as session:
            cases.discard_case(session, file.case_id, clock.now())
        with qtbot.waitSignal(editor.went) as told:
            editor.begin_for(file.student_id)
        assert told.args == [Route("case.first", None, file.student_id)]
        page = FirstCasePage(vault, notice, keeper, background)
        page.setParent(window)
        page.arrive(told.args[0])
        assert "会谈记录要归在一个个案里" in "".join(label.text() for label in page.findChildren(QLabel))
        press(page, "来源：家长")
        press(page, "问题类型：网络与手机")
        write(page, 主诉="玩手机到很晚")
        with qtbot.waitSignal(page.went) as went:
            assert page.save()
        assert went.args == [Route("note", None, file.student_id)]
        with qtbot.waitSignal(page.went) as went:
            page.arrive(told.args[0])
        assert went.args == [Route("note", None, file.student_id)]

    def test_a_draft_goes_to_the_bin_after_a_question(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget
    ) -> None:
        note_id = draft(vault, file)
        editor.open_record(note_id)
        press(editor, "移到回收站")
        answer(window, "移到回收站")
        with vault.read() as session:
            assert store.notes(session, file.student_id) == []

    def test_a_binned_draft_comes_back_with_what_was_typed_last_even_what_cannot_be_saved(
        self, vault: Vault, file: File, editor: NoteEditor, window: QWidget, qtbot: QtBot
    ) -> None:
        note_id = draft(vault, file)
        editor.open_record(note_id)
        write(editor, 开始时间="25:99", 学生自述="最后一句")
        press(editor, "移到回收站")
        answer(window, "移到回收站")
        toast = next(w for w in window.findChildren(QWidget) if w.accessibleName() == "草稿已移到回收站。")
        with qtbot.waitSignal(editor.went) as went:
            press(toast, "撤销")
        editor.arrive(went.args[0])
        assert named(editor, "学生自述", QPlainTextEdit).toPlainText() == "最后一句"
        assert named(editor, "开始时间", QLineEdit).text() == "25:99"

    def test_every_field_and_button_has_a_name(self, file: File, editor: NoteEditor) -> None:
        editor.begin_for(file.student_id)
        kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
        nameless = [w for kind in kinds for w in editor.findChildren(kind) if not w.accessibleName()]
        assert [type(w).__name__ for w in nameless] == []


class TestReader:
    def test_an_amendment_is_shown_under_the_original(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock
    ) -> None:
        reader.open_note(draft(vault, file, signed=True, clock=clock))
        press(reader, "更正观察")
        write(reader, 更正为="语速正常", 更正原因="记错了")
        press(reader, "保存更正")
        card = reader.sections["observation"]
        said = [label.text() for label in card.findChildren(QLabel)]
        assert FULL.observation in said
        assert "语速正常" in said
        assert "原因：记错了" in said
        assert "已更正" in reader.context
        assert reader.amending.text_form.isHidden()

    def test_a_fact_is_amended_too(self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        press(reader, "更正会谈信息")
        press(reader, "更正哪一项：地点")
        write(reader, 更正为="沙盘室", 更正原因="地点写错")
        press(reader, "保存更正")
        with vault.read() as session:
            assert [(r.part, r.before, r.after) for r in store.amendments(session, note_id)] == [
                ("place", FULL.place, "沙盘室")
            ]

    @pytest.mark.parametrize(
        ("part", "typed", "kept"),
        [
            ("日期", "2026-11-19", "2026年11月19日"),
            ("开始时间", "1350", "13:50"),
            ("方式", "电话", "电话"),
            ("情绪自评", "7", "7"),
            ("下次日期", "", ""),
        ],
    )
    def test_a_fact_starts_as_it_stands_and_is_kept_as_the_record_shows_it(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock, part: str, typed: str, kept: str
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        press(reader, "更正会谈信息")
        press(reader, f"更正哪一项：{part}")
        stands = named(reader, "更正为", QLineEdit).text()
        write(reader, 更正为=typed, 更正原因="写错了")
        press(reader, "保存更正")
        with vault.read() as session:
            assert [(row.before, row.after) for row in store.amendments(session, note_id)] == [(stands, kept)]

    @pytest.mark.parametrize(
        ("part", "typed"),
        [("日期", "应为上周三"), ("日期", ""), ("结束时间", "25:99"), ("方式", "写信"), ("情绪自评", "11")],
    )
    def test_what_is_no_such_fact_is_said_and_the_words_stay(
        self, vault: Vault, file: File, reader: NoteReader, window: QWidget, clock: StandingClock, part: str, typed: str
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        press(reader, "更正会谈信息")
        press(reader, f"更正哪一项：{part}")
        write(reader, 更正为=typed, 更正原因="写错了")
        press(reader, "保存更正")
        answer(window, "知道了")
        assert named(reader, "更正为", QLineEdit).text() == typed
        with vault.read() as session:
            assert store.amendments(session, note_id) == []

    def test_a_voided_note_is_struck_through_and_copied_to_the_right_file(
        self,
        vault: Vault,
        file: File,
        other: File,
        reader: NoteReader,
        window: QWidget,
        clock: StandingClock,
        qtbot: QtBot,
    ) -> None:
        reader.open_note(draft(vault, file, signed=True, clock=clock))
        reader.void_button.click()
        write(reader, 作废原因="写在了同名同学的档案里")
        press(reader, "确认作废")
        assert "写在了同名同学的档案里" in reader.voiding.banner.text()
        assert "line-through" in reader.sections["subjective"].words.styleSheet()
        assert reader.sections["subjective"].words.text() == FULL.subjective
        assert reader.void_button.isHidden()
        with qtbot.waitSignal(reader.went) as went:
            press(reader, "把文字复制到另一份档案的新草稿")
            dialog = next(w for w in window.findChildren(QWidget) if w.accessibleName() == "复制到哪一份档案？")
            write(dialog, 姓名或学号="林小")
            row = next(w for w in dialog.findChildren(QWidget) if w.accessibleName() == "林小舟 20240318")
            qtbot.keyClick(row, Qt.Key.Key_Return)
        assert went.args[0].student_id == other.student_id
        with vault.read() as session:
            copy = store.get(session, went.args[0].record_id)
        assert (copy.case_id, copy.subjective, copy.is_signed) == (other.case_id, FULL.subjective, False)

    def test_a_risk_is_settled_with_its_reason(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock
    ) -> None:
        note_id = draft(vault, file, replace(FULL, risk_flag=RiskFlag.IDEATION), signed=True, clock=clock)
        reader.open_note(note_id)
        press(reader, "写明了结")
        write(reader, 如何了结="复评未见风险")
        press(reader, "了结")
        assert "已了结" in reader.risk.flag.text()
        with vault.read() as session:
            assert risks.open_risks(session, file.student_id) == []

    def test_the_memo_is_written_after_signing(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        write(reader, 个人手记="督导时谈")
        press(reader, "保存手记")
        with vault.read() as session:
            assert store.memo(session, note_id) == "督导时谈"

    def test_an_open_note_stays_when_another_page_changes_it(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        write(reader, 个人手记="正在写")
        with vault.write("试") as session:
            store.amend(session, note_id, "process", "改", "漏写", clock.now())
        reader.note_change(frozenset({"note_amendment"}))
        assert "已更正" in reader.context
        assert named(reader, "个人手记", QPlainTextEdit).toPlainText() == "正在写"

    def test_every_field_and_button_has_a_name(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock
    ) -> None:
        reader.open_note(draft(vault, file, replace(FULL, risk_flag=RiskFlag.PLAN), signed=True, clock=clock))
        kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox)
        assert [type(w).__name__ for kind in kinds for w in reader.findChildren(kind) if not w.accessibleName()] == []

    def test_opening_is_in_the_trail_and_wishes_are_signals(
        self, vault: Vault, file: File, reader: NoteReader, clock: StandingClock, qtbot: QtBot
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)
        with vault.read() as session:
            views = session.scalars(select(Link).where(Link.act == Act.VIEW.value)).all()
        assert [(link.kind, link.record) for link in views] == [("note", note_id)]
        with qtbot.waitSignal(reader.referral_wanted) as referral_wish:
            reader.referral_button.click()
        assert referral_wish.args == [file.student_id]

    def test_a_finished_note_is_issued_after_the_password_and_then_opened(
        self, vault: Vault, file: File, reader: NoteReader, window: QWidget, clock: StandingClock, qtbot: QtBot
    ) -> None:
        note_id = draft(vault, file, signed=True, clock=clock)
        reader.open_note(note_id)

        def asked() -> QWidget:
            dialogs = [d for d in window.findChildren(QDialog) if d.accessibleName() == "签署前确认口令"]
            assert dialogs
            return dialogs[0]

        reader.print_button.click()
        qtbot.waitUntil(lambda: bool(asked()))
        write(asked(), 签署口令="正确的口令")
        with qtbot.waitSignal(reader.document_wanted, timeout=20_000) as told:
            press(asked(), "确认签署")
        reader.reload()
        assert reader.print_button.text() == "打开纸件"
        with qtbot.waitSignal(reader.document_wanted) as again:
            reader.print_button.click()
        assert told.args == again.args
        with vault.read() as session:
            (issued,) = issuing.about(session, store.get(session, note_id))
        assert issued.ref_no == "心记〔2026〕第001号"
        clock.moment += timedelta(minutes=1)
        with vault.write("试") as session:
            store.amend(session, note_id, "process", "改", "漏写", clock.now())
        reader.reload()
        assert reader.print_button.text() == "签发并打印"
        with vault.write("试") as session:
            store.void(session, note_id, "写错了学生", clock.now())
            assert list(voiding.voided(session, "issued", [issued.id])) == [issued.id]
        reader.reload()
        assert reader.print_button.text() == "打开纸件"


class TestCaseAndDrafts:
    def test_a_case_is_opened_and_moved_on(
        self, vault: Vault, other: File, notice: Notice, keeper: Keeper, background: Background, window: QWidget,
        clock: StandingClock,
    ) -> None:  # fmt: skip
        with vault.write("试") as session:
            cases.discard_case(session, other.case_id, clock.now())
        page = CasePage(vault, notice, keeper, background)
        page.setParent(window)
        page.begin_for(other.student_id)
        assert not page.save()
        assert "来源" in answer(window, "知道了")
        press(page, "来源：家长")
        press(page, "问题类型：网络与手机")
        write(page, 主诉="玩手机到很晚")
        assert page.save()
        press(page, "改为接案评估")
        with vault.read() as session:
            case = cases.current_case(session, other.student_id)
        assert case is not None
        assert (case.status, case.problem_types, case.intake_at) == (CaseStatus.INTAKE, ["internet"], TODAY)
        page.leave()

    def test_an_old_paper_of_the_case_has_a_place(
        self, vault: Vault, file: File, notice: Notice, keeper: Keeper, background: Background, window: QWidget,
        tmp_path: Path, qtbot: QtBot,
    ) -> None:  # fmt: skip
        page = CasePage(vault, notice, keeper, background)
        page.setParent(window)
        page.open_record(file.case_id)
        paper = tmp_path / "旧档案.png"
        paper.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
        page.attached.add_file(paper)
        qtbot.waitUntil(lambda: any(row.accessibleName() == f"打开附件 {paper.name}" for row in page.findChildren(Row)))
        with vault.read() as session:
            assert [kept.name for kept in attachments.of(session, session.get_one(Case, file.case_id))] == [paper.name]

    def test_closing_says_what_stands_in_the_way_and_then_closes(
        self, vault: Vault, file: File, notice: Notice, keeper: Keeper, background: Background, window: QWidget,
        clock: StandingClock,
    ) -> None:  # fmt: skip
        note_id = draft(vault, file)
        page = CasePage(vault, notice, keeper, background)
        page.setParent(window)
        page.open_record(file.case_id)
        press(page, "改为结案…")
        page.progress.close_form.form.fill({"reason": "reached", "outcome": "better", "follow_up_plan": "一个月后回访"})
        named(page.progress.close_form, "结案", QAbstractButton).click()
        assert "第1次" in answer(window, "知道了")
        with vault.write("试") as session:
            store.sign(session, note_id, clock.now())
        named(page.progress.close_form, "结案", QAbstractButton).click()
        with vault.read() as session:
            assert cases.get_case(session, file.case_id).status is CaseStatus.CLOSED
        press(page, "改为重开")
        with vault.read() as session:
            assert cases.get_case(session, file.case_id).status is CaseStatus.ACTIVE
        page.leave()

    def test_late_drafts_stand_apart_and_open(
        self, vault: Vault, file: File, clock: StandingClock, qtbot: QtBot
    ) -> None:
        page = DraftsPage(vault)
        qtbot.addWidget(page)
        page.arrive(Route("drafts"))
        assert cells(page.table) == []
        late = draft(vault, file, replace(FULL, held_on=TODAY - timedelta(days=3), next_date=None))
        draft(vault, file, replace(FULL, risk_flag=RiskFlag.PLAN))
        clock.moment += timedelta(hours=12)
        page.reload()
        assert page.context == "2 份，其中 1 份已过时限"
        assert cells(page.table) == [
            ("林晓舟", "第 1 次会谈", "2026年11月17日", "", "2026年11月20日 14:40 前 · 已过时限"),
            ("林晓舟", "第 2 次会谈", "2026年11月20日", "有计划或行为", "2026年11月20日 23:59 前"),
        ]
        page.table.select(late)
        with qtbot.waitSignal(page.went) as went:
            qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
        assert went.args[0] == Route("note", late, file.student_id)

    def test_a_note_typed_and_never_saved_is_found_again(
        self, vault: Vault, file: File, editor: NoteEditor, keeper: Keeper, qtbot: QtBot
    ) -> None:
        editor.begin_for(file.student_id)
        write(editor, 学生自述="只写了一句")
        keeper.flush()
        page = DraftsPage(vault)
        qtbot.addWidget(page)
        page.arrive(Route("drafts"))
        assert [row[:4] for row in cells(page.table)] == [("林晓舟", "新记录", "—", "还没有保存")]
        page.table.view.selectRow(0)
        with qtbot.waitSignal(page.went) as went:
            qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
        editor.arrive(went.args[0])
        assert named(editor, "学生自述", QPlainTextEdit).toPlainText() == "只写了一句"
        assert editor.save()
        page.reload()
        assert [row[1] for row in cells(page.table)] == ["第 1 次会谈"]

    def test_the_card_of_cases_counts_what_is_signed(
        self, vault: Vault, file: File, clock: StandingClock, qtbot: QtBot
    ) -> None:
        draft(vault, file, signed=True, clock=clock)
        voided = draft(vault, file, signed=True, clock=clock)
        draft(vault, file)
        with vault.write("试") as session:
            store.void(session, voided, "重复", clock.now())
        card = CasesCard(vault)
        qtbot.addWidget(card)
        card.show_student(file.student_id)
        assert "1 次会谈" in " ".join(label.text() for label in card.findChildren(QLabel))
        row = next(w for w in card.findChildren(QWidget) if w.accessibleName() == "打开个案 2026-个-001")
        with qtbot.waitSignal(card.case_wanted) as told:
            qtbot.keyClick(row, Qt.Key.Key_Space)
        assert told.args == [file.case_id]


@pytest.mark.parametrize("width", [1084, 704])
def test_nothing_is_cut_off_sideways(
    vault: Vault, file: File, editor: NoteEditor, reader: NoteReader, notice: Notice, keeper: Keeper,
    background: Background, clock: StandingClock, window: QWidget, qapp: QApplication, width: int,
) -> None:  # fmt: skip
    fonts.load(qapp)
    theme.apply(qapp, theme.LIGHT)
    risky = replace(FULL, risk_flag=RiskFlag.ABUSE)
    with vault.write("试") as session:
        note = store.draft(session, file.case_id, risky, TODAY)
        store.save_draft(
            session, note.id, risky, risk=replace(RISK_DONE, reported=True, reported_at=clock.now()), memo="手记" * 40
        )
        store.sign(session, note.id, clock.now())
        store.amend(session, note.id, "place", "沙盘室", "地点写错" * 20, clock.now())
    reader.open_note(note.id)
    editor.open_record(draft(vault, file, risky))
    case = CasePage(vault, notice, keeper, background)
    case.open_record(file.case_id)
    for page in (editor, reader, case, DraftsPage(vault)):
        page.setParent(window)
        page.resize(width, 660)
        page.show()
        qapp.processEvents()
        assert too_wide(page) == [], type(page).__name__
    case.leave()
