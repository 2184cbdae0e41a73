"""One conversion as the page shows it: what was read, what was lost, what others would lose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from elearn.competency import framework
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Candidate, Imported, Note, Notes, Unreadable, settle
from elearn.content.formats.fields import Fields, Unusable, question_of
from elearn.content.formats.known import FORMATS, Name
from elearn.content.formats.markdown import write_bank
from elearn.content.formats.written import WrittenQuestion

LANGUAGE = "id"
MAX_BANK = 200_000


@dataclass(frozen=True)
class Conversion:
    """The questions of a bank, its Markdown, and the report of how it came to be."""

    bank: str
    questions: tuple[WrittenQuestion, ...]
    notes: tuple[Note, ...]

    @cached_property
    def losses(self) -> dict[Name, tuple[Note, ...]]:
        """What would be lost on the way into each other format."""
        return {
            name: FORMATS[name].write(self.questions, LANGUAGE).notes
            for name in Name
            if name is not Name.MARKDOWN
        }


def read(content: bytes, name: Name, title: str) -> Conversion:
    """The questions of a file. Raises Unreadable."""
    return _converted(FORMATS[name].read(content, framework.known_codes(), LANGUAGE), title)


def from_fields(confirmed: Iterable[tuple[int, Fields]], title: str) -> Conversion:
    """The questions that were confirmed, by the number each had."""
    notes = Notes()
    candidates = []
    for number, fields in confirmed:
        try:
            candidates.append(Candidate(f"soal {number}", question_of(fields)))
        except Unusable as problem:
            notes.left_out(f"soal {number}", problem.reason)
    return _converted(settle(candidates, notes, framework.known_codes(), LANGUAGE), title)


def _converted(imported: Imported, title: str) -> Conversion:
    bank = write_bank(title, imported.questions) if imported.questions else ""
    if len(bank.encode()) > MAX_BANK:
        raise Unreadable(say.BANK_LARGE.format(limit=MAX_BANK // 1000))
    return Conversion(bank, imported.questions, imported.notes)


def complaint(fields: Fields) -> str:
    """Why fields make no question yet; nothing when they do."""
    try:
        question_of(fields)
    except Unusable as problem:
        return problem.reason
    return ""
