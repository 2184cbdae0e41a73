"""marks of what was done for the installation, errors and slow statements by day"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0039"
down_revision = "20261124_0038"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at_ms", WHOLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
    )
    op.create_index("ix_mark_kind_at_ms", "mark", ["kind", "at_ms"])
    op.create_table(
        "failure",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("times", WHOLE, nullable=False),
        sa.Column("last_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", "code", name=op.f("pk_failure")),
    )
    op.create_table(
        "slow_statement",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("times", WHOLE, nullable=False),
        sa.Column("slowest_ms", WHOLE, nullable=False),
        sa.Column("last_ms", WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("day", "digest", name=op.f("pk_slow_statement")),
    )


def downgrade() -> None:
    op.drop_table("slow_statement")
    op.drop_table("failure")
    op.drop_table("mark")
