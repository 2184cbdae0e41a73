"""Edits of a draft's file through forms: one question changed, added or removed. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from elearn.content.course import Shape
from elearn.content.drafts import File
from elearn.content.places import (
    QuestionPlace,
    Room,
    free_id,
    questions_in,
    rooms_in,
    taken_ids,
    text_end,
)
from elearn.content.reader import tidy
from elearn.content.sections import Role
from elearn.editing.question_forms import (
    fields_of,
    inserted,
    markdown_of,
    removed,
    rewritten,
)
from elearn.editing.shape_forms import SHAPE_FORMS, Fields
from elearn.errors import Conflict, NotFound

BOM = "\ufeff"
CHECK = "check"
QUIZ = "quiz"
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
    before = old.decode("utf-8", "replace")
    mark = BOM if before.startswith(BOM) else ""
    if "\r\n" in before:
        text = text.replace("\n", "\r\n")
    return (mark + text).encode()


def places(file: File) -> list[QuestionPlace]:
    """The questions of a file, by the lines of the file."""
    return questions_in(file.path, tidy(raw(file.content)))


def questions(file: File) -> list[Shown]:
    """The questions of a file with their forms."""
    return [Shown(i, place, fields_of(place)) for i, place in enumerate(places(file))]


def rooms(file: File) -> list[Room]:
    """The quizzes of a file, or its bank."""
    return rooms_in(file.path, tidy(raw(file.content)))


def _marked(file: File, text: str) -> bytes:
    mark = BOM if file.content.startswith(BOM.encode()) else ""
    return (mark + text).encode()


def with_question(file: File, index: int, fields: Fields) -> bytes:
    """The file with one question as a form says.

    Raises Conflict("moved") when another question stands there by now, Invalid as ``rewritten``.
    """
    found = places(file)
    if index >= len(found) or found[index].id != fields.id:
        raise Conflict("moved")
    return _marked(file, rewritten(raw(file.content), found[index], fields))


def without(file: File, index: int) -> bytes:
    """The file without one question. Raises NotFound."""
    found = places(file)
    if index >= len(found):
        raise NotFound
    place = found[index]
    text = raw(file.content)
    return _marked(file, removed(text, place.start, place.end))


def with_block(file: File, markdown: str) -> bytes:
    """The file with a block of its own at the end of its text, before any question."""
    line = text_end(file.path, tidy(raw(file.content)))
    return _marked(file, inserted(raw(file.content), line, markdown))


def _last_line(file: File) -> int:
    return len(tidy(raw(file.content)).rstrip().split("\n"))


def ids_of(contents: Mapping[str, bytes]) -> set[str]:
    """Every id of a question in the working copy."""
    texts = [(p, tidy(raw(content))) for p, content in contents.items() if p.endswith(".md")]
    return taken_ids(texts)


def with_new(file: File, shape: Shape, room: str, taken: set[str]) -> tuple[bytes, int]:
    """The file with the example of a shape in a room, and which question of the file it is.

    ``room`` is the number of a quiz or bank, "check" for a self-check or "quiz" for a new quiz,
    both at the end of the file. Raises NotFound.
    """
    example = replace(SHAPE_FORMS[shape].example, id=free_id(NEW_ID, set(taken)))
    line, written = _placed(file, example, room)
    content = _marked(file, inserted(raw(file.content), line, written))
    changed = places(replace(file, content=content))
    index = next((i for i, place in enumerate(changed) if place.id == example.id), 0)
    return content, index


def _placed(file: File, example: Fields, room: str) -> tuple[int, str]:
    end = _last_line(file)
    if room == CHECK:
        return end, markdown_of(example, 3, Role.CHECK)
    if room == QUIZ:
        return end, "## Kuis: Kuis\n\n`lulus 70%` `maks 3 kali`\n\n" + markdown_of(
            example, 3, Role.QUIZ
        )
    found = rooms(file)
    if not room.isdigit() or int(room) >= len(found):
        raise NotFound
    chosen = found[int(room)]
    return chosen.end, markdown_of(example, chosen.level + 1, chosen.role)


def examples() -> list[tuple[str, str]]:
    """A filled example of each shape, by its name, for the insert menu."""
    return [(form.label, markdown_of(form.example, 3, Role.QUIZ)) for form in SHAPE_FORMS.values()]
