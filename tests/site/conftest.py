"""The cast, and what is kept of versions forgotten between tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from elearn.content import catalogue
from elearn.site.shortcut import Shortcut
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
def answered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each plain page that was asked for was answered past Flask."""
    seen: list[bool] = []

    def watched(inner: Callable[..., bytes | None]) -> Callable[..., bytes | None]:
        def page(*asked: Any) -> bytes | None:
            found = inner(*asked)
            seen.append(found is not None)
            return found

        return page

    for name in ("_lesson", "_home"):
        monkeypatch.setattr(Shortcut, name, watched(getattr(Shortcut, name)))
    return seen
