"""Dressed windows: the bundled fonts and the light theme, as the counsellor sees them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.ui import fonts, theme


@pytest.fixture(scope="session")
def bundled_fonts(qapp: QApplication) -> QApplication:
    fonts.load(qapp)
    return qapp


@pytest.fixture
def dressed(bundled_fonts: QApplication) -> Iterator[QApplication]:
    """The application with fonts and the light theme."""
    theme.apply(bundled_fonts, theme.LIGHT)
    yield bundled_fonts
    theme.apply(bundled_fonts, theme.LIGHT)
