"""The photo on a certificate: made anew, frozen at issue, gone when its owner takes it away."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select, update

from elearn import files, settings
from elearn.competency import certificate_pdf, certificates, photos
from elearn.competency.models import Certificate, CertificatePhoto
from elearn.database import db, transaction
from elearn.errors import Conflict
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People, browser_of
from tests.competency.test_certificates import an_issue, issue

HERE = "/account/photo"


@pytest.fixture
def people(app: Flask) -> People:
    made = people_of_jambi.settle()
    with transaction():
        settings.change("certificate_photo", 2026, True, None)
    return made


def a_picture(kind: str = "JPEG", colour: str = "red") -> bytes:
    target = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Pembuat Kamera"
    Image.new("RGB", (300, 400), colour).save(target, kind, exif=exif)
    return target.getvalue()


def send(app: Flask, person_id: int, content: bytes):
    return browser_of(app, person_id).post(HERE, data={"picture": (BytesIO(content), "x.jpg")})


def pictures_in(content: bytes) -> int:
    return len(PdfReader(BytesIO(content)).pages[0].images)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_photo_is_frozen_with_the_certificate(app: Flask, people: People, kind: str) -> None:
    assert send(app, people.ani, a_picture(kind)).status_code == 303
    (made,) = issue(an_issue(people.ani))
    send(app, people.ani, a_picture(kind, "blue"))
    digest = json.loads(made.frozen)["photo"]
    kept = files.load(digest)
    assert b"Pembuat Kamera" not in kept.content
    assert Image.open(BytesIO(kept.content)).convert("RGB").getpixel((5, 5))[0] > 200
    content = certificate_pdf.content_of(certificates.load(made.id))
    assert pictures_in(content) == 1
    assert len(content) < 200_000


def test_without_photo_or_setting_there_is_none(app: Flask, people: People) -> None:
    (first,) = issue(an_issue(people.ani))
    send(app, people.ani, a_picture())
    with transaction():
        settings.change("certificate_photo", 2026, False, None)
    (second,) = issue(an_issue(people.ani, "2"))
    for made in (first, second):
        assert json.loads(made.frozen)["photo"] == ""
        assert pictures_in(certificate_pdf.content_of(certificates.load(made.id))) == 0


def test_a_photo_that_was_changed_since_is_not_printed(app: Flask, people: People) -> None:
    send(app, people.ani, a_picture())
    (made,) = issue(an_issue(people.ani))
    with transaction() as session:
        session.execute(update(files.Blob).values(content=a_picture(colour="blue")))
    with pytest.raises(Conflict, match="damaged"):
        certificate_pdf.content_of(certificates.load(made.id))
    assert db.session.scalar(select(Certificate.pdf_digest)) == ""


def test_a_person_sees_replaces_and_removes_their_own(app: Flask, people: People) -> None:
    ani = browser_of(app, people.ani)
    assert ani.get(f"{HERE}/image").status_code == 404
    send(app, people.ani, a_picture())
    assert "Foto Anda" in ani.get(HERE).get_data(as_text=True)
    shown = ani.get(f"{HERE}/image")
    assert (shown.mimetype, shown.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert browser_of(app, people.citra).get(f"{HERE}/image").status_code == 404
    assert ani.post(HERE, data={"remove": "1"}).status_code == 303
    assert photos.of(people.ani) is None


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a"])
def test_what_is_no_picture_is_refused(app: Flask, people: People, content: bytes) -> None:
    answer = send(app, people.ani, content)
    assert answer.status_code == 422
    assert "bukan gambar" in answer.get_data(as_text=True)
    assert db.session.scalar(select(func.count()).select_from(CertificatePhoto)) == 0
