"""Replay stored attempts after a mended key: ask for it, and do it as a job."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from elearn import clock, jobs
from elearn.content import catalogue
from elearn.content.course import PRETEST, Question
from elearn.content.difference import is_mended
from elearn.content.models import CourseVersion
from elearn.database import db, transaction
from elearn.errors import Conflict, NotFound
from elearn.jobs import Job, JobState, Work
from elearn.journal import chain
from elearn.journal.chain import canonical
from elearn.learning import attempts, mends, quizzes, reasons, record, study
from elearn.learning.answers import Answer
from elearn.learning.events import AttemptRegraded, client_id
from elearn.learning.grading import Result
from elearn.learning.mends import Mend
from elearn.learning.models import Attempt, AttemptState, Enrolment, Regrade, RegradedAttempt
from elearn.learning.record import EnrolmentKey, Happening
from elearn.people import notices

REGRADE = "regrade"  # the kind of job
# Attempts a transaction; 200 at most (recipes.md 2), fewer so that nobody waits long for a save.
BATCH = 50


class Ask(NamedTuple):
    """What is asked for: answers to ``question`` are graded as ``mended``; both are digests."""

    course_id: int
    question: str
    mended: str
    never_worse: bool
    reason: str


def ask(asked_by: int, wanted: Ask) -> int:
    """Keep what is asked for and have it done. Returns the id of the regrade.

    From now on the mended key also counts for attempts that are handed in later. Raises NotFound,
    Invalid("reason_short", "reason") and Conflict("running") while another one is under way.
    """
    check_pair(wanted)
    reason = reasons.checked(wanted.reason)
    _refuse_two_at_once(wanted.course_id)
    row = Regrade(
        course_id=wanted.course_id,
        question=wanted.question,
        mended=wanted.mended,
        never_worse=wanted.never_worse,
        reason=reason,
        asked_by=asked_by,
        asked_ms=clock.now_ms(),
    )
    db.session.add(row)
    db.session.flush()
    jobs.enqueue(REGRADE, f"{REGRADE}:{row.id}", regrade=row.id)
    return row.id


def check_pair(wanted: Ask) -> None:
    """Raise NotFound unless the one is the other with its key mended, or voided."""
    before, after = catalogue.questions([wanted.question, wanted.mended])
    voided = before.id == after.id and after.voided and not before.voided
    if not (is_mended(before, after) or voided):
        raise NotFound
    if not _belongs(wanted.course_id, wanted.mended):
        raise NotFound


def _belongs(course_id: int, digest: str) -> bool:
    versions = select(CourseVersion.id).where(
        CourseVersion.course_id == course_id, CourseVersion.published_ms > 0
    )
    return any(digest in questions_of(id_) for id_ in db.session.scalars(versions).all())


def questions_of(version_id: int) -> dict[str, Question]:
    """All graded questions of a version, by digest."""
    lessons = catalogue.outline(version_id).lessons
    quizzes_there = [catalogue.quiz(version_id, quiz.key) for le in lessons for quiz in le.quizzes]
    return {q.digest: q for quiz in quizzes_there for pool in quiz.pools for q in pool.questions}


def _refuse_two_at_once(course_id: int) -> None:
    """Two at a time could each undo what the other has just written; a failed one does nothing."""
    open_ones = (Regrade.course_id == course_id) & Regrade.ended_ms.is_(None)
    keys = [f"{REGRADE}:{id_}" for id_ in db.session.scalars(select(Regrade.id).where(open_ones))]
    alive = Job.key.in_(keys) & (Job.state != JobState.FAILED)
    if db.session.scalar(select(Job.id).where(alive).limit(1)) is not None:
        raise Conflict("running")


# --- the replay, which writes nothing ------------------------------------------------------


class Replayed(NamedTuple):
    """An attempt as it was graded and as it is graded now."""

    attempt: Attempt
    was: Result
    now: Result

    @property
    def differs(self) -> bool:
        return self.was != self.now


def attempt_ids(course_id: int, digest: str) -> list[str]:
    """The graded attempts of a course that were asked a question, person by person; pretests too.

    They are graded by the same key as what they are compared with, and nobody is told of it.
    """
    return _ids(course_id, _asked(digest))


def scored_ids(course_id: int, digest: str) -> list[str]:
    """The same without pretests: the attempts whose score somebody sees."""
    return _ids(course_id, _asked(digest) & (Attempt.quiz_key != PRETEST))


def _ids(course_id: int, which: ColumnElement[bool]) -> list[str]:
    statement = (
        select(Attempt.id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(Enrolment.course_id == course_id, which)
        .order_by(Attempt.person_id, Attempt.id)
    )
    return list(db.session.scalars(statement))


def _asked(digest: str) -> ColumnElement[bool]:
    graded = (Attempt.state == AttemptState.SUBMITTED) & Attempt.score_tenths.is_not(None)
    return graded & Attempt.questions.contains(f'"{digest}"', autoescape=True)


def replay(found: Sequence[Attempt], digest: str, mend: Mend) -> list[Replayed]:
    """Grade attempts again in a sandbox: nothing is written."""
    answers = attempts.answers_of_all([attempt.id for attempt in found])
    return [_replay(attempt, answers.get(attempt.id, {}), digest, mend) for attempt in found]


def _replay(attempt: Attempt, answers: dict[int, Answer], digest: str, mend: Mend) -> Replayed:
    questions = catalogue.questions([drawn.digest for drawn in attempts.drawn_of(attempt)])
    was = Result(tuple(json.loads(attempt.points)), attempt.score_tenths or 0, bool(attempt.passed))
    now = mends.again(questions, answers, attempt.pass_percent, was, {digest: mend})
    return Replayed(attempt, was, now)


# --- the job -------------------------------------------------------------------------------


def run(work: Work) -> None:
    """A job: grade the attempts again, some at a time, beside learners who go on saving.

    Done again after a failure it changes nothing twice: what is graded by the mended key already
    no longer differs.
    """
    wanted = db.session.get_one(Regrade, work.body["regrade"])
    seen: set[str] = set()
    # What was handed in under the old key while the first look was taken is found by the next.
    while ids := [id_ for id_ in attempt_ids(wanted.course_id, wanted.question) if id_ not in seen]:
        for at in range(0, len(ids), BATCH):
            _do_batch(wanted.id, ids[at : at + BATCH])
            work.report(min(99, (at + BATCH) * 100 // len(ids)))
        seen.update(ids)
    count = len(scored_ids(wanted.course_id, wanted.question))
    with transaction() as session:
        ended = {"ended_ms": clock.now_ms(), "attempts": count}
        session.execute(update(Regrade).where(Regrade.id == wanted.id).values(**ended))


def _do_batch(regrade_id: int, ids: Sequence[str]) -> None:
    wanted = db.session.get_one(Regrade, regrade_id)
    mend = Mend(catalogue.questions([wanted.mended])[0], wanted.never_worse)
    found = db.session.scalars(select(Attempt).where(Attempt.id.in_(ids))).all()
    differing = [r.attempt.id for r in replay(found, wanted.question, mend) if r.differs]
    if not differing:
        return
    with transaction() as session:
        locked = _lock(session, differing)
        changed = [r for r in replay(locked, wanted.question, mend) if r.differs]
        for replayed in sorted(changed, key=lambda r: (r.attempt.person_id, r.attempt.number)):
            _write(session, wanted, replayed)
        _tell(wanted, [r for r in changed if r.attempt.quiz_key != PRETEST])


def _lock(session: Session, ids: Iterable[str]) -> Sequence[Attempt]:
    """Order of locks: attempts, then heads of chains by person, and only then all else."""
    statement = select(Attempt).where(Attempt.id.in_(ids)).order_by(Attempt.id).with_for_update()
    locked = session.scalars(statement.execution_options(populate_existing=True)).all()
    for person_id in sorted({attempt.person_id for attempt in locked}):
        chain.append(session, person_id, [], clock.now_ms())
    return locked


def _write(session: Session, wanted: Regrade, replayed: Replayed) -> None:
    attempt, was, now = replayed
    attempt.points = canonical(list(now.hundredths))
    attempt.score_tenths, attempt.passed = now.score_tenths, now.passed
    session.flush()
    if attempt.quiz_key != PRETEST:
        session.execute(insert(RegradedAttempt), _flip(wanted.id, replayed))
    enrolment = session.get_one(Enrolment, attempt.enrolment_id)
    key = EnrolmentKey(enrolment.id, enrolment.person_id, enrolment.course_id, enrolment.version_id)
    now_ms = clock.now_ms()
    event = _event(session, wanted, replayed)
    happening = Happening(client_id("regrade", wanted.id, attempt.id), event, now_ms)
    after = record.append(session, key, [happening]).progress
    if now.passed and not was.passed:
        done = quizzes.lessons_done(key, attempt, after, now_ms)
        study.append_and_complete(session, key, done, now_ms)


def _flip(regrade_id: int, replayed: Replayed) -> dict[str, Any]:
    attempt, was, now = replayed
    return {
        "regrade_id": regrade_id,
        "attempt_id": attempt.id,
        "before_tenths": was.score_tenths,
        "after_tenths": now.score_tenths,
        "before_passed": was.passed,
        "after_passed": now.passed,
    }


def _event(session: Session, wanted: Regrade, replayed: Replayed) -> AttemptRegraded:
    attempt, _, now = replayed
    best = _best(session, attempt)
    return AttemptRegraded(
        enrolment=attempt.enrolment_id,
        attempt=attempt.id,
        quiz=attempt.quiz_key,
        number=attempt.number,
        regrade=wanted.id,
        question=wanted.question,
        mended=wanted.mended,
        points=list(now.hundredths),
        score_tenths=now.score_tenths,
        passed=now.passed,
        best_tenths=best.score_tenths,
        best_passed=best.passed,
        regraded_by=wanted.asked_by,
        reason=reasons.digest_of(wanted.reason),
    )


class _Best(NamedTuple):
    score_tenths: int
    passed: bool


def _best(session: Session, attempt: Attempt) -> _Best:
    """What the attempts at a quiz come to, the one just written among them."""
    statement = select(Attempt.score_tenths, Attempt.passed).where(
        Attempt.enrolment_id == attempt.enrolment_id,
        Attempt.quiz_key == attempt.quiz_key,
        Attempt.state == AttemptState.SUBMITTED,
        Attempt.score_tenths.is_not(None),
    )
    found = session.execute(statement).all()
    return _Best(max(row.score_tenths for row in found), any(row.passed for row in found))


def _tell(wanted: Regrade, changed: Sequence[Replayed]) -> None:
    outlines = {r.attempt.version_id: r.attempt.quiz_key for r in changed}
    for version_id, quiz_key in outlines.items():
        outline = catalogue.outline(version_id)
        people = {r.attempt.person_id for r in changed if r.attempt.version_id == version_id}
        notices.notify_all(
            sorted(people),
            notices.NoticeKind.ATTEMPT_REGRADED,
            f"regraded:{wanted.id}",
            title=outline.quiz(quiz_key).title,
            slug=outline.slug,
        )
