"""A signed PDF to stand in the place of ours: is it signed, and is it that certificate? Pure.

A signature by PAdES (ETSI EN 319 142-1) is an incremental update (ISO 32000-1, 7.5.6), so the
signed file begins with the very bytes that were signed; some services write the file anew. Either
way a later part may cover an earlier one: what is compared is the text of each page. All of ours
must be there, and a stamp may be added. Whether the signature itself is valid is for the service
that made it to say.
"""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO

from pypdf import PdfReader

PDF_START = b"%PDF-"
MOST_PAGES = 4
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_HEX = re.compile(rb"<[0-9A-Fa-f\s]*[1-9A-Fa-f][0-9A-Fa-f\s]*>")


def fault(signed: bytes, ours: bytes, marks: tuple[str, ...]) -> str:
    """Why a file cannot stand in the place of ours, as one word; empty where it can.

    ``marks`` are texts that name the certificate, as its number and its code.
    """
    if not signed.startswith(PDF_START):
        return "not_a_pdf"
    if not is_signed(signed):
        return "not_signed"
    found = _texts(signed)
    if found is None:
        return "not_a_pdf"
    return _fault_of_text(found, _texts(ours) or [], marks)


def is_signed(content: bytes) -> bool:
    """Whether a signature stands where the file says that it does."""
    return any(_stands(content, *map(int, found.groups())) for found in _RANGE.finditer(content))


def _stands(content: bytes, start: int, after: int, rest: int) -> bool:
    """A signature covers all from 0 to ``start`` and from ``after`` on; between is its value."""
    within = 0 < start < after and after + rest <= len(content)
    return within and _HEX.fullmatch(content[start:after]) is not None


def _texts(content: bytes) -> list[str] | None:
    """The text of each page; None for what cannot be read."""
    try:
        pages = PdfReader(BytesIO(content)).pages
        return [page.extract_text() for page in pages] if len(pages) <= MOST_PAGES else None
    except Exception:  # noqa: BLE001  # whatever a broken file makes the reader raise
        return None


def _fault_of_text(found: list[str], ours: list[str], marks: tuple[str, ...]) -> str:
    everything = "".join("".join(found).split())
    if not any("".join(mark.split()) in everything for mark in marks):
        return "other_certificate"
    pages = zip(ours, found, strict=False)
    same = len(found) >= len(ours) and all(_words(a) <= _words(b) for a, b in pages)
    return "" if same else "changed"


def _words(text: str) -> Counter[str]:
    return Counter(text.split())
