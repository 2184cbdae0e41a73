"""A completion whose certificate was revoked: kept in every list, said so, not sent to SIASN."""

from __future__ import annotations

from flask import Flask

from elearn.competency import certificates, revoking
from elearn.database import transaction
from elearn.people.models import Person
from elearn.reports import changes
from tests.people_cast import Cast, actor_of
from tests.reports.school import browser_of, page_of

WHY = "Terbit dengan nama yang keliru."


def test_the_lists_keep_it_and_the_file_for_siasn_does_not(app: Flask, cast: Cast) -> None:
    paper = certificates.of(cast.ani.id)[0]
    hr: Person = cast.syamsul
    assert "dicabut" not in page_of(app, hr, "/hr/completions")
    with transaction():
        revoking.revoke(actor_of(hr), paper.id, WHY)
    browser = browser_of(app, hr)
    for place in ("/hr/completions", "/record"):
        assert "dicabut" in page_of(app, cast.ani if place == "/record" else hr, place), place
    csv = browser.get("/hr/completions.csv").get_data(as_text=True).splitlines()
    assert csv[0].strip().endswith("Sertifikat dicabut")
    assert paper.number in csv[1]
    assert "Sertifikatnya dicabut" in page_of(app, hr, "/hr/completions/siasn?state=refused")
    assert paper.number not in browser.get("/hr/completions/siasn.csv").get_data(as_text=True)
    (change,) = changes.of(cast.ani.id)
    told = (change.kind, change.title, change.by, change.reason)
    assert told == ("certificate_revoked", paper.fields["title"], hr.full_name, WHY)
    assert WHY in page_of(app, cast.ani, "/record")
