"""Appointments with their students and series, and the waiting list."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CODE = sa.String(length=40)


def _kept() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
    ]


def _of(table: str, name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _code(name: str) -> sa.Column:
    return sa.Column(name, CODE, nullable=False)


def _date(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def upgrade() -> None:
    op.create_table("series", *_kept(), _code("rhythm"), _date("first"), _date("until"))
    _appointment()
    op.create_table(
        "attendee", *_kept(), _of("appointment", "appointment_id"), _of("student", "student_id", nullable=False)
    )
    op.create_table(
        "waiting",
        *_kept(),
        _of("student", "student_id"),
        _text("called"),
        _date("since"),
        *map(_code, ("source", "urgency")),
        _text("topic"),
        _of("appointment", "appointment_id"),
    )
    indexed = {
        "appointment": ["student_id", "day", "series_id"],
        "attendee": ["appointment_id", "student_id"],
        "waiting": ["student_id", "appointment_id"],
    }
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _appointment() -> None:
    op.create_table(
        "appointment",
        *_kept(),
        _of("student", "student_id"),
        _date("day"),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        _code("kind"),
        *map(_text, ("place", "called")),
        *map(_code, ("status", "requested_by", "urgency")),
        _text("topic"),
        _of("series", "series_id"),
        _of("appointment", "moved_to_id"),
        sa.Column("cancelled_by", CODE),
        sa.Column("cancelled_at", sa.String()),
        *map(_text, ("reason", "override_reason")),
    )
