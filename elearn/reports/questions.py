"""What instructors and the editor are told of a quiz: its questions, scores and reliability."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from elearn import clock
from elearn.content import catalogue
from elearn.content.course import Quiz
from elearn.content.models import Course
from elearn.errors import NotFound
from elearn.learning.models import Regrade
from elearn.reports import branch, estimates, items, reliability, responses
from elearn.reports.estimates import Estimate
from elearn.reports.items import Observation, QuestionFigures, Sitting
from elearn.reports.reliability import Reliability
from elearn.reports.responses import FirstAttempt, Mark

KEPT_QUIZZES = 32
# From so many attempts on figures may be behind: by one attempt in so many, for so long.
LARGE = 500
BEHIND = 100
BEHIND_MS = 10 * 60 * 1000
RELIABILITY_FROM = items.DISCRIMINATION_FROM


class QuestionResult(NamedTuple):
    """The figures of a question version by its own key, and its place in the list.

    ``is_current``: still asked so. ``is_mended``: graded by another version's key since.
    """

    figures: QuestionFigures
    number: int
    is_current: bool
    is_mended: bool

    @property
    def is_suspect(self) -> bool:
        """Whether the key may be wrong and nobody has mended it yet."""
        return bool(self.figures.suspicions) and not self.is_mended


class QuizLink(NamedTuple):
    """A quiz that was attempted; the title is empty for one the newest version dropped."""

    key: str
    title: str
    attempts: int


@dataclass(frozen=True)
class QuizResult:
    """A quiz by its first attempts.

    ``attempts`` counts all at ``computed_ms``, ``used`` the newest ones the figures rest on.
    ``scores`` are shares 0 to 1 and ``pass_percent`` is today's, None for a quiz the newest
    version dropped.
    """

    key: str
    title: str
    computed_ms: int
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
        enough = [score for score in self.scores if score >= self.pass_percent / 100]
        return estimates.share(len(enough), self.used)

    @property
    def suspects(self) -> list[QuestionResult]:
        """The questions whose keys are suspect, of old versions too: they were graded by them."""
        return [q for q in self.questions if q.is_suspect]


@dataclass(frozen=True)
class CourseResults:
    """The attempted quizzes of a course in its order, and the one looked at, if any.

    ``version_id`` is the newest version.
    """

    version_id: int
    quizzes: list[QuizLink]
    shown: QuizResult | None

    @property
    def newer(self) -> int:
        """How many attempts came after the figures that are shown."""
        all_of = {quiz.key: quiz.attempts for quiz in self.quizzes}
        return all_of[self.shown.key] - self.shown.attempts if self.shown else 0


def results(course_id: int, quiz_key: str = "") -> CourseResults:
    """The quizzes of a course and the results of one, of the first if none is named.

    Raises NotFound for a course without versions and for a quiz nobody attempted.
    """
    course = _course(course_id)
    marks, titles = _attempted(course)
    quizzes = [QuizLink(key, titles.get(key, ""), mark.attempts) for key, mark in marks.items()]
    wanted = quiz_key or next(iter(marks), "")
    if not wanted:
        return CourseResults(course.version_id, quizzes, None)
    if wanted not in marks:
        raise NotFound
    shown = _kept(course, marks[wanted], titles.get(wanted, ""))
    return CourseResults(course.version_id, quizzes, shown)


def by_digest(course_id: int) -> dict[str, QuestionResult]:
    """The results of every question version asked in quizzes of a course, by its digest.

    A version that several quizzes ask shows where it was asked most. Two statements a course, and
    two or three more for each quiz that changed since it was last asked for.
    """
    course = _course(course_id)
    marks, titles = _attempted(course)
    found: dict[str, QuestionResult] = {}
    for key, mark in marks.items():
        for result in _kept(course, mark, titles.get(key, "")).questions:
            digest = result.figures.question.digest
            if digest not in found or found[digest].figures.shown < result.figures.shown:
                found[digest] = result
    return found


class _Course(NamedTuple):
    """A course as it is now; ``mended`` are the digests graded by another version's key."""

    id: int
    version_id: int
    mended: frozenset[str]


def _course(course_id: int) -> _Course:
    statement = (
        select(Course.latest_version_id, Regrade.question)
        .outerjoin(Regrade, Regrade.course_id == Course.id)
        .where(Course.id == course_id, Course.latest_version_id.is_not(None))
    )
    rows = branch.read(statement)
    if not rows:
        raise NotFound
    mended = frozenset(row.question for row in rows if row.question)
    return _Course(course_id, rows[0].latest_version_id, mended)


def _attempted(course: _Course) -> tuple[dict[str, Mark], dict[str, str]]:
    """The marks of attempted quizzes in the order of the course, and the titles it has now."""
    titles = {
        quiz.key: quiz.title
        for lesson in catalogue.outline(course.version_id).lessons
        for quiz in lesson.quizzes
    }
    marks = {mark.quiz_key: mark for mark in responses.marks(course.id)}
    keys = [key for key in titles if key in marks] + sorted(marks.keys() - titles.keys())
    return {key: marks[key] for key in keys}, titles


class _Computed(NamedTuple):
    """Results, and what they were computed from."""

    course: _Course
    mark: Mark
    result: QuizResult

    def serve(self, course: _Course, mark: Mark, title: str) -> bool:
        """Whether nothing has changed, or of many attempts so few that it does not show."""
        if self.course != course or self.result.title != title:
            return False
        more = mark.attempts - self.mark.attempts
        is_little = self.mark.attempts >= LARGE and 0 < more * BEHIND <= self.mark.attempts
        is_recent = clock.now_ms() - self.result.computed_ms < BEHIND_MS
        return self.mark == mark or (is_little and is_recent)


_computed: dict[tuple[int, str], _Computed] = {}


def _kept(course: _Course, mark: Mark, title: str) -> QuizResult:
    """The results of a quiz, kept until attempts, a regrade or a new version change them."""
    key = (course.id, mark.quiz_key)
    there = _computed.get(key)
    if there and there.serve(course, mark, title):
        return there.result
    done = _Computed(course, mark, _result(course, mark, title))
    _computed.pop(key, None)
    if len(_computed) >= KEPT_QUIZZES:
        _computed.pop(next(iter(_computed)), None)
    _computed[key] = done
    return done.result


def _result(course: _Course, mark: Mark, title: str) -> QuizResult:
    computed_ms = clock.now_ms()
    quiz = _quiz_now(course.version_id, mark.quiz_key)
    firsts = responses.first_attempts(course.id, mark.quiz_key, course.mended)
    questions = catalogue.questions(sorted({r.digest for f in firsts for r in f.sitting}))
    voided = {q.digest for q in questions if q.voided}
    seen = _by_question([items.observe(f.sitting, voided) for f in firsts])
    figures = [items.figures(q, seen[q.digest]) for q in questions]
    return QuizResult(
        key=mark.quiz_key,
        title=title,
        computed_ms=computed_ms,
        attempts=mark.attempts,
        used=len(firsts),
        scores=[f.score for f in firsts],
        pass_percent=quiz.pass_percent if quiz else None,
        reliability=_reliability(quiz, firsts) if quiz else None,
        questions=_in_order(figures, _digests(quiz), course.mended),
    )


def forget() -> None:
    """Drop what is kept (tests)."""
    _computed.clear()


def _quiz_now(version_id: int, key: str) -> Quiz | None:
    try:
        return catalogue.quiz(version_id, key)
    except NotFound:  # the newest version no longer has this quiz
        return None


def _digests(quiz: Quiz | None) -> set[str]:
    return {q.digest for pool in quiz.pools for q in pool.questions} if quiz else set()


def _in_order(
    figures: Sequence[QuestionFigures], current: set[str], mended: frozenset[str]
) -> list[QuestionResult]:
    """What is asked today first, then by name, the version shown most first."""
    ordered = sorted(
        figures, key=lambda f: (f.question.digest not in current, f.question.id, -f.shown)
    )
    return [
        QuestionResult(f, number, f.question.digest in current, f.question.digest in mended)
        for number, f in enumerate(ordered, 1)
    ]


def _by_question(observed: Sequence[Sequence[Observation]]) -> dict[str, list[Observation]]:
    seen: dict[str, list[Observation]] = defaultdict(list)
    for sitting in observed:
        for observation in sitting:
            seen[observation.response.digest].append(observation)
    return seen


def _reliability(quiz: Quiz, firsts: Sequence[FirstAttempt]) -> Reliability | None:
    """Alpha of those who saw the questions of today, where all see the same; else consistency."""
    asked = {q.digest for pool in quiz.pools for q in pool.questions if not q.voided}
    if all(pool.draw >= len(pool.questions) for pool in quiz.pools):
        rows = [row for first in firsts if (row := _row(first.sitting, asked))]
        if len(rows) >= RELIABILITY_FROM:
            return reliability.alpha(rows)
    alike = [first for first in firsts if len(first.sitting) == quiz.question_count]
    if len(alike) < RELIABILITY_FROM:
        return None
    length = effective_length([r.points for r in alike[0].sitting])
    return reliability.consistency([f.score for f in alike], length, quiz.pass_percent)


def _row(sitting: Sitting, asked: set[str]) -> list[float]:
    """The points of the questions in one order; empty if others were asked."""
    earned = {r.digest: r.points * r.mark for r in sitting if r.digest in asked}
    return [earned[digest] for digest in sorted(asked)] if len(earned) == len(asked) else []


def effective_length(points: Sequence[int]) -> int:
    """As how many questions of equal points a draw counts (Kish 1965), rounded down."""
    return sum(points) ** 2 // sum(p * p for p in points)
