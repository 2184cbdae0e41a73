"""The lesson page from a shell: what it is kept under, and what fills its gaps."""

from __future__ import annotations

from collections.abc import Hashable

from elearn.learning.study import LessonPage
from elearn.people import access
from elearn.people.actors import Actor
from elearn.shells import Kept

# Each lesson of a table of contents in each of its states, as HTML.
Entries = dict[tuple[str, str], bytes]
STATES = ("done", "current", "open")


def key_of(page: LessonPage, person: Actor) -> Hashable:
    """All that the page depends on, but for its gaps."""
    version_id = page.studying.key.version_id
    here = page.studying
    state = (page.is_finished, page.may_finish, here.has_newer_version, here.may_take_pretest)
    return ("lesson", version_id, page.lesson.key, state, person.permissions)


def entries_key_of(page: LessonPage) -> Hashable:
    """Under which the entries of the table of contents are kept."""
    return ("outline", page.studying.key.version_id)


def filled(kept: Kept, page: LessonPage, person: Actor) -> bytes | None:
    """The page as it is sent; None while its shell has not been made."""
    shell = kept.find(key_of(page, person))
    entries = kept.find(entries_key_of(page))
    if shell is None or entries is None:
        return None
    page_bytes: bytes = shell.fill(access.on_page(person) | _outline_values(page, entries))
    return page_bytes


def _outline_values(page: LessonPage, entries: Entries) -> dict[str, bytes]:
    here, current = page.studying, page.lesson.key
    values = {"percent": b"%d" % here.percent}
    for module in here.outline.modules:
        states = {le.key: "done" if here.is_finished(le) else "open" for le in module.lessons}
        values[f"done:{module.key}"] = b"%d" % list(states.values()).count("done")
        if current in states:
            states[current] = "current"
        values.update((f"lesson:{key}", entries[key, state]) for key, state in states.items())
    return values
