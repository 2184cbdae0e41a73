"""What progress means in a course: state, what is missing, where to go on, attempts left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from elearn.content.course import Rule, RuleKind, Survey
from elearn.content.outline import Outline, QuizSummary
from elearn.learning import rules
from elearn.learning.models import CourseState
from elearn.learning.progress import Progress, QuizProgress
from elearn.learning.rules import REOPEN_AFTER_MS, Allowance, Missing
from tests.builders import (
    EXAM,
    OWN,
    QUIZ,
    TEXT,
    a_course,
    a_lesson,
    a_quiz,
    a_reflection,
    an_outline,
)

HANDED_IN_MS = 1_000_000
PASSED = QuizProgress(1, 1, 900, passed=True)
ALL_LESSONS = {key: f"digest-{key}" for key in (TEXT, EXAM, OWN)}


def missing(outline: Outline, progress: Progress) -> list[tuple[str, str]]:
    return [(item.what, item.lesson_key) for item in rules.standing(outline, progress).unmet]


def test_a_beginner_lacks_everything_in_the_order_of_the_course() -> None:
    assert missing(an_outline(), Progress()) == [
        (Missing.LESSON, TEXT),
        (Missing.QUIZ, EXAM),  # passing it finishes its lesson
        (Missing.LESSON, OWN),
        (Missing.REFLECTION, OWN),
    ]


def test_all_minutes_of_a_lesson_are_those_of_text_quiz_and_reflection() -> None:
    exam = a_lesson(EXAM, a_quiz(), minutes=1)
    whole = {le.key: le.whole_minutes for le in an_outline(a_course([a_lesson(), exam])).lessons}
    own = an_outline(a_course([a_lesson(OWN, a_reflection(80), minutes=2)])).lessons[0]
    assert (whole, own.whole_minutes) == ({TEXT: 10, EXAM: 1 + 3}, 2 + 8)


def test_everything_done_lacks_nothing() -> None:
    done = Progress(lessons=ALL_LESSONS, quizzes={QUIZ: PASSED}, reflections={"niat": "r"})
    standing = rules.standing(an_outline(), done)
    assert (standing.is_complete, standing.next_lesson) == (True, "")


@pytest.mark.parametrize(
    ("rule", "progress", "wanted"),
    [
        (Rule(RuleKind.LESSONS, 34), Progress(lessons={TEXT: f"digest-{TEXT}"}), 2),
        (Rule(RuleKind.LESSONS, 33), Progress(lessons={TEXT: f"digest-{TEXT}"}), 0),
        (Rule(RuleKind.LESSONS, 100), Progress(lessons={TEXT: "older text"}), 3),
        (Rule(RuleKind.ALL_QUIZZES), Progress(quizzes={QUIZ: QuizProgress(1, 1, 690)}), 1),
        (Rule(RuleKind.ALL_QUIZZES), Progress(quizzes={QUIZ: PASSED}), 0),
        (Rule(RuleKind.QUIZ, quiz_key=QUIZ), Progress(quizzes={QUIZ: PASSED}), 0),
        (Rule(RuleKind.QUIZ, quiz_key=QUIZ), Progress(quizzes={"lain": PASSED}), 1),
        (Rule(RuleKind.REFLECTIONS), Progress(), 1),
        (Rule(RuleKind.REFLECTIONS), Progress(reflections={"niat": "r"}), 0),
    ],
)
def test_each_rule_names_what_is_missing(rule: Rule, progress: Progress, wanted: int) -> None:
    outline = an_outline(a_course(rules=(rule,)))
    assert len(rules.unmet_of(outline, progress)) == wanted


def test_optional_lessons_are_never_missing() -> None:
    outline = an_outline(a_course([a_lesson("m/a", required=False), a_lesson("m/b")]))
    assert missing(outline, Progress(lessons={"m/b": "digest-m/b"})) == []


def test_two_rules_name_the_same_thing_once() -> None:
    both = (Rule(RuleKind.ALL_QUIZZES), Rule(RuleKind.QUIZ, quiz_key=QUIZ))
    assert len(rules.unmet_of(an_outline(a_course(rules=both)), Progress())) == 1


def test_a_renamed_lesson_stays_finished_and_a_changed_one_does_not() -> None:
    outline = an_outline(a_course([a_lesson("m/baru", digest="same", old_keys=("m/lama",))]))
    assert rules.is_finished(Progress(lessons={"m/lama": "same"}), outline.lessons[0])
    assert not rules.is_finished(Progress(lessons={"m/lama": "changed"}), outline.lessons[0])


@pytest.mark.parametrize(
    ("progress", "wanted"),
    [
        (Progress(), TEXT),
        (Progress(lessons={TEXT: f"digest-{TEXT}"}, last_lesson=TEXT), EXAM),
        (Progress(lessons={OWN: f"digest-{OWN}"}, last_lesson=OWN), TEXT),
        (Progress(lessons=ALL_LESSONS, last_lesson=OWN), EXAM),
        (Progress(lessons=ALL_LESSONS, quizzes={QUIZ: PASSED}, last_lesson=OWN), OWN),
        (Progress(last_lesson="gone"), TEXT),
    ],
)
def test_one_goes_on_after_the_last_finished_lesson(progress: Progress, wanted: str) -> None:
    assert rules.next_lesson(an_outline(), progress) == wanted


def test_one_goes_on_after_a_lesson_that_was_renamed() -> None:
    lessons = [a_lesson("m/a"), a_lesson("m/baru", old_keys=("m/lama",)), a_lesson("m/c")]
    progress = Progress(lessons={"m/lama": "digest-m/baru"}, last_lesson="m/lama")
    assert rules.next_lesson(an_outline(a_course(lessons)), progress) == "m/c"


def test_the_state_follows_from_the_attempts() -> None:
    outline = an_outline()
    spent = QuizProgress(3, 3, 600)
    states = {
        CourseState.STUDYING: [QuizProgress(), QuizProgress(2, 2), QuizProgress(4, 3)],
        CourseState.FAILED: [spent, replace(spent, started=4, submitted=4)],
    }
    for state, cases in states.items():
        for case in cases:
            assert rules.standing(outline, Progress(quizzes={QUIZ: case})).state == state
    granted = replace(spent, granted_to=4)
    assert rules.standing(outline, Progress(quizzes={QUIZ: granted})).state == CourseState.STUDYING
    done = Progress(completed_ms=5, quizzes={QUIZ: spent})
    assert rules.standing(outline, done).state == CourseState.PASSED


def test_a_quiz_no_rule_asks_for_fails_nobody() -> None:
    outline = an_outline(a_course(rules=(Rule(RuleKind.LESSONS),)))
    spent = Progress(quizzes={QUIZ: QuizProgress(3, 3)})
    assert rules.standing(outline, spent).state == CourseState.STUDYING


def test_percent_is_a_hundred_only_when_the_course_is_complete() -> None:
    done = Progress(lessons=ALL_LESSONS, quizzes={QUIZ: PASSED}, reflections={"niat": "r"})
    assert rules.standing(an_outline(), done).percent == 99
    assert rules.standing(an_outline(), replace(done, completed_ms=5)).percent == 100
    assert rules.standing(an_outline(), Progress()).percent == 0
    some = Progress(lessons={TEXT: f"digest-{TEXT}"})
    assert 0 < rules.standing(an_outline(), some).percent < 99


def test_the_score_is_the_mean_of_the_best_of_what_was_tried() -> None:
    quizzes = [a_quiz(key=key) for key in ("a", "b", "c")]
    outline = an_outline(a_course([a_lesson("m/q", *quizzes)]))
    tried = {"a": QuizProgress(1, 1, 1000), "b": QuizProgress(1, 1, 701), "c": QuizProgress(1)}
    assert rules.standing(outline, Progress(quizzes=tried)).score_tenths == 850
    assert rules.standing(outline, Progress()).score_tenths is None


def a_summary(max_attempts: int) -> QuizSummary:
    course = a_course([a_lesson("m/q", a_quiz(max_attempts=max_attempts), a_reflection())])
    return an_outline(course).quiz(QUIZ)


SPENT = QuizProgress(3, 3, 500, last_ms=HANDED_IN_MS)
OPENS_MS = HANDED_IN_MS + REOPEN_AFTER_MS


@pytest.mark.parametrize(
    ("max_attempts", "done", "now_ms", "wanted"),
    [
        (0, QuizProgress(9, 9, last_ms=1), 2, Allowance(9, 0, 0)),
        (3, QuizProgress(), 2, Allowance(0, 3, 0)),
        (3, QuizProgress(2, 2, last_ms=1), 2, Allowance(2, 3, 0)),
        (3, SPENT, OPENS_MS - 1, Allowance(3, 3, OPENS_MS)),
        (3, SPENT, OPENS_MS, Allowance(3, 4, 0)),
        (3, replace(SPENT, granted_to=4), OPENS_MS - 1, Allowance(3, 4, 0)),
        # One that opened after a day was used too; a grant still opens another.
        (3, replace(SPENT, started=4, submitted=4), OPENS_MS - 1, Allowance(4, 4, OPENS_MS)),
        (3, replace(SPENT, started=4, submitted=4, granted_to=5), 2, Allowance(4, 5, 0)),
    ],
)
def test_attempts_are_limited_and_open_again(
    max_attempts: int, done: QuizProgress, now_ms: int, wanted: Allowance
) -> None:
    assert rules.allowance(a_summary(max_attempts), done, now_ms) == wanted


def test_nothing_opens_while_the_last_attempt_is_under_way() -> None:
    under_way = QuizProgress(3, 2, last_ms=HANDED_IN_MS)
    assert not rules.allowance(a_summary(3), under_way, OPENS_MS + 1).is_open
    assert not rules.allowance(a_summary(1), QuizProgress(1), OPENS_MS).is_open


WAITING = QuizProgress(started=3, submitted=3, waiting=1, last_ms=HANDED_IN_MS)


def test_nothing_is_lost_or_begun_while_essays_wait_for_their_marks() -> None:
    standing = rules.standing(an_outline(), Progress(quizzes={QUIZ: replace(WAITING, submitted=1)}))
    assert (standing.state, standing.score_tenths) == (CourseState.STUDYING, None)
    quiz = an_outline().quiz(QUIZ)
    later_ms = HANDED_IN_MS + 2 * REOPEN_AFTER_MS
    assert rules.allowance(quiz, WAITING, later_ms) == Allowance(3, 3, 0, is_waiting=True)
    assert not rules.allowance(quiz, WAITING, later_ms).is_open
    assert rules.allowance(quiz, replace(WAITING, waiting=0), later_ms).is_open


def test_a_last_attempt_that_waits_fails_nobody() -> None:
    done = Progress(lessons=ALL_LESSONS, quizzes={QUIZ: WAITING}, reflections={"niat": "r"})
    assert rules.standing(an_outline(), done).state is CourseState.STUDYING


def test_a_course_that_asks_for_its_survey_waits_for_it() -> None:
    survey = Survey("kesan", "Kesan", ())
    course = a_course([a_lesson(TEXT, survey)], rules=(Rule(RuleKind.SURVEYS),))
    outline = an_outline(course)
    assert missing(outline, Progress()) == [(Missing.SURVEY, TEXT)]
    assert rules.standing(outline, Progress(surveys=("kesan",))).is_complete
