"""Certificates as one zip: made beforehand by a job, sent as it is put together."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import delete, update

from elearn import clock, files, jobs, settings, work
from elearn.certification import packages
from elearn.competency import certificate_pdf, certificates
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people.models import RoleGrant
from tests.certification.conftest import give
from tests.people_cast import Cast, actor_of
from tests.reports.school import browser_of, text_of

HERE = "/hr/certificates/packages"


def run() -> None:
    while jobs.run_one(work.HANDLERS):
        pass


def opened(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content))


def test_hr_takes_the_list_as_one_zip(app: Flask, certified: Cast) -> None:
    hr = browser_of(app, certified.syamsul)
    page = hr.post(HERE).headers["Location"]
    assert hr.get(page + ".zip").headers["Location"] == page
    run()
    assert "Unduh zip" in text_of(hr.get(page))
    answer = hr.get(page + ".zip")
    with opened(answer.data) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["0001-BKPSDM-XI-2026.pdf", "0002-BKPSDM-XI-2026.pdf"]
        ani = certificates.of(certified.ani.id)[0]
        assert archive.read("0001-BKPSDM-XI-2026.pdf") == certificate_pdf.content_of(ani)
    assert answer.mimetype == "application/zip"
    assert hr.get(page + ".zip").data == answer.data


def test_hr_of_a_unit_takes_its_own_branch_alone(app: Flask, certified: Cast) -> None:
    hr = browser_of(app, certified.citra)
    page = hr.post(HERE).headers["Location"]
    run()
    with opened(hr.get(page + ".zip").data) as archive:
        assert archive.namelist() == ["0001-BKPSDM-XI-2026.pdf"]


def test_who_has_lost_the_reach_since_gets_nothing(certified: Cast) -> None:
    with transaction():
        ids = [certificates.of(certified.ani.id)[0].id]
        package_id = packages.ask(certified.citra.id, ids, to_sign=False)
    run()
    with transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == certified.citra.id))
    with opened(b"".join(packages.pieces(actor_of(certified.citra), package_id))) as archive:
        assert archive.namelist() == []


def test_a_package_is_for_who_asked(app: Flask, certified: Cast) -> None:
    page = browser_of(app, certified.syamsul).post(HERE).headers["Location"]
    run()
    for who, status in (("fadli", 404), ("citra", 404), ("ani", 404)):
        other = browser_of(app, getattr(certified, who))
        assert other.get(page).status_code == status
        assert other.get(page + ".zip").status_code == status
    assert browser_of(app, certified.ani).post(HERE).status_code == 404


def test_a_package_is_found_again_by_who_asked_alone(app: Flask, certified: Cast) -> None:
    citra, syamsul = (browser_of(app, who) for who in (certified.citra, certified.syamsul))
    page = citra.post(HERE).headers["Location"]
    assert page in citra.get(HERE).text
    assert "disiapkan" in text_of(citra.get(HERE))
    run()
    assert "siap diunduh" in text_of(citra.get(HERE))
    assert "Belum ada zip" in text_of(syamsul.get(HERE))
    assert browser_of(app, certified.ani).get(HERE).status_code == 404


def test_what_cannot_be_given_is_named_with_the_reason(app: Flask, certified: Cast) -> None:
    with transaction():
        settings.change("certificate_needs_signature", 2026, True, None)
    give(certified.budi)
    hr = browser_of(app, certified.syamsul)
    page = hr.post(HERE).headers["Location"]
    run()
    ani = certificates.of(certified.ani.id)[0]
    with transaction() as session:
        forged = update(files.Blob).where(files.Blob.digest == ani.pdf_digest)
        session.execute(forged.values(content=b"%PDF-forged"))
    with opened(hr.get(page + ".zip").data) as archive:
        assert archive.namelist() == ["0002-BKPSDM-XI-2026.pdf", packages.MISSING]
        left_out = archive.read(packages.MISSING).decode().splitlines()
    assert sorted(left_out) == [
        "0001/BKPSDM/XI/2026: isinya tidak utuh",
        "0003/BKPSDM/XI/2026: menunggu tanda tangan",
    ]


def test_an_empty_list_and_too_many_are_refused(app: Flask, cast: Cast, monkeypatch) -> None:
    answer = browser_of(app, cast.citra).post(f"{HERE}?unit={cast.pustu.id}")
    assert answer.headers["Location"] == f"/hr/certificates?unit={cast.pustu.id}"
    monkeypatch.setattr(packages, "MOST", 1)
    give(cast.ani, cast.budi)
    with pytest.raises(Invalid, match="too_many"), transaction():
        packages.ask(cast.syamsul.id, ["a", "b"], to_sign=False)
    assert browser_of(app, cast.syamsul).post(HERE).headers["Location"] == "/hr/certificates"


def test_old_packages_are_forgotten(certified: Cast) -> None:
    with transaction():
        first = packages.ask(certified.syamsul.id, ["x"], to_sign=False)
    with pytest.raises(Conflict, match="not_ready"):
        packages.pieces(actor_of(certified.syamsul), first)
    with clock.set_to(clock.now_ms() + packages.KEPT_MS + 1), transaction():
        packages.ask(certified.syamsul.id, ["x"], to_sign=False)
    with pytest.raises(NotFound):
        packages.of_id(certified.syamsul.id, first)
