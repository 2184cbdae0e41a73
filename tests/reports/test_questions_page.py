"""The results of a quiz, question by question: figures, flags, plots, and who may see them."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from elearn import clock
from elearn.content.course import Lesson, Module, Pool, Quiz
from elearn.database import db, transaction
from elearn.errors import NotFound
from elearn.learning.models import (
    Attempt,
    AttemptAnswer,
    AttemptState,
    Enrolment,
    HintOpened,
    Regrade,
)
from elearn.people.models import Person, Status
from elearn.reports import items, questions, responses
from elearn.reports.reliability import Kind
from tests.people_cast import Cast
from tests.reports.school import (
    NOW_MS,
    QUIZ,
    RIGHT,
    WRONG,
    a_course,
    a_question,
    browser_of,
    fails,
    page_of,
    passes,
    publish,
)

HERE = "/teach/keamanan/questions"
NUMBERS = count(500)


def hand_in_many(cast: Cast, course_id: int, answers: Sequence[str], **changes: Any) -> None:
    """An attempt for each string: its characters are what is picked, "a" being the key."""
    first = db.session.scalars(db.select(Enrolment)).first()
    assert first
    with transaction() as session:
        for at, picked in enumerate(answers, changes.get("first", 0)):
            person = Person(
                nip=f"199001012015031{at:03}",
                name=f"Orang {at}",
                sort_name=f"orang {at}",
                status=Status.PNS,
                unit_id=cast.pustu.id,
                created_ms=0,
            )
            session.add(person)
            session.flush()
            entered = Enrolment(
                person_id=person.id,
                course_id=course_id,
                version_id=first.version_id,
                started_ms=NOW_MS,
                round=changes.get("round", 1),
            )
            session.add(entered)
            session.flush()
            session.add_all(an_attempt(entered, picked, at, **changes))


def an_attempt(entered: Enrolment, picked: str, at: int, **changes: Any) -> list[Any]:
    digests = changes.get("digests", [f"keamanan-s{n + 1}" for n in range(len(picked))])
    right = [100 * (pick == RIGHT) for pick in picked]
    attempt = Attempt(
        id=secrets.token_urlsafe(16),
        enrolment_id=entered.id,
        person_id=entered.person_id,
        version_id=entered.version_id,
        quiz_key=changes.get("quiz", QUIZ),
        lesson_key="akhir",
        number=changes.get("number", 1),
        state=changes.get("state", AttemptState.SUBMITTED),
        pass_percent=70,
        questions=json.dumps([[digest, [RIGHT, WRONG]] for digest in digests]),
        question_count=len(picked),
        started_ms=NOW_MS,
        submitted_ms=NOW_MS + at,
        score_tenths=sum(right) * 10 // len(right),
        passed=all(right),
        points=json.dumps(right),
        closed_by="person",
    )
    answers = [
        AttemptAnswer(
            attempt_id=attempt.id,
            position=n,
            counter=1,
            body=json.dumps([pick]),
            saved_ms=NOW_MS + 20_000 * (n + 1),
        )
        for n, pick in enumerate(picked)
        if pick != "-"
    ]
    return [attempt, *answers]


@pytest.fixture
def many(cast: Cast, course_id: int) -> int:
    """Ani passed; forty more answered: where the first is right the second mostly is not."""
    passes(cast.ani)
    hand_in_many(cast, course_id, ["ab"] * 18 + ["ba"] * 18 + ["aa", "bb", "a-", "bb"])
    return course_id


def figures_of(course_id: int, digest: str = "keamanan-s1") -> items.QuestionFigures:
    return questions.by_digest(course_id)[digest].figures


def test_the_page_shows_figures_with_intervals(app: Flask, cast: Cast, many: int) -> None:
    text = page_of(app, cast.budi, HERE)
    assert "41 percobaan pertama" in text
    assert text.count("<article") == 2
    assert "41 kali, dijawab 40" in text
    assert "<b>51%</b> <small>(36–66%)</small>" in text
    assert "<b>20 detik</b>" in text
    assert re.search(r"<b>−0,\d\d</b> <small>\(−0,\d\d sampai −0,\d\d\)</small>", text)
    assert text.count("<svg viewBox") == 2


def test_suspicious_keys_are_said_in_words(app: Flask, cast: Cast, many: int) -> None:
    text = page_of(app, cast.budi, HERE)
    assert "2 soal perlu diperiksa kuncinya" in text
    assert "justru lebih sering salah di soal ini" in text
    assert "berlawanan dengan kunci" in text


def test_few_answers_are_counted_and_not_judged(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani)
    fails(cast.stranger)
    text = page_of(app, cast.budi, HERE)
    assert text.count("2 kali, dijawab 2") == 2
    assert text.count("perlu 12 jawaban, baru 2") == 3
    assert text.count("perlu 30 jawaban, baru 2") == 2
    assert "<figure" not in text
    assert "versi lama soal ini" not in text


@pytest.mark.parametrize(
    "changes", [{"number": 2}, {"round": 2}, {"state": AttemptState.OPEN}], ids=str
)
def test_what_does_not_count(cast: Cast, course_id: int, changes: dict[str, Any]) -> None:
    passes(cast.ani)
    hand_in_many(cast, course_id, ["bb"] * 3, **changes)
    assert figures_of(course_id).shown == 1


def test_one_more_attempt_is_seen_at_once(cast: Cast, course_id: int) -> None:
    passes(cast.ani)
    assert figures_of(course_id).shown == 1
    passes(cast.citra)
    assert figures_of(course_id).shown == 2


def test_a_regrade_is_seen_at_once(cast: Cast, course_id: int) -> None:
    fails(cast.ani)
    hand_in_many(cast, course_id, ["bb"] * 12)
    before = figures_of(course_id).facility
    assert before
    assert before.value == 0
    with transaction() as session:
        attempt = session.scalars(db.select(Attempt)).first()
        assert attempt
        attempt.points, attempt.score_tenths = "[100, 0]", 500
    after = figures_of(course_id).facility
    assert after
    assert after.value == pytest.approx(1 / 13)


def test_a_mended_key_leaves_the_figures_of_its_version(app: Flask, cast: Cast, many: int) -> None:
    """Everybody got the points since, and still the page tells how the old key did."""
    before = figures_of(many)
    with transaction() as session:
        session.execute(db.update(Attempt).values(points="[100, 100]", score_tenths=1000))
        session.add(
            Regrade(
                course_id=many,
                question="keamanan-s1",
                mended="keamanan-s2",
                never_worse=True,
                reason="Kuncinya tertukar.",
                asked_by=cast.budi.id,
                asked_ms=NOW_MS,
            )
        )
    after = figures_of(many)
    assert after.facility == before.facility
    assert figures_of(many, "keamanan-s2").facility != before.facility
    found = questions.results(many).shown
    assert found
    assert set(found.scores) == {1.0}
    assert "keamanan-s1" not in [q.figures.question.digest for q in found.suspects]
    text = page_of(app, cast.budi, HERE)
    assert text.count("sudah dinilai ulang") == 1


def test_opened_hints_are_a_share_of_those_who_saw_the_question(app: Flask, cast: Cast) -> None:
    asked = (
        replace(a_question("keamanan", 1), hints_html=("<p>Baca lagi.</p>",)),
        a_question("keamanan", 2),
    )
    quiz = Quiz(QUIZ, "Kuis akhir", (Pool("", 2, asked),), max_attempts=1)
    module = Module("m", "", "", (Lesson("akhir", "Ujian", "lain", 10, (quiz,)),))
    course_id = publish(cast, a_course(modules=(module,)))
    passes(cast.ani)
    hand_in_many(cast, course_id, ["a-"] * 19)
    with transaction() as session:
        for attempt_id in session.scalars(db.select(Attempt.id)).all()[:5]:
            session.add(HintOpened(attempt_id=attempt_id, position=0, hint=0))
            session.add(HintOpened(attempt_id=attempt_id, position=0, hint=1))
    first, second = (figures_of(course_id, f"keamanan-s{number}") for number in (1, 2))
    assert first.hinted
    assert first.hinted.value == 0.25
    assert second.hinted is None
    assert (first.answered, second.answered) == (20, 1)
    assert "<b>25%</b>" in page_of(app, cast.budi, HERE).split("Membuka petunjuk")[-1]


def test_only_the_newest_attempts_are_read(
    cast: Cast, many: int, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    monkeypatch.setattr(responses, "MOST_ATTEMPTS", 30)
    questions.forget()
    found = questions.results(many).shown
    assert found
    assert (found.attempts, found.used) == (41, 30)
    assert "Angka di bawah memakai 30 yang terbaru" in page_of(app, cast.budi, HERE)


def test_of_many_attempts_a_few_more_are_counted_later(
    app: Flask, cast: Cast, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "LARGE", 41)
    monkeypatch.setattr(questions, "BEHIND", 20)
    now_ms = clock.now_ms()
    assert used_at(many, now_ms, monkeypatch) == 41
    hand_in_another(cast, many)
    assert used_at(many, now_ms + questions.BEHIND_MS - 1, monkeypatch) == 41
    text = page_of(app, cast.budi, HERE)
    assert "41 percobaan pertama" in text
    assert "1 percobaan sesudahnya ikut dihitung paling lama" in text
    assert used_at(many, now_ms + questions.BEHIND_MS, monkeypatch) == 42
    assert "sesudahnya" not in page_of(app, cast.budi, HERE)
    hand_in_another(cast, many)
    hand_in_another(cast, many)
    hand_in_another(cast, many)
    assert used_at(many, now_ms + questions.BEHIND_MS, monkeypatch) == 45  # more than a few


def test_of_many_attempts_a_changed_score_counts_at_once(
    cast: Cast, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "LARGE", 1)
    before = questions.results(many).shown
    with transaction() as session:
        session.execute(update(Attempt).values(score_tenths=1000))
    after = questions.results(many).shown
    assert before
    assert after
    assert set(before.scores) != set(after.scores) == {1.0}


def used_at(course_id: int, now_ms: int, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(clock, "now_ms", lambda: now_ms)
    found = questions.results(course_id).shown
    assert found
    return found.used


def hand_in_another(cast: Cast, course_id: int) -> None:
    db.session.rollback()
    hand_in_many(cast, course_id, ["ab"], first=next(NUMBERS))


def test_all_saw_the_same_questions_so_alpha_is_given(cast: Cast, many: int) -> None:
    found = questions.results(many).shown
    assert found
    assert found.reliability
    assert found.reliability.kind is Kind.ALPHA
    assert found.reliability.estimate.size == 41


def test_a_drawn_quiz_has_its_consistency(app: Flask, cast: Cast) -> None:
    pool = Pool("", 2, tuple(a_question("keamanan", number) for number in range(1, 5)))
    quiz = Quiz(QUIZ, "Kuis akhir", (pool,), max_attempts=1)
    module = Module("m", "", "", (Lesson("akhir", "Ujian", "lain", 10, (quiz,)),))
    course_id = publish(cast, a_course(modules=(module,)))
    passes(cast.ani)
    hand_in_many(cast, course_id, ["aa"] * 20 + ["bb"] * 10 + ["ab"] * 6)
    found = questions.results(course_id).shown
    assert found
    assert found.reliability
    assert found.reliability.kind is Kind.CONSISTENCY
    assert "kebetulan saja memberi" in page_of(app, cast.budi, HERE)


def test_a_changed_question_has_figures_of_its_own(app: Flask, cast: Cast, many: int) -> None:
    changed = (a_question("keamanan", 1, " baru"), a_question("keamanan", 2))
    quiz = Quiz(QUIZ, "Kuis akhir", (Pool("", 2, changed),), max_attempts=1)
    module = Module("m", "", "", (Lesson("akhir", "Ujian", "lain", 10, (quiz,)),))
    publish(cast, a_course(digest="kedua", modules=(module,)))
    passes(cast.dewi)
    text = page_of(app, cast.budi, HERE)
    new, same, old = text.split("<article")[1:]
    assert "1 kali" in new
    assert "Soal 1 baru" in new
    assert "42 kali" in same
    assert "versi lama soal ini" in old
    assert "<details open" in text


def test_a_dropped_quiz_keeps_its_figures(app: Flask, cast: Cast, many: int) -> None:
    module = Module("m", "", "", (Lesson("akhir", "Ujian", "lain", 10, ()),))
    publish(cast, a_course(digest="kedua", modules=(module,)))
    text = page_of(app, cast.budi, HERE)
    assert text.count("<article") == 2
    assert "Mencapai nilai lulus" not in text


def test_each_quiz_is_looked_at_by_itself(app: Flask, cast: Cast, many: int) -> None:
    hand = {"quiz": "lain", "digests": ["keamanan-s1"]}
    db.session.rollback()
    with transaction() as session:
        entered = session.scalars(db.select(Enrolment)).first()
        assert entered
        session.add_all(an_attempt(entered, "a", 0, **hand))
    first = page_of(app, cast.budi, HERE)
    assert 'href="/teach/keamanan/questions?quiz=lain"' in first
    assert first.count("<article") == 2
    other = page_of(app, cast.budi, HERE + "?quiz=lain")
    assert "<h2>lain</h2>" in other
    assert other.count("<article") == 1
    assert browser_of(app, cast.budi).get(HERE + "?quiz=tidak-ada").status_code == 404
    assert questions.by_digest(many)["keamanan-s1"].figures.shown == 41


def test_without_attempts_the_page_says_so(app: Flask, cast: Cast, course_id: int) -> None:
    assert "Belum ada kuis yang dikirim" in page_of(app, cast.budi, HERE)
    assert questions.by_digest(course_id) == {}


def test_a_course_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        questions.results(99)


def test_the_page_sends_few_statements_cold_and_warm(
    app: Flask, cast: Cast, many: int, query_count: Any
) -> None:
    browser = browser_of(app, cast.budi)
    browser.get("/teach")
    questions.forget()
    with query_count() as cold:
        assert browser.get(HERE).status_code == 200
    with query_count() as warm:
        browser.get(HERE)
    assert (cold.total, warm.total) == (6, 4)


@pytest.mark.parametrize(
    ("saved", "seconds"),
    [
        ({}, {}),
        ({0: 30_000, 1: 75_000}, {0: 30.0, 1: 45.0}),
        ({1: 10_000, 0: 25_000}, {1: 10.0, 0: 15.0}),
        ({0: 30_000, 1: 30_000, 2: 30_400, 3: 40_400}, {3: 10.0}),
    ],
)
def test_seconds_are_counted_from_the_answer_before(
    saved: dict[int, int], seconds: dict[int, float]
) -> None:
    started = 1_000_000
    moments = {position: started + ms for position, ms in saved.items()}
    assert responses.seconds_of(started, moments) == seconds
