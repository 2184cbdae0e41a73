"""What supports a competency of a person, and the levels an assessment has set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from elearn import canonical, clock
from elearn.competency import framework, sources
from elearn.competency.events import CompetencyLevel, Kind, Source, client_id, evidence_body
from elearn.competency.models import AssessedLevel, Evidence
from elearn.database import db, insert_new
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.journal import chain
from elearn.people import audit

HIGHEST_LEVEL = 5
MAX_SOURCE_LENGTH = 200
# The condition on AssessedLevel that it was not withdrawn.
STANDS = AssessedLevel.withdrawn_ms.is_(None)


class Supported(NamedTuple):
    """One piece of evidence with the title of where it came from."""

    code: str
    level: int
    source: Source
    title: str
    at_ms: int

    @property
    def day(self) -> date:
        """The WIB day it came, whose wording of the competency it was held against."""
        return clock.day_of(self.at_ms)


@dataclass(frozen=True)
class Assessment:
    """A level as an assessment found it; ``source`` names the assessment in words."""

    code: str
    level: int
    assessed_on: date
    source: str


def record(person_id: int, items: Iterable[CompetencyLevel], source: Source, at_ms: int) -> None:
    """Record what a source supports, in the caller's transaction; the same source counts once."""
    items = _highest(items)
    facts = [
        chain.Fact(
            _fact_id(item, source), Kind.EVIDENCE_RECORDED, evidence_body(item, source), at_ms
        )
        for item in items
    ]
    added = chain.append(db.session(), person_id, facts, clock.now_ms())
    new = {row["client_id"]: row for row in added}
    bodies = [fact.body for fact in facts if fact.client_id in new]
    insert_new(Evidence, [{"person_id": person_id, "at_ms": at_ms, **body} for body in bodies])


def _highest(items: Iterable[CompetencyLevel]) -> list[CompetencyLevel]:
    """One item for each code: the highest level that is named."""
    by_code = {item.code: item for item in sorted(items, key=lambda item: item.level)}
    return list(by_code.values())


def _fact_id(item: CompetencyLevel, source: Source) -> str:
    return client_id("evidence", item.code, source.kind, source.id)


def of(person_id: int) -> list[Supported]:
    """Everything that supports the person's competencies, newest first."""
    columns = (Evidence.code, Evidence.level, Evidence.source_kind, Evidence.source_id)
    held = select(*columns, Evidence.at_ms).where(Evidence.person_id == person_id)
    found = db.session.execute(held.order_by(Evidence.at_ms.desc(), Evidence.code)).all()
    titles = sources.titles_of(person_id) if found else {}
    return [
        Supported(row.code, row.level, source, titles.get(source, ""), row.at_ms)
        for row in found
        for source in (Source(row.source_kind, row.source_id),)
    ]


def assess(actor_id: int, person_id: int, assessment: Assessment) -> int:
    """Enter a level an assessment has set. Returns its id.

    Raises Invalid with the field, NotAllowed for one's own.
    """
    (id_,) = assess_all(actor_id, person_id, [assessment])
    return id_


def assess_all(actor_id: int, person_id: int, assessments: Sequence[Assessment]) -> list[int]:
    """Enter several levels of one person together, as ``assess`` does each.

    Raises NotAllowed for one's own.
    """
    if actor_id == person_id:
        raise NotAllowed
    known, standing, gone = framework.known_codes(), _days(person_id), framework.retirements()
    for assessment in assessments:
        check(assessment, known)
        if assessment.assessed_on >= gone.get(assessment.code, date.max):
            raise Invalid("retired_competency", "code")
        if (assessment.code, assessment.assessed_on) in standing:
            raise Invalid("already_assessed", "assessed_on")
    now_ms = clock.now_ms()
    rows = [
        AssessedLevel(person_id=person_id, entered_by=actor_id, entered_ms=now_ms, **vars(each))
        for each in assessments
    ]
    db.session.add_all(rows)
    db.session.flush()
    facts = [
        chain.Fact(client_id("level", row.id), Kind.LEVEL_ASSESSED, level_body(row), now_ms)
        for row in rows
    ]
    chain.append(db.session(), person_id, facts, now_ms)
    for row in rows:
        audit.record(actor_id, "level:assessed", person_id, id=row.id, level=row.level)
    return [row.id for row in rows]


def _days(person_id: int) -> set[tuple[str, date]]:
    """The competencies and days of the levels that stand."""
    columns = select(AssessedLevel.code, AssessedLevel.assessed_on)
    found = db.session.execute(columns.where(AssessedLevel.person_id == person_id, STANDS))
    return {(row.code, row.assessed_on) for row in found}


def check(assessment: Assessment, known: Collection[str]) -> None:
    """See whether a level can be one. Raises Invalid with the field."""
    if assessment.code not in known:
        raise Invalid("unknown_competency", "code")
    if not 1 <= assessment.level <= HIGHEST_LEVEL:
        raise Invalid("level_out_of_range", "level")
    if assessment.assessed_on > clock.today():
        raise Invalid("in_the_future", "assessed_on")
    if not 0 < len(assessment.source.strip()) <= MAX_SOURCE_LENGTH:
        raise Invalid("missing", "source")


def level_body(row: AssessedLevel) -> dict[str, str | int]:
    """The body of level_assessed: the words of its source only as a digest."""
    day = row.assessed_on.isoformat()
    return {
        "id": row.id,
        "code": row.code,
        "level": row.level,
        "assessed_on": day,
        "entered_by": row.entered_by,
        "digest": canonical.sha256(row.source),
    }


def held(person_id: int) -> dict[str, AssessedLevel]:
    """The newest assessed level of each competency: the only thing called the level held."""
    order = (AssessedLevel.assessed_on, AssessedLevel.id)
    mine = select(AssessedLevel).where(AssessedLevel.person_id == person_id, STANDS)
    wanted = mine.order_by(*order)
    return {row.code: row for row in db.session.scalars(wanted)}


def level_of(id: int) -> AssessedLevel:
    """An assessed level by its id. Raises NotFound."""
    row = db.session.get(AssessedLevel, id)
    if row is None:
        raise NotFound
    return row


def assessments(person_id: int) -> Sequence[AssessedLevel]:
    """All assessed levels of a person, newest first, with those that were withdrawn."""
    order = (AssessedLevel.assessed_on.desc(), AssessedLevel.id.desc())
    wanted = select(AssessedLevel).where(AssessedLevel.person_id == person_id)
    return db.session.scalars(wanted.order_by(*order)).all()
