"""The same office as below: the cast, a course, and assignments of it."""

from __future__ import annotations

from tests.assignments.conftest import office as office  # a fixture
from tests.assignments.conftest import today as today  # a fixture
