"""Tables of the dashboard: gauges, which are read off people and not off events."""

from __future__ import annotations

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class BranchGauge(Model):
    """How many people of a unit and all below it something holds for, when it was last looked at.

    ``position_class`` is empty for all classes together, ``year`` 0 where none is meant. ``people``
    are those it is asked of, ``matching`` those of them it holds for.
    """

    __tablename__ = "branch_gauge"

    unit_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position_class: Mapped[str] = mapped_column(String(40), primary_key=True)
    # See gauges.Kind.
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # The group within the kind: a status, a competency.
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    people: Mapped[int]
    matching: Mapped[int]
    # Whether the group is too small to be told of, or would give a small one away.
    is_hidden: Mapped[bool]


class GaugeReading(Model):
    """When the gauges were read: one row."""

    __tablename__ = "gauge_reading"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    read_ms: Mapped[int] = mapped_column(BigInteger)
