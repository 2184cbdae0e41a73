"""What compiling one course needs everywhere, and what renders the pieces of one file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elearn.content import messages as say
from elearn.content.course import Question
from elearn.content.links import FileLinks, Places, check_links, check_text_links
from elearn.content.problems import FileReport, Report
from elearn.content.structure import Block, Document
from elearn.markup import TooCostly, render, render_inline

LESSON_PREFIX = "t"


@dataclass
class Workshop:
    """What compiling one course needs everywhere: settings, places, names already taken."""

    places: Places
    report: Report
    codes: frozenset[str]
    language: str = "id"
    question_places: dict[str, str] = field(default_factory=dict)
    explicit: set[str] = field(default_factory=set)
    quiz_places: dict[str, str] = field(default_factory=dict)
    reflection_places: dict[str, str] = field(default_factory=dict)
    survey_places: dict[str, str] = field(default_factory=dict)
    banks: dict[str, tuple[Question, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """Rendered text, and the material that names it: source and where its links lead."""

    html: str
    material: tuple[Any, ...]


@dataclass
class Writer:
    """Renders the pieces of one file."""

    workshop: Workshop
    path: str
    document: Document

    def __post_init__(self) -> None:
        self.links = FileLinks(self.workshop.places, self.path)
        self.report = FileReport(self.workshop.report, self.path)

    def text(self, source: str, line: int, prefix: str = LESSON_PREFIX, base: int = 1) -> Piece:
        """Blocks of text."""
        return self._render(source, line, prefix, base)

    def inline(self, source: str, line: int, prefix: str) -> Piece:
        """Text within a line, where it is a single paragraph."""
        return self._render(source, line, prefix, 0)

    def _render(self, source: str, line: int, prefix: str, base: int) -> Piece:
        if not source.strip():
            return Piece("", ())
        self.links.resolved = {}
        whole = self.document.with_definitions(source)
        try:
            if base:
                html = render(whole, heading_base=base, prefix=prefix, links=self.links)
            else:
                html = render_inline(whole, prefix=prefix, links=self.links)
        except TooCostly as problem:
            message = say.TOO_COSTLY.format(what=problem.what)
            self.report.error(line + problem.line - 1, message)
            return Piece("", ())
        return Piece(html, _material(whole, self.links.resolved))

    def check(self, blocks: Sequence[Block]) -> None:
        """Note links that lead nowhere."""
        check_links(list(blocks), self.links, self.report)

    def check_definitions(self) -> None:
        """Note links that lead nowhere in definitions of notes and links."""
        for _, line, source in self.document.definitions:
            check_text_links(source, line, self.links, self.report)


def _material(source: str, resolved: Mapping[str, str]) -> tuple[Any, ...]:
    """The source with its links as they lead, so that a renumbered file changes nothing."""
    for written, final in sorted(resolved.items(), reverse=True):
        address = written.removeprefix("!")
        if final and final != address:
            for opening in ("](", "]: ", "](<"):
                source = source.replace(opening + address, opening + final)
    return source, sorted(resolved.values())
