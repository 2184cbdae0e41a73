"""`python -m bench.verify`: `elearn verify` over a million events, on one core, on SQLite.

Aim: under 60 s. The demo's agency is copied until its people have that many events; each copy is
chained anew, and everything is sealed in portions. Printed as a line for results.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import servers
from config import Config
from elearn import canonical, demo, schema
from elearn.app import create_app
from elearn.demo import seeding
from elearn.journal import guards, seal
from elearn.journal.links import link
from elearn.proofs import verification

EVENTS = 1_000_000
EVENTS_OF_SEAL = 10_000
DIGITS = 4  # of a copy's number, which begins the ids that are texts
# Tables of a person, with the columns that hold an id of a person, an enrolment, another row.
TABLES = {
    "person": {"id": "person"},
    "enrolment": {"id": "enrolment", "person_id": "person"},
    "course_progress": {"enrolment_id": "enrolment", "person_id": "person"},
    "completion": {"enrolment_id": "enrolment", "person_id": "person"},
    "evidence": {"person_id": "person"},
    "hours_entry": {"person_id": "person"},
    "hours_year": {"person_id": "person"},
    "assessed_level": {"id": "assessed_level", "person_id": "person"},
    "outside_learning": {"id": "outside_learning", "person_id": "person"},
    "attempt": {"id": "attempt", "enrolment_id": "enrolment", "person_id": "person"},
    "attempt_answer": {"attempt_id": "attempt"},
    "essay_mark": {"attempt_id": "attempt"},
    "mark_correction": {"attempt_id": "attempt"},
    "reflection_text": {"enrolment_id": "enrolment"},
}
KINDS_WITH_ID = {"level_assessed": "assessed_level", "level_withdrawn": "assessed_level"}
# Columns and parts of a body that name another certificate, or none.
OTHERS = ("renews", "replacement", "replacement_id")


def main() -> None:
    """Build, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.verify", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument(
        "--people", type=int, default=demo.PEOPLE, help="of the demo that is copied"
    )
    parser.add_argument("--keep", type=Path, help="a folder that keeps the database")
    asked = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as made:
        print(_measure(asked.keep or Path(made), asked.events, asked.people), flush=True)


def _measure(folder: Path, events: int, people: int) -> str:
    path = folder / "verify.db"
    address = f"sqlite:///{path}"
    url = "http://localhost"
    app = create_app(Config(address, servers.SECRET, url=url, keys=folder / "keys"))
    with app.app_context():
        if not path.exists():
            schema.upgrade()
            seeding.seed(servers.ROOT / "courses", people)
            _copy_until(path, events)
            seal.MOST_EVENTS = EVENTS_OF_SEAL
            seal.seal_now()
        begun, used = time.perf_counter(), time.process_time()
        found = list(verification.findings(lambda _rows: None))
        seconds, cpu = time.perf_counter() - begun, time.process_time() - used
        assert not found, found[:5]
    with closing(sqlite3.connect(path)) as database:
        counts = [_count(database, table) for table in ("event", "person", "seal")]
    size, memory = path.stat().st_size / 1e6, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (
        f"{counts[0]:,} events of {counts[1]:,} people, {counts[2]} seals, {size:,.0f} MB: "
        f"{seconds:.1f} s ({cpu:.1f} s of the core, at most {memory / 1024:,.0f} MB)"
    )


def _count(database: sqlite3.Connection, table: str) -> int:
    found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return found


@dataclass
class _Copier:
    """Copies rows with new ids: the id of copy n is the old one and n times the largest."""

    database: sqlite3.Connection
    largest: dict[str, int]

    def number(self, table: str, id_: int, copy: int) -> int:
        return id_ + copy * self.largest[table]

    def key(self, table: str, id_: Any, copy: int) -> Any:
        return _prefixed(id_, copy) if isinstance(id_, str) else self.number(table, id_, copy)

    def rows(self, table: str, copies: range) -> Iterator[dict[str, Any]]:
        originals = self.database.execute(f"SELECT * FROM {table}").fetchall()
        for copy in copies:
            yield from self._copies(table, originals, copy)

    def _copies(self, table: str, rows: list[sqlite3.Row], copy: int) -> Iterator[dict[str, Any]]:
        for row in rows:
            values = dict(row)
            for column, of in TABLES[table].items():
                values[column] = self.key(of, values[column], copy)
            if "source_id" in values:
                values["source_id"] = self.source(values["source_kind"], values["source_id"], copy)
            if table == "person":
                values["nip"] = f"{copy:0{DIGITS}}{values['id']:014}"
            yield values

    def source(self, kind: str, id_: str, copy: int) -> str:
        of = "enrolment" if kind == "course" else "outside_learning"
        return str(self.number(of, int(id_), copy))

    def body(self, kind: str, text: str, copy: int, digests: dict[str, str]) -> str:
        body = json.loads(text)
        if "enrolment" in body:
            body["enrolment"] = self.number("enrolment", body["enrolment"], copy)
        if "attempt" in body:
            body["attempt"] = _prefixed(body["attempt"], copy)
        if "source_id" in body:
            body["source_id"] = self.source(body["source_kind"], body["source_id"], copy)
        if kind.startswith("certificate_"):
            body["id"] = _prefixed(body["id"], copy)
            _prefix_others(body, copy)
        if kind == "certificate_issued":
            body |= {"number": f"{body['number']}-{copy}", "digest": digests[body["id"]]}
            body["serial"] += copy * len(digests)
        elif isinstance(body.get("id"), int):
            of = KINDS_WITH_ID.get(kind, "outside_learning")
            body["id"] = self.number(of, body["id"], copy)
        return canonical.text(body)


def _prefixed(id_: str, copy: int) -> str:
    return f"{copy:0{DIGITS}}{id_[DIGITS:]}"


def _prefix_others(values: dict[str, Any], copy: int) -> None:
    for name in OTHERS:
        if values.get(name):
            values[name] = _prefixed(values[name], copy)


def _copy_until(path: Path, events: int) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        largest = {
            table: database.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
            for table in ("person", "enrolment", "assessed_level", "outside_learning")
        }
        copier = _Copier(database, largest)
        copies = range(1, -(-events // _count(database, "event")))
        originals = database.execute("SELECT * FROM certificate").fetchall()
        digests = [_copy_certificates(copier, originals, copy) for copy in copies]
        for table in TABLES:
            _insert(database, table, copier.rows(table, copies))
        _copy_events(copier, copies, digests)
        database.commit()


def _copy_certificates(copier: _Copier, originals: list[sqlite3.Row], copy: int) -> dict[str, str]:
    """Returns the digest of each copied certificate by its id."""
    copied = []
    for row in originals:
        values = dict(row)
        values["person_id"] = copier.number("person", values["person_id"], copy)
        values["source_id"] = copier.source("course", values["source_id"], copy)
        values["id"] = _prefixed(values["id"], copy)
        _prefix_others(values, copy)
        values["serial"] += copy * len(originals)
        values["number"] = f"{values['number']}-{copy}"
        frozen = {**json.loads(values["frozen"]), "number": values["number"]}
        values["frozen"] = canonical.text(frozen)
        values["digest"] = canonical.digest(frozen)
        copied.append(values)
    _insert(copier.database, "certificate", copied)
    return {values["id"]: values["digest"] for values in copied}


def _copy_events(copier: _Copier, copies: range, digests: list[dict[str, str]]) -> None:
    """Each event is followed by its copies, as when many people learn at the same time."""
    database = copier.database
    heads = {}
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute(f"DROP TRIGGER {name}")
    originals = [dict(row) for row in database.execute("SELECT * FROM event ORDER BY id")]
    database.execute("DELETE FROM event")
    database.execute("DELETE FROM chain_head")

    def chained() -> Iterator[dict[str, Any]]:
        next_id = 0
        for row in originals:
            for copy in (0, *copies):
                next_id += 1
                values = {**row, "id": next_id}
                values["person_id"] = copier.number("person", row["person_id"], copy)
                if copy:
                    known = digests[copy - 1]
                    values["body"] = copier.body(row["kind"], row["body"], copy, known)
                previous = heads.get(values["person_id"], (0, canonical.GENESIS))[1]
                values["digest"] = link(previous, values)
                heads[values["person_id"]] = (values["seq"], values["digest"])
                yield values

    _insert(database, "event", chained())
    _insert(
        database,
        "chain_head",
        ({"person_id": who, "seq": at[0], "digest": at[1]} for who, at in heads.items()),
    )
    for table in guards.GUARDED:
        for statement in guards.statements("sqlite", table):
            database.execute(statement)


def _insert(database: sqlite3.Connection, table: str, rows: Any) -> None:
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})").fetchall()]
    places = ", ".join(f":{column}" for column in columns)
    database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})", rows)


if __name__ == "__main__":
    main()
