"""Another language: what the one script collects, and that a translation changes a button, a Problem's sentence and a choice."""

import ast
import importlib.util
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from app.rooms.referrals.choices import Advice
from app.rooms.students.choices import ConsentDecision
from app.rooms.students.classlist.reading import NotATable
from app.ui import language
from app.ui.fields import ChoiceField
from app.ui.notice import Message, Notice
from tests.ui.test_habits import CHINESE, HOUSE, LOOKED_UP, PAGES, UI, _name

SCRIPT = Path(__file__).resolve().parents[2] / "resources/translations/collect.py"


@pytest.fixture(scope="module")
def collect():
    spec = importlib.util.spec_from_file_location("collect", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["collect"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["collect"]


@pytest.fixture(scope="module")
def words(collect):
    return collect.collect()


@pytest.fixture
def speaking(dressed):
    """The application, with its language as before when the test is over."""
    before = set(dressed.findChildren(QTranslator))
    yield dressed
    for translator in set(dressed.findChildren(QTranslator)) - before:
        dressed.removeTranslator(translator)
    QLocale.setDefault(QLocale(language.CHINESE))


def fill(path, translations):
    """As a translator does: write the words beside their sources."""
    text = path.read_text(encoding="utf-8")
    for source, target in translations.items():
        mark = f'<source>{source}</source>\n   <translation type="unfinished" />'
        assert mark in text, source
        text = text.replace(mark, f"<source>{source}</source>\n   <translation>{target}</translation>")
    path.write_text(text, encoding="utf-8")


def test_every_word_the_screen_looks_up_is_collected(words):
    known = set().union(*words.values())
    for path in [*UI, *HOUSE, *PAGES]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call) in LOOKED_UP:
                said = {c.value for c in ast.walk(call) if isinstance(c, ast.Constant) and isinstance(c.value, str)}
                assert {one for one in said if CHINESE.search(one)} <= known, f"{path.name} {call.lineno}"
    assert all(words), "every word stands under the class that looks it up"


def test_the_sentences_of_problems_and_the_labels_of_choices_are_collected(words):
    problem = NotATable()
    assert {problem.sentence_template, problem.next_template} <= words["Problem"]
    assert words["Advice"] == {advice.label for advice in Advice}


def test_a_translation_changes_buttons_problems_and_choices(collect, words, speaking, qtbot, tmp_path):
    path = tmp_path / "jingshi_en.ts"
    collect.write(path, "en", words)
    problem = NotATable()
    choice = ConsentDecision.PARTIAL.label
    fill(path, {"取消": "Cancel", problem.sentence_template: "This is no table.", choice: "In part"})
    collect.release(path)

    language.load(speaking, "en", tmp_path)

    window = QWidget()
    qtbot.addWidget(window)
    notice = Notice(window)
    notice.ask("?", "", "!", window.close)
    assert "Cancel" in [one.text() for one in window.findChildren(QPushButton)]
    notice.tell(problem)
    said = [label.text() for message in window.findChildren(Message) for label in message.findChildren(QLabel)]
    assert "This is no table." in said
    assert problem.next_step in said, "what is not translated stays Chinese"
    field = ChoiceField("", ConsentDecision)
    qtbot.addWidget(field)
    assert "In part" in [field.box.itemText(at) for at in range(field.box.count())]


def test_what_was_translated_stays_when_the_words_are_collected_again(collect, words, tmp_path):
    path = tmp_path / "jingshi_en.ts"
    collect.write(path, "en", words)
    fill(path, {"取消": "Cancel"})
    fewer = {context: said for context, said in words.items() if context != "Notice"}
    collect.write(path, "en", fewer)

    kept = {key: target for key, target in collect.translated(path).items() if target}
    assert kept
    assert {(source, target) for (_, source), target in kept.items()} == {("取消", "Cancel")}
    assert ("Notice", "取消") not in kept, "what is said no more goes"


def test_a_language_that_is_not_there_is_chinese(speaking, qtbot, tmp_path):
    language.load(speaking, "en", tmp_path)

    assert QLocale().language() == QLocale.Language.Chinese
    assert language.label_of(ConsentDecision.PARTIAL) == ConsentDecision.PARTIAL.label
