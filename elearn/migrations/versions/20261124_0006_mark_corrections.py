"""mark corrections"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0006"
down_revision = "20261124_0005"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("essay_mark", sa.Column("revision", WHOLE, nullable=False, server_default="1"))
    op.create_table(
        "mark_correction",
        sa.Column("attempt_id", sa.String(length=32), nullable=False),
        sa.Column("position", WHOLE, nullable=False),
        sa.Column("revision", WHOLE, nullable=False),
        sa.Column("before_points", sa.Text(), nullable=False),
        sa.Column("after_points", sa.Text(), nullable=False),
        sa.Column("before_comment", sa.Text(), nullable=False),
        sa.Column("after_comment", sa.Text(), nullable=False),
        sa.Column("before_tenths", WHOLE, nullable=True),
        sa.Column("after_tenths", WHOLE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", WHOLE, nullable=False),
        sa.Column("corrected_ms", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id", "position"],
            ["essay_mark.attempt_id", "essay_mark.position"],
            name=op.f("fk_mark_correction_attempt_id_position"),
        ),
        sa.ForeignKeyConstraint(
            ["corrected_by"], ["person.id"], name=op.f("fk_mark_correction_corrected_by")
        ),
        sa.PrimaryKeyConstraint(
            "attempt_id", "position", "revision", name=op.f("pk_mark_correction")
        ),
    )


def downgrade() -> None:
    op.drop_table("mark_correction")
    op.drop_column("essay_mark", "revision")
