"""`python -m bench`: measure, print, and append to results.md."""

from __future__ import annotations

import argparse

from bench import databases, figures, results, world
from bench.figures import Rounds


def main() -> None:
    """Run all figures on the databases asked for."""
    asked = _arguments()
    rounds = Rounds(asked.rounds, asked.seconds)
    for kind in asked.database or (databases.SQLITE, databases.POSTGRESQL):
        print(f"\n{results.heading(kind, rounds.count)}\n{results.HEADER}")
        found = []
        with databases.empty(kind) as address:
            for figure in figures.measure(address, world.build(address), rounds, asked.only):
                print(results.line(figure), flush=True)
                found.append(figure)
        if not asked.dry:
            results.append(kind, rounds.count, found)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database", action="append", choices=["SQLite", "PostgreSQL"])
    parser.add_argument("--only", nargs="+", choices=list(figures.ALL), default=[])
    parser.add_argument("--rounds", type=int, default=7, help="at least 5 for a result to keep")
    parser.add_argument("--seconds", type=int, default=3, help="length of a round")
    parser.add_argument("--dry", action="store_true", help="print, but do not append")
    return parser.parse_args()


if __name__ == "__main__":
    main()
