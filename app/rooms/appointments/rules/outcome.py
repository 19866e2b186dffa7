"""Outcomes: what may be said of an appointment and when (domain.md 3.5); nothing becomes a no-show by itself."""

from __future__ import annotations

from datetime import datetime

from app.errors import Problem
from app.rooms.appointments.choices import Status
from app.rooms.appointments.record import EARLY_MINUTES, Appointment


def check_outcome(appointment: Appointment, outcome: Status, now: datetime) -> None:
    """Raise the Problem that keeps this outcome from being entered, if there is one. A wrong one may be corrected.

    Somebody may come EARLY_MINUTES before the time; that nobody came can be said from the time itself on, and is said by her alone.
    """
    if appointment.status is Status.MOVED:
        raise Problem("这次预约已改期，不能再登记。", "请在改期后的那次预约上登记。")
    if outcome is Status.ABSENT and not appointment.has_begun(now):
        raise Problem("预约的时间还没有到，不能登记「未到」。", "不来了的，请登记「取消预约」或「改期」。")
    if outcome is Status.ATTENDED and not appointment.can_have_come(now):
        raise Problem(
            "预约的时间还没有到，不能登记「已到访」。",
            "提前 {minutes} 分钟以内来的，到时候直接登记；更早的，请先用「修改」把预约改到现在的时间。",
            minutes=str(EARLY_MINUTES),
        )


def check_movable(appointment: Appointment) -> None:
    """Raise Problem for an appointment whose time is not to be changed any more: it has an outcome."""
    if not appointment.status.is_open:
        raise Problem(
            "这次预约已登记为「{now}」，时间不能再改。", "登记错了的，请先改登记。", now=appointment.status.label
        )
