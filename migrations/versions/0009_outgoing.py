"""What went out, to whom and why; the trail is looked through by act and time."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("link", sa.Integer(), nullable=False, unique=True),
        sa.Column("student_id", sa.Integer()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("to_whom", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
    )
    op.create_index("ix_outgoing_student_id", "outgoing", ["student_id"])
    op.create_index("ix_trail_act_at", "trail", ["act", "at"])
