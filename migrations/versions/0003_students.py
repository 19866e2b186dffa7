"""Students, guardians, consents."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "student",
        sa.Column("student_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("class_no", sa.Integer(), nullable=False),
        sa.Column("gender", sa.String(40)),
        sa.Column("pinyin", sa.String(), nullable=False),
        sa.Column("national_no", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date()),
        sa.Column("ethnicity", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("entry_year", sa.Integer()),
        sa.Column("boarding", sa.Boolean()),
        sa.Column("dorm", sa.String(), nullable=False),
        sa.Column("homeroom_teacher", sa.String(), nullable=False),
        sa.Column("psych_rep", sa.Boolean(), nullable=False),
        sa.Column("family_structure", sa.String(40)),
        sa.Column("lives_with_parents", sa.String(40)),
        sa.Column("siblings", sa.String(), nullable=False),
        sa.Column("special_groups", sa.JSON(), nullable=False),
        sa.Column("known_condition", sa.String(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("status_since", sa.Date()),
        sa.Column("archive_no", sa.String(), nullable=False),
        sa.Column("archive_tier", sa.String(40), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_student_student_no", "student", ["student_no"])
    op.create_table(
        "guardian",
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("is_legal_guardian", sa.Boolean(), nullable=False),
        sa.Column("is_entrusted_carer", sa.Boolean(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("phone2", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("best_time", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
    )
    op.create_index("ix_guardian_student_id", "guardian", ["student_id"])
    op.create_table(
        "consent",
        sa.Column("student_id", sa.Integer(), sa.ForeignKey("student.id"), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("signer_role", sa.String(40), nullable=False),
        sa.Column("signer_name", sa.String(), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("signed_at", sa.Date(), nullable=False),
        sa.Column("scope_text", sa.String(), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("guardian_id", sa.Integer()),
        sa.Column("exceptions_explained", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("withdrawn_at", sa.Date()),
        sa.Column("written_at", sa.Date()),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
    )
    op.create_index("ix_consent_student_id", "consent", ["student_id"])
