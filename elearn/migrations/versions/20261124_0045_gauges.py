"""gauges of branches, as they were read off people last"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0045"
down_revision = "20261124_0044"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "branch_gauge",
        sa.Column("unit_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position_class", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", WHOLE, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("people", WHOLE, nullable=False),
        sa.Column("matching", WHOLE, nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint(
            "unit_id", "position_class", "kind", "year", "key", name=op.f("pk_branch_gauge")
        ),
    )
    op.create_table(
        "gauge_reading",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("read_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gauge_reading")),
    )


def downgrade() -> None:
    op.drop_table("gauge_reading")
    op.drop_table("branch_gauge")
