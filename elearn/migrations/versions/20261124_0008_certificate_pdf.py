"""certificate pdf"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0008"
down_revision = "20261124_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "certificate",
        sa.Column("pdf_digest", sa.String(length=64), nullable=False, server_default=""),
    )
    op.create_index(op.f("ix_certificate_pdf_digest"), "certificate", ["pdf_digest"])


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_pdf_digest"), table_name="certificate")
    op.drop_column("certificate", "pdf_digest")
