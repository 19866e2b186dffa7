"""Grades and classes in words that no rule reads: each kind of words once, with the grade and class she says they are."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.rooms.school.record import grade_name
from app.rooms.students.classlist.answers import Answer, Asked
from app.rooms.students.classlist.places import MOST_CLASSES
from app.rooms.students.roster import Preview
from app.ui.cards import ElidedLabel, clear, text

GRADES = range(1, 13)


class PlacesPanel(QWidget):
    """``answers`` is what the boxes say; ``corrected`` tells that one of them was answered anew."""

    corrected = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, Answer] = {}
        self._boxes: dict[str, tuple[QComboBox, QComboBox | None]] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 4, 16, 14)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setObjectName("oncard")
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, 8, 0)
        area.setWidget(inside)
        outer.addWidget(area)

    def show_preview(self, shown: Preview) -> None:
        """Show every kind of words, the answered ones too; the same boxes stay, and with them the keyboard's place."""
        self.answers = dict(shown.mapping.answers)
        if [one.words for one in shown.asked] != list(self._boxes):
            self._build(shown.asked)
        for one in shown.asked:
            grades, classes = self._boxes[one.words]
            answer = self.answers.get(one.words, Answer(one.read_as))
            grades.setCurrentIndex(grades.findData(answer.grade))
            if classes is not None:
                classes.setCurrentIndex(classes.findData(answer.class_no))

    def _build(self, asked: tuple[Asked, ...]) -> None:
        self._boxes.clear()
        clear(self._lines)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        for row, one in enumerate(asked):
            words = self.tr("「{words}」").format(words=one.words) if one.words else self.tr("没有写年级的行")
            grid.addWidget(ElidedLabel(words, "strong"), row, 0)
            grid.addWidget(text(self.tr("{n} 行").format(n=f"{one.rows:,}"), "hint"), row, 1)
            grades = self._grades(one, words)
            classes = self._classes(words) if one.wants_class else None
            for at, box in enumerate(filter(None, (grades, classes)), 2):
                box.activated.connect(partial(self._correct, one.words))
                grid.addWidget(box, row, at)
            self._boxes[one.words] = grades, classes
        self._lines.addWidget(holder)
        self._lines.addStretch(1)
        holder.show()

    def _grades(self, one: Asked, words: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("{words}是哪个年级").format(words=words))
        box.addItem(self.tr("年级按名单") if one.wants_class else self.tr("选择年级"), None)
        for grade in GRADES:
            box.addItem(grade_name(grade), grade)
        return box

    def _classes(self, words: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("{words}是几班").format(words=words))
        box.addItem(self.tr("选择班号"), None)
        for class_no in range(1, MOST_CLASSES + 1):
            box.addItem(self.tr("{n} 班").format(n=class_no), class_no)
        return box

    def _correct(self, words: str, _index: int) -> None:
        grades, classes = self._boxes[words]
        answer = Answer(grades.currentData(), classes.currentData() if classes is not None else None)
        if answer == Answer(None):
            self.answers.pop(words, None)
        else:
            self.answers[words] = answer
        self.corrected.emit()
