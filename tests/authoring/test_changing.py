"""Reviews, roles and giving an edition out: the use cases."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn import clock
from elearn.authoring import releases, reviews
from elearn.authoring.reviews import Findings, Point
from elearn.content import catalogue, editions, publishing, teachers
from elearn.content.approvals import waiting_courses
from elearn.content.models import CourseState, TeacherRole, Verdict
from elearn.content.publishing import Published, Staged
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import notices
from tests.authoring.conftest import second_edition
from tests.builders import SLUG, a_course, a_published_version
from tests.people_cast import Cast

ALL = frozenset(Point)


def kinds(person_id: int) -> list[str]:
    return [m.kind for m in notices.inbox(person_id).messages]


def ask(cast: Cast, number: int = 2) -> None:
    course = teachers.own_course(cast.ani.id, SLUG)
    with transaction():
        reviews.ask(course, editions.find(course, number), cast.ani.id)


def decide(cast: Cast, found: Findings, number: int = 2) -> None:
    course = teachers.own_course(cast.citra.id, SLUG)
    with transaction():
        reviews.decide(course, editions.find(course, number), cast.citra.id, found)


def release(cast: Cast, number: int = 2, shown: int | None = None) -> Published:
    course = teachers.own_course(cast.budi.id, SLUG)
    against = (editions.compared_with(course) or 0) if shown is None else shown
    with transaction():
        return releases.release(course, editions.find(course, number), cast.budi.id, against)


def test_an_edition_that_is_stored_reaches_nobody(cast: Cast, staged: Staged) -> None:
    course = teachers.own_course(cast.budi.id, SLUG)
    assert [(e.number, e.state) for e in editions.of_course(course)] == [
        (2, "stored"),
        (1, "open"),
    ]
    assert catalogue.open_course(SLUG).open_version_id != staged.version_id
    with transaction():
        again = publishing.stage(second_edition(), cast.budi.id)
    assert (again.version_id, again.is_new) == (staged.version_id, False)


def test_a_whole_version_reads_back_as_it_was_compiled(staged: Staged) -> None:
    assert catalogue.whole(staged.version_id) == second_edition()


def test_reviewers_come_before_learners(cast: Cast, staged: Staged) -> None:
    with pytest.raises(Conflict, match="not_reviewed"):
        release(cast)
    ask(cast)
    assert "review_asked" in kinds(cast.citra.id)
    with pytest.raises(Conflict, match="asked"):
        ask(cast)
    decide(cast, Findings(Verdict.RETURNED, {Point.CORRECT}, "Sumber pada materi 1 belum ada."))
    assert "review_returned" in kinds(cast.ani.id)
    with pytest.raises(Conflict, match="not_reviewed"):
        release(cast)
    ask(cast)
    decide(cast, Findings(Verdict.PASSED, ALL, ""))
    assert release(cast).is_open
    found = reviews.latest(staged.version_id)
    assert found is not None
    assert (found.verdict, found.points) == (Verdict.PASSED, ALL)


@pytest.mark.parametrize(
    "found",
    [
        Findings(Verdict.PASSED, {Point.CORRECT}, ""),
        Findings(Verdict.RETURNED, set(), "  "),
        Findings(Verdict.RETURNED, ALL, "x" * 2001),
    ],
)
def test_a_verdict_has_its_grounds(cast: Cast, staged: Staged, found: Findings) -> None:
    ask(cast)
    with pytest.raises(Invalid):
        decide(cast, found)


def test_only_reviewers_decide_and_only_authors_ask(cast: Cast, staged: Staged) -> None:
    own = teachers.own_course(cast.citra.id, SLUG)
    with pytest.raises(NotAllowed), transaction():
        reviews.ask(own, editions.find(own, 2), cast.citra.id)
    ask(cast)
    author = teachers.own_course(cast.budi.id, SLUG)
    with pytest.raises(NotAllowed), transaction():
        reviews.decide(
            author, editions.find(author, 2), cast.budi.id, Findings(Verdict.PASSED, ALL, "")
        )
    with pytest.raises(Conflict):
        decide(cast, Findings(Verdict.PASSED, ALL, ""), number=1)


def test_without_reviewers_nobody_can_be_asked(cast: Cast, staged: Staged) -> None:
    with transaction():
        teachers.release_from(staged.course_id, cast.citra.id)
    with pytest.raises(Conflict, match="no_reviewers"):
        ask(cast)
    assert release(cast).is_open


def test_what_was_shown_is_what_is_given_out(cast: Cast, staged: Staged) -> None:
    with transaction():
        teachers.release_from(staged.course_id, cast.citra.id)
    with pytest.raises(Conflict, match="moved"):
        release(cast, shown=staged.version_id)
    release(cast)
    with pytest.raises(Conflict, match="released"):
        release(cast)
    assert release(cast, number=1).number == 1


def test_a_new_course_goes_from_draft_through_review(cast: Cast, course: Published) -> None:
    with transaction():
        made = publishing.stage(a_course(slug="baru", digest="baru-1"), cast.budi.id)
        named = {cast.budi.id: TeacherRole.OWNER, cast.citra.id: TeacherRole.REVIEWER}
        teachers.set_teachers(made.course_id, named)
    own = teachers.own_course(cast.budi.id, "baru")
    assert (own.state, own.title) == (CourseState.DRAFT, "Keamanan informasi")
    with pytest.raises(NotFound):
        catalogue.open_course("baru")
    edition = editions.find(own, 1)
    with transaction():
        reviews.ask(own, edition, cast.budi.id)
    own = teachers.own_course(cast.citra.id, "baru")
    assert own.state is CourseState.IN_REVIEW
    with transaction():
        findings = Findings(Verdict.RETURNED, [], "Lengkapi materi kedua.")
        reviews.decide(own, edition, cast.citra.id, findings)
    assert teachers.own_course(cast.budi.id, "baru").state is CourseState.DRAFT
    assert [t.published_ms for t in teachers.taught_by(cast.citra.id) if t.slug == "baru"] == [0]


def test_a_closed_course_takes_nobody_new_and_opens_again(cast: Cast, staged: Staged) -> None:
    own = teachers.own_course(cast.budi.id, SLUG)
    with transaction():
        releases.retire(own)
    with pytest.raises(NotFound):
        catalogue.open_course(SLUG)
    with pytest.raises(Conflict, match="retired"):
        release(cast)
    with pytest.raises(Conflict), transaction():
        releases.retire(own)
    with transaction():
        releases.reopen(own)
    assert catalogue.open_course(SLUG)


def test_terms_that_come_back_are_approved_again(cast: Cast, course: Published) -> None:
    with transaction():
        dearer = publishing.publish(a_course(digest="versi-jp", jp=2), None)
    assert not dearer.is_open
    with transaction(), clock.set_to(clock.now_ms() + 1):
        publishing.approve(course.course_id, cast.syamsul.id)
    with transaction():
        back = publishing.publish(a_course(), None)
    assert not back.is_open
    assert [w.terms.jp for w in waiting_courses()] == [3]
    with transaction(), clock.set_to(clock.now_ms() + 2):
        publishing.approve(course.course_id, cast.syamsul.id)
    assert catalogue.open_course(SLUG).open_version_id == course.version_id


def test_a_course_always_has_an_owner(cast: Cast, course: Published) -> None:
    with pytest.raises(Conflict, match="last_owner"), transaction():
        teachers.assign(course.course_id, cast.budi.id, TeacherRole.REVIEWER)
    with pytest.raises(Conflict, match="last_owner"), transaction():
        teachers.release_from(course.course_id, cast.budi.id)
    with transaction():
        teachers.assign(course.course_id, cast.ani.id, TeacherRole.OWNER)
        teachers.assign(course.course_id, cast.budi.id, TeacherRole.REVIEWER)
    assert teachers.role_of(cast.budi.id, course.course_id) is TeacherRole.REVIEWER
    assert not teachers.teaches(cast.budi.id, course.course_id)


def test_only_instructors_get_a_part(app: Flask, cast: Cast, course: Published) -> None:
    assert [c.person_id for c in teachers.candidates(course.course_id)] == [cast.dewi.id]
    with pytest.raises(NotFound), transaction():
        teachers.assign(course.course_id, cast.fadli.id, TeacherRole.COAUTHOR)
    with pytest.raises(NotFound), transaction():
        teachers.release_from(course.course_id, cast.fadli.id)


def test_an_edition_given_out_twice_keeps_its_first_day(cast: Cast) -> None:
    done = a_published_version(cast)
    first = editions.find(teachers.own_course(cast.budi.id, SLUG), 1).at_ms
    assert first
    with transaction(), clock.set_to(first + 1000):
        publishing.release(done.version_id, None)
    assert editions.find(teachers.own_course(cast.budi.id, SLUG), 1).at_ms == first
