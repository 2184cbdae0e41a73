"""Attempts, answers, marks and reflections as they are kept, held against the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, Table, cast, func, select

from elearn import exact
from elearn.content import catalogue
from elearn.database import db
from elearn.errors import NotFound
from elearn.learning import attested, quizzes
from elearn.learning.attested import Key, Row, Told, Wrong
from elearn.learning.models import (
    Attempt,
    AttemptAnswer,
    Enrolment,
    EssayMark,
    MarkCorrection,
    ReflectionText,
)

_attempt: Table = Attempt.__table__  # type: ignore[assignment]  # declared as FromClause
_answer: Table = AttemptAnswer.__table__  # type: ignore[assignment]  # declared as FromClause
_enrolment: Table = Enrolment.__table__  # type: ignore[assignment]  # declared as FromClause


class _Kept(NamedTuple):
    """A table, whose it is, its key and other columns, and which of them are JSON."""

    table: Table
    owner: Table
    of_owner: ColumnElement[bool] | None
    key: tuple[str, ...]
    columns: tuple[str, ...]
    json: tuple[str, ...] = ()


def _of(model: Any, owner: Table, key: tuple[str, ...], json: tuple[str, ...] = ()) -> _Kept:
    table: Table = model.__table__
    columns = tuple(column.name for column in table.columns if column.name not in key)
    return _Kept(table, owner, table.c[key[0]] == owner.c.id, key, columns, json)


_KEPT = (
    _of(Attempt, _attempt, ("id",), ("questions", "points"))._replace(of_owner=None),
    _of(EssayMark, _attempt, ("attempt_id", "position"), ("points",)),
    _of(
        MarkCorrection,
        _attempt,
        ("attempt_id", "position", "revision"),
        ("before_points", "after_points"),
    ),
    _of(ReflectionText, _enrolment, ("enrolment_id", "key")),
)


def wrong_of(events: Mapping[int, Sequence[Row]]) -> Iterator[tuple[int, Wrong]]:
    """What is not as events say, with its person, for some hundred people.

    One statement for each table.
    """
    people = list(events)
    told = {person_id: attested.told(happened) for person_id, happened in events.items()}
    for kept in _KEPT:
        table = kept.table.name
        stored = _rows(kept, people)
        for person_id, found in told.items():
            rows = stored[person_id]
            for wrong in attested.wrong(table, found.tables.get(table, {}), rows):
                yield person_id, wrong
            if kept.table is _attempt:
                for wrong in _unlike_their_version(rows):
                    yield person_id, wrong
    yield from _wrong_answers(people, told)


def _wrong_answers(people: Sequence[int], told: Mapping[int, Told]) -> Iterator[tuple[int, Wrong]]:
    """Answers by far outnumber the rest: the database puts those of an attempt into one text."""
    each = '"' + cast(_answer.c.position, String) + '":' + _answer.c.body
    together = select(func.aggregate_strings(each, ",")).where(
        _answer.c.attempt_id == _attempt.c.id
    )
    wanted = select(_attempt.c.person_id, _attempt.c.id, together.scalar_subquery()).where(
        _attempt.c.person_id.in_(people)
    )
    for person_id, attempt_id, text in db.session.connection().execute(wanted).all():
        answers = told[person_id].answers.get(attempt_id)
        if answers is not None:
            for wrong in attested.wrong_answers(attempt_id, answers, f"{{{text or ''}}}"):
                yield person_id, wrong


def _rows(kept: _Kept, people: Sequence[int]) -> dict[int, dict[Key, Row | None]]:
    names = kept.key + kept.columns
    exactly = {column.name: column for column in exact.columns(kept.table)}
    person = kept.owner.c.person_id
    wanted = select(person.label("of_person"), *(exactly[name] for name in names))
    wanted = wanted.where(person.in_(people))
    if kept.of_owner is not None:
        wanted = wanted.join_from(kept.table, kept.owner, kept.of_owner)
    found: dict[int, dict[Key, Row | None]] = {person_id: {} for person_id in people}
    parts_of_key = len(kept.key)
    for person_id, *values in db.session.connection().execute(wanted).all():
        key = tuple(values[:parts_of_key])
        found[person_id][key] = _read(kept, dict(zip(names, values, strict=True)))
    return found


def _read(kept: _Kept, values: dict[str, Any]) -> Row | None:
    """The columns of a row with their meaning; None for what cannot be read."""
    try:
        for name in kept.json:
            values[name] = json.loads(values[name])
        return _of_attempt(values) if kept.table is _attempt else values
    except (ValueError, TypeError, LookupError):
        return None


def _of_attempt(values: dict[str, Any]) -> Row:
    """An attempt with the digests it drew and that of its version. Raises LookupError."""
    if values["passed"] is not None:
        values["passed"] = exact.FLAGS[values["passed"]]
    drawn = [digest for digest, _order in values["questions"]]
    return values | {"drawn": drawn, "version": _digest_of(values["version_id"])}


def _digest_of(version_id: int) -> str:
    try:
        return catalogue.outline(version_id).digest
    except NotFound:
        return ""


def _unlike_their_version(rows: Mapping[Key, Row | None]) -> Iterator[Wrong]:
    """Attempts that are not under the rules of their quiz in their version."""
    for key, row in rows.items():
        wanted = _rules_of(row) if row else {}
        columns = tuple(name for name, value in wanted.items() if row and row[name] != value)
        if columns:
            yield Wrong(_attempt.name, key, columns)


def _rules_of(row: Row) -> dict[str, Any]:
    try:
        outline = catalogue.outline(row["version_id"])
        quiz = outline.quiz(row["quiz_key"])
    except NotFound:  # told as another version or quiz than the event's
        return {}
    return {
        "pass_percent": quiz.pass_percent,
        "deadline_ms": quizzes.deadline_ms(quiz, row["started_ms"]),
        "lesson_key": quizzes.lesson_key(outline, quiz.key),
    }
