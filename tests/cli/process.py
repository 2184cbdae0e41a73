"""A command in a process of its own, forked from one that has imported the application."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from elearn.cli import main

ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 120


@dataclass(frozen=True)
class Done:
    """What a command said, and how it ended."""

    returncode: int | None
    stdout: str
    stderr: str


def run(words: Sequence[str], environment: Mapping[str, str], folder: Path) -> Done:
    """Run ``elearn`` with these words; what it says is written into the folder meanwhile."""
    forks = get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    out, err = folder / "stdout", folder / "stderr"
    process = forks.Process(target=_command, args=(words, dict(environment), out, err))
    process.start()
    process.join(LONGEST_SECONDS)
    assert process.exitcode is not None, "the command did not end"
    return Done(process.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))


def _command(words: Sequence[str], environment: dict[str, str], out: Path, err: Path) -> None:
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for path, stream in ((out, sys.stdout), (err, sys.stderr)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    main(words, "elearn")
