"""Every import contract is broken on purpose in a copy of the tree and must be reported: a rule that matches nothing is kept in silence."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
LINE = re.compile(r"^(?P<name>.+) (?P<outcome>KEPT|BROKEN)(?: |$)")

# contract -> breaks: (module of the copy, the import written into it, the words the report must say)
HOUSE = "The house stands: main, house, rooms, ui or documents, vault, ground"
FLOORS = "The floors of the rooms"
FOUR_NAMES = "In a room: record, store, letter, page"
PAGES = "A page is opened by the house alone"
QT = "Qt stays on the screen side"
SCREEN_OFF = "Records, stores and letters run with the screen off"
CIPHER = "One package, one place: the cipher"
PAPER = "One package, one place: paper"

Break = tuple[str, str, str]
BREAKS: dict[str, list[Break]] = {
    HOUSE: [
        ("app/clock.py", "app.vault", "app.clock -> app.vault"),
        ("app/errors.py", "app.clock", "app.errors -> app.clock"),
        ("app/vault/broken.py", "app.documents", "app.vault.broken -> app.documents"),
        ("app/documents/broken.py", "app.ui", "app.documents.broken -> app.ui"),
        ("app/ui/broken.py", "app.documents", "app.ui.broken -> app.documents"),
        ("app/ui/broken_too.py", "app.rooms.students", "app.ui.broken_too -> app.rooms.students"),
        ("app/rooms/notes/store.py", "app.house", "app.rooms.notes.store -> app.house"),
        ("app/house/house.py", "app.demo", "app.house.house -> app.demo"),
        ("app/demo/making.py", "app.__main__", "app.demo.making -> app.__main__"),
        ("app/stray.py", "", "app.stray"),
    ],
    FLOORS: [
        ("app/rooms/school/store.py", "app.rooms.students.store", "app.rooms.school.store -> app.rooms.students.store"),
        ("app/rooms/students/store.py", "app.rooms.notes.store", "app.rooms.students.store -> app.rooms.notes.store"),
        ("app/rooms/notes/store.py", "app.rooms.groups.store", "app.rooms.notes.store -> app.rooms.groups.store"),
        ("app/rooms/contacts/store.py", "app.rooms.groups.store", "app.rooms.contacts.store -> app.rooms.groups.store"),
        ("app/rooms/groups/store.py", "app.rooms.focus.store", "app.rooms.groups.store -> app.rooms.focus.store"),
        (
            "app/rooms/focus/store.py",
            "app.rooms.appointments.store",
            "app.rooms.focus.store -> app.rooms.appointments.store",
        ),
        ("app/rooms/appointments/store.py", "app.rooms.plans.store", "app.rooms.appointments.store -> app.rooms.plans"),
        ("app/rooms/plans/store.py", "app.rooms.referrals.store", "app.rooms.plans.store -> app.rooms.referrals.store"),
        (
            "app/rooms/referrals/store.py",
            "app.rooms.crisis.store",
            "app.rooms.referrals.store -> app.rooms.crisis.store",
        ),
        (
            "app/rooms/crisis/store.py",
            "app.rooms.screening.store",
            "app.rooms.crisis.store -> app.rooms.screening.store",
        ),
        (
            "app/rooms/screening/store.py",
            "app.rooms.conferences.store",
            "app.rooms.screening.store -> app.rooms.conferences.store",
        ),
        ("app/rooms/conferences/store.py", "app.rooms.today.store", "app.rooms.conferences.store -> app.rooms.today"),
        ("app/rooms/today/store.py", "app.rooms.handover.store", "app.rooms.today.store -> app.rooms.handover.store"),
        ("app/rooms/handover/store.py", "app.rooms.settings.store", "app.rooms.handover.store -> app.rooms.settings"),
        ("app/rooms/papers/store.py", "app.rooms.settings.store", "app.rooms.papers.store -> app.rooms.settings.store"),
        ("app/rooms/notes/store.py", "app.rooms.papers.store", "app.rooms.notes.store -> app.rooms.papers.store"),
        ("app/rooms/cellar/store.py", "", "app.rooms.cellar"),
    ],
    FOUR_NAMES: [
        ("app/rooms/students/record.py", "app.rooms.students.store", "students.record -> app.rooms.students.store"),
        ("app/rooms/notes/store.py", "app.rooms.notes.letter", "notes.store -> app.rooms.notes.letter"),
        ("app/rooms/referrals/letter.py", "app.rooms.referrals.page", "referrals.letter -> app.rooms.referrals.page"),
        ("app/rooms/crisis/record.py", "app.rooms.crisis.letter", "crisis.record -> app.rooms.crisis.letter"),
    ],
    PAGES: [
        ("app/rooms/referrals/page.py", "app.rooms.notes.page", "app.rooms.referrals.page -> app.rooms.notes.page"),
        ("app/rooms/notes/page.py", "app.rooms.students.page.file", "app.rooms.notes.page -> app.rooms.students.page"),
        ("app/ui/broken.py", "app.rooms.students.page.file", "app.ui.broken -> app.rooms.students.page.file"),
        ("app/demo/talks.py", "app.rooms.notes.page", "app.demo.talks -> app.rooms.notes.page"),
    ],
    QT: [
        ("app/clock.py", "PySide6.QtCore", "app.clock -> PySide6"),
        ("app/vault/broken.py", "PySide6.QtCore", "app.vault.broken -> PySide6"),
        ("app/documents/broken.py", "PySide6.QtGui", "app.documents.broken -> PySide6"),
        ("app/rooms/school/record.py", "PySide6.QtCore", "app.rooms.school.record -> PySide6"),
        ("app/rooms/students/roster.py", "PySide6.QtCore", "app.rooms.students.roster -> PySide6"),
        ("app/demo/making.py", "PySide6.QtWidgets", "app.demo.making -> PySide6"),
    ],
    SCREEN_OFF: [
        ("app/rooms/notes/record.py", "app.ui.broken", "app.rooms.notes.record -> app.ui.broken"),
        ("app/rooms/notes/store.py", "app.ui.broken", "app.rooms.notes.store -> app.ui.broken"),
        ("app/rooms/notes/letter.py", "app.ui.broken", "app.rooms.notes.letter -> app.ui.broken"),
        ("app/vault/broken.py", "app.ui.broken", "app.vault.broken -> app.ui.broken"),
        ("app/documents/broken.py", "app.ui.broken", "app.documents.broken -> app.ui.broken"),
        ("app/demo/making.py", "app.ui.broken", "app.demo.making -> app.ui.broken"),
        ("app/rooms/school/store.py", "app.rooms.school.words", "app.rooms.school.store -> app.rooms.school.words"),
        ("app/rooms/school/words.py", "app.ui.broken", "app.rooms.school.words -> app.ui.broken"),
    ],
    CIPHER: [
        ("app/rooms/students/store.py", "sqlcipher3.dbapi2", "app.rooms.students.store -> sqlcipher3"),
        ("app/documents/broken.py", "sqlcipher3", "app.documents.broken -> sqlcipher3"),
        ("app/__main__.py", "sqlcipher3", "app.__main__ -> sqlcipher3"),
    ],
    PAPER: [
        ("app/rooms/referrals/letter.py", "reportlab.platypus", "app.rooms.referrals.letter -> reportlab"),
        ("app/rooms/referrals/page.py", "pyhanko.sign", "app.rooms.referrals.page -> pyhanko"),
        ("app/vault/broken.py", "pyhanko.sign", "app.vault.broken -> pyhanko"),
    ],
}


def copied_tree(folder: Path) -> Path:
    """A copy of the program's code and its contracts."""
    shutil.copytree(TOP / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "pyproject.toml", folder)
    return folder


def write_import(tree: Path, module: str, imported: str) -> None:
    """Put one import into a module of the copy; whatever is missing on either side is made empty."""
    place = made(tree, module.removesuffix(".py").split("/"))
    if imported.startswith("app."):
        made(tree, imported.split("."))
    if imported:
        with place.open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")


def made(tree: Path, names: list[str]) -> Path:
    """The file of a module, made empty with its packages where it is missing; a page may be a module or a folder."""
    folder = tree
    for name in names[:-1]:
        folder /= name
        folder.with_suffix(".py").unlink(missing_ok=True)
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    package = folder / names[-1]
    path = package / "__init__.py" if package.is_dir() else package.with_suffix(".py")
    path.touch()
    return path


def lint(tree: Path) -> tuple[dict[str, str], str]:
    """Run the contracts over a tree: what became of each, and everything said."""
    program = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "400", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    outcomes = {m["name"]: m["outcome"] for m in map(LINE.match, done.stdout.splitlines()) if m}
    assert done.returncode == (1 if "BROKEN" in outcomes.values() else 0), done.stdout + done.stderr
    return outcomes, done.stdout


def report_on(name: str, said: str) -> str:
    """What the report says of one broken contract: from its underlined heading to the next."""
    headings = re.split(r"^(.+)\n-{3,}\n", said, flags=re.MULTILINE)
    return dict(zip(headings[1::2], headings[2::2], strict=True))[name]


def contract_names() -> list[str]:
    """The contracts as pyproject.toml has them."""
    config = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in config["tool"]["importlinter"]["contracts"]]


def test_every_contract_has_a_break() -> None:
    assert sorted(contract_names()) == sorted(BREAKS)


def test_the_tree_as_it_stands_keeps_every_contract(tmp_path: Path) -> None:
    outcomes, said = lint(copied_tree(tmp_path))
    assert outcomes == dict.fromkeys(contract_names(), "KEPT"), said


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_contract_is_reported(name: str, tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    for module, imported, _ in BREAKS[name]:
        write_import(tree, module, imported)
    outcomes, said = lint(tree)
    assert outcomes[name] == "BROKEN", said
    about = report_on(name, said)
    missed = [words for _, _, words in BREAKS[name] if words not in about]
    assert not missed, about


def test_what_a_page_may_do_is_not_reported(tmp_path: Path) -> None:
    tree = copied_tree(tmp_path)
    for module, imported in (
        ("app/rooms/students/page/extra_list.py", "PySide6.QtWidgets"),
        ("app/rooms/students/page/extra_list.py", "app.rooms.students.page.extra_part"),
        ("app/rooms/students/page/extra_list.py", "app.rooms.students.store"),
        ("app/rooms/students/page/extra_list.py", "app.ui.extra"),
        ("app/ui/extra.py", "PySide6.QtWidgets"),
        ("app/rooms/referrals/store.py", "app.rooms.notes.store"),
        ("app/house/rooms/students.py", "app.rooms.students.page.extra_list"),
        ("app/vault/extra.py", "sqlcipher3"),
        ("app/documents/extra.py", "reportlab"),
    ):
        write_import(tree, module, imported)
    outcomes, said = lint(tree)
    assert outcomes == dict.fromkeys(contract_names(), "KEPT"), said


def test_room_packages_stay_empty() -> None:
    rooms = sorted((TOP / "app" / "rooms").glob("**/__init__.py"))
    written = [str(path.relative_to(TOP)) for path in rooms if path.parent.name != "page" and path.stat().st_size]
    assert rooms
    assert not written
