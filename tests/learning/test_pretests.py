"""The pretest: crossed forms, asked once before all else, for nothing, told to nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from elearn import jobs, settings, work
from elearn.content.course import PRETEST, Pool, Pretest, Quiz
from elearn.content.publishing import Published
from elearn.database import db, snapshot, transaction
from elearn.errors import Conflict, NotFound
from elearn.journal import walk
from elearn.journal.models import Event
from elearn.learning import (
    attempts,
    crossing,
    flips,
    grading,
    migration,
    pretests,
    quizzes,
    record,
    regrade,
    rules,
    study,
)
from elearn.learning.events import AttemptStarted, AttemptSubmitted, Enrolled, PretestSkipped
from elearn.learning.models import Attempt, Completion, RegradedAttempt
from elearn.learning.progress import Progress, decode, encode, fold
from elearn.learning.regrade import Ask
from elearn.people import notices
from elearn.people.models import Person
from tests.builders import (
    EXAM,
    QUIZ,
    RIGHT,
    SECRETS,
    SLUG,
    TEXT,
    WRONG,
    a_course,
    a_published_version,
    a_question,
    a_quiz,
    a_tested_course,
    an_attempt,
    an_enrolment,
    an_outline,
    finish,
    hand_in,
    skip_pretest,
    take_pretest,
)
from tests.learning.test_regrade import WHY, swapped
from tests.people_cast import Cast, browser, signed_in

FORMS = ({"digest-s1", "digest-s2"}, {"digest-s3", "digest-s4"})
COURSE = f"/courses/{SLUG}"
DAY, DAY_MS = "1970-01-03", 2 * 86_400_000


@pytest.fixture
def course(cast: Cast) -> Published:
    """A course with a pretest, and Ani in it."""
    done = a_published_version(cast, a_tested_course())
    an_enrolment(cast.ani)
    return done


def drawn(attempt_id: str) -> set[str]:
    found = attempts.drawn_of(db.session.get_one(Attempt, attempt_id))
    return {question.digest for question in found}


def is_clean(person: Person) -> bool:
    with snapshot():
        return not [*walk.broken_links(), *record.differences(person.id)]


# --- who is asked what -----------------------------------------------------------------------


def test_a_form_is_given_to_half_of_all_and_always_the_same() -> None:
    given_first = [crossing.form_of(7, person) for person in range(2000)]
    assert given_first == [crossing.form_of(7, person) for person in range(2000)]
    assert Counter(given_first)[0] == pytest.approx(1000, abs=80)
    assert given_first != [crossing.form_of(8, person) for person in range(2000)]


@given(st.lists(st.integers(1, 8), min_size=1, max_size=3), st.integers(0, 1), st.integers(0, 999))
def test_after_a_form_the_quiz_asks_none_of_it_and_all_of_the_other_that_fits(
    draws: list[int], form: int, seed: int
) -> None:
    pools, forms = [], ([], [])  # type: ignore[var-annotated]
    for n, draw in enumerate(draws):
        asked = tuple(a_question(f"p{n}-{i}") for i in range(draw + 3))
        pools.append(Pool(f"P{n}", draw, asked))
        forms[0].extend(asked[:2])
        forms[1].extend(asked[2:4])
    pretest = Pretest((tuple(forms[0]), tuple(forms[1])))
    quiz = crossing.crossed(Quiz("k", "K", tuple(pools)), pretest, pretest.ids[form])
    found = {question.digest for question in grading.draw(quiz, {}, str(seed))}
    asked_before = {question.digest for question in pretest.forms[form]}
    assert len(found) == sum(draws)
    assert not found & asked_before
    for n, draw in enumerate(draws):
        other = {q.digest for q in pretest.forms[1 - form] if q.id.startswith(f"p{n}-")}
        assert len(found & other) == min(draw, len(other))


def test_a_pool_that_would_run_dry_is_drawn_as_it_is() -> None:
    asked = tuple(a_question(f"s{n}") for n in range(3))
    quiz = a_quiz(pools=(Pool("P", 2, asked),))
    pretest = Pretest((asked[:2], asked[2:]))
    assert crossing.crossed(quiz, pretest, ["s0", "s1"]) == quiz


def test_the_first_attempt_of_the_final_quiz_asks_the_other_form(
    cast: Cast, course: Published
) -> None:
    before = drawn(take_pretest(cast.ani, WRONG))
    assert before in FORMS
    finish(cast.ani)
    first = an_attempt(cast.ani)
    other = FORMS[1 - FORMS.index(before)]
    assert other < drawn(first)
    assert not drawn(first) & before
    hand_in(cast.ani, first, WRONG)
    unseen = {"digest-s5", "digest-s6"} - drawn(first)
    assert unseen < drawn(an_attempt(cast.ani))
    assert is_clean(cast.ani)


def test_who_skipped_is_asked_as_without_a_pretest(cast: Cast, course: Published) -> None:
    skip_pretest(cast.ani)
    here = study.studying(cast.ani.id, SLUG)
    quiz = pretests.quiz_to_draw(here, QUIZ, 1)
    assert [pool.draw for pool in quiz.pools] == [3]


# --- it gates and counts nothing -------------------------------------------------------------


def test_it_changes_nothing_but_the_events(cast: Cast, course: Published) -> None:
    before = study.studying(cast.ani.id, SLUG)
    take_pretest(cast.ani)
    after = study.studying(cast.ani.id, SLUG)
    assert (after.standing, after.percent) == (before.standing, before.percent)
    assert after.progress.days == before.progress.days
    kinds = db.session.scalars(
        select(Event.kind).where(Event.person_id == cast.ani.id).order_by(Event.seq)
    ).all()
    assert kinds == ["enrolled", "attempt_started", "attempt_submitted"]
    assert is_clean(cast.ani)


@pytest.mark.parametrize("takes", [True, False])
def test_a_course_is_completed_with_and_without_and_the_score_is_the_quiz_alone(
    cast: Cast, course: Published, takes: bool
) -> None:
    if takes:
        take_pretest(cast.ani, WRONG)
    finish(cast.ani)
    hand_in(cast.ani, an_attempt(cast.ani))
    assert db.session.scalars(select(Completion.score_tenths)).all() == [1000]
    assert is_clean(cast.ani)
    with transaction():
        record.rebuild(cast.ani.id)
    assert is_clean(cast.ani)


def test_it_is_asked_once_and_only_first(cast: Cast, course: Published) -> None:
    first = an_attempt(cast.ani, quiz_key=PRETEST)
    assert an_attempt(cast.ani, quiz_key=PRETEST) == first
    hand_in(cast.ani, first)
    for person, deed in ((cast.ani, None), (cast.citra, skip_pretest), (cast.dewi, finish)):
        an_enrolment(person)
        if deed:
            deed(person)
        with pytest.raises(Conflict, match="pretest_over"):
            an_attempt(person, quiz_key=PRETEST)


def test_nobody_is_granted_another_and_a_course_without_one_has_none(
    cast: Cast, course: Published
) -> None:
    take_pretest(cast.ani)
    enrolment_id = study.studying(cast.ani.id, SLUG).key.id
    with pytest.raises(NotFound), transaction() as session:
        quizzes.grant_attempt(session, cast.budi.id, course.course_id, enrolment_id, PRETEST)
    a_published_version(cast, a_course(slug="lain", digest="lain"))
    here = an_enrolment(cast.ani, "lain")
    with pytest.raises(NotFound), transaction() as session:
        quizzes.start(session, here, PRETEST)
    with pytest.raises(NotFound), transaction() as session:
        pretests.skip(session, here)


@pytest.mark.parametrize("begins", [finish, skip_pretest])
def test_handed_in_too_late_it_says_so_in_the_journal(
    cast: Cast, course: Published, begins: object
) -> None:
    attempt_id = an_attempt(cast.ani, quiz_key=PRETEST)
    begins(cast.ani)  # type: ignore[operator]
    hand_in(cast.ani, attempt_id)
    assert db.session.get_one(Attempt, attempt_id).closed_by == pretests.LATE
    assert is_clean(cast.ani)


def test_skipping_is_an_event_that_older_progress_does_not_know() -> None:
    skipped = fold([(PretestSkipped(1), 1_000)])
    assert skipped.pretest_skipped
    assert decode(encode(skipped)) == skipped
    assert "pretest_skipped" not in encode(Progress())
    assert not rules.may_take_pretest(an_outline(a_tested_course()), skipped)


def test_a_pretest_is_no_day_of_study_and_no_beginning() -> None:
    started = AttemptStarted(1, "a", PRETEST, 1, ["x"])
    handed_in = AttemptSubmitted(1, "a", PRETEST, 1, [["a"]], [100], 1000, True, "person", [DAY])
    found = fold([(Enrolled(1, 7, "v", 1), 1_000), (started, DAY_MS), (handed_in, DAY_MS)])
    assert found.days == ("1970-01-01",)
    assert not found.has_begun
    assert fold([(replace(started, quiz=QUIZ), DAY_MS)]).has_begun


# --- versions and mended keys ----------------------------------------------------------------


def test_moving_on_neither_waits_for_an_open_pretest_nor_asks_it_again(
    cast: Cast, course: Published
) -> None:
    an_attempt(cast.ani, quiz_key=PRETEST)
    an_enrolment(cast.citra)
    asked = drawn(take_pretest(cast.citra))
    newest = a_tested_course(digest="versi-2")
    assert newest.pretest
    turned = replace(newest, pretest=Pretest((newest.pretest.forms[1], newest.pretest.forms[0])))
    a_published_version(cast, turned)
    for person in (cast.ani, cast.citra):
        with transaction() as session:
            migration.move_to_open_version(session, person.id, SLUG)
    assert not study.studying(cast.citra.id, SLUG).may_take_pretest
    assert not drawn(an_attempt(cast.citra)) & asked
    assert is_clean(cast.ani)
    assert is_clean(cast.citra)


def test_a_version_without_a_pretest_draws_as_ever(cast: Cast, course: Published) -> None:
    take_pretest(cast.ani)
    a_published_version(cast, a_tested_course(digest="versi-2", pretest=None))
    with transaction() as session:
        migration.move_to_open_version(session, cast.ani.id, SLUG)
    hand_in(cast.ani, an_attempt(cast.ani))
    assert is_clean(cast.ani)


def test_a_mended_key_counts_for_pretests_and_nobody_is_told(cast: Cast, course: Published) -> None:
    asked = drawn(attempt_id := take_pretest(cast.ani, WRONG))
    name = min(asked).removeprefix("digest-")
    mended = a_tested_course(digest="versi-2", pretest=None)
    questions = [swapped(name) if q.id == name else q for q in mended.quizzes[0].pools[0].questions]
    exam = replace(mended.quizzes[0], pools=(Pool("Semua", 3, tuple(questions)),))
    first, last = mended.lessons
    module = replace(
        mended.modules[0], lessons=(first, replace(last, blocks=(exam,), digest="ujian-2"))
    )
    a_published_version(cast, replace(mended, modules=(module,)))
    wanted = Ask(course.course_id, f"digest-{name}", f"digest-{name}-betul", True, WHY)
    assert flips.forecast(wanted).counts.attempts == 0
    with transaction():
        regrade.ask(cast.budi.id, wanted)
    while jobs.run_one(work.HANDLERS):
        pass
    assert db.session.get_one(Attempt, attempt_id).score_tenths == 500
    assert db.session.scalars(select(RegradedAttempt)).all() == []
    told = [notice.kind for notice in notices.inbox(cast.ani.id).messages]
    assert notices.NoticeKind.ATTEMPT_REGRADED not in told
    assert is_clean(cast.ani)


# --- the pages -------------------------------------------------------------------------------


def test_the_way_through_without_a_script(app: Flask, cast: Cast) -> None:
    a_published_version(cast, a_tested_course())
    ani = signed_in(app, cast.ani)
    assert "Diawali uji awal" in ani.get(COURSE).get_data(as_text=True)
    assert ani.post(f"{COURSE}/enrol").location == COURSE
    invited = ani.get(COURSE).get_data(as_text=True)
    assert "2 soal, sekitar 3 menit" in invited
    assert "Lewati" in invited
    assert "Uji awal masih terbuka" in ani.get(f"{COURSE}/lessons/{TEXT}").get_data(as_text=True)
    url = ani.post(f"{COURSE}/quizzes/{PRETEST}").location
    shown = ani.get(url).get_data(as_text=True)
    assert "Petunjuk" not in shown
    assert "poin" not in shown
    assert "Lanjutkan uji awal" in ani.get(COURSE).get_data(as_text=True)
    result = ani.post(url, data={"c0": "0", "q0": RIGHT, "action": "submit"}).location
    done = ani.get(result).get_data(as_text=True)
    assert "Terima kasih" in done
    for page in (shown, done):
        assert not [secret for secret in (*SECRETS, "lulus") if secret in page]
    after = ani.get(COURSE).get_data(as_text=True)
    assert "uji awal" not in after.lower()
    assert "Uji awal masih" not in ani.get(f"{COURSE}/lessons/{TEXT}").get_data(as_text=True)
    assert ani.get(url).location == result


def test_skipping_leads_to_the_first_lesson_also_twice(
    app: Flask, cast: Cast, course: Published
) -> None:
    ani = signed_in(app, cast.ani)
    attempt_id = an_attempt(cast.ani, quiz_key=PRETEST)
    for _ in range(2):
        answer = ani.post(f"{COURSE}/pretest/skip")
        assert answer.location == f"{COURSE}/lessons/{TEXT}"
    count = select(func.count()).where(Event.kind == "pretest_skipped")
    assert db.session.scalar(count) == 1
    assert ani.post(f"{COURSE}/quizzes/{PRETEST}").location == COURSE
    assert "sebelum materi pertama" in ani.get(COURSE).get_data(as_text=True)
    assert ani.get(f"/attempts/{attempt_id}").location == COURSE


def test_where_the_agency_has_none_it_is_not_offered_and_what_was_begun_is_handed_in(
    app: Flask, cast: Cast, course: Published
) -> None:
    ani, budi = signed_in(app, cast.ani), signed_in(app, cast.budi)
    url = ani.post(f"{COURSE}/quizzes/{PRETEST}").location
    an_enrolment(cast.budi)
    with transaction():
        settings.change(settings.Switch.PRETEST, 2026, False, None)
    assert "uji awal" not in budi.get(COURSE).get_data(as_text=True).lower()
    lesson = budi.get(f"{COURSE}/lessons/{TEXT}").get_data(as_text=True)
    assert "uji awal" not in lesson.lower()
    assert budi.post(f"{COURSE}/quizzes/{PRETEST}").status_code == 404
    handed_in = ani.post(url, data={"c0": "0", "q0": RIGHT, "action": "submit"})
    assert "Terima kasih" in ani.get(handed_in.location).get_data(as_text=True)


def test_strangers_find_nothing_and_write_nothing(
    app: Flask, cast: Cast, course: Published
) -> None:
    attempt_id = take_pretest(cast.ani)
    events = select(func.count()).select_from(Event)
    before = db.session.scalar(events)
    citra = signed_in(app, cast.citra)
    assert citra.post(f"{COURSE}/pretest/skip").status_code == 404
    assert citra.post(f"{COURSE}/quizzes/{PRETEST}").status_code == 404
    assert citra.get(f"/attempts/{attempt_id}/result").status_code == 404
    assert signed_in(app, cast.ani).get(f"{COURSE}/pretest/skip").status_code == 405
    assert browser(app).post(f"{COURSE}/pretest/skip").location.startswith("/login")
    assert db.session.scalar(events) == before


def test_no_page_of_a_person_shows_what_came_of_it(
    app: Flask, cast: Cast, course: Published
) -> None:
    take_pretest(cast.ani, WRONG)
    assert not [line for lines in attempts.attempts_of(1, [QUIZ]).values() for line in lines]
    with pytest.raises(NotFound):
        attempts.result_page(cast.ani.id, db.session.scalars(select(Attempt.id)).one())
    assert "Kesempatan 1" not in signed_in(app, cast.ani).get(f"{COURSE}/lessons/{EXAM}").get_data(
        as_text=True
    )
