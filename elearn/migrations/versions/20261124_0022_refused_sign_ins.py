"""refused sign-ins, counted"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0022"
down_revision = "20261124_0021"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "refused_sign_in",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("quarter_ms", sa.BigInteger(), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("times", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_refused_sign_in_person_id")
        ),
        sa.PrimaryKeyConstraint("subject", "quarter_ms", name=op.f("pk_refused_sign_in")),
    )


def downgrade() -> None:
    op.drop_table("refused_sign_in")
