"""The one rule for derived state: fold a person's events of one enrolment into progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, assert_never

from elearn import clock
from elearn.content.course import PRETEST
from elearn.frozen import replace
from elearn.learning.events import (
    AttemptGranted,
    AttemptHandedIn,
    AttemptMarked,
    AttemptRegraded,
    AttemptStarted,
    AttemptSubmitted,
    CourseCompleted,
    Enrolled,
    EssayMarked,
    LearningEvent,
    LessonCompleted,
    MarkCorrected,
    PretestSkipped,
    ReflectionWritten,
    SurveyAnswered,
    VersionMoved,
)


@dataclass(frozen=True)
class QuizProgress:
    """What came of a quiz so far. Scores in tenths of a percent; the best attempt counts.

    ``granted_to`` is the highest number of an attempt that an instructor has opened; ``waiting``
    counts the handed-in attempts whose essays are not all marked.
    """

    started: int = 0
    submitted: int = 0
    best_tenths: int = 0
    passed: bool = False
    granted_to: int = 0
    last_ms: int = 0
    waiting: int = 0


@dataclass(frozen=True)
class Progress:
    """The state of one enrolment.

    ``lessons`` maps the key of each finished lesson to its digest then; ``days`` are the WIB days
    with activity, sorted ISO dates; ``completed_ms`` is 0 until every rule is met.
    """

    version: str = ""
    lessons: dict[str, str] = field(default_factory=dict)
    quizzes: dict[str, QuizProgress] = field(default_factory=dict)
    reflections: dict[str, str] = field(default_factory=dict)
    days: tuple[str, ...] = ()
    first_ms: int = 0
    last_ms: int = 0
    last_lesson: str = ""
    completed_ms: int = 0
    surveys: tuple[str, ...] = ()
    pretest_skipped: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether anything but the pretest was done."""
        tried = self.quizzes.keys() - {PRETEST}
        return bool(tried or self.lessons or self.reflections or self.surveys)


_BY_INSTRUCTORS = (AttemptGranted, EssayMarked, AttemptMarked, MarkCorrected, AttemptRegraded)
_QuizEvent = (
    AttemptStarted
    | AttemptGranted
    | AttemptSubmitted
    | AttemptHandedIn
    | EssayMarked
    | AttemptMarked
    | MarkCorrected
    | AttemptRegraded
)
_OF_QUIZZES = (
    AttemptStarted,
    AttemptGranted,
    AttemptSubmitted,
    AttemptHandedIn,
    EssayMarked,
    AttemptMarked,
    MarkCorrected,
    AttemptRegraded,
)


def apply(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    """The progress after one more event."""
    return _change(_touch(progress, event, happened_ms), event, happened_ms)


def _touch(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    if isinstance(event, _BY_INSTRUCTORS):  # no activity of the learner
        return progress
    days = {*progress.days, *_days_of(event, happened_ms)}
    return replace(
        progress,
        days=tuple(sorted(days)),
        first_ms=progress.first_ms or happened_ms,
        last_ms=max(progress.last_ms, happened_ms),
    )


def _days_of(event: LearningEvent, happened_ms: int) -> list[str]:
    """The days of study; a pretest counts towards nothing."""
    if isinstance(event, PretestSkipped) or getattr(event, "quiz", "") == PRETEST:
        return []
    more = event.days if isinstance(event, AttemptSubmitted | AttemptHandedIn) else []
    return [clock.day_of(happened_ms).isoformat(), *more]


def _change(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    if isinstance(event, _OF_QUIZZES):
        quiz = progress.quizzes.get(event.quiz, QuizProgress())
        changed = _change_quiz(quiz, event, happened_ms)
        return replace(progress, quizzes={**progress.quizzes, event.quiz: changed})
    match event:
        case Enrolled() | VersionMoved():
            return _entered(progress, event)
        case LessonCompleted():
            lessons = {**progress.lessons, event.lesson: event.digest}
            return replace(progress, lessons=lessons, last_lesson=event.lesson)
        case ReflectionWritten():
            reflections = {**progress.reflections, event.reflection: event.digest}
            return replace(progress, reflections=reflections)
        case SurveyAnswered():
            return replace(progress, surveys=tuple(sorted({*progress.surveys, event.survey})))
        case PretestSkipped():
            return replace(progress, pretest_skipped=True)
        case CourseCompleted():
            return replace(progress, completed_ms=progress.completed_ms or happened_ms)
        case _:
            assert_never(event)


def _entered(progress: Progress, event: Enrolled | VersionMoved) -> Progress:
    kept = event.kept if isinstance(event, VersionMoved) else {}
    return replace(progress, version=event.version, lessons={**progress.lessons, **kept})


def _change_quiz(quiz: QuizProgress, event: _QuizEvent, happened_ms: int) -> QuizProgress:
    match event:
        case AttemptStarted():
            return replace(quiz, started=max(quiz.started, event.number))
        case AttemptGranted():
            return replace(quiz, granted_to=max(quiz.granted_to, quiz.started) + 1)
        case AttemptSubmitted():
            return _scored(replace(quiz, submitted=quiz.submitted + 1), event, happened_ms)
        case AttemptHandedIn():
            last_ms = max(quiz.last_ms, happened_ms)
            count, waiting = quiz.submitted + 1, quiz.waiting + 1
            return replace(quiz, submitted=count, waiting=waiting, last_ms=last_ms)
        case EssayMarked():
            return quiz
        case AttemptMarked() | MarkCorrected() | AttemptRegraded():
            return _graded(quiz, event, happened_ms)
        case _:
            assert_never(event)


def _graded(
    quiz: QuizProgress, event: AttemptMarked | MarkCorrected | AttemptRegraded, happened_ms: int
) -> QuizProgress:
    match event:
        case AttemptMarked():
            return _scored(replace(quiz, waiting=max(quiz.waiting - 1, 0)), event, happened_ms)
        case MarkCorrected():
            best_tenths = max(quiz.best_tenths, event.score_tenths or 0)
            return replace(quiz, best_tenths=best_tenths, passed=quiz.passed or event.passed)
        case AttemptRegraded():
            return replace(quiz, best_tenths=event.best_tenths, passed=event.best_passed)


def _scored(
    quiz: QuizProgress, event: AttemptSubmitted | AttemptMarked, happened_ms: int
) -> QuizProgress:
    return replace(
        quiz,
        best_tenths=max(quiz.best_tenths, event.score_tenths),
        passed=quiz.passed or event.passed,
        last_ms=max(quiz.last_ms, happened_ms),
    )


def fold(events: Iterable[tuple[LearningEvent, int]]) -> Progress:
    """The progress after all events (each with its happened_ms), in the order of the chain."""
    progress = Progress()
    for event, happened_ms in events:
        progress = apply(progress, event, happened_ms)
    return progress


def encode(progress: Progress) -> dict[str, Any]:
    """The progress as JSON values; what came into being later stands there only when it is used."""
    quizzes = {key: dict(vars(quiz)) for key, quiz in progress.quizzes.items()}
    body = {**vars(progress), "quizzes": quizzes}
    for quiz in quizzes.values():
        if not quiz["waiting"]:
            del quiz["waiting"]
    if not body["surveys"]:
        del body["surveys"]
    if not body["pretest_skipped"]:
        del body["pretest_skipped"]
    return body


def decode(body: dict[str, Any]) -> Progress:
    """The progress of stored JSON values."""
    quizzes = {key: QuizProgress(**value) for key, value in body["quizzes"].items()}
    tuples = {"days": tuple(body["days"]), "surveys": tuple(body.get("surveys", ()))}
    return Progress(**{**body, "quizzes": quizzes, **tuples})
