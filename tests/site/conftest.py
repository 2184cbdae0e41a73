"""The cast, and what is kept of versions forgotten between tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from elearn.content import catalogue
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
