"""What was corrected or taken back in a person's record: who did it, why and when. Read only.

Corrections are events of their own; the reason stands in the row that the event names.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from elearn.competency.events import Kind
from elearn.competency.models import Certificate
from elearn.competency.outside_models import OutsideLearning
from elearn.content import catalogue
from elearn.journal.models import Event
from elearn.learning.models import Attempt, MarkCorrection, Regrade
from elearn.people.models import Person, full_name
from elearn.reports import branch

Body = Mapping[str, Any]


class Change(NamedTuple):
    """One change; ``kind`` is that of its event, ``by`` a full name, empty for nobody's."""

    at_ms: int
    kind: str
    title: str
    by: str
    reason: str


class Said(NamedTuple):
    """What a change is about, and why it was made."""

    title: str
    reason: str


class Told(NamedTuple):
    """Where a kind of event says who made the change, and how to find what else is said of it."""

    by: str
    said: Callable[[Sequence[Body]], list[Said]]


def of(person_id: int) -> list[Change]:
    """The changes in a person's record, the newest first; one statement where there is none."""
    columns = (Event.kind, Event.body, Event.happened_ms)
    wanted = select(*columns).where(Event.person_id == person_id, Event.kind.in_(list(TOLD)))
    found = branch.read(wanted.order_by(Event.seq))
    by_kind: dict[str, list[tuple[int, Body]]] = defaultdict(list)
    for row in found:
        by_kind[row.kind].append((row.happened_ms, json.loads(row.body)))
    names = _names(body.get(TOLD[kind].by) for kind, rows in by_kind.items() for _, body in rows)
    changes = [
        Change(at_ms, kind, said.title, names.get(body.get(TOLD[kind].by), ""), said.reason)
        for kind, rows in by_kind.items()
        for (at_ms, body), said in zip(rows, _said(kind, rows), strict=True)
    ]
    return sorted(changes, key=lambda change: change.at_ms, reverse=True)


def _said(kind: str, rows: Sequence[tuple[int, Body]]) -> list[Said]:
    return TOLD[kind].said([body for _, body in rows])


def _names(ids: Iterable[int | None]) -> dict[int | None, str]:
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    columns = (Person.id, Person.degrees_before, Person.name, Person.degrees_after)
    found = branch.read(select(*columns).where(Person.id.in_(wanted)))
    return {id_: full_name(before, name, after) for id_, before, name, after in found}


def _regraded(bodies: Sequence[Body]) -> list[Said]:
    ids = {body["regrade"] for body in bodies}
    reasons = dict(
        map(tuple, branch.read(select(Regrade.id, Regrade.reason).where(Regrade.id.in_(ids))))
    )
    titles = _quizzes(bodies)
    return [Said(titles.get(b["attempt"], ""), reasons.get(b["regrade"], "")) for b in bodies]


def _corrected(bodies: Sequence[Body]) -> list[Said]:
    row = MarkCorrection
    key = (row.attempt_id, row.position, row.revision)
    keys = [(body["attempt"], body["position"], body["revision"]) for body in bodies]
    found = branch.read(select(*key, row.reason).where(tuple_(*key).in_(keys)))
    reasons = {tuple(place): reason for *place, reason in found}
    titles = _quizzes(bodies)
    return [
        Said(titles.get(body["attempt"], ""), reasons.get(key, ""))
        for body, key in zip(bodies, keys, strict=True)
    ]


def _quizzes(bodies: Sequence[Body]) -> dict[str, str]:
    """Course and quiz of each attempt, as one title."""
    ids = {body["attempt"] for body in bodies}
    columns = (Attempt.id, Attempt.version_id, Attempt.quiz_key)
    found = branch.read(select(*columns).where(Attempt.id.in_(ids)))
    outlines = catalogue.outlines_of({row.version_id for row in found})
    return {
        row.id: f"{outline.title} – {outline.quiz(row.quiz_key).title}"
        for row in found
        for outline in (outlines[row.version_id],)
    }


def _outside(bodies: Sequence[Body]) -> list[Said]:
    ids = {body["id"] for body in bodies}
    columns = (OutsideLearning.id, OutsideLearning.title, OutsideLearning.withdrawn_reason)
    found = branch.read(select(*columns).where(OutsideLearning.id.in_(ids)))
    said = {id_: Said(title, reason) for id_, title, reason in found}
    return [said.get(body["id"], Said("", "")) for body in bodies]


def _revoked(bodies: Sequence[Body]) -> list[Said]:
    return _of_certificates(bodies, Certificate.revoked_reason)


def _replaced(bodies: Sequence[Body]) -> list[Said]:
    return _of_certificates(bodies, Certificate.replaced_reason)


def _of_certificates(bodies: Sequence[Body], why: InstrumentedAttribute[str]) -> list[Said]:
    ids = {body["id"] for body in bodies}
    columns = (Certificate.id, Certificate.frozen, why)
    found = branch.read(select(*columns).where(Certificate.id.in_(ids)))
    said = {id_: Said(json.loads(frozen)["title"], reason) for id_, frozen, reason in found}
    return [said.get(body["id"], Said("", "")) for body in bodies]


# A kind of event that corrects or takes back is one line here, and one in reports/_changes.html.
TOLD: dict[str, Told] = {
    "attempt_regraded": Told("regraded_by", _regraded),
    "mark_corrected": Told("corrected_by", _corrected),
    Kind.CERTIFICATE_REVOKED: Told("revoked_by", _revoked),
    Kind.CERTIFICATE_REPLACED: Told("replaced_by", _replaced),
    Kind.OUTSIDE_LEARNING_WITHDRAWN: Told("withdrawn_by", _outside),
}
