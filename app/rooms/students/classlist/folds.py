"""Lists printed in two or three blocks side by side, as one list again."""

from __future__ import annotations

from collections.abc import Sequence

from app.rooms.students.classlist.meanings import Meaning
from app.rooms.students.classlist.sheets import SheetRow

Labels = dict[int, tuple[str, Meaning | None]]
"""The header's words and what they mean, by column."""


def unfolded(labels: Labels, body: Sequence[SheetRow]) -> tuple[Labels, tuple[SheetRow, ...]]:
    """The labels of one block and the rows of all blocks, one block after the other; as it was where nothing repeats."""
    starts = _starts(labels)
    if len(starts) < 2:
        return labels, tuple(body)
    ends = [*starts[1:], max(labels) + 1]
    blocks = [
        [labels[place][0] if place in labels else "" for place in range(*span)]
        for span in zip(starts, ends, strict=True)
    ]
    width = max(map(len, blocks))
    if any(_trimmed(block) != _trimmed(blocks[0]) for block in blocks):
        return labels, tuple(body)
    rows = []
    for start, end in zip(starts, ends, strict=True):
        for row in body:
            cells = tuple(row.at(place) for place in range(start, min(end, start + width)))
            if any(cell != "" for cell in cells):
                rows.append(SheetRow(row.number, cells))
    return {place - starts[0]: label for place, label in labels.items() if starts[0] <= place < ends[0]}, tuple(rows)


def _starts(labels: Labels) -> list[int]:
    """Where each block begins: at every return of the header's first words, if both name and number return with them."""
    order = sorted(labels)
    first = labels[order[0]][0]
    starts = [place for place in order if labels[place][0] == first]
    meanings = [meaning for _, meaning in labels.values()]
    return starts if meanings.count(Meaning.NAME) == meanings.count(Meaning.NUMBER) == len(starts) else []


def _trimmed(block: Sequence[str]) -> list[str]:
    return "\0".join(block).rstrip("\0").split("\0")
