"""What instructors and the editor are told of a quiz: its questions, scores and reliability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from elearn.content import catalogue
from elearn.content.course import Quiz
from elearn.content.models import Course
from elearn.database import db
from elearn.errors import NotFound
from elearn.reports import charts, estimates, items, reliability, responses
from elearn.reports.charts import Histogram, Point, Scatter
from elearn.reports.estimates import ROUNDING, Estimate
from elearn.reports.items import Observation, QuestionFigures, Sitting
from elearn.reports.reliability import Reliability
from elearn.reports.responses import MOST_ATTEMPTS, Mark

KEPT_QUIZZES = 32
RELIABILITY_FROM = items.DISCRIMINATION_FROM


class QuestionResult(NamedTuple):
    """The figures of a question version, its place in the list, whether it is still asked so."""

    figures: QuestionFigures
    is_current: bool
    number: int


class QuizLink(NamedTuple):
    """A quiz that was attempted; the title is empty for one the newest version dropped."""

    key: str
    title: str
    attempts: int


@dataclass(frozen=True)
class QuizResult:
    """A quiz by its first attempts.

    ``attempts`` counts all, ``used`` the newest ones the figures rest on. ``scores`` are shares
    0 to 1 and ``pass_percent`` is today's, None for a quiz the newest version dropped.
    """

    key: str
    title: str
    attempts: int
    used: int
    scores: Sequence[float]
    pass_percent: int | None
    reliability: Reliability | None
    questions: Sequence[QuestionResult]

    @property
    def passing(self) -> Estimate | None:
        """The share of people at or above today's pass mark."""
        if self.pass_percent is None or self.used < items.FACILITY_FROM:
            return None
        enough = [score for score in self.scores if _tenths(score) >= 10 * self.pass_percent]
        return estimates.share(len(enough), self.used)

    @property
    def suspects(self) -> list[QuestionResult]:
        """The questions whose keys are suspect, of old versions too: they were graded by them."""
        return [q for q in self.questions if q.figures.suspicions]


@dataclass(frozen=True)
class CourseResults:
    """The attempted quizzes of a course in its order, and the one looked at, if any."""

    quizzes: list[QuizLink]
    shown: QuizResult | None


def results(course_id: int, quiz_key: str = "") -> CourseResults:
    """The quizzes of a course and the results of one, of the first if none is named.

    Raises NotFound for a course without versions and for a quiz nobody attempted.
    """
    version_id = _latest_version(course_id)
    marks, titles = _attempted(course_id, version_id)
    quizzes = [QuizLink(key, titles.get(key, ""), mark.attempts) for key, mark in marks.items()]
    wanted = quiz_key or next(iter(marks), "")
    if not wanted:
        return CourseResults(quizzes, None)
    if wanted not in marks:
        raise NotFound
    found = _kept(course_id, version_id, marks[wanted], titles.get(wanted, ""))
    return CourseResults(quizzes, found)


def by_digest(course_id: int) -> dict[str, QuestionFigures]:
    """The figures of every question version asked in quizzes of a course, by its digest.

    A version that several quizzes ask shows where it was asked most. What did not change since
    it was last asked for costs one statement a course, a quiz that did two or three more.
    """
    version_id = _latest_version(course_id)
    marks, titles = _attempted(course_id, version_id)
    found: dict[str, QuestionFigures] = {}
    for key, mark in marks.items():
        for result in _kept(course_id, version_id, mark, titles.get(key, "")).questions:
            digest = result.figures.question.digest
            if digest not in found or found[digest].shown < result.figures.shown:
                found[digest] = result.figures
    return found


def _tenths(score: float) -> int:
    """Tenths of a percent, half up, as attempts are graded."""
    return int(score * 1000 + 0.5 + ROUNDING)


def _latest_version(course_id: int) -> int:
    found = db.session.scalar(select(Course.latest_version_id).where(Course.id == course_id))
    if found is None:
        raise NotFound
    return found


def _attempted(course_id: int, version_id: int) -> tuple[dict[str, Mark], dict[str, str]]:
    """The marks of attempted quizzes in the order of the course, and the titles it has now."""
    titles = {
        quiz.key: quiz.title
        for lesson in catalogue.outline(version_id).lessons
        for quiz in lesson.quizzes
    }
    marks = {mark.quiz_key: mark for mark in responses.marks(course_id)}
    keys = [key for key in titles if key in marks] + sorted(marks.keys() - titles.keys())
    return {key: marks[key] for key in keys}, titles


@lru_cache(maxsize=KEPT_QUIZZES)
def _kept(course_id: int, version_id: int, mark: Mark, title: str) -> QuizResult:
    """The results of a quiz, kept until an attempt, a regrade or a new version changes them."""
    quiz = _quiz_now(version_id, mark.quiz_key)
    sittings = responses.sittings(course_id, mark.quiz_key)
    questions = catalogue.questions(sorted({r.digest for s in sittings for r in s}))
    voided = {q.digest for q in questions if q.voided}
    observed = [items.observe(sitting, voided) for sitting in sittings]
    seen = _by_question(observed)
    figures = [items.figures(q, seen[q.digest]) for q in questions]
    return QuizResult(
        key=mark.quiz_key,
        title=title,
        attempts=mark.attempts,
        used=min(len(sittings), MOST_ATTEMPTS),
        scores=[score_of(sitting) for sitting in sittings],
        pass_percent=quiz.pass_percent if quiz else None,
        reliability=_reliability(quiz, sittings) if quiz else None,
        questions=_in_order(figures, _digests(quiz)),
    )


def forget() -> None:
    """Drop what is kept (tests)."""
    _kept.cache_clear()


def _quiz_now(version_id: int, key: str) -> Quiz | None:
    try:
        return catalogue.quiz(version_id, key)
    except NotFound:  # the newest version no longer has this quiz
        return None


def _digests(quiz: Quiz | None) -> set[str]:
    return {q.digest for pool in quiz.pools for q in pool.questions} if quiz else set()


def _in_order(figures: Sequence[QuestionFigures], current: set[str]) -> list[QuestionResult]:
    """What is asked today first, then by name, the version shown most first."""
    keys = [(f.question.digest not in current, f.question.id, -f.shown) for f in figures]
    ordered = sorted(range(len(figures)), key=keys.__getitem__)
    return [
        QuestionResult(figures[at], not keys[at][0], number) for number, at in enumerate(ordered, 1)
    ]


def _by_question(observed: Sequence[Sequence[Observation]]) -> dict[str, list[Observation]]:
    seen: dict[str, list[Observation]] = defaultdict(list)
    for sitting in observed:
        for observation in sitting:
            seen[observation.response.digest].append(observation)
    return seen


def score_of(sitting: Sitting) -> float:
    """The share of the points (0 to 1) an attempt earned."""
    points = sum(r.points for r in sitting)
    return sum(r.points * r.mark for r in sitting) / points if points else 0.0


def _reliability(quiz: Quiz, sittings: Sequence[Sitting]) -> Reliability | None:
    """Alpha of those who saw the questions of today, where all see the same; else consistency."""
    asked = {q.digest for pool in quiz.pools for q in pool.questions if not q.voided}
    if all(pool.draw >= len(pool.questions) for pool in quiz.pools):
        rows = [row for sitting in sittings if (row := _row(sitting, asked))]
        if len(rows) >= RELIABILITY_FROM:
            return reliability.alpha(rows)
    alike = [sitting for sitting in sittings if len(sitting) == quiz.question_count]
    if len(alike) < RELIABILITY_FROM:
        return None
    scores = [score_of(sitting) for sitting in alike]
    length = effective_length([r.points for r in alike[0]])
    return reliability.consistency(scores, length, quiz.pass_percent)


def _row(sitting: Sitting, asked: set[str]) -> list[float]:
    """The points of the questions in one order; empty if others were asked."""
    earned = {r.digest: r.points * r.mark for r in sitting if r.digest in asked}
    return [earned[digest] for digest in sorted(asked)] if len(earned) == len(asked) else []


def effective_length(points: Sequence[int]) -> int:
    """As how many questions of equal points a draw counts (Kish 1965), rounded down."""
    return sum(points) ** 2 // sum(p * p for p in points)


class Plots(NamedTuple):
    """The pictures of a quiz; None where there is too little to draw."""

    scores: Histogram | None
    questions: Scatter | None


def plots(result: QuizResult) -> Plots:
    """Scores against the pass mark, and the questions now asked by facility and discrimination."""
    points = [
        Point(f.question.id, f.facility, f.rest, bool(f.suspicions))
        for f, is_current, _ in result.questions
        if is_current and f.facility and f.rest
    ]
    enough = result.pass_percent is not None and result.used >= items.FACILITY_FROM
    return Plots(
        charts.histogram(result.scores, result.pass_percent or 0) if enough else None,
        charts.scatter(points) if points else None,
    )
