"""The files of a draft arranged: moved up and down, renamed, deleted, each by its revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from elearn.arranging import renaming
from elearn.content import catalogue, draft_moves, drafts, moves
from elearn.content.compiler import BANK_FOLDER, COURSE_FILE, MODULE_FILE
from elearn.content.moves import Link
from elearn.editing import form_edits, new_files, text_forms
from elearn.errors import Conflict, Invalid, NotFound

BANKS = f"{BANK_FOLDER}/"


@dataclass(frozen=True)
class Item:
    """A lesson or module as the page of the order lists it."""

    path: str
    title: str
    number: int = 0


@dataclass(frozen=True)
class Group:
    """A module with its lessons, or all lessons of a course without modules."""

    module: Item | None
    lessons: tuple[Item, ...]


@dataclass(frozen=True)
class Order:
    """The files of a draft in their order; ``token`` names it, so that a change is noticed."""

    token: str
    groups: tuple[Group, ...]
    banks: tuple[Item, ...]
    others: tuple[Item, ...]
    # The modules that have a file of their own with title and introduction.
    heads: frozenset[str]

    @property
    def folders(self) -> list[tuple[str, str]]:
        """The modules by path and title."""
        return [(group.module.path, group.module.title) for group in self.groups if group.module]


@dataclass(frozen=True)
class _Seen:
    """The working copy as an act finds it: read before it is changed, the revisions first."""

    numbers: Mapping[str, int]
    contents: Mapping[str, bytes]

    @property
    def paths(self) -> list[str]:
        return list(self.contents)


def _seen(course_id: int) -> _Seen:
    numbers = {entry.path: entry.number for entry in drafts.tree(course_id)}
    return _Seen(numbers, drafts.contents(course_id))


def token_of(paths: list[str]) -> str:
    """A name for what files there are."""
    return sha256("\n".join(sorted(paths)).encode()).hexdigest()[:16]


def shown(course_id: int) -> Order:
    """The files of a draft in their order, by title."""
    seen = _seen(course_id)
    paths = seen.paths
    groups = [
        Group(_module(seen, folder), _lessons(seen, folder)) for folder in moves.modules(paths)
    ]
    root = _lessons(seen, "")
    listed = {item.path for group in groups for item in group.lessons}
    listed |= {item.path for item in root} | {COURSE_FILE}
    others = [p for p in paths if p not in listed and p.rpartition("/")[2] != MODULE_FILE]
    return Order(
        token_of(paths),
        (*([Group(None, root)] if root else []), *groups),
        tuple(_item(seen, path) for path in others if path.startswith(BANKS)),
        tuple(_item(seen, path) for path in others if not path.startswith(BANKS)),
        frozenset(path.rpartition("/")[0] for path in paths if path.endswith(f"/{MODULE_FILE}")),
    )


def _lessons(seen: _Seen, folder: str) -> tuple[Item, ...]:
    return tuple(_item(seen, path) for path in moves.lessons(seen.paths, folder))


def _item(seen: _Seen, path: str) -> Item:
    return Item(path, _title(seen, path), seen.numbers.get(path, 0))


def _title(seen: _Seen, path: str) -> str:
    is_text = path.endswith(".md") and path in seen.contents
    title = text_forms.title_of(path, form_edits.raw(seen.contents[path])) if is_text else ""
    return title or path.rpartition("/")[2]


def _module(seen: _Seen, folder: str) -> Item:
    head = f"{folder}/{MODULE_FILE}"
    named = _title(seen, head) if head in seen.contents else ""
    return Item(folder, named or renaming.name_of(folder).replace("-", " ").capitalize())


def item(course_id: int, path: str) -> Item:
    """A file or module of a draft. Raises NotFound."""
    seen = _seen(course_id)
    if moves.is_folder(seen.paths, path) and path in moves.modules(seen.paths):
        return _module(seen, path)
    if path not in seen.contents:
        raise NotFound
    return _item(seen, path)


def step(course_id: int, path: str, steps: int, token: str, person_id: int) -> None:
    """Put a lesson or module a place up (-1) or down (1).

    Raises Conflict("tree_moved") when the files are no longer those that were seen.
    """
    seen = _unmoved(course_id, token)
    _apply(course_id, seen, moves.reordered(seen.paths, path, steps), {}, person_id)


def _unmoved(course_id: int, token: str) -> _Seen:
    seen = _seen(course_id)
    if token_of(seen.paths) != token:
        raise Conflict("tree_moved")
    return seen


class Wanted(NamedTuple):
    """What a file or module is to be called, and the module a lesson is to stand in."""

    name: str
    folder: str = ""


def rename(
    course_id: int, path: str, wanted: Wanted, token: str, person_id: int
) -> tuple[str, list[str]]:
    """Give a file or module another name, or a lesson another module; links follow.

    Returns the new path, and the files that still name the old one in words. Raises Conflict,
    NotFound, Invalid with a stable word.
    """
    seen = _unmoved(course_id, token)
    new = _new_path(seen, path, wanted)
    if new == path:
        return new, []
    spread = moves.spread(seen.paths, {path: new})
    if moves.is_folder(seen.paths, new) or new_files.is_named(new, seen.paths, path):
        raise Conflict("exists")
    _apply(course_id, seen, spread, {path: new}, person_id)
    return new, moves.mentions(drafts.contents(course_id), spread)


def _new_path(seen: _Seen, path: str, wanted: Wanted) -> str:
    is_known = path in seen.contents or path in moves.modules(seen.paths)
    if not is_known or path == COURSE_FILE or path.endswith(f"/{MODULE_FILE}"):
        raise NotFound
    name, folder = wanted
    new = renaming.renamed(path, name) if name != renaming.name_of(path) else path
    is_lesson = path in moves.lessons(seen.paths, path.rpartition("/")[0])
    if folder and is_lesson and folder != path.rpartition("/")[0]:
        new = renaming.placed(seen.paths, new, folder)
    return new


def _apply(
    course_id: int,
    seen: _Seen,
    spread: Mapping[str, str],
    names: Mapping[str, str],
    person_id: int,
) -> None:
    """Move files, mend the links to them, and let what was published remember its old name."""
    if not spread:
        return
    changed = moves.mended(seen.contents, spread)
    after = {spread.get(path, path): content for path, content in seen.contents.items()}
    after |= changed
    if catalogue.has_version(course_id):
        for old, new in names.items():
            if not new.startswith(("bank/", "assets/")):
                changed |= renaming.with_old_names(after, old, new)
    moved = {new: after[new] for new in spread.values()}
    draft_moves.apply(course_id, spread, {**moved, **changed}, seen.numbers, person_id)


def links_to(course_id: int, path: str) -> list[Link]:
    """The links that a deleted file or module would leave without an end."""
    contents = drafts.contents(course_id)
    return moves.links_to(contents, _inside(list(contents), path))


def _inside(paths: list[str], path: str) -> list[str]:
    return [held for held in paths if held == path or held.startswith(path + "/")]


def delete_file(course_id: int, path: str, based_on: int, person_id: int) -> None:
    """Take a file away; its revisions stay.

    Raises NotFound, Conflict("moved_file") when somebody saved it meanwhile, Invalid for the file
    a course cannot be without.
    """
    if path == COURSE_FILE:
        raise Invalid("needed_file")
    try:
        drafts.delete(course_id, path, based_on, person_id)
    except Conflict:
        raise Conflict("moved_file") from None


def delete_module(course_id: int, folder: str, token: str, person_id: int) -> None:
    """Take a module away with all its files. Raises NotFound, Conflict("tree_moved")."""
    seen = _unmoved(course_id, token)
    if folder not in moves.modules(seen.paths):
        raise NotFound
    for held in _inside(seen.paths, folder):
        drafts.delete(course_id, held, seen.numbers[held], person_id)


def inside(course_id: int, path: str) -> list[str]:
    """The paths of a file, or of all files of a module."""
    return _inside([entry.path for entry in drafts.tree(course_id)], path)
