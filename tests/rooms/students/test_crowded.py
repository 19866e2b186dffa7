"""A big school and a full file: forty classes in the filter, guardians with long names and several telephones, every group at once."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from app.rooms.students import store
from app.rooms.students.choices import Relation, SpecialGroup
from app.rooms.students.page.beside import AboutCard, GuardiansCard
from app.rooms.students.page.list import StudentsPage
from app.rooms.students.record import Guardian, Student
from app.vault.vault import Vault
from tests.ui.asking import named, words_of
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401
from tests.ui.widths import too_wide

CLASSES = [(grade, class_no) for grade in (7, 8, 9, 10) for class_no in range(1, 11)]
LONG = "阿卜杜勒拉赫曼·买买提艾力江·吐尔逊"


def test_forty_classes_scroll_in_the_filter(dressed: QApplication, vault: Vault, qtbot: QtBot) -> None:  # noqa: F811
    with vault.write("试") as session:
        for at, (grade, class_no) in enumerate(CLASSES):
            store.add(session, Student(student_no=f"{at:05}", name="甲", grade=grade, class_no=class_no))
    page = StudentsPage(vault)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.reload()
    page.show()
    box = named(page, "班级", QComboBox)
    assert box.count() == 1 + 4 + len(CLASSES)
    box.showPopup()
    qtbot.waitUntil(box.view().isVisible)
    row = box.view().sizeHintForRow(0)
    assert box.view().height() <= 12 * row + 20
    assert box.view().verticalScrollBar().maximum() > 0
    box.hidePopup()


@pytest.mark.parametrize("width", [300, 420])
def test_long_names_and_every_group_are_not_cut_off(dressed: QApplication, width: int, qtbot: QtBot) -> None:  # noqa: F811
    carers = [
        Guardian(
            student_id=1,
            name=LONG,
            relation=relation,
            phone="13800012716",
            phone2="0517-83881234",
            is_entrusted_carer=True,
        )
        for relation in Relation
    ]
    for at, carer in enumerate(carers):
        carer.id = at
    guardians, about = GuardiansCard(), AboutCard()
    student = Student(student_no="01", name=LONG, grade=7, class_no=1, note="周末回镇上住；" * 20)
    student.special_groups = [group.value for group in SpecialGroup]
    for card in (guardians, about):
        qtbot.addWidget(card)
        card.resize(width, 400)
    guardians.show_guardians(carers)
    about.show_student(student)
    for card in (guardians, about):
        card.show()
        QApplication.processEvents()
        assert too_wide(card) == []
    assert words_of(guardians).count("138****2716 · 受委托照护人") == len(carers)
    for group in SpecialGroup:
        assert group.label in words_of(about)
