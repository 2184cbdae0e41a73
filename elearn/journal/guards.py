"""Triggers that refuse any update or delete of what is only appended, for both databases."""

from __future__ import annotations

from collections.abc import Iterator

REFUSAL = "this table is append-only"
GUARDED = ("event", "seal", "audit_entry")
_SQLITE = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
_FUNCTION = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{refusal}'; END $$ LANGUAGE plpgsql"""
_POSTGRESQL = """CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"""


def statements(dialect: str, table: str = "event") -> Iterator[str]:
    """The DDL that makes a table append-only."""
    if dialect == "sqlite":
        for verb in ("update", "delete"):
            yield _SQLITE.format(table=table, verb=verb, refusal=REFUSAL)
        return
    yield _FUNCTION.format(refusal=REFUSAL)
    for verb in ("update", "delete", "truncate"):
        yield _POSTGRESQL.format(table=table, verb=verb)
