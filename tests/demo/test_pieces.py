"""The pure pieces of the demo: editions of a course, answers by ability, days of study."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from elearn import clock
from elearn.content.course import Question
from elearn.content.difference import difference
from elearn.content.keys import Criterion, EssayKey
from elearn.demo import answering, editions, essays, journeys, marking, population
from elearn.demo.answering import Goal, Mind
from elearn.demo.calendar import (
    Calendar,
    chance_of,
    moment,
    sitting_begins,
    study_days,
    working_day,
)
from elearn.demo.editions import Editions
from elearn.demo.journeys import End
from elearn.demo.reflections import PARTS, reflection
from elearn.learning import grading, rubric
from tests.demo.conftest import COURSES


@pytest.fixture(scope="module")
def compiled() -> Editions:
    return editions.compile_all(COURSES)


def _exam(compiled: Editions) -> list[Question]:
    quiz = compiled.security.quizzes[-1]
    return [question for pool in quiz.pools for question in pool.questions[:3]]


def test_the_first_edition_differs_in_one_lesson_and_one_key(compiled: Editions) -> None:
    change = difference(compiled.first_security, compiled.security)
    assert [(le.key, le.what) for le in change.lessons] == [("dasar/kata-sandi", "text")]
    assert [(q.id, q.what) for q in change.questions] == [("d-ulang", "key")]
    assert change.facts == ()


def test_the_wrong_key_is_moved_not_doubled(compiled: Editions) -> None:
    for course in (compiled.first_security, compiled.security):
        found = next(
            q for z in course.quizzes for p in z.pools for q in p.questions if q.id == "d-ulang"
        )
        assert sum(option.correct for option in found.options) == 1


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize("ability", [-3.0, 0.0, 3.0])
def test_answers_lead_where_the_attempt_went(
    compiled: Editions, ability: float, passes: bool
) -> None:
    questions = _exam(compiled)
    mind = Mind(ability, compiled.truth(editions.SECURITY))
    for seed in range(20):
        given = answering.answers(questions, mind, Goal(70, passes), chance_of(seed))
        result = grading.grade_all(questions, dict(enumerate(given)), 70)
        assert result.passed is passes


def test_the_able_are_right_more_often_and_the_hard_is_missed_more_often(
    compiled: Editions,
) -> None:
    for question in _exam(compiled):
        chances = [answering.chances(question, ability) for ability in (-2.0, 0.0, 2.0)]
        assert chances == sorted(chances)
        assert 0 < chances[0] < chances[-1] < 1


def test_a_wrong_answer_earns_less_than_all(compiled: Editions) -> None:
    truth = compiled.truth(editions.SECURITY) | compiled.truth(editions.LEADING)
    for question in truth.values():
        for seed in range(5):
            given = answering.answer(question, Mind(-60.0, {}), chance_of(seed))
            right = answering.answer(question, Mind(60.0, {}), chance_of(seed))
            assert grading.grade(question, right) == grading.FULL
            if answering.chances(question, -60.0) < 0.01:
                assert grading.grade(question, given) < grading.FULL


@pytest.mark.parametrize("slug", list(PARTS))
def test_reflections_are_longer_than_fifty_words(slug: str) -> None:
    assert min(len(reflection(slug, chance_of(seed)).split()) for seed in range(60)) >= 50


def test_a_marker_reads_in_an_essay_what_it_is_worth() -> None:
    key = EssayKey(tuple(Criterion("", max(worth)) for worth in essays.PARAGRAPHS))
    for seed in range(60):
        text = essays.written(chance_of(seed), ability=-1.0 + seed / 20)
        mark = essays.mark(text, chance_of(seed))
        assert mark.total >= (essays.GOOD if seed > 36 else essays.PASSING)
        assert (mark.comment in essays.PRAISE) == (mark.total == 10)
        rubric.check(key, mark)


def test_essays_are_marked_after_they_are_handed_in_and_before_the_learner_is_done() -> None:
    calendar = Calendar(date(2026, 11, 24))
    for journey in journeys.plan(calendar, population.residents(calendar, 320), 320):
        begun, last = calendar.day(120), journey.last
        for handed_in in (moment(min(begun, last), 600), moment(last, 22 * 60)):
            marked_ms = marking.marked_ms(calendar, journey, handed_in)
            assert handed_in < marked_ms < moment(calendar.today, 0)
            if journey.is_completed:
                assert clock.day_of(marked_ms) <= max(last, clock.day_of(handed_in))


def test_the_course_with_a_case_is_the_course_and_one_lesson(compiled: Editions) -> None:
    bare = {path.name for path in (COURSES / editions.LEADING).rglob("*.md")}
    lessons = [lesson.key for lesson in compiled.leading.lessons]
    assert lessons[-2:] == ["menjaga/tugas-kasus", "menjaga/ujian-akhir"]
    assert len(lessons) == 10
    assert editions.CASE_FILE not in bare
    rubric_of = compiled.leading.quizzes[-2].pools[0].questions[0].key
    assert isinstance(rubric_of, EssayKey)
    assert [c.points for c in rubric_of.criteria] == [max(w) for w in essays.PARAGRAPHS]


def test_study_days_hold_the_first_and_the_last_and_few_sundays() -> None:
    first, last = date(2026, 3, 2), date(2026, 9, 4)
    days = [day for seed in range(30) for day in study_days(chance_of(seed), first, last, 8)]
    assert {first, last} <= set(days)
    assert sum(day.weekday() == 6 for day in days) < 0.08 * len(days)


def test_nobody_sits_down_on_a_sunday_morning() -> None:
    sunday = date(2026, 11, 22)
    hours = {(sitting_begins(chance_of(seed), sunday) // 3_600_000 + 7) % 24 for seed in range(40)}
    assert hours <= {19, 20}


def test_a_working_day_is_no_weekend() -> None:
    assert working_day(date(2026, 11, 22)) == date(2026, 11, 20)
    assert working_day(date(2026, 11, 23)) == date(2026, 11, 23)


def test_in_january_learning_elsewhere_stays_in_the_year_before() -> None:
    assert Calendar(date(2027, 1, 20)).this_year[0].year == 2026
    assert Calendar(date(2026, 11, 24)).this_year[0] == date(2026, 1, 8)


@pytest.mark.parametrize("size", [20, 60, 320, 2000])
def test_nobody_is_in_a_course_before_it_opens_or_twice(size: int) -> None:
    calendar = Calendar(date(2026, 11, 24))
    planned = journeys.plan(calendar, population.residents(calendar, size), size)
    opened = {
        editions.SECURITY: calendar.day(journeys.FIRST_DAY - 2),
        editions.LEADING: calendar.day(journeys.LEADING_DAY - 2),
    }
    for journey in planned:
        assert opened[journey.slug] < journey.first <= journey.last < calendar.today
    assert len({(journey.nip, journey.slug) for journey in planned}) == len(planned)


def test_ani_is_the_one_under_way_that_is_planned_apart() -> None:
    calendar = Calendar(date(2026, 11, 24))
    planned = journeys.plan(calendar, population.residents(calendar, 320), 320)
    ends = Counter((journey.slug, journey.end) for journey in planned)
    assert ends[editions.SECURITY, End.UNDER_WAY] == 37
    assert sum(journey.moves for journey in planned) == 2
