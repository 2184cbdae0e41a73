"""A picture from an author becomes a file of the course: made anew, small, without metadata. Pure.

EXIF tells where and with what a photograph was taken; only the pixels, turned upright, are kept.
"""

from __future__ import annotations

import warnings
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from elearn.content.building import slug_of
from elearn.content.reader import KB, MAX_FILE_KB
from elearn.errors import Invalid

MAX_UPLOAD_BYTES = 12 * KB * KB
MAX_SIDE = 1_600
# A JPEG is unpacked at a fraction of its size; every other kind whole, a few times over.
MAX_PIXELS = 16_000_000
MAX_JPEG_PIXELS = 64_000_000
MAX_ALT = 250
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
QUALITIES = (85, 70, 50)
MIN_SIDE = 200
NAME_LENGTH = 40
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
)


def clean(content: bytes) -> tuple[str, bytes]:
    """The picture made anew and how its name ends: "png" for drawings, "jpg" for photographs.

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
    return _encoded(picture, is_photograph=opened.format == "JPEG")


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


def _encoded(picture: Image.Image, *, is_photograph: bool) -> tuple[str, bytes]:
    """As PNG where nothing is lost within the limit, else as JPEG, smaller until it fits."""
    if not is_photograph:
        made = _saved(picture, "PNG", optimize=True)
        if len(made) <= MAX_FILE_KB * KB:
            return "png", made
    flat = Image.new("RGB", picture.size, "white")
    flat.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    while True:
        for quality in QUALITIES:
            made = _saved(flat, "JPEG", quality=quality, optimize=True)
            if len(made) <= MAX_FILE_KB * KB:
                return "jpg", made
        flat.thumbnail((max(flat.width // 2, MIN_SIDE), max(flat.height // 2, MIN_SIDE)))


def _saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


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
