"""A question as a form, and a form as the question's Markdown. Pure.

What a form holds is written as Markdown and read again:
only what comes back unchanged is offered as a form or taken into the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from elearn.content.chips import MAX_POINTS, Chips, Name
from elearn.content.cloze import MARK, gaps_in
from elearn.content.course import Shape
from elearn.content.found import Answer
from elearn.content.keys import FULL_PERCENT
from elearn.content.lines import spliced
from elearn.content.places import QuestionPlace, questions_in
from elearn.content.questions import Draft
from elearn.content.sections import Role
from elearn.editing.fields import Fields, as_read, codes_of, one_line, tidied
from elearn.editing.shape_forms import forms_for
from elearn.errors import Invalid

MAX_TYPOS = 3
QUOTED = re.compile(r"^\s*>", re.MULTILINE)


def fields_of(place: QuestionPlace) -> Fields | None:
    """The form of a question; None where the form could not give back what stands there."""
    draft = place.draft
    if draft is None or not place.is_sound or draft.answer.shape not in forms_for(place.role):
        return None
    if place.role is Role.SURVEY and QUOTED.search(place.source):  # its reader passes over these
        return None
    fields = _fields(place, draft)
    again = _read(place, markdown_of(fields, place.level, place.role))
    return fields if again is not None and _says(again) == _says(place) else None


def _fields(place: QuestionPlace, draft: Draft) -> Fields:
    chips, shape = draft.chips, draft.answer.shape
    hardness = chips.get(Name.DIFFICULTY)
    points = 1 if shape is Shape.ESSAY else chips.get(Name.POINTS, 1)
    return Fields(
        shape=shape,
        title=place.title,
        stem=_with_gaps(place, draft.stem),
        points=f"{points}",
        difficulty=str(hardness) if hardness else "",
        competencies=", ".join(_competency(c.code, c.level) for c in chips.all(Name.COMPETENCY)),
        typos=f"{chips.get(Name.TYPOS, 0)}",
        partial=chips.get(Name.PARTIAL, False),
        fixed_order=not chips.get(Name.SHUFFLED, True),
        void=chips.get(Name.VOID, False),
        id=place.id,
        hints=draft.hints,
        explanation=draft.explanation,
        **forms_for(place.role)[shape].read(draft.answer),  # type: ignore[arg-type]  # a part of Fields
    )


def _with_gaps(place: QuestionPlace, stem: str) -> str:
    """A stem whose marks are again the gaps that were written."""
    gaps = [gap for text in (place.title, place.source) for _, gap in gaps_in(text)]
    return MARK.sub(lambda found: f"[[{gaps[int(found[1])]}]]", stem)


def _competency(code: str, level: int) -> str:
    return f"{code}:{level}" if level else code


def markdown_of(fields: Fields, level: int, role: Role) -> str:
    """The lines of a question from its heading on, without a blank line at the end."""
    word = f"{Role.CHECK}: " if role is Role.CHECK else ""
    parts = [f"{'#' * level} {word}{one_line(fields.title)}"]
    parts.append(" ".join(f"`{chip}`" for chip in _chips(fields, role)))
    parts.append(fields.stem.strip("\n"))
    parts += [_quote("Petunjuk: " + hint) for hint in fields.hints]
    parts.append("\n".join(forms_for(role)[fields.shape].write(fields)))
    parts.append(_quote(fields.explanation) if fields.explanation.strip() else "")
    return "\n\n".join(part for part in parts if part)


def _quote(text: str) -> str:
    return "\n".join(f"> {row}".rstrip() for row in text.strip("\n").split("\n"))


def _chips(fields: Fields, role: Role) -> list[str]:
    named = [f"#{fields.id}"] if fields.id else []
    if role is Role.SURVEY:
        return [*named, *(["boleh beberapa"] if fields.shape is Shape.MULTIPLE else [])]
    has_typos = fields.typos not in ("", "0") and fields.shape in (Shape.TEXT, Shape.CLOZE)
    return [
        *named,
        *([f"{fields.points} poin"] if _has_points(fields) else []),
        *(f"@{code}" for code in codes_of(fields.competencies)),
        *([fields.difficulty] if fields.difficulty else []),
        *(["parsial"] if fields.partial and fields.shape is Shape.MULTIPLE else []),
        *(["urutkan"] if fields.shape is Shape.ORDERING else []),
        *(["urut tetap"] if fields.fixed_order else []),
        *([f"salah ketik {fields.typos}"] if has_typos else []),
        *(["anulir"] if fields.void else []),
    ]


def _has_points(fields: Fields) -> bool:
    """The points of an essay are those of its rubric."""
    return fields.points not in ("", "1") and fields.shape is not Shape.ESSAY


def _read(place: QuestionPlace, markdown: str) -> QuestionPlace | None:
    """A question by itself, read in the kind of place it stands in."""
    above = "#" * (place.level - 1)
    head = {
        Role.BANK: "# Bank: x\n\n",
        Role.QUIZ: f"{above} Kuis: x\n\n",
        Role.SURVEY: f"{above} Survei: x\n\n",
    }
    path = "bank/x.md" if place.role is Role.BANK else "x.md"
    found = questions_in(path, head.get(place.role, "") + markdown + "\n")
    return found[0] if len(found) == 1 and found[0].is_sound else None


def _says(place: QuestionPlace) -> object:
    """All that a question says, but for the lines it stands on."""
    draft = place.draft
    if draft is None:
        return None
    says = (place.title, draft.stem.strip(), draft.hints, draft.explanation.strip())
    shape = draft.answer.shape
    answer = _without_lines(asdict(_plainly(draft.answer)))
    return (*says, _significant(draft.chips, shape), answer)


def _plainly(answer: Answer) -> Answer:
    """A list of one answer that earns everything says what the answer alone would say."""
    if len(answer.expected) != 1:
        return answer
    only = answer.expected[0]
    plain = only.percent == FULL_PERCENT and not only.feedback
    return replace(answer, key=only.key, expected=()) if plain else answer


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_lines(held) for name, held in value.items() if name != "line"}
    if isinstance(value, (list, tuple)):
        return [_without_lines(held) for held in value]
    return value


def _significant(chips: Chips, shape: Shape) -> Mapping[Name, object]:
    """The chips without those that say what holds anyway."""
    usual = {Name.POINTS: [1], Name.SHUFFLED: [True], Name.TYPOS: [0]}
    implied = {Shape.ESSAY: Name.POINTS, Shape.ORDERING: Name.ORDERING}
    return {
        name: values
        for name, values in chips.values.items()
        if usual.get(name) != values and implied.get(shape) is not name
    }


def rewritten(text: str, place: QuestionPlace, fields: Fields) -> str:
    """The file with this question as the form says, and every other byte as it was.

    ``text`` keeps its own line ends; a form sent as it was shown changes nothing, and so does the
    id, which is written under a question once that changes. Raises Invalid with a stable word for
    what would be read as something else.
    """
    shown = fields_of(place)
    if shown is not None and tidied(shown) == tidied(fields):
        return text
    refuse_missing(fields, place.role)
    written = markdown_of(tidied(fields), place.level, place.role)
    again = _read(place, written)
    if again is None or again.draft is None or not _is_meant(again, again.draft, fields):
        raise Invalid("reads_otherwise", "title")
    spare = f"\n\n{place.spare}" if place.spare else ""
    return spliced(text, place.start, place.end, written + spare)


def _is_meant(again: QuestionPlace, draft: Draft, fields: Fields) -> bool:
    return as_read(_fields(again, draft)) == as_read(fields)


def refuse_missing(fields: Fields, role: Role) -> None:
    """Raise Invalid for what a question of this shape cannot be without."""
    if not fields.title.strip():
        raise Invalid("no_title", "title")
    if not _is_whole(fields.points or "1", 1, MAX_POINTS):
        raise Invalid("bad_points", "points")
    if not _is_whole(fields.typos or "0", 0, MAX_TYPOS):
        raise Invalid("bad_typos", "typos")
    if fields.shape not in forms_for(role):
        raise Invalid("reads_otherwise", "title")
    complaint = forms_for(role)[fields.shape].refuse(fields)
    if complaint:
        raise Invalid(complaint, "rows")


def _is_whole(text: str, low: int, high: int) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}", text.strip())) and low <= int(text) <= high
