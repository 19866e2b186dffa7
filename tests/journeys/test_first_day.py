"""The first day: from a PC that has never seen the program to a signed letter on paper, with mouse and keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from app.house.house import House
from tests.journeys import steps
from tests.journeys.conftest import Pc
from tests.journeys.hands import Hands


def test_from_first_run_to_paper(start: Callable[[], House], hands: Hands, pc: Pc) -> None:
    start()
    secrets = steps.first_run(hands, pc.home / "静室档案")
    steps.add_student(hands, "026010001", "沈梦溪")
    steps.add_guardian(hands, "沈国平", "13800002222")
    steps.open_case(hands)
    steps.write_note(hands)
    steps.sign_note(hands)
    steps.begin_referral(hands)
    hands.press("登记同意")
    steps.consent(hands, "沈国平、沈梦溪")
    hands.press("返回转介单")
    hands.press("签发并打印")
    hands.fill("签署口令", secrets.password)
    hands.press("确认签署")
    hands.find("打印", QPushButton)
    hands.reads("未改动")
    print(hands._told())
    raise AssertionError
