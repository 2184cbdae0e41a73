"""Badges beside what the journal says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Table, select

from elearn import exact, files
from elearn.badges.events import Kind, badge_body
from elearn.badges.models import Badge
from elearn.competency.derived import Difference
from elearn.database import db

TABLE = Badge.__tablename__


class Held(NamedTuple):
    """What is stored of a badge, in the shape of its event, and when it was made."""

    body: dict[str, Any]
    made_ms: int


def differences_of(events: Mapping[int, Sequence[Mapping[str, Any]]]) -> Iterator[Difference]:
    """Compare the badges of some people with their events; one statement."""
    stored = _stored(list(events))
    for person_id, happened in events.items():
        told = {
            event["body"]["certificate"]: Held(event["body"], event["happened_ms"])
            for event in happened
            if event["kind"] == Kind.BADGE_ISSUED
        }
        yield from _compare(person_id, stored[person_id], told)


def _stored(people: list[int]) -> dict[int, dict[str, Held]]:
    table: Table = Badge.__table__  # type: ignore[assignment]  # a mapped class has one
    stored: dict[int, dict[str, Held]] = {person_id: {} for person_id in people}
    wanted = select(*exact.columns(table)).where(table.c.person_id.in_(people))
    for row in db.session.execute(wanted):
        stored[row.person_id][row.certificate_id] = Held(badge_body(row), row.made_ms)
    return stored


def _compare(
    person_id: int, held: Mapping[str, Held], told: Mapping[str, Held]
) -> Iterator[Difference]:
    for certificate_id in sorted(held.keys() | told.keys()):
        have, want = held.get(certificate_id), told.get(certificate_id)
        if have is None or want is None:
            word = "missing" if have is None else "not in the journal"
            yield Difference(TABLE, person_id, f"{word}: {certificate_id}")
        elif have != want:
            yield Difference(TABLE, person_id, f"changed: {certificate_id}")
        elif not files.is_whole(have.body["badge"]):
            yield Difference(TABLE, person_id, f"file of {certificate_id}")
