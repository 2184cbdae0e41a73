"""What a certificate freezes: everything printed on it, as canonical JSON.

What some certificates say and others do not (``expires_on``, ``renews``: the number of the one
before) is absent where it says nothing, as in those that are older than the field.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select

from elearn.competency import framework, photos, ranks
from elearn.competency.events import CompetencyLevel, Source
from elearn.competency.numerals import terbilang
from elearn.database import db
from elearn.people.models import Person, Position, full_name


class Module(NamedTuple):
    """A part of what was learnt: its lessons by title and minutes."""

    title: str
    lessons: Sequence[tuple[str, int]]

    @property
    def minutes(self) -> int:
        return sum(minutes for _, minutes in self.lessons)


@dataclass(frozen=True)
class Issue:
    """What a certificate is issued for.

    ``score_tenths`` is 865 for 86.5, None where nothing is scored; ``method`` is how it was
    learnt, in words; ``unit_id`` is where the person worked when it was earned.
    """

    person_id: int
    unit_id: int
    source: Source
    title: str
    jp: int
    score_tenths: int | None
    started_on: date
    completed_on: date
    modules: Sequence[Module]
    method: str
    organiser: str = ""  # the setting where a course names none
    expires_on: date | None = None  # the last day on which it is valid; for good without one
    renews: Source | None = None  # where the round before came from
    competencies: Sequence[CompetencyLevel] = ()


def fields_of(wanted: Issue, unit_name: str, held: Mapping[str, Any]) -> dict[str, Any]:
    """Everything but number, day of issue and who signs; ``held`` are the settings."""
    return {
        **holder(wanted.person_id),
        **_learnt(wanted),
        "started_on": wanted.started_on.isoformat(),
        "completed_on": wanted.completed_on.isoformat(),
        "unit": unit_name,
        "agency": held["agency_name"],
        "organiser": wanted.organiser or held["organiser"],
        "photo": photos.freeze(wanted.person_id) if held["certificate_photo"] else "",
        **({"expires_on": wanted.expires_on.isoformat()} if wanted.expires_on else {}),
    }


def of_issue(number: str, day: date, held: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to the day on which a number is given."""
    return {
        "number": number,
        "issued_on": day.isoformat(),
        "needs_signature": held["certificate_needs_signature"],
        "place": held["certificate_place"],
        "signer_name": held["certificate_signer"]["name"],
        "signer_title": held["certificate_signer"]["title"],
    }


def digest_of(frozen: str) -> str:
    """SHA-256 of the frozen text."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def _learnt(wanted: Issue) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "jp": wanted.jp,
        "jp_words": terbilang(wanted.jp),
        "score_tenths": wanted.score_tenths,
        "method": wanted.method,
        "materials": [
            [title, minutes] for part in wanted.modules for title, minutes in part.lessons
        ],
        "modules": [
            {
                "title": part.title,
                "minutes": part.minutes,
                "lessons": [title for title, _ in part.lessons],
            }
            for part in wanted.modules
        ],
        "competencies": _named(wanted.competencies),
    }


def _named(competencies: Iterable[CompetencyLevel]) -> list[list[str | int]]:
    """By name, as a certificate says them; the code where the framework has none."""
    found = list(competencies)
    names = framework.names() if found else {}
    return [[names.get(item.code, item.code), item.level] for item in found]


def holder(person_id: int) -> dict[str, str]:
    """Who a person is now, as a certificate says it."""
    columns = (Person.nip, Person.name, Person.degrees_before, Person.degrees_after)
    wanted = select(*columns, Person.status, Person.grade, Position.name.label("position"))
    joined = wanted.outerjoin(Position, Position.id == Person.position_id)
    row = db.session.execute(joined.where(Person.id == person_id)).one()
    return {
        "name": full_name(row.degrees_before, row.name, row.degrees_after),
        "nip": row.nip,
        "nip_label": ranks.number_label(row.status),
        "position": row.position or "",
        "rank": ranks.printed(row.status, row.grade),
    }
