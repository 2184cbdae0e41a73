"""Reminders: one notice a day however many courses, each told once; what HR hands out."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock, jobs, settings, work
from elearn.assignments import assigning
from elearn.assignments.rule import Line
from elearn.database import db, transaction
from elearn.jobs import Work
from elearn.people.models import Notice, Person
from elearn.programme import reminders
from tests.assignments.conftest import LETTER, Office
from tests.people_cast import actor_of
from tests.reports import school
from tests.reports.school import browser_of, text_of

ROOT = "/hr/assignments"


def on(day: date) -> Any:
    return clock.set_to(clock.start_of_day_ms(day) + 8 * 3_600_000)


def remind() -> None:
    reminders.run(Work(1, reminders.DAILY, {}))


def told(person: Person, kind: str = "courses_asked") -> list[Any]:
    """What somebody has been told, in the order of its days."""
    wanted = select(Notice).where(Notice.person_id == person.id, Notice.kind == kind)
    return [json.loads(row.body) for row in db.session.scalars(wanted.order_by(Notice.key))]


def titles(person: Person) -> list[list[str]]:
    return [[course["title"] for course in each["courses"]] for each in told(person)]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2026, 11, 15), 0),  # 15 days before, long after it was given
        (date(2026, 11, 16), 1),
        (date(2026, 11, 18), 1),  # made good, once
        (date(2026, 11, 19), 0),
        (date(2026, 11, 23), 1),
        (date(2026, 11, 29), 1),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 1), 2),  # the day before it, made good, and the day after
    ],
)
def test_people_are_told_on_the_days_of_the_setting(office: Office, day: date, count: int) -> None:
    with on(date(2026, 11, 1)):
        office.give(Line(unit_id=office.cast.pustu.id))
    with on(day):
        for _twice in range(2):
            remind()
    assert len(told(office.cast.ani)) == count
    assert told(office.cast.budi) == []


def test_what_is_given_is_told_and_who_comes_later_too(office: Office) -> None:
    ani, far = office.cast.ani, date(2027, 3, 1)
    office.give(Line(unit_id=office.cast.pustu.id), due_on=far, days=30)
    remind()
    [notice] = told(ani)
    assert notice["courses"] == [{"title": "Keamanan informasi", "due": clock.start_of_day_ms(far)}]
    with transaction():
        settings.change("assignment_reminder_days", 2026, [], None)
    with on(date(2026, 12, 1)):
        remind()
    assert len(told(ani)) == 1


def test_several_courses_are_one_notice_and_who_is_done_or_exempt_has_none(office: Office) -> None:
    cast = office.cast
    second = school.publish(cast, school.a_course("kedua", "Kursus kedua"))
    first = office.give(Line(unit_id=cast.health.id))
    office.give(Line(unit_id=cast.health.id), courses=(second,))
    office.exempt(first, cast.citra)
    remind()
    assert titles(cast.ani) == [["Keamanan informasi", "Kursus kedua"]]
    assert titles(cast.citra) == [["Kursus kedua"]]
    school.passes(cast.ani)
    with on(date(2026, 11, 29)):
        remind()
    assert titles(cast.ani)[-1] == ["Kursus kedua"]


def test_hr_is_told_once_a_week_how_many_are_overdue_in_its_branch(office: Office) -> None:
    cast = office.cast
    office.give()
    monday = date(2026, 12, 7)
    for day in (monday, monday, date(2026, 12, 8)):
        with on(day):
            remind()
    assert told(cast.citra, "courses_overdue") == [{"count": 2}]
    assert told(cast.stranger, "courses_overdue") == [{"count": 1}]
    assert told(cast.syamsul, "courses_overdue") == [{"count": 4}]


def test_hr_reminds_its_own_people_at_once_and_once_a_day(app: Flask, office: Office) -> None:
    cast = office.cast
    office.give()
    address = f"{ROOT}/1/remind"
    statuses = {who: browser_of(app, getattr(cast, who)).post(address).status_code
                for who in ("fadli", "ani", "budi")}  # fmt: skip
    assert statuses == {"fadli": 403, "ani": 404, "budi": 404}
    citra = browser_of(app, cast.citra)
    sent = text_of(citra.post(address, follow_redirects=True))
    assert "Pengingat dikirim" in sent
    assert "sudah dikirim hari ini" in text_of(citra.post(address, follow_redirects=True))
    assert jobs.run_one(work.HANDLERS)
    assert [len(told(each)) for each in (cast.ani, cast.citra, cast.stranger)] == [1, 1, 0]
    with transaction():
        assigning.withdraw(actor_of(cast.syamsul), office.give(), "Selesai")
    assert browser_of(app, cast.syamsul).post(f"{ROOT}/2/remind").status_code == 409


def test_a_message_names_who_is_missing_unit_by_unit(app: Flask, office: Office) -> None:
    office.give(**LETTER)
    school.passes(office.cast.ani)
    page = text_of(browser_of(app, office.cast.citra).get(f"{ROOT}/1/message"))
    assert "*Dinas Kesehatan* (1) 1. Citra Lestari" in page
    assert "Tenggat 30 November 2026" in page
    assert "Ani" not in page
    assert "https://wa.me/?text=%2AKursus" in page
    assert office.cast.citra.nip not in page
    syamsul = browser_of(app, office.cast.syamsul)
    assert len(text_of(syamsul.get(f"{ROOT}/1/message")).split(". Dewi Anggraini")) == 2
    empty = syamsul.get(f"{ROOT}/1/message?unit={office.cast.pustu.id}")
    assert "Semua sudah selesai" in text_of(empty)
    for who, status in (("stranger", 200), ("ani", 404), ("fadli", 200)):
        seen = browser_of(app, getattr(office.cast, who)).get(f"{ROOT}/1/message")
        assert seen.status_code == status


def test_a_poster_leads_to_the_course(app: Flask, office: Office) -> None:
    office.give(**LETTER)
    sheet = browser_of(app, office.cast.citra).get(f"{ROOT}/1/poster.pdf")
    assert sheet.content_type == "application/pdf"
    assert sheet.data.startswith(b"%PDF-")
    assert browser_of(app, office.cast.ani).get(f"{ROOT}/1/poster.pdf").status_code == 404
