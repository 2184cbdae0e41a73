"""A picture from an author becomes a file of the course; its name says what is seen. Pure."""

from __future__ import annotations

from hashlib import sha256

from elearn import pictures
from elearn.content.building import slug_of
from elearn.content.reader import KB, MAX_FILE_KB
from elearn.errors import Invalid
from elearn.pictures import MAX_SIDE, MAX_UPLOAD_BYTES, Picture

__all__ = ["MAX_SIDE", "MAX_UPLOAD_BYTES"]
MAX_ALT = 250
NAME_LENGTH = 40


def clean(content: bytes) -> Picture:
    """The picture made anew, as a course may hold it. Raises Invalid."""
    return pictures.clean(content, MAX_FILE_KB * KB)


def path_of(alt: str, ending: str, content: bytes) -> str:
    """A name that says what is seen; the same picture gets the same name."""
    words = slug_of(alt, NAME_LENGTH) or "gambar"
    return f"assets/{words}-{sha256(content).hexdigest()[:8]}.{ending}"


def alt_of(typed: str) -> str:
    """The alternative text on one line. Raises Invalid("no_alt") without one."""
    alt = " ".join(typed.split())[:MAX_ALT]
    if not alt:
        raise Invalid("no_alt", "alt")
    return alt


def markdown_of(alt: str, path: str, lesson: str) -> str:
    """The picture as it is shown from a file of the course."""
    shown = alt.replace("\\", "").replace("[", "(").replace("]", ")")
    return f"![{shown}]({'../' * lesson.count('/')}{path})"
