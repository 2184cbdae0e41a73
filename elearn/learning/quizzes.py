"""Start an attempt (its questions frozen), save an answer, hand in, close what is overdue."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import PRETEST, Quiz, Shape
from elearn.content.outline import Outline, QuizSummary
from elearn.database import Prepared, db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.jobs import Work
from elearn.journal.chain import canonical
from elearn.learning import (
    answers,
    attempts,
    grading,
    mends,
    pretests,
    record,
    rules,
    study,
    turns,
)
from elearn.learning.answers import Answer
from elearn.learning.attempts import GRACE_MS, SECOND_MS
from elearn.learning.events import (
    AttemptGranted,
    AttemptHandedIn,
    AttemptStarted,
    AttemptSubmitted,
    client_id,
)
from elearn.learning.grading import Drawn, Result
from elearn.learning.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Enrolment,
    QuestionShown,
)
from elearn.learning.progress import Progress, QuizProgress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.learning.study import Studying
from elearn.people import actors, notices

log = logging.getLogger(__name__)

MAX_QUESTIONS = 10_000
COUNTER_LIMIT = 2**53  # what a browser can count exactly
CLOSE_BATCH = 50
BY_PERSON = "person"
BY_TIME = "time"

_attempt: Table = Attempt.__table__  # type: ignore[assignment]  # declared as FromClause
_answer: Table = AttemptAnswer.__table__  # type: ignore[assignment]  # declared as FromClause


def start(session: Session, here: Studying, quiz_key: str) -> str:
    """Open an attempt, or return the open one. Returns its id.

    Raises NotFound for a quiz that is not in the version, Conflict("no_attempts_left"),
    Conflict("waiting") while essays of another attempt wait for their marks,
    Conflict("moved") when the person went to another version meanwhile, and
    Conflict("pretest_over") for a pretest that is done, skipped, or no longer before the course.
    """
    summary = here.outline.quiz(quiz_key)
    study.lock_enrolment(session, here.key.id)
    key = key_of(session, here.key.id)
    if key.version_id != here.key.version_id:
        raise Conflict("moved")
    if quiz_key == PRETEST:
        pretests.refuse_late(here)
    there = _open_attempt_id(session, here.key.id, quiz_key)
    if there:
        return there
    done = record.progress_of(here.key.id).quizzes.get(quiz_key, QuizProgress())
    now_ms = clock.now_ms()
    allowance = rules.allowance(summary, done, now_ms)
    if not allowance.is_open:
        raise Conflict("waiting" if allowance.is_waiting else "no_attempts_left")
    return _begin(session, here, quiz_key, done.started + 1, now_ms)


def _begin(session: Session, here: Studying, quiz_key: str, number: int, now_ms: int) -> str:
    quiz = pretests.quiz_to_draw(here, quiz_key, number)
    attempt_id = secrets.token_urlsafe(16)
    drawn = grading.draw(quiz, _seen(here.key.person_id, quiz), attempt_id)
    attempt = Attempt(
        id=attempt_id,
        enrolment_id=here.key.id,
        person_id=here.key.person_id,
        version_id=here.key.version_id,
        quiz_key=quiz_key,
        lesson_key=lesson_key(here.outline, quiz_key),
        number=number,
        state=AttemptState.OPEN,
        pass_percent=quiz.pass_percent,
        questions=canonical([[d.digest, list(d.options)] for d in drawn]),
        question_count=len(drawn),
        started_ms=now_ms,
        deadline_ms=deadline_ms(quiz, now_ms),
    )
    session.add(attempt)
    session.flush()
    _count_shown(session, here.key.person_id, drawn)
    digests = [d.digest for d in drawn]
    event = AttemptStarted(here.key.id, attempt_id, quiz_key, number, digests)
    record.append(session, here.key, [Happening(client_id("start", attempt_id), event, now_ms)])
    return attempt_id


def lesson_key(outline: Outline, quiz_key: str) -> str:
    """The lesson a quiz stands in; empty for a pretest. Raises NotFound."""
    return "" if quiz_key == PRETEST else outline.lesson_of_quiz(quiz_key).key


def deadline_ms(quiz: Quiz | QuizSummary, started_ms: int) -> int:
    """When the time of an attempt is over; 0 without a limit."""
    limit_ms = quiz.time_limit_minutes * 60 * SECOND_MS
    return started_ms + limit_ms if limit_ms else 0


def _open_attempt_id(session: Session, enrolment_id: int, quiz_key: str) -> str | None:
    return session.scalar(
        select(Attempt.id).where(
            Attempt.enrolment_id == enrolment_id,
            Attempt.quiz_key == quiz_key,
            Attempt.state == AttemptState.OPEN,
        )
    )


def _seen(person_id: int, quiz: Quiz) -> dict[str, int]:
    digests = [q.digest for pool in quiz.pools for q in pool.questions]
    statement = select(QuestionShown.question, QuestionShown.times).where(
        QuestionShown.person_id == person_id, QuestionShown.question.in_(digests)
    )
    return {row.question: row.times for row in db.session.execute(statement)}


def _count_shown(session: Session, person_id: int, drawn: Sequence[Drawn]) -> None:
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    table: Table = QuestionShown.__table__  # type: ignore[assignment]  # declared as FromClause
    rows = [{"person_id": person_id, "question": d.digest, "times": 1} for d in drawn]
    statement = make(table).on_conflict_do_update(
        index_elements=["person_id", "question"], set_={"times": table.c.times + 1}
    )
    session.connection().execute(statement, rows)


@dataclass(frozen=True)
class Saved:
    """An answer is on disk. ``counter`` is the one that stands, newer than ours if ``is_stale``."""

    saved_ms: int
    counter: int
    is_stale: bool

    @property
    def receipt(self) -> dict[str, int | bool]:
        """What the device is told."""
        return {"saved_ms": self.saved_ms, "counter": self.counter, "stale": self.is_stale}


@dataclass(frozen=True)
class NewAnswer:
    """An answer as a device sends it; ``counter`` grows with each change on the device."""

    position: int
    answer: Answer
    counter: int


def answer_of(position: int, body: Any) -> NewAnswer:
    """The answer in a JSON body. Raises Invalid for what no page of ours sends."""
    if not isinstance(body, dict):
        raise Invalid("bad_answer", "answer")
    answer, counter = body.get("answer"), body.get("counter")
    texts = isinstance(answer, list) and all(isinstance(part, str) for part in answer)
    if not texts or not isinstance(counter, int) or isinstance(counter, bool):
        raise Invalid("bad_answer", "answer")
    new = NewAnswer(position, answer or [], counter)
    check_answer(new)
    return new


def check_answer(new: NewAnswer) -> None:
    """Raise Invalid for what no page of ours sends."""
    if not 0 <= new.counter < COUNTER_LIMIT:
        raise Invalid("bad_answer", "answer")
    answers.check(new.answer)


def save_answer(session: Session, person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    """Keep an answer; the newest by counter stands. One statement, so it cannot pass a hand-in.

    Raises NotFound to strangers and Conflict("closed") when the attempt takes no more answers.
    """
    save = _SAVE[session.get_bind().dialect.name]
    return _save(save.all, person_id, attempt_id, new)


def save_answers(
    session: Session, person_id: int, attempt_id: str, several: Iterable[NewAnswer]
) -> None:
    """Keep several answers, each as ``save_answer`` does."""
    for new in several:
        save_answer(session, person_id, attempt_id, new)


def save_one_answer(person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    """Keep an answer as ``save_answer`` does, as a transaction of its own."""
    save = _SAVE[db.engine.dialect.name]
    return _save(save.write, person_id, attempt_id, new)


def save_answer_signed_in(token: str, attempt_id: str, new: NewAnswer) -> Saved | None:
    """Keep an answer by whom a cookie's token signs in, all in one statement.

    None when it was not kept, for whatever reason: ``save_one_answer`` tells which.
    """
    save = _SAVE_SIGNED_IN[db.engine.dialect.name]
    stamp = actors.stamp_of(token)
    return _kept(save.write, attempt_id, new, stamp=stamp)


def _save(run: Callable[..., list[Any]], person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    saved = _kept(run, attempt_id, new, person=person_id)
    return saved or _why_not_saved(person_id, attempt_id, new)


def _kept(
    run: Callable[..., list[Any]], attempt_id: str, new: NewAnswer, **who: object
) -> Saved | None:
    if new.position >= MAX_QUESTIONS:
        raise NotFound
    now_ms = clock.now_ms()
    found = run(
        attempt=attempt_id,
        position=new.position,
        counter=new.counter,
        body=canonical(new.answer),
        now_ms=now_ms,
        too_late_ms=now_ms - GRACE_MS,
        **who,
    )
    return Saved(now_ms, new.counter, is_stale=False) if found else None


_OF_PERSON = _attempt.c.person_id == bindparam("person")
_OF_SIGNED_IN = _attempt.c.person_id == (actors.MAY_STUDY.scalar_subquery())


def _save_statement(dialect: str, whose: ColumnElement[bool]) -> ReturningInsert[Any]:
    make = sqlite.insert if dialect == "sqlite" else postgresql.insert
    still_open = (
        select(
            _attempt.c.id,
            bindparam("position", type_=_answer.c.position.type),
            bindparam("counter", type_=_answer.c.counter.type),
            bindparam("body", type_=_answer.c.body.type),
            bindparam("now_ms", type_=_answer.c.saved_ms.type),
        )
        .where(
            _attempt.c.id == bindparam("attempt"),
            whose,
            _attempt.c.state == AttemptState.OPEN.value,
            _attempt.c.question_count > bindparam("position"),
            (_attempt.c.deadline_ms == 0) | (_attempt.c.deadline_ms >= bindparam("too_late_ms")),
        )
        .with_for_update(read=True)
    )
    columns = ["attempt_id", "position", "counter", "body", "saved_ms"]
    upsert = make(_answer).from_select(columns, still_open, include_defaults=False)
    return upsert.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={name: upsert.excluded[name] for name in ("counter", "body", "saved_ms")},
        where=upsert.excluded.counter >= _answer.c.counter,
    ).returning(_answer.c.saved_ms)


_SAVE, _SAVE_SIGNED_IN = (
    {dialect: Prepared(_save_statement(dialect, whose)) for dialect in ("sqlite", "postgresql")}
    for whose in (_OF_PERSON, _OF_SIGNED_IN)
)


def _why_not_saved(person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    attempt = attempts.attempt_of(person_id, attempt_id)
    if attempt.state != AttemptState.OPEN or attempts.is_overdue(attempt, clock.now_ms()):
        raise Conflict("closed")
    if new.position >= attempt.question_count:
        raise NotFound
    stored = attempts.answers_of(attempt_id)[new.position]
    return Saved(stored.saved_ms, stored.counter, is_stale=True)


def submit(
    session: Session, person_id: int, attempt_id: str, last: Sequence[NewAnswer] = ()
) -> Outcome:
    """Hand in an attempt with the answers that are saved and the last ones.

    The attempt is held before an answer is saved, which would hold it for reading: of two that
    hand in at once, neither could go on. Raises Conflict("closed") if it was.
    """
    attempt = lock(session, attempts.attempt_of(person_id, attempt_id).id)
    save_answers(session, person_id, attempt_id, last)
    if attempt.state != AttemptState.OPEN:
        raise Conflict("closed")
    return _close(session, attempt, _closed_by(attempt))


def _closed_by(attempt: Attempt) -> str:
    if attempts.is_overdue(attempt, clock.now_ms()):
        return BY_TIME
    return pretests.LATE if pretests.is_late(attempt) else BY_PERSON


def lock(session: Session, attempt_id: str) -> Attempt:
    """Order of locks: the attempt first, then the head of the person's chain."""
    statement = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _close(session: Session, attempt: Attempt, closed_by: str) -> Outcome:
    drawn = attempts.drawn_of(attempt)
    questions = catalogue.questions([d.digest for d in drawn])
    stored = attempts.answers_of(attempt.id)
    given = {position: kept.answer for position, kept in stored.items()}
    mended = mends.of_version(attempt.version_id, [d.digest for d in drawn])
    result = mends.grade(questions, given, attempt.pass_percent, mended)
    at_ms = attempt.deadline_ms if closed_by == BY_TIME else clock.now_ms()
    essays = grading.essays_in(questions, given)
    _write_result(attempt, result, closed_by, at_ms)
    if essays:
        _hold_for_marks(attempt, essays)
    session.flush()
    if essays:
        turns.give(session, attempt)
    told = _Told(
        [answers.for_journal(q, given.get(i, [])) for i, q in enumerate(questions)],
        _days([kept.saved_ms for kept in stored.values()] + [at_ms]),
    )
    key = key_of(session, attempt.enrolment_id)
    handed_in = Happening(client_id("submit", attempt.id), _event_of(attempt, told), at_ms)
    after = record.append(session, key, [handed_in])
    if essays:
        return after
    happenings = lessons_done(key, attempt, after.progress, at_ms)
    return study.append_and_complete(session, key, happenings, at_ms)


@dataclass(frozen=True)
class _Told:
    """What the journal is told of the answers, and the days on which they were saved."""

    answers: list[Answer]
    days: list[str]


def _event_of(attempt: Attempt, told: _Told) -> AttemptSubmitted | AttemptHandedIn:
    """The hand-in, with its result unless essays wait for their marks."""
    whole = {
        "enrolment": attempt.enrolment_id,
        "attempt": attempt.id,
        "quiz": attempt.quiz_key,
        "number": attempt.number,
        "answers": told.answers,
        "points": json.loads(attempt.points),
        "closed_by": attempt.closed_by,
        "days": told.days,
    }
    if attempt.score_tenths is None:
        return AttemptHandedIn(**whole)
    passed = bool(attempt.passed)
    return AttemptSubmitted(**whole, score_tenths=attempt.score_tenths, passed=passed)


def _hold_for_marks(attempt: Attempt, essays: Sequence[int]) -> None:
    points = json.loads(attempt.points)
    for position in essays:
        points[position] = grading.UNMARKED
    attempt.points = canonical(points)
    attempt.unmarked = len(essays)
    attempt.score_tenths = attempt.passed = None


def marked_result(attempt: Attempt, points: Sequence[int]) -> Result:
    """The result of an attempt whose essays were given these points; mended keys count."""
    digests = [drawn.digest for drawn in attempts.drawn_of(attempt)]
    questions = catalogue.questions(digests)
    given = {i: kept.answer for i, kept in attempts.answers_of(attempt.id).items()}
    mended = mends.of_version(attempt.version_id, digests)
    graded = mends.grade(questions, given, attempt.pass_percent, mended).hundredths
    hundredths = tuple(
        max(points[i], earned) if question.shape is Shape.ESSAY else earned
        for i, (question, earned) in enumerate(zip(questions, graded, strict=True))
    )
    weights = [mends.asked_as(mended, question).points for question in questions]
    return grading.result_of(weights, hundredths, attempt.pass_percent)


def _write_result(attempt: Attempt, result: Result, closed_by: str, at_ms: int) -> None:
    attempt.state = AttemptState.SUBMITTED
    attempt.submitted_ms = at_ms
    attempt.score_tenths = result.score_tenths
    attempt.passed = result.passed
    attempt.points = canonical(list(result.hundredths))
    attempt.closed_by = closed_by


def _days(moments_ms: Sequence[int]) -> list[str]:
    return sorted({clock.day_of(moment_ms).isoformat() for moment_ms in moments_ms})


def key_of(session: Session, enrolment_id: int) -> EnrolmentKey:
    """What identifies an enrolment."""
    row = session.get_one(Enrolment, enrolment_id)
    return EnrolmentKey(row.id, row.person_id, row.course_id, row.version_id)


def lessons_done(
    key: EnrolmentKey, attempt: Attempt, progress: Progress, at_ms: int
) -> list[Happening]:
    """Passing the last quiz of a lesson finishes the lesson too."""
    lessons = catalogue.outline(key.version_id).lessons
    lesson = next(
        (le for le in lessons if any(q.key == attempt.quiz_key for q in le.quizzes)), None
    )
    if lesson is None:  # the person has moved to a version without this quiz
        return []
    done = [progress.quizzes.get(quiz.key, QuizProgress()) for quiz in lesson.quizzes]
    if not all(quiz.passed for quiz in done):
        return []
    return [study.lesson_done(key, lesson, at_ms)]


def grant_attempt(
    session: Session, instructor_id: int, course_id: int, enrolment_id: int, quiz_key: str
) -> None:
    """Open one more attempt for a learner of the course, by their instructor.

    Raises NotFound for an enrolment of another course and for a pretest, Conflict("not_needed")
    while the learner has attempts left or has passed.
    """
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.course_id != course_id or quiz_key == PRETEST:
        raise NotFound
    key = key_of(session, enrolment_id)
    quiz = catalogue.outline(key.version_id).quiz(quiz_key)
    done = record.progress_of(key.id).quizzes.get(quiz_key, QuizProgress())
    if done.passed or done.waiting or rules.allowance(quiz, done, clock.now_ms()).is_open:
        raise Conflict("not_needed")
    now_ms = clock.now_ms()
    event = AttemptGranted(key.id, quiz_key, instructor_id)
    unique = client_id("grant", key.id, quiz_key, done.started + 1)
    record.append(session, key, [Happening(unique, event, now_ms)])
    notices.notify(
        key.person_id, notices.NoticeKind.EXTRA_ATTEMPT, f"extra:{unique}", title=quiz.title
    )


def close_overdue(work: Work) -> None:
    """A job: hand in attempts whose time is over, with what was saved."""
    from_ms = clock.now_ms() - GRACE_MS
    overdue = (Attempt.deadline_ms > 0) & (Attempt.deadline_ms < from_ms)
    statement = (
        select(Attempt.id)
        .where(Attempt.state == AttemptState.OPEN, overdue)
        .order_by(Attempt.deadline_ms)
    )
    ids = db.session.scalars(statement).all()
    for done, attempt_id in enumerate(ids):
        if done % CLOSE_BATCH == 0:
            work.report(done * 100 // len(ids))
        _close_or_note(attempt_id)


def _close_or_note(attempt_id: str) -> None:
    """One attempt that cannot be closed does not keep the others open."""
    try:
        close_by_time(attempt_id)
    except (NotFound, Conflict, Invalid):
        log.exception("attempt %s could not be closed", attempt_id)


def close_by_time(attempt_id: str) -> None:
    """Hand in one attempt whose time is over, in a transaction of its own."""
    with transaction() as session:
        attempt = lock(session, attempt_id)
        if attempt.state != AttemptState.OPEN or not attempts.is_overdue(attempt, clock.now_ms()):
            return
        _close(session, attempt, BY_TIME)
        quiz = catalogue.outline(attempt.version_id).quiz(attempt.quiz_key)
        notices.notify(
            attempt.person_id,
            notices.NoticeKind.ATTEMPT_CLOSED,
            f"closed:{attempt_id}",
            title=quiz.title,
            score=attempt.score_tenths,
            attempt=attempt_id,
        )
