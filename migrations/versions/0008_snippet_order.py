"""The counsellor's phrases stand in an order of her own."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("snippet", sa.Column("position", sa.Integer()))
