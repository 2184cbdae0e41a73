"""The photo or PDF of a certificate: looked at before it is kept, a photo made anew. Pure."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from elearn import pictures
from elearn.errors import Invalid
from elearn.pictures import KB, MAX_UPLOAD_BYTES

__all__ = ["MAX_UPLOAD_BYTES"]
PDF = "application/pdf"
MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
# How the name of a file of each kind ends.
ENDINGS = {PDF: "pdf"} | {kind: ending for ending, kind in MEDIA_TYPES.items()}
# What BKN's own upload takes, as one HR application names it.
MAX_PDF_BYTES = 2 * KB * KB
MAX_PICTURE_BYTES = KB * KB
PNG_START = b"\x89PNG"
PDF_START, PDF_END = b"%PDF-", b"%%EOF"
LOOKED_AT = KB
_REASONS = {"not_a_picture": "paper_unreadable", "too_many_pixels": "paper_too_many_pixels"}


class Paper(NamedTuple):
    """A certificate as it is kept; the digest is its SHA-256."""

    media_type: str
    content: bytes
    digest: str


def read(content: bytes) -> Paper:
    """What somebody uploaded, as it is kept. Raises Invalid with the field ``paper``."""
    if not content:
        raise Invalid("paper_missing", "paper")
    if PDF_START in content[:LOOKED_AT]:
        _check_pdf(content)
        return _paper(PDF, content)
    try:
        ending, made = pictures.clean(content, MAX_PICTURE_BYTES)
    except Invalid as problem:
        raise Invalid(_REASONS[problem.reason], "paper") from problem
    return _paper(MEDIA_TYPES[ending], made)


def kept(content: bytes) -> Paper:
    """What ``read`` gave before, taken as it is."""
    if content.startswith(PNG_START):
        return _paper(MEDIA_TYPES["png"], content)
    is_pdf = PDF_START in content[:LOOKED_AT]
    return _paper(PDF if is_pdf else MEDIA_TYPES["jpg"], content)


def _check_pdf(content: bytes) -> None:
    if len(content) > MAX_PDF_BYTES:
        raise Invalid("paper_too_large", "paper")
    if PDF_END not in content[-LOOKED_AT:]:
        raise Invalid("paper_cut_off", "paper")


def _paper(media_type: str, content: bytes) -> Paper:
    return Paper(media_type, content, sha256(content).hexdigest())
