"""Class lists: what she said of grades and classes in words of the school's own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roster_mapping", sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
