"""Edits of a draft's file through forms: one question changed, added or removed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from typing import NamedTuple

from elearn.content.course import Shape
from elearn.content.drafts import File
from elearn.content.heads import Head, heads_in
from elearn.content.lines import inserted, removed
from elearn.content.places import QuestionPlace, free_id, questions_in, taken_ids
from elearn.content.reader import tidy
from elearn.content.sections import Role
from elearn.content.texts import text_end
from elearn.editing.fields import Fields
from elearn.editing.question_forms import fields_of, markdown_of, rewritten
from elearn.editing.shape_forms import SHAPE_FORMS, forms_for
from elearn.errors import Conflict, NotFound

BOM = "\ufeff"
CHECK = "check"
QUIZ = "quiz"
SURVEY = "survey"
NEW_ROOMS = {
    CHECK: (Role.CHECK, ""),
    QUIZ: (Role.QUIZ, "## Kuis: Kuis\n\n`lulus 70%` `maks 3 kali`\n\n"),
    SURVEY: (Role.SURVEY, "## Survei: Survei\n\n"),
}
NEW_ID = "soal"


class Shown(NamedTuple):
    """A question of a file, and its form unless only its text can say it all."""

    position: int
    place: QuestionPlace
    fields: Fields | None


def raw(content: bytes) -> str:
    """A file's text with its own line ends, without a byte-order mark."""
    return content.decode("utf-8-sig", "replace")


def like(old: bytes, text: str) -> bytes:
    """A text with LF as the bytes of a file that keeps the line ends and mark it had."""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    return marked(old, text)


def marked(old: bytes, text: str) -> bytes:
    """A text as the bytes of a file that keeps the byte-order mark it had."""
    mark = BOM if old.startswith(BOM.encode()) else ""
    return (mark + text).encode()


def places(file: File) -> list[QuestionPlace]:
    """The questions of a file, by the lines of the file."""
    return questions_in(file.path, tidy(raw(file.content)))


def questions(file: File) -> list[Shown]:
    """The questions of a file with their forms."""
    return [Shown(i, place, fields_of(place)) for i, place in enumerate(places(file))]


def label_of(shown: Shown) -> str:
    """What the shape of a question is called."""
    return forms_for(shown.place.role)[shown.fields.shape].label if shown.fields else ""


def heads(file: File) -> list[Head]:
    """The quizzes, pools, surveys and reflections of a file, or its bank."""
    return heads_in(file.path, tidy(raw(file.content)))


def rooms(file: File) -> list[tuple[int, Head]]:
    """Where questions may be added: what holds some, by its number among the heads."""
    return [(at, head) for at, head in enumerate(heads(file)) if _is_room(head)]


def _is_room(head: Head) -> bool:
    """A pool that draws from banks has no questions of its own."""
    return head.role is not Role.REFLECTION and not (head.role is Role.POOL and head.body)


def with_question(file: File, index: int, fields: Fields, taken: Set[str] = frozenset()) -> bytes:
    """The file with one question as a form says.

    A question that had no id gets the one that stood in for it, so that its answers and
    statistics stay with it. Raises Conflict("moved") when another question stands there by now,
    Invalid as ``rewritten``.
    """
    found = places(file)
    if index >= len(found) or found[index].id != fields.id:
        raise Conflict("moved")
    place, text = found[index], raw(file.content)
    if rewritten(text, place, fields) == text:
        return file.content
    named = replace(fields, id=place.id or free_id(place.default, set(taken)))
    return marked(file.content, rewritten(text, place, named))


def without(file: File, index: int) -> bytes:
    """The file without one question. Raises NotFound."""
    found = places(file)
    if index >= len(found):
        raise NotFound
    place = found[index]
    text = raw(file.content)
    return marked(file.content, removed(text, place.start, place.end))


def with_block(file: File, markdown: str) -> bytes:
    """The file with a block of its own at the end of its text, before any question."""
    line = text_end(file.path, tidy(raw(file.content)))
    return marked(file.content, inserted(raw(file.content), line, markdown))


def _last_line(file: File) -> int:
    return len(tidy(raw(file.content)).rstrip().split("\n"))


def ids_of(contents: Mapping[str, bytes]) -> set[str]:
    """Every id that may stand in the working copy."""
    return taken_ids(raw(content) for p, content in contents.items() if p.endswith(".md"))


def with_new(file: File, shape: Shape, room: str, taken: set[str]) -> tuple[bytes, int]:
    """The file with the example of a shape in a room, and which question of the file it is.

    ``room`` is the number of a head, or CHECK, QUIZ or SURVEY for a new one at the end of the
    file. Raises NotFound.
    """
    line, level, role, before = _placed(file, room)
    if shape not in forms_for(role):
        raise NotFound
    example = replace(forms_for(role)[shape].example, id=free_id(NEW_ID, set(taken)))
    written = before + markdown_of(example, level, role)
    content = marked(file.content, inserted(raw(file.content), line, written))
    changed = places(replace(file, content=content))
    index = next((i for i, place in enumerate(changed) if place.id == example.id), 0)
    return content, index


def _placed(file: File, room: str) -> tuple[int, int, Role, str]:
    """The line before, the level of the heading, what it is part of, and what comes first."""
    end = _last_line(file)
    if room in NEW_ROOMS:
        role, before = NEW_ROOMS[room]
        return end, 3, role, before
    found = dict(rooms(file))
    if not room.isdecimal() or int(room) not in found:
        raise NotFound
    head = found[int(room)]
    role = Role.QUIZ if head.role is Role.POOL else head.role
    return head.last, head.level + 1, role, ""


def examples() -> list[tuple[str, str]]:
    """A filled example of each shape, by its name, for the insert menu."""
    return [(form.label, markdown_of(form.example, 3, Role.QUIZ)) for form in SHAPE_FORMS.values()]
