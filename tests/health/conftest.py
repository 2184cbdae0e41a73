"""The cast on an empty database."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.people_cast import Cast, make_cast


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Dewi is an administrator, Fadli an auditor, Citra HR of the health office."""
    return make_cast()
