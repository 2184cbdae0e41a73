"""Pictures are made anew: upright, small, without what the camera told of place and time."""

from __future__ import annotations

from io import BytesIO
from zlib import crc32

import pytest
from flask.testing import FlaskClient
from PIL import Image

from elearn.content import drafts
from elearn.content.reader import KB, MAX_FILE_KB
from elearn.editing import pictures
from elearn.errors import Invalid
from tests.editing.test_pages import EDIT, LESSON, budi, cast, course_id, number, text
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
ORIENTATION, GPS, MODEL = 0x0112, 0x8825, 0x0110
SECRET = "Kamera Rahasia"
ADD = f"{EDIT}/pictures/{LESSON}"


def photograph(width: int = 40, height: int = 20) -> bytes:
    """A JPEG that lies on its side, with a place and a camera in its EXIF."""
    picture = Image.new("RGB", (width, height), "teal")
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, SECRET
    exif.get_ifd(GPS)[1] = "S"
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def test_a_photograph_is_upright_and_tells_nothing() -> None:
    sent = photograph()
    assert SECRET.encode() in sent
    ending, content = pictures.clean(sent)
    made = Image.open(BytesIO(content))
    assert (ending, made.size) == ("jpg", (20, 40))
    assert SECRET.encode() not in content
    assert dict(made.getexif()) == {}


def test_a_large_picture_fits_a_course() -> None:
    noise = Image.effect_noise((1700, 900), 90).convert("RGB")
    target = BytesIO()
    noise.save(target, "PNG")
    _, content = pictures.clean(target.getvalue())
    assert len(content) <= MAX_FILE_KB * KB
    assert max(Image.open(BytesIO(content)).size) <= pictures.MAX_SIDE


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\nrusak", photograph()[:200], b"%PDF-1.4"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="not_a_picture"):
        pictures.clean(content)


def claiming(width: int, height: int, kind: str = "PNG") -> bytes:
    """A small file that says it is a large picture."""
    target = BytesIO()
    Image.new("1", (8, 8)).save(target, kind)
    content = bytearray(target.getvalue())
    at, size, order = {"PNG": (16, 4, "big"), "GIF": (6, 2, "little")}[kind]
    content[at : at + 2 * size] = b"".join(n.to_bytes(size, order) for n in (width, height))
    if kind == "PNG":
        content[29:33] = crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [claiming(60_000, 60_000), claiming(4_001, 4_000), claiming(60_000, 60_000, "GIF")],
)
def test_a_huge_picture_is_refused_before_it_is_unpacked(content: bytes) -> None:
    with pytest.raises(Invalid, match="too_many_pixels"):
        pictures.clean(content)


def test_a_picture_is_added_with_its_words(budi: FlaskClient, cast: Cast) -> None:
    sent = {"picture": (BytesIO(photograph()), "IMG.jpg"), "alt": "Loket [baru]"}
    told = budi.post(ADD, data=sent, headers={"Accept": "application/json"}).get_json()
    assert told["markdown"].startswith("![Loket (baru)](../assets/loket-baru-")
    path = told["markdown"].rpartition("(../")[2].rstrip(")")
    assert drafts.load(course_id(cast), path).content.startswith(b"\xff\xd8\xff")
    sent = {"picture": (BytesIO(photograph()), "IMG.jpg"), "alt": "Loket [baru]"}
    assert budi.post(ADD, data={**sent, "based_on": number(cast, LESSON)}).status_code == 303
    assert f"{told['markdown']}\n\n### Cek pemahaman" in text(cast, LESSON)
    preview = budi.get(f"{EDIT}/preview/{LESSON}").get_data(as_text=True)
    source = preview.rpartition('src="/files/')[2].partition('"')[0]
    assert budi.get("/files/" + source).data == drafts.load(course_id(cast), path).content


@pytest.mark.parametrize(
    ("alt", "content", "told"),
    [
        ("", photograph(), "Tulis apa yang tampak"),
        ("Loket", b"x", "bukan gambar"),
        ("Loket", claiming(60_000, 60_000), "terlalu besar untuk diolah"),
    ],
)
def test_a_picture_without_words_or_that_is_none_changes_nothing(
    budi: FlaskClient, cast: Cast, alt: str, content: bytes, told: str
) -> None:
    before = drafts.contents(course_id(cast))
    sent = {"picture": (BytesIO(content), "a.jpg"), "alt": alt, "based_on": "1"}
    answer = budi.post(ADD, data=sent)
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert drafts.contents(course_id(cast)) == before
