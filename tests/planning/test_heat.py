"""Which cells of a heat map are told."""

from __future__ import annotations

import pytest

from elearn.planning import heat
from elearn.planning.heat import Cell, Count

LABELS = {1: "A", 2: "B", 3: "C", 4: "D"}


@pytest.mark.parametrize(
    ("assessed", "short", "told"),
    [
        (0, 0, None),
        (4, 2, None),
        (5, 1, Cell(20, 1)),
        (5, 0, Cell(20, 0, "≤")),
        (5, 5, Cell(80, 4, "≥")),
        (200, 199, Cell(100, 4)),
        (10, 1, Cell(10, 0)),
        (10, 6, Cell(60, 3)),
    ],
)
def test_a_cell_tells_a_share_of_five_or_more(assessed: int, short: int, told: Cell | None) -> None:
    assert heat.cell(Count(assessed, short)) == told


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ((9, 8, 7, 6), "ABCD"),
        ((9, 8, 7, 0), "ABC"),
        ((9, 8, 7, 4), "AB"),  # C too, or the whole less the others tells of D
        ((9, 8, 3, 4), "AB"),  # two small ones hide each other: seven together
        ((9, 8, 2, 2), "A"),  # four together are still too few
        ((9, 3, 0, 0), ""),
        ((4, 0, 0, 0), ""),
        ((9, 0, 0, 0), "A"),
    ],
)
def test_no_small_group_is_told_by_difference(sizes: tuple[int, ...], shown: str) -> None:
    counts = {(key, "M.01"): Count(size, 1) for key, size in zip(LABELS, sizes, strict=True)}
    rows = heat.rows(LABELS, ["M.01"], counts)
    assert "".join(row.label for row in rows if row.cells[0]) == shown
