"""essay turns"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0007"
down_revision = "20261124_0006"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "essay_turn",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("marker_id", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_essay_turn_attempt_id")
        ),
        sa.ForeignKeyConstraint(["marker_id"], ["person.id"], name=op.f("fk_essay_turn_marker_id")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_essay_turn")),
    )
    op.create_index("ix_essay_turn_marker_id", "essay_turn", ["marker_id"])


def downgrade() -> None:
    op.drop_index("ix_essay_turn_marker_id", table_name="essay_turn")
    op.drop_table("essay_turn")
