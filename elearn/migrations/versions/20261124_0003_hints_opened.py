"""hints opened"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0003"
down_revision = "20261124_0002"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hint_opened",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("hint", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_hint_opened_attempt_id")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", "hint", name=op.f("pk_hint_opened")),
    )


def downgrade() -> None:
    op.drop_table("hint_opened")
