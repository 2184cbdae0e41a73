"""A picture from somebody is made anew: upright, small, without metadata. Pure.

EXIF tells where and with what a photograph was taken; only the pixels are kept.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from elearn.errors import Invalid

KB = 1_024
MAX_UPLOAD_BYTES = 12 * KB * KB
MAX_SIDE = 1_600
# A JPEG is unpacked at a fraction of its size; every other kind whole, a few times over.
MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITIES = (85, 70, 50)
MIN_SIDE = 200
PDF_DPI = 150
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
)


class Picture(NamedTuple):
    """A picture made anew; ``ending`` is "png" for drawings, "jpg" for photographs."""

    ending: str
    content: bytes


def clean(content: bytes, most_bytes: int) -> Picture:
    """The picture made anew, of at most so many bytes.

    Raises Invalid("not_a_picture"), Invalid("too_many_pixels").
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as opened:
                picture = _upright(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise Invalid("too_many_pixels", "picture") from problem
    except UNREADABLE as problem:
        raise Invalid("not_a_picture", "picture") from problem
    return _encoded(picture, most_bytes, is_photograph=opened.format == "JPEG")


def _upright(opened: Image.Image) -> Image.Image:
    most = MAX_JPEG_PIXELS if opened.format == "JPEG" else MAX_PIXELS
    if opened.width * opened.height > most:
        raise Invalid("too_many_pixels", "picture")
    opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
    opened.thumbnail((MAX_SIDE, MAX_SIDE))
    picture = ImageOps.exif_transpose(opened)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    fresh = picture.convert("RGBA" if has_alpha else "RGB")
    fresh.info.clear()
    return fresh


def _encoded(picture: Image.Image, most_bytes: int, *, is_photograph: bool) -> Picture:
    """As PNG where nothing is lost within the limit, else as JPEG, smaller until it fits."""
    if not is_photograph:
        made = _saved(picture, "PNG", optimize=True)
        if len(made) <= most_bytes:
            return Picture("png", made)
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    while True:
        for quality in QUALITIES:
            made = _saved(flat, "JPEG", quality=quality, optimize=True)
            if len(made) <= most_bytes:
                return Picture("jpg", made)
        flat.thumbnail((max(flat.width // 2, MIN_SIDE), max(flat.height // 2, MIN_SIDE)))


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def as_pdf(content: bytes) -> bytes:
    """A cleaned picture as a PDF of one page, for who takes nothing else."""
    with Image.open(BytesIO(content), formats=FORMATS) as opened:
        flat = Image.new("RGB", opened.size, "white")
        mask = opened.getchannel("A") if opened.mode == "RGBA" else None
        flat.paste(opened, mask=mask)
    return _saved(flat, "PDF", resolution=PDF_DPI)
