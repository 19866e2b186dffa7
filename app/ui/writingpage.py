"""WritingPage: the base of a page on which one record of a student is written, opened by its id or begun for the student."""

from __future__ import annotations

from app.errors import Problem
from app.ui.forms import Form
from app.ui.keeper import Keeper
from app.ui.notice import Notice
from app.ui.page import Page, Route


class WritingPage(Page):
    """One Form, kept while it is typed. Subclasses open, begin and write down; ``save`` says what keeps it from being saved."""

    def __init__(self, title: str, notice: Notice, keeper: Keeper, *, scrolls: bool = True) -> None:
        super().__init__(title, scrolls=scrolls)
        self._notice, self._keeper = notice, keeper
        self.form = Form("", parent=self)

    def arrive(self, route: Route) -> None:
        """Open what the route says: a record by its id, or a new one for a student."""
        if route.record_id is not None:
            self.open_record(route.record_id)
        elif route.student_id is not None:
            self.begin_for(route.student_id)

    def open_record(self, record_id: int) -> None:
        """Show a record."""
        raise NotImplementedError

    def begin_for(self, student_id: int) -> None:
        """Begin a new record for a student; it is in the vault once it is saved."""
        raise NotImplementedError

    def write_down(self) -> None:
        """Save what is in the form. Raises Problem for what cannot be saved."""
        raise NotImplementedError

    def save(self) -> bool:
        """Write the form down. True if it was saved; what keeps it from it is said."""
        try:
            self.write_down()
        except Problem as problem:
            self._notice.tell(problem)
            return False
        return True

    def keep_on(self, key: str, route: Route) -> None:
        """The new record is in the vault now: what is typed from here on is kept under its own key."""
        self._keeper.leave(self.form)
        self.form.key, self.route = key, route
        self._keeper.watch(self.form)

    def leave(self) -> None:
        """Called when the page is left: what is unsaved stays kept."""
        self._keeper.leave(self.form)
