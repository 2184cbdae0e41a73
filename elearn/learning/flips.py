"""What a mended key does to results: before it is asked for, and after it was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from elearn.content import catalogue
from elearn.content.course import Question
from elearn.content.difference import ChangedQuestion, is_mended
from elearn.content.models import CourseVersion
from elearn.database import db
from elearn.errors import NotFound
from elearn.jobs import Job, JobState
from elearn.learning import regrade
from elearn.learning.mends import Mend
from elearn.learning.models import Attempt, Regrade, RegradedAttempt
from elearn.learning.regrade import REGRADE, Ask, Replayed
from elearn.people.models import Person, Unit, full_name

CHUNK = 200
MAX_SHOWN = 100


class Mendable(NamedTuple):
    """A question that was asked under another key than it has now, and how often."""

    before: Question
    after: Question
    attempts: int


class Flip(NamedTuple):
    """One attempt whose result is another. Scores in tenths of a percent."""

    full_name: str
    unit: str
    number: int
    before_tenths: int
    after_tenths: int
    before_passed: bool
    after_passed: bool


class Counts(NamedTuple):
    """How many attempts were looked at, and how many became what."""

    attempts: int
    raised: int
    lowered: int
    passing: int
    failing: int

    @property
    def changed(self) -> int:
        return self.raised + self.lowered


class Forecast(NamedTuple):
    """What a regrade would do; ``flips`` are the first of them."""

    before: Question
    after: Question
    counts: Counts
    flips: list[Flip]


class Report(NamedTuple):
    """A regrade that was asked for: how far it is, and what it did."""

    id: int
    before: Question
    after: Question
    never_worse: bool
    reason: str
    asked_by: str
    asked_ms: int
    ended_ms: int | None
    percent: int
    has_failed: bool
    counts: Counts
    flips: list[Flip]


def mendable(course_id: int) -> list[Mendable]:
    """The questions of a course that earlier editions asked under another key."""
    latest: dict[str, Question] = {}
    earlier: dict[str, Question] = {}
    for version_id in _released(course_id):
        for digest, question in regrade.questions_of(version_id).items():
            earlier[digest] = question
            latest[question.id] = question
    pairs = [(q, latest[q.id]) for q in earlier.values() if _may_mend(q, latest[q.id])]
    done = _asked_for(course_id)
    counted = [
        Mendable(before, after, len(regrade.attempt_ids(course_id, before.digest)))
        for before, after in pairs
        if (before.digest, after.digest) not in done
    ]
    return [found for found in counted if found.attempts]


def _asked_for(course_id: int) -> set[tuple[str, str]]:
    """The pairs that are done or being done; a regrade that failed may be asked for again."""
    failed = select(Job.key).where(Job.kind == REGRADE, Job.state == JobState.FAILED)
    gone = {int(key.rpartition(":")[2]) for key in db.session.scalars(failed)}
    statement = select(Regrade.question, Regrade.mended).where(
        Regrade.course_id == course_id, Regrade.id.not_in(gone)
    )
    return {(row.question, row.mended) for row in db.session.execute(statement)}


def _released(course_id: int) -> Sequence[int]:
    given_out = (CourseVersion.course_id == course_id) & (CourseVersion.published_ms > 0)
    statement = select(CourseVersion.id).where(given_out).order_by(CourseVersion.number)
    return db.session.scalars(statement).all()


def _may_mend(before: Question, after: Question) -> bool:
    return is_mended(before, after) or (after.voided and not before.voided)


def forecast(wanted: Ask) -> Forecast:
    """What a regrade would do, without doing it. Raises NotFound as ``regrade.ask`` does."""
    regrade.check_pair(wanted)
    before, after = catalogue.questions([wanted.question, wanted.mended])
    counts, shown = Counter[str](), list[Replayed]()
    for replayed in _replayed(wanted, Mend(after, wanted.never_worse)):
        counts.update(_words(replayed))
        if replayed.differs and len(shown) < MAX_SHOWN:
            shown.append(replayed)
    return Forecast(before, after, _counts(counts), _flips(shown))


def outlook(course_id: int, mended: ChangedQuestion) -> Counts:
    """What a key that an edition would mend could do to results, never to a learner's loss."""
    before, after = mended.before, mended.shown
    if before is None:
        return Counts(0, 0, 0, 0, 0)
    wanted = Ask(course_id, before.digest, after.digest, True, "")
    counts = Counter[str]()
    for replayed in _replayed(wanted, Mend(after, never_worse=True)):
        counts.update(_words(replayed))
    return _counts(counts)


def _replayed(wanted: Ask, mend: Mend) -> Iterator[Replayed]:
    ids = regrade.scored_ids(wanted.course_id, wanted.question)
    for at in range(0, len(ids), CHUNK):
        some = select(Attempt).where(Attempt.id.in_(ids[at : at + CHUNK]))
        found = db.session.scalars(some.order_by(Attempt.person_id, Attempt.number)).all()
        yield from regrade.replay(found, wanted.question, mend)


def _words(replayed: Replayed) -> list[str]:
    _, was, now = replayed
    told = {
        "attempts": True,
        "raised": now.score_tenths > was.score_tenths,
        "lowered": now.score_tenths < was.score_tenths,
        "passing": now.passed and not was.passed,
        "failing": was.passed and not now.passed,
    }
    return [word for word, holds in told.items() if holds]


def _counts(tally: Counter[str]) -> Counts:
    return Counts(**{name: tally[name] for name in Counts._fields})


def _flips(shown: Sequence[Replayed]) -> list[Flip]:
    people = {row.id: row for row in _people([r.attempt.person_id for r in shown])}
    return [
        Flip(
            _name(people[attempt.person_id]),
            people[attempt.person_id].unit,
            attempt.number,
            was.score_tenths,
            now.score_tenths,
            was.passed,
            now.passed,
        )
        for attempt, was, now in shown
    ]


def _people(ids: Sequence[int]) -> Sequence[Any]:
    statement = select(*_NAMED).join(Unit, Unit.id == Person.unit_id).where(Person.id.in_(ids))
    return db.session.execute(statement).all()


_NAMED = (
    Person.id,
    Person.degrees_before,
    Person.name,
    Person.degrees_after,
    Unit.name.label("unit"),
)


def _name(row: Any) -> str:
    return full_name(row.degrees_before, row.name, row.degrees_after)


def reports_of(course_id: int) -> list[Report]:
    """The regrades of a course, the newest first, without their flips."""
    statement = select(Regrade).where(Regrade.course_id == course_id).order_by(Regrade.id.desc())
    return [_report(row, []) for row in db.session.scalars(statement).all()]


def report(course_id: int, regrade_id: int) -> Report:
    """One regrade of a course with the first of its flips. Raises NotFound."""
    row = db.session.get(Regrade, regrade_id)
    if row is None or row.course_id != course_id:
        raise NotFound
    statement = (
        select(*_NAMED, Attempt.number, RegradedAttempt)
        .join(Attempt, Attempt.id == RegradedAttempt.attempt_id)
        .join(Person, Person.id == Attempt.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(RegradedAttempt.regrade_id == regrade_id)
        .order_by(Person.sort_name, Attempt.number)
        .limit(MAX_SHOWN)
    )
    return _report(row, [_flip(found) for found in db.session.execute(statement)])


def _flip(found: Any) -> Flip:
    change = found.RegradedAttempt
    return Flip(
        _name(found),
        found.unit,
        found.number,
        change.before_tenths,
        change.after_tenths,
        change.before_passed,
        change.after_passed,
    )


def _report(row: Regrade, flips: list[Flip]) -> Report:
    before, after = catalogue.questions([row.question, row.mended])
    asker = db.session.get_one(Person, row.asked_by)
    job = db.session.scalar(select(Job).where(Job.key == f"{REGRADE}:{row.id}"))
    return Report(
        row.id,
        before,
        after,
        row.never_worse,
        row.reason,
        full_name(asker.degrees_before, asker.name, asker.degrees_after),
        row.asked_ms,
        row.ended_ms,
        100 if row.ended_ms else job.progress_percent if job else 0,
        bool(job and job.state == JobState.FAILED),
        _counted(row),
        flips,
    )


def _counted(row: Regrade) -> Counts:
    change = RegradedAttempt
    columns = (
        change.after_tenths > change.before_tenths,
        change.after_tenths < change.before_tenths,
        change.after_passed & ~change.before_passed,
        change.before_passed & ~change.after_passed,
    )
    sums: list[Any] = [func.count().filter(column) for column in columns]
    found = db.session.execute(select(*sums).where(change.regrade_id == row.id)).one()
    return Counts(row.attempts, *found)
