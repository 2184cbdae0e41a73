"""The mark of an essay is corrected: what follows, who may, and what two markers are told."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.competency import certificates, derived, evidence, hours
from elearn.content import teachers
from elearn.content.models import TeacherRole
from elearn.content.publishing import Published
from elearn.database import db, snapshot, transaction
from elearn.errors import Conflict, Invalid, NotAllowed
from elearn.journal import chain, walk
from elearn.learning import corrections, kept, marked, marking, record
from elearn.learning.corrections import Wanted
from elearn.learning.models import Attempt, Completion, MarkCorrection
from elearn.learning.rubric import Mark
from elearn.people import staffing
from elearn.people.models import AuditEntry, Person
from elearn.people.permissions import Role
from tests.builders import (
    SLUG,
    a_course,
    a_published_version,
    a_question,
)
from tests.learning.essays import course_with, essay, give, write
from tests.people_cast import Cast, signed_in

WHY = "Butir kedua ternyata terjawab di paragraf terakhir."
FULL_MARK, LOW, NOTHING = Mark((2, 1), "Lengkap."), Mark((1, 0), "Kurang."), Mark((0, 0), "")


@pytest.fixture
def course(cast: Cast) -> Published:
    """A question of one point and an essay of three; Citra reviews, Fadli teaches elsewhere."""
    done = a_published_version(cast, course_with(a_question("s1"), essay()))
    with transaction():
        for person in (cast.citra, cast.fadli):
            staffing.grant(None, person.id, Role.INSTRUCTOR)
        named = {cast.budi.id: TeacherRole.OWNER, cast.dewi.id: TeacherRole.COAUTHOR}
        teachers.set_teachers(done.course_id, {**named, cast.citra.id: TeacherRole.REVIEWER})
        staffing.grant(None, cast.dewi.id, Role.INSTRUCTOR)
    return done


def correct(
    course: Published, marker: Person, attempt_id: str, mark: Mark, revision: int = 1, at: int = 1
) -> None:
    page = marked.essay_page(course.course_id, marker.id, attempt_id, at)
    with transaction() as session:
        corrections.correct(session, marker.id, page, Wanted(mark, f" {WHY} ", revision))


def stored(attempt_id: str) -> tuple[list[int], int | None, bool | None]:
    with transaction() as session:
        row = session.get_one(Attempt, attempt_id, populate_existing=True)
        return json.loads(row.points), row.score_tenths, row.passed


def assert_sound(person: Person) -> None:
    """Every chain is whole, and what is stored follows from the journal."""
    with snapshot():
        assert list(walk.broken_links()) == []
        assert list(derived.differences()) == []
        assert list(record.differences(person.id)) == []
        assert list(kept.wrong_of(chain.events_of_people([person.id]))) == []


def test_a_raised_mark_completes_the_course_with_all_that_follows(
    cast: Cast, course: Published
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    assert stored(attempt_id) == ([100, 34], 505, False)
    assert not evidence.of(cast.ani.id)
    correct(course, cast.dewi, attempt_id, FULL_MARK)
    assert stored(attempt_id) == ([100, 100], 1000, True)
    [paper] = certificates.of(cast.ani.id)
    assert paper.fields["score_tenths"] == 1000
    assert {(item.code, item.level) for item in evidence.of(cast.ani.id)} == {
        (needed.code, needed.level) for needed in a_course().competencies
    }
    assert hours.year(cast.ani, paper_year(cast.ani)).earned == 3
    assert_sound(cast.ani)


def paper_year(person: Person) -> int:
    statement = select(Completion.year).where(Completion.person_id == person.id)
    return db.session.scalars(statement).one()


@pytest.mark.parametrize(
    ("first", "then", "points", "score", "passed"),
    [
        (LOW, Mark((1, 1), ""), [100, 67], 753, True),
        (LOW, Mark((2, 0), "Kurang."), [100, 67], 753, True),
        (LOW, NOTHING, [100, 34], 505, False),
        (FULL_MARK, NOTHING, [100, 100], 1000, True),
        (FULL_MARK, Mark((2, 1), "Lain."), [100, 100], 1000, True),
    ],
    ids=["passes now", "the other point", "failed stays", "passed stays", "only the comment"],
)
def test_a_correction_is_never_worse_for_the_learner(  # a row of the table
    cast: Cast,
    course: Published,
    first: Mark,
    then: Mark,
    points: list[int],
    score: int,
    passed: bool,
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, first)
    correct(course, cast.budi, attempt_id, then)
    assert stored(attempt_id) == (points, score, passed)
    assert marking.marks_of(attempt_id)[1] == then
    [(progress, completed)] = [
        (p, p.completed_ms) for p in record.fold_person(cast.ani.id).values()
    ]
    quiz = progress.quizzes["kuis-akhir"]
    assert (quiz.best_tenths, quiz.passed, bool(completed)) == (score, passed, passed)
    assert_sound(cast.ani)


def test_before_the_result_stands_a_mark_may_fall(cast: Cast) -> None:
    course = a_published_version(cast, course_with(essay("u1"), essay("u2")))
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, FULL_MARK, 0)
    correct(course, cast.budi, attempt_id, LOW, at=0)
    assert stored(attempt_id) == ([34, -1], None, None)
    give(course, cast.budi, attempt_id, FULL_MARK)
    assert stored(attempt_id) == ([34, 100], 670, False)
    assert_sound(cast.ani)


def test_rebuilding_changes_nothing(cast: Cast, course: Published) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, FULL_MARK)
    correct(course, cast.budi, attempt_id, LOW)
    before = record.expected_rows(cast.ani.id)
    with transaction():
        record.rebuild(cast.ani.id)
    assert record.expected_rows(cast.ani.id) == before
    assert_sound(cast.ani)


def test_the_journal_tells_who_and_what_it_was_and_became(cast: Cast, course: Published) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    correct(course, cast.dewi, attempt_id, FULL_MARK)
    told = [
        (event["kind"], event["body"]["points"], event["body"].get("corrected_by"))
        for event in chain.events_of(cast.ani.id)
        if event["kind"] in ("essay_marked", "mark_corrected")
    ]
    assert told == [("essay_marked", [1, 0], None), ("mark_corrected", [2, 1], cast.dewi.id)]
    assert WHY not in str(list(chain.events_of(cast.ani.id)))
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    values = json.loads(entry.body)
    assert (entry.action, entry.actor_id, entry.subject_id) == (
        "mark:corrected", cast.dewi.id, cast.ani.id,
    )  # fmt: skip
    assert (values["before"], values["after"], values["reason"]) == (1, 3, WHY)


def test_the_second_of_two_who_correct_is_told_and_overwrites_nothing(
    app: Flask, cast: Cast, course: Published
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    correct(course, cast.dewi, attempt_id, FULL_MARK)
    with pytest.raises(Conflict):
        correct(course, cast.budi, attempt_id, NOTHING)
    status, page = post(app, cast.budi, attempt_id, points0="0", points1="1", revision="1")
    assert status == 409
    assert "Dewi Anggraini baru saja menilai" in page
    assert WHY in page
    assert 'name="revision" value="2"' in page
    assert chosen(page) == ["0", "1"]
    assert marking.marks_of(attempt_id)[1] == FULL_MARK


def test_the_second_of_two_who_mark_keeps_what_was_typed(
    app: Flask, cast: Cast, course: Published
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.dewi, attempt_id, FULL_MARK)
    typed = {"points0": "1", "points1": "1", "comment": "Komentar Budi"}
    answer = signed_in(app, cast.budi).post(f"/teach/{SLUG}/essays/{attempt_id}/1", data=typed)
    assert answer.status_code == 409
    assert "Dewi Anggraini baru saja menilai" in answer.text
    assert "Komentar Budi</textarea>" in answer.text
    assert marking.marks_of(attempt_id)[1] == FULL_MARK


def chosen(page: str) -> list[str]:
    """What stands in the fields of the rubric."""
    return re.findall(r'<option value="(\d+)" selected>', page)


def post(app: Flask, person: Person, attempt_id: str, **changes: str) -> tuple[int, str]:
    data = {"points0": "2", "points1": "1", "comment": "", "reason": WHY, "revision": "1"}
    url = f"/teach/{SLUG}/essays/{attempt_id}/1/correction"
    answer = signed_in(app, person).post(url, data={**data, **changes})
    return answer.status_code, answer.text


def test_pages_tell_the_learner_when_and_why(app: Flask, cast: Cast, course: Published) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, FULL_MARK)
    budi = signed_in(app, cast.budi)
    assert chosen(budi.get(f"/teach/{SLUG}/essays/{attempt_id}/1").text) == ["2", "1"]
    assert post(app, cast.budi, attempt_id, points0="1", reason=f"{WHY} <i>")[0] == 303
    ani = signed_in(app, cast.ani)
    result = ani.get(f"/attempts/{attempt_id}/result").text
    for told in ("Dinilai ulang pada", "dari 3 menjadi 2 poin", f"{WHY} &lt;i&gt;", "berkurang"):
        assert told in result
    assert "2 dari 2 soal benar seluruhnya. Nilai lulus 70." in result
    assert result.count("sudah dinilai</span>") == 1
    assert WHY in ani.get("/inbox").text
    listed = budi.get(f"/teach/{SLUG}/essays/marked").text
    assert "2 dari 3" in listed
    assert "diperbaiki" in listed


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"points1": "2"}, "Beri nilai untuk setiap butir"),
        ({"points0": ""}, "Beri nilai untuk setiap butir"),
        ({"reason": "salah"}, "Tuliskan alasannya"),
        ({"reason": "x" * 501}, "Tuliskan alasannya"),
        ({"comment": "x" * 4001}, "Komentar terlalu panjang"),
        ({"comment": "Lengkap."}, "Belum ada yang berubah"),
        ({"revision": "9" * 30}, "Penilaian Anda belum tersimpan"),
    ],
)
def test_what_is_refused_is_told_and_kept(
    app: Flask, cast: Cast, course: Published, changes: dict[str, str], told: str
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, FULL_MARK)
    status, page = post(app, cast.budi, attempt_id, **changes)
    assert status in (409, 422)
    assert told in page
    assert changes.get("reason", WHY) in page
    assert db.session.scalar(select(func.count()).select_from(MarkCorrection)) == 0


@pytest.mark.parametrize(
    ("who", "status"), [("fadli", 404), ("citra", 404), ("stranger", 404), ("ani", 404)]
)
def test_only_who_teaches_the_course_sees_and_corrects(
    app: Flask, cast: Cast, course: Published, who: str, status: int
) -> None:
    """Fadli teaches something else, Citra reviews this course, the others do not teach."""
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    person = getattr(cast, who)
    client = signed_in(app, person)
    for path in ("essays/marked", f"essays/{attempt_id}/1"):
        assert client.get(f"/teach/{SLUG}/{path}").status_code == status
    assert post(app, person, attempt_id)[0] == status
    assert marking.marks_of(attempt_id)[1] == LOW


@pytest.mark.parametrize("path", ["essays/none/1", "essays/{id}/0", "essays/{id}/99999999999"])
def test_what_is_no_marked_essay_is_not_found(
    app: Flask, cast: Cast, course: Published, path: str
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    budi, url = signed_in(app, cast.budi), f"/teach/{SLUG}/{path.format(id=attempt_id)}"
    assert budi.get(url).status_code == 404
    assert budi.post(f"{url}/correction", data={}).status_code == 404
    assert budi.get(f"/teach/{SLUG}/essays/{attempt_id}/1/correction").status_code == 405


def test_nobody_marks_or_corrects_what_they_wrote(
    app: Flask, cast: Cast, course: Published
) -> None:
    attempt_id = write(cast.budi)
    assert marking.queue(course.course_id, cast.budi.id) == []
    with pytest.raises(NotAllowed):
        marking.essay_page(course.course_id, cast.budi.id, attempt_id, 1)
    give(course, cast.dewi, attempt_id, LOW)
    assert marked.page(course.course_id, cast.budi.id).total == 0
    assert signed_in(app, cast.budi).get(f"/teach/{SLUG}/essays/{attempt_id}/1").status_code == 403
    assert post(app, cast.budi, attempt_id)[0] == 403
    assert marking.marks_of(attempt_id)[1] == LOW


def test_anonymous_marking_stays_anonymous(app: Flask, cast: Cast) -> None:
    course = a_published_version(cast, course_with(a_question(), essay(), anonymous=True))
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    budi = signed_in(app, cast.budi)
    assert post(app, cast.budi, attempt_id)[0] == 303
    for path in ("essays/marked", f"essays/{attempt_id}/1"):
        page = budi.get(f"/teach/{SLUG}/{path}").text
        assert "tanpa nama" in page
        assert cast.ani.name not in page


def test_a_correction_that_changes_nothing_is_refused_after_the_lock(
    cast: Cast, course: Published
) -> None:
    attempt_id = write(cast.ani)
    give(course, cast.budi, attempt_id, LOW)
    with pytest.raises(Invalid):
        correct(course, cast.budi, attempt_id, LOW)
    correct(course, cast.budi, attempt_id, FULL_MARK)
    correct(course, cast.dewi, attempt_id, NOTHING, revision=2)
    found = marked.corrections_of(attempt_id)[1]
    assert [(c.before.total, c.after.total, c.after_tenths) for c in found] == [
        (3, 0, 1000), (1, 3, 1000),
    ]  # fmt: skip
