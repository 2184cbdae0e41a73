"""A completion that ends, and the round that renews it: the past stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from elearn import clock, settings
from elearn.competency import certificates, derived, hours, replacing, revoking
from elearn.competency.certificates import State
from elearn.competency.events import Source
from elearn.competency.models import Certificate, Evidence
from elearn.competency.replacing import Wish
from elearn.content.models import Course, CourseState
from elearn.content.publishing import Published
from elearn.database import db, transaction
from elearn.errors import Conflict, NotFound
from elearn.jobs import Work
from elearn.journal import chain
from elearn.learning import endings, record, renewals, study, validity
from elearn.learning.completion import COURSE
from elearn.learning.expiry import Validity
from elearn.learning.models import Attempt, Completion, CourseProgress, Enrolment
from elearn.learning.study import Studying
from elearn.people import accounts, notices
from elearn.people.models import Person
from tests.builders import (
    SLUG,
    TEXT,
    a_course,
    a_published_version,
    an_attempt,
    an_enrolment,
    finish,
    pass_everything,
)
from tests.people_cast import Cast, actor_of, signed_in

DONE, END = date(2026, 3, 10), date(2027, 3, 10)
OPENS, AFTER = date(2026, 12, 10), date(2027, 3, 11)


@contextmanager
def on(day: date, hour: int = 9) -> Iterator[None]:
    with clock.set_to(clock.start_of_day_ms(day) + hour * 3_600_000):
        yield


@pytest.fixture
def yearly(cast: Cast) -> Published:
    """A course whose completion counts for twelve months."""
    with on(date(2026, 1, 5)):
        return a_published_version(cast, a_course(valid_months=12))


@pytest.fixture
def passed(cast: Cast, yearly: Published) -> Studying:
    """Ani completed it on 10 March 2026."""
    with on(DONE):
        return pass_everything(cast.ani)


def renew(person: Person) -> Studying:
    with transaction() as session:
        return renewals.begin(session, person.id, SLUG)


def paper_of(enrolment_id: int) -> certificates.Paper:
    return certificates.load(certificates.id_of(Source(COURSE, str(enrolment_id))))


def rows_of(model: type[Any], enrolment_id: int) -> list[dict[str, Any]]:
    table = model.__table__
    wanted = select(table).where(table.c.enrolment_id == enrolment_id)
    return [dict(row) for row in db.session.execute(wanted).mappings()]


def no_differences(cast: Cast) -> bool:
    return not [*record.differences(cast.ani.id), *derived.differences()]


def test_the_last_day_is_frozen_with_completion_event_and_certificate(
    cast: Cast, passed: Studying
) -> None:
    row = db.session.scalars(select(Completion)).one()
    assert row.expires_on == END
    bodies = {event["kind"]: event["body"] for event in chain.events_of(cast.ani.id)}
    assert bodies["course_completed"]["expires_on"] == "2027-03-10"
    assert bodies["certificate_issued"]["expires_on"] == "2027-03-10"
    with on(DONE):
        paper = paper_of(passed.key.id)
    assert (paper.state, paper.fields["expires_on"], paper.renews) == (State.VALID, END, "")
    assert no_differences(cast)


@pytest.mark.parametrize("column", ["expires_on", "renews"])
def test_a_changed_term_is_found(cast: Cast, passed: Studying, column: str) -> None:
    values = {"expires_on": date(2030, 1, 1), "renews": "x"}
    with transaction() as session:
        session.execute(update(Certificate).values({column: values[column]}))
        if column == "expires_on":
            session.execute(update(Completion).values(expires_on=date(2030, 1, 1)))
    assert column in next(derived.differences()).what
    told = [d.columns for d in record.differences(cast.ani.id)]
    assert told == ([("expires_on",)] if column == "expires_on" else [])


@pytest.mark.parametrize(
    ("day", "hour", "counts", "state"),
    [
        (DONE - timedelta(days=1), 9, False, State.VALID),
        (DONE, 0, True, State.VALID),
        (END, 23, True, State.VALID),
        (AFTER, 0, False, State.EXPIRED),
    ],
)
def test_it_counts_until_the_end_of_its_last_day_in_wib(
    cast: Cast,
    yearly: Published,
    passed: Studying,
    day: date,
    hour: int,
    counts: bool,
    state: State,
) -> None:
    with on(day, hour):
        assert validity.counts(cast.ani.id, yearly.course_id) is counts
        assert paper_of(passed.key.id).state is state
        found = [
            s
            for s in State
            if db.session.scalar(
                select(func.count()).select_from(Certificate).where(certificates.is_in(s))
            )
        ]
        assert found == [state]
    assert validity.counts(cast.ani.id, yearly.course_id, day) is counts
    assert not validity.counts(cast.budi.id, yearly.course_id, DONE)


def test_a_course_without_months_counts_for_good_and_is_taken_once(
    cast: Cast, course: Published
) -> None:
    here = pass_everything(cast.ani)
    assert renewals.of(here) is None
    assert validity.counts(cast.ani.id, course.course_id, date(2099, 1, 1))
    with pytest.raises(Conflict, match="not_due"):
        renew(cast.ani)


@pytest.mark.parametrize("day", [DONE, OPENS - timedelta(days=1)])
def test_a_round_begins_no_earlier_than_its_time(cast: Cast, passed: Studying, day: date) -> None:
    with on(day), pytest.raises(Conflict, match="not_due"):
        renew(cast.ani)
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_who_is_not_in_a_course_or_has_not_completed_it_renews_nothing(
    cast: Cast, yearly: Published
) -> None:
    with pytest.raises(NotFound):
        renew(cast.budi)
    an_enrolment(cast.ani)
    with pytest.raises(Conflict, match="not_due"):
        renew(cast.ani)


def test_a_new_round_starts_anew_in_the_newest_version_and_leaves_the_first_as_it_was(
    cast: Cast, passed: Studying
) -> None:
    first = passed.key.id
    old = {model: rows_of(model, first) for model in (CourseProgress, Completion, Attempt)}
    with on(date(2026, 11, 1)):
        newer = a_course(valid_months=6, digest="versi-2")
        a_published_version(cast, newer)
    with on(OPENS):
        here = renew(cast.ani)
        assert (here.round, here.percent, here.progress.lessons) == (2, 0, {})
        assert here.outline.digest == "versi-2"
        assert renew(cast.ani).key == here.key  # asked twice, entered once
        (mine,) = study.in_hand(cast.ani.id)
        assert (mine.state, mine.percent) == ("studying", 0)
        assert validity.counts(cast.ani.id, here.key.course_id)
        assert paper_of(first).state is State.VALID
        done = pass_everything(cast.ani)
    assert done.key.id != first
    assert {model: rows_of(model, first) for model in old} == old
    with on(OPENS):
        before, after = paper_of(first), paper_of(done.key.id)
        assert (before.state, before.renewed_by) == (State.RENEWED, after.id)
        assert (after.state, after.renews) == (State.VALID, before.id)
        assert after.fields["renews"] == before.number
        assert after.expires_on == date(2027, 6, 10)
        (mine,) = study.in_hand(cast.ani.id)
        assert (mine.state, mine.validity) == ("passed", Validity.VALID)
    assert [r.number for r in renewals.earlier_rounds(done)] == [1]
    assert no_differences(cast)


def test_two_rounds_are_rebuilt_from_the_journal_as_they_are_stored(
    cast: Cast, passed: Studying
) -> None:
    with on(AFTER):
        renew(cast.ani)
        done = pass_everything(cast.ani)
    folded = record.fold_person(cast.ani.id)
    assert set(folded) == {passed.key.id, done.key.id}
    stored = {id_: (rows_of(CourseProgress, id_), rows_of(Completion, id_)) for id_ in folded}
    with transaction():
        record.rebuild(cast.ani.id)
        derived.rebuild(cast.ani.id)
    assert stored == {
        id_: (rows_of(CourseProgress, id_), rows_of(Completion, id_)) for id_ in folded
    }
    assert no_differences(cast)


def test_a_renewal_is_new_evidence_and_new_hours_of_its_own_year(
    cast: Cast, passed: Studying
) -> None:
    with on(AFTER):
        renew(cast.ani)
        pass_everything(cast.ani)
    assert [hours.year(cast.ani, year).earned for year in (2026, 2027)] == [3, 3]
    proofs = select(func.count()).select_from(Evidence).where(Evidence.code == "M.05")
    assert db.session.scalar(proofs) == 2


def test_the_agency_may_credit_a_renewal_with_no_hours(cast: Cast, passed: Studying) -> None:
    with transaction():
        settings.change("renewal_credits_jp", 2027, False, None)
    with on(AFTER):
        renew(cast.ani)
        done = pass_everything(cast.ani)
        assert paper_of(done.key.id).fields["jp"] == 3  # what the course takes, not what it credits
    assert [hours.year(cast.ani, year).earned for year in (2026, 2027)] == [3, 0]
    assert no_differences(cast)


def test_a_closed_course_is_not_renewed(cast: Cast, passed: Studying) -> None:
    with transaction() as session:
        session.execute(update(Course).values(state=CourseState.RETIRED))
    with on(AFTER):
        renewal = renewals.of(passed)
        assert renewal is not None
        assert (renewal.validity, renewal.is_due) == (Validity.EXPIRED, False)
        with pytest.raises(Conflict, match="not_due"):
            renew(cast.ani)


def test_a_revoked_certificate_stays_revoked_and_is_renewed_by_none(
    cast: Cast, passed: Studying
) -> None:
    with transaction() as session:
        session.execute(update(Certificate).values(revoked_ms=1))
    with on(AFTER):
        assert paper_of(passed.key.id).state is State.REVOKED
        renew(cast.ani)
        done = pass_everything(cast.ani)
        assert paper_of(done.key.id).renews == ""
        assert paper_of(passed.key.id).state is State.REVOKED


def test_an_old_certificate_stands_again_when_the_one_that_renewed_it_is_revoked(
    cast: Cast, passed: Studying
) -> None:
    with on(OPENS):
        renew(cast.ani)
        done = pass_everything(cast.ani)
        newer = paper_of(done.key.id)
        with transaction() as session:
            changed = update(Certificate).where(Certificate.id == newer.id)
            session.execute(changed.values(revoked_ms=1))
        assert paper_of(passed.key.id).state is State.VALID


def test_what_replaces_a_certificate_that_was_renewed_is_renewed_too(
    app: Flask, cast: Cast, passed: Studying
) -> None:
    """Also where it was replaced twice; the public check leads to the round that counts."""
    syamsul = actor_of(cast.syamsul)
    with on(OPENS):
        renew(cast.ani)
        newer = paper_of(pass_everything(cast.ani).key.id)
        old = paper_of(passed.key.id)
        for _twice in range(2):
            with transaction():
                revoking.revoke(syamsul, old.id, "Nama pada sertifikat keliru.")
            with transaction():
                made = replacing.replace(
                    syamsul, old.id, Wish("Nama dibetulkan.", post_as_now=False)
                )
            old = certificates.load(made.id)
            assert (old.state, old.renewed_by) == (State.RENEWED, newer.id)
        page = app.test_client().get(f"/verify/{old.id}").text
        assert "sudah diperbarui" in page
        assert f"/verify/{newer.id}" in page
        renewed = signed_in(app, cast.syamsul).get("/hr/certificates?state=renewed").text
        assert old.number in renewed
        assert certificates.load(newer.id).state is State.VALID
    assert no_differences(cast)


def test_an_expired_prerequisite_still_lets_in(cast: Cast, passed: Studying) -> None:
    with on(AFTER):
        needing = replace(passed.outline, prerequisites=(SLUG,))
        assert study.missing_prerequisites(cast.ani.id, needing) == []


def test_the_database_refuses_a_round_twice(cast: Cast, passed: Studying) -> None:
    row = db.session.get_one(Enrolment, passed.key.id)
    again = {"person_id": row.person_id, "course_id": row.course_id, "round": 1}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Enrolment(**again, version_id=row.version_id, started_ms=1))


def told(person: Person) -> list[tuple[str, str]]:
    messages = notices.inbox(person.id).messages
    found = [(m.kind, m.values["slug"]) for m in messages if m.kind.startswith("completion_")]
    return found[::-1]


def run_on(day: date) -> None:
    with on(day):
        endings.tell(Work(0, endings.TELL_OF_ENDINGS, {}))


def test_each_notice_is_told_once_also_when_the_runner_slept(cast: Cast, passed: Studying) -> None:
    ending, expired = ("completion_ending", SLUG), ("completion_expired", SLUG)
    expected = []
    for before, new in [(91, []), (90, [ending]), (90, []), (31, []), (25, [ending]), (8, []),
                        (7, [ending]), (0, []), (-1, [expired]), (-5, []), (-9, [])]:  # fmt: skip
        run_on(END - timedelta(days=before))
        expected += new
        assert told(cast.ani) == expected, before


def test_who_has_left_or_renewed_is_told_nothing(cast: Cast, passed: Studying) -> None:
    with on(OPENS):
        renew(cast.ani)
        pass_everything(cast.ani)
    run_on(END)
    assert told(cast.ani) == []
    with on(DONE):
        pass_everything(cast.budi)
    with transaction():
        settings.change("expiry_notice_days", 2027, [], None)
    run_on(END)
    with transaction():
        settings.change("expiry_notice_days", 2027, [30], None)
        accounts.deactivate(cast.dewi.id, cast.budi.id)
    run_on(END)
    assert told(cast.budi) == []


# --- pages ---------------------------------------------------------------------------------


def test_the_course_page_tells_until_when_and_offers_the_round(
    app: Flask, cast: Cast, passed: Studying
) -> None:
    here = f"/courses/{SLUG}"
    with on(DONE):
        page = signed_in(app, cast.ani).get(here).text
        assert "Berlaku sampai 10 Maret 2027; dapat diperbarui mulai 10 Desember 2026." in page
        assert "Perbarui kelulusan" not in page
    with on(AFTER):
        ani = signed_in(app, cast.ani)
        assert "sudah kedaluwarsa" in ani.get(here).text
        assert "Perlu diperbarui" in ani.get("/").text
        assert "kedaluwarsa 10 Maret 2027" in ani.get("/courses").text
        answer = ani.post(f"{here}/renew")
        assert answer.headers["Location"] == f"{here}/lessons/{TEXT}"
        page = ani.get(here).text
        assert "Putaran ke-2" in page
        assert "Putaran sebelumnya" in page
        assert "Perlu diperbarui" not in ani.get("/").text


def test_a_round_that_is_not_due_is_refused_on_the_page(
    app: Flask, cast: Cast, passed: Studying
) -> None:
    with on(DONE):
        ani = signed_in(app, cast.ani)
        answer = ani.post(f"/courses/{SLUG}/renew", follow_redirects=True)
        assert "belum waktunya diperbarui" in answer.text
        assert signed_in(app, cast.budi).post(f"/courses/{SLUG}/renew").status_code == 404
        assert ani.get(f"/courses/{SLUG}/renew").status_code == 405
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_every_place_tells_expired_and_renewed(app: Flask, cast: Cast, passed: Studying) -> None:
    visitor = app.test_client()
    with on(AFTER):
        old = paper_of(passed.key.id)
        assert "sudah kedaluwarsa" in visitor.get(f"/verify/{old.id}").text
        ani = signed_in(app, cast.ani)
        assert "Berlaku sampai" in ani.get(f"/certificates/{old.id}").text
        assert ani.get(f"/certificates/{old.id}.pdf").mimetype == "application/pdf"
        assert "kedaluwarsa 10 Maret 2027" in ani.get("/record").text
        hr = signed_in(app, cast.syamsul)
        assert "kedaluwarsa 10 Maret 2027" in hr.get("/hr/completions").text
        assert "2027-03-10,kedaluwarsa" in hr.get("/hr/completions.csv").text
        assert old.number in hr.get("/hr/certificates?state=expired").text
        assert "2027-03-10,kedaluwarsa" in hr.get("/hr/certificates.csv").text
        ani.post(f"/courses/{SLUG}/renew")
        done = pass_everything(cast.ani)
        new = paper_of(done.key.id)
        page = visitor.get(f"/verify/{old.id}").text
        assert "sudah diperbarui" in page
        assert f"/verify/{new.id}" in page
        assert old.number in visitor.get(f"/verify/{new.id}").text
        assert f"/certificates/{new.id}" in ani.get(f"/certificates/{old.id}").text
        assert f"/certificates/{old.id}" in ani.get(f"/certificates/{new.id}").text
        told = ani.get("/record").text
        assert "sudah diperbarui" in told
        assert "putaran ke-2" in told
        assert old.number in hr.get("/hr/certificates?state=renewed").text
        assert "2027-03-10,diperbarui" in hr.get("/hr/completions.csv").text


def test_a_new_round_draws_its_attempts_from_one(cast: Cast, passed: Studying) -> None:
    with on(AFTER):
        renew(cast.ani)
        finish(cast.ani)
        attempt = db.session.get_one(Attempt, an_attempt(cast.ani))
    assert attempt.number == 1
