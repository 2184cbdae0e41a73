"""breaches of personal data, and what was done about them"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0031"
down_revision = "20261124_0030"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("found_ms", sa.BigInteger(), nullable=False),
        sa.Column("opened_by", WHOLE, nullable=False),
        sa.Column("opened_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_breach_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
    )
    op.create_table(
        "breach_entry",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("breach_id", WHOLE, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("done_ms", sa.BigInteger(), nullable=False),
        sa.Column("noted_by", WHOLE, nullable=False),
        sa.Column("noted_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["breach_id"], ["breach.id"], name=op.f("fk_breach_entry_breach_id")
        ),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_breach_entry_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_entry")),
    )
    op.create_index(op.f("ix_breach_entry_breach_id"), "breach_entry", ["breach_id"])


def downgrade() -> None:
    op.drop_table("breach_entry")
    op.drop_table("breach")
