"""Where the questions of a file stand, and the ids they lack. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from elearn.content.building import default_id
from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.compiler import BANK_FOLDER
from elearn.content.frontmatter import split as split_matter
from elearn.content.lessons import open_document
from elearn.content.problems import FileReport, Report
from elearn.content.questions import Draft, Heading, read_question
from elearn.content.quizzes import groups_of
from elearn.content.sections import Role, Section, clean_title, role_of, split, take_title
from elearn.content.settings import LANGUAGES
from elearn.content.structure import Block, Document, Kind
from elearn.content.surveys import read_survey_question

CODE = re.compile(r"`@([A-Za-z0-9][A-Za-z0-9._-]*)")
WRITTEN_ID = re.compile(r"`[ ]*#([a-z0-9][a-z0-9._-]*)[ ]*`")
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class QuestionPlace:
    """A question in a file: its lines (from 1), what it says, and what names it.

    ``is_sound``: it reads as a question without a complaint. ``draft`` is None where it does not
    read as one at all. ``spare`` is what stands there and is not part of it: comments, definitions.
    """

    start: int
    end: int
    heading_end: int
    level: int
    role: Role
    title: str
    source: str
    chips: Chips
    draft: Draft | None
    is_sound: bool
    default: str
    spare: str = ""

    @property
    def id(self) -> str:
        """The id the author wrote, or nothing."""
        return str(self.chips.get(Name.ID) or "")


def document_of(path: str, text: str) -> Document:
    """The blocks of a file below its front matter."""
    return open_document(split_matter(text)[1], FileReport(Report(), path))


def questions_in(path: str, text: str) -> list[QuestionPlace]:
    """The questions of a Markdown file in order."""
    document = document_of(path, text)
    found = _in_bank(document) if is_bank(path) else _in_lesson(document)
    return [replace(place, spare=_spare(place, document)) for place in found]


def _spare(place: QuestionPlace, document: Document) -> str:
    """What stands between the lines of a question and is none of its blocks."""
    hidden = [b for b in document.blocks if b.kind in (Kind.COMMENT, Kind.RULE)]
    rows = [(block.start, block.source) for block in hidden]
    rows += [(line, source) for _, line, source in document.definitions]
    return "\n\n".join(source for line, source in sorted(rows) if place.start < line <= place.end)


def is_bank(path: str) -> bool:
    return path.startswith(BANK_FOLDER + "/")


def _in_bank(document: Document) -> Iterator[QuestionPlace]:
    _, groups = groups_of(document.blocks)
    for group in groups[1:]:
        if role_of(group.heading)[0] is not Role.TEXT:
            continue
        yield _place(group.heading, group.blocks, clean_title(group.heading.title), Role.BANK)


def _in_lesson(document: Document) -> Iterator[QuestionPlace]:
    headings = {block.start: block for block in document.blocks if block.kind is Kind.HEADING}
    for section in split(take_title(document.blocks)[1]):
        yield from _in_section(section, headings)


def _in_section(section: Section, headings: Mapping[int, Block]) -> Iterator[QuestionPlace]:
    if section.role is Role.CHECK and section.blocks:
        heading = headings[section.line]
        yield _place(heading, list(section.blocks), section.title, Role.CHECK)
    elif section.role in (Role.QUIZ, Role.SURVEY):
        _, groups = groups_of(section.blocks)
        for group in groups:
            role, title = role_of(group.heading)
            if role is Role.TEXT:
                yield _place(group.heading, group.blocks, title, section.role)


def _place(heading: Block, blocks: list[Block], title: str, role: Role) -> QuestionPlace:
    report = Report()
    where = Place.SURVEY_QUESTION if role is Role.SURVEY else Place.QUESTION
    chips, rest = take_chips(blocks, where, codes_in(blocks), FileReport(report, ""))
    draft, is_sound = _read(Heading(title, heading.start), chips, rest, role)
    written = chips.get(Name.ID)
    return QuestionPlace(
        start=heading.start,
        end=blocks[-1].end if blocks else heading.end,
        heading_end=heading.end,
        level=heading.level,
        role=role,
        title=title,
        source="\n".join(block.source for block in blocks),
        chips=chips,
        draft=draft,
        is_sound=is_sound and not report.has_errors,
        default=written or default_id(title, draft.stem if draft else ""),
    )


def _read(
    heading: Heading, chips: Chips, rest: list[Block], role: Role
) -> tuple[Draft | None, bool]:
    """What a question says, and whether it does so in a language a course may have."""
    read = read_survey_question if role is Role.SURVEY else read_question
    found: Draft | None = None
    for language in LANGUAGES:
        report = Report()
        draft = read(heading, chips, rest, language, FileReport(report, ""))
        if draft is not None and not report.has_errors:
            return draft, True
        found = found or draft
    return found, False


def codes_in(blocks: Sequence[Block]) -> frozenset[str]:
    """The competencies that are named; which there are is not asked here."""
    return frozenset(code.upper() for block in blocks for code in CODE.findall(block.source))


def with_ids(texts: Mapping[str, str]) -> dict[str, list[tuple[QuestionPlace, str]]]:
    """An id for every question that has none, by file; no id is given twice."""
    places = {path: questions_in(path, text) for path, text in texts.items()}
    taken = {place.id for found in places.values() for place in found if place.id}
    return {
        path: [(place, free_id(place.default, taken)) for place in found if not place.id]
        for path, found in places.items()
    }


def free_id(wanted: str, taken: set[str]) -> str:
    """The wanted id, or the next one like it that is free; it is taken from then on."""
    identity, count = wanted, 1
    while identity in taken:
        count += 1
        identity = f"{wanted}-{count}"
    taken.add(identity)
    return identity


def write_ids(text: str, named: Sequence[tuple[QuestionPlace, str]]) -> str:
    """Add the chips from the last line to the first, so that line numbers stay true."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = LINE_END.split(text)
    for place, identity in reversed(named):
        chip = f"`#{identity}`"
        if place.chips.line:
            lines[place.chips.line - 1] = f"{chip} {lines[place.chips.line - 1].lstrip()}"
        else:
            lines[place.heading_end : place.heading_end] = ["", chip]
    return end.join(lines)


def taken_ids(texts: Iterable[str]) -> set[str]:
    """Every id that may stand in texts: found without reading them, and never one too few."""
    return {found for text in texts for found in WRITTEN_ID.findall(text)}
