"""Where a cell stands: "AB12" and back. Pure."""

from __future__ import annotations

import re

PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
LETTERS = 26


def place(text: str) -> tuple[int, int] | None:
    """Row from 1 and column from 0 of "AB12"; None for what is no place."""
    found = PLACE.fullmatch(text)
    return (int(found[2]), column_of(found[1])) if found else None


def column_of(letters: str) -> int:
    """The number of a column from 0: A, B, ... Z, AA."""
    number = 0
    for letter in letters:
        number = number * LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def letters_of(column: int) -> str:
    """The letters of a column by its number from 0."""
    text, rest = "", column + 1
    while rest:
        rest, at = divmod(rest - 1, LETTERS)
        text = chr(ord("A") + at) + text
    return text
