"""The look: colours of the light and the dark theme, the palette, and the one style sheet made from them (shared tokens)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.resources import resource


@dataclass(frozen=True)
class Tokens:
    """Every colour in use, as #RRGGBB; a ``soft`` is the ground of a tag of its colour."""

    paper: str
    side: str
    card: str
    ink: str
    ink2: str
    ink3: str
    line: str
    accent: str
    accent_soft: str
    accent_on: str
    red: str
    red_soft: str
    amber: str
    amber_soft: str
    yellow: str
    yellow_soft: str
    blue: str
    blue_soft: str
    plum: str
    plum_soft: str
    green: str
    green_soft: str


LIGHT = Tokens(
    paper="#F6F4EF", side="#EFECE4", card="#FFFFFF",
    ink="#24302C", ink2="#4F5B55", ink3="#606C66", line="#E4E0D7",
    accent="#2F7263", accent_soft="#E2EFEA", accent_on="#FFFFFF",
    red="#A93E32", red_soft="#F8E7E3", amber="#8F5A0E", amber_soft="#FAF0DC",
    yellow="#6E6008", yellow_soft="#F7F3D6", blue="#37608F", blue_soft="#E6EDF6",
    plum="#76507F", plum_soft="#F1E8F3", green="#2F6B40", green_soft="#E5F1E7",
)  # fmt: skip
DARK = Tokens(
    paper="#1C2220", side="#181D1B", card="#242B28",
    ink="#E6EBE8", ink2="#A9B4AF", ink3="#95A19B", line="#353D39",
    accent="#6DB5A2", accent_soft="#20403A", accent_on="#10201B",
    red="#EE9A8F", red_soft="#46241F", amber="#E0B063", amber_soft="#42331A",
    yellow="#CFC05A", yellow_soft="#3A3716", blue="#8FB3E0", blue_soft="#1F3049",
    plum="#CBA3D6", plum_soft="#3B2942", green="#86C498", green_soft="#1F3A27",
)  # fmt: skip

_present = LIGHT
_scale = 1.0


def of(name: str) -> Tokens:
    """The tokens of a theme by its name in the settings: ``light`` or ``dark``."""
    return DARK if name == "dark" else LIGHT


def present() -> Tokens:
    """The tokens of the theme in use."""
    return _present


def scaled(pixels: int) -> int:
    """A length that follows the counsellor's text size: the height of a row, the width of a column of words."""
    return round(pixels * _scale)


def apply(application: QApplication, tokens: Tokens, scale: float = 1.0) -> None:
    """Dress the whole application; ``scale`` is the counsellor's text size, 1.0 for 14 px."""
    global _present, _scale
    _present, _scale = tokens, scale
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(_palette(tokens))
    application.setStyleSheet(style_sheet(tokens, scale))


def change(application: QApplication, tokens: Tokens, scale: float) -> bool:
    """Dress the application otherwise than before; False where that is how it is dressed."""
    if (tokens, scale) == (_present, _scale):
        return False
    apply(application, tokens, scale)
    return True


def style_sheet(tokens: Tokens, scale: float = 1.0) -> str:
    """resources/theme/theme.qss with its colours and sizes filled in."""
    sheet = resource("theme", "theme.qss").read_text(encoding="utf-8")
    for name in (field.name for field in fields(Tokens)):
        sheet = re.sub(rf"@{name}\b", getattr(tokens, name), sheet)
    for size in (11, 12, 13, 14, 15, 16, 20, 30):
        sheet = sheet.replace(f"@{size}px", f"{round(size * scale)}px")
    return sheet.replace("@marks", resource("theme").as_posix()).replace("@mode", _mode(tokens))


def _mode(tokens: Tokens) -> str:
    """The name of the set of marks (ticks, arrows) in resources/theme that a style sheet can only name as files."""
    return "dark" if tokens is DARK else "light"


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.paper,
        QPalette.ColorRole.WindowText: tokens.ink,
        QPalette.ColorRole.Base: tokens.card,
        QPalette.ColorRole.AlternateBase: tokens.paper,
        QPalette.ColorRole.Text: tokens.ink,
        QPalette.ColorRole.PlaceholderText: tokens.ink3,
        QPalette.ColorRole.Button: tokens.card,
        QPalette.ColorRole.ButtonText: tokens.ink,
        QPalette.ColorRole.ToolTipBase: tokens.card,
        QPalette.ColorRole.ToolTipText: tokens.ink,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.accent_on,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.Light: tokens.card,
        QPalette.ColorRole.Midlight: tokens.line,
        QPalette.ColorRole.Mid: tokens.line,
        QPalette.ColorRole.Dark: tokens.line,
        QPalette.ColorRole.Shadow: tokens.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.ink3))
    return palette
