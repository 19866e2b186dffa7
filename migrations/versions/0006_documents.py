"""Tables of paper: certificates, number series, issued documents and their copies, pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _text(name: str, *, unique: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(), nullable=False, unique=unique)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _bytes(name: str) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _id() -> sa.Column:
    return sa.Column("id", sa.Integer(), primary_key=True)


def upgrade() -> None:
    op.create_table(
        "certificate",
        _id(),
        _text("name"),
        _text("school"),
        _text("fingerprint", unique=True),
        _text("root_fingerprint"),
        _text("made_at"),
        _text("valid_until"),
        _bytes("leaf"),
        _bytes("root"),
        _bytes("wrapped_key"),
    )
    op.create_table(
        "number_series",
        _id(),
        _text("prefix"),
        _number("school_year"),
        _number("last"),
        sa.UniqueConstraint("prefix", "school_year"),
    )
    op.create_table(
        "issued",
        _id(),
        _text("kind"),
        _text("ref_no", unique=True),
        _text("title"),
        _number("student_id", nullable=True),
        _text("about_kind"),
        _number("about_id"),
        _text("issued_at"),
        _text("content_code"),
        _text("trail_head"),
        _text("fingerprint"),
        _text("sha256", unique=True),
        _number("size"),
        _number("drawn_size"),
        sa.Column("sheets", sa.JSON(), nullable=False),
        _bytes("pdf"),
    )
    op.create_index("ix_issued_about", "issued", ["about_kind", "about_id"])
    op.create_index("ix_issued_student_id", "issued", ["student_id"])
    op.create_table(
        "issued_copy",
        _id(),
        _number("issued_id"),
        _number("student_id", nullable=True),
        _text("made_at"),
        _text("sha256", unique=True),
        _number("size"),
    )
    op.create_index("ix_issued_copy_issued_id", "issued_copy", ["issued_id"])
    op.create_index("ix_issued_copy_student_id", "issued_copy", ["student_id"])
    op.create_table(
        "picture",
        _id(),
        sa.Column("kind", sa.String(length=40), nullable=False, unique=True),
        _text("sha256"),
        _bytes("png"),
    )
    op.create_table("letter_words", _id(), _text("name", unique=True), _text("text"))
