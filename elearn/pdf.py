"""Documents as PDF: a typst template and plain data in, tagged PDF out. Only here is typst."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "pdf"
MEDIA_TYPE = "application/pdf"
# PDF/A-2a (ISO 19005-2) to be kept, PDF/UA-1 (ISO 14289-1) to be read aloud.
STANDARDS = ("a-2a", "ua-1")
_NO_GLYPH = "could not be displayed"


@dataclass(frozen=True)
class Page:
    """What a document is made of.

    ``template`` is the name of a file under templates/pdf without its suffix; it reads ``data`` by
    ``json("data.json")``, so no text in it is ever taken for typst. ``pictures`` are files by the
    name the template knows: an SVG is read by that name; a PNG or JPEG, since only text is handed
    over as a file, by ``image(bytes(json(name + ".json")))``. ``moment_ms`` is the day of the
    document: the same page gives the same bytes on every machine.
    """

    template: str
    data: Mapping[str, Any]
    moment_ms: int
    pictures: Mapping[str, bytes] = field(default_factory=dict)


class Unprintable(Exception):
    """The document cannot be laid out, as when a picture in it is broken."""


def render(page: Page) -> bytes:
    """The document as PDF/A-2a and PDF/UA-1; as plain tagged PDF where its fonts lack a letter."""
    try:
        return _compile(page, STANDARDS)
    except typst.TypstError as problem:
        if _NO_GLYPH not in str(problem):
            raise Unprintable(str(problem)) from problem
        return _compile(page, ())


def _as_text(picture: tuple[str, bytes]) -> tuple[str, bytes]:
    name, content = picture
    if name.endswith(".svg"):
        return picture
    return f"{name}.json", json.dumps(list(content)).encode()


def _compile(page: Page, standards: tuple[str, ...]) -> bytes:
    files: dict[str, bytes] = {
        "main.typ": (TEMPLATES / f"{page.template}.typ").read_bytes(),
        "data.json": json.dumps(page.data, ensure_ascii=False).encode(),
        **dict(map(_as_text, page.pictures.items())),
    }
    made: bytes = typst.compile(
        files,  # type: ignore[call-overload]  # its types do not name the mapping it documents
        format="pdf",
        pdf_standards=list(standards),
        # Only the fonts that come with typst: the same bytes on every machine.
        ignore_system_fonts=True,
        timestamp=datetime.fromtimestamp(page.moment_ms // 1000, UTC),
    )
    return made
