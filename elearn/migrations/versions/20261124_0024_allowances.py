"""allowances of public pages"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0024"
down_revision = "20261124_0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allowance",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("whole_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_allowance")),
    )


def downgrade() -> None:
    op.drop_table("allowance")
