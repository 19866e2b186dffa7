"""A referral's way from draft to its end, with a real vault: telling, refusal, issue, receipt, voiding, and what is due on the way."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import StandingClock
from app.documents import issuing as documents
from app.documents.record import Issued, NumberSeries
from app.documents.signing import SessionOver, SigningSession
from app.documents.verifying import Colour, verify
from app.errors import Problem
from app.rooms.notes.choices import Basis
from app.rooms.notes.record import Disclosure
from app.rooms.referrals import following, institutions, issuing, overview, rules, store
from app.rooms.referrals.choices import Escort, GuardianDecision, Informed, Item, Override, Status, Urgency
from app.rooms.referrals.contents import contents
from app.rooms.referrals.dues import due
from app.rooms.referrals.institutions import InstitutionValues
from app.rooms.referrals.record import FollowUp, Receipt, Referral, ReferralValues, Refusal, visit_due
from app.rooms.school.record import DeadlineTerms, Heading
from app.rooms.students import store as students
from app.rooms.students.choices import ConsentMethod, SignerRole
from app.rooms.students.record import Consent, Guardian, Tone
from app.vault import attachments, bin, voiding
from app.vault.bin import Destruction
from app.vault.trail import Link
from app.vault.vault import Vault
from tests.rooms.referrals.samples import FULL, RECEIPT, REFUSAL, TODAY, File, consent

TERMS = DeadlineTerms()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)


def consented(
    vault: Vault, file: File, method: ConsentMethod = ConsentMethod.PAPER, on: date = date(2026, 11, 18)
) -> None:
    with vault.write("试") as session:
        session.add(consent(file.student_id, guardian_id=file.guardian_id, method=method, on=on))
        session.add(consent(file.student_id, role=SignerRole.STUDENT))


def issued(vault: Vault, signing: SigningSession, referral_id: int) -> int:
    with vault.write("签发转介函") as session:
        return issuing.issue(vault, session, signing, referral_id).id


def dues(vault: Vault) -> dict[str, date]:
    with vault.read() as session:
        return {one.key: one.due for one in due(session, TERMS, TODAY)}


def referral_in(vault: Vault, referral_id: int) -> Referral:
    with vault.read() as session:
        return store.get(session, referral_id)


def saved(vault: Vault, referral_id: int, **changes: object) -> Referral:
    with vault.write("试") as session:
        values = replace(ReferralValues.of(store.get(session, referral_id)), **changes)  # type: ignore[arg-type]
        return store.save_draft(session, referral_id, values)


class TestBeforeTheLetter:
    """Draft, told, agreed; nothing goes out through a shut gate."""

    def test_a_new_draft_knows_whom_to_ask(self, vault: Vault, file: File) -> None:
        with vault.write("试") as session:
            draft = store.new(session, file.student_id, TODAY)
        assert (draft.status, draft.guardian_id) == (Status.DRAFT, file.guardian_id)
        assert Item.HISTORY.value not in draft.items

    def test_telling_the_guardian_moves_it_on(self, vault: Vault, referral_id: int) -> None:
        assert referral_in(vault, referral_id).status is Status.TOLD
        assert saved(vault, referral_id, informed_on=None).status is Status.DRAFT
        with vault.write("试") as session:
            told = store.tell(session, referral_id, on=TODAY, how=Informed.PHONE, by="何清", today=TODAY)
            assert told.status is Status.TOLD
            with pytest.raises(Problem, match="今天之后"):
                store.tell(
                    session, referral_id, on=TODAY + timedelta(days=1), how=Informed.PHONE, by="何清", today=TODAY
                )

    def test_its_status_follows_the_consents_on_record(self, vault: Vault, file: File, referral_id: int) -> None:
        with vault.write("试") as session:
            assert store.settle(session, referral_id, TODAY).status is Status.TOLD
        consented(vault, file)
        with vault.write("试") as session:
            agreed = store.settle(session, referral_id, TODAY)
            assert (agreed.status, agreed.decision) == (Status.AGREED, GuardianDecision.AGREED)
            assert agreed.decided_on == date(2026, 11, 18)
            session.get_one(Consent, 1).withdrawn_at = TODAY
            session.flush()
            withdrawn = store.settle(session, referral_id, TODAY)
            assert (withdrawn.status, withdrawn.decision) == (Status.TOLD, None)

    def test_nothing_is_issued_through_a_shut_gate(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        with pytest.raises(rules.GateShut) as shut:
            issued(vault, signing, referral_id)
        assert "还没有监护人对「信息提供」的同意。" in shut.value.missing
        with vault.read() as session:
            assert session.scalars(select(Issued)).all() == []
            assert session.scalars(select(NumberSeries)).all() == []

    def test_what_the_letter_lacks_is_named(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        consented(vault, file)
        saved(vault, referral_id, to_org="", measures=" ", escort=Escort.STAFF)
        with pytest.raises(Problem) as lacking:
            issued(vault, signing, referral_id)
        assert "接诊机构、学校已做工作、陪同老师" in lacking.value.sentence

    def test_the_gate_asks_for_the_birth_date_and_takes_it(self, vault: Vault, file: File, referral_id: int) -> None:
        with vault.write("试") as session:
            from app.rooms.students.record import Student

            session.get_one(Student, file.student_id).birth_date = None
            session.flush()
            assert store.judged(session, store.get(session, referral_id), TODAY).asks_birth_date
            store.set_birth_date(session, file.student_id, date(2012, 5, 2), TODAY)
            session.flush()
            assert not store.judged(session, store.get(session, referral_id), TODAY).asks_birth_date

    def test_a_draft_goes_to_the_bin_and_an_issued_one_does_not(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        with vault.write("试") as session:
            draft = store.new(session, file.student_id, TODAY)
            store.discard(session, draft.id, clock.now())
        consented(vault, file)
        issued(vault, signing, referral_id)
        with vault.write("试") as session, pytest.raises(Problem, match="已经签发"):
            store.discard(session, referral_id, clock.now())
        with vault.read() as session:
            assert [r.id for r in store.of_student(session, file.student_id)] == [referral_id]

    def test_nothing_is_issued_for_a_file_in_the_bin(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        with vault.write("试") as session:
            bin.put(students.get(session, file.student_id), clock.now())
        with pytest.raises(Problem, match="档案在回收站里"):
            issued(vault, signing, referral_id)


class TestTheLetter:
    """Numbered, signed, kept; what it rested on is written down with it."""

    def test_it_is_numbered_signed_and_accepted_by_other_programs(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, tmp_path: Path
    ) -> None:
        consented(vault, file)
        issued_id = issued(vault, signing, referral_id)
        referral = referral_in(vault, referral_id)
        assert (referral.status, referral.number, referral.issued_on) == (Status.ISSUED, "心转〔2026〕第001号", TODAY)
        assert referral.decision is GuardianDecision.AGREED
        assert len(referral.consent_ids) == 2
        with vault.read() as session:
            pdf = documents.pdf_of(session, issued_id)
            assert verify(pdf, documents.issuers(session), None).colour is Colour.GREEN
            row = session.get_one(Issued, issued_id)
            assert [sheet["key"] for sheet in row.sheets] == ["letter", "receipt", "stub"]
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf)
        verdict = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, check=False, text=True).stdout
        assert "Signature is Valid" in verdict
        assert "Total document signed" in verdict
        fonts = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
        assert [line for line in fonts if not re.search(r"Identity-H +yes", line)] == []
        assert "陆予安".encode() not in pdf
        info = subprocess.run(["pdfinfo", path], capture_output=True, check=True, text=True).stdout
        assert "陆予安" not in info

    def test_it_is_not_issued_twice_and_not_changed_after(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        consented(vault, file)
        issued(vault, signing, referral_id)
        with pytest.raises(Problem, match="不能再签发"):
            issued(vault, signing, referral_id)
        with vault.write("试") as session, pytest.raises(Problem, match="已经签发"):
            store.save_draft(session, referral_id, FULL)

    def test_a_failure_burns_no_number(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        signing.close()
        with pytest.raises(SessionOver):
            issued(vault, signing, referral_id)
        referral = referral_in(vault, referral_id)
        assert (referral.number, referral.status) == ("", Status.TOLD)
        with vault.read() as session:
            assert session.scalars(select(NumberSeries)).all() == []

    def test_a_consent_by_telephone_leaves_a_signature_due(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        consented(vault, file, ConsentMethod.PHONE)
        issued(vault, signing, referral_id)
        with vault.read() as session:
            owed = students.due(session, TERMS, TODAY)
            assert [(due.key, due.due) for due in owed] == [("consent.oral", date(2026, 11, 25))]

    def test_the_consents_under_it_name_it_until_it_is_void(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        with vault.write("试") as session:
            session.add(consent(file.student_id, on=date(2026, 1, 5), valid_until=date(2026, 7, 31)))
        issued(vault, signing, referral_id)
        with vault.read() as session:
            on = [store.letters_on(session, given) for given in students.consents(session, file.student_id)]
        assert on == [["心转〔2026〕第001号"], ["心转〔2026〕第001号"], []]
        with vault.write("作废") as session:
            store.void(session, referral_id, "写错了", clock.now())
        with vault.read() as session:
            assert store.letters_on(session, session.get_one(Consent, 1)) == []

    def test_an_override_is_recorded_disclosed_and_shown(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        saved(
            vault, referral_id, override=Override.EMERGENCY, override_reason="当晚有自伤行为", escort=Escort.AMBULANCE
        )
        before = len(trail_of(vault, referral_id))
        issued(vault, signing, referral_id)
        referral = referral_in(vault, referral_id)
        assert (referral.override, referral.override_reason) == (Override.EMERGENCY, "当晚有自伤行为")
        assert len(trail_of(vault, referral_id)) == before + 1
        with vault.read() as session:
            told = session.scalars(select(Disclosure)).one()
            assert (told.to_whom, told.basis) == ("市第二医院", Basis.DANGER)
            fact = next(f for f in overview.facts(session, file.student_id) if f.label == "未经同意签发")
            assert "当晚有自伤行为" in fact.text
            assert fact.tone is Tone.RED
            assert "未经同意签发" in overview.lines(session, file.student_id)[0].tags

    def test_a_guardian_not_reached_is_written_down_and_breaks_no_confidence(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        saved(
            vault,
            referral_id,
            informed_on=None,
            override=Override.UNREACHABLE,
            override_reason="打了六次电话",
            escort=Escort.STAFF,
            escort_teacher="周文",
        )
        issued(vault, signing, referral_id)
        assert referral_in(vault, referral_id).decision is GuardianDecision.UNREACHABLE
        with vault.read() as session:
            assert session.scalars(select(Disclosure)).all() == []

    def test_an_override_that_was_not_needed_leaves_no_mark(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        consented(vault, file)
        saved(vault, referral_id, override=Override.EMERGENCY, override_reason="先写着")
        issued(vault, signing, referral_id)
        assert referral_in(vault, referral_id).override is None
        with vault.read() as session:
            assert session.scalars(select(Disclosure)).all() == []

    def test_a_void_letter_is_not_followed_up(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        issued(vault, signing, referral_id)
        with vault.write("作废") as session:
            store.void(session, referral_id, "写错了", clock.now())
        receipt = replace(RECEIPT, received_on=TODAY, visit_on=TODAY)
        with vault.write("试") as session:
            with pytest.raises(Problem, match="已经作废"):
                following.attend(session, referral_id, TODAY, TODAY)
            with pytest.raises(Problem, match="已经作废"):
                following.receive(session, referral_id, receipt, None, TODAY)
            with pytest.raises(Problem, match="已经作废"):
                following.follow(session, referral_id, TODAY, "一切平稳。", TODAY)
            with pytest.raises(Problem, match="已经作废"):
                following.close(session, referral_id, TODAY, "已复诊。", TODAY)
        assert referral_in(vault, referral_id).status is Status.ISSUED

    def test_voiding_strikes_it_and_its_text_starts_a_new_draft(
        self, vault: Vault, file: File, younger: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        issued(vault, signing, referral_id)
        with vault.write("作废") as session:
            store.void(session, referral_id, "写在了同名同学的档案里", clock.now())
            copy = store.copy_to_draft(session, referral_id, younger.student_id, TODAY)
        assert (copy.observation, copy.status, copy.number) == (FULL.observation, Status.DRAFT, "")
        assert (copy.informed_on, copy.guardian_id) == (None, younger.guardian_id)
        assert dues(vault) == {}
        with vault.read() as session:
            assert [line.struck for line in overview.lines(session, file.student_id)] == [True]
            assert overview.facts(session, file.student_id) == []
        consented(vault, younger)
        saved(vault, copy.id, escort=Escort.GUARDIAN)
        issued(vault, signing, copy.id)
        assert referral_in(vault, copy.id).number == "心转〔2026〕第002号"


def trail_of(vault: Vault, referral_id: int) -> list[Link]:
    with vault.read() as session:
        return list(session.scalars(select(Link).where(Link.kind == "referral", Link.record == referral_id)))


class TestRefusal:
    """The guardian does not agree: the confirmation instead of the letter, a second talk, weekly visits."""

    def test_it_takes_the_letters_place_and_is_followed_up(self, vault: Vault, referral_id: int, file: File) -> None:
        with vault.write("试") as session:
            store.refuse(session, referral_id, REFUSAL, TODAY)
        assert referral_in(vault, referral_id).status is Status.REFUSED
        assert dues(vault) == {"referral.refused": date(2026, 11, 21)}
        with vault.write("试") as session:
            following.follow(session, referral_id, TODAY, "电话里再谈了一次，愿意考虑。", TODAY)
        assert dues(vault) == {"referral.refused": date(2026, 11, 27)}
        with vault.read() as session:
            assert [line.title for line in overview.lines(session, file.student_id)][-1] == "监护人暂不同意转介"

    def test_the_confirmation_is_issued_once(self, vault: Vault, referral_id: int, signing: SigningSession) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, REFUSAL, TODAY)
            paper = issuing.issue_confirmation(vault, session, signing, refusal.id)
            assert (paper.kind, paper.ref_no) == ("refusal", "心告〔2026〕第001号")
            with pytest.raises(Problem, match="已经签发"):
                issuing.issue_confirmation(vault, session, signing, refusal.id)
            assert issuing.papers(session, store.get(session, referral_id)) == [paper]

    def test_a_void_confirmation_can_be_issued_anew(
        self, vault: Vault, referral_id: int, signing: SigningSession
    ) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, REFUSAL, TODAY)
            first = issuing.issue_confirmation(vault, session, signing, refusal.id)
        with vault.write("试") as session:
            voiding.void(session, session.get_one(Issued, first.id), "印错了", vault.now())
        with vault.write("试") as session:
            second = issuing.issue_confirmation(vault, session, signing, refusal.id)
            assert second.ref_no == "心告〔2026〕第002号"
            assert {paper.id for paper in issuing.papers(session, store.get(session, referral_id))} == {
                first.id,
                second.id,
            }

    def test_a_refusal_confirmed_on_paper_stays_in_sight(
        self, vault: Vault, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, REFUSAL, TODAY)
            paper = issuing.issue_confirmation(vault, session, signing, refusal.id)
        with vault.write("试") as session, pytest.raises(Problem, match="不能移到回收站") as told:
            store.discard(session, referral_id, clock.now())
        assert "心告〔2026〕第001号" in told.value.sentence
        with vault.write("试") as session:
            voiding.void(session, session.get_one(Issued, paper.id), "印错了", clock.now())
        with vault.write("试") as session:
            store.discard(session, referral_id, clock.now())
        assert referral_in(vault, referral_id).deleted_at is not None

    def test_a_confirmation_is_signed_or_witnessed(self, vault: Vault, referral_id: int) -> None:
        with vault.write("试") as session:
            refusal = store.refuse(session, referral_id, replace(REFUSAL, witness=""), TODAY)
            with pytest.raises(Problem, match="是谁签的"):
                store.sign_refusal(session, refusal.id, signed=False, witness=" ")
            store.sign_refusal(session, refusal.id, signed=False, witness="罗景行")
        with vault.read() as session:
            assert store.refusals(session, referral_id)[0].witness == "罗景行"

    def test_what_was_explained_and_decided_must_be_written(self, vault: Vault, referral_id: int) -> None:
        with vault.write("试") as session, pytest.raises(Problem) as lacking:
            store.refuse(session, referral_id, replace(REFUSAL, explained="", decided=" "), TODAY)
        assert "已说明的风险、监护人的决定" in lacking.value.sentence

    def test_a_later_consent_still_opens_the_gate(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        with vault.write("试") as session:
            store.refuse(session, referral_id, REFUSAL, TODAY)
        with pytest.raises(rules.GateShut):
            issued(vault, signing, referral_id)
        consented(vault, file, on=date(2026, 11, 19))
        issued(vault, signing, referral_id)
        referral = referral_in(vault, referral_id)
        assert (referral.status, referral.decision) == (Status.ISSUED, GuardianDecision.AGREED)
        assert "referral.refused" not in dues(vault)

    def test_what_was_agreed_to_before_it_opens_nothing(
        self, vault: Vault, file: File, referral_id: int, signing: SigningSession
    ) -> None:
        consented(vault, file)
        with vault.write("试") as session:
            store.settle(session, referral_id, TODAY)
            store.refuse(session, referral_id, REFUSAL, TODAY)
        with pytest.raises(rules.GateShut) as shut:
            issued(vault, signing, referral_id)
        assert "表示暂不同意" in "".join(shut.value.missing)
        referral = referral_in(vault, referral_id)
        assert (referral.status, referral.decision) == (Status.REFUSED, GuardianDecision.NOT_NOW)
        saved(vault, referral_id, override=Override.EMERGENCY, override_reason="当晚有自伤行为", escort=Escort.POLICE)
        issued(vault, signing, referral_id)
        assert referral_in(vault, referral_id).decision is GuardianDecision.NOT_NOW
        assert referral_in(vault, referral_id).consent_ids == ["2"]  # the student's own

    def test_the_guardian_who_refused_stays_written(self, vault: Vault, file: File, referral_id: int) -> None:
        with vault.write("试") as session:
            store.refuse(session, referral_id, REFUSAL, TODAY)
        with pytest.raises(Problem, match="另一位监护人"):
            saved(vault, referral_id, guardian_id=file.guardian_id + 1)
        assert saved(vault, referral_id, guardian_id=None).guardian_id == file.guardian_id

    def test_a_carer_in_the_bin_is_still_no_legal_guardian(self, vault: Vault, file: File, referral_id: int) -> None:
        consented(vault, file)
        with vault.write("试") as session:
            session.get_one(Guardian, file.guardian_id).is_legal_guardian = False
            students.discard_guardian(session, file.guardian_id, vault.now())
        with vault.read() as session:
            assert not store.judged(session, store.get(session, referral_id), TODAY).is_open


class TestAfterTheLetter:
    """Seen, receipt, follow-up, end; visit and receipt fall due."""

    @pytest.fixture
    def out(self, vault: Vault, file: File, referral_id: int, signing: SigningSession) -> int:
        consented(vault, file)
        issued(vault, signing, referral_id)
        return referral_id

    def test_visit_and_receipt_fall_due(self, vault: Vault, out: int) -> None:
        assert dues(vault) == {"referral.visit": date(2026, 11, 23), "referral.receipt": date(2026, 12, 4)}
        with vault.write("试") as session:
            following.attend(session, out, TODAY, TODAY)
        assert dues(vault) == {"referral.receipt": date(2026, 12, 4)}

    @pytest.mark.parametrize(("urgency", "days"), [(Urgency.ROUTINE, 7), (Urgency.SOON, 3), (Urgency.TODAY, 1)])
    def test_the_more_urgent_the_sooner_the_visit_is_asked_after(self, urgency: Urgency, days: int) -> None:
        """What the letter says of three days counts, and 当日 is asked after within 24 hours."""
        assert visit_due(TODAY, urgency, DeadlineTerms()) == TODAY + timedelta(days=days)
        longer = DeadlineTerms(referral_visit=70, referral_visit_soon=30, referral_visit_today=10)
        assert visit_due(TODAY, urgency, longer) == TODAY + timedelta(days=10 * days)

    def test_a_letter_begun_and_not_issued_is_not_forgotten(self, vault: Vault, file: File, referral_id: int) -> None:
        """By the day the visit itself would be due; it is no deadline that has passed."""

        def unsent(today: date) -> list[tuple[str, Heading, date]]:
            with vault.read() as session:
                return [(one.key, one.heading, one.due) for one in due(session, TERMS, today)]

        opened = referral_in(vault, referral_id).opened_on
        on = visit_due(opened, referral_in(vault, referral_id).urgency, TERMS)
        assert unsent(on - timedelta(days=1)) == []
        assert unsent(on) == [("referral.unsent", Heading.FADING, on)]
        with vault.write("试") as session:
            store.discard(session, referral_id, vault.now())
        assert unsent(on) == []

    def test_the_receipt_is_entered_with_its_scan(self, vault: Vault, out: int, clock: StandingClock) -> None:
        later = date(2026, 12, 1)
        with vault.write("试") as session:
            receipt = following.receive(session, out, RECEIPT, following.Scan("回执.png", PNG), later)
            assert [kept.media for kept in following.scans(session, receipt)] == ["image/png"]
            assert attachments.content(session, following.scans(session, receipt)[0].id) == PNG
        referral = referral_in(vault, out)
        assert (referral.status, referral.attended_on) == (Status.RECEIPT, date(2026, 11, 25))
        assert dues(vault) == {}
        with vault.write("试") as session:
            following.follow(session, out, later, "回班后情绪平稳。", later)
            assert store.get(session, out).status is Status.FOLLOWING
            with pytest.raises(Problem, match="结果"):
                following.close(session, out, later, " ", later)
            following.close(session, out, later, "规律复诊，在校情况平稳。", later)
        assert referral_in(vault, out).status is Status.CLOSED

    def test_a_receipt_that_says_not_seen_leaves_the_visit_waited_for(self, vault: Vault, out: int) -> None:
        waiting, later = dues(vault), date(2026, 12, 1)
        with vault.write("试") as session:
            following.receive(session, out, replace(RECEIPT, visited=False, visit_on=None), None, later)
        assert referral_in(vault, out).status is Status.ISSUED
        assert dues(vault) == waiting
        with vault.write("试") as session:
            following.attend(session, out, later, later)
            following.receive(session, out, replace(RECEIPT, received_on=later, visit_on=later), None, later)
        assert referral_in(vault, out).status is Status.RECEIPT

    def test_a_scan_that_is_no_scan_keeps_the_whole_receipt_out(self, vault: Vault, out: int) -> None:
        with pytest.raises(Problem, match="PDF"), vault.write("试") as session:
            following.receive(session, out, RECEIPT, following.Scan("回执.exe", b"MZ..."), date(2026, 12, 1))
        assert referral_in(vault, out).status is Status.ISSUED
        with vault.read() as session:
            assert following.receipts(session, out) == []

    def test_days_that_cannot_be_are_refused(self, vault: Vault, out: int) -> None:
        with vault.write("试") as session:
            with pytest.raises(Problem, match="早于"):
                following.attend(session, out, date(2026, 11, 19), TODAY)
            with pytest.raises(Problem, match="今天之后"):
                following.receive(session, out, RECEIPT, None, TODAY)
            with pytest.raises(Problem, match="没有写就诊日期"):
                following.receive(session, out, replace(RECEIPT, received_on=TODAY, visit_on=None), None, TODAY)

    def test_a_step_out_of_turn_is_refused(self, vault: Vault, referral_id: int) -> None:
        with vault.write("试") as session:
            with pytest.raises(Problem, match="还不能做这一步"):
                following.attend(session, referral_id, TODAY, TODAY)
            with pytest.raises(Problem, match="还不能做这一步"):
                following.receive(
                    session, referral_id, replace(RECEIPT, received_on=TODAY, visit_on=TODAY), None, TODAY
                )


class TestTheHouseIsTold:
    """Search hits and forgetting."""

    def test_words_in_it_are_found(self, vault: Vault, file: File, referral_id: int) -> None:
        with vault.write("试") as session:
            store.refuse(session, referral_id, REFUSAL, TODAY)
            following.follow(session, referral_id, TODAY, "母亲提到外婆生病", TODAY)
        with vault.read() as session:
            for words, kind in (("回避上学", "referral"), ("观察两周", "refusal"), ("外婆生病", "referral_follow_up")):
                hit = vault.search(session, words)[0]
                assert hit.kind == kind
                assert overview.referral_of(session, hit.kind, hit.record) == referral_id
                found = overview.found(session, hit.kind, hit.record)
                assert found is not None
                assert all(found)
            assert overview.found(session, "note", 1) is None

    def test_forgetting_leaves_nothing_of_this_student(
        self, vault: Vault, file: File, younger: File, referral_id: int, signing: SigningSession, clock: StandingClock
    ) -> None:
        consented(vault, file)
        issued(vault, signing, referral_id)
        with vault.write("试") as session:
            following.receive(session, referral_id, replace(RECEIPT, received_on=TODAY, visit_on=TODAY), None, TODAY)
            kept = store.new(session, younger.student_id, TODAY)
        with vault.write("试") as session:
            session.add(Destruction(student_id=file.student_id, reason="到期", at=clock.now()))
            session.flush()
            overview.forget(session, file.student_id)
        with vault.read() as session:
            for kind in (Referral, Refusal, FollowUp, Receipt):
                assert session.scalars(select(kind).where(kind.student_id == file.student_id)).all() == []
            assert store.get(session, kept.id).student_id == younger.student_id
            assert vault.search(session, "回避上学") == []


class TestDirectory:
    """The institutions and their bin."""

    def test_it_is_kept_changed_and_put_away(self, vault: Vault, clock: StandingClock) -> None:
        values = InstitutionValues(
            name="市第二医院", department="儿少心理科", green_channel="周二、周四上午", phone="0571-5550199"
        )
        with vault.write("试") as session:
            row = institutions.save(session, values)
            with pytest.raises(Problem, match="已有"):
                institutions.save(session, values)
            institutions.save(session, replace(values, contact="李医生"), row.id)
            assert [i.contact for i in institutions.institutions(session)] == ["李医生"]
            institutions.discard(session, row.id, clock.now())
            session.flush()
            assert institutions.institutions(session) == []
            with pytest.raises(Problem, match="名称"):
                institutions.save(session, InstitutionValues(name=" "))
            with pytest.raises(Problem, match="书写方向"):
                institutions.save(session, InstitutionValues(name="市第二\u202e医院"))


def test_the_drafted_paper_and_the_consent_sheet_are_drawn_without_a_number(vault: Vault, referral_id: int) -> None:
    with vault.read() as session:
        of = contents(session, referral_id, TODAY)
    assert [s.key for s in issuing.draft_paper(of).sheets] == ["letter", "receipt", "stub"]
    assert [s.key for s in issuing.consent_paper(of).sheets] == ["consent"]
    with vault.read() as session:
        assert session.scalars(select(NumberSeries)).all() == []
