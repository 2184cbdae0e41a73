"""Certificates that people submit themselves, and what HR decides about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from elearn import clock
from elearn.competency import outside
from elearn.competency.events import Kind
from elearn.competency.outside_bodies import body_of, decision_body
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.competency.outside_rules import MOST_JP, Learning
from elearn.competency.papers import Paper
from elearn.database import db
from elearn.errors import Conflict, DomainError, Invalid, NotFound
from elearn.people import audit, notices, units
from elearn.people.actors import Actor
from elearn.people.models import Person, Unit
from elearn.people.notices import NoticeKind

MAX_REASON = 400


class Asked(NamedTuple):
    """A submission as somebody saw it before deciding."""

    id: int
    revision: int


class Skipped(NamedTuple):
    """A submission that was left as it is. ``reason`` is a stable word."""

    title: str
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What became of a bulk approval."""

    approved: list[OutsideLearning]
    skipped: list[Skipped]


def submit(person: Person, learning: Learning, paper: Paper) -> OutsideLearning:
    """Submit a certificate of one's own; it counts once HR has approved it. Raises Invalid."""
    outside.check(person.id, learning)
    row = OutsideLearning(person_id=person.id, state=OutsideState.WAITING, revision=1)
    outside.write(row, person.id, learning, paper)
    db.session.add(row)
    _submitted(row, person)
    return row


def resubmit(
    person: Person, asked: Asked, learning: Learning, paper: Paper | None = None
) -> OutsideLearning:
    """Change what was submitted, while it waits or after it was sent back.

    The paper stays unless there is another. Raises NotFound, Invalid, and Conflict when HR has
    decided meanwhile or it was changed from another page.
    """
    row = own(person.id, asked.id)
    if not row.is_open or row.revision != asked.revision:
        raise Conflict("changed_since")
    outside.check(person.id, learning, but=row.id)
    row.revision += 1
    row.state = OutsideState.WAITING
    outside.write(row, person.id, learning, paper)
    _submitted(row, person)
    return row


def _submitted(row: OutsideLearning, person: Person) -> None:
    db.session.flush()
    outside.announce(row, Kind.OUTSIDE_LEARNING_SUBMITTED, body_of(row))
    day = clock.today().isoformat()
    helpers = units.hr_ids_of(person.unit_id, but=person.id)
    # One notice a day, however many submit: the queue tells the rest.
    notices.notify_all(helpers, NoticeKind.OUTSIDE_LEARNING_WAITING, f"outside_waiting:{day}")


def take_back(person_id: int, id: int) -> OutsideLearning:
    """Withdraw one's own submission before HR has decided. Raises NotFound and Conflict."""
    row = own(person_id, id)
    if not row.is_open:
        raise Conflict("changed_since")
    outside.mark_withdrawn(row, person_id, "")
    return row


def own(person_id: int, id: int) -> OutsideLearning:
    """A submission of one's own, held to the end of a transaction. Raises NotFound."""
    row = outside.held(id)
    if row.person_id != person_id or not row.is_submitted:
        raise NotFound
    return row


def send_back(actor: Actor, asked: Asked, reason: str) -> OutsideLearning:
    """Let the person mend a submission, saying what. Raises Invalid without a reason."""
    row = _to_decide(actor, asked)
    _decide(row, actor, OutsideState.RETURNED, _reason(reason))
    outside.announce(row, Kind.OUTSIDE_LEARNING_RETURNED, decision_body(row))
    audit.record(actor.id, "outside_learning:returned", row.person_id, id=row.id)
    outside.tell(row, NoticeKind.OUTSIDE_LEARNING_RETURNED)
    return row


def refuse(actor: Actor, asked: Asked, reason: str) -> OutsideLearning:
    """Refuse a submission for good. Raises Invalid without a reason."""
    row = _to_decide(actor, asked)
    _decide(row, actor, OutsideState.REFUSED, _reason(reason))
    outside.announce(row, Kind.OUTSIDE_LEARNING_REFUSED, decision_body(row))
    audit.record(actor.id, "outside_learning:refused", row.person_id, id=row.id)
    outside.tell(row, NoticeKind.OUTSIDE_LEARNING_REFUSED)
    return row


def approve(actor: Actor, asked: Asked, jp: int | None = None, reason: str = "") -> OutsideLearning:
    """Approve a submission; it counts at once. Other JP than asked for need a reason.

    Raises NotFound, NotAllowed, Invalid with the field, and Conflict when it changed since.
    """
    return _approve(_to_decide(actor, asked), actor, jp, reason)


def approve_all(actor: Actor, asked: Iterable[Asked]) -> Outcome:
    """Approve several; one that changed since, or cannot be approved, is left and told."""
    outcome = Outcome([], [])
    for one in _by_person(asked):
        try:
            row = _to_decide(actor, one)
            _approve(row, actor)
        except DomainError as problem:
            outcome.skipped.append(Skipped(_title_in_reach(actor, one.id), _why(problem)))
        else:
            outcome.approved.append(row)
    return outcome


def _by_person(asked: Iterable[Asked]) -> list[Asked]:
    """Chains are held in the order of persons, lest two such approvals wait for each other."""
    revisions = {one.id: one for one in asked}
    found = select(OutsideLearning.id).where(OutsideLearning.id.in_(revisions))
    known = list(db.session.scalars(found.order_by(OutsideLearning.person_id, OutsideLearning.id)))
    return [revisions[id] for id in known]


def _title_in_reach(actor: Actor, id: int) -> str:
    try:
        return outside.seen_by(actor, id).title
    except NotFound:
        return ""


def _why(problem: DomainError) -> str:
    return str(getattr(problem, "reason", "")) or type(problem).__name__.lower()


def _to_decide(actor: Actor, asked: Asked) -> OutsideLearning:
    """A submission as it was seen, for who may decide about it; nothing is written yet."""
    row = outside.of_id(actor, asked.id)
    outside.refuse_own(actor, row.person_id)
    if row.state != OutsideState.WAITING or row.revision != asked.revision:
        raise Conflict("changed_since")
    return row


def _approve(
    row: OutsideLearning, actor: Actor, jp: int | None = None, reason: str = ""
) -> OutsideLearning:
    jp = row.jp if jp is None else jp
    if not 1 <= jp <= MOST_JP:
        raise Invalid("jp_out_of_range", "jp")
    _check_twin(row)
    note = _reason(reason) if jp != row.jp else ""
    if jp != row.jp:
        row.asked_jp, row.jp = row.jp, jp
    _decide(row, actor, OutsideState.APPROVED, note)
    outside.announce(row, Kind.OUTSIDE_LEARNING_APPROVED, decision_body(row))
    outside.credit(row, db.session.get_one(Person, row.person_id))
    audit.record(actor.id, "outside_learning:approved", row.person_id, id=row.id, jp=row.jp)
    outside.tell(row, NoticeKind.OUTSIDE_LEARNING_APPROVED)
    return row


def _check_twin(row: OutsideLearning) -> None:
    """HR may have entered the same paper while the submission waited."""
    twins = outside.numbered(row.person_id, row.number, but=row.id)
    title = row.title.casefold()
    if any(t.state == OutsideState.APPROVED and t.title.casefold() == title for t in twins):
        raise Invalid("already_entered", "jp")


def _decide(row: OutsideLearning, actor: Actor, state: OutsideState, reason: str) -> None:
    row.state = state
    row.decided_by, row.decided_ms, row.decision_reason = actor.id, clock.now_ms(), reason
    db.session.flush()


def _reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Invalid("missing", "reason")
    return reason[:MAX_REASON]


def waiting_count(where: ColumnElement[bool]) -> int:
    """How many submissions wait in the units that meet a condition on Unit."""
    counted = (
        select(func.count())
        .select_from(OutsideLearning)
        .join(Person, Person.id == OutsideLearning.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(OutsideLearning.state == OutsideState.WAITING, where)
    )
    return db.session.scalar(counted) or 0
