"""The school calendar: terms, days of the school's own, loaded years, bells, opening hours; deadlines she has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _kept() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
    )


def _days() -> tuple[sa.Column, ...]:
    return sa.Column("first_day", sa.Date(), nullable=False), sa.Column("last_day", sa.Date(), nullable=False)


def _times() -> tuple[sa.Column, ...]:
    return (
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
    )


def upgrade() -> None:
    op.create_table("school_term", *_days(), *_kept())
    op.create_table(
        "special_day",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *_days(),
        sa.Column("follows", sa.Integer(), nullable=False),
        *_kept(),
    )
    op.create_table(
        "loaded_year",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days_off", sa.JSON(), nullable=False),
        sa.Column("workdays", sa.JSON(), nullable=False),
        *_kept(),
    )
    op.create_table(
        "bell_timetable",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("from_month", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Integer(), nullable=False),
        *_kept(),
    )
    op.create_table(
        "bell_slot",
        sa.Column("timetable_id", sa.Integer(), sa.ForeignKey("bell_timetable.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *_times(),
        *_kept(),
    )
    op.create_index("ix_bell_slot_timetable_id", "bell_slot", ["timetable_id"])
    op.create_table("opening_hours", *_times(), *_kept())
    op.create_table(
        "changed_deadline",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        *_kept(),
    )
