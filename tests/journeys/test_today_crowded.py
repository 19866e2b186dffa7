"""A day with more to do than the page shows: the first lines, and the list of all."""

from datetime import timedelta

from sqlalchemy import select

from app.rooms.school.record import Heading
from app.rooms.students.choices import ConsentDecision, ConsentMethod, ConsentType, SignerRole
from app.rooms.students.record import Consent, Student
from tests.journeys import steps

MANY = 30


def owed(vault, clock):
    """So many signatures owed by telephone, one a day."""
    with vault.write("试") as session:
        ids = session.scalars(select(Student.id).where(Student.deleted_at.is_(None))).all()
        for at in range(MANY):
            consent = Consent(
                student_id=ids[at % len(ids)],
                type=ConsentType.GROUP,
                decision=ConsentDecision.AGREED,
                signer_role=SignerRole.GUARDIAN,
                signer_name="家长",
                method=ConsentMethod.PHONE,
                signed_at=clock.today() - timedelta(days=60 + at),
            )
            session.add(consent)


def test_the_first_lines_lead_to_the_list_of_all_and_from_there_to_each(start, hands, furnished, clock):
    house = start()
    steps.unlock(hands, furnished.password)
    owed(house.desk.vault, clock)
    hands.reads(f"{MANY} 件逾期")
    page = house.desk.window.page()
    shown = sum(card.isVisible() and len(card.rows) for card in page.under.values())
    assert shown < 20
    hands.press(page.under[Heading.DEADLINE].all_button.accessibleName())
    rows = hands.rows("到期与逾期")
    assert len(rows) > MANY
    assert rows[0][0] == "逾期 82 天", "the latest first"
    hands.open_row("到期与逾期", "逾期 82 天")
    hands.find("保存知情同意")
    hands.press("返回")
    house.desk.window.page().table.view.selectRow(0)
    hands.press("推后")
    hands.fill("推后到", (clock.today() + timedelta(days=1)).isoformat())
    hands.fill("推后的原因", "家长明天到校")
    hands.press("确认推后")
    hands.wait(lambda: hands.rows("到期与逾期")[0][0] == "逾期 81 天", "the line to be put off")
