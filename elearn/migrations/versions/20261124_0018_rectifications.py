"""requests to put data right"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0018"
down_revision = "20261124_0017"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "state in ('waiting', 'done', 'refused', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "rectification",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("paper_digest", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", WHOLE, nullable=True),
        sa.Column("decided_ms", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_rectification_state")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_rectification_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_digest"], ["blob.digest"], name=op.f("fk_rectification_paper_digest")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_rectification_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification")),
    )
    op.create_index(op.f("ix_rectification_person_id"), "rectification", ["person_id"])
    op.create_index(op.f("ix_rectification_paper_digest"), "rectification", ["paper_digest"])
    op.create_index("ix_rectification_state", "rectification", ["state", "asked_ms"])


def downgrade() -> None:
    op.drop_table("rectification")
