"""Files of a course under new names: what they are called, and the links to them mended. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote as percent_decode

from elearn.content.compiler import (
    ASSET_FOLDER,
    BANK_FOLDER,
    COURSE_FILE,
    MODULE_FILE,
    UNREAD_NAMES,
)
from elearn.content.lines import rows_of
from elearn.content.links import SCHEME
from elearn.content.reader import order_of, without_number

ADDRESS = re.compile(r"(?P<lead>\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)(?P<address>[^\s)>#?]+)")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
PRETEST = re.compile(r"^(?:uji-awal|pretest)\s*:", re.IGNORECASE)

Contents = Mapping[str, bytes]
Moves = Mapping[str, str]


class Link(NamedTuple):
    """A link of a file to another of the course, by its line (from 1)."""

    path: str
    line: int
    target: str


def is_folder(paths: Sequence[str], path: str) -> bool:
    """Whether a name is that of a module folder."""
    return path not in paths and any(held.startswith(path + "/") for held in paths)


def modules(paths: Sequence[str]) -> list[str]:
    """The module folders in their order."""
    tops = {path.split("/")[0] for path in paths if "/" in path}
    return sorted(tops - {BANK_FOLDER, ASSET_FOLDER}, key=order_of)


def lessons(paths: Sequence[str], folder: str) -> list[str]:
    """The lesson files of a folder, "" for none, in their order."""
    held = [path for path in paths if path.rpartition("/")[0] == folder and path.endswith(".md")]
    names = (COURSE_FILE, MODULE_FILE, *UNREAD_NAMES)
    found = [path for path in held if path.rpartition("/")[2].lower() not in names]
    return sorted(found, key=lambda path: order_of(path.rpartition("/")[2]))


def siblings(paths: Sequence[str], path: str) -> list[str]:
    """What stands in one order with a lesson file or module folder."""
    if is_folder(paths, path):
        return modules(paths)
    found = lessons(paths, path.rpartition("/")[0])
    return found if path in found else []


def reordered(paths: Sequence[str], path: str, steps: int) -> Moves:
    """The new names that put a file or folder a step up (-1) or down (1); none at an end."""
    order = siblings(paths, path)
    if path not in order or not 0 <= order.index(path) + steps < len(order):
        return {}
    at = order.index(path)
    order.insert(at + steps, order.pop(at))
    return spread(paths, _numbered(order))


def _numbered(order: Sequence[str]) -> dict[str, str]:
    """The numbers that are there in the new order; anew where some lack or stand twice."""
    names = [path.rpartition("/")[2] for path in order]
    written = [found[0] for name in names if (found := re.match(r"\d{1,9}(?=[-_. ]+.)", name))]
    if len({int(number) for number in written}) < len(order):
        width = max(2, len(str(len(order))))
        written = [f"{number:0{width}}" for number in range(1, len(order) + 1)]
    written.sort(key=int)
    return {
        path: posixpath.join(posixpath.dirname(path), f"{number}-{without_number(name)}")
        for path, number, name in zip(order, written, names, strict=True)
    }


def spread(paths: Sequence[str], names: Moves) -> dict[str, str]:
    """The moves of files that new names of files and folders lead to."""
    found: dict[str, str] = {}
    for old, new in names.items():
        if old == new:
            continue
        if old in paths:
            found[old] = new
        inside = (path for path in paths if path.startswith(old + "/"))
        found |= {path: new + path[len(old) :] for path in inside}
    return found


def mended(contents: Contents, moves: Moves) -> dict[str, bytes]:
    """The files whose links had to follow, by their new path; all else in them stays."""
    changed: dict[str, bytes] = {}
    for path, content in contents.items():
        if not path.endswith(".md"):
            continue
        text = content.decode("utf-8", "surrogateescape")
        new = _mended(path, text, contents, moves)
        if new != text:
            changed[moves.get(path, path)] = new.encode("utf-8", "surrogateescape")
    return changed


def _mended(path: str, text: str, contents: Contents, moves: Moves) -> str:
    here = posixpath.dirname(moves.get(path, path)) or "."

    def replaced(found: re.Match[str]) -> str:
        target = _target(path, found["address"])
        if target not in contents:
            return found[0]
        wanted = moves.get(target, target)
        if _target(moves.get(path, path), found["address"]) == wanted:
            return found[0]
        return found["lead"] + posixpath.relpath(wanted, here)

    rows = [ADDRESS.sub(replaced, row) if shown else row for row, shown in _rows(text)]
    if path == COURSE_FILE:
        rows = list(_with_banks(rows, moves))
    return "".join(rows)


def _with_banks(rows: Sequence[str], moves: Moves) -> Iterator[str]:
    """The banks of the pretest are named by their paths in the settings of the course."""
    inside = False
    for row in rows:
        inside = bool(PRETEST.match(row)) or (inside and row[:1] in (" ", "-", "\t"))
        for old, new in moves.items() if inside else ():
            row = re.sub(rf"(?<![\w/-]){re.escape(old)}(?![\w/-])", new, row)
        yield row


def _rows(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text, and whether links stand in them: not in fenced code."""
    fence = ""
    for row in rows_of(text):
        found = FENCE.match(row)
        yield row, not fence and not found
        if found and not fence:
            fence = found[1]
        elif found and row.strip().startswith(fence) and not row.strip().strip(fence[0]):
            fence = ""


def _target(path: str, address: str) -> str:
    """The file an address leads to; nothing for one that leads elsewhere."""
    if SCHEME.match(address) or address.startswith(("/", "#")):
        return ""
    joined = posixpath.join(posixpath.dirname(path), percent_decode(address))
    return posixpath.normpath(joined)


def links_to(contents: Contents, paths: Sequence[str]) -> list[Link]:
    """The links of other files that lead to some files."""
    found: list[Link] = []
    for path, content in contents.items():
        if path in paths or not path.endswith(".md"):
            continue
        for line, (row, shown) in enumerate(_rows(content.decode("utf-8", "replace")), 1):
            targets = [_target(path, m["address"]) for m in ADDRESS.finditer(row)] if shown else []
            found += [Link(path, line, target) for target in targets if target in paths]
    return found


def mentions(contents: Contents, moves: Moves) -> list[str]:
    """The files that still name a file by the path it had, in words no link is made of."""
    old = [path for path in moves if path not in moves.values() and path.endswith(".md")]
    texts = {p: c.decode("utf-8", "replace") for p, c in contents.items() if p.endswith(".md")}
    return [path for path, text in texts.items() if any(name in text for name in old)]
