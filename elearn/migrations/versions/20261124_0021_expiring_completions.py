"""expiring completions and renewing certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0021"
down_revision = "20261124_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("completion", sa.Column("expires_on", sa.Date(), nullable=True))
    op.create_index("ix_completion_expires", "completion", ["expires_on", "enrolment_id"])
    op.add_column("certificate", sa.Column("expires_on", sa.Date(), nullable=True))
    op.add_column("certificate", sa.Column("renews", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_certificate_renews"), "certificate", ["renews"])


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_renews"), table_name="certificate")
    op.drop_column("certificate", "renews")
    op.drop_column("certificate", "expires_on")
    op.drop_index("ix_completion_expires", table_name="completion")
    op.drop_column("completion", "expires_on")
