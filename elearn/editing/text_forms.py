"""The title and the text of a file, changed apart from all that asks something. Pure."""

from __future__ import annotations

from elearn.content.compiler import (
    BANK_SCHEMA,
    COURSE_FILE,
    LESSON_SCHEMA,
    MODULE_FILE,
    MODULE_SCHEMA,
)
from elearn.content.frontmatter import Schema
from elearn.content.lines import inserted, removed, spliced
from elearn.content.matter_edits import scalar, settings_of, with_settings
from elearn.content.places import is_bank
from elearn.content.reader import tidy
from elearn.content.sections import Role
from elearn.content.settings import COURSE_SCHEMA
from elearn.content.texts import TextPlace, texts_in, title_in
from elearn.editing.fields import one_line
from elearn.editing.head_forms import NUMBER, frame_of, with_heading
from elearn.errors import Conflict, Invalid

MAX_TITLE = 200


def schema_of(path: str) -> Schema:
    """The settings a file may have."""
    if path == COURSE_FILE:
        return COURSE_SCHEMA
    if is_bank(path):
        return BANK_SCHEMA
    return MODULE_SCHEMA if path.rpartition("/")[2] == MODULE_FILE else LESSON_SCHEMA


def title_of(path: str, text: str) -> str:
    """The title of a page: that of its settings, or its heading."""
    matter = settings_of(text, schema_of(path))
    written = matter.text("judul") if matter else ""
    heading = title_in(path, tidy(text))
    return written or (heading.title if heading else "")


def with_title(path: str, text: str, title: str) -> str:
    """The file under another title, wherever it is written. Raises Invalid."""
    title = one_line(title)
    old = title_of(path, text)
    if title == one_line(old):
        return text
    if not title or len(title) > MAX_TITLE:
        raise Invalid("no_title", "title")
    schema = schema_of(path)
    matter = settings_of(text, schema)
    if matter is None:
        raise Invalid("settings_unreadable")
    heading = title_in(path, tidy(text))
    plain = heading if heading and heading.role is Role.TEXT else None
    changed = text
    if plain and (not matter.has("judul") or plain.title == old):
        changed = with_heading(text, plain.start, plain.end, title, NUMBER)
    if matter.has("judul") or not plain:
        changed = with_settings(changed, schema, {"judul": scalar(title)})
    if title_of(path, changed) != title or frame_of(path, text)[1:] != frame_of(path, changed)[1:]:
        raise Invalid("reads_otherwise", "title")
    return changed


def texts(path: str, text: str) -> list[TextPlace]:
    """The stretches of text of a file."""
    return texts_in(path, tidy(text))


def with_text(path: str, text: str, at: int, typed: str) -> str:
    """The file with one stretch of its text as it was typed.

    Raises Conflict("moved") when there is no such stretch any more, Invalid("reads_otherwise")
    for text that would become a question, or part of one.
    """
    places = texts(path, text)
    if at >= len(places):
        raise Conflict("moved")
    place, typed = places[at], typed.strip("\n")
    if typed == place.source:
        return text
    changed = _replaced(text, place, typed)
    if frame_of(path, text) != frame_of(path, changed) or not _is_there(path, changed, typed):
        raise Invalid("reads_otherwise", "text")
    return changed


def _replaced(text: str, place: TextPlace, typed: str) -> str:
    if place.end < place.start:
        return inserted(text, place.end, typed)
    if not typed.strip():
        return removed(text, place.start, place.end)
    return spliced(text, place.start, place.end, typed)


def _is_there(path: str, text: str, typed: str) -> bool:
    """Whether every line that was typed stands in the text, and in no question."""
    rows = [row.rstrip() for row in tidy(typed).split("\n") if row.strip()]
    held = [row.rstrip() for place in texts(path, text) for row in place.source.split("\n")]
    return all(row in held for row in rows)
