"""All that brought hours in a branch, as SIASN would take it: by period, status and state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from elearn import clock, settings
from elearn.competency import certificate_pdf
from elearn.competency.events import Source
from elearn.competency.models import Certificate, HoursEntry, TrainingKind
from elearn.competency.outside_models import OutsideLearning
from elearn.competency.sources import OUTSIDE
from elearn.content.models import CourseVersion
from elearn.learning.completion import COURSE
from elearn.learning.models import Completion
from elearn.people.actors import Actor
from elearn.people.models import Person, Status, Unit, full_name
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Page, Query
from elearn.reports.filters import Wanted
from elearn.siasn import record
from elearn.siasn.figures import KEY, Cut, cut_of
from elearn.siasn.models import SiasnMark
from elearn.siasn.record import Record

UNSENT, REFUSED, SENT, ALL = "unsent", "refused", "sent", "all"
# How much is marked in one go.
MOST = 20_000
STATES = (UNSENT, REFUSED, SENT, ALL)
WHOLE = BigInteger().with_variant(Integer, "sqlite")
ORDERS = {
    "when": (HoursEntry.ended_on, *KEY),
    "name": (Person.sort_name, HoursEntry.ended_on, *KEY),
    "unit": (Unit.name, Person.sort_name, *KEY),
    "jp": (HoursEntry.jp, *KEY),
}


class Counts(NamedTuple):
    """How much of a branch and period stands where; ``refused`` is part of ``unsent``."""

    unsent: int
    refused: int
    sent: int


@dataclass(frozen=True)
class Row:
    """Something finished in the list. ``may_mark`` says whether the actor may say it is sent."""

    source_kind: str
    source_id: str
    person_id: int
    full_name: str
    status: Status
    unit: str
    record: Record
    certificate_id: str
    paper_digest: str
    is_sent: bool
    siasn_id: str
    sent_ms: int
    in_reach: bool
    may_mark: bool


# The id of a source as a number, where it is of this kind: others may be no numbers.
def _id_of(kind: str) -> ColumnElement[int]:
    return case((HoursEntry.source_kind == kind, cast(HoursEntry.source_id, WHOLE)))


_NUMBER: ColumnElement[str] = func.coalesce(Certificate.number, OutsideLearning.number, "")
_MARKED = SiasnMark.sent_ms.is_not(None)
_COLUMNS = (
    HoursEntry.source_kind,
    HoursEntry.source_id,
    HoursEntry.person_id,
    HoursEntry.kind,
    HoursEntry.jp,
    HoursEntry.ended_on,
    Person.degrees_before,
    Person.name,
    Person.degrees_after,
    Person.nip,
    Person.status,
    Unit.name.label("unit"),
    Unit.path,
    TrainingKind.name.label("kind_name"),
    TrainingKind.flag,
    CourseVersion.title.label("course"),
    Completion.started_ms,
    Certificate.id.label("certificate_id"),
    Certificate.frozen,
    Certificate.revoked_ms,
    OutsideLearning.title.label("outside_title"),
    OutsideLearning.organiser,
    OutsideLearning.started_on,
    OutsideLearning.paper_digest,
    _NUMBER.label("number"),
    SiasnMark.siasn_id,
    SiasnMark.sent_ms,
    branch.home_path().label("home"),
)


def _joined(statement: Query) -> Query:
    of_certificate = and_(
        Certificate.source_kind == HoursEntry.source_kind,
        Certificate.source_id == HoursEntry.source_id,
        Certificate.replacement_id.is_(None),
    )
    of_mark = and_(
        SiasnMark.source_kind == HoursEntry.source_kind,
        SiasnMark.source_id == HoursEntry.source_id,
    )
    return (
        statement.select_from(HoursEntry)
        .join(Person, Person.id == HoursEntry.person_id)
        .join(Unit, Unit.id == HoursEntry.unit_id)
        .outerjoin(TrainingKind, TrainingKind.id == HoursEntry.kind)
        .outerjoin(Completion, Completion.enrolment_id == _id_of(COURSE))
        .outerjoin(CourseVersion, CourseVersion.id == Completion.version_id)
        .outerjoin(OutsideLearning, OutsideLearning.id == _id_of(OUTSIDE))
        .outerjoin(Certificate, of_certificate)
        .outerjoin(SiasnMark, of_mark)
    )


def counts(actor: Actor, wanted: Wanted, cut: Cut) -> Counts:
    """How many rows stand in each state, in one statement."""
    unsent = ~_MARKED
    refused = and_(unsent, _is_refused(cut))
    counted = select(
        func.count().filter(unsent).label("unsent"),
        func.count().filter(refused).label("refused"),
        func.count().filter(_MARKED).label("sent"),
    )
    row = branch.read(_narrow(_joined(counted), actor, wanted))[0]
    return Counts(row.unsent, row.refused, row.sent)


def _narrow(statement: Query, actor: Actor, wanted: Wanted) -> Query:
    conditions = [branch.scope(actor, wanted), *branch.who(wanted), *_period(wanted)]
    return statement.where(*conditions)


def _period(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.since:
        yield HoursEntry.ended_on >= wanted.since
    if wanted.until:
        yield HoursEntry.ended_on <= wanted.until


def _is_refused(cut: Cut) -> ColumnElement[bool]:
    """As Record.faults has it, in the words of the database."""
    no_hours = [source for source, jp in cut.items() if jp < 1]
    return or_(
        func.lower(func.trim(_NUMBER)).in_(record.NO_NUMBERS),
        HoursEntry.kind == record.STRUCTURAL,
        Certificate.revoked_ms.is_not(None),
        _is_one_of(no_hours),
        and_(Completion.started_ms.is_(None), OutsideLearning.started_on.is_(None)),
    )


def _is_one_of(sources: Iterable[Source]) -> ColumnElement[bool]:
    named = HoursEntry.source_kind + ":" + HoursEntry.source_id
    return named.in_([f"{source.kind}:{source.id}" for source in sources])


def _in_state(state: str, cut: Cut) -> list[ColumnElement[bool]]:
    states: dict[str, list[ColumnElement[bool]]] = {
        UNSENT: [~_MARKED],
        REFUSED: [~_MARKED, _is_refused(cut)],
        SENT: [_MARKED],
        ALL: [],
    }
    return states[state]


def find(actor: Actor, wanted: Wanted, state: str, cut: Cut, total: int) -> Page[Row]:
    """A page of the list, the newest first; one statement and the settings."""
    page = branch.counted_page(_query(actor, wanted, state, cut), wanted.number, total)
    organiser = settings.value("organiser", clock.today().year)
    rows = [_row(row, actor, cut, organiser) for row in page.rows]
    return Page(rows, page.number, page.pages, page.total)


def ready(
    actor: Actor, wanted: Wanted, state: str, limit: int | None = None, offset: int = 0
) -> Iterator[Row]:
    """What may be sent of a state, in the order of the list."""
    cut = cut_of(wanted)
    query = _query(actor, wanted, state, cut).where(~_is_refused(cut))
    organiser = settings.value("organiser", clock.today().year)
    found = (
        branch.stream(query) if limit is None else branch.read(query.limit(limit).offset(offset))
    )
    return (_row(row, actor, cut, organiser) for row in found)


def of_sources(actor: Actor, wanted: Wanted, sources: Sequence[Source]) -> list[Row]:
    """The rows of a branch that come from these, whatever their state."""
    return _some(actor, wanted, _is_one_of(sources)) if sources else []


def of_people(actor: Actor, ids: set[int]) -> list[Row]:
    """Everything of these people within the actor's reach."""
    everywhere = Wanted(clock.today().year)
    return _some(actor, everywhere, HoursEntry.person_id.in_(ids)) if ids else []


def _some(actor: Actor, wanted: Wanted, condition: ColumnElement[bool]) -> list[Row]:
    cut = cut_of(wanted)
    organiser = settings.value("organiser", clock.today().year)
    found = branch.read(_query(actor, wanted, ALL, cut).where(condition))
    return [_row(row, actor, cut, organiser) for row in found]


def _query(actor: Actor, wanted: Wanted, state: str, cut: Cut) -> Query:
    listed = _narrow(_joined(select(*_COLUMNS)), actor, wanted).where(*_in_state(state, cut))
    return listed.order_by(*branch.order(ORDERS, wanted.sort, "-when"))


def _row(row: AnyRow, actor: Actor, cut: Cut, organiser: str) -> Row:
    return Row(
        source_kind=row.source_kind,
        source_id=row.source_id,
        person_id=row.person_id,
        full_name=full_name(row.degrees_before, row.name, row.degrees_after),
        status=Status(row.status),
        unit=row.unit,
        record=_record(row, cut, organiser),
        certificate_id=row.certificate_id or "",
        paper_digest=row.paper_digest or "",
        is_sent=row.sent_ms is not None,
        siasn_id=row.siasn_id or "",
        sent_ms=row.sent_ms or 0,
        in_reach=actor.in_reach(row.home),
        may_mark=actor.acts_in(row.path),
    )


def _record(row: AnyRow, cut: Cut, organiser: str) -> Record:
    """A course as its certificate froze it, learning elsewhere as its paper says."""
    frozen = json.loads(row.frozen) if row.frozen else {}
    return Record(
        nip=row.nip,
        kind=row.kind,
        kind_name=row.kind_name or "",
        flag=row.flag or "",
        title=frozen.get("title") or row.course or row.outside_title or "",
        organiser=row.organiser or frozen.get("organiser") or organiser,
        number=row.number,
        jp=cut.get(Source(row.source_kind, row.source_id), row.jp),
        started_on=_started(row),
        ended_on=row.ended_on,
        file_name=_file_name(row),
        is_revoked=row.revoked_ms is not None,
    )


def _started(row: AnyRow) -> date | None:
    if row.source_kind == OUTSIDE:
        day: date | None = row.started_on
        return day
    return clock.day_of(row.started_ms) if row.started_ms else None


def _file_name(row: AnyRow) -> str:
    """The certificate's own name; learning elsewhere adds its id, as numbers there may be alike."""
    if row.source_kind == COURSE:
        return certificate_pdf.file_name(row.number) if row.number else ""
    if row.paper_digest is None:
        return ""
    return f"{record.safe_name(row.number)}-L{row.source_id}.pdf"
