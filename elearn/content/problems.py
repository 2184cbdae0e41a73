"""What is wrong in a course folder: where, what, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """An error stops publishing, a warning does not."""

    ERROR = "galat"
    WARNING = "peringatan"


@dataclass(frozen=True)
class Problem:
    """One thing to mend. ``line`` and ``column`` count from 1; line 0 means the whole file."""

    path: str
    line: int
    column: int | None
    message: str
    severity: Severity

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        if self.line and self.column:
            place = f"{place}:{self.column}"
        mark = "peringatan: " if self.severity is Severity.WARNING else ""
        return f"{place}: {mark}{self.message}"


@dataclass
class Report:
    """Collects the problems of one course, each once."""

    found: dict[Problem, None] = field(default_factory=dict)

    def error(self, path: str, line: int, message: str, column: int | None = None) -> None:
        """Note what stops publishing."""
        self.found[Problem(path, line, column, message, Severity.ERROR)] = None

    def warn(self, path: str, line: int, message: str, column: int | None = None) -> None:
        """Note what deserves a second look."""
        self.found[Problem(path, line, column, message, Severity.WARNING)] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems noted elsewhere."""
        self.found.update(dict.fromkeys(problems))

    @property
    def has_errors(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """By file, line and column, errors before warnings on the same line."""
        return tuple(
            sorted(self.found, key=lambda p: (p.path, p.line, p.column or 0, p.severity, p.message))
        )


@dataclass
class FileReport:
    """A report bound to one file."""

    report: Report
    path: str

    def error(self, line: int, message: str, column: int | None = None) -> None:
        """Note an error in this file."""
        self.report.error(self.path, line, message, column)

    def warn(self, line: int, message: str, column: int | None = None) -> None:
        """Note a warning in this file."""
        self.report.warn(self.path, line, message, column)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like the given one as a hint sentence, or nothing."""
    close = difflib.get_close_matches(word[:60], list(known), n=1, cutoff=0.6)
    return f" Maksud Anda `{close[0]}`?" if close else ""


def excerpt(text: str, limit: int = 40) -> str:
    """A short quotation of the author's text for a message."""
    flat = " ".join(text.split())
    flat = "".join(char for char in flat if char.isprintable())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
