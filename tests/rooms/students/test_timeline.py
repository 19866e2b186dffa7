"""The timeline's lines: as tall as their words at any width."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from app.rooms.students.page.timeline import Timeline
from app.rooms.students.record import Line
from tests.ui.conftest import bundled_fonts, dressed  # noqa: F401

WORDS = "近两周上课走神，作业拖到深夜，睡眠不足六小时；与同桌争执后不想回教室，2026-11-16 起每天如此。"
TEXTS = [WORDS[:at] for at in range(1, len(WORDS) + 1)]


@pytest.mark.parametrize("width", range(360, 900, 30))
def test_a_line_is_as_tall_as_its_words(dressed: QApplication, width: int) -> None:  # noqa: F811
    view = Timeline("时间线", datetime(2026, 11, 20, 10, 0))
    view.resize(width, 400)
    lines = [
        Line(at=date(2026, 11, 20) - timedelta(days=at), kind="note", record_id=at, title="会谈", text=words)
        for at, words in enumerate(TEXTS)
    ]
    view.show_lines(lines)
    metrics = QFontMetrics(view.font())
    room = view.viewport().width() - 2 * 16 - 92 - 28
    for at, words in enumerate(TEXTS):
        taken = metrics.boundingRect(QRect(0, 0, room, 9999), Qt.TextFlag.TextWordWrap, words).height()
        rows = min(3, round(taken / metrics.lineSpacing()))
        assert view.sizeHintForRow(at) == 22 + metrics.lineSpacing() * (1 + rows), words
