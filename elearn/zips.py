"""Zip files: those of people are read without trusting them, ours are sent as written. Pure."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO, RawIOBase
from typing import Any

from elearn.errors import Invalid

NOWHERE = {"", ".", ".."}  # no names of files
# Others take memory and time by what they say of themselves.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LISTED = b"PK\x01\x02"  # begins each entry of the list; it is counted before it is read
_LISTED_FOR_EACH = 20
_FAILURES = (
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    NotImplementedError,
    OSError,
    EOFError,
    struct.error,
    ValueError,
)


def opened(content: bytes, most_files: int, field: str = "zip") -> zipfile.ZipFile:
    """The archive. Raises Invalid("not_a_zip" or "too_large") with the form's field."""
    if content.count(_LISTED) > _LISTED_FOR_EACH * most_files:
        raise Invalid("too_large", field)
    try:
        return zipfile.ZipFile(BytesIO(content))
    except _FAILURES as problem:
        raise Invalid("not_a_zip", field) from problem


def members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Its files; hidden ones, and what other systems leave behind, are passed over."""
    return [info for info in archive.infolist() if not info.is_dir() and _is_seen(info.filename)]


def read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, field: str = "zip") -> bytes:
    """A file, never more than it says it has. Raises Invalid("not_a_zip") for a damaged one."""
    if info.compress_type not in COMPRESSIONS:
        raise Invalid("not_a_zip", field)
    try:
        with archive.open(info) as file:
            found = file.read(info.file_size + 1)
    except _FAILURES as problem:
        raise Invalid("not_a_zip", field) from problem
    if len(found) != info.file_size:  # what it says of its size may be a lie
        raise Invalid("not_a_zip", field)
    return found


def _is_seen(name: str) -> bool:
    """Escapes from the folder are seen, so that they can be refused."""
    return not any(_is_hidden(part) for part in name.split("/"))


def _is_hidden(part: str) -> bool:
    is_dotted = part.startswith(".") and part not in NOWHERE
    return is_dotted or part.startswith("__MACOSX") or part.endswith("~")


class Spool(RawIOBase):
    """What ZipFile writes to; it cannot go back, so nothing has to be kept."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        self._held += content
        return len(content)

    def taken(self) -> bytes:
        """What was written since the last time."""
        content = bytes(self._held)
        self._held.clear()
        return content
