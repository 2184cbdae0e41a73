"""Drafts become questions: rendered, named, hashed, and looked over for weak options."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

from elearn.content import messages as say
from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.course import Option, Question, Shape
from elearn.content.links import FileLinks, Places, check_links, check_text_links
from elearn.content.parts import is_generic
from elearn.content.problems import FileReport, Report
from elearn.content.questions import Draft, Heading, read_question
from elearn.content.shapes import OptionDraft, fold
from elearn.content.structure import Block, Document, inline_words
from elearn.markup import TooCostly, plain, render, render_inline

MAX_DEFAULT_ID = 40
LESSON_PREFIX = "t"


def canonical(value: Any) -> str:
    """The one JSON text of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(value: Any) -> str:
    """The name of a value by its content."""
    return sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def slug_of(text: str, limit: int = 80) -> str:
    """A text as part of an address: whole words up to a limit."""
    slug = "-".join(fold(text).encode("ascii", "ignore").decode().split())
    if len(slug) <= limit:
        return slug
    return slug[:limit].rpartition("-")[0] or slug[:limit]


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


def build_question(heading: Heading, blocks: Sequence[Block], writer: Writer) -> Question | None:
    """The question under a heading, or None with its problems noted."""
    workshop, report = writer.workshop, writer.report
    chips, rest = take_chips(list(blocks), Place.QUESTION, workshop.codes, report)
    writer.check(rest)
    draft = read_question(heading, chips, rest, workshop.language, report)
    identity = _name(heading, chips, draft, writer)
    if draft is None:
        return None
    _look_over(draft, report)
    return _assemble(draft, identity, writer)


def default_id(title: str, stem: str) -> str:
    """The name that stands in until the author gives one."""
    words = inline_words(stem.split("\n\n")[0] if is_generic(title) else title)
    return slug_of(words, MAX_DEFAULT_ID) or "soal"


def _name(heading: Heading, chips: Chips, draft: Draft | None, writer: Writer) -> str:
    """The id of a question; two questions of a course never share one."""
    workshop = writer.workshop
    written = chips.get(Name.ID)
    identity = written or default_id(heading.title, draft.stem if draft else "")
    other = workshop.question_places.get(identity)
    if other and (written or identity in workshop.explicit):
        writer.report.error(heading.line, say.DUPLICATE_ID.format(id=identity, other=other))
    elif other:
        writer.report.error(heading.line, say.DUPLICATE_DEFAULT_ID.format(id=identity, other=other))
    workshop.question_places.setdefault(identity, f"{writer.path}:{heading.line}")
    if written:
        workshop.explicit.add(identity)
    return identity


def _assemble(draft: Draft, identity: str, writer: Writer) -> Question:
    prefix = f"q-{identity}"
    title = writer.inline(draft.title, draft.line, prefix)
    body = writer.text(draft.stem, draft.line, prefix, 4)
    explanation = writer.text(draft.explanation, draft.line, prefix, 4)
    hints = [writer.text(hint, draft.line, prefix, 4) for hint in draft.hints]
    options, materials = _options(draft, prefix, writer)
    stem_html = _stem_html(draft, title.html, body.html)
    chips, shape = draft.chips, draft.answer.shape
    question = Question(
        id=identity,
        digest="",
        shape=shape,
        stem_html=stem_html,
        stem_text=plain(stem_html),
        points=chips.get(Name.POINTS, 1),
        options=options,
        key=draft.answer.key,
        competencies=tuple(chips.all(Name.COMPETENCY)),
        difficulty=chips.get(Name.DIFFICULTY),
        hints_html=tuple(hint.html for hint in hints),
        explanation_html=explanation.html,
        shuffled=chips.get(Name.SHUFFLED, True) and shape in (Shape.SINGLE, Shape.MULTIPLE),
        partial=chips.get(Name.PARTIAL, False),
        voided=chips.get(Name.VOID, False),
    )
    pieces = (title, body, explanation, *hints)
    return _with_digest(question, [piece.material for piece in pieces], materials)


def _with_digest(question: Question, pieces: list[Any], options: list[Any]) -> Question:
    """Hash what was written, not its HTML: a mended renderer makes no new version."""
    plainly = asdict(question)
    for rendered in ("stem_html", "stem_text", "hints_html", "explanation_html", "digest"):
        del plainly[rendered]
    plainly["options"] = options
    plainly["pieces"] = pieces
    return Question(**{**_shallow(question), "digest": digest_of(plainly)})


def _shallow(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__dataclass_fields__}


def _stem_html(draft: Draft, title: str, body: str) -> str:
    if not body:
        return f"<p>{_capital(title)}</p>"
    return body if is_generic(draft.title) else f"<p><strong>{_capital(title)}</strong></p>\n{body}"


def _capital(html: str) -> str:
    return html[:1].upper() + html[1:]


def _options(draft: Draft, prefix: str, writer: Writer) -> tuple[tuple[Option, ...], list[Any]]:
    options: list[Option] = []
    materials: list[Any] = []
    for option in draft.answer.options:
        shown = writer.inline(option.text, option.line, prefix)
        feedback = writer.text(option.feedback, option.line, prefix, 4)
        key = _option_key(option, [taken.key for taken in options])
        options.append(Option(key, shown.html, option.correct, feedback.html, option.stays_last))
        facts = (key, option.correct, option.stays_last)
        materials.append((*facts, shown.material, feedback.material))
    return tuple(options), materials


def _option_key(option: OptionDraft, taken: list[str]) -> str:
    key = sha256((fold(option.text) or option.text).encode()).hexdigest()[:8]
    return key if key not in taken else f"{key}-{len(taken)}"


BOTH = re.compile(r"(?:pilihan\s+|jawaban\s+)?[A-F](?:\s*,\s*[A-F])*\s*(?:dan|&|and)\s*[A-F]\b")
ALL = re.compile(
    r"(?:semua|seluruh)(?:nya)?\b.*\b(?:benar|salah|di atas)|(?:all|none) of the above"
    r"|tidak ada (?:jawaban )?yang benar",
    re.IGNORECASE,
)


def _look_over(draft: Draft, report: FileReport) -> None:
    """Warn of options that give the key away or mislead."""
    shuffled = draft.chips.get(Name.SHUFFLED, True)
    seen: set[str] = set()
    for option in draft.answer.options:
        folded = fold(option.text) or option.text
        if folded in seen:
            report.warn(option.line, say.SAME_OPTIONS)
        seen.add(folded)
        if draft.answer.shape is Shape.TRUE_FALSE or not shuffled or option.stays_last:
            continue
        if BOTH.match(option.text.strip()):
            report.warn(option.line, say.BOTH_OPTION)
        elif ALL.match(option.text.strip()):
            report.warn(option.line, say.ALL_OPTION.format(text=" ".join(option.text.split())[:40]))


MIN_FOR_LONGEST = 4


def is_key_always_longest(questions: Sequence[Question]) -> bool:
    """Whether the right option of every single choice is longer than all others."""
    single = [question for question in questions if question.shape is Shape.SINGLE]
    return len(single) >= MIN_FOR_LONGEST and all(map(_is_key_longest, single))


def _is_key_longest(question: Question) -> bool:
    lengths = [(len(plain(option.html)), option.correct) for option in question.options]
    right = next(length for length, correct in lengths if correct)
    return all(length < right for length, correct in lengths if not correct)
