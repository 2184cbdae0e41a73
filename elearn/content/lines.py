"""A text as lines that keep their own ends, so that an edit leaves every other byte. Pure."""

from __future__ import annotations

import re

ROW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")  # a line with its own end


def rows_of(text: str) -> list[str]:
    """The lines of a text, each with its end."""
    return ROW.findall(text)


def body_of(row: str) -> str:
    """A line without its end."""
    return row.rstrip("\r\n")


def newline_of(text: str) -> str:
    """The line end that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"


def spliced(text: str, start: int, end: int, written: str) -> str:
    """A text with its lines ``start`` to ``end`` (from 1) in place; line ends stay the file's."""
    rows = rows_of(text)
    newline = newline_of(text)
    last = rows[end - 1] if end - 1 < len(rows) else ""
    close = last[len(body_of(last)) :] if last else newline
    return "".join([*rows[: start - 1], written.replace("\n", newline) + close, *rows[end:]])


def removed(text: str, start: int, end: int) -> str:
    """A text without its lines ``start`` to ``end`` (from 1) and the blank lines below them."""
    rows = rows_of(text)
    while end < len(rows) and not rows[end].strip():
        end += 1
    return "".join([*rows[: start - 1], *rows[end:]])


def inserted(text: str, line: int, written: str) -> str:
    """A text with a block after a line, blank lines around it."""
    newline = newline_of(text)
    rows = rows_of(text)
    before = "".join(rows[:line])
    if before and not before.endswith(("\r", "\n")):
        before += newline
    after = "".join(rows[line:])
    gap = newline if after.strip() and not after.startswith(("\r", "\n")) else ""
    lead = "" if before.endswith(newline * 2) or not before else newline
    return f"{before}{lead}{written.replace(chr(10), newline)}{newline}{gap}{after}"
