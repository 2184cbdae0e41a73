"""Does progress meet the rules of a course, and what is missing? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from elearn import clock
from elearn.content.catalogue import Outline, OutlineLesson, QuizSummary
from elearn.content.course import PRETEST, Rule, RuleKind
from elearn.learning.models import CourseState
from elearn.learning.progress import Progress, QuizProgress

REOPEN_AFTER_MS = clock.DAY_MS


class Missing(StrEnum):
    """What a person still has to do."""

    LESSON = "lesson"
    QUIZ = "quiz"
    REFLECTION = "reflection"
    SURVEY = "survey"


@dataclass(frozen=True)
class Unmet:
    """One thing that is missing, with the lesson where it is done."""

    what: Missing
    title: str
    lesson_key: str


@dataclass(frozen=True)
class Standing:
    """What a person's progress means in the version they study.

    ``percent`` 0 to 100 over lessons, quizzes, reflections and surveys; ``score_tenths`` the mean
    of the best scores of attempted quizzes in tenths of a percent, None before the first.
    """

    state: CourseState
    percent: int
    next_lesson: str
    score_tenths: int | None
    unmet: tuple[Unmet, ...]

    @property
    def is_complete(self) -> bool:
        return not self.unmet


@dataclass(frozen=True)
class Allowance:
    """Attempts of a quiz: how many are begun, and how many may be.

    ``opens_ms`` is when one more opens by itself, 0 when one may begin now. ``limit`` 0 means
    without limit. None may begin while one ``is_waiting`` for an instructor to mark its essays.
    """

    used: int
    limit: int
    opens_ms: int
    is_waiting: bool = False

    @property
    def is_open(self) -> bool:
        return self.opens_ms == 0 and not self.is_waiting


def allowance(quiz: QuizSummary, done: QuizProgress, now_ms: int) -> Allowance:
    """How many attempts are used; after the last one another opens a day later."""
    if done.waiting:
        limit = max(_limit(quiz, done), done.started) if quiz.max_attempts else 0
        return Allowance(done.started, limit, 0, is_waiting=True)
    if not quiz.max_attempts:
        return Allowance(done.started, 0, 0)
    limit = max(_limit(quiz, done), done.started)
    if done.started < limit:
        return Allowance(done.started, limit, 0)
    opens_ms = done.last_ms + REOPEN_AFTER_MS
    if done.submitted == done.started and opens_ms <= now_ms:
        return Allowance(done.started, limit + 1, 0)
    return Allowance(done.started, limit, opens_ms)


def _limit(quiz: QuizSummary, done: QuizProgress) -> int:
    return max(quiz.max_attempts, done.granted_to)


def may_take_pretest(outline: Outline, progress: Progress) -> bool:
    """Whether the pretest waits: before anything else, and only until it is done or skipped."""
    done = progress.quizzes.get(PRETEST, QuizProgress())
    is_over = done.submitted or progress.pretest_skipped or progress.has_begun
    return outline.pretest is not None and not is_over


def is_finished(progress: Progress, lesson: OutlineLesson) -> bool:
    """Whether a lesson was finished as it reads in this version, under this key or an old one."""
    done = progress.lessons
    return done.get(lesson.key) == lesson.digest or any(
        done.get(key) == lesson.digest for key in lesson.old_keys
    )


def standing(outline: Outline, progress: Progress) -> Standing:
    """Evaluate the rules of the course."""
    unmet = unmet_of(outline, progress)
    if progress.completed_ms:
        state = CourseState.PASSED
    else:
        stuck = any(_is_out_of_attempts(q, progress) for q in needed_quizzes(outline))
        state = CourseState.FAILED if stuck else CourseState.STUDYING
    return Standing(
        state,
        100 if progress.completed_ms else _percent(outline, progress),
        next_lesson(outline, progress),
        _score(outline, progress),
        unmet,
    )


def unmet_of(outline: Outline, progress: Progress) -> tuple[Unmet, ...]:
    """Each unmet rule, broken down to what can be done about it, in the order of the course."""
    found = {item for rule in outline.rules for item in _unmet_by(rule, outline, progress)}
    by_quiz = {item.lesson_key for item in found if item.what is Missing.QUIZ}
    # Passing the last quiz of a lesson finishes the lesson too.
    found = {u for u in found if u.what is not Missing.LESSON or u.lesson_key not in by_quiz}
    order = {key: i for i, key in enumerate(outline.lesson_keys)}
    return tuple(sorted(found, key=lambda u: (order[u.lesson_key], list(Missing).index(u.what))))


def _unmet_by(rule: Rule, outline: Outline, progress: Progress) -> list[Unmet]:
    match rule.kind:
        case RuleKind.LESSONS:
            return _missing_lessons(outline, progress, rule.percent)
        case RuleKind.ALL_QUIZZES:
            return _missing_quizzes(outline, progress, "")
        case RuleKind.QUIZ:
            return _missing_quizzes(outline, progress, rule.quiz_key)
        case RuleKind.REFLECTIONS:
            return [
                Unmet(Missing.REFLECTION, reflection.title, lesson.key)
                for lesson in outline.lessons
                for reflection in lesson.reflections
                if reflection.key not in progress.reflections
            ]
        case RuleKind.SURVEYS:
            return [
                Unmet(Missing.SURVEY, survey.title, lesson.key)
                for lesson in outline.lessons
                for survey in lesson.surveys
                if survey.key not in progress.surveys
            ]


def _missing_lessons(outline: Outline, progress: Progress, percent: int) -> list[Unmet]:
    required = [lesson for lesson in outline.lessons if lesson.required]
    open_lessons = [lesson for lesson in required if not is_finished(progress, lesson)]
    done = len(required) - len(open_lessons)
    if done * 100 >= percent * len(required):
        return []
    return [Unmet(Missing.LESSON, lesson.title, lesson.key) for lesson in open_lessons]


def _missing_quizzes(outline: Outline, progress: Progress, only: str) -> list[Unmet]:
    return [
        Unmet(Missing.QUIZ, quiz.title, lesson.key)
        for lesson in outline.lessons
        for quiz in lesson.quizzes
        if (not only or quiz.key == only) and not _passed(progress, quiz.key)
    ]


def _passed(progress: Progress, quiz_key: str) -> bool:
    return progress.quizzes.get(quiz_key, QuizProgress()).passed


def needed_quizzes(outline: Outline) -> list[QuizSummary]:
    """The quizzes that a rule of completion asks for."""
    quizzes = [quiz for lesson in outline.lessons for quiz in lesson.quizzes]
    kinds = {rule.kind for rule in outline.rules}
    if RuleKind.ALL_QUIZZES in kinds:
        return quizzes
    named = {rule.quiz_key for rule in outline.rules if rule.kind is RuleKind.QUIZ}
    return [quiz for quiz in quizzes if quiz.key in named]


def _is_out_of_attempts(quiz: QuizSummary, progress: Progress) -> bool:
    done = progress.quizzes.get(quiz.key, QuizProgress())
    if not quiz.max_attempts or done.passed or done.waiting or done.submitted < done.started:
        return False
    return done.submitted >= _limit(quiz, done)


def _percent(outline: Outline, progress: Progress) -> int:
    """Share of the minutes of finished lessons, passed quizzes, reflections and surveys."""
    parts = [(lesson.minutes or 1, is_finished(progress, lesson)) for lesson in outline.lessons]
    for lesson in outline.lessons:
        parts += [(max(q.question_count, 1), _passed(progress, q.key)) for q in lesson.quizzes]
        parts += [(5, r.key in progress.reflections) for r in lesson.reflections]
        parts += [(1, s.key in progress.surveys) for s in lesson.surveys]
    whole = sum(minutes for minutes, _ in parts)
    done = sum(minutes for minutes, finished in parts if finished)
    return min(99, done * 100 // whole) if whole else 0


def next_lesson(outline: Outline, progress: Progress) -> str:
    """Where to go on: the first open lesson after the last finished one, else the first open."""
    keys = outline.lesson_keys
    open_keys = [k for k in keys if _is_open(outline.find(k), progress)]
    start = _place(outline, progress.last_lesson)
    later = [key for key in open_keys if keys.index(key) > start]
    return (later or open_keys or [""])[0]


def _place(outline: Outline, key: str) -> int:
    """Where a lesson stands, also under the key it had before; -1 when it is gone."""
    places = (i for i, le in enumerate(outline.lessons) if key in (le.key, *le.old_keys))
    return next(places, -1)


def _is_open(lesson: OutlineLesson, progress: Progress) -> bool:
    return (
        not is_finished(progress, lesson)
        or any(not _passed(progress, quiz.key) for quiz in lesson.quizzes)
        or any(r.key not in progress.reflections for r in lesson.reflections)
        or any(s.key not in progress.surveys for s in lesson.surveys)
    )


def _score(outline: Outline, progress: Progress) -> int | None:
    keys = [quiz.key for lesson in outline.lessons for quiz in lesson.quizzes]
    best = [progress.quizzes[k].best_tenths for k in keys if _was_tried(progress, k)]
    return round(sum(best) / len(best)) if best else None


def _was_tried(progress: Progress, quiz_key: str) -> bool:
    quiz = progress.quizzes.get(quiz_key, QuizProgress())
    return quiz.submitted > quiz.waiting  # what waits for its marks has no score
