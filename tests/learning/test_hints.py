"""Opening hints: in order, noted once, by the one whose attempt it is, while it is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn import clock
from elearn.content.course import PRETEST
from elearn.database import db, transaction
from elearn.learning import attempts, hints, quizzes
from elearn.learning.models import Attempt, HintOpened
from tests.builders import (
    EXAM,
    RIGHT,
    a_course,
    a_lesson,
    a_published_version,
    a_question,
    a_quiz,
    a_tested_course,
    an_attempt,
    an_enrolment,
    hand_in,
)
from tests.people_cast import Cast, signed_in

SCRIPT = {"X-Part": "check"}
TEXTS = ("<p>PERTAMA</p>", "<p>KEDUA</p>")
QUESTIONS = (a_question("s1", hints_html=TEXTS), a_question("s2"), a_question("s3", hints_html=()))
LATE_MS = 7_200_000


@pytest.fixture
def attempt_id(cast: Cast) -> str:
    """Ani in front of three questions with two hints, one and none."""
    a_published_version(cast, a_course([a_lesson(EXAM, a_quiz(QUESTIONS, time_limit_minutes=60))]))
    an_enrolment(cast.ani)
    return an_attempt(cast.ani)


@pytest.fixture
def ani(app: Flask, cast: Cast) -> FlaskClient:
    return signed_in(app, cast.ani)


def noted() -> list[tuple[int, int]]:
    rows = db.session.scalars(db.select(HintOpened)).all()
    return sorted((row.position, row.hint) for row in rows)


def readable(page: str) -> list[bool]:
    return [text in page for text in TEXTS]


def test_a_script_gets_the_hints_of_its_question(ani: FlaskClient, attempt_id: str) -> None:
    url = f"/attempts/{attempt_id}"
    assert readable(ani.get(url).text) == [False, False]
    first = ani.post(f"{url}/hints/0/0")
    assert first.status_code == 200
    assert first.text.lstrip().startswith('<div class="hints" id="petunjuk-0"')
    assert readable(first.text) == [True, False]
    assert f'data-hint="{url}/hints/0/1"' in first.text
    second = ani.post(f"{url}/hints/0/1").text
    assert readable(second) == [True, True]
    assert "data-hint=" not in second
    assert readable(ani.get(url).text) == [True, True]
    assert noted() == [(0, 0), (0, 1)]


def test_a_hint_is_noted_once(ani: FlaskClient, attempt_id: str) -> None:
    for _ in range(2):
        assert ani.post(f"/attempts/{attempt_id}/hints/1/0").status_code == 200
    assert noted() == [(1, 0)]


def test_one_hint_after_another(ani: FlaskClient, attempt_id: str) -> None:
    url = f"/attempts/{attempt_id}"
    early = ani.post(f"{url}/hints/0/1")
    assert (early.status_code, early.get_json()) == (409, {"reason": "out_of_order"})
    form = {"action": "hint-0-1", "c0": "0", "q0": RIGHT}
    assert ani.post(url, data=form).status_code == 409
    assert noted() == []
    assert attempts.answers_of(attempt_id) == {}


def test_a_hint_that_was_noted_without_the_one_before_it_is_offered_again(
    ani: FlaskClient, attempt_id: str
) -> None:
    with transaction() as session:
        session.add(HintOpened(attempt_id=attempt_id, position=0, hint=1))
    assert readable(ani.get(f"/attempts/{attempt_id}").text) == [False, False]
    assert readable(ani.post(f"/attempts/{attempt_id}/hints/0/0").text) == [True, True]


# --- without a script


def test_without_a_script_the_answers_are_saved_and_the_hint_is_opened(
    ani: FlaskClient, attempt_id: str
) -> None:
    url = f"/attempts/{attempt_id}"
    page = ani.get(url).text
    save, hint = (page.index(f'name="action" value="{value}"') for value in ("save", "hint-0-0"))
    assert save < hint  # the enter key presses the first
    form = {"action": "hint-1-0", "c0": "0", "c1": "0", "q0": RIGHT}
    assert ani.post(url, data=form).location == f"{url}#soal-2"
    assert noted() == [(1, 0)]
    assert attempts.answers_of(attempt_id)[0].answer == [RIGHT]
    page = ani.get(url).text
    assert "<p>Petunjuk</p>" in page
    assert page.count(" checked") == 1
    assert 'value="hint-1-' not in page


@pytest.mark.parametrize("action", ["hint-3-0", "hint-2-0", "hint-1-1", "hint-9999-9999"])
def test_a_hint_that_is_not_there_saves_nothing(
    ani: FlaskClient, attempt_id: str, action: str
) -> None:
    form = {"action": action, "c0": "0", "q0": RIGHT}
    assert ani.post(f"/attempts/{attempt_id}", data=form).status_code == 404
    assert (noted(), attempts.answers_of(attempt_id)) == ([], {})


@pytest.mark.parametrize("action", ["hint-0", "hint--1-0", "hint-x-0", "hint-99999-0", "hint-٣-0"])
def test_an_odd_action_only_saves(ani: FlaskClient, attempt_id: str, action: str) -> None:
    form = {"action": action, "c0": "0", "q0": RIGHT}
    assert ani.post(f"/attempts/{attempt_id}", data=form).location == f"/attempts/{attempt_id}"
    assert noted() == []
    assert attempts.answers_of(attempt_id)[0].answer == [RIGHT]


# --- who, where and when


def test_a_stranger_finds_nothing(app: Flask, cast: Cast, attempt_id: str) -> None:
    for other in (cast.citra, cast.stranger, cast.budi):
        client = signed_in(app, other)
        form = {"action": "hint-0-0"}
        for page in (
            client.post(f"/attempts/{attempt_id}/hints/0/0"),
            client.post(f"/attempts/{attempt_id}", data=form),
        ):
            assert page.status_code == 404
            assert readable(page.text) == [False, False]
    assert noted() == []


@pytest.mark.parametrize("address", ["3/0", "2/0", "1/1", "99999999999999999999/0", "0/-1", "x/0"])
def test_what_is_not_there_is_not_found(ani: FlaskClient, attempt_id: str, address: str) -> None:
    assert ani.post(f"/attempts/{attempt_id}/hints/{address}").status_code == 404
    assert ani.post(f"/attempts/nothing/hints/{address}").status_code == 404
    assert noted() == []


def test_reading_the_address_is_no_way_to_note(ani: FlaskClient, attempt_id: str) -> None:
    assert ani.get(f"/attempts/{attempt_id}/hints/0/0").status_code == 405


@pytest.mark.parametrize("end", ["handed in", "time is over"])
def test_after_the_end_a_hint_is_refused_in_words(
    ani: FlaskClient, cast: Cast, attempt_id: str, end: str
) -> None:
    if end == "handed in":
        hand_in(cast.ani, attempt_id)
    else:
        with transaction() as session:
            session.get_one(Attempt, attempt_id).deadline_ms = clock.now_ms() - LATE_MS
        assert 'value="hint-' not in ani.get(f"/attempts/{attempt_id}").text
    refused = ani.post(f"/attempts/{attempt_id}/hints/0/0")
    assert (refused.status_code, refused.get_json()) == (409, {"reason": "closed"})
    form = {"action": "hint-0-0", "c1": "0"}
    page = ani.post(f"/attempts/{attempt_id}", data=form, follow_redirects=True)
    assert page.status_code == 200
    assert page.request.path == f"/attempts/{attempt_id}/result"
    assert "petunjuk tidak dapat dibuka lagi" in page.text
    assert readable(page.text) == [False, False]
    assert noted() == []


def test_a_pretest_has_no_hints(app: Flask, cast: Cast) -> None:
    a_published_version(cast, a_tested_course())
    an_enrolment(cast.ani)
    url = f"/attempts/{an_attempt(cast.ani, quiz_key=PRETEST)}"
    ani = signed_in(app, cast.ani)
    assert "Buka petunjuk" not in ani.get(url).text
    assert ani.post(f"{url}/hints/0/0").status_code == 404
    assert noted() == []


def test_hints_cost_a_statement_only_where_there_are_some(
    cast: Cast, attempt_id: str, query_count: Callable[[], Any]
) -> None:
    page = attempts.attempt_page(cast.ani.id, attempt_id)
    with query_count() as count:
        assert hints.opened_of(page) == {}
    assert count.total == 1
    bare = attempts.AttemptPage(
        page.attempt, page.outline, page.quiz, page.questions[2:], page.allowance, page.now_ms
    )
    with query_count() as count:
        assert hints.opened_of(bare) == {}
    assert count.total == 0


def test_an_opened_hint_does_not_pass_a_hand_in(cast: Cast, attempt_id: str) -> None:
    """The attempt is read again under its lock, whatever was read before."""
    stale = attempts.attempt_of(cast.ani.id, attempt_id)
    assert stale.state == "open"
    with transaction() as session:
        quizzes.submit(session, cast.ani.id, attempt_id)
    with pytest.raises(Exception, match="closed"), transaction() as session:
        hints.open_hint(session, cast.ani.id, attempt_id, 0, 0)
