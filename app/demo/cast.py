"""The made-up people and themes of the demo school, and the dice that choose among them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any

from app.resources import resource

MADE = "建立演示档案"
"""What the trail calls every change of the making."""


@dataclass
class Cast:
    """The made-up people and themes, and the dice."""

    people: dict[str, Any]
    themes: list[dict[str, Any]]
    dice: random.Random

    @classmethod
    def of(cls, seed: int) -> Cast:
        """Read the bundled cast; the same seed gives the same school."""
        return cls(bundled("people"), bundled("themes"), random.Random(seed))  # noqa: S311 - a made-up school, no secret

    def name(self) -> str:
        given = self.people["given"]
        double = self.dice.random() < 0.02
        surname = self.dice.choice(self.people["double_surnames"] if double else self.people["surnames"])
        return str(surname) + "".join(self.dice.sample(given, self.dice.choice((1, 2, 2, 2))))

    def phone(self) -> str:
        return f"1{self.dice.choice('3578')}{self.dice.randrange(10**9):09d}"


def bundled(name: str) -> Any:
    """What one of the files under resources/demo says."""
    return json.loads(resource("demo", f"{name}.json").read_text(encoding="utf-8"))
