"""editions of the privacy notice"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0017"
down_revision = "20261124_0016"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notice_edition",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", WHOLE, nullable=False),
        sa.Column("written_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_notice_edition_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_edition")),
    )
    op.create_index(op.f("ix_notice_edition_from_day"), "notice_edition", ["from_day"])


def downgrade() -> None:
    op.drop_table("notice_edition")
