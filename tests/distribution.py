"""Which worker runs what, and when: the long first, so that no worker ends long after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from xdist.scheduler import LoadFileScheduling

# Their tests share what is dear to make, a running site or the whole demo: one worker, one making.
TOGETHER = ("tests/journeys/", "tests/demo/")


class Scheduling(LoadFileScheduling):
    """A file is one piece of work, and so is each folder of TOGETHER."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """The piece of work that a test belongs to."""
    folder = next((name for name in TOGETHER if nodeid.startswith(name)), None)
    return folder or nodeid.split("::", 1)[0]


def in_order(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """TOGETHER first, then files by their number of tests; within each as they stand."""
    sizes = Counter(scope_of(item.nodeid) for item in items)

    def place(item: pytest.Item) -> tuple[bool, int]:
        scope = scope_of(item.nodeid)
        return (scope not in TOGETHER, -sizes[scope])

    return sorted(items, key=place)
