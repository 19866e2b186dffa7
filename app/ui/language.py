"""The language of the screen: Chinese as written in the source, or another where its .qm is there; Qt's own words with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.errors import Problem
from app.resources import resource
from app.vault.choice import Choice

CHINESE = "zh_CN"


def load(application: QApplication, language: str = CHINESE, folder: Path | None = None) -> None:
    """Speak this language whatever the PC's is; Chinese where ``jingshi_<language>.qm`` is not in the folder of translations.

    Raises RuntimeError when Qt's own Chinese is missing.
    """
    words = QTranslator(application)
    if language != CHINESE and not words.load(f"jingshi_{language}", str(folder or resource("translations"))):
        language = CHINESE
    QLocale.setDefault(QLocale(language))
    toolkit = QTranslator(application)
    loaded = toolkit.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    if language == CHINESE and not loaded:
        raise RuntimeError("the toolkit's Chinese translation could not be loaded")
    application.installTranslator(toolkit)
    if language != CHINESE:
        application.installTranslator(words)


def label_of(choice: Choice | None) -> str:
    """A choice's label as the screen says it, nothing for none; on paper it stays as it is."""
    return QCoreApplication.translate(type(choice).__name__, choice.label) if choice is not None else ""


def translated(template: str, values: dict[str, object]) -> str:
    """A Problem's template in the interface's language, with its values filled in."""
    return QCoreApplication.translate("Problem", template).format(**values)


def sentence_of(problem: Problem) -> str:
    """What happened, as the screen says it."""
    return translated(problem.sentence_template, problem.values)


def told(problem: Problem) -> str:
    """What happened and what to do next, in one go."""
    return sentence_of(problem) + translated(problem.next_template, problem.values)
