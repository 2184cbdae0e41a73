"""replaced certificates"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0029"
down_revision = "20261124_0028"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCE = ["source_kind", "source_id"]
STANDING = sa.text("replacement_id IS NULL")
WITHOUT_BADGES = """DELETE FROM badge WHERE certificate_id IN
  (SELECT id FROM certificate WHERE replacement_id IS NOT NULL)"""
WITHOUT_NUMBERS = """UPDATE register_number SET certificate_id = NULL WHERE certificate_id IN
  (SELECT id FROM certificate WHERE replacement_id IS NOT NULL)"""
ONE_OF_A_SOURCE = "uq_certificate_source_kind_source_id"


def upgrade() -> None:
    op.add_column("certificate", sa.Column("replacement_id", sa.String(length=40), nullable=True))
    op.add_column("certificate", sa.Column("replaced_ms", sa.BigInteger(), nullable=True))
    op.add_column("certificate", sa.Column("replaced_by", WHOLE, nullable=True))
    op.add_column(
        "certificate",
        sa.Column("replaced_reason", sa.String(length=400), nullable=False, server_default=""),
    )
    with op.batch_alter_table("certificate") as table:
        table.drop_constraint(op.f(ONE_OF_A_SOURCE), type_="unique")
    op.create_index(
        "ix_certificate_standing",
        "certificate",
        SOURCE,
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        op.f("ix_certificate_replacement_id"), "certificate", ["replacement_id"], unique=True
    )


def downgrade() -> None:
    # Two of one source cannot stand beside each other there: what was replaced goes.
    op.execute(WITHOUT_BADGES)
    op.execute(WITHOUT_NUMBERS)
    op.execute("DELETE FROM certificate WHERE replacement_id IS NOT NULL")
    op.drop_index(op.f("ix_certificate_replacement_id"), table_name="certificate")
    op.drop_index("ix_certificate_standing", table_name="certificate")
    with op.batch_alter_table("certificate") as table:
        table.drop_column("replaced_reason")
        table.drop_column("replaced_by")
        table.drop_column("replaced_ms")
        table.drop_column("replacement_id")
        table.create_unique_constraint(op.f(ONE_OF_A_SOURCE), SOURCE)
