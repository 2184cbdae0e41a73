"""Every question of a draft gets its id, so that answers stay with it when its wording changes."""

from __future__ import annotations

from elearn.content import draft_history, drafts, identities
from elearn.content.drafts import Change, File
from elearn.editing import form_edits


def with_ids(course_id: int, old: File, content: bytes) -> bytes:
    """A file as it is about to be saved, with an id under each of its questions."""
    if not old.path.endswith(".md"):
        return content
    contents = drafts.contents(course_id)
    others = {path: held for path, held in contents.items() if path != old.path}
    before = draft_history.settled(course_id).get(old.path, old.content)
    texts = (form_edits.raw(before), form_edits.raw(content))
    named = identities.with_ids(old.path, *texts, form_edits.ids_of(others))
    return content if named == texts[1] else form_edits.marked(old.content, named)


def name_all(course_id: int, person_id: int) -> None:
    """The same for the whole working copy, before it becomes an edition."""
    settled = draft_history.settled(course_id)
    contents = drafts.contents(course_id)
    texts = {p: form_edits.raw(held) for p, held in contents.items() if p.endswith(".md")}
    before = {path: form_edits.raw(content) for path, content in settled.items()}
    for path, text in identities.of_course(before, texts).items():
        file = drafts.load(course_id, path)
        drafts.save(
            course_id, Change(path, form_edits.marked(file.content, text), file.number), person_id
        )
