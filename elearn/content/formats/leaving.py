"""What all formats of other programs have in common when questions leave."""

from __future__ import annotations

import re

from elearn.content.cloze import without_gaps
from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Notes
from elearn.content.formats.guards import title_line
from elearn.content.formats.written import Labels, WrittenQuestion
from elearn.content.keys import FULL_PERCENT
from elearn.content.parts import is_generic
from elearn.content.structure import inline_words

PICTURE = re.compile(r"!\[[^\]]*\]\(")
MAX_NAME = 80


def name_of(question: WrittenQuestion) -> str:
    """How a question is called in a list: the words of its title, without what it asks for."""
    if not question.has_own_title:
        return title_line(question.title) or "Soal"
    words = inline_words(without_gaps(question.title))[:MAX_NAME].strip()
    return question.labels.id or "butir" if is_generic(words) else words


def asked_text(question: WrittenQuestion) -> str:
    """The whole text of a question as Markdown: its title, where that asks, and its stem."""
    if not question.has_own_title:
        return question.stem
    return f"{question.title}\n\n{question.stem}".strip()


def note_losses(question: WrittenQuestion, place: str, notes: Notes) -> None:
    """Report what Moodle has no place for."""
    if any(option.stays_last for option in question.options):
        notes.lost(place, say.STAYS_LAST)
    if question.labels.typos:
        notes.lost(place, say.TYPOS)
    if question.shape is Shape.MULTIPLE and not question.labels.partial:
        notes.lost(place, say.PARTIAL)
    if PICTURE.search(asked_text(question) + question.explanation):
        notes.lost(place, say.PICTURES)


def note_plain_losses(question: WrittenQuestion, place: str, notes: Notes) -> None:
    """Report what a format of plain words has no place for."""
    options, answers = question.options, question.answers
    percents = [o.percent for o in options] + [a.percent for a in answers]
    losses = {
        say.FEEDBACK: any(o.feedback for o in options) or any(a.feedback for a in answers),
        say.PERCENTS: any(percent not in (None, FULL_PERCENT) for percent in percents),
        say.STAYS_LAST: any(option.stays_last for option in options),
        say.HINTS: bool(question.hints),
        say.LABELS: question.labels != Labels(id=question.labels.id),
        say.PICTURES: bool(PICTURE.search(asked_text(question))),
    }
    for said, is_lost in losses.items():
        if is_lost:
            notes.lost(place, said)
