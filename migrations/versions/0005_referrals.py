"""Institutions, referrals, refusals, follow-ups and receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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


def _of(table: str, name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False)


def _list(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "institution",
        *_kept(),
        *map(_text, ("name", "department", "green_channel", "contact", "phone", "address", "note")),
    )
    _referral()
    _beside_referral()
    indexed = {
        "referral": ["student_id", "status"],
        "refusal": ["referral_id", "student_id"],
        "referral_follow_up": ["referral_id", "student_id"],
        "receipt": ["referral_id", "student_id"],
    }
    for table, columns in indexed.items():
        for column in columns:
            op.create_index(f"ix_{table}_{column}", table, [column])


def _referral() -> None:
    op.create_table(
        "referral",
        *_kept(),
        _of("student", "student_id"),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Integer()),
        sa.Column("institution_id", sa.Integer()),
        *map(_text, ("to_org", "to_dept")),
        sa.Column("channel", CODE, nullable=False),
        sa.Column("urgency", CODE, nullable=False),
        _list("reasons"),
        *map(_text, ("observation", "measures", "risk_summary", "history", "wish")),
        *map(_list, ("items", "note_ids")),
        sa.Column("guardian_id", sa.Integer()),
        sa.Column("informed_on", sa.Date()),
        sa.Column("informed_how", CODE),
        _text("informed_by"),
        sa.Column("decision", CODE),
        _text("refuse_reason"),
        sa.Column("decided_on", sa.Date()),
        sa.Column("escort", CODE, nullable=False),
        _text("escort_teacher"),
        sa.Column("override", CODE),
        _text("override_reason"),
        _list("consent_ids"),
        sa.Column("status", CODE, nullable=False),
        _text("number"),
        sa.Column("issued_id", sa.Integer()),
        sa.Column("issued_at", sa.String()),
        sa.Column("issued_on", sa.Date()),
        sa.Column("attended_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        _text("outcome"),
    )


def _beside_referral() -> None:
    op.create_table(
        "refusal",
        *_kept(),
        _of("referral", "referral_id"),
        _of("student", "student_id"),
        sa.Column("on", sa.Date(), nullable=False),
        *map(_text, ("explained", "decided", "will_do")),
        sa.Column("signed", sa.Boolean(), nullable=False),
        _text("witness"),
        sa.Column("issued_id", sa.Integer()),
    )
    op.create_table(
        "referral_follow_up",
        *_kept(),
        _of("referral", "referral_id"),
        _of("student", "student_id"),
        sa.Column("on", sa.Date(), nullable=False),
        _text("text"),
    )
    op.create_table(
        "receipt",
        *_kept(),
        _of("referral", "referral_id"),
        _of("student", "student_id"),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("received_from", CODE, nullable=False),
        sa.Column("visited", sa.Boolean(), nullable=False),
        sa.Column("visit_on", sa.Date()),
        _list("advice"),
        *map(_text, ("advice_to_school", "medication")),
        sa.Column("revisit_on", sa.Date()),
    )


def downgrade() -> None:
    raise NotImplementedError("vaults only go forward")
