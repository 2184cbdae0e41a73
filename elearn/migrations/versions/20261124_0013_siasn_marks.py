"""siasn marks"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0013"
down_revision = "20261124_0012"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "siasn_mark",
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("siasn_id", sa.String(length=64), nullable=False),
        sa.Column("sent_by", WHOLE, nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_siasn_mark_person_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_siasn_mark_sent_by")),
        sa.PrimaryKeyConstraint("source_kind", "source_id", name=op.f("pk_siasn_mark")),
    )
    op.create_index(op.f("ix_siasn_mark_person_id"), "siasn_mark", ["person_id"])
    op.create_index("ix_hours_entry_ended", "hours_entry", ["ended_on", "person_id"])


def downgrade() -> None:
    op.drop_index("ix_hours_entry_ended", table_name="hours_entry")
    op.drop_table("siasn_mark")
