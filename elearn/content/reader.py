"""A folder becomes raw source: texts and files within limits, or a list of problems."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from elearn.content import messages as say
from elearn.content.problems import Problem, Report

MAX_FILE_KB = 1_024
MAX_TEXT_KB = 200
MAX_COURSE_MB = 20
MAX_FILES = 500
MAX_DEPTH = 3
KB = 1_024
MB = KB * KB

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
MAX_SLUG = 80
NUMBERED = re.compile(r"\d+[-_. ]+(?=.)")
BAD_CHARS = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
TEXT_ENDINGS = (".md", ".vtt")
# No-break spaces where a marker stands: at the start of a line, around bullets and boxes.
MARKER = re.compile(r"^[ \u00a0]*(?:[->*+#]|\d{1,9}[.)]|\[[^\]\n]{0,3}\]|[ \u00a0])*", re.M)


@dataclass(frozen=True)
class SourceFile:
    """One file: its path in the folder, its bytes and, for Markdown, its text.

    Lines of ``text`` are the lines of the file: LF only, tabs as spaces, no byte-order mark.
    """

    path: str
    content: bytes = field(repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class Source:
    """The folder as read, and what was wrong with it."""

    slug: str
    files: Mapping[str, SourceFile]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def from_texts(cls, slug: str, contents: Mapping[str, str | bytes]) -> Source:
        """A source that was never on disk, under the same limits."""
        reader = _Reader()
        for path, content in contents.items():
            data = content.encode() if isinstance(content, str) else content
            if reader.accepts_name(path) and reader.accepts_size(path, len(data)):
                reader.keep(path, data)
        return reader.source(slug)


def read_folder(folder: Path) -> Source:
    """Read a course folder. Nothing outside it is opened, whatever it holds."""
    reader = _Reader()
    slug = folder.resolve().name
    if not folder.is_dir():
        reader.report.error(slug, 0, say.FOLDER_MISSING)
        return reader.source(slug)
    for path, entry in _walk(folder, reader.report):
        reader.take(path, entry)
    return reader.source(slug)


def without_number(name: str) -> str:
    """A file or folder name without the number that only gives the order."""
    return NUMBERED.sub("", name, count=1)


def order_of(name: str) -> tuple[int, str]:
    """The sort key of a name: its leading number, then the name."""
    number = re.match(r"\d{1,9}", name)
    return (int(number[0]) if number else 1_000_000_000, name)


def _walk(folder: Path, report: Report) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file of the folder with its path, in order; hidden ones are passed over."""
    waiting = [("", str(folder))]
    while waiting:
        prefix, place = waiting.pop()
        for entry in _entries(place, prefix, report):
            path = prefix + entry.name
            if entry.name.startswith(".") or entry.name.endswith("~"):
                continue
            if entry.is_symlink():
                report.error(_shown(path), 0, say.LINK_IN_FOLDER)
            elif not entry.is_dir(follow_symlinks=False):
                yield path, entry
            elif path.count("/") >= MAX_DEPTH:
                report.error(_shown(path), 0, say.TOO_DEEP)
            else:
                waiting.append((path + "/", entry.path))


def _entries(place: str, prefix: str, report: Report) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        report.error(_shown(prefix.rstrip("/")), 0, say.UNREADABLE)
        return []


def _shown(path: str) -> str:
    """A path fit for a message, whatever bytes the file system holds."""
    text = path.encode("utf-8", "replace").decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text)


class _Reader:
    def __init__(self) -> None:
        self.report = Report()
        self.files: dict[str, SourceFile] = {}
        self.total = 0
        self.seen = 0

    def take(self, path: str, entry: os.DirEntry[str]) -> None:
        """Read one file if its name, kind and size are acceptable."""
        if not self.accepts_name(path):
            return
        try:
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode):
                self.report.error(path, 0, say.NOT_A_FILE)
            elif self.accepts_size(path, status.st_size):
                self.keep(path, _read_regular(entry.path))
        except OSError:
            self.report.error(path, 0, say.UNREADABLE)

    def accepts_name(self, path: str) -> bool:
        """Whether the path is one that can be shown and linked; notes a problem if not."""
        parts = path.split("/")
        plain = path.isprintable() and not BAD_CHARS.search(path) and len(path) <= 200
        if plain and all(part not in ("", ".", "..") for part in parts):
            return True
        self.report.error(_shown(path), 0, say.BAD_NAME)
        return False

    def accepts_size(self, path: str, size: int) -> bool:
        """Whether the file fits the limits of file, text and course; notes a problem if not."""
        self.seen += 1
        self.total += size
        if self.seen == MAX_FILES + 1:
            self.report.error("course.md", 0, say.TOO_MANY_FILES.format(limit=MAX_FILES))
        if size > MAX_FILE_KB * KB:
            self.report.error(path, 0, say.FILE_TOO_LARGE.format(limit=MAX_FILE_KB))
        elif path.lower().endswith(TEXT_ENDINGS) and size > MAX_TEXT_KB * KB:
            self.report.error(path, 0, say.TEXT_TOO_LARGE.format(limit=MAX_TEXT_KB))
        elif self.total > MAX_COURSE_MB * MB:
            self.report.error("course.md", 0, say.FOLDER_TOO_LARGE.format(limit=MAX_COURSE_MB))
        else:
            return self.seen <= MAX_FILES
        return False

    def keep(self, path: str, data: bytes) -> None:
        """Keep the file; Markdown must be text."""
        path = unicodedata.normalize("NFC", path)
        if len(data) > MAX_FILE_KB * KB:  # it grew after its size was read
            self.report.error(path, 0, say.FILE_TOO_LARGE.format(limit=MAX_FILE_KB))
            return
        text = ""
        if path.lower().endswith(".md"):
            decoded = self._decode(path, data)
            if decoded is None:
                return
            text = decoded
        self.files[path] = SourceFile(path, data, text)

    def _decode(self, path: str, data: bytes) -> str | None:
        if b"\0" in data:
            self.report.error(path, data.count(b"\n", 0, data.index(b"\0")) + 1, say.BINARY)
            return None
        try:
            return tidy(data.decode("utf-8-sig"))
        except UnicodeDecodeError as problem:
            line = data.count(b"\n", 0, problem.start) + 1
            self.report.error(path, line, say.NOT_UTF8)
            return None

    def source(self, slug: str) -> Source:
        """What was kept and what was wrong."""
        if not SLUG.match(slug) or len(slug) > MAX_SLUG:
            self.report.error("course.md", 0, say.FOLDER_NAME)
        if "course.md" not in self.files and not self.report.has_errors:
            self.report.error("course.md", 0, say.COURSE_FILE_MISSING)
        return Source(slug, dict(sorted(self.files.items())), self.report.sorted())


def _read_regular(path: str) -> bytes:
    """Read at most one byte more than the limit, never through a link."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        return file.read(MAX_FILE_KB * KB + 1)


def tidy(text: str) -> str:
    """One kind of line end, spaces for tabs, plain spaces in markers; lines keep their numbers."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = re.sub(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", " ", lines)
    if "\t" in lines:
        lines = "\n".join(line.expandtabs(4) for line in lines.split("\n"))
    if "\u00a0" in lines:
        lines = MARKER.sub(lambda found: found[0].replace("\u00a0", " "), lines)
    return "".join(char for char in lines if char in "\n " or unicodedata.category(char) != "Cc")
