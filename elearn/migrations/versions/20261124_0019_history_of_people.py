"""history of people and units"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261124_0019"
down_revision = "20261124_0018"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EMPTY: dict[str, Any] = {"nullable": False, "server_default": ""}

# The days of the placements so far end where the next one began; the newest holds what the person
# is today, and what they were before is not known but for the unit.
ENDS = """UPDATE placement SET until_ms = (SELECT min(later.from_ms) FROM placement AS later
  WHERE later.person_id = placement.person_id AND later.from_ms > placement.from_ms)"""
PRESENT = """UPDATE placement SET
  position_id = (SELECT person.position_id FROM person WHERE person.id = placement.person_id),
  status = (SELECT person.status FROM person WHERE person.id = placement.person_id),
  grade = (SELECT person.grade FROM person WHERE person.id = placement.person_id)
  WHERE until_ms IS NULL"""
# Who was deactivated left on the day of the newest note of it in the audit log.
AWAY = """UPDATE placement SET leaving = 'other', until_ms = (SELECT max(audit_entry.at_ms)
  FROM audit_entry WHERE audit_entry.action = 'person:deactivated'
  AND audit_entry.subject_id = placement.person_id AND audit_entry.at_ms > placement.from_ms)
  WHERE until_ms IS NULL AND EXISTS (SELECT 1 FROM person
  WHERE person.id = placement.person_id AND NOT person.active)"""
SPANS = """INSERT INTO unit_span (unit_id, name, parent_id, from_ms)
  SELECT id, name, parent_id, 0 FROM unit"""
CONTRACTS = """INSERT INTO contract (person_id, starts_on, ends_on)
  SELECT id, contract_start, contract_end FROM person WHERE contract_start IS NOT NULL"""
STARTS = """UPDATE person SET contract_start = (SELECT max(contract.starts_on)
  FROM contract WHERE contract.person_id = person.id)"""
ENDED = """UPDATE person SET contract_end = (SELECT contract.ends_on FROM contract
  WHERE contract.person_id = person.id AND contract.starts_on = person.contract_start)"""
SUPERVISORS = """INSERT INTO supervision (person_id, supervisor_id, from_ms)
  SELECT id, supervisor_id, created_ms FROM person WHERE supervisor_id IS NOT NULL"""
HELD = "UPDATE role_grant SET from_ms = granted_ms"


def upgrade() -> None:
    _widen()
    _create_histories()
    _create_delegation()
    for statement in (ENDS, PRESENT, AWAY, SPANS, CONTRACTS, SUPERVISORS, HELD):
        op.execute(statement)
    op.drop_column("person", "contract_end")
    op.drop_column("person", "contract_start")


def _widen() -> None:
    with op.batch_alter_table("unit") as table:
        table.add_column(sa.Column("kind", sa.String(length=20), **EMPTY))
        table.add_column(sa.Column("rank", WHOLE, nullable=False, server_default="0"))
        table.add_column(sa.Column("closed_ms", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("merged_into_id", WHOLE, nullable=True))
        table.create_foreign_key(op.f("fk_unit_merged_into_id"), "unit", ["merged_into_id"], ["id"])
    with op.batch_alter_table("placement") as table:
        table.add_column(sa.Column("position_id", WHOLE, nullable=True))
        table.add_column(sa.Column("status", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("grade", sa.String(length=10), nullable=True))
        table.add_column(sa.Column("until_ms", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("reason", sa.String(length=200), **EMPTY))
        table.add_column(sa.Column("letter", sa.String(length=100), **EMPTY))
        table.add_column(sa.Column("cause", sa.String(length=40), **EMPTY))
        table.add_column(sa.Column("noted_by", WHOLE, nullable=True))
        table.add_column(sa.Column("leaving", sa.String(length=20), nullable=True))
        table.create_foreign_key(
            op.f("fk_placement_position_id"), "position", ["position_id"], ["id"]
        )
        table.create_foreign_key(op.f("fk_placement_noted_by"), "person", ["noted_by"], ["id"])
        table.create_index("ix_placement_unit_until", ["unit_id", "until_ms"])
    op.add_column(
        "role_grant", sa.Column("from_ms", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column("role_grant", sa.Column("until_ms", sa.BigInteger(), nullable=True))


def _create_histories() -> None:
    op.create_table(
        "unit_span",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_id", WHOLE, nullable=True),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), **EMPTY),
        sa.Column("cause", sa.String(length=40), **EMPTY),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_span_unit_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_span_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_span")),
    )
    op.create_index("ix_unit_span_unit_from", "unit_span", ["unit_id", "from_ms"])
    op.create_table(
        "unit_head",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_head_unit_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unit_head_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_head")),
    )
    op.create_index(op.f("ix_unit_head_unit_id"), "unit_head", ["unit_id"])
    op.create_index(op.f("ix_unit_head_person_id"), "unit_head", ["person_id"])
    op.create_table(
        "contract",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("letter", sa.String(length=100), **EMPTY),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contract_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
        sa.UniqueConstraint("person_id", "starts_on", name=op.f("uq_contract_person_id_starts_on")),
    )
    op.create_index(op.f("ix_contract_ends_on"), "contract", ["ends_on"])
    op.create_table(
        "supervision",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("supervisor_id", WHOLE, nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_supervision_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_supervision_supervisor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
    )
    op.create_index("ix_supervision_person_from", "supervision", ["person_id", "from_ms"])
    op.create_index(op.f("ix_supervision_supervisor_id"), "supervision", ["supervisor_id"])


def _create_delegation() -> None:
    keys = {"grant_id": "role_grant", "giver_id": "person", "person_id": "person"}
    keys["unit_id"] = "unit"
    op.create_table(
        "delegation",
        sa.Column("id", WHOLE, nullable=False),
        sa.Column("grant_id", WHOLE, nullable=True),
        sa.Column("giver_id", WHOLE, nullable=False),
        sa.Column("person_id", WHOLE, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", WHOLE, nullable=True),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("given_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_ms", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("from_ms < until_ms", name=op.f("ck_delegation_period")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{target}.id"], name=op.f(f"fk_delegation_{column}")
            )
            for column, target in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    for column in ("grant_id", "giver_id", "person_id"):
        op.create_index(op.f(f"ix_delegation_{column}"), "delegation", [column])


def downgrade() -> None:
    op.add_column("person", sa.Column("contract_start", sa.Date(), nullable=True))
    op.add_column("person", sa.Column("contract_end", sa.Date(), nullable=True))
    for statement in (STARTS, ENDED):
        op.execute(statement)
    for name in ("delegation", "supervision", "contract", "unit_head", "unit_span"):
        op.drop_table(name)
    op.drop_column("role_grant", "until_ms")
    op.drop_column("role_grant", "from_ms")
    with op.batch_alter_table("placement") as table:
        table.drop_index("ix_placement_unit_until")
        table.drop_constraint(op.f("fk_placement_noted_by"), type_="foreignkey")
        table.drop_constraint(op.f("fk_placement_position_id"), type_="foreignkey")
        for column in ("leaving", "noted_by", "cause", "letter", "reason", "until_ms"):
            table.drop_column(column)
        for column in ("grade", "status", "position_id"):
            table.drop_column(column)
    with op.batch_alter_table("unit") as table:
        table.drop_constraint(op.f("fk_unit_merged_into_id"), type_="foreignkey")
        for column in ("merged_into_id", "closed_ms", "rank", "kind"):
            table.drop_column(column)
