"""The switch that has the door show the names of school and room, or leave them out; the names follow what is saved."""

from __future__ import annotations

from functools import partial

from app.errors import Problem
from app.rooms.school import store as schools
from app.ui.background import Background, Progress
from app.ui.fields import CheckField
from app.ui.notice import Notice
from app.vault import doornames
from app.vault.vault import Vault


class DoorNamesSwitch(CheckField):
    """Acts at once, in the background: two files are written."""

    def __init__(self, vault: Vault, notice: Notice, background: Background) -> None:
        super().__init__(
            self.tr("解锁界面显示学校和辅导室名称"),
            self.tr("这两个名称不加密，放在档案文件夹里；关掉后只显示「静室」。"),
        )
        self._vault, self._notice, self._background = vault, notice, background
        self.show_state()
        self.changed.connect(self._write)

    def show_state(self) -> None:
        """Stand as the key file does."""
        self.blockSignals(True)
        try:
            self.set_on(doornames.are_shown(self._vault))
        except Problem as problem:
            self._notice.tell(problem)
        finally:
            self.blockSignals(False)

    def follow(self) -> None:
        """The names were changed: they are written where names stand, and nowhere else."""
        if self.is_on():
            self._write()

    def _write(self) -> None:
        self.box.setEnabled(False)
        self._background.run(partial(_write, self._vault, self.is_on()), self._written, self._not_written)

    def _written(self, _nothing: None) -> None:
        self.box.setEnabled(True)

    def _not_written(self, error: Exception) -> None:
        self.box.setEnabled(True)
        if not isinstance(error, Problem):
            raise error
        self.show_state()
        self._notice.tell(error)


def _write(vault: Vault, shown: bool, _progress: Progress) -> None:
    with vault.read() as session:
        school = schools.school(session)
    names = (school.name, school.room_name) if shown else ("", "")
    doornames.show(vault, *names)
