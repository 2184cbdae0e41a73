"""Pages that differ only in a few places: rendered once with gaps, filled at each view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from markupsafe import Markup

MARK = "\x00"  # never stands in a page
# The same within an address, which would be encoded: a name between two of these.
HOLE = "~gap~"
KEPT = 512

Made = TypeVar("Made")


def gap(name: str) -> Markup:
    """A place in a page that is filled at each view."""
    return Markup(f"{MARK}{name}{MARK}")  # noqa: S704  # names are ours


class Shell:
    """A rendered page with gaps, as the bytes that are sent."""

    def __init__(self, page: str) -> None:
        pieces = page.split(MARK)  # text, name, text, name, ..., text
        self._texts = [piece.encode() for piece in pieces]
        self._names = pieces[1::2]

    @classmethod
    def with_holes(cls, page: str) -> Shell:
        """A page in which some gaps stand in addresses, as ``hole`` gives them."""
        return cls(page.replace(HOLE, MARK))

    @staticmethod
    def hole(name: str) -> str:
        """A gap that may be a part of an address."""
        return f"{HOLE}{name}{HOLE}"

    def fill(self, values: Mapping[str, bytes]) -> bytes:
        """The page with every gap filled; the values are HTML."""
        pieces = self._texts.copy()
        pieces[1::2] = [values[name] for name in self._names]
        return b"".join(pieces)


class Kept:
    """What an application has made once, the oldest dropped. Nothing of a person belongs here."""

    def __init__(self, most: int = KEPT) -> None:
        self._most = most
        self._made: dict[Hashable, Any] = {}

    def find(self, key: Hashable) -> Any:
        """What was made under the key, or None."""
        return self._made.get(key)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What was made under the key, or is made now."""
        found: Made | None = self._made.get(key)
        if found is None:
            found = make()
            if len(self._made) >= self._most:
                self._made.pop(next(iter(self._made)), None)
            self._made[key] = found
        return found

    def forget(self) -> None:
        """Drop everything: another database stands behind the application now."""
        self._made.clear()
