"""A course folder as one zip file, there and back without loss. Pure."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from elearn.content import messages as say
from elearn.content.problems import Problem, Report, excerpt
from elearn.content.reader import MAX_COURSE_MB, MAX_FILES, MB, Source
from elearn.errors import Invalid

MAX_ZIP_BYTES = (MAX_COURSE_MB + 1) * MB
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
MODE_BITS = 16  # the mode of a file stands in the upper half of its attributes
FILE_MODE = 0o644 << MODE_BITS
NOWHERE = {"", ".", ".."}  # no names of files
OPENING_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    OSError,
    EOFError,
    struct.error,
    ValueError,
)
# Others take memory and time by what they say of themselves.
LISTED = b"PK\x01\x02"  # begins each entry of the list; it is counted before it is read
MAX_LISTED = 20 * MAX_FILES
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class BadSource(Invalid):
    """A zip that opens but holds no folder of a course; ``problems`` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("not_a_course", "zip")
        self.problems = problems


def pack(slug: str, contents: Mapping[str, bytes]) -> bytes:
    """The folder of a course, named by its slug, in a zip."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(contents.items()):
            info = zipfile.ZipInfo(f"{slug}/{path}", NO_TIME)
            info.external_attr = FILE_MODE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()


def unpack(slug: str, content: bytes) -> dict[str, bytes]:
    """The files of a zip by path, within the limits of a course.

    Raises Invalid("not_a_zip" or "too_large"), BadSource with what is wrong.
    """
    if content.count(LISTED) > MAX_LISTED:
        raise Invalid("too_large", "zip")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found = dict(_files(archive))
    except OPENING_FAILURES as problem:
        raise Invalid("not_a_zip", "zip") from problem
    found = _without_folder(found)
    read = Source.from_texts(slug, found)
    if read.problems:
        raise BadSource(read.problems)
    return {path: file.content for path, file in read.files.items()}


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    wanted = [info for info in archive.infolist() if not info.is_dir() and _is_seen(info.filename)]
    total = sum(info.file_size for info in wanted)
    if len(wanted) > MAX_FILES or total > MAX_COURSE_MB * MB:
        raise Invalid("too_large", "zip")
    _refuse_links(wanted)
    for info in wanted:
        if info.compress_type not in COMPRESSIONS:
            raise Invalid("not_a_zip", "zip")
        with archive.open(info) as file:
            found = file.read(info.file_size + 1)
        if len(found) != info.file_size:  # what it says of its size may be a lie
            raise Invalid("not_a_zip", "zip")
        yield info.filename, found


def _refuse_links(wanted: list[zipfile.ZipInfo]) -> None:
    report = Report()
    for info in wanted:
        if stat.S_ISLNK(info.external_attr >> MODE_BITS):
            report.error(excerpt(info.filename), 0, say.LINK_IN_FOLDER)
    if report.has_errors:
        raise BadSource(report.sorted())


def _is_seen(name: str) -> bool:
    """Hidden files, and what other systems leave behind, are passed over; escapes are not."""
    return not any(_is_hidden(part) for part in name.split("/"))


def _is_hidden(part: str) -> bool:
    is_dotted = part.startswith(".") and part not in NOWHERE
    return is_dotted or part.startswith("__MACOSX") or part.endswith("~")


def _without_folder(found: dict[str, bytes]) -> dict[str, bytes]:
    """The files below the one folder that holds the course, if there is one."""
    tops = {path.split("/", 1)[0] for path in found}
    if "course.md" in found or len(tops) != 1 or tops & NOWHERE:
        return found
    return {path.split("/", 1)[1]: content for path, content in found.items() if "/" in path}
