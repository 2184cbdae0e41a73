"""counters of study by branch and month, and the position class of a completion"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0036"
down_revision = "20261124_0035"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COUNTERS = (
    "enrolled",
    "begun",
    "tried",
    "finished",
    "lessons",
    "attempts",
    "completed",
    "certificates",
    "learners",
)


def upgrade() -> None:
    post = sa.Column("position_class", sa.String(length=40), server_default="", nullable=False)
    op.add_column("completion", post)
    op.create_table(
        "branch_month",
        sa.Column("unit_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position_class", sa.String(length=40), nullable=False),
        sa.Column("month", WHOLE, autoincrement=False, nullable=False),
        sa.Column("course_id", WHOLE, autoincrement=False, nullable=False),
        *(sa.Column(name, WHOLE, nullable=False) for name in COUNTERS),
        sa.PrimaryKeyConstraint(
            "unit_id", "position_class", "month", "course_id", name=op.f("pk_branch_month")
        ),
    )
    op.create_table(
        "counted_unit",
        sa.Column("unit_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_counted_unit")),
    )
    op.create_table(
        "rollup",
        sa.Column("id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("event_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("current_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup")),
    )


def downgrade() -> None:
    op.drop_table("rollup")
    op.drop_table("counted_unit")
    op.drop_table("branch_month")
    op.drop_column("completion", "position_class")
