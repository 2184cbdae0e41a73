"""A quiz as a browser sees it: with and without a script, its end, its result."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn import clock
from elearn.content.course import CompetencyLevel, Reveal, Shape
from elearn.content.keys import NumberKey, TextKey
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.journal.models import Event
from elearn.learning import attempts, quizzes, study
from elearn.learning.models import Attempt, AttemptAnswer
from tests.builders import (
    EXAM,
    QUIZ,
    RIGHT,
    SECRETS,
    SLUG,
    TEXT,
    WRONG,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    an_answer,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
    reflect,
)
from tests.people_cast import Cast, browser, signed_in

MINUTE_MS = 60_000


def enter(app: Flask, cast: Cast, **rules: Any) -> tuple[FlaskClient, str]:
    """Ani in front of an open attempt at a quiz with the given rules."""
    a_published_version(cast, a_course([a_lesson(EXAM, a_quiz(**rules))]))
    an_enrolment(cast.ani)
    attempt_id = an_attempt(cast.ani)
    return signed_in(app, cast.ani), f"/attempts/{attempt_id}"


def saved(url: str) -> dict[int, list[str]]:
    rows = select(AttemptAnswer.position, AttemptAnswer.body).where(
        AttemptAnswer.attempt_id == url.rpartition("/")[2]
    )
    return {row.position: json.loads(row.body) for row in db.session.execute(rows)}


def state_of(url: str) -> str:
    statement = select(Attempt.state).where(Attempt.id == url.rpartition("/")[2])
    return str(db.session.scalar(statement))


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_starting_opens_an_attempt_and_starting_again_the_same(
    app: Flask, cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    ani = signed_in(app, cast.ani)
    first = ani.post(f"/courses/{SLUG}/quizzes/{QUIZ}").location
    assert first.startswith("/attempts/")
    assert ani.post(f"/courses/{SLUG}/quizzes/{QUIZ}").location == first
    assert ani.get(first).status_code == 200


def test_used_up_attempts_are_said_on_the_lesson(app: Flask, cast: Cast) -> None:
    ani, _ = enter(app, cast, max_attempts=1)
    hand_in(cast.ani, an_attempt(cast.ani), WRONG)
    response = ani.post(f"/courses/{SLUG}/quizzes/{QUIZ}", follow_redirects=True)
    assert "Kesempatan kuis ini sudah terpakai semua." in response.text
    assert response.request.path == f"/courses/{SLUG}/lessons/{EXAM}"


ALL_SHAPES = (
    a_question("s1"),
    a_question("s2", shape=Shape.MULTIPLE),
    a_question("s3", shape=Shape.TRUE_FALSE),
    a_question("s4", shape=Shape.TEXT, options=(), key=TextKey(("KUNCI-TEKS",))),
    a_question("s5", shape=Shape.NUMBER, options=(), key=NumberKey("97531", "97531")),
)
KEYS = (*SECRETS, "KUNCI-TEKS", "97531", "correct", "digest-")


def test_the_page_of_an_attempt_holds_no_key(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast, pools=a_quiz(ALL_SHAPES).pools, reveal=Reveal.AFTER_SUBMIT)
    page = ani.get(url).text
    assert page.count("<fieldset aria-labelledby=") == 5
    assert "Buka petunjuk" in page
    assert "<p>Petunjuk</p>" not in page
    assert [key for key in KEYS if key in page] == []


def test_without_a_script_a_page_of_answers_is_saved_at_once(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast, pools=a_quiz(ALL_SHAPES).pools)
    counters = {f"c{position}": "0" for position in range(5)}
    form = {"q0": RIGHT, "q1": [RIGHT, WRONG], "q3": " ", "q4": "20", "action": "save"}
    assert ani.post(url, data={**counters, **form}).location == url
    assert saved(url) == {0: [RIGHT], 1: [RIGHT, WRONG], 4: ["20"]}
    page = ani.get(url).text
    assert "Jawaban Anda tersimpan." in page
    assert 'name="c0" value="1"' in page
    assert page.count(" checked") == 3
    later = {"c0": "1", "c1": "1", "c4": "1", "q1": RIGHT, "q4": "20", "action": "save"}
    ani.post(url, data=later)
    assert saved(url) == {0: [], 1: [RIGHT], 4: ["20"]}


def test_a_page_shown_before_a_newer_answer_does_not_undo_it(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    an_answer(cast.ani, url.rpartition("/")[2], quizzes.NewAnswer(0, [RIGHT], 4))
    ani.post(url, data={"c0": "0", "q0": WRONG, "action": "save"})
    assert saved(url) == {0: [RIGHT]}


def test_handing_in_saves_grades_and_shows_the_result(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    form = {"c0": "0", "c1": "0", "q0": RIGHT, "q1": WRONG, "action": "submit"}
    assert ani.post(url, data=form).location == f"{url}/result"
    page = ani.get(f"{url}/result").text
    assert "Belum mencapai nilai lulus" in page
    assert "1 dari 2 soal benar seluruhnya" in page
    assert ani.get(url).location == f"{url}/result"


def test_handing_in_holds_the_attempt_before_it_saves_an_answer(
    app: Flask, cast: Cast, query_count: Any
) -> None:
    """Two that hand in at once would otherwise each wait for the other, on PostgreSQL."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    ani, url = enter(app, cast)
    with query_count() as count:
        ani.post(url, data={"c0": "0", "q0": RIGHT, "action": "submit"})
    held = next(n for n, sent in enumerate(count.statements) if "FOR UPDATE" in sent)
    saves = [n for n, sent in enumerate(count.statements) if "INSERT INTO attempt_answer" in sent]
    assert saves
    assert held < min(saves)


def test_handing_in_twice_shows_the_result_that_counts(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    ani.post(url, data={"c0": "0", "q0": RIGHT, "action": "submit"})
    again = ani.post(url, data={"c0": "0", "q0": WRONG, "action": "submit"})
    assert again.location == f"{url}/result"
    assert saved(url) == {0: [RIGHT]}


# --- one answer at a time


def test_an_answer_is_acknowledged_once_it_is_stored(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    reply = ani.post(f"{url}/answers/0", json={"answer": [RIGHT], "counter": 1})
    assert reply.status_code == 200
    assert (reply.json or {}).items() >= {"counter": 1, "stale": False}.items()
    assert saved(url) == {0: [RIGHT]}
    stale = ani.post(f"{url}/answers/0", json={"answer": [WRONG], "counter": 0})
    assert (stale.json or {}).items() >= {"counter": 1, "stale": True}.items()


def test_a_closed_attempt_tells_the_script_so(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    ani.post(url, data={"action": "submit"})
    reply = ani.post(f"{url}/answers/0", json={"answer": [RIGHT], "counter": 1})
    assert (reply.status_code, reply.json) == (409, {"reason": "closed"})


BAD_BODIES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"answer": "a", "counter": 1}',
    b'{"answer": [1], "counter": 1}',
    b'{"answer": ["a"]}',
    b'{"answer": ["a"], "counter": "1"}',
    b'{"answer": ["a"], "counter": true}',
    b'{"answer": ["a"], "counter": -1}',
    b'{"answer": ["a"], "counter": 1e400}',
    b'{"answer": ["\\u0000"], "counter": 1}',
    b'{"answer": ["\\ud800"], "counter": 1}',
    b'{"answer": null, "counter": 1}',
    b'{"answer": [[]], "counter": 1}',
    b'{"answer": ["' + b"x" * 501 + b'"], "counter": 1}',
    b"[" * 200_000,
    b'{"counter": ' + b"9" * 5000 + b"}",
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_bad_body_is_refused_and_nothing_is_stored(app: Flask, cast: Cast, body: bytes) -> None:
    ani, url = enter(app, cast)
    headers = {"Accept": "application/json"}
    reply = ani.post(
        f"{url}/answers/0", data=body, content_type="application/json", headers=headers
    )
    assert reply.status_code == 422
    assert (reply.json or {})["status"] == 422
    assert saved(url) == {}


@pytest.mark.parametrize(
    ("position", "status"), [("2", 404), ("9007199254740993", 404), ("1" * 40, 404), ("x", 404)]
)
def test_a_question_that_is_not_there_is_not_found(
    app: Flask, cast: Cast, position: str, status: int
) -> None:
    ani, url = enter(app, cast)
    reply = ani.post(f"{url}/answers/{position}", json={"answer": [RIGHT], "counter": 1})
    assert reply.status_code == status


@pytest.mark.parametrize("part", ["", "/answers/0"])
def test_an_oversized_body_is_refused(app: Flask, cast: Cast, part: str) -> None:
    ani, url = enter(app, cast)
    kind = "application/json" if part else "application/x-www-form-urlencoded"
    response = ani.post(url + part, data=b"q0=" + b"x" * 1_000_001, content_type=kind)
    assert response.status_code == 413
    assert "Kiriman terlalu besar" in response.text


def test_a_form_with_nonsense_is_refused_without_a_trace(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast)
    for form, status in [
        ({"c0": "0", "q0": "x" * 501, "action": "save"}, 422),
        ({"c0": "0", "q0": "a\x00", "action": "save"}, 400),
        ({"c0": "zzz", "q0": "nonsense", "action": "nonsense"}, 302),
        ({"q0": RIGHT, "action": "save"}, 302),
    ]:
        assert ani.post(url, data=form).status_code == status
    assert saved(url) == {0: ["nonsense"]}


def test_an_attempt_of_somebody_else_is_not_found(app: Flask, cast: Cast) -> None:
    _, url = enter(app, cast)
    an_enrolment(cast.stranger)
    stranger = signed_in(app, cast.stranger)
    before = events()
    body = {"answer": [RIGHT], "counter": 1}
    for reply in (
        stranger.get(url),
        stranger.get(f"{url}/result"),
        stranger.post(url, data={"action": "submit"}),
        stranger.post(f"{url}/answers/0", json=body),
        stranger.get("/attempts/tidak-ada"),
    ):
        assert reply.status_code == 404
    assert browser(app).post(url).status_code == 303
    script = {"Sec-Fetch-Mode": "cors"}
    assert browser(app).post(f"{url}/answers/0", json=body, headers=script).status_code == 401
    assert (events(), saved(url), state_of(url)) == (before, {}, "open")


# --- the end of the time


def test_when_the_time_is_over_what_was_saved_is_handed_in(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast, time_limit_minutes=20)
    assert "berakhir pukul" in ani.get(url).text
    ani.post(f"{url}/answers/0", json={"answer": [RIGHT], "counter": 1})
    with clock.set_to(clock.now_ms() + 21 * MINUTE_MS):
        page = ani.get(url).text
        assert "Waktu sudah habis" in page
        assert "Simpan jawaban" not in page
        assert ani.get(f"{url}/result").location == url
        late = {"c0": "1", "c1": "0", "q1": RIGHT, "action": "submit"}
        assert ani.post(url, data=late).location == f"{url}/result"
        assert "Waktu habis; yang dinilai adalah" in ani.get(f"{url}/result").text
    assert saved(url) == {0: [RIGHT]}


# --- the result


@pytest.mark.parametrize(
    ("reveal", "answer", "shown"),
    [
        (Reveal.AFTER_PASS, WRONG, False),
        (Reveal.AFTER_PASS, RIGHT, True),
        (Reveal.AFTER_SUBMIT, WRONG, True),
        (Reveal.NEVER, RIGHT, False),
        (Reveal.NEVER, WRONG, False),
    ],
)
def test_keys_and_explanations_are_in_the_result_only_when_allowed(
    app: Flask, cast: Cast, reveal: Reveal, answer: str, shown: bool
) -> None:
    ani, url = enter(app, cast, pools=a_quiz(ALL_SHAPES).pools, reveal=reveal, pass_percent=50)
    hand_in(cast.ani, url.rpartition("/")[2], answer)
    page = ani.get(f"{url}/result")
    assert page.status_code == 200
    found = [
        key for key in (*SECRETS, "KUNCI-TEKS", "97531", "Jawaban yang benar") if key in page.text
    ]
    assert bool(found) is shown
    verdicts = [word for word in (">benar<", ">belum tepat<") if word in page.text]
    assert bool(verdicts) is shown
    if shown:
        assert {"PEMBAHASAN", "KUNCI-TEKS", "97531"} <= set(found)


def test_a_failed_attempt_names_what_to_study_again(app: Flask, cast: Cast) -> None:
    asked = [
        a_question("s1", competencies=(CompetencyLevel("X.RIGHT", 1),)),
        a_question("s2", competencies=(CompetencyLevel("X.WRONG", 2),)),
    ]
    exam = a_lesson(EXAM, a_quiz(asked))
    a_published_version(cast, a_course([a_lesson(TEXT), exam]))
    an_enrolment(cast.ani)
    url = f"/attempts/{an_attempt(cast.ani)}"
    drawn = [shown.question.id for shown in attempts.attempt_page(cast.ani.id, url[10:]).questions]
    form = {"c0": "0", "c1": "0", f"q{drawn.index('s1')}": RIGHT, "action": "submit"}
    page = signed_in(app, cast.ani).post(url, data=form, follow_redirects=True).text
    review = page.split("Yang perlu dipelajari lagi")[1].split("</section>")[0]
    assert "X.WRONG" in review
    assert "X.RIGHT" not in review
    assert f'href="/courses/{SLUG}/lessons/{TEXT}"' in review
    assert f"lessons/{EXAM}" not in review


def test_the_result_that_completes_the_course_says_so(
    app: Flask, cast: Cast, course: Published
) -> None:
    an_enrolment(cast.ani)
    finish(cast.ani)
    finish(cast.ani, "dasar/janji")
    reflect(cast.ani)
    url = f"/attempts/{an_attempt(cast.ani)}"
    form = {"c0": "0", "c1": "0", "q0": RIGHT, "q1": RIGHT, "action": "submit"}
    page = signed_in(app, cast.ani).post(url, data=form, follow_redirects=True).text
    assert "Anda lulus kuis ini" in page
    assert "kursus lulus" in page


def test_what_is_typed_is_escaped_in_the_result(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast, pools=a_quiz([ALL_SHAPES[3]]).pools)
    typed = "<img src=x onerror=alert(1)>"
    ani.post(url, data={"c0": "0", "q0": typed, "action": "submit"})
    page = ani.get(f"{url}/result").text
    assert typed not in page
    assert "&lt;img src=x" in page


# --- the instructor


def test_an_instructor_opens_one_more_attempt(app: Flask, cast: Cast) -> None:
    ani, url = enter(app, cast, max_attempts=1)
    hand_in(cast.ani, url.rpartition("/")[2], WRONG)
    enrolment_id = study.studying(cast.ani.id, SLUG).key.id
    address = f"/teach/{SLUG}/learners/{enrolment_id}/attempts/{QUIZ}"
    assert signed_in(app, cast.stranger).post(address).status_code == 404
    assert ani.post(address).status_code == 404
    budi = signed_in(app, cast.budi)
    assert budi.post(f"/teach/{SLUG}/learners/{10**9}/attempts/{QUIZ}").status_code == 404
    assert budi.post(f"/teach/{SLUG}/learners/{'9' * 30}/attempts/{QUIZ}").status_code == 404
    assert budi.post(f"/teach/{SLUG}/learners/{enrolment_id}/attempts/lain").status_code == 404
    with transaction() as session, pytest.raises(quizzes.Conflict):
        quizzes.start(session, study.studying(cast.ani.id, SLUG), QUIZ)
    assert budi.post(address).location == f"/teach/{SLUG}"
    assert budi.post(address).status_code == 302
    assert attempts.attempt_page(cast.ani.id, an_attempt(cast.ani)).attempt.number == 2
