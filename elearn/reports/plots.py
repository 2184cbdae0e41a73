"""The pictures of a quiz on its page of results."""

from __future__ import annotations

from typing import NamedTuple

from elearn.reports import charts, items
from elearn.reports.charts import Histogram, Point, Scatter
from elearn.reports.questions import QuizResult


class Plots(NamedTuple):
    """The pictures of a quiz; None where there is too little to draw."""

    scores: Histogram | None
    questions: Scatter | None


def of(result: QuizResult) -> Plots:
    """Scores against the pass mark, and the questions now asked by facility and discrimination."""
    points = [
        Point(q.figures.question.id, q.figures.facility, q.figures.rest, q.is_suspect)
        for q in result.questions
        if q.is_current and q.figures.facility and q.figures.rest
    ]
    enough = result.pass_percent is not None and result.used >= items.FACILITY_FROM
    return Plots(
        charts.histogram(result.scores, result.pass_percent or 0) if enough else None,
        charts.scatter(points) if points else None,
    )
