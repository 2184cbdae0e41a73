"""A course with a question of every shape, from its folder to the result, mark and survey."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn.content.compiler import Known
from elearn.content.course import Question
from elearn.content.folders import check_folder
from elearn.content.keys import MatchingKey
from elearn.database import db, transaction
from elearn.demo import answering_parts
from elearn.errors import Conflict
from elearn.journal import chain
from elearn.learning import attempts, grading, kept, marking, record, surveys
from elearn.learning.models import Attempt, EssayMark, SurveyCount, SurveyText
from elearn.learning.progress import QuizProgress
from elearn.people.models import Person
from tests.builders import a_published_version, an_attempt, an_enrolment, finish
from tests.people_cast import Cast, signed_in

SLUG, QUIZ = "contoh-bentuk", "pengaduan"
FOLDER = Path(__file__).parent.parent / "courses" / SLUG
ESSAY = "Pelapor berhak tahu.\nDi unit saya <b>setiap</b> pelapor dikabari."


@pytest.fixture(autouse=True)
def _published(cast: Cast) -> None:
    compiled = check_folder(FOLDER, Known(frozenset({"M.05"}), frozenset()))
    assert compiled.course is not None
    a_published_version(cast, compiled.course)


def _field(question: Question, name: str) -> dict[str, str]:
    """The right answer as a form without scripts sends it."""
    match question.shape:
        case "matching" | "ordering" | "cloze":
            parts = (text.split(":", 1) for text in answering_parts.right(question))
            return {f"{name}.{part}": value for part, value in parts}
        case "essay":
            return {f"{name}.text": ESSAY.replace("\n", "\r\n")}
        case "number":
            return {name: "75"}
    return {name: next(option.key for option in question.options if option.correct)}


def _enter(app: Flask, person: Person) -> tuple[FlaskClient, str]:
    an_enrolment(person, SLUG)
    return signed_in(app, person), an_attempt(person, SLUG, QUIZ)


def _hand_in(app: Flask, person: Person) -> str:
    client, attempt_id = _enter(app, person)
    page = attempts.attempt_page(person.id, attempt_id)
    data = {"action": "submit"}
    for shown in page.questions:
        data |= {f"c{shown.position}": "0", **_field(shown.question, f"q{shown.position}")}
    answer = client.post(f"/attempts/{attempt_id}", data=data)
    assert answer.headers["Location"].endswith("/result")
    return attempt_id


def _stored(attempt_id: str) -> Attempt:
    with transaction() as session:
        return session.get_one(Attempt, attempt_id)


def _mark(app: Flask, person: Person, attempt_id: str, **points: str) -> tuple[int, str]:
    url = f"/teach/{SLUG}/essays/{attempt_id}/5"
    answer = signed_in(app, person).post(url, data={"comment": "Bagus <3", **points})
    return answer.status_code, answer.text


def _quiz_of(person: Person) -> QuizProgress:
    (progress,) = record.fold_person(person.id).values()
    return progress.quizzes[QUIZ]


def test_the_pages_hold_no_keys(app: Flask, cast: Cast) -> None:
    client, attempt_id = _enter(app, cast.ani)
    page = client.get(f"/attempts/{attempt_id}").text
    for secret in ("Menyebut", "Nilainya benar", "74.5", "peraturan bupati"):
        assert secret not in page
    assert 'value="pelapor"' not in page
    steps = attempts.attempt_page(cast.ani.id, attempt_id).questions[1]
    assert steps.options != steps.question.options


def test_without_scripts_every_shape_is_answered_by_a_form(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    stored = _stored(attempt_id)
    assert json.loads(stored.points) == [100, 100, 100, 100, 100, grading.UNMARKED]
    assert (stored.unmarked, stored.score_tenths, stored.passed) == (1, None, None)
    assert attempts.answers_of(attempt_id)[5].answer == [f"text:{ESSAY}"]


def test_an_essay_waits_and_nothing_else_begins_meanwhile(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    client = signed_in(app, cast.ani)
    assert "Menunggu penilaian" in client.get(f"/attempts/{attempt_id}/result").text
    assert "menunggu penilaian" in client.get(f"/courses/{SLUG}/lessons/kuis").text
    assert client.post(f"/courses/{SLUG}/quizzes/{QUIZ}").status_code == 302
    assert db.session.scalar(select(func.count()).select_from(Attempt)) == 1
    assert _quiz_of(cast.ani).waiting == 1
    (event,) = [e for e in chain.events_of(cast.ani.id) if e["kind"] == "attempt_handed_in"]
    assert "Pelapor berhak" not in json.dumps(event["body"])


def test_the_last_mark_makes_the_result_and_completes_the_course(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    for key in ("cek", "penutup"):
        finish(cast.ani, key, SLUG)
    signed_in(app, cast.ani).post(f"/courses/{SLUG}/surveys/kesan", data={"q0": "4"})
    assert not record.progress_of(_stored(attempt_id).enrolment_id).completed_ms
    status, _ = _mark(app, cast.budi, attempt_id, points0="2", points1="0")
    stored = _stored(attempt_id)
    assert status == 302
    assert json.loads(stored.points) == [100, 100, 100, 100, 100, 67]
    assert (stored.unmarked, stored.score_tenths, stored.passed) == (0, 934, True)
    assert record.progress_of(stored.enrolment_id).completed_ms
    assert _quiz_of(cast.ani) == record.progress_of(stored.enrolment_id).quizzes[QUIZ]
    assert not list(record.differences(cast.ani.id))
    assert list(kept.wrong_of(chain.events_of_people([cast.ani.id]))) == []
    result = signed_in(app, cast.ani).get(f"/attempts/{attempt_id}/result").text
    for told in ("Bagus &lt;3", "2 dari 3 poin", "hak</strong> pelapor: 2 / 2", "&lt;b&gt;setiap"):
        assert told in result
    assert "sudah dinilai" in signed_in(app, cast.ani).get("/inbox").text


@pytest.mark.parametrize(
    "points", [{}, {"points0": "3", "points1": "0"}, {"points0": "x", "points1": "1"}]
)
def test_marks_outside_the_rubric_are_refused(
    app: Flask, cast: Cast, points: dict[str, str]
) -> None:
    attempt_id = _hand_in(app, cast.ani)
    status, page = _mark(app, cast.budi, attempt_id, **points)
    assert status == 422
    assert "Bagus &lt;3" in page
    assert db.session.scalar(select(func.count()).select_from(EssayMark)) == 0


@pytest.mark.parametrize(
    ("points", "hundredths"),
    [(("0", "0"), 0), (("1", "0"), 34), (("2", "0"), 67), (("2", "1"), 100)],
)
def test_a_mark_is_never_rounded_to_a_loss(
    app: Flask, cast: Cast, points: tuple[str, str], hundredths: int
) -> None:
    attempt_id = _hand_in(app, cast.ani)
    _mark(app, cast.budi, attempt_id, points0=points[0], points1=points[1])
    assert json.loads(_stored(attempt_id).points)[5] == hundredths


def test_an_essay_is_marked_once(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    _mark(app, cast.budi, attempt_id, points0="2", points1="1")
    _mark(app, cast.budi, attempt_id, points0="0", points1="0")
    assert _stored(attempt_id).score_tenths == 1000


def test_marking_is_anonymous_where_the_quiz_says_so(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    budi = signed_in(app, cast.budi)
    for url in (f"/teach/{SLUG}/essays", f"/teach/{SLUG}/essays/{attempt_id}/5"):
        page = budi.get(url).text
        assert "tanpa nama" in page
        assert cast.ani.name not in page


@pytest.mark.parametrize("who", ["citra", "ani", "dewi"])
def test_only_who_teaches_the_course_may_mark(app: Flask, cast: Cast, who: str) -> None:
    attempt_id = _hand_in(app, cast.ani)
    client = signed_in(app, getattr(cast, who))
    for path in ("essays", f"essays/{attempt_id}/5", "surveys"):
        assert client.get(f"/teach/{SLUG}/{path}").status_code in (403, 404)
    status, _ = _mark(app, getattr(cast, who), attempt_id, points0="2", points1="1")
    assert status in (403, 404)
    assert _stored(attempt_id).unmarked == 1


def test_a_survey_is_counted_once_and_tells_nobody_who(app: Flask, cast: Cast) -> None:
    an_enrolment(cast.ani, SLUG)
    client = signed_in(app, cast.ani)
    url = f"/courses/{SLUG}/surveys/kesan"
    data = {"q0": "5", "q2.text": "Lebih banyak contoh."}
    for _ in range(2):
        assert client.post(url, data=data).status_code == 302
    counts = db.session.execute(select(SurveyCount.choice, SurveyCount.times)).all()
    assert sorted(counts) == [("", 1), ("5", 1)]
    assert db.session.scalars(select(SurveyText.text)).all() == ["Lebih banyak contoh."]
    (event,) = [e for e in chain.events_of(cast.ani.id) if e["kind"] == "survey_answered"]
    assert set(event["body"]) == {"enrolment", "survey"}
    assert "Anda sudah mengisi survei ini" in client.get(f"/courses/{SLUG}/lessons/penutup").text


@pytest.mark.parametrize(
    "data", [{}, {"q0": "9"}, {"q0": ["1", "2"]}, {"q1": "x", "q2.text": "Baik"}]
)
def test_an_empty_or_odd_survey_is_shown_again(
    app: Flask, cast: Cast, data: dict[str, str]
) -> None:
    an_enrolment(cast.ani, SLUG)
    answer = signed_in(app, cast.ani).post(f"/courses/{SLUG}/surveys/kesan", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert ("Baik" in answer.text) is ("q2.text" in data)
    assert db.session.scalar(select(func.count()).select_from(SurveyCount)) == 0


def _answered_by(course_id: int, people: int) -> None:
    with transaction() as session:
        session.add_all(
            [
                SurveyCount(
                    course_id=course_id, survey_key="kesan", question="", choice="", times=people
                ),
                SurveyText(
                    id="t1", course_id=course_id, survey_key="kesan", question="x", text="a"
                ),
            ]
        )


@pytest.mark.parametrize(("people", "shown"), [(4, False), (5, True)])
def test_few_answers_stay_hidden(app: Flask, cast: Cast, people: int, shown: bool) -> None:
    here = an_enrolment(cast.ani, SLUG)
    _answered_by(here.key.course_id, people)
    (result,) = surveys.results(here.key.course_id)
    assert (result.people, bool(result.questions), result.is_hidden) == (people, shown, not shown)
    page = signed_in(app, cast.budi).get(f"/teach/{SLUG}/surveys").text
    assert ("paling sedikit lima orang mengisi" in page) is not shown


@pytest.mark.parametrize(
    ("check", "answers", "verdict"),
    [
        ("urutkan-langkah-menerima-aduan", ["1", "2", "3"], "Benar"),
        ("urutkan-langkah-menerima-aduan", ["3", "2", "1"], "Belum tepat"),
        ("lengkapi", ["dilindungi", "satpam"], "Benar sebagian"),
    ],
)
def test_self_checks_of_shapes_with_parts(
    app: Flask, cast: Cast, check: str, answers: list[str], verdict: str
) -> None:
    here = an_enrolment(cast.ani, SLUG)
    from_lesson = attempts.catalogue.lesson(here.key.version_id, "cek")
    question = next(b.question for b in from_lesson if getattr(b, "key", "") == check)
    names = [o.key for o in question.options] or ["0", "1"]
    given = {f"jawab.{name}": text for name, text in zip(names, answers, strict=True)}
    client = signed_in(app, cast.ani)
    page = client.get(f"/courses/{SLUG}/lessons/cek", query_string={"cek": check, **given})
    assert f"<b>{verdict}</b>" in page.text


def test_marking_needs_the_essay_that_was_shown(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    course_id = record.expected_rows(cast.ani.id).progress[0]["course_id"]
    page = marking.essay_page(course_id, cast.budi.id, attempt_id, 5)
    mark = marking.Mark((2, 1), "")
    with transaction() as session:
        marking.give_mark(session, cast.budi.id, page, mark)
    with pytest.raises(Conflict), transaction() as session:
        marking.give_mark(session, cast.budi.id, page, mark)
    with pytest.raises(Conflict):
        marking.essay_page(course_id, cast.budi.id, attempt_id, 5)


def test_a_matching_shows_its_pairs_in_the_result(app: Flask, cast: Cast) -> None:
    attempt_id = _hand_in(app, cast.ani)
    key = attempts.attempt_page(cast.ani.id, attempt_id).questions[0].question.key
    assert isinstance(key, MatchingKey)
    result = signed_in(app, cast.ani).get(f"/attempts/{attempt_id}/result").text
    assert result.count('class="pair right"') == len(key.prompts)
