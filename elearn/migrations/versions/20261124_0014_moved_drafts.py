"""moved drafts"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0014"
down_revision = "20261124_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "draft_revision",
        sa.Column("other_path", sa.String(length=200), server_default="", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("draft_revision", "other_path")
