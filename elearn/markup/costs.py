"""Refuses text that would take too long to render."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_TEXT = 200_000
MAX_LINES = 12_000
MAX_BLOCK = 20_000
MAX_BLOCK_LINES = 1_000
MAX_BLOCKS = 3_000
# How often a sign may stand in a whole text, and in one paragraph of it.
MAX_SIGNS = {"[": (2_000, 200), "<": (1_000, 1_000), "*": (8_000, 600), "_": (8_000, 600)}
MAX_SIGNS |= {"`": (8_000, 600), "&": (4_000, 1_000)}
MAX_NESTED_MARKERS = 8
NESTED = re.compile(
    rf"^[ \t]*(?:(?:[-*+>]|\d{{1,9}}[.)])[ \t]*){{{MAX_NESTED_MARKERS + 1},}}(?=[^-*\s])", re.M
)
RULER = re.compile(r"(?:[-*_+>=] ){60}")


class TooCostly(Exception):
    """The text would take too long to render. ``line`` counts from 1 within the text."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def refuse_costly(text: str) -> None:
    """Raise TooCostly for sizes and runs whose cost grows faster than the text."""
    if len(text) > MAX_TEXT:
        raise TooCostly(1, "terlalu panjang")
    if text.count("\n") > MAX_LINES:
        raise TooCostly(MAX_LINES, "terlalu banyak baris")
    for sign, (most, _) in MAX_SIGNS.items():
        if text.count(sign) > most:
            raise TooCostly(_line_of(text, sign), f"terlalu banyak `{sign}`")
    nested = RULER.search(text) or NESTED.search(text)
    if nested:
        raise TooCostly(text.count("\n", 0, nested.start()) + 1, "bersusun terlalu dalam")
    for count, (line, block) in enumerate(_blocks(text)):
        if count == MAX_BLOCKS:
            raise TooCostly(line, "terlalu banyak paragraf")
        _refuse_block(line, block)


def _refuse_block(line: int, block: list[str]) -> None:
    if len(block) > MAX_BLOCK_LINES or sum(map(len, block)) > MAX_BLOCK:
        raise TooCostly(line, "paragraf terlalu panjang")
    whole = "".join(block)
    for sign, (_, most) in MAX_SIGNS.items():
        if whole.count(sign) > most:
            raise TooCostly(line, f"terlalu banyak `{sign}` dalam satu paragraf")


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank lines, with the number of their first line."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _line_of(text: str, char: str) -> int:
    return text.count("\n", 0, text.index(char)) + 1
