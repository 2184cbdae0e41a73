"""The kinds of learning event and what each carries. No name, NIP or free text stands in one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields
from typing import Any

COURSE_SOURCE = "course"  # the kind of source that a completed course is


@dataclass(frozen=True)
class Enrolled:
    """A person entered a round of a course at a version (its digest).

    ``unit`` and ``position_class`` are those of the person on that day: 0 and empty in events of
    the time before they were told.
    """

    enrolment: int
    course: int
    version: str
    round: int
    unit: int = 0
    position_class: str = ""


@dataclass(frozen=True)
class VersionMoved:
    """The person chose to go on in another version.

    ``kept`` are lessons that stay finished, by key, with their digests in that version: what is
    read in them is the same, though the questions of a quiz in them may differ.
    """

    enrolment: int
    version: str
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class LessonCompleted:
    """A lesson was finished as it read then (its digest)."""

    enrolment: int
    lesson: str
    digest: str


@dataclass(frozen=True)
class AttemptStarted:
    """Questions were drawn and frozen: their digests in the order shown."""

    enrolment: int
    attempt: str
    quiz: str
    number: int
    questions: list[str]


@dataclass(frozen=True)
class AttemptSubmitted:
    """An attempt was handed in, by the person or by its end of time.

    ``answers`` are option keys, or the SHA-256 of a typed answer; ``points`` are hundredths a
    question; ``score_tenths`` 0 to 1000; ``days`` the WIB days on which answers were saved.
    """

    enrolment: int
    attempt: str
    quiz: str
    number: int
    answers: list[list[str]]
    points: list[int]
    score_tenths: int
    passed: bool
    closed_by: str
    days: list[str]


@dataclass(frozen=True)
class AttemptGranted:
    """An instructor opened one more attempt."""

    enrolment: int
    quiz: str
    granted_by: int


@dataclass(frozen=True)
class AttemptRegraded:
    """A handed-in attempt was graded again by a mended key of one question.

    ``points`` are hundredths a question; ``best_tenths`` and ``best_passed`` are what stands for
    the quiz since; ``regraded_by`` asked for it, and ``reason`` is the SHA-256 of why, whose text
    is in the row ``regrade``.
    """

    enrolment: int
    attempt: str
    quiz: str
    number: int
    regrade: int
    question: str
    mended: str
    points: list[int]
    score_tenths: int
    passed: bool
    best_tenths: int
    best_passed: bool
    regraded_by: int
    reason: str


@dataclass(frozen=True)
class ReflectionWritten:
    """A reflection was saved; the text is a row of its own, here is its SHA-256."""

    enrolment: int
    reflection: str
    digest: str
    words: int


@dataclass(frozen=True)
class AttemptHandedIn:
    """An attempt with essays was handed in; its score waits until they are marked.

    Fields as in AttemptSubmitted; ``points`` of an essay are -1 until then.
    """

    enrolment: int
    attempt: str
    quiz: str
    number: int
    answers: list[list[str]]
    points: list[int]
    closed_by: str
    days: list[str]


@dataclass(frozen=True)
class EssayMarked:
    """An instructor marked one essay: points by criterion, the SHA-256 of the comment."""

    enrolment: int
    attempt: str
    quiz: str
    position: int
    points: list[int]
    comment: str
    marked_by: int


@dataclass(frozen=True)
class AttemptMarked:
    """The last essay of an attempt was marked: its result stands."""

    enrolment: int
    attempt: str
    quiz: str
    number: int
    points: list[int]
    score_tenths: int
    passed: bool


@dataclass(frozen=True)
class MarkCorrected:
    """An instructor corrected the mark of an essay; what it was stands in the event before.

    ``points`` are those of the mark by criterion, ``hundredths`` what each question of the attempt
    counts since: a lower mark takes nothing from a result that stands. ``score_tenths`` is null
    while other essays wait. ``comment`` and ``reason`` are the SHA-256 of texts that are in rows.
    """

    enrolment: int
    attempt: str
    quiz: str
    number: int
    position: int
    revision: int
    points: list[int]
    comment: str
    hundredths: list[int]
    score_tenths: int | None
    passed: bool
    corrected_by: int
    reason: str


@dataclass(frozen=True)
class SurveyAnswered:
    """The person answered a survey; what they said stands nowhere beside who they are."""

    enrolment: int
    survey: str


@dataclass(frozen=True)
class PretestSkipped:
    """The person went on without the pretest."""

    enrolment: int


@dataclass(frozen=True)
class CourseCompleted:
    """Every rule of the course is met.

    ``jp`` are those credited; ``expires_on`` is the last WIB day on which it counts, as ISO text,
    empty where it counts for good; ``position_class`` is that of the day, empty where none is
    known.
    """

    enrolment: int
    version: str
    score_tenths: int
    jp: int
    unit: int
    expires_on: str = ""
    position_class: str = ""


LearningEvent = (
    Enrolled
    | VersionMoved
    | LessonCompleted
    | AttemptStarted
    | AttemptSubmitted
    | AttemptGranted
    | AttemptHandedIn
    | EssayMarked
    | AttemptMarked
    | MarkCorrected
    | AttemptRegraded
    | ReflectionWritten
    | SurveyAnswered
    | PretestSkipped
    | CourseCompleted
)

KINDS: dict[str, type[LearningEvent]] = {
    "enrolled": Enrolled,
    "version_moved": VersionMoved,
    "lesson_completed": LessonCompleted,
    "attempt_started": AttemptStarted,
    "attempt_submitted": AttemptSubmitted,
    "attempt_granted": AttemptGranted,
    "attempt_handed_in": AttemptHandedIn,
    "essay_marked": EssayMarked,
    "attempt_marked": AttemptMarked,
    "mark_corrected": MarkCorrected,
    "attempt_regraded": AttemptRegraded,
    "reflection_written": ReflectionWritten,
    "survey_answered": SurveyAnswered,
    "pretest_skipped": PretestSkipped,
    "course_completed": CourseCompleted,
}
_NAMES = {event: kind for kind, event in KINDS.items()}
_PARTS = {event: tuple(part.name for part in fields(event)) for event in _NAMES}


def kind_of(event: LearningEvent) -> str:
    """The word an event is stored under."""
    return _NAMES[type(event)]


def encode(event: LearningEvent) -> dict[str, Any]:
    """The body of an event as JSON values."""
    return asdict(event)


def decode(kind: str, body: dict[str, Any]) -> LearningEvent | None:
    """The event of a stored body; None for a kind of another slice."""
    event = KINDS.get(kind)
    if event is None:
        return None
    # What a kind has come to carry later is absent from older bodies and has a default.
    return event(**{name: body[name] for name in _PARTS[event] if name in body})


def client_id(*parts: object) -> str:
    """An id of 40 characters that is the same for the same fact, so a retry counts once."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:40]
