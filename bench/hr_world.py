"""A large agency for `bench.hr`: the demo's people, courses and learning copied many times, in SQL.

Every copied row has the shape the product wrote for the original: people in a tree of their own,
courses under other names, enrolments with their events, attempts, completions, hours, evidence and
certificates, and each person's chain linked anew. The single answers of attempts are left out.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.hr_people import People
from bench.rows import Row, insert, top
from elearn import canonical

SEED = 20_261_124
OFFICES, UNITS_OF_OFFICE, COURSES = 60, 33, 80
ASSIGNMENTS = 20
AUDIT_ENTRIES, REQUESTS, NUMBERS = 100_000, 300, 20_000
FAST = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY")


def enlarge(path: Path, people: int, events: int) -> None:
    """Fill a database that holds the demo until it has so many people and about so many events."""
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        for pragma in FAST:
            database.execute(f"PRAGMA {pragma}")
        units = _units(database)
        courses = _courses(database)
        chance = random.Random(SEED)  # noqa: S311  # sample data
        People(database, units, courses, chance).add(people, events)
        _rest(database, units)
        database.commit()
        database.execute("PRAGMA journal_mode=DELETE")


# --- units and courses


def _units(database: sqlite3.Connection) -> list[int]:
    """Offices right below the top, and what is below them; returns the ids of the new ones."""
    next_id = top(database, "unit") + 1
    rows: list[Row] = []

    def add(name: str, parent_id: int, path: str) -> Row:
        id_ = next_id + len(rows)
        rows.append({"id": id_, "parent_id": parent_id, "name": name, "path": f"{path}{id_}/"})
        return rows[-1]

    for office in range(OFFICES):
        head = add(f"Dinas Contoh {office + 1}", 1, "/1/")
        for at in range(UNITS_OF_OFFICE // 3):
            part = add(f"Bidang {office + 1}.{at + 1}", head["id"], head["path"])
            for section in ("A", "B"):
                add(f"Seksi {office + 1}.{at + 1}{section}", part["id"], part["path"])
    insert(database, "unit", ({**row, "code": "", "kind": "", "rank": 0} for row in rows))
    since = database.execute("SELECT min(from_ms) FROM unit_span").fetchone()[0]
    names = ("name", "parent_id")
    spans = ({"unit_id": row["id"], "from_ms": since, **{n: row[n] for n in names}} for row in rows)
    insert(database, "unit_span", spans)
    return [row["id"] for row in rows]


def _courses(database: sqlite3.Connection) -> dict[int, list[Row]]:
    """Copies of the courses that were studied; by the id of the original, itself included."""
    studied = "SELECT * FROM course WHERE id IN (SELECT course_id FROM enrolment)"
    originals = [dict(row) for row in database.execute(studied)]
    have = database.execute("SELECT count(*) FROM course").fetchone()[0]
    copies: dict[int, list[Row]] = {
        row["id"]: [_course(row, row, row["latest_version_id"])] for row in originals
    }
    for at in range(COURSES - have):
        original = originals[at % len(originals)]
        course = {**original, "id": have + 1 + at, "state": "published"}
        course["slug"] = f"{original['slug']}-{at + 1}"
        version_id = _version(database, original["latest_version_id"], course["id"], at + 1)
        course["latest_version_id"] = course["open_version_id"] = version_id
        insert(database, "course", [course])
        copies[original["id"]].append(_course(course, original, version_id))
    _digests(database, copies)
    return copies


def _course(row: Row, original: Row, version_id: int) -> Row:
    return {"id": row["id"], "original": original["id"], "version_id": version_id, "digest": ""}


def _digests(database: sqlite3.Connection, copies: dict[int, list[Row]]) -> None:
    found = dict(database.execute("SELECT id, digest FROM course_version").fetchall())
    for each in copies.values():
        for course in each:
            course["digest"] = found[course["version_id"]]


def _version(database: sqlite3.Connection, original: int, course_id: int, number: int) -> int:
    """A copy of a version with what hangs on it, under a digest and a title of its own."""
    wanted = "SELECT * FROM course_version WHERE id = ?"
    version = dict(database.execute(wanted, [original]).fetchone())
    id_ = top(database, "course_version") + 1
    digest = canonical.digest([version["digest"], number])
    version |= {"id": id_, "course_id": course_id, "title": f"{version['title']} {number}"}
    version |= {"digest": digest, "number": 1}
    insert(database, "course_version", [version])
    for table in ("version_lesson", "version_quiz", "version_competency"):
        rows = database.execute(f"SELECT * FROM {table} WHERE version_id = ?", [original])
        insert(database, table, [{**row, "version_id": id_} for row in map(dict, rows)])
    return id_


# --- what else HR and the administrator look at


def _rest(database: sqlite3.Connection, units: list[int]) -> None:
    _assignments(database, units)
    _audit(database)
    newest = database.execute("SELECT max(recorded_ms) FROM event").fetchone()[0]
    someone = database.execute("SELECT id FROM person ORDER BY id DESC LIMIT ?", [REQUESTS])
    asked = {"about": "name", "wanted": "Nama yang benar", "words": "Mohon diperbaiki."}
    asked |= {"state": "waiting", "asked_ms": newest, "answer": ""}
    insert(database, "rectification", [{**asked, "person_id": row[0]} for row in someone])
    batch = {"id": 1, "basis": "800/1/BKPSDM", "entered_by": 2, "entered_ms": newest}
    insert(database, "number_batch", [batch])
    number = {"batch_id": 1, "state": "free", "reason": ""}
    numbers = ({**number, "number": f"800/{at:05}/BKPSDM/2026"} for at in range(NUMBERS))
    insert(database, "register_number", numbers)


def _assignments(database: sqlite3.Connection, units: list[int]) -> None:
    """Further ones like the demo's: of the agency, of an office, of a status, of a course each."""
    wanted = "SELECT * FROM assignment_revision WHERE id = 2"
    revision = dict(database.execute(wanted).fetchone())
    made = {name: revision[name] for name in ("made_by", "made_ms")}
    courses = [row[0] for row in database.execute("SELECT id FROM course WHERE id > 5")]
    for id_ in range(top(database, "assignment") + 1, ASSIGNMENTS + 1):
        new = {"id": id_, "owner_unit_id": None, "revision": 1, "created_by": made["made_by"]}
        new |= {"created_ms": made["made_ms"], "withdrawn_reason": ""}
        insert(database, "assignment", [new])
        words = {"id": id_, "assignment_id": id_, "letter_number": f"800/{id_}/BKPSDM/2026"}
        insert(database, "assignment_revision", [{**revision, **words}])
        asked = [{"revision_id": id_, "course_id": courses[(id_ * 7 + at) % 75]} for at in range(2)]
        insert(database, "assigned_course", asked)
        line = {"revision_id": id_, "position": 0, "position_class": "", "post": "", "has_list": 0}
        line |= {"status": ("", "pns", "pppk")[id_ % 3]}
        line |= {"unit_id": None if id_ % 2 else units[id_ * 33 % len(units)]}
        insert(database, "assignment_line", [line])


def _audit(database: sqlite3.Connection) -> None:
    """Looks at people by HR, as the log keeps them; their chain is not linked."""
    actor, at_ms = 2, database.execute("SELECT max(at_ms) FROM audit_entry").fetchone()[0]
    seq = database.execute("SELECT seq FROM audit_head WHERE actor = ?", [actor]).fetchone()[0]
    people = top(database, "person")
    rows = (
        {
            "actor_id": actor,
            "action": "report:person",
            "subject_id": 1000 + at * 7919 % (people - 1000),
            "body": "{}",
            "at_ms": at_ms + at,
            "seq": seq + 1 + at,
            "digest": canonical.GENESIS,
        }
        for at in range(AUDIT_ENTRIES if people > 2000 else 0)
    )
    insert(database, "audit_entry", rows)
    last = database.execute("SELECT max(seq) FROM audit_entry WHERE actor_id = ?", [actor])
    head = [last.fetchone()[0], canonical.GENESIS, actor]
    database.execute("UPDATE audit_head SET seq = ?, digest = ? WHERE actor = ?", head)
