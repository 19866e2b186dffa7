"""Way: the pages she has been on, so that she can go back, and comes back to the same page after a lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.ui.page import Route

STEPS_BACK = 50
"""How many pages she can go back."""


@dataclass
class Way:
    """Where she is and where she was, in one vault."""

    vault_id: str = ""
    here: Route | None = None
    behind: list[Route] = field(default_factory=list)
    beside: int | None = None
    """The student beside the screen in 会谈模式, which a lock does not end."""

    def step(self, route: Route) -> None:
        """She goes on to a page: the one she leaves is what she can go back to."""
        if self.behind and self.behind[-1] == route:
            self.behind.pop()  # she went back by the page's own button
        elif (
            self.here is not None
            and self.here not in (route, self.last())
            and not _read_after_writing(self.here, route)
        ):
            self.behind = [*self.behind, self.here][-STEPS_BACK:]  # once, also where a page passed it on to another

    def last(self) -> Route | None:
        """The page before this one."""
        return self.behind[-1] if self.behind else None


def _read_after_writing(here: Route, route: Route) -> bool:
    """A note that is signed, a letter that is issued: the page it was written on is none to go back to."""
    return route.place == f"{here.place}.read" and route.record_id == here.record_id
