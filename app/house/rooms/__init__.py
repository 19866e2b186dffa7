"""The rooms of the house, in the order the counsellor sees them; each says in a file of its own what pages it has and what it tells."""

from app.house.room import Room
from app.house.rooms.access import access
from app.house.rooms.appointments import appointments
from app.house.rooms.archives import archives
from app.house.rooms.notes import notes
from app.house.rooms.papers import papers
from app.house.rooms.referrals import referrals
from app.house.rooms.settings import settings
from app.house.rooms.students import students
from app.house.rooms.today import today


def rooms() -> list[Room]:
    """Every room, the lower floors first, in the order of the sidebar, which Today leads."""
    below = [students(), appointments(), notes(), referrals(), papers(), access(), settings()]
    below.append(archives(below))
    return [*below, today(below)]
