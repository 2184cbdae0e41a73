"""The book of results: printed, and appended to results.md."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence

from bench import servers
from bench.figures import Figure
from bench.load import WRK
from elearn import clock

BOOK = servers.ROOT / "bench" / "results.md"
HEADER = "| # | Figure | Measured | Limit | Ratio | Aim | |\n|---|---|---|---|---|---|---|"


def line(figure: Figure) -> str:
    """One row of the table."""
    sign = "≥" if figure.better > 0 else "≤"
    verdict = "met" if figure.is_met else "**missed**"
    cells = [
        figure.key,
        figure.what,
        f"{_spread(figure.measured)} {figure.unit}",
        f"{_spread(figure.limit)} {figure.unit}" if figure.limit else "–",
        f"{figure.value:.2f}" if figure.limit else "–",
        f"{sign} {figure.aim:g}",
        verdict,
    ]
    return f"| {' | '.join(cells)} |"


def _spread(values: Sequence[float]) -> str:
    """The median, with the least and the most of several rounds."""
    median = _short(statistics.median(values))
    if len(values) == 1:
        return median
    return f"{median} ({_short(min(values))}–{_short(max(values))})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def heading(database: str, rounds: int) -> str:
    """What a run was made on."""
    cores = os.cpu_count()
    client = "wrk" if WRK else "threads of the harness"
    day = clock.now().strftime("%Y-%m-%d %H:%M WIB")
    return (
        f"## {day}, {_commit()}, {database}\n\n{cores} cores, Python {platform.python_version()}, "
        f"{rounds} rounds in turn, load by {client}; median (least–most).\n"
    )


def _commit() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=servers.ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    changed = git("status", "--porcelain", "--", "elearn", "templates", "static")
    return f"commit {git('rev-parse', '--short', 'HEAD')}{' and changes' if changed else ''}"


def append(database: str, rounds: int, figures: Sequence[Figure]) -> None:
    """Add a run to the book."""
    table = "\n".join([HEADER, *map(line, figures)])
    with BOOK.open("a") as book:
        book.write(f"\n{heading(database, rounds)}\n{table}\n")
