"""files whose bytes were removed on purpose"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0025"
down_revision = "20261124_0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("blob", sa.Column("removed_ms", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("blob", "removed_ms")
