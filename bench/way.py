"""`python -m bench.way`: the shortest ways of 2,000 people over 80 courses, each with its own gaps.

Aim: under 5 s of CPU. Printed as a line for results.md.
"""

from __future__ import annotations

import random
from statistics import median
from time import process_time

from elearn.competency import way
from elearn.competency.way import Candidate

PEOPLE, COURSES, COMPETENCIES = 2000, 80, 13
MOST_GAPS = 12
LEVELS = (1, 2, 3, 4)
AIM_SECONDS = 5


def main() -> None:
    """Measure and print; the seed is fixed, so that two runs do the same work."""
    chance = random.Random(20261124)  # noqa: S311  # sample data
    codes = [f"C.{n:02}" for n in range(COMPETENCIES)]
    offered = [_course(n, codes, chance) for n in range(COURSES)]
    taken = [_seconds(_gaps(codes, chance), _done(chance), offered) for _ in range(PEOPLE)]
    total = sum(taken)
    print(
        f"{PEOPLE} people, {COURSES} courses: {total:.2f} s of CPU (aim {AIM_SECONDS} s); "
        f"a person {1000 * median(taken):.2f} ms, slowest {1000 * max(taken):.1f} ms"
    )


def _course(number: int, codes: list[str], chance: random.Random) -> Candidate:
    supports = {code: chance.choice(LEVELS) for code in chance.sample(codes, chance.randint(1, 4))}
    earlier = [f"k{n:02}" for n in range(number)]
    requires = chance.sample(earlier, 1) if earlier and chance.random() < 1 / 4 else []
    return Candidate(f"k{number:02}", chance.randint(2, 30), supports, frozenset(requires))


def _gaps(codes: list[str], chance: random.Random) -> dict[str, int]:
    missing = chance.sample(codes, chance.randint(0, MOST_GAPS))
    return {code: chance.choice(LEVELS) for code in missing}


def _done(chance: random.Random) -> set[str]:
    return {f"k{n:02}" for n in chance.sample(range(COURSES), chance.randint(0, 10))}


def _seconds(wanted: dict[str, int], done: set[str], offered: list[Candidate]) -> float:
    began = process_time()
    way.shortest(wanted, offered, done)
    return process_time() - began


if __name__ == "__main__":
    main()
