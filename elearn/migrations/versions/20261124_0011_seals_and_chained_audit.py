"""seals and chained audit"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from elearn.journal import guards

revision = "20261124_0011"
down_revision = "20261124_0010"
branch_labels = None
depends_on = None

WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHAINED = ("actor_id", "seq", "action", "subject_id", "body", "at_ms")
PORTION = 2000
EVIDENCE = "person_id, code, level, source_kind, source_id, at_ms"
HOURS = "person_id, source_kind, source_id, kind, jp, planned, ended_on, days, unit_id"


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("number", WHOLE, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sealed_ms", WHOLE, nullable=False),
        sa.Column("event_id", WHOLE, nullable=False),
        sa.Column("events", WHOLE, nullable=False),
        sa.Column("events_root", sa.String(length=64), nullable=False),
        sa.Column("heads", WHOLE, nullable=False),
        sa.Column("heads_root", sa.String(length=64), nullable=False),
        sa.Column("audit_id", WHOLE, nullable=False),
        sa.Column("audit_heads", WHOLE, nullable=False),
        sa.Column("audit_root", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seal")),
    )
    op.create_table(
        "audit_head",
        sa.Column("actor", WHOLE, autoincrement=False, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_audit_head")),
    )
    op.add_column("audit_entry", sa.Column("seq", WHOLE, server_default="0", nullable=False))
    op.add_column(
        "audit_entry", sa.Column("digest", sa.String(length=64), server_default="", nullable=False)
    )
    chain_what_is_there()
    op.drop_index(op.f("ix_audit_entry_actor_id"), table_name="audit_entry")
    op.create_index("ix_audit_entry_actor_seq", "audit_entry", ["actor_id", "seq"], unique=True)
    op.create_index(op.f("ix_audit_entry_action"), "audit_entry", ["action"], unique=False)
    for table in ("seal", "audit_entry"):
        for statement in guards.statements(op.get_bind().dialect.name, table):
            op.execute(statement)
    # A number that means nothing can be changed unnoticed: these rows are named by what they say.
    remake("evidence", EVIDENCE, create_evidence)
    remake("hours_entry", HOURS, create_hours_entry)


def chain_what_is_there() -> None:
    """Give the entries written so far their place in the chain of their actor."""
    connection = op.get_bind()
    heads: dict[int, tuple[int, str]] = {}
    last = 0
    columns = "id, actor_id, action, subject_id, body, at_ms"
    wanted = sa.text(f"SELECT {columns} FROM audit_entry WHERE id > :last ORDER BY id LIMIT :most")  # noqa: S608
    while found := connection.execute(wanted, {"last": last, "most": PORTION}).mappings().all():
        last = found[-1]["id"]
        links = [linked(dict(row), heads) for row in found]
        chained = "UPDATE audit_entry SET seq = :seq, digest = :digest WHERE id = :id"
        connection.execute(sa.text(chained), links)
    if heads:
        rows = [{"actor": who, "seq": at[0], "digest": at[1]} for who, at in heads.items()]
        added = "INSERT INTO audit_head (actor, seq, digest) VALUES (:actor, :seq, :digest)"
        connection.execute(sa.text(added), rows)


def linked(row: Mapping[str, Any], heads: dict[int, tuple[int, str]]) -> dict[str, Any]:
    actor = row["actor_id"] or 0
    seq, digest = heads.get(actor, (0, "0" * 64))
    values = {**row, "seq": seq + 1}
    text = json.dumps(
        [digest, *(values[name] for name in CHAINED)], ensure_ascii=False, separators=(",", ":")
    )
    heads[actor] = (seq + 1, hashlib.sha256(text.encode()).hexdigest())
    return {"id": row["id"], "seq": seq + 1, "digest": heads[actor][1]}


def remake(table: str, columns: str, create: Callable[[], None]) -> None:
    """Make a table that nothing refers to anew, and keep its rows."""
    op.execute(f"CREATE TEMPORARY TABLE kept AS SELECT {columns} FROM {table}")  # noqa: S608
    op.drop_table(table)
    create()
    op.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM kept")  # noqa: S608
    op.execute("DROP TABLE kept")


def create_evidence(old: bool = False) -> None:
    key = ("person_id", "code", "source_kind", "source_id")
    op.create_table(
        "evidence",
        *number(old),
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("level", WHOLE, nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("level between 1 and 5", name=op.f("ck_evidence_level")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_evidence_person_id")),
        *keys("evidence", key, old),
    )


def create_hours_entry(old: bool = False) -> None:
    key = ("person_id", "source_kind", "source_id")
    op.create_table(
        "hours_entry",
        *number(old),
        sa.Column("person_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("jp", WHOLE, nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("unit_id", WHOLE, nullable=False),
        sa.CheckConstraint("jp >= 1", name=op.f("ck_hours_entry_jp")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hours_entry_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_hours_entry_unit_id")),
        *keys("hours_entry", key, old),
    )
    op.create_index(
        "ix_hours_entry_person_ended", "hours_entry", ["person_id", "ended_on"], unique=False
    )


def number(old: bool) -> list[sa.Column[Any]]:
    return [sa.Column("id", WHOLE, nullable=False)] if old else []


def keys(table: str, key: tuple[str, ...], old: bool) -> list[sa.Constraint]:
    if not old:
        return [sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))]
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*key, name=op.f(f"uq_{table}_{'_'.join(key)}")),
    ]


def downgrade() -> None:
    remake("hours_entry", HOURS, lambda: create_hours_entry(old=True))
    remake("evidence", EVIDENCE, lambda: create_evidence(old=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for verb in ("update", "delete") if is_sqlite else ("update", "delete", "truncate"):
        op.execute(f"DROP TRIGGER audit_entry_no_{verb}{'' if is_sqlite else ' ON audit_entry'}")
    op.drop_index(op.f("ix_audit_entry_action"), table_name="audit_entry")
    op.drop_index("ix_audit_entry_actor_seq", table_name="audit_entry")
    op.create_index(op.f("ix_audit_entry_actor_id"), "audit_entry", ["actor_id"], unique=False)
    op.drop_column("audit_entry", "digest")
    op.drop_column("audit_entry", "seq")
    op.drop_table("audit_head")
    op.drop_table("seal")
