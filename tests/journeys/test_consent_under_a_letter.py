"""A consent under an issued letter: it stays as it was, the page says which letter, and withdrawing is the way."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from app.rooms.referrals import store
from app.rooms.students import store as students
from app.ui.page import Route
from tests.journeys import steps


def test_it_is_withdrawn_not_changed(start, hands, furnished):
    house = start()
    steps.unlock(hands, furnished.password)
    letter, student = furnished.places["referral.read"]
    with house.desk.vault.read() as session:
        referral = store.get(session, letter)
        consent_id, number = int(referral.consent_ids[0]), referral.number
        before = students.consent(session, consent_id)
    house.go(Route("consent", consent_id, student))
    hands.reads(f"转介函{number}以这份同意为依据")
    assert not hands.find("决定", QComboBox).isEnabled()
    hands.press("移到回收站")
    hands.reads(f"已签发的转介函{number}以这份同意为依据，不能修改或移到回收站")
    hands.press("知道了")
    hands.press("今天撤回")
    hands.reads("已保存")
    with house.desk.vault.read() as session:
        after = students.consent(session, consent_id)
    assert (after.decision, after.signer_name, after.deleted_at) == (before.decision, before.signer_name, None)
    assert after.withdrawn_at == house.desk.vault.clock.today()
