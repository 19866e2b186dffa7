"""To whom and why: what is offered, and that choosing is as good as typing."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.ui.forwhom import ForWhomFields, SuggestField
from app.vault import outgoing
from app.vault.outgoing import ForWhom
from app.vault.trail import Act
from app.vault.vault import Vault


def offered(field: SuggestField) -> list[str]:
    return [action.text() for action in menu(field).actions()]


def menu(field: SuggestField) -> QMenu:
    field.choose_button.click()
    found = field.findChildren(QMenu)[-1]
    assert found.isVisible()
    return found


def test_what_was_answered_before_is_offered_first(dressed: QApplication, vault: Vault, qtbot: QtBot) -> None:
    for answer in (ForWhom("区心理中心", "个案会商"), ForWhom("监护人", "复诊 & 请假")):
        with vault.write("导出名册问题行") as session:
            outgoing.send(vault, session, Act.EXPORT, "名册问题行", answer)
    window = QWidget()
    qtbot.addWidget(window)
    fields = ForWhomFields(vault)
    fields.setParent(window)
    window.show()
    assert offered(fields.to_whom)[:3] == ["监护人", "区心理中心", "学生本人"]
    first = menu(fields.purpose)
    assert [action.text() for action in first.actions()][:2] == ["复诊 && 请假", "个案会商"]
    assert fields.answer() is None
    first.actions()[0].trigger()
    menu(fields.to_whom).actions()[1].trigger()
    assert fields.answer() == ForWhom("区心理中心", "复诊 & 请假")


def test_in_a_new_vault_the_usual_ones_are_offered(dressed: QApplication, vault: Vault, qtbot: QtBot) -> None:
    fields = ForWhomFields(vault)
    qtbot.addWidget(fields)
    fields.show()
    assert offered(fields.to_whom)[:2] == ["监护人", "学生本人"]
    assert offered(fields.purpose)[:2] == ["转介就诊", "签字确认"]
