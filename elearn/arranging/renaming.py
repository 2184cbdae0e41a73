"""What a file or module is called next, and the old name it remembers. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from elearn.content.building import slug_of
from elearn.content.compiler import LESSON_SCHEMA, MODULE_FILE, MODULE_SCHEMA
from elearn.content.frontmatter import Schema
from elearn.content.matter_edits import listed, scalar, settings_of, with_settings
from elearn.content.moves import lessons, modules
from elearn.content.reader import MAX_SLUG, without_number
from elearn.editing.form_edits import marked, raw
from elearn.errors import Invalid

Contents = Mapping[str, bytes]
OLD_NAMES = "slug-lama"


def renamed(path: str, typed: str) -> str:
    """A path under another name; its number and what it ends with stay. Raises Invalid."""
    folder, _, name = path.rpartition("/")
    stem, ending = posixpath.splitext(name)
    slug = slug_of(typed, MAX_SLUG)
    if not slug:
        raise Invalid("no_name", "name")
    number = re.match(r"\d{1,9}(?=[-_. ]+.)", stem)
    return posixpath.join(folder, (f"{number[0]}-" if number else "") + slug + ending)


def placed(paths: list[str], path: str, folder: str) -> str:
    """A lesson as the last one of another module. Raises Invalid."""
    if folder not in modules(paths):
        raise Invalid("no_folder", "folder")
    names = [held.rpartition("/")[2] for held in lessons(paths, folder)]
    numbers = [int(found[0]) for name in names if (found := re.match(r"\d{1,4}", name))]
    name = without_number(path.rpartition("/")[2])
    return f"{folder}/{max(numbers, default=0) + 1:02}-{name}"


def name_of(path: str) -> str:
    """What a file or folder is called, without number and ending."""
    name = path.rpartition("/")[2]
    return without_number(posixpath.splitext(name)[0])


def with_old_names(contents: Contents, old: str, new: str) -> dict[str, bytes]:
    """What must remember that a lesson or module had another name, by its path now.

    ``contents`` are the files under their new names. Raises Invalid where the settings of a file
    cannot be read.
    """
    if new.endswith(".md"):
        return _of_lesson(contents, old, new)
    was, now = name_of(old), name_of(new)
    if was == now:
        return {}
    path = f"{new}/{MODULE_FILE}"
    if path not in contents:
        title = scalar(was.replace("-", " ").capitalize())
        return {path: f"---\njudul: {title}\nslug-lama: [{was}]\n---\n".encode()}
    return _remembering(contents, path, was, MODULE_SCHEMA)


def _of_lesson(contents: Contents, old: str, new: str) -> dict[str, bytes]:
    folders = (posixpath.dirname(old), posixpath.dirname(new))
    was = name_of(old)
    if folders[0] != folders[1]:
        return _remembering(contents, new, f"{_module_key(contents, folders[0])}/{was}")
    return _remembering(contents, new, was) if was != name_of(new) else {}


def _module_key(contents: Contents, folder: str) -> str:
    head = contents.get(f"{folder}/{MODULE_FILE}")
    matter = settings_of(raw(head), MODULE_SCHEMA) if head is not None else None
    return (matter.text("id") if matter else "") or name_of(folder)


def _remembering(
    contents: Contents, path: str, was: str, schema: Schema = LESSON_SCHEMA
) -> dict[str, bytes]:
    """A file that lists a former name, unless it has an id that no name changes."""
    text = raw(contents[path])
    matter = settings_of(text, schema)
    if matter is None:
        raise Invalid("settings_unreadable")
    if matter.has("id"):
        return {}
    now = name_of(path.removesuffix(f"/{MODULE_FILE}"))
    held = [value.text for value in matter.words(OLD_NAMES, "")]
    names = [name for name in dict.fromkeys([*held, was]) if name != now]
    written = with_settings(text, schema, {OLD_NAMES: listed(names)})
    return {path: marked(contents[path], written)}
