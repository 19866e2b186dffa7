"""Labelled fields: each gives and takes its value as text, so that any form can be kept while it is being typed."""

from app.ui.fields.chips import ChipRow, ChipsField, ScoreField
from app.ui.fields.days import DateField, TimeField, read_day, read_time
from app.ui.fields.field import Box, CheckField, ChoiceField, Field, LineField, TextField
from app.ui.fields.options import Options, OptionsField

__all__ = [
    "Box",
    "CheckField",
    "ChipRow",
    "ChipsField",
    "ChoiceField",
    "DateField",
    "Field",
    "LineField",
    "Options",
    "OptionsField",
    "ScoreField",
    "TextField",
    "TimeField",
    "read_day",
    "read_time",
]
