"""Problem: one sentence for the counsellor, and what she can do next."""

from __future__ import annotations


class Problem(Exception):
    """Something the counsellor can understand and act on; anything else that is raised is a bug.

    Holds Chinese templates and the values for them, so that the screen can translate the template and no name or note
    text stands in the exception's own text (design.md §4.4).
    """

    def __init__(self, sentence: str, next_step: str = "", **values: object) -> None:
        super().__init__(sentence)
        self.sentence_template = sentence
        self.next_template = next_step
        self.values = values

    @property
    def sentence(self) -> str:
        """What happened, with its values filled in."""
        return self.sentence_template.format(**self.values)

    @property
    def next_step(self) -> str:
        """What to do next, with its values filled in; may be empty."""
        return self.next_template.format(**self.values)
