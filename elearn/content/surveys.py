"""Surveys: the shapes of questions without keys."""

from __future__ import annotations

from typing import Any

from elearn.content import messages as say
from elearn.content.building import build_question, slug_of
from elearn.content.chips import Chips, Name, Place, option_chips, take_chips
from elearn.content.course import Question, Shape, Survey
from elearn.content.essays import is_essay_word, scale_of
from elearn.content.found import Answer, OptionDraft
from elearn.content.parts import ASIDE, CHOICES, Kind, Part, is_generic, parts_of
from elearn.content.problems import FileReport
from elearn.content.questions import Draft, Heading
from elearn.content.quizzes import Group, groups_of, is_plain
from elearn.content.sections import Section, check_text, clean_title
from elearn.content.structure import Block
from elearn.content.writer import Writer


def build_survey(section: Section, writer: Writer) -> tuple[Survey, list[Any]]:
    """The survey of a section and the material that names it; problems are noted."""
    workshop, report = writer.workshop, writer.report
    before, groups = groups_of(section.blocks)
    chips, intro = take_chips(before, Place.SURVEY, workshop.codes, report)
    check_text(tuple(intro), report)
    writer.check(intro)
    key = chips.get(Name.ID) or slug_of(section.title) or "survei"
    place = f"{writer.path}:{section.line}"
    other = workshop.survey_places.setdefault(key, place)
    if other != place:
        report.error(section.line, say.SURVEY_SAME_TITLE.format(title=section.title, other=other))
    if not groups:
        report.error(section.line, say.SURVEY_EMPTY)
    built = [_question(group, writer) for group in groups if is_plain(group, report)]
    questions = tuple(question for question in built if question)
    text = writer.text("\n\n".join(block.source for block in intro), section.line, "s-" + key, 2)
    survey = Survey(key, section.title, questions, text.html)
    digests = [question.digest for question in questions]
    return survey, ["survey", key, section.title, text.material, digests]


def _question(group: Group, writer: Writer) -> Question | None:
    heading = Heading(clean_title(group.heading.title), group.heading.start)
    writer.check([group.heading])
    return build_question(heading, group.blocks, writer, read_survey_question)


def read_survey_question(
    heading: Heading,
    chips: Chips,
    blocks: list[Block],
    language: str,  # noqa: ARG001  # the signature of every reader
    report: FileReport,
) -> Draft | None:
    """A question without a key: a list, a scale, or an open text where neither is there."""
    parts = [part for part in parts_of(blocks, report) if part.kind not in ASIDE]
    place = _answer_place(parts)
    stem = "\n\n".join(part.text for part in parts[:place]).strip("\n")
    if not stem and is_generic(heading.title):
        report.error(heading.line, say.NO_STEM)
        return None
    for part in parts[place + 1 :]:
        report.error(part.line, say.TEXT_AFTER_ANSWER)
        return None
    answer = _answer(parts[place], chips, report) if place < len(parts) else Answer(Shape.ESSAY)
    if answer is None:
        return None
    if Name.SEVERAL in chips and answer.shape is not Shape.MULTIPLE:
        report.error(chips.line, say.CHIP_USELESS.format(chip="boleh beberapa", shape="pilihan"))
    return Draft(heading.line, heading.title, stem, answer, chips)


def _answer_place(parts: list[Part]) -> int:
    """Where the answer stands: the first part with an answer's sign, else a list at the end."""
    for place, part in enumerate(parts):
        if part.kind in (Kind.TASKS, Kind.KEY, Kind.SCALE):
            return place
    return len(parts) - 1 if parts and parts[-1].kind in CHOICES else len(parts)


def _answer(part: Part, chips: Chips, report: FileReport) -> Answer | None:
    if part.kind is Kind.SCALE:
        key = scale_of(part, report)
        return Answer(Shape.SCALE, key=key) if key else None
    if part.kind is Kind.KEY:
        if part.text and not is_essay_word(part.text):
            report.error(part.line, say.SURVEY_KEY)
            return None
        return Answer(Shape.ESSAY)
    return _choice(part, chips, report)


def _choice(part: Part, chips: Chips, report: FileReport) -> Answer | None:
    for choice in part.choices:
        if choice.ticked or choice.feedback:
            report.error(choice.line, say.SURVEY_KEY)
            return None
        if not choice.text.strip():
            report.error(choice.line, say.EMPTY_OPTION)
            return None
    if len(part.choices) < 2:
        report.error(part.line, say.ONE_OPTION)
        return None
    options = tuple(
        OptionDraft(choice.line, option_chips(choice.text)[0].strip(), correct=False)
        for choice in part.choices
    )
    return Answer(Shape.MULTIPLE if Name.SEVERAL in chips else Shape.SINGLE, options)
