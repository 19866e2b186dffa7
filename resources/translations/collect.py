"""Collects every word the screen can translate into jingshi_<language>.ts, keeps what is translated there, and makes the .qm.

``make strings`` makes or renews the English file; ``make strings LANGUAGE=de`` begins another. Translate with any .ts editor
and run it again. app/ui/language.py loads the .qm when the start (app/house/start.py) asks for that language; nobody can
choose one yet, because none is translated. Not collected: what the rooms put together without the screen (the lines of a
file, what a gate finds missing), the class list's reasons, and letters (resources/letters/), which stay Chinese: why, stands
in docs/decisions/translating.md.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as Xml
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
APP = HERE.parents[1] / "app"
CHINESE = re.compile(r"[\u3400-\u9fff]")
HOUSE = "app.house.words"
"""Whose ``tr`` says the words of the list of rooms."""
PROBLEM = "Problem"
"""The context of every Problem's sentences, of the class itself and of those made from it."""
HEALTH = ("answer", "anywhere", "linux", "looking", "mac", "windows")
WHOLE = {"verifying": "Verdict", "chain": "Chain", **dict.fromkeys(HEALTH, "Health")}
"""The modules all of whose words are looked up under one name: what a verification says, and the reads of 环境体检."""

Words = dict[str, set[str]]
"""The Chinese words by context."""


def collect(folder: Path = APP) -> Words:
    """Every word under the folder: tr() by its class, Problem sentences, the labels of each Choice, a verdict's reasons."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    problems, choices = _made_from(classes, PROBLEM), _made_from(classes, "Choice")
    found: Words = {}
    for path, tree in trees.items():
        reader = _Reader(tree, problems, choices, WHOLE.get(path.stem, ""))
        for context, words in reader.read():
            if CHINESE.search(words):
                found.setdefault(context, set()).add(words)
    return found


def _made_from(classes: list[ast.ClassDef], first: str) -> set[str]:
    made = {first}
    while more := {c.name for c in classes if c.name not in made and {ast.unparse(b) for b in c.bases} & made}:
        made |= more
    return made


class _Reader:
    """Reads one module. ``whole`` is the context of a module all of whose words are looked up under one name."""

    def __init__(self, tree: ast.Module, problems: set[str], choices: set[str], whole: str) -> None:
        self._tree, self._problems, self._choices, self._whole = tree, problems, choices, whole
        self._constants: dict[str, ast.expr] = {}
        self._own_tr = ""
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self._constants[node.targets[0].id] = node.value
            if isinstance(node, ast.ImportFrom) and node.module == HOUSE:
                self._own_tr = "House"
            if isinstance(node, ast.FunctionDef) and node.name == "_tr":
                self._own_tr = next(_text(c.args[0]) for c in _calls(node) if _name(c) == "translate")

    def read(self) -> Iterator[tuple[str, str]]:
        if self._whole:
            yield from ((self._whole, words) for words in self._literals(self._tree))
        for node in self._tree.body:
            yield from self._in(node, "")

    def _in(self, node: ast.AST, owner: str) -> Iterator[tuple[str, str]]:
        if isinstance(node, ast.ClassDef):
            owner = node.name
            if owner in self._problems:
                yield from ((PROBLEM, words) for words in self._literals(node))
            if owner in self._choices:
                yield from ((owner, words) for words in _labels(node))
        elif isinstance(node, ast.FunctionDef):
            owner = owner or _class_of_receiver(node)
        elif isinstance(node, ast.Call):
            yield from self._said(node, owner)
        for child in ast.iter_child_nodes(node):
            yield from self._in(child, owner)

    def _said(self, call: ast.Call, owner: str) -> Iterator[tuple[str, str]]:
        name, given = _name(call), call.args
        if name in ("tr", "_tr") and given:
            context = self._own_tr if isinstance(call.func, ast.Name) else owner
            yield from ((context, words) for words in self._literals(given[0]))
        elif name in ("translate", "QT_TRANSLATE_NOOP") and len(given) == 2:
            yield from ((_text(given[0]), words) for words in self._literals(given[1]))
        elif name in self._problems:
            told = [*given, *(k.value for k in call.keywords if k.arg in ("sentence", "next_step"))]
            yield from ((PROBLEM, words) for part in told for words in self._literals(part))

    def _literals(self, node: ast.AST) -> Iterator[str]:
        """The texts written in an expression, those of the module's constants it names too; no docstring, no part of an f-string."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name) and node.id in self._constants:
            yield from self._literals(self._constants[node.id])
        elif not isinstance(node, ast.JoinedStr):
            for child in ast.iter_child_nodes(node):
                if not (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
                    yield from self._literals(child)


def _labels(choice: ast.ClassDef) -> Iterator[str]:
    for node in choice.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            yield _text(node.value.elts[1])


def _class_of_receiver(function: ast.FunctionDef) -> str:
    """``notice`` in ``def install(notice: Notice)``: a function outside a class translates by the class of what it is given."""
    first = function.args.args[0].annotation if function.args.args else None
    return ast.unparse(first) if first is not None else ""


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (inside for inside in ast.walk(node) if isinstance(inside, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def translated(path: Path) -> dict[tuple[str, str], str]:
    """What a .ts holds, by context and source; nothing where there is none."""
    if not path.exists():
        return {}
    return {
        (context.findtext("name", ""), message.findtext("source", "")): message.findtext("translation", "")
        for context in Xml.parse(path).iter("context")  # noqa: S314 - the translator's own file
        for message in context.iter("message")
    }


def write(path: Path, language: str, words: Words) -> None:
    """Write the .ts; what was translated in it and is still said stays."""
    before = translated(path)
    root = Xml.Element("TS", version="2.1", language=language, sourcelanguage="zh_CN")
    for name in sorted(words):
        context = Xml.SubElement(root, "context")
        Xml.SubElement(context, "name").text = name
        for source in sorted(words[name]):
            message = Xml.SubElement(context, "message")
            Xml.SubElement(message, "source").text = source
            target = Xml.SubElement(message, "translation")
            target.text = before.get((name, source), "")
            if not target.text:
                target.set("type", "unfinished")
    Xml.indent(root, " ")
    path.write_bytes(b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n' + Xml.tostring(root, "utf-8") + b"\n")


def release(path: Path) -> Path:
    """Make the .qm the program loads from a .ts."""
    made = path.with_suffix(".qm")
    tool = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([tool, "-silent", path, "-qm", made], check=True)
    return made


def main(language: str) -> None:
    """Renew one language's files."""
    path = HERE / f"jingshi_{language}.ts"
    words = collect()
    write(path, language, words)
    release(path)
    wanted = sum(map(len, words.values()))
    print(f"{path.name}: {sum(map(bool, translated(path).values()))} of {wanted} translated")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "en")
