"""The cast, and recovery codes that are hashed once a process instead of at each setting up."""

from __future__ import annotations

from functools import cache
from itertools import cycle

import pytest

from elearn.factors import recovery
from elearn.factors.recovery import NewCode
from tests.factors.builders import codes
from tests.people.conftest import cast

__all__ = ["cast"]


@cache
def _others() -> list[NewCode]:
    return recovery.new_codes()


@pytest.fixture(autouse=True)
def _codes_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten hashes take a quarter of a second: two sets, given in turn."""
    batches = cycle([_others(), list(codes())])
    monkeypatch.setattr(recovery, "new_codes", lambda: next(batches))
