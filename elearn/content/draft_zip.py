"""A course folder as one zip file, there and back without loss. Pure."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from elearn import zips
from elearn.content import messages as say
from elearn.content.problems import Problem, Report, excerpt
from elearn.content.reader import MAX_COURSE_MB, MAX_FILES, MB, Source
from elearn.errors import Invalid

MAX_ZIP_BYTES = (MAX_COURSE_MB + 1) * MB
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same files make the same zip
MODE_BITS = 16  # the mode of a file stands in the upper half of its attributes
FILE_MODE = 0o644 << MODE_BITS


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
    with zips.opened(content, MAX_FILES) as archive:
        found = dict(_files(archive))
    found = _without_folder(found)
    read = Source.from_texts(slug, found)
    if read.problems:
        raise BadSource(read.problems)
    return {path: file.content for path, file in read.files.items()}


def _files(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    wanted = zips.members(archive)
    total = sum(info.file_size for info in wanted)
    if len(wanted) > MAX_FILES or total > MAX_COURSE_MB * MB:
        raise Invalid("too_large", "zip")
    _refuse_links(wanted)
    for info in wanted:
        yield info.filename, zips.read(archive, info)


def _refuse_links(wanted: list[zipfile.ZipInfo]) -> None:
    report = Report()
    for info in wanted:
        if stat.S_ISLNK(info.external_attr >> MODE_BITS):
            report.error(excerpt(info.filename), 0, say.LINK_IN_FOLDER)
    if report.has_errors:
        raise BadSource(report.sorted())


def _without_folder(found: dict[str, bytes]) -> dict[str, bytes]:
    """The files below the one folder that holds the course, if there is one."""
    tops = {path.split("/", 1)[0] for path in found}
    if "course.md" in found or len(tops) != 1 or tops & zips.NOWHERE:
        return found
    return {path.split("/", 1)[1]: content for path, content in found.items() if "/" in path}
