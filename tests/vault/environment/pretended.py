"""A PC that answers as a test says: its files lie in a folder of the test's, its registry and its commands in dictionaries."""

from __future__ import annotations

from pathlib import Path

from app.vault.environment.answer import Unanswered
from app.vault.environment.system import System


class Pretended(System):
    """What is not said is not answered, as on a PC of another kind."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.root = root
        self.values: dict[tuple[str, str], int | str] = {}
        self.commands: dict[str, str] = {}
        self.block = ""
        self.number = 1000
        self.variables: dict[str, str] = {}
        self.dumpable = False

    def put(self, path: str, text: str = "") -> None:
        """Write one of its files."""
        at = self.root / path.lstrip("/")
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text, encoding="utf-8")

    def run(self, *command: str) -> str:
        if command[0] not in self.commands:
            raise Unanswered
        return self.commands[command[0]]

    def device(self, path: Path) -> str:
        if not self.block:
            raise Unanswered
        return self.block

    def is_dumpable(self) -> bool:
        return self.dumpable

    def user(self) -> int:
        return self.number

    def variable(self, name: str) -> str:
        return self.variables.get(name, "")

    def registry(self, key: str, name: str) -> int | str | None:
        return self.values.get((key, name))

    def keys(self, key: str) -> list[str]:
        below = (known.removeprefix(f"{key}\\") for known, _name in self.values if known.startswith(f"{key}\\"))
        return sorted({name.partition("\\")[0] for name in below})
