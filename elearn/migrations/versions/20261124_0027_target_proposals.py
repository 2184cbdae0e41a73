"""proposals of a target position"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0027"
down_revision = "20261124_0026"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "target_proposal",
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("position_class", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", WHOLE, nullable=False),
        sa.Column("proposed_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_target_proposal_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_class"],
            ["position_class.key"],
            name=op.f("fk_target_proposal_position_class"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_target_proposal_proposed_by")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_target_proposal")),
    )


def downgrade() -> None:
    op.drop_table("target_proposal")
