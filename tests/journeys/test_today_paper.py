"""The day on paper: one page, asked for whom before a byte leaves, and in the register afterwards."""

from PySide6.QtCore import Qt

from app.rooms.today import store
from app.ui.printing import PrintDialog
from app.vault.outgoing import ForWhom
from tests.documents.reading import words_of
from tests.journeys import steps
from tests.journeys.hands import WRITING


def test_the_day_is_one_page_for_somebody_and_for_something(start, hands, furnished, clock):
    house = start()
    steps.unlock(hands, furnished.password)
    hands.press("打印一页备用")
    hands.find("收件人", WRITING)
    dialog = hands.front()
    assert isinstance(dialog, PrintDialog)
    (page,) = words_of(dialog.pdf)
    assert "再次与监护人沟通" in page
    assert "第1页/共1页" in "".join(page.split())
    hands.key(Qt.Key.Key_Escape)
    store.log(house.desk.vault, ForWhom("自己", "电脑检修"))
    hands.press("查阅登记")
    hands.wait(lambda: any(store.TITLE in " ".join(row) for row in hands.rows("查阅登记")), "the print in the register")
    (row,) = [row for row in hands.rows("查阅登记") if store.TITLE in " ".join(row)]
    assert row[-2:] == ["自己", "电脑检修"]
