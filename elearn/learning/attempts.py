"""Attempts to look at: the page of an open one, its result, the list under a quiz."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import PRETEST, Option, Question, Reveal, Shape
from elearn.content.difference import with_key_of
from elearn.database import db
from elearn.errors import Conflict, NotFound
from elearn.learning import answers, grading, mends, record, rules
from elearn.learning.answers import Answer
from elearn.learning.grading import Drawn
from elearn.learning.models import Attempt, AttemptAnswer, AttemptState
from elearn.learning.progress import QuizProgress
from elearn.learning.rules import Allowance
from elearn.learning.study import Studying
from elearn.learning.verdicts import Verdict

SECOND_MS = 1000
# An answer on its way when the time ended still counts.
GRACE_MS = 5 * SECOND_MS


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

    @property
    def parts(self) -> Mapping[str, str]:
        """What was given for each part of a question that has parts."""
        return answers.parts_of(self.answer)


@dataclass(frozen=True)
class AttemptPage:
    """An attempt with its questions; keys and feedback are only in a ResultPage."""

    attempt: Attempt
    outline: catalogue.Outline
    quiz: catalogue.QuizSummary
    questions: tuple[ShownQuestion, ...]
    allowance: Allowance
    now_ms: int

    @property
    def is_over(self) -> bool:
        """The time is over, though nobody has handed it in yet."""
        return is_overdue(self.attempt, self.now_ms)

    @property
    def is_pretest(self) -> bool:
        return self.quiz.key == PRETEST

    @property
    def has_ordering(self) -> bool:
        return any(shown.question.shape is Shape.ORDERING for shown in self.questions)

    @property
    def has_hints(self) -> bool:
        return not self.is_pretest and any(q.question.hints_html for q in self.questions)

    @property
    def answered(self) -> int:
        return sum(question.is_answered for question in self.questions)


@dataclass(frozen=True)
class GradedQuestion:
    """A question of a handed-in attempt: hundredths earned, the answer, what may be shown."""

    shown: ShownQuestion
    hundredths: int

    @property
    def verdict(self) -> Verdict:
        return Verdict(self.shown.question, self.shown.answer, self.hundredths)


@dataclass(frozen=True)
class ResultPage:
    """A handed-in attempt. ``reveals`` says whether keys and explanations may be shown."""

    attempt: Attempt
    outline: catalogue.Outline
    quiz: catalogue.QuizSummary
    questions: tuple[GradedQuestion, ...]
    reveals: bool
    has_passed: bool
    allowance: Allowance
    is_course_complete: bool

    @property
    def is_written(self) -> bool:
        """Nothing but essays were asked, of which none is simply right or wrong."""
        return all(graded.shown.question.shape is Shape.ESSAY for graded in self.questions)

    @property
    def right(self) -> int:
        return sum(graded.hundredths == grading.FULL for graded in self.questions)

    @property
    def to_review(self) -> list[str]:
        """Codes of the competencies where points are missing, the most missed first.

        Before the keys may be shown this is all that is said about where an answer was wrong.
        """
        missed = Counter(
            competency.code
            for graded in self.questions
            if graded.hundredths < grading.FULL
            for competency in graded.shown.question.competencies
        )
        return [code for code, _count in missed.most_common()]

    @property
    def lessons_to_read(self) -> list[catalogue.OutlineLesson]:
        """The lessons of the quiz's module, without those that are only its quiz."""
        module = self.outline.module_of(self.attempt.lesson_key)
        return [lesson for lesson in module.lessons if lesson.has_text and not lesson.quizzes]


def attempt_of(person_id: int, attempt_id: str) -> Attempt:
    attempt = db.session.get(Attempt, attempt_id)
    if attempt is None or attempt.person_id != person_id:
        raise NotFound
    return attempt


def is_overdue(attempt: Attempt, now_ms: int) -> bool:
    return bool(attempt.deadline_ms) and now_ms > attempt.deadline_ms + GRACE_MS


def attempt_page(person_id: int, attempt_id: str) -> AttemptPage:
    """The person's attempt with its questions. Raises NotFound to strangers."""
    attempt = attempt_of(person_id, attempt_id)
    outline = catalogue.outline(attempt.version_id)
    quiz = outline.quiz(attempt.quiz_key)
    now_ms = clock.now_ms()
    return AttemptPage(attempt, outline, quiz, _shown(attempt), _allowance(attempt), now_ms)


def _allowance(attempt: Attempt) -> Allowance:
    summary = catalogue.outline(attempt.version_id).quiz(attempt.quiz_key)
    done = record.progress_of(attempt.enrolment_id).quizzes.get(attempt.quiz_key, QuizProgress())
    return rules.allowance(summary, done, clock.now_ms())


def _shown(attempt: Attempt) -> tuple[ShownQuestion, ...]:
    return _show_all(attempt, catalogue.questions([d.digest for d in drawn_of(attempt)]))


def _shown_as_graded(attempt: Attempt) -> tuple[ShownQuestion, ...]:
    """With the keys that count today: a mended one in the place of the one it was asked with."""
    asked = catalogue.questions([d.digest for d in drawn_of(attempt)])
    mended = mends.of_version(attempt.version_id, [question.digest for question in asked])
    return _show_all(
        attempt,
        [with_key_of(q, mended[q.digest].question) if q.digest in mended else q for q in asked],
    )


def _show_all(attempt: Attempt, questions: Sequence[Question]) -> tuple[ShownQuestion, ...]:
    drawn = drawn_of(attempt)
    answers = answers_of(attempt.id)
    return tuple(
        _show(i, question, d.options, answers.get(i))
        for i, (d, question) in enumerate(zip(drawn, questions, strict=True))
    )


def _show(
    position: int,
    question: Question,
    order: tuple[str, ...],
    stored: StoredAnswer | None,
) -> ShownQuestion:
    by_key = {option.key: option for option in question.options}
    options = tuple(by_key[key] for key in order)
    if stored is None:
        return ShownQuestion(position, question, options, [], 0, 0)
    answer = stored.answer
    return ShownQuestion(position, question, options, answer, stored.counter, stored.saved_ms)


def drawn_of(attempt: Attempt) -> tuple[Drawn, ...]:
    """The questions an attempt froze at its start."""
    return tuple(Drawn(digest, tuple(order)) for digest, order in json.loads(attempt.questions))


class StoredAnswer(NamedTuple):
    """The newest answer to a question."""

    answer: Answer
    counter: int
    saved_ms: int


def answers_of(attempt_id: str) -> dict[int, StoredAnswer]:
    statement = select(
        AttemptAnswer.position, AttemptAnswer.body, AttemptAnswer.counter, AttemptAnswer.saved_ms
    ).where(AttemptAnswer.attempt_id == attempt_id)
    return {
        row.position: StoredAnswer(json.loads(row.body), row.counter, row.saved_ms)
        for row in db.session.execute(statement)
    }


def answers_of_all(attempt_ids: Sequence[str]) -> dict[str, dict[int, Answer]]:
    """The newest answers of several attempts, by attempt and position; one statement."""
    statement = select(AttemptAnswer.attempt_id, AttemptAnswer.position, AttemptAnswer.body).where(
        AttemptAnswer.attempt_id.in_(attempt_ids)
    )
    found: dict[str, dict[int, Answer]] = {}
    for row in db.session.execute(statement):
        found.setdefault(row.attempt_id, {})[row.position] = json.loads(row.body)
    return found


def result_page(person_id: int, attempt_id: str) -> ResultPage:
    """The result of a handed-in attempt. Raises Conflict("open") while it is under way.

    Raises NotFound to strangers, and for a pretest: nobody is told what was right in it.
    """
    attempt = attempt_of(person_id, attempt_id)
    if attempt.state != AttemptState.SUBMITTED:
        raise Conflict("open")
    if attempt.quiz_key == PRETEST:
        raise NotFound
    outline = catalogue.outline(attempt.version_id)
    quiz = outline.quiz(attempt.quiz_key)
    progress = record.progress_of(attempt.enrolment_id)
    done = progress.quizzes.get(attempt.quiz_key, QuizProgress())
    points = json.loads(attempt.points)
    graded = tuple(
        GradedQuestion(shown, hundredths)
        for shown, hundredths in zip(_shown_as_graded(attempt), points, strict=True)
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
