"""Chips changed one by one; those that stay keep their words and their order. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from elearn.content.chips import Name, Place, name_of
from elearn.content.lines import body_of, inserted, rows_of

CHIP = re.compile(r"(?P<gap>[ \t·•,;|]*)`(?P<text>[^`\r\n]+)`")
SPARE = " \t·•,;|"

Changes = Mapping[Name, Sequence[str]]


def with_chips(
    text: str, lines: tuple[int, int] | None, heading_end: int, place: Place, changes: Changes
) -> str:
    """The text with some chips under a heading changed; no words take a chip away.

    ``lines`` are those of the chips there are, from 1.
    """
    new = [f"`{chip}`" for chips in changes.values() for chip in chips]
    if lines is None:
        return inserted(text, heading_end, " ".join(new)) if new else text
    rows = rows_of(text)
    waiting = dict(changes)
    for at in range(lines[0] - 1, lines[1]):
        rows[at] = _changed(rows[at], place, waiting, changes)
    added = [f"`{chip}`" for chips in waiting.values() for chip in chips]
    last = rows[lines[1] - 1]
    body, end = body_of(last), last[len(body_of(last)) :]
    rows[lines[1] - 1] = " ".join([*([body.rstrip()] if body.strip() else []), *added]) + end
    return "".join(_without_empty(rows, lines))


def _changed(row: str, place: Place, waiting: dict[Name, Sequence[str]], changes: Changes) -> str:
    """A row of chips: the first of a changed name becomes its new words, the others go."""

    def replaced(found: re.Match[str]) -> str:
        name = name_of(found["text"], place)
        if name is None or name not in changes:
            return found[0]
        chips = waiting.pop(name, ())
        return found["gap"] + " ".join(f"`{chip}`" for chip in chips) if chips else ""

    changed = CHIP.sub(replaced, row)
    return changed if changed == row else changed.lstrip(SPARE)


def _without_empty(rows: list[str], lines: tuple[int, int]) -> list[str]:
    """The rows without lines of chips that hold none any more, and the gap such a line leaves."""
    start, end = lines[0] - 1, lines[1]
    kept = [row for row in rows[start:end] if row.strip(SPARE + "\r\n")]
    tail = rows[end:]
    if not kept and tail and not tail[0].strip():
        tail = tail[1:]
    return [*rows[:start], *kept, *tail]
