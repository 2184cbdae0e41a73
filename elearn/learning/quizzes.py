"""Start an attempt (its questions frozen), save an answer, hand in, close what is overdue."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import Option, Question, Quiz, Reveal, Shape
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.jobs import Work
from elearn.journal.chain import canonical
from elearn.learning import grading, record, rules, study
from elearn.learning.events import AttemptGranted, AttemptStarted, AttemptSubmitted, client_id
from elearn.learning.grading import Answer, Drawn
from elearn.learning.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Enrolment,
    QuestionShown,
)
from elearn.learning.progress import QuizProgress
from elearn.learning.record import EnrolmentKey, Happening, Outcome
from elearn.learning.rules import Allowance
from elearn.learning.study import Studying
from elearn.people import notices

SECOND_MS = 1000
# An answer on its way when the time ended still counts.
GRACE_MS = 5 * SECOND_MS
CLOSE_BATCH = 50
BY_PERSON = "person"
BY_TIME = "time"
_ANY_TYPED = frozenset({Shape.TEXT, Shape.NUMBER})

_attempt: Table = Attempt.__table__  # type: ignore[assignment]  # declared as FromClause
_answer: Table = AttemptAnswer.__table__  # type: ignore[assignment]  # declared as FromClause


@dataclass(frozen=True)
class ShownQuestion:
    """A question of an attempt as it is shown: options in frozen order, the answer so far."""

    position: int
    question: Question
    options: tuple[Option, ...]
    answer: Answer
    counter: int
    saved_ms: int

    @property
    def is_answered(self) -> bool:
        return any(part.strip() for part in self.answer)


@dataclass(frozen=True)
class AttemptPage:
    """An attempt with its questions; keys and feedback are only in a ResultPage."""

    attempt: Attempt
    outline: catalogue.Outline
    quiz: Quiz
    questions: tuple[ShownQuestion, ...]
    allowance: Allowance
    now_ms: int

    @property
    def is_over(self) -> bool:
        """The time is over, though nobody has handed it in yet."""
        return _is_overdue(self.attempt, self.now_ms)

    @property
    def answered(self) -> int:
        return sum(question.is_answered for question in self.questions)


@dataclass(frozen=True)
class GradedQuestion:
    """A question of a handed-in attempt: hundredths earned, the answer, what may be shown."""

    shown: ShownQuestion
    hundredths: int


@dataclass(frozen=True)
class ResultPage:
    """A handed-in attempt. ``reveals`` says whether keys and explanations may be shown."""

    attempt: Attempt
    outline: catalogue.Outline
    quiz: Quiz
    questions: tuple[GradedQuestion, ...]
    reveals: bool
    has_passed: bool
    allowance: Allowance
    is_course_complete: bool

    @property
    def right(self) -> int:
        return sum(graded.hundredths == grading.FULL for graded in self.questions)


def start(session: Session, here: Studying, quiz_key: str) -> str:
    """Open an attempt, or return the open one. Returns its id.

    Raises NotFound for a quiz that is not in the version, Conflict("no_attempts_left").
    """
    summary = here.outline.quiz(quiz_key)
    session.execute(  # one start at a time for an enrolment
        select(Enrolment.id).where(Enrolment.id == here.key.id).with_for_update()
    )
    there = _open_attempt_id(session, here.key.id, quiz_key)
    if there:
        return there
    done = record.progress_of(here.key.id).quizzes.get(quiz_key, QuizProgress())
    now_ms = clock.now_ms()
    if not rules.allowance(summary, done, now_ms).is_open:
        raise Conflict("no_attempts_left")
    quiz = catalogue.quiz(here.key.version_id, quiz_key)
    attempt_id = secrets.token_urlsafe(16)
    drawn = grading.draw(quiz, _seen(here.key.person_id, quiz), attempt_id)
    number = done.started + 1
    lesson_key = here.outline.lesson_of_quiz(quiz_key).key
    limit_ms = quiz.time_limit_minutes * 60 * SECOND_MS
    session.add(
        Attempt(
            id=attempt_id,
            enrolment_id=here.key.id,
            person_id=here.key.person_id,
            version_id=here.key.version_id,
            quiz_key=quiz_key,
            lesson_key=lesson_key,
            number=number,
            state=AttemptState.OPEN,
            pass_percent=quiz.pass_percent,
            questions=canonical([[d.digest, list(d.options)] for d in drawn]),
            question_count=len(drawn),
            started_ms=now_ms,
            deadline_ms=now_ms + limit_ms if limit_ms else 0,
        )
    )
    session.flush()
    _count_shown(session, here.key.person_id, drawn)
    digests = [d.digest for d in drawn]
    event = AttemptStarted(here.key.id, attempt_id, quiz_key, number, digests)
    record.append(session, here.key, [Happening(client_id("start", attempt_id), event, now_ms)])
    return attempt_id


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


def _attempt_of(person_id: int, attempt_id: str) -> Attempt:
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.person_id != person_id:
        raise NotFound
    return attempt


def is_open(person_id: int, attempt_id: str) -> bool:
    """Whether the person's attempt still takes answers. Raises NotFound to strangers."""
    attempt = _attempt_of(person_id, attempt_id)
    return attempt.state == AttemptState.OPEN and not _is_overdue(attempt, clock.now_ms())


def _is_overdue(attempt: Attempt, now_ms: int) -> bool:
    return bool(attempt.deadline_ms) and now_ms > attempt.deadline_ms + GRACE_MS


def attempt_page(person_id: int, attempt_id: str) -> AttemptPage:
    """The person's attempt with its questions. Raises NotFound to strangers."""
    attempt = _attempt_of(person_id, attempt_id)
    outline = catalogue.outline(attempt.version_id)
    quiz = catalogue.quiz(attempt.version_id, attempt.quiz_key)
    now_ms = clock.now_ms()
    return AttemptPage(attempt, outline, quiz, _shown(attempt), _allowance(attempt), now_ms)


def _allowance(attempt: Attempt) -> Allowance:
    summary = catalogue.outline(attempt.version_id).quiz(attempt.quiz_key)
    done = record.progress_of(attempt.enrolment_id).quizzes.get(attempt.quiz_key, QuizProgress())
    return rules.allowance(summary, done, clock.now_ms())


def _shown(attempt: Attempt) -> tuple[ShownQuestion, ...]:
    drawn = drawn_of(attempt)
    questions = catalogue.questions([d.digest for d in drawn])
    answers = _answers_of(attempt.id)
    return tuple(
        _show(i, question, d.options, answers.get(i))
        for i, (d, question) in enumerate(zip(drawn, questions, strict=True))
    )


def _show(
    position: int,
    question: Question,
    order: tuple[str, ...],
    answer: Row[tuple[str, int, int]] | None,
) -> ShownQuestion:
    by_key = {option.key: option for option in question.options}
    options = tuple(by_key[key] for key in order)
    if answer is None:
        return ShownQuestion(position, question, options, [], 0, 0)
    body, counter, saved_ms = answer[0], answer[1], answer[2]
    return ShownQuestion(position, question, options, json.loads(body), counter, saved_ms)


def drawn_of(attempt: Attempt) -> tuple[Drawn, ...]:
    """The questions an attempt froze at its start."""
    return tuple(Drawn(digest, tuple(order)) for digest, order in json.loads(attempt.questions))


def _answers_of(attempt_id: str) -> dict[int, Row[tuple[str, int, int]]]:
    statement = select(
        AttemptAnswer.body, AttemptAnswer.counter, AttemptAnswer.saved_ms, AttemptAnswer.position
    ).where(AttemptAnswer.attempt_id == attempt_id)
    return {row.position: row for row in db.session.execute(statement)}  # type: ignore[misc]


@dataclass(frozen=True)
class Saved:
    """An answer is on disk. ``counter`` is the one that stands, newer than ours if ``is_stale``."""

    saved_ms: int
    counter: int
    is_stale: bool


@dataclass(frozen=True)
class NewAnswer:
    """An answer as a device sends it; ``counter`` grows with each change on the device."""

    position: int
    answer: Answer
    counter: int


def check_answer(answer: NewAnswer) -> None:
    """Raise Invalid for what no page of ours sends."""
    parts = answer.answer
    too_long = any(len(part) > grading.MAX_ANSWER_CHARACTERS for part in parts)
    if answer.position < 0 or not 0 <= answer.counter < 2**53 or len(parts) > 50 or too_long:
        raise Invalid("bad_answer", "answer")


def save_answer(session: Session, person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    """Keep an answer; the newest by counter stands. One statement, so it cannot pass a hand-in.

    Raises NotFound to strangers and Conflict("closed") when the attempt takes no more answers.
    """
    now_ms = clock.now_ms()
    values = {
        "attempt": attempt_id,
        "person": person_id,
        "position": new.position,
        "counter": new.counter,
        "body": canonical(new.answer),
        "now_ms": now_ms,
        "too_late_ms": now_ms - GRACE_MS,
    }
    connection = session.connection()
    statement = _SAVE[connection.dialect.name]
    if connection.execute(statement, values).first():
        return Saved(now_ms, new.counter, is_stale=False)
    return _why_not_saved(person_id, attempt_id, new)


def _save_statement(dialect: str) -> postgresql.Insert | sqlite.Insert:
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
            _attempt.c.person_id == bindparam("person"),
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


_SAVE = {dialect: _save_statement(dialect) for dialect in ("sqlite", "postgresql")}


def _why_not_saved(person_id: int, attempt_id: str, new: NewAnswer) -> Saved:
    attempt = _attempt_of(person_id, attempt_id)
    if attempt.state != AttemptState.OPEN or _is_overdue(attempt, clock.now_ms()):
        raise Conflict("closed")
    if new.position >= attempt.question_count:
        raise NotFound
    stored = _answers_of(attempt_id)[new.position]
    return Saved(stored[2], stored[1], is_stale=True)


def submit(session: Session, person_id: int, attempt_id: str) -> Outcome:
    """Hand in an attempt with the answers that are saved. Raises Conflict("closed") if it was."""
    attempt = _lock(session, _attempt_of(person_id, attempt_id).id)
    if attempt.state != AttemptState.OPEN:
        raise Conflict("closed")
    late = _is_overdue(attempt, clock.now_ms())
    return _close(session, attempt, BY_TIME if late else BY_PERSON)


def _lock(session: Session, attempt_id: str) -> Attempt:
    """Order of locks: the attempt first, then the head of the person's chain."""
    statement = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _close(session: Session, attempt: Attempt, closed_by: str) -> Outcome:
    drawn = drawn_of(attempt)
    questions = catalogue.questions([d.digest for d in drawn])
    stored = _answers_of(attempt.id)
    answers = {position: json.loads(row[0]) for position, row in stored.items()}
    result = grading.grade_all(questions, answers, attempt.pass_percent)
    now_ms = clock.now_ms()
    at_ms = attempt.deadline_ms if closed_by == BY_TIME else now_ms
    attempt.state = AttemptState.SUBMITTED
    attempt.submitted_ms = at_ms
    attempt.score_tenths = result.score_tenths
    attempt.passed = result.passed
    attempt.points = canonical(list(result.hundredths))
    attempt.closed_by = closed_by
    session.flush()
    event = AttemptSubmitted(
        enrolment=attempt.enrolment_id,
        attempt=attempt.id,
        quiz=attempt.quiz_key,
        number=attempt.number,
        answers=[_for_journal(q, answers.get(i, [])) for i, q in enumerate(questions)],
        points=list(result.hundredths),
        score_tenths=result.score_tenths,
        passed=result.passed,
        closed_by=closed_by,
        days=sorted(
            {clock.day_of(row[2]).isoformat() for row in stored.values()}
            | {clock.day_of(at_ms).isoformat()}
        ),
    )
    key = _key_of(session, attempt.enrolment_id)
    happenings = [Happening(client_id("submit", attempt.id), event, at_ms)]
    happenings += _lessons_done(key, attempt, event)
    return study.append_and_complete(session, key, happenings)


def _for_journal(question: Question, answer: Answer) -> Answer:
    """Option keys as they are; of typed text only the SHA-256, so that erasure stays possible."""
    if question.shape not in _ANY_TYPED:
        return answer
    return [hashlib.sha256(part.encode()).hexdigest() for part in answer if part]


def _key_of(session: Session, enrolment_id: int) -> EnrolmentKey:
    row = session.get_one(Enrolment, enrolment_id)
    return EnrolmentKey(row.id, row.person_id, row.course_id, row.version_id)


def _lessons_done(key: EnrolmentKey, attempt: Attempt, event: AttemptSubmitted) -> list[Happening]:
    """Passing the last quiz of a lesson finishes the lesson too."""
    lesson = catalogue.outline(key.version_id).find(attempt.lesson_key)
    quizzes = record.progress_of(key.id).quizzes
    open_keys = [
        quiz.key
        for quiz in lesson.quizzes
        if quiz.key != attempt.quiz_key and not quizzes.get(quiz.key, QuizProgress()).passed
    ]
    if not event.passed or open_keys:
        return []
    return [study.lesson_done(key, lesson)]


def result_page(person_id: int, attempt_id: str) -> ResultPage:
    """The result of a handed-in attempt. Raises Conflict("open") while it is under way."""
    attempt = _attempt_of(person_id, attempt_id)
    if attempt.state != AttemptState.SUBMITTED:
        raise Conflict("open")
    outline = catalogue.outline(attempt.version_id)
    quiz = catalogue.quiz(attempt.version_id, attempt.quiz_key)
    progress = record.progress_of(attempt.enrolment_id)
    done = progress.quizzes.get(attempt.quiz_key, QuizProgress())
    points = json.loads(attempt.points)
    graded = tuple(
        GradedQuestion(shown, hundredths)
        for shown, hundredths in zip(_shown(attempt), points, strict=True)
    )
    return ResultPage(
        attempt,
        outline,
        quiz,
        graded,
        may_reveal(quiz.reveal, has_passed=done.passed),
        done.passed,
        rules.allowance(outline.quiz(attempt.quiz_key), done, clock.now_ms()),
        bool(progress.completed_ms),
    )


def may_reveal(reveal: Reveal, *, has_passed: bool) -> bool:
    """Whether keys, feedback and explanations may leave the server after a hand-in."""
    return reveal is Reveal.AFTER_SUBMIT or (reveal is Reveal.AFTER_PASS and has_passed)


@dataclass(frozen=True)
class AttemptLine:
    """One attempt in the list under a quiz."""

    id: str
    quiz_key: str
    number: int
    state: str
    score_tenths: int | None
    passed: bool | None
    submitted_ms: int | None


def attempts_of(enrolment_id: int, quiz_keys: Sequence[str]) -> dict[str, list[AttemptLine]]:
    """The attempts at the given quizzes, in order, by quiz."""
    if not quiz_keys:
        return {}
    statement = (
        select(
            Attempt.id,
            Attempt.quiz_key,
            Attempt.number,
            Attempt.state,
            Attempt.score_tenths,
            Attempt.passed,
            Attempt.submitted_ms,
        )
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_key.in_(quiz_keys))
        .order_by(Attempt.number)
    )
    lines: dict[str, list[AttemptLine]] = {key: [] for key in quiz_keys}
    for row in db.session.execute(statement):
        lines[row.quiz_key].append(AttemptLine(*row))
    return lines


def allowances(here: Studying, quiz_keys: Sequence[str]) -> dict[str, Allowance]:
    """How many attempts of each quiz are used and whether one more may begin."""
    now_ms = clock.now_ms()
    done = here.progress.quizzes
    return {
        key: rules.allowance(here.outline.quiz(key), done.get(key, QuizProgress()), now_ms)
        for key in quiz_keys
    }


def grant_attempt(
    session: Session, instructor_id: int, course_id: int, enrolment_id: int, quiz_key: str
) -> None:
    """Open one more attempt for a learner of the course, by their instructor.

    Raises NotFound for an enrolment of another course, Conflict("not_needed") while the learner
    has attempts left or has passed.
    """
    enrolment = session.get(Enrolment, enrolment_id)
    if enrolment is None or enrolment.course_id != course_id:
        raise NotFound
    key = _key_of(session, enrolment_id)
    quiz = catalogue.outline(key.version_id).quiz(quiz_key)
    done = record.progress_of(key.id).quizzes.get(quiz_key, QuizProgress())
    if done.passed or rules.allowance(quiz, done, clock.now_ms()).is_open:
        raise Conflict("not_needed")
    now_ms = clock.now_ms()
    event = AttemptGranted(key.id, quiz_key, instructor_id)
    unique = client_id("grant", key.id, quiz_key, done.granted + 1)
    record.append(session, key, [Happening(unique, event, now_ms)])
    notices.notify(
        key.person_id, notices.NoticeKind.EXTRA_ATTEMPT, f"extra:{unique}", title=quiz.title
    )


def close_overdue(work: Work) -> None:
    """A job: hand in attempts whose time is over, with what was saved."""
    from_ms = clock.now_ms() - GRACE_MS
    statement = (
        select(Attempt.id)
        .where(
            Attempt.state == AttemptState.OPEN,
            Attempt.deadline_ms > 0,
            Attempt.deadline_ms < from_ms,
        )
        .order_by(Attempt.deadline_ms)
        .limit(CLOSE_BATCH)
    )
    for attempt_id in db.session.scalars(statement).all():
        close_by_time(attempt_id)
    work.report(100)


def close_by_time(attempt_id: str) -> None:
    """Hand in one attempt whose time is over, in a transaction of its own."""
    with transaction() as session:
        attempt = _lock(session, attempt_id)
        if attempt.state != AttemptState.OPEN or not _is_overdue(attempt, clock.now_ms()):
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


def answers_from(form: Mapping[str, Sequence[str]], count: int) -> dict[int, Answer]:
    """The answers of a posted page of questions; fields are named ``q0`` to ``q<count-1>``."""
    return {i: list(form.get(f"q{i}", [])) for i in range(count)}
