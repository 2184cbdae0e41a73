"""each change of a setting as a row of its own: who, when, from what to what, and why"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0035"
down_revision = "20261124_0034"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "setting_change",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("from_year", WHOLE, nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_change")),
    )
    op.create_index(op.f("ix_setting_change_key"), "setting_change", ["key"])
    # What stands is where the history begins: what it replaced was not kept.
    op.execute(
        "INSERT INTO setting_change (key, from_year, after, reason, changed_by, changed_ms) "
        "SELECT key, from_year, value, '', changed_by, changed_ms FROM setting ORDER BY id"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_setting_change_key"), table_name="setting_change")
    op.drop_table("setting_change")
