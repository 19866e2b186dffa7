"""Settings, the school's calendar and bells, deadlines, letters, backups, keys, 环境体检."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.house.room import Desk, Room
from app.house.words import tr
from app.rooms.school import entering, overview
from app.rooms.settings.page.backup import BackupPage
from app.rooms.settings.page.bells import BellsPage
from app.rooms.settings.page.calendar import CalendarPage
from app.rooms.settings.page.deadlines import DeadlinesPage
from app.rooms.settings.page.general import SettingsPage
from app.rooms.settings.page.health import HealthPage
from app.rooms.settings.page.keys import KeysPage
from app.rooms.settings.page.letters import LetterPage
from app.ui.page import Page
from app.vault.backup import local_place
from app.vault.backupplaces import second_place
from app.vault.environment.looking import reads

if TYPE_CHECKING:
    from pathlib import Path

    from app.vault.environment.answer import Read


def settings() -> Room:
    """What the house knows of the room."""
    return Room(
        place="settings",
        label=tr("设置"),
        icon="settings",
        at_foot=True,
        pages={
            "settings": _general,
            "settings.calendar": _calendar,
            "settings.bells": _bells,
            "settings.deadlines": _deadlines,
            "settings.backup": _backup,
            "settings.keys": _keys,
            "settings.health": _health,
            "letter": _letter,
        },
        kinds={
            "school_term": tr("学期"),
            "special_day": tr("学校自己的日子"),
            "loaded_year": tr("放假安排"),
            "bell_timetable": tr("作息表"),
            "bell_slot": tr("节次"),
            "opening_hours": tr("开放时间"),
            "class_hours": tr("班级不便的时间"),
            "changed_deadline": tr("期限"),
        },
        found=overview.found,
        stands=entering.stands,
    )


def _general(desk: Desk) -> Page:
    page = SettingsPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.settings, desk.capture)
    page.look_changed.connect(desk.house.dress_again)
    page.school_changed.connect(desk.house.show_names)
    return page


def _letter(desk: Desk) -> Page:
    return LetterPage(desk.vault, desk.notice, desk.keeper)


def _calendar(desk: Desk) -> Page:
    return CalendarPage(desk.vault, desk.notice, desk.keeper)


def _bells(desk: Desk) -> Page:
    return BellsPage(desk.vault, desk.notice, desk.keeper)


def _deadlines(desk: Desk) -> Page:
    return DeadlinesPage(desk.vault, desk.notice, desk.keeper)


def _keys(desk: Desk) -> Page:
    def places() -> list[Path]:
        second = desk.backing.second()
        here = [local_place(desk.vault.folder)]
        return [*here, second_place(second, desk.vault.vault_id)] if second is not None else here

    then = desk.backing.run_then
    page = KeysPage(desk.vault, desk.notice, desk.keeper, desk.background, desk.printer, places, then)
    page.rotated.connect(desk.window.lock_wanted)
    return page


def _health(desk: Desk) -> Page:
    def wanted() -> list[Read]:
        return reads(desk.vault, desk.backing.second() is not None, desk.backing.carried_at())

    return HealthPage(desk.vault, desk.notice, desk.background, wanted)


def _backup(desk: Desk) -> Page:
    kinds = desk.rooms.kinds_named()
    page = BackupPage(desk.vault, desk.notice, desk.background, desk.settings, desk.backing, kinds)
    page.restored.connect(desk.window.lock_wanted)
    return page
