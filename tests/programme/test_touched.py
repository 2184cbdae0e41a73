"""Whoever moves, merges or leaves is told of the assignments that it touches; who may exempt."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.agency import branches
from elearn.assignments import assigning
from elearn.assignments.models import Exemption
from elearn.assignments.rule import Line
from elearn.database import db, transaction
from elearn.people.models import Person
from tests.assignments.conftest import Office
from tests.people_cast import actor_of
from tests.reports.school import browser_of


def test_acts_on_units_and_people_say_what_they_touch(app: Flask, office: Office) -> None:
    cast = office.cast
    office.give(Line(unit_id=cast.pustu.id))
    office.give(Line(unit_id=cast.works.id))
    office.give(by=cast.citra)
    withdrawn = office.give(Line(unit_id=cast.puskesmas.id))
    with transaction():
        assigning.withdraw(actor_of(cast.syamsul), withdrawn, "Keliru")
    counts = {unit.name: branches.impact(unit).assignments for unit in (cast.health, cast.works)}
    assert counts == {"Dinas Kesehatan": 2, "Dinas PUPR": 1}
    syamsul = browser_of(app, cast.syamsul)
    for act in ("move", "merge"):
        assert "Kursus wajib untuk unit" in syamsul.get(f"/hr/units/{cast.health.id}/{act}").text
    for act in ("place", "leave"):
        page = syamsul.get(f"/hr/people/{cast.ani.id}/{act}").text
        assert "Kursus wajib yang belum selesai: 1 (Keamanan informasi, tenggat" in page
    assert "belum selesai" not in syamsul.get(f"/hr/people/{cast.ani.id}/names").text


@pytest.mark.parametrize(
    ("who", "status"),
    [("syamsul", 303), ("citra", 303), ("stranger", 404), ("ani", 404), ("fadli", 403)],
    ids=["superior", "hr of the branch", "equal of another branch", "subordinate", "auditor"],
)
def test_who_may_exempt(app: Flask, office: Office, who: str, status: int) -> None:
    asked = office.give(Line(unit_id=office.cast.pustu.id), by=office.cast.citra)
    person: Person = getattr(office.cast, who)
    sent = {"reason": "Cuti melahirkan", "until": ""}
    answer = browser_of(app, person).post(
        f"/hr/assignments/{asked.id}/exempt/{office.cast.ani.id}", data=sent
    )
    assert answer.status_code == status
    held = db.session.scalar(select(func.count()).select_from(Exemption))
    assert held == (1 if status == 303 else 0)
