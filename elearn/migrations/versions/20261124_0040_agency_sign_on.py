"""sign-on with the agency's account: how somebody got in, and attempts that have been answered"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0040"
down_revision = "20261124_0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in") as table:
        table.add_column(
            sa.Column("way", sa.String(length=10), server_default="password", nullable=False)
        )
    op.create_table(
        "spent_attempt",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_spent_attempt")),
    )
    op.create_index(op.f("ix_spent_attempt_until_ms"), "spent_attempt", ["until_ms"])


def downgrade() -> None:
    op.drop_index(op.f("ix_spent_attempt_until_ms"), table_name="spent_attempt")
    op.drop_table("spent_attempt")
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("way")
