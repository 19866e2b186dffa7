"""The screen side's habits, read from its source: words through tr(), no lambda in connect, no dialog that is executed."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UI = sorted((ROOT / "app/ui").rglob("*.py"))
HOUSE = sorted((ROOT / "app/house").glob("*.py"))
PAGES = sorted([*(ROOT / "app/rooms").glob("*/page/*.py"), *(ROOT / "app/rooms").glob("*/page.py")])
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LOOKED_UP = {"tr", "_tr", "translate"}
CARRIERS = LOOKED_UP | {
    "Problem",
    "write",
    "send",  # what went out, as it is kept in the vault
    "__init__",
    "fullmatch",
    "compile",
    "setApplicationName",
    "_act",
    "_carry_out",
}
"""Calls whose words are looked up when they are shown, or never are: a Problem's template, the trail's fixed words, a pattern."""
DATA = {"静室档案", "国"}
"""Words that are no words of the interface: the name of a folder, the measure of a character."""


def lines_of(source: str, rule) -> list[int]:
    return sorted({node.lineno for node in rule(ast.parse(source))})


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def lambdas_in_connect(tree: ast.AST):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) == "connect":
            yield from (argument for argument in call.args if isinstance(argument, ast.Lambda))


def executed(tree: ast.AST):
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and _name(call) in (
            "exec",
            "exec_",
            "getOpenFileName",
            "getSaveFileName",
            "getExistingDirectory",
        ):
            yield call


def message_boxes(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in ("QMessageBox", "QInputDialog"):
            yield node


def words_past_tr(tree: ast.AST):
    """Chinese words that no translator would find: outside tr(), and no choice's label."""
    free = {id(inside) for node in ast.walk(tree) for inside in _carried(node)}
    for node in ast.walk(tree):
        words = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if CHINESE.search(words) and id(node) not in free and words not in DATA:
            yield node


def looked_up_unseen(tree: ast.AST):
    """Words looked up by a variable's name: resources/translations/collect.py cannot know them."""
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or _name(call) not in ("tr", "_tr"):
            continue
        if not any(isinstance(inside, ast.Constant) for inside in ast.walk(call.args[0])):
            yield call


def _carried(node: ast.AST):
    if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Choice" for base in node.bases):
        yield from ast.walk(node)
    if isinstance(node, ast.Call) and _name(node) in CARRIERS:
        yield from ast.walk(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value  # a docstring


@pytest.mark.parametrize("path", [*UI, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_slots_are_named_and_dialogs_are_opened_by_one_door(path):
    source = path.read_text(encoding="utf-8")

    assert lines_of(source, lambdas_in_connect) == []
    assert lines_of(source, executed) == []
    assert lines_of(source, message_boxes) == []


@pytest.mark.parametrize("path", [*UI, *HOUSE, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_words_of_the_screen_can_be_translated(path):
    source = path.read_text(encoding="utf-8")

    assert lines_of(source, words_past_tr) == []
    assert lines_of(source, looked_up_unseen) == []


@pytest.mark.parametrize("path", [*UI, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_the_screen_names_no_illness(path):
    source = path.read_text(encoding="utf-8")

    assert not re.search("确诊|患有", source)


def test_the_rules_see_what_they_forbid():
    source = '''
"""首行"""
button.clicked.connect(lambda: None)
dialog.exec()
QMessageBox.information(None, "", "")
label = QLabel("姓名")
label = QLabel(self.tr("姓名"))
label = QLabel(self.tr(words))
'''
    assert lines_of(source, lambdas_in_connect) == [3]
    assert lines_of(source, executed) == [4]
    assert lines_of(source, message_boxes) == [5]
    assert lines_of(source, words_past_tr) == [6]
    assert lines_of(source, looked_up_unseen) == [8]
