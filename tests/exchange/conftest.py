"""The cast and the framework of competencies."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.builders import a_framework
from tests.people_cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Budi teaches; the others do not."""
    made = make_cast()
    a_framework()
    return made
