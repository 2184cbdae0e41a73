"""The cast, and a course they may enter."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from elearn.content import catalogue
from elearn.content.publishing import Published
from tests.builders import a_published_version
from tests.people_cast import Cast, make_cast


@pytest.fixture(autouse=True)
def _fresh_catalogue() -> Iterator[None]:
    """What is kept of versions belongs to the database of one test."""
    catalogue.forget()
    yield
    catalogue.forget()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ani, Budi, Citra, Dewi, Syamsul, Fadli and a stranger."""
    return make_cast()


@pytest.fixture
def course(cast: Cast) -> Published:
    """A text, a quiz of two questions and a reflection: a course of 3 JP."""
    return a_published_version(cast)
