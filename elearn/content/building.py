"""Drafts become questions: rendered, named, hashed, and looked over for weak options."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from elearn.content import cloze
from elearn.content import messages as say
from elearn.content.chips import Chips, Name, Place, take_chips
from elearn.content.course import Option, Question, Shape
from elearn.content.found import fold, part_key
from elearn.content.keyed import Stem, build_key
from elearn.content.parts import is_generic
from elearn.content.problems import FileReport
from elearn.content.questions import Draft, Heading, read_question
from elearn.content.structure import Block, inline_words
from elearn.content.writer import Writer
from elearn.markup import plain

MAX_DEFAULT_ID = 40
CHOICES = (Shape.SINGLE, Shape.MULTIPLE)
SHUFFLED = (*CHOICES, Shape.MATCHING, Shape.ORDERING)


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


Reader = Callable[[Heading, Chips, list[Block], str, FileReport], Draft | None]


def build_question(
    heading: Heading, blocks: Sequence[Block], writer: Writer, read: Reader = read_question
) -> Question | None:
    """The question under a heading, or None with its problems noted."""
    workshop, report = writer.workshop, writer.report
    place = Place.QUESTION if read is read_question else Place.SURVEY_QUESTION
    chips, rest = take_chips(list(blocks), place, workshop.codes, report)
    writer.check(rest)
    draft = read(heading, chips, rest, workshop.language, report)
    identity = _name(heading, chips, draft, writer)
    if draft is None:
        return None
    _look_over(draft, report)
    return _assemble(draft, identity, writer)


def default_id(title: str, stem: str) -> str:
    """The name that stands in until the author gives one."""
    words = inline_words(cloze.without_gaps(stem.split("\n\n")[0] if is_generic(title) else title))
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
    key, key_material = build_key(
        draft.answer, options, writer, Stem(stem_html, draft.line, prefix)
    )
    stem_html = cloze.blanked(stem_html) if draft.answer.gaps else stem_html
    chips, shape = draft.chips, draft.answer.shape
    question = Question(
        id=identity,
        digest="",
        shape=shape,
        stem_html=stem_html,
        stem_text=plain(stem_html),
        points=_points(draft),
        options=options,
        key=key,
        competencies=tuple(chips.all(Name.COMPETENCY)),
        difficulty=chips.get(Name.DIFFICULTY),
        hints_html=tuple(hint.html for hint in hints),
        explanation_html=explanation.html,
        shuffled=chips.get(Name.SHUFFLED, True) and shape in SHUFFLED,
        partial=chips.get(Name.PARTIAL, False),
        voided=chips.get(Name.VOID, False),
    )
    pieces = (title, body, explanation, *hints)
    written = {"options": materials, "pieces": [piece.material for piece in pieces]}
    if key_material:
        written["key"] = key_material
    return _with_digest(question, written)


def _points(draft: Draft) -> int:
    """Those of the chip; an essay has those of its rubric."""
    criteria = draft.answer.criteria
    if criteria:
        return sum(criterion.points for criterion in criteria)
    return int(draft.chips.get(Name.POINTS, 1))


def _with_digest(question: Question, written: dict[str, Any]) -> Question:
    """Hash what was written, not its HTML: a mended renderer makes no new version."""
    plainly = asdict(question)
    for rendered in ("stem_html", "stem_text", "hints_html", "explanation_html", "digest"):
        del plainly[rendered]
    return Question(**{**_shallow(question), "digest": digest_of(plainly | written)})


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
    for draft_option in draft.answer.options:
        shown = writer.inline(draft_option.text, draft_option.line, prefix)
        feedback = writer.text(draft_option.feedback, draft_option.line, prefix, 4)
        key = part_key(draft_option.text, [taken.key for taken in options])
        facts = (draft_option.correct, draft_option.stays_last)
        percent = draft_option.percent
        options.append(Option(key, shown.html, facts[0], feedback.html, facts[1], percent))
        more = () if percent is None else (percent,)
        materials.append((key, *facts, shown.material, feedback.material, *more))
    return tuple(options), materials


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
        if draft.answer.shape not in CHOICES or not shuffled or option.stays_last:
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
