"""The formats questions come from and go to, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from elearn.content.formats.aiken import read_aiken, write_aiken
from elearn.content.formats.exchange import (
    Candidate,
    Exported,
    Imported,
    Notes,
    decoded,
    settle,
)
from elearn.content.formats.gift import read_gift
from elearn.content.formats.gift_writer import write_gift
from elearn.content.formats.markdown import write_bank
from elearn.content.formats.moodle import read_moodle
from elearn.content.formats.moodle_writer import write_moodle
from elearn.content.formats.reading import read_bank
from elearn.content.formats.sheet import read_sheet
from elearn.content.formats.sheet_writer import write_sheet
from elearn.content.formats.written import WrittenQuestion
from elearn.content.problems import Severity


class Name(StrEnum):
    """A format, as forms and addresses call it."""

    MARKDOWN = "markdown"
    GIFT = "gift"
    MOODLE = "moodle"
    AIKEN = "aiken"
    SHEET = "excel"


@dataclass(frozen=True)
class Format:
    """How a format is read and written, and the ending of its files."""

    ending: str
    media_type: str
    read: Callable[[bytes, frozenset[str], str], Imported]
    write: Callable[[Iterable[WrittenQuestion], str], Exported]


def _read_markdown(content: bytes, codes: frozenset[str], language: str = "id") -> Imported:
    """A bank file of our own, with what is wrong in it."""
    notes = Notes()
    questions, problems = read_bank(decoded(content), codes, language)
    for problem in problems:
        if problem.severity is Severity.ERROR:
            notes.left_out(f"baris {problem.line}", problem.message)
    candidates = [Candidate(question.title, question) for question in questions]
    return settle(candidates, notes, codes, language)


def _write_markdown(questions: Iterable[WrittenQuestion], _: str = "id") -> Exported:
    return Exported(write_bank("Soal", questions).encode(), ())


TEXT = "text/plain; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[Name, Format] = {
    Name.MARKDOWN: Format("md", "text/markdown; charset=utf-8", _read_markdown, _write_markdown),
    Name.GIFT: Format("gift.txt", TEXT, read_gift, write_gift),
    Name.MOODLE: Format("xml", "application/xml", read_moodle, write_moodle),
    Name.AIKEN: Format("aiken.txt", TEXT, read_aiken, write_aiken),
    Name.SHEET: Format("xlsx", XLSX, read_sheet, write_sheet),
}
