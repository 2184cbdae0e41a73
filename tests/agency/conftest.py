"""The cast on an empty database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people_cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Ani, Budi, Citra, Dewi, Syamsul, Fadli and a stranger."""
    return make_cast()
