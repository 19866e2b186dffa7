"""Left: what goes over a lock into the new process: where she was, what is unwritten (sealed), what the door has to say, today's times."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field

from app.errors import Problem
from app.house.way import Way
from app.ui.frame import Frame
from app.ui.language import sentence_of, translated
from app.ui.reminding import Known


@dataclass(frozen=True)
class Left:
    """Ids, times, sealed bytes and the program's own words; no name, no text of hers, no key."""

    folder: str
    """Where the vault lies, as the settings say: they may not have got onto a full disk."""
    way: Way
    frame: Frame | None = None
    """Where the window stood; None where there was none yet."""
    unwritten: dict[str, bytes] = field(default_factory=dict, repr=False)
    """By vault: what was typed and could not be written down, sealed under the vault's key."""
    told: tuple[str, str] | None = None
    """What happened and what to do next, in a Problem's words."""
    damaged: bool = False
    """Whether that Problem was VaultDamaged: the door then names a backup."""
    bug: str = ""
    """Where in the code the lock met an error nobody foresaw."""
    known: Known = field(default_factory=Known)
    """When the appointments of today begin that are still to be reminded of; not who comes, nor what for."""

    def to_bytes(self) -> bytes:
        """As it is handed over."""
        sealed = {vault_id: b64encode(content).decode() for vault_id, content in self.unwritten.items()}
        return json.dumps({**asdict(self), "unwritten": sealed, "known": self.known.to_words()}).encode()

    @classmethod
    def from_bytes(cls, handed: bytes) -> Left:
        """What ``to_bytes`` has made. Raises ValueError for anything else."""
        from app.ui.page import Route  # not for a start that comes back from nothing

        values = json.loads(handed)
        way, frame, told = values["way"], values["frame"], values["told"]
        here = Route(**way["here"]) if way["here"] else None
        return cls(
            folder=values["folder"],
            way=Way(**{**way, "here": here, "behind": [Route(**route) for route in way["behind"]]}),
            frame=Frame(**frame) if frame else None,
            unwritten={vault_id: b64decode(content) for vault_id, content in values["unwritten"].items()},
            told=(told[0], told[1]) if told else None,
            damaged=values["damaged"],
            bug=values["bug"],
            known=Known.from_words(values["known"]),
        )

    def problem(self) -> Problem | None:
        """What is to be told at the door, if anything."""
        if self.told is None:
            return None
        from app.vault.proving import VaultDamaged  # brings the cipher, which the door is shown without

        problem = VaultDamaged() if self.damaged else Problem("")
        problem.sentence_template, problem.next_template = "{what}", "{step}"
        problem.values = {"what": self.told[0], "step": self.told[1]}
        return problem


def words_of(problem: Problem) -> tuple[str, str]:
    """A problem's words in the interface's language, to be told by another process."""
    return sentence_of(problem), translated(problem.next_template, problem.values)
