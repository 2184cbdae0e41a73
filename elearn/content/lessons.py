"""A lesson file becomes a lesson: text, checks, quizzes, reflections, and its minutes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.content import messages as say
from elearn.content.building import build_question, digest_of, slug_of
from elearn.content.chips import Name, Place, take_chips
from elearn.content.course import Block as LessonBlock
from elearn.content.course import Check, Html, Lesson, Quiz, Reflection, Shape
from elearn.content.frontmatter import FrontMatter
from elearn.content.minutes import quiz_minutes, reflection_minutes
from elearn.content.problems import FileReport
from elearn.content.questions import Heading
from elearn.content.quizzes import build_quiz
from elearn.content.sections import Role, Section, check_headings, check_text, split, take_title
from elearn.content.structure import Block, Document, parse
from elearn.content.surveys import build_survey
from elearn.content.writer import Workshop, Writer
from elearn.markup import TooCostly, plain, refuse_costly

WORDS_PER_MINUTE = 180
CHECK_MINUTES = 1.0
MAX_LESSON_MINUTES = 20
MAX_SET_MINUTES = 240
GENEROUS = 2

ADVICE = {
    Role.POOL: "Letakkan kelompok di dalam kuis.",
    Role.BANK: "Letakkan bank sebagai berkas di folder bank.",
}


@dataclass(frozen=True)
class Page:
    """A lesson file whose settings were read: what is needed before any text is rendered."""

    path: str
    key: str
    matter: FrontMatter
    body: str
    old_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Built:
    """A lesson, and all minutes it takes with its quizzes and reflections."""

    lesson: Lesson
    minutes: float


@dataclass
class _Lines:
    """What a lesson gathers while its sections are read."""

    blocks: list[LessonBlock] = field(default_factory=list)
    material: list[Any] = field(default_factory=list)


def open_document(body: str, report: FileReport) -> Document:
    """The blocks of a body; an empty document when reading it would cost too much."""
    try:
        refuse_costly(body)
    except TooCostly as problem:
        report.error(problem.line, say.TOO_COSTLY.format(what=problem.what))
        return Document((), refused=True)
    document = parse(body)
    check_headings(document.blocks, report)
    return document


def build_lesson(page: Page, workshop: Workshop) -> Built:
    """The lesson of a page; what is wrong is noted, what is sound is kept."""
    report = FileReport(workshop.report, page.path)
    document = open_document(page.body, report)
    writer = Writer(workshop, page.path, document)
    writer.check_definitions()
    heading, rest = take_title(document.blocks)
    title = page.matter.text("judul") or heading
    if not title and not document.refused and not page.matter.broken:
        report.error(1, say.NO_TITLE)
    lines = _Lines()
    for section in split(rest):
        _read_section(section, writer, lines)
    if not lines.blocks and not workshop.report.has_errors:
        report.error(1, say.LESSON_EMPTY)
    return _built(page, title, lines, report)


def _read_section(section: Section, writer: Writer, lines: _Lines) -> None:
    if section.role is Role.TEXT:
        _read_text(section.blocks, writer, lines)
    elif section.role is Role.CHECK:
        _read_check(section, writer, lines)
    elif section.role is Role.QUIZ:
        built = build_quiz(section, writer)
        if built:
            lines.blocks.append(built[0])
            lines.material.append(built[1])
    elif section.role is Role.REFLECTION:
        _read_reflection(section, writer, lines)
    elif section.role is Role.SURVEY:
        surveyed = build_survey(section, writer)
        lines.blocks.append(surveyed[0])
        lines.material.append(surveyed[1])
    else:
        advice = ADVICE[section.role]
        message = say.HEADING_MISPLACED.format(word=section.role, advice=advice)
        writer.report.error(section.line, message)


def _read_text(blocks: Sequence[Block], writer: Writer, lines: _Lines) -> None:
    if not blocks:
        return
    check_text(tuple(blocks), writer.report)
    writer.check(blocks)
    piece = writer.text(source_of(blocks), blocks[0].start)
    if piece.html:
        lines.blocks.append(Html(piece.html))
        lines.material.append(["html", piece.material])


def source_of(blocks: Sequence[Block]) -> str:
    """The source of neighbouring blocks, with their distances kept."""
    rows: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        gap = block.start - before.end - 1 if before else 0
        rows += [""] * max(gap, 0) + [block.source]
    return "\n".join(rows)


def _read_check(section: Section, writer: Writer, lines: _Lines) -> None:
    heading = Heading(section.title, section.line)
    if not section.blocks:
        writer.report.error(section.line, say.CHECK_NO_QUESTION)
        return
    question = build_question(heading, section.blocks, writer)
    if question and question.shape is Shape.ESSAY:
        writer.report.error(section.line, say.ESSAY_IN_CHECK)
    if question:
        lines.blocks.append(Check(question.id, question))
        lines.material.append(["check", question.digest])


def _read_reflection(section: Section, writer: Writer, lines: _Lines) -> None:
    workshop, report = writer.workshop, writer.report
    chips, rest = take_chips(list(section.blocks), Place.REFLECTION, workshop.codes, report)
    key = chips.get(Name.ID) or slug_of(section.title) or "refleksi"
    place = f"{writer.path}:{section.line}"
    other = workshop.reflection_places.setdefault(key, place)
    if other != place:
        message = say.REFLECTION_SAME_TITLE.format(title=section.title, other=other)
        report.error(section.line, message)
    if not rest:
        report.error(section.line, say.REFLECTION_EMPTY)
    check_text(tuple(rest), report)
    writer.check(rest)
    piece = writer.text(source_of(rest), section.line)
    words = chips.get(Name.WORDS, 0)
    lines.blocks.append(Reflection(key, section.title, piece.html, words))
    lines.material.append(["reflection", key, section.title, words, piece.material])


def _built(page: Page, title: str, lines: _Lines, report: FileReport) -> Built:
    studied = study_minutes(lines.blocks)
    set_minutes = page.matter.whole("menit", 1, MAX_SET_MINUTES)
    if set_minutes > max(GENEROUS * studied, 1):
        counted = math.ceil(studied)
        message = say.MINUTES_HIGH.format(set=set_minutes, counted=counted)
        report.warn(page.matter.line_of("menit"), message)
    exact = float(set_minutes or studied)
    minutes = math.ceil(exact)
    if minutes > MAX_LESSON_MINUTES:
        report.warn(1, say.LESSON_LONG.format(minutes=minutes, limit=MAX_LESSON_MINUTES))
    required = page.matter.yes("wajib", default=True)
    lesson = Lesson(
        key=page.key,
        title=title,
        digest=digest_of([title, minutes, required, lines.material]),
        minutes=minutes,
        blocks=tuple(lines.blocks),
        required=required,
        old_keys=page.old_keys,
        path=page.path,
    )
    return Built(lesson, exact + graded_minutes(lines.blocks))


def study_minutes(blocks: Sequence[LessonBlock]) -> float:
    """Minutes for reading the text and answering the checks."""
    words = sum(len(plain(block.html).split()) for block in blocks if isinstance(block, Html))
    checks = sum(isinstance(block, Check) for block in blocks)
    return words / WORDS_PER_MINUTE + checks * CHECK_MINUTES


def graded_minutes(blocks: Sequence[LessonBlock]) -> float:
    """Minutes for the drawn questions of quizzes and for reflections."""
    minutes = 0.0
    for block in blocks:
        if isinstance(block, Quiz):
            minutes += quiz_minutes(block)
        elif isinstance(block, Reflection):
            minutes += reflection_minutes(block.min_words)
    return minutes
