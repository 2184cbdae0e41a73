"""Tables of reports: counters of study, so that a page of figures costs the same at any size."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class BranchMonth(Model):
    """What was counted in a WIB month of a course in a unit and all below it.

    Derived from the journal; see study_counts.Counts for the counters. ``position_class`` is empty
    for all classes together, ``course_id`` 0 for what is told of all courses together.
    """

    __tablename__ = "branch_month"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position_class: Mapped[str] = mapped_column(String(40), primary_key=True)
    # As 202611.
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    course_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    enrolled: Mapped[int]
    begun: Mapped[int]
    tried: Mapped[int]
    finished: Mapped[int]
    lessons: Mapped[int]
    attempts: Mapped[int]
    completed: Mapped[int]
    certificates: Mapped[int]
    learners: Mapped[int]


class CountedUnit(Model):
    """Where a unit stood in the tree when branches were counted."""

    __tablename__ = "counted_unit"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(String(200))


class Rollup(Model):
    """How far the journal is counted: one row."""

    __tablename__ = "rollup"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The newest event that is counted.
    event_id: Mapped[int]
    # While everything is counted anew, the last person who is; None once all are.
    person_id: Mapped[int | None]
    # When it was seen last that nothing is left to count.
    current_ms: Mapped[int] = mapped_column(BigInteger)
