"""What of the demo is copied for `bench.hr`: people and enrolments, with their events."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench.rows import Row

# What an enrolment leaves behind, by the column that names it; and what a person has besides.
OF_ENROLMENT = ("course_progress", "completion", "attempt", "reflection_text")
OF_SOURCE = ("hours_entry", "evidence", "certificate", "siasn_mark")
OF_PERSON = ("notice", "contract")
# Acts on one certificate that cannot be told of a copy alone.
UNTOLD = {
    "certificate_printed", "certificate_replaced", "certificate_revoked", "certificate_signed"
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An event of an original; the gaps of its body are «named»."""

    kind: str
    body: str
    client_id: str
    happened_ms: int


@dataclass
class Original:
    """What an enrolment, or a person without their enrolments, is in each table, and its events."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    events: list[Told] = field(default_factory=list)


def people_of(database: sqlite3.Connection) -> list[Original]:
    """People without a role, each without their enrolments."""
    wanted = (
        "SELECT * FROM person WHERE active AND id NOT IN (SELECT person_id FROM role_grant)"
        " AND password_hash = ''"
    )
    found = {row["id"]: Original() for row in database.execute(wanted)}
    for id_, original in found.items():
        _read(database, original, "person", "id = ?", id_)
        for table in ("placement", "outside_learning", "assessed_level", *OF_PERSON):
            _read(database, original, table, "person_id = ?", id_)
        for table in OF_SOURCE:
            _read(database, original, table, "person_id = ? AND source_kind = 'outside'", id_)
        original.events = [_besides_told(row) for row in _events(database, id_) if not _in(row)]
    return list(found.values())


def enrolments_of(database: sqlite3.Connection) -> list[Original]:
    found = []
    for row in database.execute("SELECT * FROM enrolment WHERE round = 1 ORDER BY id").fetchall():
        original = Original({**{"enrolment": [dict(row)]}})
        original.rows = defaultdict(list, original.rows)
        for table in OF_ENROLMENT:
            _read(database, original, table, "enrolment_id = ?", row["id"])
        for table in OF_SOURCE:
            _read(database, original, table, "source_kind = 'course' AND source_id = ?", row["id"])
        certificates = {each["id"] for each in original.rows["certificate"]}
        if len(certificates) > 1 or any(
            each["revoked_ms"] for each in original.rows["certificate"]
        ):
            continue
        known = (row["id"], certificates)
        theirs = _events(database, row["person_id"])
        original.events = [_course_told(each) for each in theirs if _is_of(each, *known)]
        found.append(original)
    return found


def _read(
    database: sqlite3.Connection, original: Original, table: str, condition: str, id_: Any
) -> None:
    found = database.execute(f"SELECT * FROM {table} WHERE {condition}", [str(id_)])
    original.rows[table] += [dict(row) for row in found]


def _events(database: sqlite3.Connection, person_id: int) -> list[Row]:
    wanted = "SELECT * FROM event WHERE person_id = ? ORDER BY seq"
    return [
        {**row, "said": json.loads(row["body"])}
        for row in map(dict, database.execute(wanted, [person_id]))
        if row["kind"] not in UNTOLD
    ]


def _in(event: Row) -> bool:
    said = event["said"]
    return "enrolment" in said or said.get("source_kind") == "course"


def _is_of(event: Row, enrolment_id: int, certificates: set[str]) -> bool:
    said = event["said"]
    if event["kind"] == "certificate_issued":
        return said["id"] in certificates
    is_credited = said.get("source_kind") == "course" and said["source_id"] == str(enrolment_id)
    return bool(is_credited or said.get("enrolment") == enrolment_id)


def _besides_told(event: Row) -> Told:
    body = event["body"]
    of = "assessed_level" if event["kind"] == "level_assessed" else "outside_learning"
    body = re.sub(r'"id":(\d+)', rf'"id":«{of} \1»', body)
    body = re.sub(r'"source_id":"(\d+)"', r'"source_id":"«outside_learning \1»"', body)
    return _told(event, body)


def _course_told(event: Row) -> Told:
    body = event["body"]
    body = re.sub(r'"enrolment":\d+', '"enrolment":«enrolment»', body)
    body = re.sub(r'"source_id":"\d+"', '"source_id":"«enrolment»"', body)
    body = re.sub(r'"course":\d+', '"course":«course»', body)
    body = re.sub(r'"version":"\w+"', '"version":"«version»"', body)
    body = re.sub(r'"(attempt|id)":"[\w-]{7}', r'"\1":"«key»', body)
    body = re.sub(r'"number":"([^"]+)"', r'"number":"\1-«enrolment»"', body)
    body = re.sub(r'"serial":\d+', '"serial":«serial»', body)
    return _told(event, body)


def _told(event: Row, body: str) -> Told:
    body = re.sub(r'"unit(_id)?":\d+', r'"unit\1":«unit»', body)
    return Told(event["kind"], body, event["client_id"][:40], event["happened_ms"])
