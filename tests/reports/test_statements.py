"""How many statements a page of 50 rows sends: no more with full tables than with empty ones."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flask import Flask

from elearn.database import db, transaction
from elearn.learning import progress as progress_rules
from elearn.learning.models import Completion, CourseProgress, CourseState, Enrolment
from elearn.learning.progress import Progress
from elearn.people.history_models import Contract
from elearn.people.models import Person, Status, Unit
from tests.people_cast import Cast
from tests.reports.school import NOW_MS, browser_of, passes

MOST = 6
NOTED = 4  # statements that note an export: its own transaction, the actor's head, the entry
CONTRACTS = 1  # those of the people in a list of hours are rows of a table of their own
CLASSES = 1  # a list that can be filtered by class reads what classes there are
MANY = 240
PAGES = [
    "/hr/people",
    "/hr/people?floor=short&sort=-jp&page=2",
    "/hr/people?status=pppk",
    "/hr/courses",
    "/hr/courses/keamanan",
    "/hr/courses/keamanan?state=studying&sort=-percent",
    "/hr/completions",
    "/hr/completions?sort=name&page=3",
    "/hr/expiring",
]
FILES = ["/hr/people.csv", "/hr/courses/keamanan.csv", "/hr/completions.csv"]
TAUGHT = ["/teach", "/teach/keamanan", "/teach/keamanan/reflections"]


def fill(cast: Cast) -> None:
    """Many people, half of them passed and a quarter under way, a few units more."""
    first = db.session.get_one(Enrolment, 1)
    body = json.dumps(progress_rules.encode(Progress()))
    with transaction() as session:
        for at in range(20):
            unit = Unit(name=f"Puskesmas {at}", parent_id=cast.health.id, path="")
            session.add(unit)
            session.flush()
            unit.path = f"{cast.health.path}{unit.id}/"
        for at in range(MANY):
            person = Person(
                nip=f"19900101201503{1 + at % 2}{at:03}",
                name=f"Orang {at:03}",
                sort_name=f"orang {at:03}",
                status=list(Status)[at % 4],
                unit_id=cast.pustu.id,
                created_ms=0,
            )
            session.add(person)
            session.flush()
            session.add(Contract(person_id=person.id, starts_on=date(2023, 3, 1)))
            if at % 4 == 3:
                continue
            enrol(session, person.id, first, body, passed=at % 2 == 0)


def enrol(session: Any, person_id: int, first: Enrolment, body: str, *, passed: bool) -> None:
    entered = Enrolment(
        person_id=person_id,
        course_id=first.course_id,
        version_id=first.version_id,
        started_ms=NOW_MS,
    )
    session.add(entered)
    session.flush()
    keys = {
        "enrolment_id": entered.id,
        "person_id": person_id,
        "course_id": first.course_id,
        "version_id": first.version_id,
    }
    session.add(
        CourseProgress(
            **keys,
            state=CourseState.PASSED if passed else CourseState.STUDYING,
            percent=100 if passed else 40,
            next_lesson="",
            score_tenths=None,
            first_ms=NOW_MS,
            last_ms=NOW_MS,
            completed_ms=NOW_MS if passed else 0,
            body=body,
        )
    )
    if passed:
        session.add(
            Completion(
                **keys,
                expires_on=date(2026, 12, 24),
                unit_id=1,
                started_ms=NOW_MS,
                completed_ms=NOW_MS,
                year=2026,
                score_tenths=900,
                jp=3,
            )
        )


def counted(app: Flask, person: Person, addresses: list[str], query_count: Any) -> dict[str, int]:
    """How many statements each address sends, once what is kept has been read."""
    found = {}
    browser = browser_of(app, person)
    for address in addresses:
        browser.get(address)
        with query_count() as count:
            page = browser.get(address)
            assert page.status_code == 200
            assert page.get_data()
        found[address] = count.total
    return found


def test_a_page_of_hr_sends_few_statements_whatever_the_tables_hold(
    app: Flask, cast: Cast, course_id: int, query_count: Any
) -> None:
    passes(cast.ani)
    small = counted(app, cast.syamsul, PAGES + FILES, query_count)
    fill(cast)
    full = counted(app, cast.syamsul, PAGES + FILES, query_count)
    for found in (small, full):
        assert max(found[address] for address in PAGES) <= MOST + CLASSES
        assert max(found[address] for address in FILES) <= MOST + NOTED + CONTRACTS


def test_a_page_of_an_instructor_sends_few_statements_too(
    app: Flask, cast: Cast, course_id: int, query_count: Any
) -> None:
    passes(cast.ani)
    fill(cast)
    found = counted(app, cast.budi, TAUGHT, query_count)
    assert max(found.values()) <= MOST


def test_the_record_sends_the_same_however_much_it_holds(
    app: Flask, cast: Cast, course_id: int, query_count: Any
) -> None:
    ani = browser_of(app, cast.ani)
    passes(cast.ani)
    ani.get("/record")
    with query_count() as small:
        ani.get("/record")
    fill(cast)
    with query_count() as full:
        ani.get("/record")
    assert full.total == small.total
