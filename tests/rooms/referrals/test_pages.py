"""The pages of referrals, driven as a counsellor would: by accessible names, with a real vault behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from app.documents.record import Issued
from app.documents.signing import SigningSession
from app.rooms.notes import store as notes
from app.rooms.notes.cases import CaseValues, open_case
from app.rooms.notes.choices import CaseSource
from app.rooms.referrals import following, institutions, issuing, store
from app.rooms.referrals.choices import Item, Override, Status
from app.rooms.referrals.institutions import InstitutionValues
from app.rooms.referrals.page.file import ReferralPage
from app.rooms.referrals.page.form import ReferralForm
from app.rooms.referrals.page.institutions import InstitutionsPage
from app.rooms.referrals.page.list import ReferralsPage
from app.rooms.referrals.page.receipt import ReceiptPage
from app.rooms.referrals.page.refusal import RefusalPage
from app.rooms.students.choices import ConsentDecision, SignerRole
from app.rooms.students.record import Student
from app.ui.background import Background
from app.ui.cards import Row
from app.ui.keeper import Keeper
from app.ui.page import Page, Route
from app.vault import attachments, outgoing, typing
from app.vault.outgoing import ForWhom
from app.vault.trail import Link
from app.vault.vault import Vault
from tests.rooms.notes.samples import FULL as NOTE
from tests.rooms.referrals.samples import REFUSAL, TODAY, File, consent
from tests.ui.fake_notice import FakeNotice
from tests.ui.widths import too_wide


class OpenDesk(QObject):
    """A signing desk whose session is open already; it writes down what it was asked to sign."""

    def __init__(self, session: SigningSession) -> None:
        super().__init__()
        self._session = session
        self.asked: list[str] = []

    def ask(self, what: str, on_ready: Callable[[Any], None]) -> None:
        self.asked.append(what)
        on_ready(self._session)


@pytest.fixture
def notice(qtbot: QtBot) -> FakeNotice:
    return FakeNotice()


@pytest.fixture
def keeper(vault: Vault, qtbot: QtBot) -> Keeper:
    return Keeper(vault)


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    running = Background()
    yield running
    running.stop_all()


@pytest.fixture
def desk(signing: SigningSession) -> OpenDesk:
    return OpenDesk(signing)


@pytest.fixture
def form(
    vault: Vault,
    notice: FakeNotice,
    keeper: Keeper,
    background: Background,
    desk: OpenDesk,
    qtbot: QtBot,
    bundled_fonts: QApplication,
) -> Iterator[ReferralForm]:
    page = ReferralForm(vault, notice, keeper, background, desk)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    yield page
    page.leave()


def named(page: QWidget, name: str, kind: type[QWidget] = QWidget) -> Any:
    """The widget with this accessible name."""
    found = [w for w in page.findChildren(kind) if w.accessibleName() == name]
    assert len(found) == 1, f"{len(found)} widgets named {name}"
    return found[0]


def press(page: Page, name: str) -> None:
    """Press a button of the page or of its head."""
    heads = [b for b in page.head_actions if b.accessibleName() == name]
    (heads[0] if heads else named(page, name, QPushButton)).click()


def gate_words(form: ReferralForm) -> str:
    consent = form.steps.consent
    return "\n".join(label.text() for label in consent.findChildren(QLabel) if label.isVisibleTo(consent))


def consented(vault: Vault, file: File, **more: Any) -> None:
    with vault.write("试") as session:
        session.add(consent(file.student_id, guardian_id=file.guardian_id, **more))
        session.add(consent(file.student_id, role=SignerRole.STUDENT))


def issued(vault: Vault, signing: SigningSession, file: File, referral_id: int) -> None:
    consented(vault, file)
    with vault.write("试") as session:
        issuing.issue(vault, session, signing, referral_id)


class TestTheForm:
    """Four steps beside the letter."""

    def test_a_new_referral_is_written_saved_signed_and_issued(
        self, vault: Vault, file: File, form: ReferralForm, desk: OpenDesk, notice: FakeNotice, qtbot: QtBot
    ) -> None:
        with vault.write("试") as session:
            hospital = institutions.save(session, InstitutionValues(name="市第二医院", department="儿少心理科"))
        consented(vault, file)
        form.arrive(Route("referral", None, file.student_id))
        form.steps.receiver.institution.set_value(str(hospital.id))
        named(form, "转介原因：超出胜任能力").click()
        form.steps.reason.observation.set_value("近两个月情绪持续低落，近两周回避上学。")
        form.steps.reason.measures.set_value("个别辅导三次。")
        with qtbot.waitSignal(form.document_wanted, timeout=30000) as opened:
            press(form, "签发并打印")
        assert notice.told == []
        assert desk.asked == ["转介函"]
        with vault.read() as session:
            paper = session.get_one(Issued, opened.args[0])
            referral = store.get(session, paper.about_id)
            assert (paper.ref_no, referral.status) == ("心转〔2026〕第001号", Status.ISSUED)
            assert (referral.to_org, referral.to_dept) == ("市第二医院", "儿少心理科")
            assert typing.everything(session) == []

    def test_what_is_missing_is_said_and_nothing_is_signed(
        self, vault: Vault, referral_id: int, form: ReferralForm, desk: OpenDesk, notice: FakeNotice
    ) -> None:
        form.open_record(referral_id)
        assert "还没有监护人对「信息提供」的同意" in gate_words(form)
        assert "还缺学生本人的同意" in gate_words(form)
        press(form, "签发并打印")
        assert "还没有监护人" in notice.told[0].sentence
        assert desk.asked == []

    def test_no_talk_is_taken_along_that_was_not_chosen(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm, notice: FakeNotice
    ) -> None:
        with vault.write("试") as session:
            values = CaseValues(source=CaseSource.STUDENT, problem_types=["mood"], presenting_problem="睡不好。")
            case = open_case(session, file.student_id, values, TODAY)
            note = notes.draft(session, case.id, NOTE, TODAY)
            notes.sign(session, note.id, vault.now())
        form.open_record(referral_id)
        before = form.steps.reason.observation.value()
        press(form, "带入所选会谈")
        assert notice.told[0].sentence == "还没有选要带出的会谈。"
        assert form.steps.reason.observation.value() == before
        named(form, "带出哪几次会谈：11-20 第1次", QPushButton).click()
        press(form, "带入所选会谈")
        assert NOTE.observation in form.steps.reason.observation.value()

    def test_a_refusal_confirmed_on_paper_does_not_go_to_the_bin(
        self, vault: Vault, referral_id: int, form: ReferralForm, notice: FakeNotice, signing: SigningSession
    ) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, REFUSAL, TODAY)
            issuing.issue_confirmation(vault, session, signing, refusal.id)
        form.open_record(referral_id)
        press(form, "移到回收站")
        notice.answer_yes()
        assert "已签发的《监护人告知确认书》心告〔2026〕第001号" in notice.told[0].sentence
        with vault.read() as session:
            assert store.get(session, referral_id).deleted_at is None

    def test_consent_registered_elsewhere_opens_the_gate(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm
    ) -> None:
        form.open_record(referral_id)
        consented(vault, file)
        form.reload()
        assert "监护人：纸质签字，2026年11月18日" in gate_words(form)
        assert "还没有" not in gate_words(form)

    def test_the_head_says_whether_the_letter_may_go_out(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm
    ) -> None:
        form.open_record(referral_id)
        assert form.context.startswith("还不能签发：缺 2 项")
        assert not form.issue_button.property("primary")
        consented(vault, file)
        form.reload()
        assert form.context.startswith("可以签发")
        assert form.issue_button.property("primary")

    def test_who_refused_is_not_exchanged(self, vault: Vault, file: File, referral_id: int, form: ReferralForm) -> None:
        form.open_record(referral_id)
        assert form.steps.consent.guardian.isEnabled()
        form.leave()
        with vault.write("试") as session:
            store.refuse(session, referral_id, REFUSAL, TODAY)
        form.open_record(referral_id)
        assert not form.steps.consent.guardian.isEnabled()

    def test_register_consent_is_asked_of_the_house(
        self, file: File, referral_id: int, form: ReferralForm, qtbot: QtBot
    ) -> None:
        form.open_record(referral_id)
        with qtbot.waitSignal(form.went) as went:
            press(form, "登记同意")
        assert went.args == [Route("consent", None, file.student_id)]

    def test_a_partial_consent_takes_boxes_away(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm
    ) -> None:
        part = [item.value for item in (Item.IDENTITY, Item.OBSERVATION)]
        consented(vault, file, decision=ConsentDecision.PARTIAL, scope=part)
        form.open_record(referral_id)
        assert named(form, "写进信里：姓名、性别、班级", QCheckBox).isEnabled()
        assert not named(form, "写进信里：既往就医(家长提供)", QCheckBox).isEnabled()
        beyond = named(form, "写进信里：监护人姓名与电话", QCheckBox)
        assert beyond.isChecked()
        assert "请去掉勾选" in gate_words(form)
        beyond.setChecked(False)
        form._refresh()
        assert not beyond.isEnabled()

    def test_an_unknown_birth_date_is_asked_for_at_the_gate(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm, notice: FakeNotice
    ) -> None:
        with vault.write("试") as session:
            session.get_one(Student, file.student_id).birth_date = None
        form.open_record(referral_id)
        named(form, "学生出生日期", QLineEdit).setText("2012-05-02")
        press(form, "把出生日期填入档案")
        with vault.read() as session:
            assert session.get_one(Student, file.student_id).birth_date == date(2012, 5, 2)
        assert "出生日期还没有填" not in gate_words(form)

    def test_an_override_needs_its_reason(
        self, vault: Vault, referral_id: int, form: ReferralForm, notice: FakeNotice, qtbot: QtBot
    ) -> None:
        form.open_record(referral_id)
        form.steps.consent.override.set_value(Override.EMERGENCY.value)
        press(form, "签发并打印")
        assert "要写明原因" in notice.told[0].sentence
        form.steps.consent.override_reason.set_value("当晚有自伤行为")
        with qtbot.waitSignal(form.issued, timeout=30000):
            press(form, "签发并打印")
        with vault.read() as session:
            assert store.get(session, referral_id).override_reason == "当晚有自伤行为"

    def test_what_was_typed_and_not_saved_comes_back(
        self, vault: Vault, referral_id: int, form: ReferralForm, keeper: Keeper
    ) -> None:
        form.open_record(referral_id)
        form.steps.reason.wish.set_value("请告知如何安排作息")
        keeper.flush()
        form.leave()
        form.open_record(referral_id)
        assert form.steps.reason.wish.value() == "请告知如何安排作息"
        assert "已恢复" in form.context
        with vault.read() as session:
            assert store.get(session, referral_id).wish != "请告知如何安排作息"

    def test_the_letter_stands_beside_it(
        self, vault: Vault, referral_id: int, form: ReferralForm, qtbot: QtBot
    ) -> None:
        form.resize(1164, 800)
        form.show()
        form.open_record(referral_id)
        qtbot.waitUntil(lambda: form.preview.view.page_count() == 3, timeout=30000)

    def test_a_character_without_a_face_is_named_first(
        self, vault: Vault, file: File, referral_id: int, form: ReferralForm, notice: FakeNotice, desk: OpenDesk
    ) -> None:
        consented(vault, file)
        form.open_record(referral_id)
        form.steps.reason.wish.set_value("请看\U0002ebf0字")
        press(form, "签发并打印")
        assert "U+2EBF0" in notice.questions[0].detail
        assert desk.asked == []

    def test_the_consent_sheet_is_printed_and_logged(
        self, vault: Vault, referral_id: int, form: ReferralForm, qtbot: QtBot
    ) -> None:
        form.open_record(referral_id)
        with qtbot.waitSignal(form.sheet_wanted, timeout=30000) as sheet:
            press(form, "打印同意书")
        assert sheet.args[0].startswith(b"%PDF")
        assert sheet.args[1] == "信息提供同意书"
        log = sheet.args[2]
        log(ForWhom("监护人", "签字确认"))
        with vault.read() as session:
            where = (Link.kind == "referral", Link.record == referral_id, Link.act == "print")
            (link,) = session.scalars(select(Link.seq).where(*where))
            said = outgoing.told(session, [link])[link]
        assert (said.title, said.to_whom, said.purpose) == ("信息提供同意书", "监护人", "签字确认")

    def test_a_draft_goes_to_the_bin(
        self, vault: Vault, referral_id: int, form: ReferralForm, notice: FakeNotice
    ) -> None:
        form.open_record(referral_id)
        press(form, "移到回收站")
        notice.answer_yes()
        with vault.read() as session:
            assert store.get(session, referral_id).deleted_at is not None


class TestTheOthers:
    """List, a referral's page, refusal, receipt, directory."""

    @pytest.fixture
    def page(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, background: Background, desk: OpenDesk, qtbot: QtBot
    ) -> Iterator[ReferralPage]:
        made = ReferralPage(vault, notice, keeper, background, desk)  # type: ignore[arg-type]
        qtbot.addWidget(made)
        yield made
        made.leave()

    def test_the_list_tells_status_and_what_is_due(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, qtbot: QtBot
    ) -> None:
        issued(vault, signing, file, referral_id)
        listed = ReferralsPage(vault)
        qtbot.addWidget(listed)
        cells = listed.table.model.rows[0].cells
        assert cells[:4] == ("陆予安", "八(3)班", "市第二医院 · 儿少心理科", "已出具")
        assert cells[4] == "11-23 前核实是否就诊"
        with qtbot.waitSignal(listed.went) as went:
            listed.table.opened.emit(referral_id)
        assert went.args == [Route("referral.read", referral_id, file.student_id)]

    def test_an_empty_list_says_what_will_be_here(self, vault: Vault, school: None, qtbot: QtBot) -> None:
        listed = ReferralsPage(vault)
        qtbot.addWidget(listed)
        assert listed.table.empty.words_label.text() == "还没有转介单"

    def test_a_visit_is_written_down(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, page: ReferralPage
    ) -> None:
        issued(vault, signing, file, referral_id)
        page.open_referral(referral_id)
        press(page, "登记就诊")
        press(page, "保存就诊")
        with vault.read() as session:
            assert store.get(session, referral_id).attended_on == TODAY

    def test_a_follow_up_being_typed_stands_open_again(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, page: ReferralPage, keeper: Keeper
    ) -> None:
        issued(vault, signing, file, referral_id)
        page.open_referral(referral_id)
        press(page, "记随访")
        page.acts.forms["follow"].form.fields["text"].set_value("与班主任商定")
        keeper.flush()
        page.leave()
        page.open_referral(referral_id)
        assert page.acts.forms["follow"].form.values()["text"] == "与班主任商定"
        assert not page.acts.forms["follow"].isHidden()

    def test_a_voided_letter_is_struck_and_copied(
        self,
        vault: Vault,
        file: File,
        younger: File,
        referral_id: int,
        signing: SigningSession,
        page: ReferralPage,
        qtbot: QtBot,
    ) -> None:
        issued(vault, signing, file, referral_id)
        page.open_referral(referral_id)
        press(page, "作废")
        named(page, "作废原因", QLineEdit).setText("写错了学生")
        press(page, "作废转介函")
        assert "写错了学生" in page.banner.text()
        assert page.next.acts["void"].isHidden()
        with qtbot.waitSignal(page.went) as went:
            page._copy(younger.student_id)
        assert went.args[0].student_id == younger.student_id

    def test_a_letter_without_consent_is_no_agreed_step(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, page: ReferralPage
    ) -> None:
        from app.rooms.referrals.choices import Escort
        from app.rooms.referrals.record import ReferralValues

        with vault.write("试") as session:
            values = ReferralValues.of(store.get(session, referral_id))
            values = replace(values, override=Override.EMERGENCY, override_reason="急", escort=Escort.AMBULANCE)
            store.save_draft(session, referral_id, values)
            session.flush()
            issuing.issue(vault, session, signing, referral_id)
        page.open_referral(referral_id)
        steps = [words for words, tone in page.way.steps(page._now.referral, False, False) if tone != "plain"]
        assert steps == ["拟转介", "已告知监护人", "未经同意签发", "已出具"]

    def test_a_refusal_is_saved_and_its_confirmation_issued(
        self,
        vault: Vault,
        referral_id: int,
        notice: FakeNotice,
        keeper: Keeper,
        background: Background,
        desk: OpenDesk,
        qtbot: QtBot,
    ) -> None:
        refusal = RefusalPage(vault, notice, keeper, background, desk)  # type: ignore[arg-type]
        qtbot.addWidget(refusal)
        refusal.arrive(Route("refusal", referral_id, 1))
        press(refusal, "只保存")
        assert "已说明的风险" in notice.told[0].sentence
        refusal.explained.set_value(REFUSAL.explained)
        refusal.decided.set_value(REFUSAL.decided)
        with qtbot.waitSignal(refusal.document_wanted, timeout=30000) as opened:
            press(refusal, "保存并打印确认书")
        with vault.read() as session:
            assert session.get_one(Issued, opened.args[0]).kind == "refusal"
            assert store.get(session, referral_id).status is Status.REFUSED

    def test_scans_of_the_signed_papers_are_kept_with_what_they_sign(
        self, vault: Vault, referral_id: int, page: ReferralPage, tmp_path: Path, qtbot: QtBot
    ) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, REFUSAL, TODAY)
        page.open_referral(referral_id)
        named(page, "添加告知确认书扫描件(11-18)", QPushButton)
        named(page, "添加附件", QPushButton)
        for card, name in ((page.confirmed, "确认书.png"), (page.attached, "委托书.png")):
            scan = tmp_path / name
            scan.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(32))
            card.add_file(scan)
            qtbot.waitUntil(
                lambda name=name: any(r.accessibleName() == f"打开附件 {name}" for r in page.findChildren(Row))
            )
        with vault.read() as session:
            kept = [attachments.of(session, owner)[0].name for owner in (refusal, store.get(session, referral_id))]
        assert kept == ["确认书.png", "委托书.png"]

    def test_a_receipt_is_entered_with_its_scan(
        self,
        vault: Vault,
        file: File,
        referral_id: int,
        signing: SigningSession,
        notice: FakeNotice,
        keeper: Keeper,
        background: Background,
        qtbot: QtBot,
        tmp_path,  # type: ignore[no-untyped-def]
    ) -> None:
        issued(vault, signing, file, referral_id)
        scan = tmp_path / "huizhi.png"
        scan.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
        receipt = ReceiptPage(vault, notice, keeper, background)
        qtbot.addWidget(receipt)
        receipt.arrive(Route("receipt", referral_id, file.student_id))
        receipt.add_scan(scan)
        qtbot.waitUntil(lambda: "huizhi.png" in receipt.scan_words.text())
        receipt.visit_on.set_day(TODAY)
        named(receipt, "医生建议：门诊随访").click()
        press(receipt, "保存回执")
        assert notice.told == []
        with vault.read() as session:
            row = following.receipts(session, referral_id)[0]
            assert row.advice == ["outpatient"]
            assert [kept.name for kept in following.scans(session, row)] == ["huizhi.png"]

    def test_the_directory_takes_a_new_institution_and_gives_one_back(
        self, vault: Vault, notice: FakeNotice, keeper: Keeper, qtbot: QtBot
    ) -> None:
        directory = InstitutionsPage(vault, notice, keeper)
        qtbot.addWidget(directory)
        press(directory, "添加机构")
        named(directory, "名称", QLineEdit).setText("市第二医院")
        press(directory, "保存机构")
        with vault.read() as session:
            row = institutions.institutions(session)[0]
        directory._begin(row.id, InstitutionValues.of(row))
        press(directory, "移到回收站")
        with vault.read() as session:
            assert institutions.institutions(session) == []
        notice.press_undo()
        with vault.read() as session:
            assert [i.name for i in institutions.institutions(session)] == ["市第二医院"]
        directory.leave()


def test_nothing_is_cut_off_on_a_small_screen(
    vault: Vault, file: File, referral_id: int, form: ReferralForm, dressed: QApplication
) -> None:
    form.resize(1085, 660)
    form.show()
    form.open_record(referral_id)
    assert too_wide(form) == []
