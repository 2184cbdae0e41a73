"""badges"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0020"
down_revision = "20261124_0019"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "badge",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("certificate_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_badge_certificate_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_badge_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_badge_certificate_id")),
    )
    op.create_index(op.f("ix_badge_person_id"), "badge", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_badge_person_id"), table_name="badge")
    op.drop_table("badge")
