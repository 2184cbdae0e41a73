"""Check every course of courses/ as `elearn check` does: no error and no warning is left."""

from __future__ import annotations

import sys
from pathlib import Path

from elearn.competency import framework
from elearn.content import folders
from elearn.content.compiler import Known

COURSES = Path(__file__).resolve().parents[2] / "courses"


def main() -> int:
    found = sorted(path.parent for path in COURSES.glob("*/course.md"))
    known = Known(framework.seed_codes(), frozenset(folder.name for folder in found))
    problems = [p for folder in found for p in folders.check_folder(folder, known).problems]
    for problem in problems:
        print(problem)
    return 1 if problems or not found else 0


if __name__ == "__main__":
    sys.exit(main())
