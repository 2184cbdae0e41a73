"""sheets that were brought in, with what they did"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0041"
down_revision = "20261124_0040"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sheet_import",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("imported_by", WHOLE, nullable=False),
        sa.Column("imported_ms", sa.BigInteger(), nullable=False),
        sa.Column("rows", WHOLE, nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("undone_by", WHOLE, nullable=True),
        sa.Column("undone_ms", sa.BigInteger(), nullable=True),
        sa.Column("left", WHOLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["person.id"], name=op.f("fk_sheet_import_imported_by")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name=op.f("fk_sheet_import_undone_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_import")),
    )
    op.create_index("ix_sheet_import_kind", "sheet_import", ["kind", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_sheet_import_kind", table_name="sheet_import")
    op.drop_table("sheet_import")
