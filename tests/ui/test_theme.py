"""The look: readable in both themes, the same on every PC, nothing left over in the style sheet."""

import re
from dataclasses import asdict

import pytest
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QCheckBox, QLabel

from app.resources import resource
from app.ui import theme
from app.ui.cards import tag
from app.ui.icons import pixmap
from app.ui.theme import DARK, LIGHT, Tokens

TONES = ("accent", "red", "amber", "yellow", "blue", "plum", "green")
ON_EVERY_GROUND = ("ink", "ink2", "ink3", *TONES)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(tokens: Tokens) -> list[tuple[str, str]]:
    """Every (text, ground) in use: the inks on every ground, and what one rule of the style sheet sets on another."""
    found = [(text, ground) for text in ON_EVERY_GROUND for ground in ("paper", "card")]
    found += [(tone, f"{tone}_soft") for tone in TONES]
    found += [("ink", "side"), ("ink2", "side"), ("ink3", "side"), ("accent", "side"), ("accent_on", "accent")]
    found += [("ink", "accent_soft"), ("ink2", "accent_soft")]
    sheet = resource("theme", "theme.qss").read_text(encoding="utf-8")
    for rule in re.findall(r"\{(.*?)\}", sheet, re.DOTALL):
        ground, text = re.search(r"background: @(\w+)", rule), re.search(r"(?<![-\w])color: @(\w+)", rule)
        if ground and text:
            found.append((text[1], ground[1]))
    return found


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground_it_stands_on(tokens):
    poor = {
        (text, ground): round(contrast(getattr(tokens, text), getattr(tokens, ground)), 2)
        for text, ground in pairs(tokens)
        if contrast(getattr(tokens, text), getattr(tokens, ground)) < 4.5
    }

    assert poor == {}


def test_the_measure_of_contrast_is_the_known_one():
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_has_no_unfilled_place_and_only_the_themes_colours(tokens):
    sheet = theme.style_sheet(tokens, 1.25)

    assert "@" not in sheet.split("*/", 1)[1]
    assert set(re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)) <= set(asdict(tokens).values())


@pytest.mark.parametrize(("tokens", "mode"), [(LIGHT, "light"), (DARK, "dark")])
def test_the_marks_named_by_the_style_sheet_are_there_in_the_themes_colours(tokens, mode):
    files = re.findall(r"url\(([^)]+)\)", theme.style_sheet(tokens))

    assert len(files) > 5
    for file in files:
        assert file.endswith(f"-{mode}.svg")
        drawn = set(re.findall(r"#[0-9A-F]{6}", resource("theme", file.rsplit("/", 1)[1]).read_text()))
        assert drawn <= {tokens.ink2, tokens.accent_on}


def test_text_size_follows_the_counsellors_wish(dressed, qtbot):
    label = QLabel("情绪自评")
    qtbot.addWidget(label)
    label.show()
    small = label.sizeHint().height()

    theme.apply(dressed, LIGHT, 1.5)
    label.ensurePolished()

    assert QFontInfo(label.font()).pixelSize() == 21
    assert label.sizeHint().height() > small


def test_a_tag_is_drawn_in_the_colours_of_its_tone_in_both_themes(dressed, qtbot):
    for tokens in (LIGHT, DARK):
        theme.apply(dressed, tokens)
        made = tag("一级", "red")
        qtbot.addWidget(made)
        made.show()
        picture = made.grab().toImage()

        assert picture.pixelColor(4, picture.height() // 2) == QColor(tokens.red_soft)


def test_the_bundled_font_is_the_one_used_even_for_rare_characters(dressed, qtbot):
    label = QLabel("程辰𠮷")
    qtbot.addWidget(label)
    label.show()

    assert QFontInfo(label.font()).family() == "Noto Sans SC"


def test_the_palette_agrees_with_the_sheet_so_that_what_no_rule_names_is_readable_too(dressed):
    theme.apply(dressed, DARK)

    assert dressed.palette().color(QPalette.ColorRole.Window) == QColor(DARK.paper)
    assert dressed.palette().color(QPalette.ColorRole.PlaceholderText) == QColor(DARK.ink3)


def test_a_ticked_box_shows_its_tick(dressed, qtbot):
    box = QCheckBox("量表总分")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.show()
    picture = box.grab().toImage()
    colours = {picture.pixelColor(x, y).name().upper() for x in range(2, 16) for y in range(picture.height())}

    assert LIGHT.accent in colours
    assert LIGHT.accent_on in colours


def test_an_icon_is_drawn_in_the_colour_asked_for(dressed):
    drawn = pixmap("lock", "#A93E32").toImage()
    seen = {drawn.pixelColor(x, y).name() for x in range(drawn.width()) for y in range(drawn.height())
            if drawn.pixelColor(x, y).alpha() == 255}  # fmt: skip

    assert seen == {"#a93e32"}
