"""The fixed answers about appointments, with the codes they are stored under (domain.md 2.6, 3.5)."""

from __future__ import annotations

from app.vault.choice import Choice


class Kind(Choice):
    """What the time is for; on the screen the colour tells it, never a student's level."""

    INDIVIDUAL = "individual", "个别辅导"
    PARENT = "parent", "家长会谈"
    GROUP = "group", "团体辅导"
    CLASS = "class", "班级活动"
    OTHER = "other", "其他"

    @property
    def has_note(self) -> bool:
        """Whether a note is written of it; of group and class visits only the attendance is recorded."""
        return self in (Kind.INDIVIDUAL, Kind.PARENT)


class Status(Choice):
    """How far an appointment is (domain.md 3.5). One whose time has passed without an outcome stays as it was: 未登记."""

    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已确认"
    ATTENDED = "attended", "已到访"
    ABSENT = "absent", "未到"
    CANCELLED = "cancelled", "已取消"
    MOVED = "moved", "已改期"

    @property
    def is_open(self) -> bool:
        """Whether its outcome is still to come."""
        return self in (Status.PENDING, Status.CONFIRMED)

    @property
    def takes_time(self) -> bool:
        """Whether its time is taken for others: not where nobody came or it was called off."""
        return self.is_open or self is Status.ATTENDED


class RequestedBy(Choice):
    """Who asked for it."""

    STUDENT = "student", "学生"
    HOMEROOM = "homeroom", "班主任"
    GUARDIAN = "guardian", "家长"
    COUNSELLOR = "counsellor", "心理教师约见"
    MAILBOX = "mailbox", "心理信箱"


class Urgency(Choice):
    """How soon it is needed."""

    NORMAL = "normal", "普通"
    SOON = "soon", "尽快"
    URGENT = "urgent", "紧急"


class CancelledBy(Choice):
    """Who called it off."""

    STUDENT = "student", "学生"
    GUARDIAN = "guardian", "家长"
    COUNSELLOR = "counsellor", "辅导老师"
    SCHOOL = "school", "学校安排"


class Rhythm(Choice):
    """How a series comes back, always on the weekday it begins with."""

    WEEKLY = "weekly", "每周"
    TWO_WEEKLY = "two_weekly", "隔周"
    ODD = "odd", "单周"
    EVEN = "even", "双周"


class Instead(Choice):
    """What becomes of an occurrence that falls on a day off, on exams or on another appointment."""

    SKIP = "skip", "跳过这一次"
    SAME_WEEK = "same_week", "改到同一周的另一天"


class Scope(Choice):
    """Which occurrences of a series a change is for."""

    ONE = "one", "本次"
    LATER = "later", "本次及以后"
    ALL = "all", "全部"
