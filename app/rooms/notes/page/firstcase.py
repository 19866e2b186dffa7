"""The case a note needs and the student does not have yet: says so, and goes on to the note once it is opened."""

from __future__ import annotations

from dataclasses import replace

from app.rooms.notes.cases import current_case
from app.rooms.notes.page.case import CasePage
from app.rooms.notes.record import Case
from app.ui.background import Background
from app.ui.cards import text
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Route
from app.vault.vault import Vault

PLACE = "case.first"


class FirstCasePage(CasePage):
    """Stands between 「+ 会谈记录」 and the note."""

    def __init__(self, vault: Vault, notice: Notice, keeper: Keeper, background: Background) -> None:
        super().__init__(vault, notice, keeper, background)
        self._talk_id: int | None = None
        """The talk the note will be about, where it is known."""
        why = self.tr("会谈记录要归在一个个案里，这位学生还没有进行中的个案。先登记个案，保存后接着写会谈记录。")
        self.body.insertWidget(0, text(why, "context", wrap=True))

    def arrive(self, route: Route) -> None:
        self._talk_id = route.part
        super().arrive(replace(route, part=None))

    def begin_for(self, student_id: int) -> None:
        """Begin the case; where there is one meanwhile, the note."""
        with self._vault.read() as session:
            case = current_case(session, student_id)
        if case is not None:
            self.go_on(case)
            return
        super().begin_for(student_id)
        self.route = Route(PLACE, None, student_id)
        self.name_saving(self.tr("登记个案，接着写记录"))

    def go_on(self, case: Case) -> None:
        self.leave()
        self.route = None
        self.went.emit(Route("note", None, case.student_id, self._talk_id))
