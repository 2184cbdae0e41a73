"""The one rule for derived state: fold a person's events of one enrolment into progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any, assert_never

from elearn import clock
from elearn.learning.events import (
    AttemptGranted,
    AttemptStarted,
    AttemptSubmitted,
    CourseCompleted,
    Enrolled,
    LearningEvent,
    LessonCompleted,
    ReflectionWritten,
    VersionMoved,
)


@dataclass(frozen=True)
class QuizProgress:
    """What came of a quiz so far. Scores in tenths of a percent; the best attempt counts.

    ``granted_to`` is the highest number of an attempt that an instructor has opened.
    """

    started: int = 0
    submitted: int = 0
    best_tenths: int = 0
    passed: bool = False
    granted_to: int = 0
    last_ms: int = 0


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


def apply(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    """The progress after one more event."""
    return _change(_touch(progress, event, happened_ms), event, happened_ms)


def _touch(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    if isinstance(event, AttemptGranted):  # the instructor's act is no activity of the learner
        return progress
    days = {*progress.days, clock.day_of(happened_ms).isoformat()}
    if isinstance(event, AttemptSubmitted):
        days.update(event.days)
    return replace(
        progress,
        days=tuple(sorted(days)),
        first_ms=progress.first_ms or happened_ms,
        last_ms=max(progress.last_ms, happened_ms),
    )


def _change(progress: Progress, event: LearningEvent, happened_ms: int) -> Progress:
    match event:
        case Enrolled() | VersionMoved():
            return replace(progress, version=event.version)
        case LessonCompleted():
            lessons = {**progress.lessons, event.lesson: event.digest}
            return replace(progress, lessons=lessons, last_lesson=event.lesson)
        case AttemptStarted():
            return _with_quiz(progress, event.quiz, _started(progress, event))
        case AttemptSubmitted():
            return _with_quiz(progress, event.quiz, _submitted(progress, event, happened_ms))
        case AttemptGranted():
            return _with_quiz(progress, event.quiz, _granted(progress, event))
        case ReflectionWritten():
            reflections = {**progress.reflections, event.reflection: event.digest}
            return replace(progress, reflections=reflections)
        case CourseCompleted():
            return replace(progress, completed_ms=progress.completed_ms or happened_ms)
        case _:
            assert_never(event)


def _with_quiz(progress: Progress, key: str, quiz: QuizProgress) -> Progress:
    return replace(progress, quizzes={**progress.quizzes, key: quiz})


def _started(progress: Progress, event: AttemptStarted) -> QuizProgress:
    quiz = progress.quizzes.get(event.quiz, QuizProgress())
    return replace(quiz, started=max(quiz.started, event.number))


def _granted(progress: Progress, event: AttemptGranted) -> QuizProgress:
    quiz = progress.quizzes.get(event.quiz, QuizProgress())
    return replace(quiz, granted_to=max(quiz.granted_to, quiz.started) + 1)


def _submitted(progress: Progress, event: AttemptSubmitted, happened_ms: int) -> QuizProgress:
    quiz = progress.quizzes.get(event.quiz, QuizProgress())
    return replace(
        quiz,
        submitted=quiz.submitted + 1,
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
    """The progress as JSON values."""
    return asdict(progress)


def decode(body: dict[str, Any]) -> Progress:
    """The progress of stored JSON values."""
    quizzes = {key: QuizProgress(**value) for key, value in body["quizzes"].items()}
    return Progress(**{**body, "quizzes": quizzes, "days": tuple(body["days"])})
