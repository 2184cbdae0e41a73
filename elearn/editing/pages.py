"""A file as a page of forms: its settings, and its parts in the order they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from elearn.competency import framework
from elearn.content import catalogue
from elearn.content.compiler import BANK_FOLDER, COURSE_FILE, Compiled
from elearn.content.course import Category
from elearn.content.drafts import Draft, File
from elearn.content.heads import Head, heads_in
from elearn.content.reader import tidy
from elearn.content.settings import CORE_VALUES
from elearn.content.texts import TextPlace
from elearn.editing import form_edits, head_forms, settings_forms, text_forms
from elearn.editing.form_edits import Shown
from elearn.editing.head_fields import HeadFields
from elearn.editing.settings_forms import Typed

TEXT, HEAD, QUESTION, SETTINGS = "text", "head", "question", "settings"


class ShownHead(NamedTuple):
    """A quiz, pool, survey or reflection of a file, and its form unless only text can say it."""

    position: int
    place: Head
    fields: HeadFields | None


class ShownText(NamedTuple):
    """A stretch of text of a file."""

    position: int
    place: TextPlace


class Part(NamedTuple):
    """A part of a page: what it is and what it holds."""

    kind: str
    item: ShownHead | ShownText | Shown


@dataclass(frozen=True)
class Choices:
    """What the settings of a course are picked from: names by what is written."""

    categories: Sequence[str] = ()
    competencies: Mapping[str, str] = field(default_factory=dict)
    core_values: Sequence[str] = ()
    audiences: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    courses: Mapping[str, str] = field(default_factory=dict)
    quizzes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A file as its form shows it. ``settings`` is None where only the text can be mended."""

    title: str
    has_title: bool
    settings: Mapping[str, Typed] | None
    parts: Sequence[Part]
    banks: Mapping[str, str]
    competencies: Sequence[str]
    choices: Choices


def page_of(file: File, contents: Mapping[str, bytes], draft: Draft, done: Compiled) -> Page:
    """A file with everything its forms need."""
    text = form_edits.raw(file.content)
    return Page(
        title=text_forms.title_of(file.path, text),
        has_title=not file.path.startswith(BANK_FOLDER + "/"),
        settings=settings_forms.shown(file.path, text),
        parts=parts_of(file),
        banks=banks_of(contents),
        competencies=_competencies(contents),
        choices=_choices(draft, done) if file.path == COURSE_FILE else Choices(),
    )


def parts_of(file: File) -> list[Part]:
    """The parts of a file in the order they stand in."""
    text = form_edits.raw(file.content)
    heads = [
        Part(HEAD, ShownHead(at, head, head_forms.fields_of(file.path, text, head)))
        for at, head in enumerate(form_edits.heads(file))
    ]
    texts = [
        Part(TEXT, ShownText(at, place))
        for at, place in enumerate(text_forms.texts(file.path, text))
    ]
    asked = [Part(QUESTION, shown) for shown in form_edits.questions(file)]
    return sorted([*texts, *heads, *asked], key=_line_of)


def _line_of(part: Part) -> int:
    return part.item.place.start


def banks_of(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The titles of the banks of a working copy by path."""
    found: dict[str, str] = {}
    for path, content in contents.items():
        if path.startswith(BANK_FOLDER + "/") and path.endswith(".md"):
            heads = heads_in(path, tidy(form_edits.raw(content)))
            found[path] = heads[0].title if heads else path
    return found


def _competencies(contents: Mapping[str, bytes]) -> list[str]:
    """What the course supports, with the level and the name: for the tags of its questions."""
    shown = settings_forms.shown(COURSE_FILE, form_edits.raw(contents.get(COURSE_FILE, b"")))
    names = framework.names()
    pairs = shown["kompetensi"] if shown else ()
    return [f"{pair} {names.get(pair.partition(':')[0], '')}".strip() for pair in pairs]


def _choices(draft: Draft, done: Compiled) -> Choices:
    course = done.partial
    others = {link.slug: link.title for link in catalogue.all_links() if link.slug != draft.slug}
    return Choices(
        categories=[str(category) for category in Category],
        competencies=framework.names(),
        core_values=list(CORE_VALUES),
        audiences={row.key: row.name for row in framework.classes()},
        kinds={row.id: row.name for row in framework.training_kinds()},
        courses=others,
        quizzes={quiz.key: quiz.title for quiz in course.quizzes} if course else {},
    )


def with_head(file: File, at: int, fields: HeadFields, banks: Mapping[str, str]) -> bytes:
    """The file with one head as a form says."""
    text = form_edits.raw(file.content)
    return form_edits.marked(file.content, head_forms.rewritten(file.path, text, at, fields, banks))


def with_text(file: File, at: int, typed: str) -> bytes:
    """The file with one stretch of its text as it was typed."""
    text = form_edits.raw(file.content)
    return form_edits.marked(file.content, text_forms.with_text(file.path, text, at, typed))


def with_settings(file: File, title: str | None, typed: Mapping[str, Typed]) -> bytes:
    """The file with another title, if one was sent, and the settings that were changed."""
    text = form_edits.raw(file.content)
    if title is not None:
        text = text_forms.with_title(file.path, text, title)
    return form_edits.marked(file.content, settings_forms.with_typed(file.path, text, typed))
