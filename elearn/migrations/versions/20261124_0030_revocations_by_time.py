"""revocations by time"""

from alembic import op

revision = "20261124_0030"
down_revision = "20261124_0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_certificate_revoked_ms"), "certificate", ["revoked_ms"])


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_revoked_ms"), table_name="certificate")
