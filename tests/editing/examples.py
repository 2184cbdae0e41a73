"""The files that the forms must give back: the examples of the author guide, and the courses."""

from __future__ import annotations

import re
from pathlib import Path

from elearn.content.drafts import File

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "penulis.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^````markdown ?(?P<path>\S*)\n(?P<text>.*?)^````$", re.MULTILINE | re.DOTALL)


def file_of(path: str, text: str) -> File:
    """A file of a working copy."""
    return File(path, 1, text.encode(), None, 0, "")


def _piece(text: str) -> str:
    is_question = text.startswith("### ") and not text.startswith("### Cek pemahaman:")
    return "# Contoh\n\n" + ("## Kuis: Contoh\n\n" if is_question else "") + text


def _guide() -> list[File]:
    found = ((match["path"], match["text"]) for match in EXAMPLE.finditer(GUIDE))
    return [file_of(path or "x.md", text if path else _piece(text)) for path, text in found]


def _courses() -> list[File]:
    folders = (ROOT / "courses").iterdir()
    return [
        file_of(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8"))
        for folder in sorted(folders)
        for path in sorted(folder.rglob("*.md"))
    ]


FILES = [*_guide(), *_courses()]


def written(file: File, *, crlf: bool, mark: bool) -> File:
    """The file with the line ends of another system, or a byte-order mark."""
    text = file.content.decode()
    text = text.replace("\n", "\r\n") if crlf else text
    return File(file.path, 1, (("\ufeff" if mark else "") + text).encode(), None, 0, "")
