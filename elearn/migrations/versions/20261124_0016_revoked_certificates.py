"""revoked certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0016"
down_revision = "20261124_0015"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("certificate", sa.Column("revoked_ms", sa.BigInteger(), nullable=True))
    op.add_column("certificate", sa.Column("revoked_by", WHOLE, nullable=True))
    op.add_column(
        "certificate",
        sa.Column("revoked_reason", sa.String(length=400), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("certificate", "revoked_reason")
    op.drop_column("certificate", "revoked_by")
    op.drop_column("certificate", "revoked_ms")
