"""assessed levels that were corrected: withdrawn ones stay, another may take their day"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0028"
down_revision = "20261124_0027"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "assessed_level"
DAY = ["person_id", "code", "assessed_on"]
STANDING = "ix_assessed_level_standing"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f("uq_assessed_level_person_id_code_assessed_on"), type_="unique")
        table.add_column(sa.Column("withdrawn_ms", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("withdrawn_by", WHOLE, nullable=True))
        table.add_column(
            sa.Column("withdrawn_reason", sa.String(length=400), nullable=False, server_default="")
        )
        table.create_foreign_key(
            op.f("fk_assessed_level_withdrawn_by"), "person", ["withdrawn_by"], ["id"]
        )
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("withdrawn_reason", server_default=None)
    standing = sa.text("withdrawn_ms IS NULL")
    op.create_index(
        STANDING, TABLE, DAY, unique=True, sqlite_where=standing, postgresql_where=standing
    )


def downgrade() -> None:
    op.drop_index(STANDING, table_name=TABLE)
    op.execute("DELETE FROM assessed_level WHERE withdrawn_ms IS NOT NULL")
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f("fk_assessed_level_withdrawn_by"), type_="foreignkey")
        table.drop_column("withdrawn_reason")
        table.drop_column("withdrawn_by")
        table.drop_column("withdrawn_ms")
        table.create_unique_constraint(op.f("uq_assessed_level_person_id_code_assessed_on"), DAY)
