"""Questions that were read go into a course's draft as a file of their own: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from elearn.content import drafts
from elearn.content.drafts import Draft
from elearn.content.formats.markdown import write_bank, write_question
from elearn.content.formats.written import WrittenQuestion
from elearn.content.places import free_id, questions_in
from elearn.content.problems import Problem, Severity
from elearn.content.reader import tidy
from elearn.editing import new_files, preview
from elearn.errors import Conflict, Invalid

BANK, QUIZ = "bank", "quiz"
MARKDOWN = ".md"
QUESTION_LEVEL = 3  # below the heading of a quiz


class Place(NamedTuple):
    """Where in a course questions go: a new bank, or a new quiz in a module ("": in none)."""

    slug: str
    kind: str
    folder: str = ""

    @property
    def value(self) -> str:
        """The place as one word of a form."""
        return "/".join(part for part in self if part)

    @staticmethod
    def of(value: str) -> Place:
        """The place a form names. Raises Invalid("no_place")."""
        slug, _, rest = value.partition("/")
        kind, _, folder = rest.partition("/")
        if not slug or kind not in (BANK, QUIZ):
            raise Invalid("no_place", "place")
        return Place(slug, kind, folder)


class Prepared(NamedTuple):
    """The file that is to hold the questions.

    ``renamed`` are the new ids of those whose own were taken; ``is_new`` is False when the very
    same file is there already.
    """

    path: str
    content: bytes
    renamed: tuple[str, ...]
    is_new: bool


class Unfit(Invalid):
    """The questions do not fit this course; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("unfit", "place")
        self.problems = tuple(problems)


def places_in(slug: str, paths: Sequence[str]) -> list[Place]:
    """Every place a working copy has for questions."""
    folders = new_files.folders(paths) or [""]
    return [Place(slug, BANK), *(Place(slug, QUIZ, folder) for folder in folders)]


def prepare(
    draft: Draft, place: Place, title: str, questions: Sequence[WrittenQuestion]
) -> Prepared:
    """A file of the questions that this course can hold; nothing is written yet.

    Raises Invalid with a stable word, Unfit.
    """
    contents = drafts.contents(draft.course_id)
    held = _path_of(_content(place, title, questions), contents)
    if held:
        return Prepared(held, contents[held], (), is_new=False)
    named = _with_free_ids(questions, _ids_in(contents))
    path, title = _free(place, title, list(contents))
    content = _content(place, title, named)
    _refuse_unfit(draft, path, content, len(questions))
    own = {question.labels.id for question in questions}
    renamed = tuple(q.labels.id for q in named if q.labels.id not in own)
    return Prepared(path, content, renamed, is_new=True)


def keep(draft: Draft, file: Prepared, person_id: int) -> None:
    """Put a prepared file into the draft. Raises Conflict when another was quicker."""
    if file.is_new:
        drafts.create(draft.course_id, file.path, file.content, person_id)


def _free(place: Place, title: str, paths: Sequence[str]) -> tuple[str, str]:
    """A path and title that no file beside it has; the title is numbered until it is so."""
    count, named = 1, title
    while True:
        try:
            return new_files.of_kind(place.kind, named, place.folder, paths)[0], named
        except Conflict:
            count += 1
            named = f"{title} {count}"


def _path_of(content: bytes, contents: Mapping[str, bytes]) -> str:
    """The file that says just this already, as when a button was pressed twice; or nothing."""
    return next((path for path, held in contents.items() if held == content), "")


def _refuse_unfit(draft: Draft, path: str, content: bytes, count: int) -> None:
    done = preview.compiled(draft, {path: content})
    wrong = [p for p in done.problems if p.path == path and p.severity is Severity.ERROR]
    if wrong or len(questions_in(path, tidy(content.decode()))) != count:
        raise Unfit(wrong)


def _content(place: Place, title: str, questions: Sequence[WrittenQuestion]) -> bytes:
    if place.kind == BANK:
        return write_bank(title, questions).encode()
    head = new_files.QUIZ.format(title=title)
    return "\n".join([head, *(write_question(q, QUESTION_LEVEL) for q in questions)]).encode()


def _ids_in(contents: Mapping[str, bytes]) -> set[str]:
    """The ids of all questions of a working copy, also of those that were given none."""
    return {
        place.default
        for path, content in contents.items()
        if path.endswith(MARKDOWN)
        for place in questions_in(path, tidy(content.decode("utf-8-sig", "replace")))
    }


def _with_free_ids(questions: Sequence[WrittenQuestion], taken: set[str]) -> list[WrittenQuestion]:
    return [replace(q, labels=replace(q.labels, id=free_id(q.labels.id, taken))) for q in questions]
