"""The pages of content: files, and approvals by HR of the agency."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from elearn.content import catalogue, publishing
from elearn.content.course import Course
from elearn.content.folders import check_folder
from elearn.content.models import Approval
from elearn.content.publishing import Published
from elearn.database import db, transaction
from tests.content.sources import KNOWN
from tests.people_cast import Cast, browser, make_cast, signed_in

GOOD = Path(__file__).parent.parent / "courses" / "contoh-baik"
APPROVALS = "/hr/approvals"


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the agency."""
    catalogue.forget()
    return make_cast()


@pytest.fixture
def course() -> Course:
    """The good course, compiled."""
    found = check_folder(GOOD, KNOWN).course
    assert found is not None
    return found


@pytest.fixture
def published(cast: Cast, course: Course) -> Published:
    """The good course, waiting for approval."""
    with transaction():
        return publishing.publish(course, None)


@pytest.fixture
def syamsul(app: Flask, cast: Cast) -> FlaskClient:
    """HR of the agency, signed in."""
    return signed_in(app, cast.syamsul)


def approve(client: FlaskClient, done: Published, version: int | None = None) -> int:
    data = {"version": str(version or done.version_id)}
    return client.post(f"{APPROVALS}/{done.course_id}", data=data).status_code


def test_a_file_is_served_for_ever_and_runs_nothing(
    app: Flask, cast: Cast, course: Course, published: Published
) -> None:
    asset = course.assets[0]
    answer = signed_in(app, cast.ani).get(asset.address)
    assert (answer.status_code, answer.data) == (200, asset.content)
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_a_part_of_a_file_and_a_known_file(
    app: Flask, cast: Cast, course: Course, published: Published
) -> None:
    client, asset = signed_in(app, cast.ani), course.assets[0]
    part = client.get(asset.address, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, asset.content[:4])
    known = client.get(asset.address, headers={"If-None-Match": f'"{asset.digest}"'})
    assert known.status_code == 304


@pytest.mark.parametrize(
    "address", ["/files/" + "0" * 64 + "/a.svg", "/files/abc/a.svg", "/files/" + "z" * 64 + "/a"]
)
def test_an_unknown_file_is_not_found(app: Flask, cast: Cast, address: str) -> None:
    assert signed_in(app, cast.ani).get(address).status_code == 404


def test_a_file_needs_a_sign_in(app: Flask, course: Course, published: Published) -> None:
    assert browser(app).get(course.assets[0].address).status_code != 200


def test_hr_of_the_agency_sees_what_waits_and_approves_it(
    syamsul: FlaskClient, cast: Cast, course: Course, published: Published
) -> None:
    page = syamsul.get(APPROVALS).get_data(as_text=True)
    for word in (course.title, "Kursus baru", "1 JP", "E-learning", "M.05 level 2"):
        assert word in page
    assert approve(syamsul, published) == 303
    assert catalogue.open_course(course.slug).open_version_id == published.version_id
    assert db.session.scalars(select(Approval.approved_by)).all() == [cast.syamsul.id]
    after = syamsul.get(APPROVALS).get_data(as_text=True)
    assert "disetujui dan terbuka bagi peserta" in after
    assert "Tidak ada yang menunggu" in after


def test_what_was_not_shown_is_not_approved(syamsul: FlaskClient, published: Published) -> None:
    assert approve(syamsul, published, published.version_id + 1) == 303
    assert "sudah berubah" in syamsul.get(APPROVALS).get_data(as_text=True)
    assert db.session.scalars(select(Approval)).all() == []


@pytest.mark.parametrize("name", ["ani", "budi", "citra", "dewi", "fadli", "stranger"])
def test_for_others_the_approvals_do_not_exist(
    app: Flask, cast: Cast, published: Published, name: str
) -> None:
    client = signed_in(app, getattr(cast, name))
    assert client.get(APPROVALS).status_code == 404
    assert approve(client, published) == 404
    assert db.session.scalars(select(Approval)).all() == []


def test_bad_approvals_are_refused(syamsul: FlaskClient, published: Published) -> None:
    address = f"{APPROVALS}/{published.course_id}"
    assert syamsul.post(address).status_code == 404
    assert syamsul.post(address, data={"version": "x"}).status_code == 404
    assert syamsul.post(f"{APPROVALS}/999999", data={"version": "1"}).status_code == 404
    assert syamsul.get(address).status_code == 405
    assert db.session.scalars(select(Approval)).all() == []
