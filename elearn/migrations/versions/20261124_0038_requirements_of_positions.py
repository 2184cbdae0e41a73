"""requirements of single positions, and a position as a target"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0038"
down_revision = "20261124_0037"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POINTERS = (("person", "target_position_id"), ("target_proposal", "position_id"))


def upgrade() -> None:
    op.create_table(
        "position_requirement",
        sa.Column("position_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("level", WHOLE, nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=False),
        sa.Column("changed_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("level between 0 and 5", name=op.f("ck_position_requirement_level")),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_position_requirement_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["code"], ["competency.code"], name=op.f("fk_position_requirement_code")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_position_requirement_position_id")
        ),
        sa.PrimaryKeyConstraint(
            "position_id", "code", "valid_from", name=op.f("pk_position_requirement")
        ),
    )
    # Both databases take the reference with the column; only so is no large table written anew.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table, column in POINTERS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT fk_{table}_{column} REFERENCES position (id)"
        )


def downgrade() -> None:
    for table, column in POINTERS:
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("position_requirement")
