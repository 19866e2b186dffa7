"""The middle face of an import: what taking the list would do, group by group, with ticks, and what its columns mean."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QVBoxLayout, QWidget

from app.rooms.students.classlist.columns import Mapping
from app.rooms.students.page.roster_columns import ColumnsPanel
from app.rooms.students.page.roster_faces import column_of
from app.rooms.students.page.roster_groups import Group, TickRows, groups
from app.rooms.students.page.roster_places import PlacesPanel
from app.rooms.students.roster import Preview
from app.ui.cards import Card, EmptyState, button, clear, restyle, text
from app.ui.tables import Table

_COLUMNS, _PLACES = "columns", "places"


class PreviewFace(QWidget):
    """Tabs of a preview. ``chosen`` are the student numbers ticked, over all groups; ``mapping`` what the columns' boxes say."""

    corrected = Signal()  # ``mapping`` says something else than what is shown
    named = Signal(str)  # a name to remember ``mapping`` under
    export_wanted = Signal()
    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chosen: set[str] = set()
        self._shown: Preview | None = None
        self._groups: list[Group] = []
        self._model: TickRows | None = None
        column = column_of(self)
        self._remarks = text("", "warning", wrap=True)
        column.addWidget(self._remarks)
        card = Card(flush=True)
        self._tabs = QTabBar()
        self._tabs.setAccessibleName(self.tr("名单的各部分"))
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.currentChanged.connect(self._show_tab)
        card.body.addWidget(self._tabs)
        card.body.addLayout(self._line())
        self._holder = QVBoxLayout()
        card.body.addLayout(self._holder, 1)
        self._columns = ColumnsPanel()
        self._columns.corrected.connect(self.corrected)
        self._columns.named.connect(self.named)
        card.body.addWidget(self._columns, 1)
        self._places = PlacesPanel()
        self._places.corrected.connect(self.corrected)
        card.body.addWidget(self._places, 1)
        column.addWidget(card, 1)

    @property
    def mapping(self) -> Mapping:
        """What the columns mean, and the words for grades and classes, by their boxes now."""
        return Mapping(self._columns.mapping.meanings, self._places.answers)

    def show_file(self, shown: Preview) -> None:
        """Show a file that has just been read; a list that lacks a column begins with the columns."""
        self.chosen = set(shown.usual())
        self._columns.offer_name(shown.remembered)
        self._show(shown, _COLUMNS if shown.missing else "")

    def show_corrected(self, shown: Preview) -> None:
        """Show the same file read by another mapping: the tab in front and what she ticked herself stay."""
        before = self._shown.usual() if self._shown is not None else frozenset()
        ticked, unticked = self.chosen - before, before - self.chosen
        self.chosen = set(shown.usual()) - unticked | ticked & shown.doubted()
        self._show(shown, self._tabs.tabData(self._tabs.currentIndex()))

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(16, 6, 12, 6)
        self._hint = text("", "hint", wrap=True)
        self._hint.setMinimumHeight(30)
        self._all = button(self.tr("全选"), quiet=True)
        self._none = button(self.tr("全不选"), quiet=True)
        self._export = button(self.tr("导出问题行"), quiet=True)
        self._all.clicked.connect(self._tick_all)
        self._none.clicked.connect(self._tick_none)
        self._export.clicked.connect(self.export_wanted)
        line.addWidget(self._hint, 1)
        for made in (self._all, self._none, self._export):
            line.addWidget(made)
        return line

    def _show(self, shown: Preview, tab: str) -> None:
        self._shown = shown
        self._groups = [] if shown.missing else groups(shown)
        self._remarks.setText(self._remarks_in_words(shown))
        self._remarks.setVisible(bool(self._remarks.text()))
        self._remarks.setProperty("role", "warning" if shown.missing else "hint")
        restyle(self._remarks)
        self._columns.show_preview(shown)
        self._places.show_preview(shown)
        self._fill_tabs(tab)

    def _remarks_in_words(self, shown: Preview) -> str:
        told = list(shown.remarks)
        if shown.missing:
            missing = "、".join(shown.missing)
            told.insert(0, self.tr("还不知道哪一列是{missing}。请在下面选好，选好后才能导入。").format(missing=missing))
        if n := shown.open_words():
            told.append(self.tr("有 {n} 种年级或班级的写法程序不认得，请在「年级和班级」里各填一次。").format(n=n))
        if shown.remembered:
            told.append(self.tr("按记住的「{name}」读取。").format(name=shown.remembered))
        return " ".join(told)

    def _fill_tabs(self, wanted: str) -> None:
        self._tabs.blockSignals(True)
        while self._tabs.count():
            self._tabs.removeTab(0)
        for group in self._groups:
            at = self._tabs.addTab(f"{group.label} {len(group.rows):,}")
            self._tabs.setTabData(at, group.key)
        if self._shown is not None and self._shown.asked:
            self._tabs.setTabData(self._tabs.addTab(self.tr("年级和班级")), _PLACES)
        self._tabs.setTabData(self._tabs.addTab(self.tr("列的对应")), _COLUMNS)
        keys = [self._tabs.tabData(at) for at in range(self._tabs.count())]
        filled = next((at for at, group in enumerate(self._groups) if group.rows), 0)
        self._tabs.setCurrentIndex(keys.index(wanted) if wanted in keys else filled)
        self._tabs.blockSignals(False)
        self._show_tab(self._tabs.currentIndex())

    def _show_tab(self, at: int) -> None:
        group = self._groups[at] if 0 <= at < len(self._groups) else None
        clear(self._holder)
        self._model = None
        key = self._tabs.tabData(at)
        self._columns.setVisible(key == _COLUMNS)
        self._places.setVisible(key == _PLACES)
        self._hint.setText(group.hint if group else self._hint_of(key))
        self._export.setVisible(group is not None and group.key == "problems")
        for made in (self._all, self._none):
            made.setVisible(group is not None and bool(group.numbers))
        if group is not None:
            table = self._table(group)
            self._holder.addWidget(table)
            table.show()  # a layout shows its new widgets a moment later; the keyboard may be there sooner

    def _hint_of(self, tab: str) -> str:
        if tab == _PLACES:
            return self.tr(
                "学校自己的叫法，每种填一次，所有这样写的行都按它读取；在「列的对应」里起名记住，下次不再问。"
            )
        return self.tr("每一列是什么，程序先认了一遍；不对的请改，改后立刻重新读取。")

    def _table(self, group: Group) -> Table:
        empty = EmptyState(self.tr("没有新的学生"), self.tr("名单里的学号档案里都有了。"))
        self._model = TickRows(group.headers, group.numbers, self.chosen) if group.numbers else None
        table = Table(group.label, group.headers, empty, group.widths, self._model)
        table.show_rows(group.rows)
        if self._model is not None:
            self._model.ticked.connect(self.ticked)
            table.spaced.connect(self._model.toggle)
        return table

    def _tick_all(self) -> None:
        if self._model is not None:
            self._model.tick_all(True)

    def _tick_none(self) -> None:
        if self._model is not None:
            self._model.tick_all(False)
