"""Any text, from the form to the paper: saved, the vault closed and opened, found by its words, drawn, and read back by pdftotext."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from app.clock import StandingClock
from app.documents.blocks import Document, Sheet, Text
from app.documents.paper import Foot, draw
from app.rooms.notes import store
from app.rooms.notes.record import NoteValues
from app.vault.opening import open_vault
from app.vault.recovery import new_code
from app.vault.search import tokens
from app.vault.text import turning
from tests.documents.reading import bare, words_of
from tests.documents.test_paper import ANYTHING
from tests.lab import deeds
from tests.lab.deeds import NOW, password
from tests.lab.trial import Outcome, user_data

HALVES = st.sampled_from(["\ud800", "\udfff", "\0", "\r\n", "\r", "\x0b", "\u200d", "𠮷", "𪛖", "\ue000", "👩‍👧"])
TYPED = st.lists(ANYTHING | st.tuples(ANYTHING, HALVES, ANYTHING).map("".join), min_size=1, max_size=8)
"""What a PDF reader leaves in its order, with half characters, NUL and other strange ones between."""
UNFORESEEN = st.text(st.characters(exclude_categories=()), max_size=80)
"""Every code point there is: must be kept and drawn; a PDF reader puts some of it into another order."""


def run(count: int, seed: int, folder: Path) -> Outcome:
    """``count`` texts at least."""
    outcome = Outcome(
        "any text", "what is typed comes back, is found and is read on paper; half characters and NUL as U+FFFD"
    )

    @seeded(seed)
    @settings(
        max_examples=max(3, count // 4),  # five texts each, as a rule
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(TYPED, UNFORESEEN)
    def chain(typed: list[str], unforeseen: str) -> None:
        found = _came_back(folder / "vault", [*typed, unforeseen], outcome)
        for number, (was, now) in enumerate(zip([*typed, unforeseen], found, strict=True)):
            read = _read_on_paper(now) if number < len(typed) else bare(now)
            faults = []
            if now != _expected(was):
                faults.append("comes back changed")
            if read != bare(now):
                faults.append("reads differently on paper")
            outcome.met["with half characters or NUL"] += now.count("\ufffd") > was.count("\ufffd")
            outcome.note(outcome.tried, [f"{was!r} {fault}" for fault in faults])
        if not turning(found[-1]):  # a paper refuses what turns the reading direction round
            draw(Document("letter", "函", (Sheet("1", "1", (Text(found[-1]),)),)), Foot())

    with user_data(folder / "user-data"):
        deeds.found(folder / "vault", new_code())
        chain()
    return outcome


def _came_back(folder: Path, texts: list[str], outcome: Outcome) -> list[str]:
    """The texts as they stand in the notes they were saved in, after the vault was closed and opened again."""
    with closing(open_vault(folder, password(0), StandingClock(NOW))) as vault, vault.write("保存草稿") as session:
        values = NoteValues(held_on=NOW.date())
        numbers = [store.draft(session, 1, replace(values, subjective=text), NOW.date()).id for text in texts]
    with closing(open_vault(folder, password(0), StandingClock(NOW))) as vault, vault.read() as session:
        found = [store.get(session, number).subjective for number in numbers]
        for number, text in zip(numbers, found, strict=True):
            words = " ".join(tokens(text).split()[:3])
            if words:
                hits = vault.search(session, words, 5000)
                outcome.met["searched for"] += 1
                if ("note", number) not in {(hit.kind, hit.record) for hit in hits}:
                    outcome.failures.append(f"{text!r} is not found by {words!r}")
    return found


def _expected(text: str) -> str:
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if c == "\0" or 0xD800 <= ord(c) <= 0xDFFF else c for c in whole)


def _read_on_paper(text: str) -> str:
    document = Document("letter", "函", (Sheet("1", "1", (Text(text),), body_size=12, line_height=16),))
    return bare("".join(words_of(draw(document, Foot()).pdf, body_only=True, as_drawn=True)))
