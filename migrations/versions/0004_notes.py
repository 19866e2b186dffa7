"""Cases, consultation notes and what belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
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


def _of(table: str, name: str, *, nullable: bool = False, unique: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable, unique=unique)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "case_file",
        *_kept(),
        _of("student", "student_id"),
        sa.Column("case_no", sa.String(), nullable=False, unique=True),
        sa.Column("source", CODE, nullable=False),
        sa.Column("problem_types", sa.JSON(), nullable=False),
        _text("presenting_problem"),
        _text("background"),
        _text("goals"),
        sa.Column("status", CODE, nullable=False),
        sa.Column("opened_at", sa.Date(), nullable=False),
        sa.Column("intake_at", sa.Date()),
        sa.Column("reopened_at", sa.Date()),
        sa.Column("closed_at", sa.Date()),
        sa.Column("close_reason", CODE),
        sa.Column("outcome", CODE),
        _text("follow_up_plan"),
    )
    op.create_table(
        "case_number",
        sa.Column("school_year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
    )
    _note()
    _beside_note()
    indexed = {
        "case_file": ["student_id"],
        "note": ["student_id", "case_id", "held_on", "status"],
        "note_memo": ["student_id"],
        "note_amendment": ["note_id", "student_id"],
        "risk_answer": ["student_id"],
        "disclosure": ["student_id", "note_id"],
    }
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _note() -> None:
    texts = ("place", "attendees", "counsellor", "subjective", "observation", "process", "assessment")
    op.create_table(
        "note",
        *_kept(),
        _of("student", "student_id"),
        _of("case_file", "case_id"),
        sa.Column("session_no", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("start", sa.Time()),
        sa.Column("end", sa.Time()),
        sa.Column("mode", CODE, nullable=False),
        *map(_text, texts),
        sa.Column("risk_flag", CODE),
        sa.Column("mood_score", sa.Integer()),
        _text("agreement"),
        _text("next_plan"),
        sa.Column("next_date", sa.Date()),
        sa.Column("status", CODE, nullable=False),
        sa.Column("signed_at", sa.String()),
        sa.Column("late_entry", sa.Boolean(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        _text("text_hash"),
    )


def _beside_note() -> None:
    op.create_table(
        "note_memo", *_kept(), _of("note", "note_id", unique=True), _of("student", "student_id"), _text("text")
    )
    op.create_table(
        "note_amendment",
        *_kept(),
        _of("note", "note_id"),
        _of("student", "student_id"),
        sa.Column("at", sa.String(), nullable=False),
        *map(_text, ("part", "before", "after", "reason")),
    )
    op.create_table(
        "risk_answer",
        *_kept(),
        _of("note", "note_id", unique=True),
        _of("student", "student_id"),
        sa.Column("guardian", CODE),
        sa.Column("guardian_at", sa.String()),
        sa.Column("accompanied", sa.Boolean()),
        sa.Column("head_told", sa.Boolean()),
        sa.Column("head_at", sa.String()),
        sa.Column("referral", sa.Boolean()),
        sa.Column("reported", sa.Boolean()),
        sa.Column("reported_at", sa.String()),
        *map(_text, ("told_scope", "done", "reason")),
        sa.Column("settled_at", sa.String()),
        _text("settled_how"),
    )
    op.create_table(
        "disclosure",
        *_kept(),
        _of("student", "student_id"),
        _of("note", "note_id", nullable=True),
        _text("to_whom"),
        sa.Column("at", sa.String(), nullable=False),
        _text("scope"),
        sa.Column("basis", CODE, nullable=False),
    )
    op.create_table("snippet", *_kept(), *map(_text, ("name", "text", "part")))


def downgrade() -> None:
    raise NotImplementedError("vaults only go forward")
