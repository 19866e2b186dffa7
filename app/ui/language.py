"""The language of the toolkit's own words: the file dialog, the print dialog and the editing menus speak Chinese too."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

CHINESE = QLocale(QLocale.Language.Chinese, QLocale.Country.China)


def load(application: QApplication) -> None:
    """Speak Chinese whatever the PC's language is. Raises RuntimeError when Qt's own translation is missing."""
    QLocale.setDefault(CHINESE)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load("qtbase_zh_CN", folder):
        raise RuntimeError("the toolkit's Chinese translation could not be loaded")
    application.installTranslator(translator)
