"""Append learning events and refresh the derived row together; rebuild it; compare."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from elearn import clock, exact
from elearn.content import catalogue
from elearn.database import db
from elearn.journal import chain
from elearn.learning import progress as progress_rules
from elearn.learning import rules
from elearn.learning.events import LearningEvent, decode, encode, kind_of
from elearn.learning.models import Completion, CourseProgress, Enrolment
from elearn.learning.progress import Progress
from elearn.learning.rules import Standing

_progress: Table = CourseProgress.__table__  # type: ignore[assignment]  # declared as FromClause
_enrolment: Table = Enrolment.__table__  # type: ignore[assignment]  # declared as FromClause
_completion: Table = Completion.__table__  # type: ignore[assignment]  # declared as FromClause
_DERIVED = (_progress, _completion)
_FIND = select(_progress.c.body).where(_progress.c.enrolment_id == bindparam("enrolment"))
_FIND_PINNED = (
    select(_enrolment.c.version_id, _progress.c.body)
    .outerjoin(_progress, _progress.c.enrolment_id == _enrolment.c.id)
    .where(_enrolment.c.id == bindparam("enrolment"))
)
COMPLETED = "course_completed"
_INSERT = insert(_progress)
_STORE = (
    update(_progress)
    .where(_progress.c.enrolment_id == bindparam("enrolment"))
    .values({column.name: bindparam(f"new_{column.name}") for column in _progress.c})
)


@dataclass(frozen=True)
class EnrolmentKey:
    """What identifies an enrolment on the way through a use case."""

    id: int
    person_id: int
    course_id: int
    version_id: int


@dataclass(frozen=True)
class Happening:
    """An event with the id that makes it count once and the moment it happened."""

    client_id: str
    event: LearningEvent
    happened_ms: int


@dataclass(frozen=True)
class Outcome:
    """Progress after an append. ``is_new`` is false when every event was known already."""

    progress: Progress
    standing: Standing
    is_new: bool

    @property
    def is_due(self) -> bool:
        """Every rule is met and the completion has not been recorded yet."""
        return self.standing.is_complete and not self.progress.completed_ms


def append(session: Session, key: EnrolmentKey, happenings: Sequence[Happening]) -> Outcome:
    """Append events of one enrolment and store the progress they lead to."""
    facts = [
        chain.Fact(h.client_id, kind_of(h.event), encode(h.event), h.happened_ms)
        for h in happenings
    ]
    added = chain.append(session, key.person_id, facts, clock.now_ms())
    # Read after the chain is held: another request may have moved either since.
    version_id, stored = session.connection().execute(_FIND_PINNED, {"enrolment": key.id}).one()
    key = replace(key, version_id=version_id)
    progress = progress_rules.decode(json.loads(stored)) if stored else Progress()
    for row in added:
        event = decode(row["kind"], json.loads(row["body"]))
        assert event is not None  # noqa: S101  # this slice made the facts above
        progress = progress_rules.apply(progress, event, row["happened_ms"])
    standing = rules.standing(catalogue.outline(key.version_id), progress)
    if added or stored is None:
        _store(session, key, progress, standing, is_new=stored is None)
    return Outcome(progress, standing, bool(added))


def _store(
    session: Session, key: EnrolmentKey, progress: Progress, standing: Standing, *, is_new: bool
) -> None:
    values = derived_row(key, progress, standing)
    connection = session.connection()
    if is_new:
        connection.execute(_INSERT, values)
    else:
        renewed = {f"new_{name}": value for name, value in values.items()}
        connection.execute(_STORE, {"enrolment": key.id, **renewed})


def derived_row(key: EnrolmentKey, progress: Progress, standing: Standing) -> dict[str, Any]:
    """The row of course_progress that follows from the journal and nothing else."""
    return {
        "enrolment_id": key.id,
        "person_id": key.person_id,
        "course_id": key.course_id,
        "version_id": key.version_id,
        "state": standing.state,
        "percent": standing.percent,
        "next_lesson": standing.next_lesson,
        "score_tenths": standing.score_tenths,
        "first_ms": progress.first_ms,
        "last_ms": progress.last_ms,
        "completed_ms": progress.completed_ms,
        "body": chain.canonical(progress_rules.encode(progress)),
    }


def progress_of(enrolment_id: int) -> Progress:
    """The stored progress of an enrolment."""
    body = db.session.connection().execute(_FIND, {"enrolment": enrolment_id}).scalar_one_or_none()
    return progress_rules.decode(json.loads(body)) if body else Progress()


def fold_person(person_id: int) -> dict[int, Progress]:
    """The progress of each enrolment of a person, folded from the journal."""
    return _fold(chain.events_of(person_id))


def _fold(events: Iterable[Mapping[str, Any]]) -> dict[int, Progress]:
    histories: dict[int, list[tuple[LearningEvent, int]]] = {}
    for row in events:
        event = decode(row["kind"], row["body"])
        if event is not None:
            histories.setdefault(event.enrolment, []).append((event, row["happened_ms"]))
    return {enrolment: progress_rules.fold(history) for enrolment, history in histories.items()}


def rebuild(person_id: int) -> int:
    """Make the derived rows of a person again from the journal. Returns how many."""
    session = db.session()
    chain.append(session, person_id, [], clock.now_ms())  # holds the person's chain
    expected = expected_rows(person_id)
    session.execute(delete(CourseProgress).where(CourseProgress.person_id == person_id))
    session.execute(delete(Completion).where(Completion.person_id == person_id))
    for row in expected.progress:
        session.execute(insert(CourseProgress), row)
    for row in expected.completions:
        session.execute(insert(Completion), row)
    return len(expected.progress)


@dataclass(frozen=True)
class ExpectedRows:
    """What the derived tables should hold for a person."""

    progress: list[dict[str, Any]]
    completions: list[dict[str, Any]]


def expected_rows(person_id: int) -> ExpectedRows:
    """Fold a person's journal into the rows that should be stored."""
    enrolments = _rows_of(_enrolment, [person_id])[person_id]
    return _expected(chain.events_of(person_id), enrolments)


def _expected(
    events: Sequence[Mapping[str, Any]], enrolments: Mapping[int, Mapping[str, Any]]
) -> ExpectedRows:
    keys = {id_: _key(row) for id_, row in enrolments.items()}
    progress = [
        derived_row(keys[id_], p, rules.standing(catalogue.outline(keys[id_].version_id), p))
        for id_, p in _fold(events).items()
        if id_ in keys
    ]
    completions = [
        completion_row(keys[id_], row["body"], enrolments[id_]["started_ms"], row["happened_ms"])
        for row in events
        if row["kind"] == COMPLETED and (id_ := row["body"]["enrolment"]) in keys
    ]
    return ExpectedRows(progress, completions)


def _key(row: Mapping[str, Any]) -> EnrolmentKey:
    return EnrolmentKey(row["id"], row["person_id"], row["course_id"], row["version_id"])


def _rows_of(table: Table, people: Sequence[int]) -> dict[int, dict[int, dict[str, Any]]]:
    """The rows of a table of enrolments, by person and enrolment."""
    found: dict[int, dict[int, dict[str, Any]]] = {person_id: {} for person_id in people}
    (key,) = table.primary_key.columns
    # As it stands: a day that is none must be told, not stop the reading.
    statement = select(*exact.columns(table)).where(table.c.person_id.in_(people)).order_by(key)
    for row in db.session.execute(statement).mappings():
        found[row["person_id"]][row[key.name]] = dict(row)
    return found


def completion_row(
    key: EnrolmentKey, body: dict[str, Any], started_ms: int, completed_ms: int
) -> dict[str, Any]:
    """The row of completion that follows from a course_completed event."""
    return {
        "enrolment_id": key.id,
        "person_id": key.person_id,
        "course_id": key.course_id,
        "version_id": catalogue.version_by_digest(key.course_id, body["version"]),
        "unit_id": body["unit"],
        "position_class": body.get("position_class", ""),
        "started_ms": started_ms,
        "completed_ms": completed_ms,
        "year": clock.year_of(completed_ms),
        "score_tenths": body["score_tenths"],
        "jp": body["jp"],
        "expires_on": date.fromisoformat(body["expires_on"]) if body.get("expires_on") else None,
    }


@dataclass(frozen=True)
class Difference:
    """A row that does not follow from the journal."""

    table: str
    person_id: int
    enrolment_id: int
    # What differs in it; empty for a row that is missing or should not be there.
    columns: tuple[str, ...] = ()


def differences(person_id: int) -> Iterator[Difference]:
    """Where the stored rows of a person differ from the fold of their journal."""
    yield from differences_of({person_id: chain.events_of(person_id)})


def differences_of(events: Mapping[int, Sequence[Mapping[str, Any]]]) -> Iterator[Difference]:
    """The same for the events of some hundred people: one statement for each table."""
    people = list(events)
    enrolments, *stored = (_rows_of(table, people) for table in (_enrolment, *_DERIVED))
    for person_id in people:
        expected = _expected(events[person_id], enrolments[person_id])
        yield from _pinned_elsewhere(person_id, expected.progress)
        for table, rows, wanted in zip(
            _DERIVED, stored, (expected.progress, expected.completions), strict=True
        ):
            yield from _compare(table, person_id, rows[person_id], wanted)


def _pinned_elsewhere(person_id: int, expected: list[dict[str, Any]]) -> Iterator[Difference]:
    """Enrolments in a version that no event has led to."""
    for row in expected:
        outline = catalogue.outline(row["version_id"])
        if json.loads(row["body"])["version"] != outline.digest:
            yield Difference(_enrolment.name, person_id, row["enrolment_id"])


def _compare(
    table: Table,
    person_id: int,
    stored: Mapping[int, dict[str, Any]],
    expected: list[dict[str, Any]],
) -> Iterator[Difference]:
    wanted = {row["enrolment_id"]: row for row in expected}
    for enrolment_id in sorted(stored.keys() | wanted.keys()):
        have, want = stored.get(enrolment_id), wanted.get(enrolment_id)
        if have is None or want is None:
            yield Difference(table.name, person_id, enrolment_id)
        elif have != want and (columns := _differing(have, want)):
            yield Difference(table.name, person_id, enrolment_id, columns)


def _differing(have: Mapping[str, Any], want: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in want if _as_text(have[name]) != _as_text(want[name]))


def _as_text(value: Any) -> Any:
    """A day as the text it is in SQLite."""
    return value.isoformat() if isinstance(value, date) else value
