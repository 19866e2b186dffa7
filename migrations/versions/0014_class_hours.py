"""Times at which a grade or a class is not called away; how long a session is at this school, and the pause between two."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_hours",
        sa.Column("grade", sa.Integer()),
        sa.Column("class_no", sa.Integer()),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("weekdays", sa.String(), nullable=False),
        sa.Column("start", sa.Time(), nullable=False),
        sa.Column("end", sa.Time(), nullable=False),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("created_at", sa.String()),
        sa.Column("updated_at", sa.String()),
        sa.Column("deleted_at", sa.String()),
    )
    op.add_column("school", sa.Column("session_minutes", sa.Integer()))
    op.add_column("school", sa.Column("pause_minutes", sa.Integer()))
