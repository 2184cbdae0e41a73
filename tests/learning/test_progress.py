"""The one rule for derived state, as a table; and that the journal decides it alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn import clock
from elearn.learning import events, progress
from elearn.learning.events import (
    AttemptGranted,
    AttemptHandedIn,
    AttemptMarked,
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
from elearn.learning.progress import Progress, QuizProgress

NOON_MS = 1_795_500_000_000  # 24 November 2026
NEXT_DAY_MS = NOON_MS + clock.DAY_MS
DAY = clock.day_of(NOON_MS).isoformat()


def submitted(number: int, score_tenths: int, *, passed: bool, day: str = DAY) -> AttemptSubmitted:
    return AttemptSubmitted(
        1, f"a{number}", "kuis", number, [["a"]], [100], score_tenths, passed, "person", [day]
    )


HANDED_IN = AttemptHandedIn(1, "a1", "kuis", 1, [["d"]], [-1], "person", [DAY])
MARKED = AttemptMarked(1, "a1", "kuis", 1, [80], 800, True)


def corrected(score_tenths: int | None, *, passed: bool) -> MarkCorrected:
    return MarkCorrected(1, "a1", "kuis", 1, 0, 2, [3], "", [90], score_tenths, passed, 9, "alasan")


ENROLLED = Enrolled(1, 7, "v1", 1)
STARTED = AttemptStarted(1, "a1", "kuis", 1, ["d1"])
TABLE: list[tuple[str, list[LearningEvent], str, Any]] = [
    ("entering pins the version", [ENROLLED], "version", "v1"),
    ("moving pins another", [ENROLLED, VersionMoved(1, "v2")], "version", "v2"),
    (
        "a lesson is finished as it read",
        [LessonCompleted(1, "m/a", "d1")],
        "lessons",
        {"m/a": "d1"},
    ),
    (
        "a lesson finished again keeps the newest text",
        [LessonCompleted(1, "m/a", "d1"), LessonCompleted(1, "m/a", "d2")],
        "lessons",
        {"m/a": "d2"},
    ),
    (
        "the last lesson is where one goes on",
        [LessonCompleted(1, "m/a", "d"), LessonCompleted(1, "m/b", "d")],
        "last_lesson",
        "m/b",
    ),
    ("a started attempt counts", [STARTED], "quizzes", {"kuis": QuizProgress(started=1)}),
    (
        "the best attempt counts",
        [STARTED, submitted(1, 800, passed=True), submitted(2, 400, passed=False)],
        "quizzes",
        {"kuis": QuizProgress(1, 2, 800, True, 0, NOON_MS)},
    ),
    (
        "a grant opens the next number",
        [STARTED, AttemptGranted(1, "kuis", 9)],
        "quizzes",
        {"kuis": QuizProgress(started=1, granted_to=2)},
    ),
    (
        "a reflection keeps its newest digest",
        [ReflectionWritten(1, "niat", "r1", 5), ReflectionWritten(1, "niat", "r2", 6)],
        "reflections",
        {"niat": "r2"},
    ),
    (
        "an attempt with essays waits for its marks",
        [STARTED, HANDED_IN, EssayMarked(1, "a1", "kuis", 0, [2], "", 9)],
        "quizzes",
        {"kuis": QuizProgress(started=1, submitted=1, last_ms=NOON_MS, waiting=1)},
    ),
    (
        "the last mark gives the result",
        [STARTED, HANDED_IN, MARKED],
        "quizzes",
        {"kuis": QuizProgress(1, 1, 800, True, 0, NOON_MS)},
    ),
    (
        "a corrected mark raises the result",
        [STARTED, HANDED_IN, MARKED, corrected(900, passed=True)],
        "quizzes",
        {"kuis": QuizProgress(1, 1, 900, True, 0, NOON_MS)},
    ),
    (
        "a corrected mark takes nothing",
        [STARTED, HANDED_IN, MARKED, corrected(0, passed=False)],
        "quizzes",
        {"kuis": QuizProgress(1, 1, 800, True, 0, NOON_MS)},
    ),
    (
        "a mark corrected before the result changes nothing",
        [STARTED, HANDED_IN, corrected(None, passed=False)],
        "quizzes",
        {"kuis": QuizProgress(1, 1, 0, False, 0, NOON_MS, 1)},
    ),
    ("correcting is no activity of the learner", [corrected(900, passed=True)], "days", ()),
    ("a survey is answered once", [SurveyAnswered(1, "s")] * 2, "surveys", ("s",)),
    ("marking is no activity of the learner", [MARKED], "days", ()),
    ("a day is active", [ENROLLED], "days", (DAY,)),
    (
        "days of saved answers are active",
        [submitted(1, 0, passed=False, day="2026-11-20")],
        "days",
        ("2026-11-20", DAY),
    ),
    ("a grant is no activity", [AttemptGranted(1, "kuis", 9)], "days", ()),
    (
        "completion keeps its first moment",
        [CourseCompleted(1, "v1", 900, 3, 5)],
        "completed_ms",
        NOON_MS,
    ),
]


@pytest.mark.parametrize(
    ("happened", "field", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_events_change_progress(happened: list[LearningEvent], field: str, wanted: Any) -> None:
    folded = progress.fold((event, NOON_MS) for event in happened)
    assert getattr(folded, field) == wanted


def test_a_second_completion_changes_nothing_but_the_last_moment() -> None:
    done = CourseCompleted(1, "v1", 900, 3, 5)
    folded = progress.fold([(done, NOON_MS), (done, NEXT_DAY_MS)])
    assert (folded.completed_ms, folded.first_ms, folded.last_ms) == (NOON_MS, NOON_MS, NEXT_DAY_MS)


def test_an_event_that_arrives_late_does_not_turn_the_clock_back() -> None:
    folded = progress.fold([(ENROLLED, NEXT_DAY_MS), (LessonCompleted(1, "m/a", "d"), NOON_MS)])
    assert folded.last_ms == NEXT_DAY_MS
    assert folded.days == (DAY, clock.day_of(NEXT_DAY_MS).isoformat())


WORDS = st.sampled_from(["a", "b", "c"])
NUMBERS = st.integers(1, 4)
EVENTS = st.one_of(
    st.builds(Enrolled, st.just(1), st.just(7), WORDS, st.just(1)),
    st.builds(VersionMoved, st.just(1), WORDS),
    st.builds(LessonCompleted, st.just(1), WORDS, WORDS),
    st.builds(AttemptStarted, st.just(1), WORDS, WORDS, NUMBERS, st.lists(WORDS, max_size=2)),
    st.builds(
        AttemptSubmitted,
        st.just(1),
        WORDS,
        WORDS,
        NUMBERS,
        st.lists(st.lists(WORDS, max_size=1), max_size=2),
        st.lists(st.integers(0, 100), max_size=2),
        st.integers(0, 1000),
        st.booleans(),
        st.just("person"),
        st.just([DAY]),
    ),
    st.builds(AttemptGranted, st.just(1), WORDS, st.just(9)),
    st.builds(PretestSkipped, st.just(1)),
    st.builds(corrected, st.none() | st.integers(0, 1000), passed=st.booleans()),
    st.builds(ReflectionWritten, st.just(1), WORDS, WORDS, NUMBERS),
    st.builds(CourseCompleted, st.just(1), WORDS, st.integers(0, 1000), NUMBERS, st.just(5)),
)
HISTORIES = st.lists(st.tuples(EVENTS, st.integers(NOON_MS, NOON_MS + 5 * clock.DAY_MS)))


@given(HISTORIES)
def test_progress_survives_being_stored(history: list[tuple[LearningEvent, int]]) -> None:
    folded = progress.fold(history)
    assert progress.decode(progress.encode(folded)) == folded


@given(HISTORIES, st.integers(0, 20))
def test_going_on_from_what_is_stored_is_folding_all(
    history: list[tuple[LearningEvent, int]], cut: int
) -> None:
    kept = progress.decode(progress.encode(progress.fold(history[:cut])))
    for event, happened_ms in history[cut:]:
        kept = progress.apply(kept, event, happened_ms)
    assert kept == progress.fold(history)


@given(EVENTS)
def test_an_event_survives_being_stored(event: LearningEvent) -> None:
    assert events.decode(events.kind_of(event), events.encode(event)) == event


def test_kinds_of_other_slices_are_left_alone() -> None:
    assert events.decode("certificate_issued", {"id": "x"}) is None
    assert progress.fold([]) == Progress()


def test_the_same_fact_has_the_same_id_and_another_has_not() -> None:
    assert events.client_id("lesson", 1, "a") == events.client_id("lesson", 1, "a")
    assert events.client_id("lesson", 1, "a") != events.client_id("lesson", 11, "a")
    assert events.client_id("ab", "c") != events.client_id("a", "bc")
