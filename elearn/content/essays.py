"""Essays with their rubrics, and Likert scales."""

from __future__ import annotations

import re

from elearn.content import messages as say
from elearn.content.chips import MAX_POINTS, Name
from elearn.content.course import Shape
from elearn.content.found import Answer, CriterionDraft, Found
from elearn.content.keys import ScaleKey
from elearn.content.parts import Kind, Part
from elearn.content.problems import FileReport, excerpt

ESSAY_WORDS = ("uraian", "esai", "essay")
CRITERION = re.compile(
    r"(?P<text>.*?)`\s*(?P<points>\d{1,3})\s*(?:poin|points?|pts?)\s*`", re.S | re.I
)
BULLET = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+", re.MULTILINE)
SPARE = " \t\n;,.·:—–-"
SCALE = re.compile(
    r"(?P<low>\d{1,2})\s*(?:\.{2,3}|…|–|-|sampai|to)\s*(?P<high>\d{1,2})\s*(?:\((?P<words>[^()]*)\))?\s*$",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"\s*(?:…|\.{2,3}|→|->|–)\s*")
MAX_STEPS = 11
MAX_WORD = 60


def is_essay(found: Found) -> bool:
    """``Jawaban: uraian``."""
    return bool(found.key and is_essay_word(found.key.text))


def is_essay_word(text: str) -> bool:
    """Whether a key line only says that the answer is an essay."""
    return text.strip().strip("*_`.").strip().lower() in ESSAY_WORDS


def is_scale(found: Found) -> bool:
    """``Skala: 1..5``."""
    return bool(found.key and found.key.kind is Kind.SCALE)


def refuse_scale(found: Found) -> None:
    """A scale has no right answer, so that it belongs into a survey."""
    assert found.key is not None  # noqa: S101  # is_scale
    found.report.error(found.key.line, say.SCALE_OUTSIDE)


def build_essay(found: Found) -> Answer | None:
    """An essay; its points are those of the rubric."""
    assert found.key is not None  # noqa: S101  # is_essay
    if found.rubric is None or not found.rubric.text.strip():
        place = found.rubric or found.key
        found.report.error(place.line, say.ESSAY_NO_RUBRIC)
        return None
    criteria = criteria_of(found.rubric, found.report)
    if criteria is None:
        return None
    total = sum(criterion.points for criterion in criteria)
    wanted = found.chips.get(Name.POINTS, total)
    if total != wanted or total > MAX_POINTS:
        message = say.RUBRIC_SUM.format(total=total, wanted=min(wanted, MAX_POINTS))
        found.report.error(found.rubric.line, message)
        return None
    return Answer(Shape.ESSAY, criteria=criteria)


def criteria_of(rubric: Part, report: FileReport) -> tuple[CriterionDraft, ...] | None:
    """What a rubric asks for: each criterion ends with its points."""
    criteria, end = [], 0
    for found in CRITERION.finditer(rubric.text):
        text = BULLET.sub("", found["text"].strip(SPARE + "*"), count=1).strip(SPARE)
        line = rubric.line + rubric.text.count("\n", 0, found.start("points"))
        if not text or BULLET.search(text) or not int(found["points"]):
            report.error(line, say.RUBRIC_POINTS)
            return None
        criteria.append(CriterionDraft(line, text, int(found["points"])))
        end = found.end()
    if not criteria or rubric.text[end:].strip(SPARE):
        line = rubric.line + rubric.text.rstrip().count("\n")
        report.error(line, say.RUBRIC_POINTS)
        return None
    return tuple(criteria)


def scale_of(part: Part, report: FileReport) -> ScaleKey | None:
    """The steps of a scale and the words of its two ends."""
    found = SCALE.match(" ".join(part.text.split()))
    low, high = (int(found["low"]), int(found["high"])) if found else (0, 0)
    if not found or not low < high < low + MAX_STEPS:
        report.error(part.line, say.SCALE_BAD.format(text=excerpt(part.text)))
        return None
    words = BETWEEN.split(found["words"].strip(), maxsplit=1) if found["words"] else ["", ""]
    if len(words) != 2 or any(len(word) > MAX_WORD for word in words):
        report.error(part.line, say.SCALE_BAD.format(text=excerpt(part.text)))
        return None
    return ScaleKey(low, high, words[0], words[1])
