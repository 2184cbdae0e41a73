"""The cast, and people of it who have a second factor."""

from __future__ import annotations

from tests.people.conftest import cast

__all__ = ["cast"]
