"""signed certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0012"
down_revision = "20261124_0011"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "certificate",
        sa.Column("needs_signature", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "certificate",
        sa.Column("signed_digest", sa.String(length=64), nullable=False, server_default=""),
    )
    op.create_index(op.f("ix_certificate_signed_digest"), "certificate", ["signed_digest"])
    op.create_table(
        "signed_upload",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("sent_by", WHOLE, nullable=False),
        sa.Column("sent_ms", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_signed_upload_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_upload")),
    )
    op.create_table(
        "package",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("asked_by", WHOLE, nullable=False),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("certificate_ids", sa.Text(), nullable=False),
        sa.Column("to_sign", sa.Boolean(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_package_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
    )


def downgrade() -> None:
    op.drop_table("package")
    op.drop_table("signed_upload")
    op.drop_index(op.f("ix_certificate_signed_digest"), table_name="certificate")
    op.drop_column("certificate", "signed_digest")
    op.drop_column("certificate", "needs_signature")
