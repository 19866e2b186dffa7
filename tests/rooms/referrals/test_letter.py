"""The papers of a referral: their approved words, what is ticked and nothing else, and no sentence about what did not happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from app.documents import words
from app.documents.blocks import Document
from app.documents.paper import Foot, draw
from app.rooms.referrals import confirmation, consent_sheet, letter
from app.rooms.referrals.choices import Escort, GuardianDecision, Item, Override
from app.rooms.referrals.contents import Contents
from app.rooms.referrals.gate import Facts, judge
from app.rooms.referrals.record import Referral, ReferralValues, Refusal
from app.rooms.referrals.rules import JUDGING
from app.rooms.school.record import School
from app.rooms.students.choices import ConsentDecision, ConsentMethod, Gender, SignerRole
from app.rooms.students.record import Consent, Student
from tests.documents.reading import bare
from tests.documents.reading import words_of as words_on_paper
from tests.rooms.referrals.samples import FULL, REFUSAL, TODAY, consent, sheet_words, words_of
from tests.rooms.referrals.samples import guardian as on_file

GOLDEN = Path(__file__).parents[2] / "golden"
NUMBER = "心转〔2026〕第003号"
OLDER, CHILD = date(2012, 5, 2), date(2014, 1, 1)
MOTHER = on_file(1)
STUDENT_YES = consent(role=SignerRole.STUDENT)
PART = [i.value for i in (Item.IDENTITY, Item.OBSERVATION, Item.MEASURES, Item.WISH)]


def contents(
    values: ReferralValues = FULL,
    consents: tuple[Consent, ...] = (),
    born: date | None = OLDER,
    decision: GuardianDecision | None = None,
    **student: object,
) -> Contents:
    referral = Referral(student_id=1, opened_on=TODAY, decision=decision, **vars(values))
    referral.id = 1
    facts = Facts(
        on=TODAY,
        birth_date=born,
        consents=consents,
        guardians=(MOTHER,),
        items=frozenset(i for i in Item if i.value in values.items),
        told=values.informed_on is not None,
        decision=decision,
        escort=values.escort,
        override=values.override,
        override_reason=values.override_reason,
    )
    about = {
        "student_no": "20240317",
        "name": "陆予安",
        "gender": Gender.MALE,
        "grade": 8,
        "class_no": 3,
        "birth_date": born,
    }
    return Contents(
        referral=referral,
        student=Student(**(about | student)),  # type: ignore[arg-type]
        school=School(name="青禾中学", counsellor="何清", phone="0571-5550102"),
        guardian=MOTHER,
        gate=judge(facts),
        on=TODAY,
    )


UNTOLD = replace(FULL, informed_on=None, informed_how=None, informed_by="", escort=Escort.STAFF, escort_teacher="周文")
OVERRIDDEN = replace(UNTOLD, override_reason="当晚有自伤行为，电话打了六次。")
NO_GUARDIAN = [i for i in FULL.items if i != Item.GUARDIAN.value]
VARIANTS = {
    "both-on-paper": contents(consents=(consent(), STUDENT_YES)),
    "child-by-telephone": contents(consents=(consent(method=ConsentMethod.PHONE),), born=CHILD),
    "online-with-history": contents(
        replace(FULL, items=[*FULL.items, Item.HISTORY.value]), (consent(method=ConsentMethod.ONLINE),), CHILD
    ),
    "in-part": contents(
        replace(FULL, items=PART), (consent(decision=ConsentDecision.PARTIAL, scope=PART), STUDENT_YES)
    ),
    "teacher-by-commission": contents(
        replace(FULL, escort=Escort.TEACHER, escort_teacher="周文"), (consent(role=SignerRole.BOTH),)
    ),
    "emergency": contents(replace(OVERRIDDEN, override=Override.EMERGENCY, escort=Escort.AMBULANCE)),
    "emergency-student-missing": contents(replace(OVERRIDDEN, override=Override.EMERGENCY), (consent(),)),
    "not-reached": contents(replace(OVERRIDDEN, override=Override.UNREACHABLE), (STUDENT_YES,)),
    "not-to-be-told": contents(
        replace(OVERRIDDEN, override=Override.NOT_TO_BE_TOLD, escort=Escort.POLICE, items=NO_GUARDIAN)
    ),
}


def golden(name: str, said: str) -> None:
    """Compare with the approved words; a new paper is approved by writing its file by hand, after reading it."""
    assert said == (GOLDEN / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", VARIANTS)
def test_the_letter_says_the_approved_words(name: str) -> None:
    golden(f"referral-{name}", words_of(letter.blocks(VARIANTS[name], number=NUMBER)))


def test_the_refusal_and_the_consent_sheet_say_the_approved_words() -> None:
    of = contents()
    refusal = Refusal(referral_id=1, student_id=1, **vars(REFUSAL))
    refusal.id = 1
    paper = confirmation.blocks(
        confirmation.Contents(refusal, of.referral, of.student, of.school), TODAY, number="心告〔2026〕第001号"
    )
    golden("refusal", words_of(paper))
    golden("sharing-consent", words_of(consent_sheet.blocks(of)))
    assert consent_sheet.blocks(of).number == ""
    assert "学生本人" not in words_of(consent_sheet.blocks(contents(born=CHILD)))


@pytest.mark.parametrize("name", VARIANTS)
def test_letter_receipt_and_stub_are_one_page_each(name: str) -> None:
    drawn = draw(letter.blocks(VARIANTS[name], number=NUMBER), Foot())
    assert [s.key for s in drawn.sheets][:3] == ["letter", "receipt", "stub"]
    assert all(s.first == s.last for s in drawn.sheets)
    assert drawn.missing == ()
    assert ("commission" in [s.key for s in drawn.sheets]) is (name == "teacher-by-commission")


def test_the_three_sheets_share_their_seam_and_number() -> None:
    paper = letter.blocks(VARIANTS["both-on-paper"], number=NUMBER)
    assert {sheet.seam for sheet in paper.sheets} == {f"{NUMBER}　骑缝章"}
    assert (paper.kind, paper.title, paper.draft) == ("referral", "青禾中学学生心理健康转介函", False)


def test_a_draft_has_no_number_and_says_no_consent() -> None:
    paper = letter.blocks(contents())
    said = words_of(paper)
    assert paper.draft
    assert paper.number == ""
    assert "书面同意提供" not in said
    assert "签发时编号" in said


def test_no_number_is_written_while_the_gate_is_shut() -> None:
    with pytest.raises(ValueError, match="gate"):
        letter.blocks(contents(), number=NUMBER)


def test_a_name_beyond_the_basic_plane_is_read_back() -> None:
    of = contents(consents=(consent(), STUDENT_YES), name="程辰𠮷")
    read = bare("".join(words_on_paper(draw(letter.blocks(of, number=NUMBER), Foot()).pdf)))
    assert "我校学生程辰𠮷近期" in read


SECRETS = {
    Item.BIRTH: "2012年5月2日",
    Item.GUARDIAN: "13905710088",
    Item.OBSERVATION: "回避上学",
    Item.SAFETY: "未发现自伤",
    Item.MEASURES: "个别辅导三次",
    Item.HISTORY: "睡眠门诊",
    Item.WISH: "怎样配合",
}


@pytest.mark.parametrize("item", SECRETS)
def test_only_what_is_ticked_stands_in_the_letter(item: Item) -> None:
    consents = (consent(), STUDENT_YES)
    everything = [i.value for i in Item]
    without = letter.blocks(contents(replace(FULL, items=[c for c in everything if c != item.value]), consents))
    alone = letter.blocks(contents(replace(FULL, items=[Item.IDENTITY.value, item.value]), consents))
    assert SECRETS[item] not in sheet_words(without.sheets[0])
    assert SECRETS[item] in sheet_words(alone.sheets[0])
    for other, words_of_other in SECRETS.items():
        assert (words_of_other in sheet_words(alone.sheets[0])) is (other is item)


def test_no_sheet_leads_to_a_guardian_who_must_not_be_told() -> None:
    paper = letter.blocks(VARIANTS["not-to-be-told"], number=NUMBER)
    said = words_of(paper)
    assert "陆女士" not in said
    assert "13905710088" not in said
    assert "监护人签名" not in said
    assert "不要交由监护人带回" in sheet_words(paper.sheets[1])
    assert "如监护人同意" not in said


@pytest.mark.parametrize("items", [[Item.IDENTITY], [Item.IDENTITY, Item.BIRTH, Item.GUARDIAN]])
def test_a_letter_without_what_was_seen_does_not_point_to_it(items: list[Item]) -> None:
    of = contents(replace(FULL, items=[i.value for i in items]), (consent(), STUDENT_YES))
    said = sheet_words(letter.blocks(of, number=NUMBER).sheets[0])
    assert "下表所列" not in said
    assert "日常观察" not in said
    assert "近期在校的情况，已超出学校心理辅导的工作范围" in said


def test_the_bundled_words_are_no_diagnosis() -> None:
    for name in ("referral", "refusal", "sharing-consent"):
        assert [word for word in JUDGING if word in words.bundled(name)] == []


# No sentence about what did not happen: over every combination of what can have happened.

GUARDIAN = {
    "none": (),
    "paper": (consent(),),
    "telephone": (consent(method=ConsentMethod.PHONE),),
    "signed later": (consent(method=ConsentMethod.PHONE, written_at=TODAY),),
    "online": (consent(method=ConsentMethod.ONLINE),),
    "in part": (consent(decision=ConsentDecision.PARTIAL, scope=PART),),
    "in part, nameless": (consent(decision=ConsentDecision.PARTIAL, scope=[Item.WISH.value]),),
    "refused": (consent(decision=ConsentDecision.REFUSED),),
    "withdrawn": (consent(withdrawn_at=TODAY),),
}
STUDENT = {
    "none": (),
    "yes": (STUDENT_YES,),
    "no": (consent(role=SignerRole.STUDENT, decision=ConsentDecision.REFUSED),),
}
BORN = (OLDER, CHILD, None)
AGREES = ("paper", "telephone", "signed later", "online", "in part", "in part, nameless")


def every_case():  # type: ignore[no-untyped-def]
    cases = product(GUARDIAN, STUDENT, BORN, (None, *Override), Escort, (True, False), (None, *GuardianDecision))
    for guardian, student, born, override, escort, told, decision in cases:
        values = replace(
            FULL if told else UNTOLD,
            items=PART,
            escort=escort,
            escort_teacher="周文",
            override=override,
            override_reason="写明的原因",
        )
        of = contents(values, (*GUARDIAN[guardian], *STUDENT[student]), born, decision)
        yield guardian, student, born, override, escort, told, decision, of


def test_the_letter_never_states_what_did_not_happen() -> None:
    issued = 0
    for guardian, student, born, override, escort, told, decision, of in every_case():
        chosen = letter.sentences(of)
        if not of.gate.is_open:
            assert guardian in AGREES or not {"同意 书面", "同意 线上", "同意 口头"} & set(chosen)
            continue
        issued += 1
        fourteen = born == OLDER
        reached = told or decision in (GuardianDecision.AGREED, GuardianDecision.NOT_NOW)
        knows = told and decision not in (GuardianDecision.NOT_NOW, GuardianDecision.UNREACHABLE)
        true = {
            "同意 书面": guardian in ("paper", "signed later", "in part", "in part, nameless"),
            "同意 线上": guardian == "online",
            "同意 口头": guardian == "telephone",
            "学生同意": student == "yes" and guardian in AGREES,
            "学生同意 单独": student == "yes" and guardian not in AGREES,
            "部分同意": guardian == "in part",
            "无同意 紧急": guardian not in AGREES and override is Override.EMERGENCY,
            "无同意 紧急 学生": student != "yes" and fourteen and guardian in AGREES and override is Override.EMERGENCY,
            "无同意 紧急 范围": guardian == "in part, nameless" and override is Override.EMERGENCY,
            "无同意 联系不上": guardian not in AGREES and override is Override.UNREACHABLE and not reached,
            "无同意 不得先告知": guardian not in AGREES and override is Override.NOT_TO_BE_TOLD and not reached,
            "陪同 监护人": escort is Escort.GUARDIAN and (guardian in AGREES or knows),
            "陪同 教师委托": escort is Escort.TEACHER and (guardian in AGREES or knows),
            "陪同 教师": escort is Escort.STAFF,
            "陪同 急救": escort is Escort.AMBULANCE,
            "陪同 公安": escort is Escort.POLICE,
        }
        assert [section for section in chosen if not true[section]] == []
        assert (
            sum(section.startswith(("同意 ", "无同意 紧急", "无同意 联系", "无同意 不得")) for section in chosen) >= 1
        )
        assert sum(section.startswith("陪同") for section in chosen) == 1
    assert issued > 1000


def test_an_open_gate_has_consent_or_a_written_override() -> None:
    for guardian, student, born, override, *_, of in every_case():
        if of.gate.is_open:
            consented = guardian in AGREES and born is not None and (born == CHILD or student == "yes")
            assert consented or (override is not None and of.gate.override is override)


def _document() -> Document:
    return letter.blocks(VARIANTS["both-on-paper"], number=NUMBER)


def test_the_date_on_it_is_the_day_of_issue() -> None:
    assert "2026年11月20日" in sheet_words(_document().sheets[0])
    later = replace(VARIANTS["both-on-paper"], on=date(2026, 11, 23))
    assert "> 2026年11月23日" in words_of(letter.blocks(later, number=NUMBER))
