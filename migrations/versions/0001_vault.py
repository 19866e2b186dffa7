"""The vault's own tables: trail, search, typing, attachments, undo, voiding, destruction."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
    op.create_table(
        "trail",
        sa.Column("seq", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("session", sa.Integer(), nullable=False),
        sa.Column("schema", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record", sa.Integer()),
        sa.Column("student_id", sa.Integer()),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
    )
    op.create_index("ix_trail_student_id", "trail", ["student_id"])
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer()),
        sa.UniqueConstraint("kind", "record"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_entry_student_id", "search_entry", ["student_id"])
    op.execute(
        "CREATE VIRTUAL TABLE search USING "
        "fts5(words, content='', tokenize=\"unicode61 remove_diacritics 0\")"
    )
    op.execute("INSERT INTO search(search, rank) VALUES ('secure-delete', 1)")
    op.create_table(
        "typing",
        sa.Column("form", sa.String(), primary_key=True),
        sa.Column("student_id", sa.Integer()),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_typing_student_id", "typing", ["student_id"])
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_attachment_owner", "attachment", ["kind", "record_id"])
    op.create_index("ix_attachment_student_id", "attachment", ["student_id"])
    op.create_table(
        "undo_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("reverted_at", sa.String()),
    )
    op.create_table(
        "undo_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("undo_batch.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer()),
        sa.Column("before", sa.JSON()),
        sa.Column("after", sa.String(), nullable=False),
    )
    op.create_index("ix_undo_step_batch_id", "undo_step", ["batch_id"])
    op.create_index("ix_undo_step_student_id", "undo_step", ["student_id"])
    op.create_table(
        "voided",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer()),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.UniqueConstraint("kind", "record_id"),
    )
    op.create_index("ix_voided_student_id", "voided", ["student_id"])
    op.create_table(
        "destruction",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_destruction_student_id", "destruction", ["student_id"])
