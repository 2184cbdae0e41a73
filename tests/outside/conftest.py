"""The cast and the and what people submit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image

from elearn import clock
from elearn.competency import papers, submissions
from elearn.competency.outside_models import OutsideLearning
from elearn.competency.outside_rules import Learning
from elearn.database import transaction
from elearn.people.models import Person
from tests.builders import a_framework
from tests.people_cast import Cast, make_cast

NOW_MS = clock.to_ms(datetime(2026, 11, 24, 9, tzinfo=clock.WIB))
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.set_to(NOW_MS):
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    with clock.set_to(clock.start_of_day_ms(date(2025, 1, 2))):
        made = make_cast()
    a_framework()
    return made


def a_learning(**changes: object) -> Learning:
    learning = Learning(
        title="Bimbingan teknis gizi",
        kind="8",
        jp=24,
        number="893/012/2026",
        organiser="Balai Pelatihan",
        started_on=date(2026, 5, 4),
        ended_on=date(2026, 5, 6),
    )
    return replace(learning, **changes)  # type: ignore[arg-type]


def submit(person: Person, **changes: object) -> OutsideLearning:
    """A certificate that a person submits, with a PDF."""
    with transaction():
        return submissions.submit(person, a_learning(**changes), papers.read(PDF))


def photograph(side: int = 60) -> bytes:
    """A JPEG with the place it was taken at in its EXIF."""
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "S"
    exif[0x0110] = "Kamera Rahasia"
    target = BytesIO()
    Image.new("RGB", (side, side // 2), "teal").save(target, "JPEG", exif=exif)
    return target.getvalue()
