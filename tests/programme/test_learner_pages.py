"""What a learner sees of what is asked: on home, among the courses, on the page of the course."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.assignments.rule import Line
from elearn.database import transaction
from elearn.learning import study
from elearn.people import staffing, supervisors
from tests.assignments.conftest import LETTER, Office
from tests.reports import school
from tests.reports.school import browser_of, page_of, text_of

COURSE = f"/courses/{school.SLUG}"


def days_later(days: int) -> Any:
    return clock.set_to(school.NOW_MS + days * clock.DAY_MS)


@pytest.mark.parametrize(
    ("days", "grace", "said"),
    [
        (-10, 0, "wajib, 16 hari lagi"),
        (0, 0, "wajib, 6 hari lagi"),
        (6, 0, "wajib, tenggat hari ini"),
        (7, 0, "wajib, terlambat 1 hari"),
        (8, 3, "wajib, tenggat lewat 2 hari"),
    ],
)
def test_the_day_is_told_in_words_on_each_page(
    app: Flask, office: Office, days: int, grace: int, said: str
) -> None:
    office.give(grace_days=grace, **LETTER)
    with days_later(days):
        for address in ("/", "/courses", COURSE):
            assert said in page_of(app, office.cast.ani, address), address
        page = page_of(app, office.cast.ani, COURSE)
        assert "surat nomor 800/12/2026 tanggal 30 Oktober 2026" in page


def test_home_tells_the_most_urgent_first_and_goes_on_there(app: Flask, office: Office) -> None:
    other = school.publish(office.cast, school.a_course("kedua", "Kursus kedua"))
    office.give(courses=(other,), due_on=date(2026, 11, 20))
    office.give()
    ani = browser_of(app, office.cast.ani)
    first = text_of(ani.get("/"))
    assert first.index("Kursus kedua") < first.index("Keamanan informasi")
    assert 'Mulai dari sini</p> <div class="card-head"> <h2>Kursus kedua' in first
    school.begin(office.cast.ani, "kedua")
    school.begin(office.cast.ani)  # the newest, but the other is overdue
    assert "<h2>Kursus kedua" in text_of(ani.get("/"))
    assert ani.get("/").data == ani.get("/?lewat=flask").data


def test_what_is_done_or_asked_of_others_is_not_on_home(app: Flask, office: Office) -> None:
    office.give(Line(unit_id=office.cast.pustu.id), **LETTER)
    assert "Kursus wajib" not in page_of(app, office.cast.budi, "/")
    school.passes(office.cast.ani)
    assert "Kursus wajib" not in page_of(app, office.cast.ani, "/")
    assert "Anda sudah menyelesaikannya" in page_of(app, office.cast.ani, COURSE)


def test_who_has_passed_takes_it_again_when_it_is_asked_anew(app: Flask, office: Office) -> None:
    school.passes(office.cast.ani, on=date(2026, 10, 1))
    ani = browser_of(app, office.cast.ani)
    office.give()
    assert ani.post(f"{COURSE}/renew").headers["Location"] == COURSE
    assert study.studying(office.cast.ani.id, school.SLUG).round == 1
    office.give(repeats=True)
    assert "Ikuti sekali lagi" in text_of(ani.get(COURSE))
    assert ani.post(f"{COURSE}/renew").status_code == 302
    assert study.studying(office.cast.ani.id, school.SLUG).round == 2
    school.take_quiz(office.cast.ani, school.RIGHT)
    assert "wajib" not in page_of(app, office.cast.ani, "/")


def test_a_supervisor_sees_what_presses_their_team_and_nobody_elses(
    app: Flask, office: Office
) -> None:
    cast = office.cast
    with transaction():
        supervisors.choose(None, staffing.locked(cast.ani.id), cast.budi.id)
    office.give(due_on=date(2026, 11, 20))
    assert "wajib, terlambat 4 hari" in page_of(app, cast.budi, "/team")
    member = f"/team/{cast.ani.id}"
    assert "tenggat 20 November 2026" in page_of(app, cast.budi, member)
    assert browser_of(app, cast.stranger).get(member).status_code == 404
    school.passes(cast.ani)
    assert "terlambat" not in page_of(app, cast.budi, "/team")
