"""The jobs of the roster, for the runner and the console."""

from __future__ import annotations

from elearn.jobs import Work
from elearn.roster import applying, reading, undoing


def look(work: Work) -> None:
    """The job: read a file that was sent."""
    reading.look(work.body["roster"], work.report)


def apply(work: Work) -> None:
    """The job: do what an import says."""
    applying.apply(work.body["roster"])


def undo(work: Work) -> None:
    """The job: take an import back."""
    undoing.undo(work.body["roster"], work.report)
