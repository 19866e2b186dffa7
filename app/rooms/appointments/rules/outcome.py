"""Outcomes: what may be said of an appointment and when (domain.md 3.5); nothing becomes a no-show by itself."""

from __future__ import annotations

from datetime import datetime

from app.errors import Problem
from app.rooms.appointments.choices import Status
from app.rooms.appointments.record import Appointment


def check_outcome(appointment: Appointment, outcome: Status, now: datetime) -> None:
    """Raise the Problem that keeps this outcome from being entered, if there is one. A wrong one may be corrected."""
    if appointment.status is Status.MOVED:
        raise Problem("这次预约已改期，不能再登记。", "请在改期后的那次预约上登记。")
    if outcome in (Status.ATTENDED, Status.ABSENT) and not appointment.has_begun(now):
        raise Problem(
            "预约的时间还没有到，不能登记「{outcome}」。", "提前来的，请先改预约的时间。", outcome=outcome.label
        )


def check_movable(appointment: Appointment) -> None:
    """Raise Problem for an appointment whose time is not to be changed any more: it has an outcome."""
    if not appointment.status.is_open:
        raise Problem(
            "这次预约已登记为「{now}」，时间不能再改。", "登记错了的，请先改登记。", now=appointment.status.label
        )
