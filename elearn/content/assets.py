"""Pictures, documents and videos of a course: kind by content, size in pixels, safe SVG."""

from __future__ import annotations

import re
import struct
from typing import Any, NamedTuple
from xml.parsers import expat

from elearn.content import messages as say
from elearn.content.problems import excerpt

SVG = "image/svg+xml"
SVG_SPACE = "http://www.w3.org/2000/svg"
_SVG_NAMES = (
    "svg g path rect circle ellipse line polyline polygon text tspan textPath title desc defs"
    " use symbol marker linearGradient radialGradient stop clipPath mask pattern style metadata"
    " filter feBlend feColorMatrix feComposite feFlood feGaussianBlur feMerge feMergeNode"
    " feOffset feDropShadow switch"
)
SVG_ELEMENTS = frozenset(_SVG_NAMES.split())
MAX_SVG_ELEMENTS = 20_000
MAX_PIXELS = 20_000
# A phone unpacks a picture to four bytes a pixel, however small its file is.
MAX_MEGAPIXELS = 16
WEBP_SIDE = 0x3FFF
OUTSIDE_STYLE = re.compile(
    r"@import|expression\s*\(|url\(\s*['\"]?\s*(?!#)[^'\")\s]", re.IGNORECASE
)
_SIDE = r"\s{}\s*=\s*['\"]([\d.]{{1,9}})(?:px)?['\"]"
_BOX = re.compile(
    r"\sviewBox\s*=\s*['\"]\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]{1,9})[\s,]+([\d.]{1,9})"
)
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"WEBVTT", "text/vtt"),
    (b"\xef\xbb\xbfWEBVTT", "text/vtt"),
)


class Size(NamedTuple):
    """Pixels; 0 when unknown."""

    width: int = 0
    height: int = 0


class UnsafeSvg(Exception):
    """The picture holds what may act or load; ``complaint`` says what and how to mend it."""

    def __init__(self, line: int, complaint: str) -> None:
        super().__init__(complaint)
        self.line = line
        self.complaint = complaint


def media_type_of(content: bytes) -> str:
    """The media type by content, or nothing for a kind that is not taken."""
    for signature, media_type in SIGNATURES:
        if content.startswith(signature):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "video/mp4"
    head = content[:2_000].lstrip(b"\xef\xbb\xbf \r\n\t")
    return SVG if head.startswith((b"<?xml", b"<svg", b"<!--", b"<!DOCTYPE svg")) else ""


def size_of(content: bytes, media_type: str) -> Size:
    """Width and height of a picture that says so."""
    try:
        if media_type == "image/png":
            return Size(*struct.unpack(">II", content[16:24]))
        if media_type == "image/gif":
            return Size(*struct.unpack("<HH", content[6:10]))
        if media_type == "image/jpeg":
            return _jpeg_size(content)
    except (struct.error, IndexError):
        pass
    if media_type == "image/webp":
        return _webp_size(content)
    return _svg_size(content) if media_type == SVG else Size()


def _webp_size(content: bytes) -> Size:
    """The canvas of a WebP file (RFC 9649, 2.4 to 2.7)."""
    kind, head = content[12:16], content[20:30].ljust(10, b"\0")
    if kind == b"VP8X":
        return Size(*(int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7)))
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return Size((bits & WEBP_SIDE) + 1, (bits >> 14 & WEBP_SIDE) + 1)
    if kind == b"VP8 ":
        return Size(*(int.from_bytes(head[at : at + 2], "little") & WEBP_SIDE for at in (6, 8)))
    return Size()


def is_huge(size: Size) -> bool:
    """Whether a picture takes more memory than a phone should give it."""
    return size.width * size.height > MAX_MEGAPIXELS * 1_000_000


def _jpeg_size(content: bytes) -> Size:
    place = 2
    while content[place : place + 1] == b"\xff":
        marker = content[place + 1]
        length = struct.unpack(">H", content[place + 2 : place + 4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return Size(width, height)
        place += 2 + length
    return Size()


def _svg_size(content: bytes) -> Size:
    root = re.search(rb"<svg\b[^>]*>", content)
    if not root:
        return Size()
    tag = root[0].decode("utf-8", "replace")
    sides = [re.search(_SIDE.format(side), tag) for side in ("width", "height")]
    box = _BOX.search(tag)
    try:
        if all(sides):
            return _bounded(*(side[1] for side in sides if side))
        return _bounded(box[1], box[2]) if box else Size()
    except ValueError:
        return Size()


def _bounded(width: str, height: str) -> Size:
    size = Size(round(float(width)), round(float(height)))
    return size if max(size) <= MAX_PIXELS else Size()


def refuse_unsafe_svg(content: bytes) -> None:
    """Raise UnsafeSvg for scripts, handlers, outside references, entities and foreign elements."""
    checker = _SvgChecker()
    try:
        checker.parser.Parse(content, True)
    except expat.ExpatError as problem:
        reason = excerpt(expat.ErrorString(problem.code))
        raise UnsafeSvg(problem.lineno, say.SVG_BROKEN.format(reason=reason)) from problem
    except (ValueError, LookupError) as problem:
        raise UnsafeSvg(1, say.SVG_BROKEN.format(reason="penyandian tidak dikenal")) from problem


class _SvgChecker:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.words
        self.style: list[str] | None = None
        self.count = 0

    def refuse(self, what: str) -> None:
        raise UnsafeSvg(self.parser.CurrentLineNumber, say.SVG_FORBIDDEN.format(what=what))

    def doctype(self, *_: Any) -> None:
        self.refuse("DOCTYPE atau entitas")

    def instruction(self, target: str, _data: str) -> None:
        self.refuse(f"instruksi <?{excerpt(target)}?>")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        space, _, local = name.rpartition(" ")
        if space != SVG_SPACE or local not in SVG_ELEMENTS:
            self.refuse(f"unsur <{excerpt(local)}>")
        if self.count > MAX_SVG_ELEMENTS:
            self.refuse("terlalu banyak unsur")
        if self.count == 1 and local != "svg":
            self.refuse(f"unsur <{excerpt(local)}> sebagai akar")
        self.style = [] if local == "style" else None
        for attribute, value in attributes.items():
            self.attribute(attribute.rpartition(" ")[2].lower(), value)

    def attribute(self, name: str, value: str) -> None:
        if name.startswith("on"):
            self.refuse(f"atribut {excerpt(name)}")
        if name in ("href", "src", "base") and not value.strip().startswith("#"):
            self.refuse(f"tautan {excerpt(value)}")
        if OUTSIDE_STYLE.search(value.replace("\\", "")):
            self.refuse("gaya yang memuat berkas lain")

    def words(self, text: str) -> None:
        if self.style is not None:
            self.style.append(text)

    def end(self, _name: str) -> None:
        if self.style is not None and OUTSIDE_STYLE.search("".join(self.style).replace("\\", "")):
            self.refuse("gaya yang memuat berkas lain")
        self.style = None
