"""What waits for HR: submissions of a branch, with what looks like the same paper elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, select, union
from sqlalchemy.orm import aliased

from elearn import settings
from elearn.competency import conversion, outside
from elearn.competency.conversion import Duration, Proposal
from elearn.competency.models import TrainingKind
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted

ALL = "all"
STATES = (*(state.value for state in OutsideState), ALL)
ORDERS = {
    "when": (OutsideLearning.entered_ms, OutsideLearning.id),
    "name": (Person.sort_name, OutsideLearning.id),
    "unit": (Unit.name, Person.sort_name, OutsideLearning.id),
    "jp": (OutsideLearning.jp, OutsideLearning.id),
    "ended": (OutsideLearning.ended_on, OutsideLearning.id),
}


class Likeness(StrEnum):
    """Why two entries look like one paper."""

    SAME_FILE = "same_file"
    SAME_NUMBER = "same_number"
    SAME_DAYS = "same_days"


class Twin(NamedTuple):
    """Another entry that looks like the same paper; beyond the reach it has no id and no words."""

    likeness: Likeness
    id: int
    title: str
    full_name: str
    is_same_person: bool


@dataclass(frozen=True)
class QueueRow:
    """A submission in the list. ``may_decide`` says whether it waits for this very actor."""

    id: int
    revision: int
    person_id: int
    full_name: str
    nip: str
    unit: str
    title: str
    kind: str
    organiser: str
    number: str
    started_on: date
    ended_on: date
    jp: int
    state: OutsideState
    is_submitted: bool
    entered_ms: int
    has_paper: bool
    proposal: Proposal | None
    twins: list[Twin]
    may_decide: bool

    @property
    def is_above_rule(self) -> bool:
        """Whether more JP are asked for than the rule proposes."""
        return self.proposal is not None and self.jp > self.proposal.jp


def find(actor: Actor, wanted: Wanted, state: str) -> Page[QueueRow]:
    """A page of the entries of a branch, the longest waiting first; three statements and one
    for each year."""
    listed = _query(actor, wanted, state)
    page = branch.page_of(listed, wanted.number)
    twins = twins_of(actor, [row.id for row in page.rows])
    rates = _settings_of({row.ended_on.year for row in page.rows})
    rows = [_row(row, actor, twins, rates) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def _query(actor: Actor, wanted: Wanted, state: str) -> Query:
    columns = OutsideLearning.__table__.c
    names = (Person.degrees_before, Person.name, Person.degrees_after, Person.nip)
    listed = (
        select(
            *columns,
            *(column.label(f"person_{column.key}") for column in names),
            Unit.name.label("unit"),
            Unit.path,
            TrainingKind.name.label("kind_name"),
        )
        .select_from(OutsideLearning)
        .join(Person, Person.id == OutsideLearning.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .join(TrainingKind, TrainingKind.id == OutsideLearning.kind)
    )
    narrowed = listed.where(branch.scope(actor, wanted), *branch.who(wanted), *_in_state(state))
    return narrowed.order_by(*branch.order(ORDERS, wanted.sort, "when"))


def _in_state(state: str) -> list[ColumnElement[bool]]:
    return [] if state == ALL else [OutsideLearning.state == state]


def _settings_of(years: Iterable[int]) -> dict[int, Mapping[str, Any]]:
    return {year: settings.of_year(year) for year in sorted(years)}


def _row(
    row: AnyRow,
    actor: Actor,
    twins: Mapping[int, list[Twin]],
    rates: Mapping[int, Mapping[str, Any]],
) -> QueueRow:
    waits = row.state == OutsideState.WAITING and row.person_id != actor.id
    return QueueRow(
        id=row.id,
        revision=row.revision,
        person_id=row.person_id,
        full_name=full_name(row.person_degrees_before, row.person_name, row.person_degrees_after),
        nip=row.person_nip,
        unit=row.unit,
        title=row.title,
        kind=row.kind_name,
        organiser=row.organiser,
        number=row.number,
        started_on=row.started_on,
        ended_on=row.ended_on,
        jp=row.jp,
        state=OutsideState(row.state),
        is_submitted=row.revision > 0,
        entered_ms=row.entered_ms,
        has_paper=row.paper_digest is not None,
        proposal=conversion.proposed(row.kind, duration_of(row), rates[row.ended_on.year]),
        twins=twins.get(row.id, []),
        may_decide=waits and actor.acts_in(row.path),
    )


def duration_of(row: Any) -> Duration:
    """How long the learning of an entry took."""
    return Duration(row.started_on, row.ended_on, row.hours, row.sessions, row.abroad)


def proposal_of(row: OutsideLearning) -> Proposal | None:
    """What the rule of its year proposes for an entry; one statement."""
    held = settings.of_year(row.ended_on.year)
    return conversion.proposed(row.kind, duration_of(row), held)


def twins_of(actor: Actor, ids: Collection[int]) -> dict[int, list[Twin]]:
    """What looks like the same paper as each of the entries; one statement, none without ids."""
    if not ids:
        return {}
    other = aliased(OutsideLearning)
    alike, pairs = _likeness(other), _pairs(ids)
    wanted = (
        select(
            OutsideLearning.id.label("of"),
            OutsideLearning.person_id,
            *(condition.label(name.value) for name, condition in alike.items()),
            other.id,
            other.title,
            other.person_id.label("other_person"),
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
            branch.home_path().label("home"),
        )
        .join(pairs, pairs.c.of == OutsideLearning.id)
        .join(other, other.id == pairs.c.other)
        .join(Person, Person.id == other.person_id)
        .where(other.state.in_(outside.STANDING))
        .order_by(OutsideLearning.id, other.id)
    )
    found: dict[int, list[Twin]] = defaultdict(list)
    for row in branch.read(wanted):
        found[row.of].append(_twin(row, actor))
    return found


def _pairs(ids: Collection[int]) -> Subquery:
    """Each of the entries with those like it. A part for each likeness, so that each uses an index
    of its own: joined by any of them SQLite goes through all that stands."""
    other = aliased(OutsideLearning)
    parts = [
        select(OutsideLearning.id.label("of"), other.id.label("other"))
        .join(other, and_(other.id != OutsideLearning.id, alike))
        .where(OutsideLearning.id.in_(ids))
        for alike in _likeness(other).values()
    ]
    return union(*parts).subquery()


def _likeness(other: Any) -> dict[Likeness, ColumnElement[bool]]:
    mine = OutsideLearning
    return {
        Likeness.SAME_FILE: other.paper_digest == mine.paper_digest,
        Likeness.SAME_NUMBER: and_(
            other.number_key == mine.number_key, other.organiser == mine.organiser
        ),
        Likeness.SAME_DAYS: and_(
            other.person_id == mine.person_id,
            other.organiser == mine.organiser,
            other.started_on == mine.started_on,
            other.ended_on == mine.ended_on,
        ),
    }


def _twin(row: AnyRow, actor: Actor) -> Twin:
    likeness = next(kind for kind in Likeness if getattr(row, kind.value))
    if not actor.in_reach(row.home):
        return Twin(likeness, 0, "", "", is_same_person=False)
    name = full_name(row.degrees_before, row.name, row.degrees_after)
    return Twin(likeness, row.id, row.title, name, row.person_id == row.other_person)
