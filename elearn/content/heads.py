"""Where the quizzes, pools, surveys, reflections and banks of a file begin. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elearn.content.building import slug_of
from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.places import codes_in, document_of, is_bank
from elearn.content.problems import FileReport, Report
from elearn.content.quizzes import Group, groups_of
from elearn.content.sections import Role, Section, role_of, split, take_title
from elearn.content.structure import Block, Kind

PLACES = {
    Role.QUIZ: Place.QUIZ,
    Role.POOL: Place.POOL,
    Role.SURVEY: Place.SURVEY,
    Role.REFLECTION: Place.REFLECTION,
}
FALLBACKS = {Role.QUIZ: "kuis", Role.SURVEY: "survei", Role.REFLECTION: "refleksi"}


@dataclass(frozen=True)
class Head:
    """The heading of a quiz, pool, survey, reflection or bank, with its chips and its own text.

    Lines count from 1: ``end`` is the last one of its own, ``last`` the last one of all below it.
    ``questions`` is how many headings of questions stand below. ``default`` is the key that the
    title gives, "" where nothing is named by it.
    """

    role: Role
    title: str
    level: int
    start: int
    heading_end: int
    end: int
    last: int
    chips: Chips
    chip_lines: tuple[int, int] | None
    body: tuple[Block, ...]
    questions: int
    is_sound: bool
    default: str = ""

    @property
    def id(self) -> str:
        """The id the author wrote, or nothing."""
        return str(self.chips.get(Name.ID) or "")


def heads_in(path: str, text: str) -> list[Head]:
    """The heads of a Markdown file in order."""
    blocks = document_of(path, text).blocks
    if is_bank(path):
        return list(_bank(blocks))
    headings = {block.start: block for block in blocks if block.kind is Kind.HEADING}
    found: list[Head] = []
    for section in split(take_title(blocks)[1]):
        if section.role in FALLBACKS:
            found += _section(section, headings[section.line])
    return found


def _bank(blocks: Sequence[Block]) -> Iterator[Head]:
    _, groups = groups_of(blocks)
    if groups and role_of(groups[0].heading)[0] is Role.BANK:
        last = blocks[-1].end
        yield _head(groups[0].heading, groups[0].blocks, last, len(groups) - 1)


def _section(section: Section, heading: Block) -> Iterator[Head]:
    last = section.blocks[-1].end if section.blocks else heading.end
    if section.role is Role.REFLECTION:
        yield _head(heading, section.blocks, last, 0)
        return
    before, groups = groups_of(section.blocks)
    asked = sum(role_of(group.heading)[0] is Role.TEXT for group in groups)
    yield _head(heading, before, last, asked)
    if section.role is Role.QUIZ:
        yield from _pools(groups)


def _pools(groups: Sequence[Group]) -> Iterator[Head]:
    for at, group in enumerate(groups):
        if role_of(group.heading)[0] is not Role.POOL:
            continue
        members: list[Group] = []
        for following in groups[at + 1 :]:
            if following.heading.level <= group.heading.level:
                break
            members.append(following)
        last = _last(members[-1]) if members else _last(group)
        yield _head(group.heading, group.blocks, last, len(members))


def _last(group: Group) -> int:
    return group.blocks[-1].end if group.blocks else group.heading.end


def _head(heading: Block, blocks: Sequence[Block], last: int, questions: int) -> Head:
    role, title = role_of(heading)
    report = Report()
    shown = [block for block in blocks if block.kind is not Kind.COMMENT]
    chips, body = Chips(), shown
    if role in PLACES:
        codes = codes_in(blocks)
        chips, body = take_chips(shown, PLACES[role], codes, FileReport(report, ""))
    taken = shown[: len(shown) - len(body)]
    return Head(
        role=role,
        title=title,
        level=heading.level,
        start=heading.start,
        heading_end=heading.end,
        end=blocks[-1].end if blocks else heading.end,
        last=last,
        chips=chips,
        chip_lines=(taken[0].start, taken[-1].end) if taken else None,
        body=tuple(body),
        questions=questions,
        is_sound=not report.has_errors,
        default=(slug_of(title) or FALLBACKS[role]) if role in FALLBACKS else "",
    )
