"""required levels with the day from which they hold"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "20261124_0032"
down_revision = "20261124_0031"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEED_FROM = date(2017, 1, 1)


def upgrade() -> None:
    held = _held("position_class, code, level")
    op.drop_table("requirement")
    table = _create(
        "level between 0 and 5",
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("changed_by", WHOLE, nullable=True),
        sa.Column("changed_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["person.id"], name=op.f("fk_requirement_changed_by")
        ),
        sa.PrimaryKeyConstraint("position_class", "code", "valid_from", name="pk_requirement"),
    )
    op.bulk_insert(table, [{**row, "valid_from": SEED_FROM, "reason": ""} for row in held])


def downgrade() -> None:
    held = _held("position_class, code, level, valid_from")
    newest = {(row["position_class"], row["code"]): row["level"] for row in held}
    op.drop_table("requirement")
    table = _create(
        "level between 1 and 5",
        sa.PrimaryKeyConstraint("position_class", "code", name="pk_requirement"),
    )
    kept = [
        {"position_class": key, "code": code, "level": level}
        for (key, code), level in newest.items()
        if level
    ]
    op.bulk_insert(table, kept)


def _held(columns: str) -> list[dict[str, object]]:
    order = "valid_from" if "valid_from" in columns else "code"
    found = op.get_bind().execute(sa.text(f"SELECT {columns} FROM requirement ORDER BY {order}"))  # noqa: S608  # our own words
    return [dict(row._mapping) for row in found]


def _create(level: str, *more: sa.schema.SchemaItem) -> sa.Table:
    return op.create_table(
        "requirement",
        sa.Column("position_class", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        *more,
        sa.CheckConstraint(level, name=op.f("ck_requirement_level")),
        sa.ForeignKeyConstraint(["code"], ["competency.code"], name=op.f("fk_requirement_code")),
        sa.ForeignKeyConstraint(
            ["position_class"], ["position_class.key"], name=op.f("fk_requirement_position_class")
        ),
    )
