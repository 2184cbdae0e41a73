"""The keys of the shapes that hold text of their own: rendered, and named by what was written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from elearn.content import messages as say
from elearn.content.cloze import pieces_of
from elearn.content.course import Option
from elearn.content.found import Answer, part_key
from elearn.content.keys import (
    ClozeKey,
    Criterion,
    EssayKey,
    Expected,
    ExpectedKey,
    Key,
    MatchingKey,
    Prompt,
)
from elearn.content.writer import Writer


@dataclass(frozen=True)
class Stem:
    """The finished text of a question, where it stands, and the prefix of its anchors."""

    html: str
    line: int
    prefix: str


def build_key(
    answer: Answer, options: tuple[Option, ...], writer: Writer, stem: Stem
) -> tuple[Key | None, list[Any]]:
    """The key of an answer, and the material that names it; none where the key names itself."""
    if answer.expected:
        return _expected(answer, writer, stem.prefix)
    if answer.prompts:
        return _matching(answer, options, writer, stem.prefix)
    if answer.criteria:
        return _essay(answer, writer, stem.prefix)
    if answer.gaps:
        return _cloze(answer, writer, stem)
    return answer.key, []


def _expected(answer: Answer, writer: Writer, prefix: str) -> tuple[Key, list[Any]]:
    expected, material = [], []
    for draft in answer.expected:
        feedback = writer.text(draft.feedback, draft.line, prefix, 4)
        expected.append(Expected(draft.key, draft.percent, feedback.html))
        material.append([asdict(draft.key), draft.percent, feedback.material])
    return ExpectedKey(tuple(expected)), ["expected", material]


def _matching(
    answer: Answer, options: tuple[Option, ...], writer: Writer, prefix: str
) -> tuple[Key, list[Any]]:
    prompts: list[Prompt] = []
    material = []
    for draft in answer.prompts:
        shown = writer.inline(draft.text, draft.line, prefix)
        key = part_key(draft.text, [prompt.key for prompt in prompts])
        prompts.append(Prompt(key, shown.html, options[draft.option].key))
        material.append([key, options[draft.option].key, shown.material])
    return MatchingKey(tuple(prompts)), ["matching", material]


def _essay(answer: Answer, writer: Writer, prefix: str) -> tuple[Key, list[Any]]:
    criteria, material = [], []
    for draft in answer.criteria:
        shown = writer.inline(draft.text, draft.line, prefix)
        criteria.append(Criterion(shown.html, draft.points))
        material.append([draft.points, shown.material])
    return EssayKey(tuple(criteria)), ["essay", material]


def _cloze(answer: Answer, writer: Writer, stem: Stem) -> tuple[Key, list[Any]]:
    pieces = pieces_of(stem.html, len(answer.gaps))
    if pieces is None:
        writer.report.error(stem.line, say.CLOZE_PLACE)
        pieces = ()
    return ClozeKey(pieces, answer.gaps), ["cloze", [asdict(gap) for gap in answer.gaps]]
