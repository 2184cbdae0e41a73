"""One byte of any column of any row that matters is changed by hand, and verification names it."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from elearn.canonical import GENESIS
from elearn.journal import guards
from elearn.journal.links import link
from elearn.proofs import verification
from elearn.proofs.verification import Finding
from tests.proofs.conftest import Filled

# What each table may be called in what is found: a row without its head is told by the head too.
TABLES = {
    "event": 2,
    "chain_head": 1,
    "seal": 1,
    "evidence": 1,
    "certificate": 2,  # the last is in the place of the one before
    "badge": 1,
    "hours_entry": 1,
    "hours_year": 1,
    "assessed_level": 1,
    "audit_entry": 2,
    "audit_head": 1,
    "course_progress": 1,
    "completion": 1,
    "attempt": 1,
    "attempt_answer": 1,
    "reflection_text": 1,
}
# What no event tells of, and why that harms no record.
UNTOLD = {
    # the order in which options were shown
    "attempt": {"questions"},
    # when an answer came before the hand-in, and its number on the device
    "attempt_answer": {"counter", "saved_ms"},
    # free text may be erased: a reflection that is gone from its place is no fault
    "reflection_text": {"enrolment_id"},
}
BITS = (1, 128)  # of the byte that is changed
SEED = 20261124


def found_in(filled: Filled) -> list[Finding]:
    return list(verification.findings(lambda _rows: None))


def by_hand(filled: Filled, *statements: str, values: Any = ()) -> None:
    """Change the file as somebody who may do anything to it."""
    with closing(sqlite3.connect(filled.path)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            database.execute(statement, values)
        database.commit()


def rows_of(filled: Filled, table: str, most: int) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(filled.path)) as database:
        database.row_factory = sqlite3.Row
        wanted = f"SELECT rowid AS rowid_, * FROM {table} ORDER BY rowid DESC LIMIT {most}"
        return [dict(row) for row in database.execute(wanted)]


def changes(value: Any, chance: random.Random) -> Iterator[Any]:
    """The value with one bit of one byte turned over, as the file would hold it."""
    if isinstance(value, int):
        yield from (value ^ 1, value ^ 64)
    elif isinstance(value, str) and value:
        data = value.encode()
        for bit in BITS:
            place = chance.randrange(len(data))
            yield data[:place] + bytes([data[place] ^ bit]) + data[place + 1 :]


def put(filled: Filled, table: str, row: dict[str, Any], column: str, value: Any) -> bool:
    """Write a changed value; False where a unique constraint does not let it be."""
    text = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
    statement = f"UPDATE {table} SET {column} = {text} WHERE rowid = ?"
    try:
        by_hand(filled, statement, values=(value, row["rowid_"]))
    except sqlite3.IntegrityError:
        return False
    return True


def test_nothing_is_found_where_nothing_was_changed(filled: Filled) -> None:
    assert found_in(filled) == []


@pytest.mark.parametrize("table", TABLES)
def test_a_changed_byte_is_found_in_every_column(filled: Filled, table: str) -> None:
    chance, missed, tried = random.Random(f"{SEED}{table}"), [], set()  # noqa: S311
    rows = rows_of(filled, table, TABLES[table])
    for row in rows:
        for column in row.keys() - {"rowid_"} - UNTOLD.get(table, set()):
            for value in changes(row[column], chance):
                filled.put_back()
                if not put(filled, table, row, column, value):
                    continue
                tried.add(column)
                if table not in {finding.table for finding in found_in(filled)}:
                    missed.append((column, row[column], value))
    assert missed == []
    assert rows[0].keys() - tried - UNTOLD.get(table, set()) <= {"rowid_"} | {
        "subject_id",
        "actor_id",
        "pdf_digest",
        "signed_digest",
        "score_tenths",
    }


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM event WHERE seq = 2 AND person_id = {ani}", "event"),
        ("DELETE FROM event WHERE id = (SELECT max(id) FROM event)", "chain_head"),
        ("DELETE FROM chain_head WHERE person_id = {ani}", "chain_head"),
        ("DELETE FROM audit_entry WHERE id = 2", "audit_entry"),
        ("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)", "audit_head"),
        ("DELETE FROM audit_head", "audit_head"),
        ("DELETE FROM evidence WHERE code = 'M.05'", "evidence"),
        ("DELETE FROM certificate", "certificate"),
        ("UPDATE certificate SET pdf_digest = 'ab'", "certificate"),
        ("UPDATE certificate SET signed_digest = 'ab'", "certificate"),
        ("DELETE FROM completion", "completion"),
        ("INSERT INTO blob VALUES ('ab', 'application/pdf', x'00', NULL)", "blob"),
        ("INSERT INTO hours_year VALUES ({ani}, 1999, 20, 20)", "hours_year"),
    ],
)
def test_a_row_that_is_gone_or_added_is_told(filled: Filled, statement: str, told: str) -> None:
    by_hand(filled, statement.format(ani=filled.ani))
    assert told in {finding.table for finding in found_in(filled)}


@pytest.mark.parametrize("row", [{"table": "event", "column": "kind", "row": "id = 3"}])
def test_the_row_is_named(filled: Filled, row: dict[str, str]) -> None:
    by_hand(filled, f"UPDATE {row['table']} SET {row['column']} = 'x' WHERE {row['row']}")
    first = found_in(filled)[0]
    assert str(first).startswith("event 3: changed")


def test_a_history_chained_anew_is_told_by_the_seal(filled: Filled) -> None:
    """Somebody who rewrites an event, all links after it and the head cannot sign the root."""
    rechained(filled, lambda row: row | {"happened_ms": row["happened_ms"] + 1})
    found = found_in(filled)
    assert {finding.table for finding in found} >= {"seal"}
    assert {finding.table for finding in found} & {"event", "chain_head"} == set()


def test_a_tail_cut_off_with_its_head_is_told_by_the_seal(filled: Filled) -> None:
    last = f"(SELECT max(id) FROM event WHERE person_id = {filled.ani})"
    before = f"(SELECT digest FROM event WHERE id = {last} - 1)"
    by_hand(
        filled,
        f"UPDATE chain_head SET seq = seq - 1, digest = {before} WHERE person_id = {filled.ani}",
        f"DELETE FROM event WHERE id = {last}",
    )
    told = {finding.table for finding in found_in(filled)}
    assert "seal" in told


def rechained(filled: Filled, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change Ani's first event and chain all of hers anew."""
    with closing(sqlite3.connect(filled.path)) as database:
        database.row_factory = sqlite3.Row
        wanted = "SELECT * FROM event WHERE person_id = ? ORDER BY seq"
        rows = [dict(row) for row in database.execute(wanted, (filled.ani,))]
    rows[0] = change(rows[0])
    digest = GENESIS
    for row in rows:
        digest = link(digest, row)
        values = (row["happened_ms"], digest, row["id"])
        by_hand(filled, "UPDATE event SET happened_ms = ?, digest = ? WHERE id = ?", values=values)
    head = "UPDATE chain_head SET digest = ? WHERE person_id = ?"
    by_hand(filled, head, values=(digest, filled.ani))


def test_only_what_is_appended_is_guarded_by_the_database() -> None:
    assert set(guards.GUARDED) == {"event", "seal", "audit_entry"}
