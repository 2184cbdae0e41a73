"""How long what is kept: a rule of months for each kind, a look at what would go, its going.

UU 27/2022 art. 42 to 44: processing ends when the time of retention is over. Never touched are
the events of the journal, completions and certificates; nor the audit log, whose entries are
sealed with the journal: without the first ones the roots could not be made again, and a cut
beginning would look like tampering (decision record 17).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import aliased

from elearn import clock, files, jobs, settings
from elearn.competency.outside_models import OutsideLearning, OutsideState
from elearn.content.draft_models import DraftFile, DraftRevision
from elearn.database import db, transaction
from elearn.errors import Invalid
from elearn.files import Blob
from elearn.jobs import Job, JobState, Work
from elearn.learning.models import Attempt, AttemptAnswer, AttemptState, Enrolment, ReflectionText
from elearn.people import audit, setting_changes
from elearn.people.history_models import Placement
from elearn.people.models import Notice, Person, SignIn
from elearn.people.setting_changes import Wish
from elearn.privacy import erasing
from elearn.privacy.models import Rectification, RectificationState
from elearn.roster import imports
from elearn.roster.models import RosterBefore, RosterImport, RosterRow

RETENTION_JOB = "retention"
SETTING = "retention_months"
APPLIED = "retention:applied"
ROSTER_ROWS = "roster_rows"
MONTH_MS = 30 * clock.DAY_MS + clock.DAY_MS // 2  # a twelfth of a year and a little more
MINUTE_MS = 60_000
AT_ONCE = 200
ENDED = [OutsideState.WITHDRAWN, OutsideState.REFUSED]

Found = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """Something that is not kept for ever.

    ``found`` gives keys and the moment since when it counts, of what is older than a moment;
    ``drop`` takes the keys of a portion.
    """

    months: int
    found: Callable[[int], Found]
    drop: Callable[[list[Any]], None]


class Due(NamedTuple):
    """What would go of a kind, or has gone; ``months`` is 0 where it is kept for good."""

    kind: str
    months: int
    number: int
    oldest_ms: int | None


# --- the kinds -----------------------------------------------------------------------------------


def _sign_ins(before_ms: int) -> Found:
    moment = SignIn.until_ms.label("moment")
    return select(SignIn.stamp, moment).where(SignIn.until_ms < before_ms)


def _drop_sign_ins(keys: list[Any]) -> None:
    db.session.execute(delete(SignIn).where(SignIn.stamp.in_(keys)))


def _notices(before_ms: int) -> Found:
    return select(Notice.id, Notice.read_ms.label("moment")).where(Notice.read_ms < before_ms)


def _drop_notices(keys: list[Any]) -> None:
    db.session.execute(delete(Notice).where(Notice.id.in_(keys)))


def _jobs(before_ms: int) -> Found:
    ended = (Job.state.in_([JobState.DONE, JobState.FAILED]), Job.ended_ms < before_ms)
    return select(Job.id, Job.ended_ms.label("moment")).where(*ended)


def _drop_jobs(keys: list[Any]) -> None:
    db.session.execute(delete(Job).where(Job.id.in_(keys)))


def _drafts(before_ms: int) -> Found:
    """Revisions of files of drafts that are not the newest of their file."""
    newest = DraftFile.number == DraftRevision.number
    same = (DraftFile.course_id == DraftRevision.course_id, DraftFile.path == DraftRevision.path)
    is_newest = select(DraftFile.number).where(*same, newest).exists()
    old = select(DraftRevision.id, DraftRevision.saved_ms.label("moment"))
    return old.where(DraftRevision.saved_ms < before_ms, ~is_newest)


def _drop_drafts(keys: list[Any]) -> None:
    db.session.execute(delete(DraftRevision).where(DraftRevision.id.in_(keys)))


def _papers(before_ms: int) -> Found:
    """Papers of learning elsewhere that came to nothing; one that something else rests on stays."""
    moment = func.max(func.coalesce(OutsideLearning.withdrawn_ms, OutsideLearning.decided_ms))
    other = aliased(OutsideLearning)
    rests = select(other.id).where(other.paper_digest == Blob.digest, other.state.not_in(ENDED))
    asked = select(Rectification.id).where(Rectification.paper_digest == Blob.digest)
    return (
        select(Blob.digest, moment.label("moment"))
        .join(OutsideLearning, OutsideLearning.paper_digest == Blob.digest)
        .where(Blob.removed_ms.is_(None), ~rests.exists(), ~asked.exists())
        .group_by(Blob.digest)
        .having(moment < before_ms)
    )


def _request_papers(before_ms: int) -> Found:
    """Papers of requests to put data right that are decided; else as those before."""
    moment = func.max(Rectification.decided_ms)
    other = aliased(Rectification)
    waits = other.state == RectificationState.WAITING
    rests = select(other.id).where(other.paper_digest == Blob.digest, waits)
    shown = select(OutsideLearning.id).where(OutsideLearning.paper_digest == Blob.digest)
    return (
        select(Blob.digest, moment.label("moment"))
        .join(Rectification, Rectification.paper_digest == Blob.digest)
        .where(Blob.removed_ms.is_(None), ~rests.exists(), ~shown.exists())
        .group_by(Blob.digest)
        .having(moment < before_ms)
    )


def _drop_papers(keys: list[Any]) -> None:
    for digest in keys:
        files.remove(digest)


def _roster_rows(before_ms: int) -> Found:
    """Imports of people whose rows, with names and numbers, are still there."""
    has_rows = or_(
        *(
            select(model.import_id).where(model.import_id == RosterImport.id).exists()
            for model in (RosterRow, RosterBefore)
        )
    )
    asked = select(RosterImport.id, RosterImport.asked_ms.label("moment"))
    return asked.where(RosterImport.asked_ms < before_ms, has_rows)


def _drop_roster_rows(keys: list[Any]) -> None:
    for import_id in keys:
        imports.forget_rows(import_id)


def _writings(before_ms: int) -> Found:
    """People who left before, and who wrote something that is still there."""
    reflected = (
        select(ReflectionText.key)
        .join(Enrolment, Enrolment.id == ReflectionText.enrolment_id)
        .where(Enrolment.person_id == Person.id, ReflectionText.text != "")
    )
    wrote = (
        select(AttemptAnswer.position)
        .join(Attempt, Attempt.id == AttemptAnswer.attempt_id)
        .where(Attempt.person_id == Person.id, Attempt.state == AttemptState.SUBMITTED)
        .where(Attempt.unmarked == 0, erasing.is_essay())
    )
    left = func.max(Placement.until_ms)
    return (
        select(Person.id, left.label("moment"))
        .join(Placement, Placement.person_id == Person.id)
        .where(Person.active.is_(False), or_(reflected.exists(), wrote.exists()))
        .group_by(Person.id)
        .having(left < before_ms)
    )


def _drop_writings(keys: list[Any]) -> None:
    erasing.writings_of(keys)


KINDS: Mapping[str, Kind] = {
    "sign_ins": Kind(1, _sign_ins, _drop_sign_ins),
    "notices": Kind(12, _notices, _drop_notices),
    "jobs": Kind(6, _jobs, _drop_jobs),
    "drafts": Kind(24, _drafts, _drop_drafts),
    "papers": Kind(12, _papers, _drop_papers),
    "request_papers": Kind(12, _request_papers, _drop_papers),
    ROSTER_ROWS: Kind(3, _roster_rows, _drop_roster_rows),
    "writings": Kind(60, _writings, _drop_writings),
}


# --- rules, and what they find -------------------------------------------------------------------


def rules() -> dict[str, int]:
    """The months of each kind as they hold this year; 0 keeps a kind for good."""
    held: Mapping[str, int] = settings.value(SETTING, clock.today().year)
    return {key: held.get(key, kind.months) for key, kind in KINDS.items()}


def change(actor_id: int, wanted: Mapping[str, int]) -> bool:
    """Let other months hold from this year on; whether anything changed. Raises Invalid."""
    if rules() == dict(wanted):
        return False
    if wanted.keys() != KINDS.keys():
        raise Invalid("missing", "value")
    year = clock.today().year
    return setting_changes.change(actor_id, SETTING, Wish(year, dict(wanted)))


def due() -> list[Due]:
    """What would go today, by kind; one statement for each that is not kept for good."""
    now_ms = clock.now_ms()
    return [_due(key, months, now_ms) for key, months in rules().items()]


def _due(key: str, months: int, now_ms: int) -> Due:
    if not months:
        return Due(key, 0, 0, None)
    found = KINDS[key].found(now_ms - months * MONTH_MS).subquery()
    counted = select(func.count(), func.min(found.c.moment))
    count, oldest_ms = db.session.execute(counted).one()
    return Due(key, months, count, oldest_ms)


# --- applying ------------------------------------------------------------------------------------


def ask(actor_id: int) -> bool:
    """Let the runner apply the rules; pressed twice is asked once. Whether it is asked now."""
    key = f"{RETENTION_JOB}:{clock.now_ms() // MINUTE_MS}"
    return jobs.enqueue(RETENTION_JOB, key, actor=actor_id)


def run(work: Work) -> None:
    """The job."""
    apply(work.body.get("actor"), work.report)


def apply(actor_id: int | None, report: Callable[[int], None] = lambda _percent: None) -> list[Due]:
    """Let go what is past its time, a portion in a transaction; what went, by kind."""
    gone = []
    now_ms = clock.now_ms()
    for at, (key, months) in enumerate(rules().items(), start=1):
        count = _let_go(actor_id, key, months, now_ms)
        gone.append(Due(key, months, count, None))
        report(at * 100 // len(KINDS))
    return gone


def let_go_roster_rows() -> None:
    """What nobody has to ask for: the rows of old imports go by their rule, in small portions."""
    _let_go(None, ROSTER_ROWS, rules()[ROSTER_ROWS], clock.now_ms())


def _let_go(actor_id: int | None, key: str, months: int, now_ms: int) -> int:
    count = _apply(KINDS[key], now_ms - months * MONTH_MS) if months else 0
    if count:
        with transaction():
            audit.record(actor_id, APPLIED, None, part=key, count=count, months=months)
    return count


def _apply(kind: Kind, before_ms: int) -> int:
    count = 0
    while True:
        with transaction():
            portion = kind.found(before_ms).limit(AT_ONCE)
            keys = [row[0] for row in db.session.execute(portion)]
            if keys:
                kind.drop(keys)
        count += len(keys)
        if len(keys) < AT_ONCE:
            return count
