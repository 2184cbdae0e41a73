"""roster: imports of people, and what is remembered of files"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261124_0026"
down_revision = "20261124_0025"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind in ('new', 'moved', 'changed', 'back', 'leaver', 'same', 'refused')"


def upgrade() -> None:
    op.create_table(
        "roster_import",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("asked_by", WHOLE, nullable=True),
        sa.Column("asked_ms", sa.BigInteger(), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", WHOLE, nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sheet", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("applied_ms", sa.BigInteger(), nullable=True),
        sa.Column("undone_ms", sa.BigInteger(), nullable=True),
        foreign("roster_import", "asked_by", "person.id"),
        foreign("roster_import", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_index("ix_roster_import_asked", "roster_import", ["asked_by", "asked_ms"])
    op.create_table(
        "roster_row",
        sa.Column("import_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("person_id", WHOLE, nullable=True),
        sa.Column("unit_id", WHOLE, nullable=True),
        sa.Column("siasn_id", sa.String(length=64), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("parent_name", sa.String(length=200), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.Column("twin_id", WHOLE, nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("is_left", sa.Boolean(), nullable=False),
        *image(),
        sa.CheckConstraint(KINDS, name=op.f("ck_roster_row_kind")),
        foreign("roster_row", "import_id", "roster_import.id"),
        foreign("roster_row", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_roster_row")),
    )
    op.create_index("ix_roster_row_kind", "roster_row", ["import_id", "kind", "sort_name"])
    op.create_table(
        "roster_before",
        sa.Column("import_id", WHOLE, nullable=False),
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=True),
        *image(),
        foreign("roster_before", "import_id", "roster_import.id"),
        foreign("roster_before", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_roster_before")),
    )
    op.create_table(
        "roster_mapping",
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("mapped_by", WHOLE, nullable=True),
        sa.Column("mapped_ms", sa.BigInteger(), nullable=False),
        foreign("roster_mapping", "mapped_by", "person.id"),
        sa.PrimaryKeyConstraint("signature", name=op.f("pk_roster_mapping")),
    )
    op.create_table(
        "unit_alias",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent", sa.String(length=200), nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        foreign("unit_alias", "unit_id", "unit.id"),
        sa.PrimaryKeyConstraint("name", "parent", name=op.f("pk_unit_alias")),
    )
    op.create_index(op.f("ix_unit_alias_unit_id"), "unit_alias", ["unit_id"])
    op.create_table(
        "siasn_person",
        sa.Column("siasn_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        foreign("siasn_person", "person_id", "person.id"),
        sa.PrimaryKeyConstraint("siasn_id", name=op.f("pk_siasn_person")),
        sa.UniqueConstraint("person_id", name=op.f("uq_siasn_person_person_id")),
    )
    # Without it each person that is deleted costs a look at all others.
    op.create_index(op.f("ix_person_supervisor_id"), "person", ["supervisor_id"])


def image() -> list[sa.Column[Any]]:
    """A person as an import sees them."""
    texts = {
        "nip": 18,
        "name": 200,
        "sort_name": 200,
        "degrees_before": 60,
        "degrees_after": 60,
        "status": 10,
        "grade": 10,
        "position_name": 200,
        "position_class": 40,
        "whatsapp": 20,
    }
    return [
        *(sa.Column(name, sa.String(length=size), nullable=False) for name, size in texts.items()),
        sa.Column("contract_start", sa.Date(), nullable=True),
        sa.Column("contract_end", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
    ]


def foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A reference, named as the models name it."""
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    op.drop_index(op.f("ix_person_supervisor_id"), table_name="person")
    for table in (
        "siasn_person",
        "unit_alias",
        "roster_mapping",
        "roster_before",
        "roster_row",
        "roster_import",
    ):
        op.drop_table(table)
