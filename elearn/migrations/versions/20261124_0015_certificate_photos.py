"""certificate photos"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0015"
down_revision = "20261124_0014"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certificate_photo",
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_certificate_photo_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_certificate_photo")),
    )


def downgrade() -> None:
    op.drop_table("certificate_photo")
