"""A zip of a course there and back, and the zips that would harm: refused, with the reason."""

from __future__ import annotations

import contextlib
import stat
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content import draft_zip
from elearn.content import messages as say
from elearn.content.draft_zip import BadSource
from elearn.content.reader import MAX_TEXT_KB
from elearn.errors import Invalid

SLUG = "layanan-prima"
FILES = {"course.md": b"# A\n", "01-a.md": b"# B\n", "assets/a.png": b"\x89PNG"}
MOST_MEMORY = 60_000_000


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in {"course.md": b"# A\n", **files}.items():
            archive.writestr(name, content)
    return target.getvalue()


def linked(target: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("course.md", "# A\n")
        link = zipfile.ZipInfo("01-satu.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, target)
    return held.getvalue()


def lying(size: int) -> bytes:
    """A zip whose file says in both of its places that it has another size than it has."""
    content = bytearray(zipped({"01-a.md": b"a" * 5_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.rindex(mark)
        content[at + place : at + place + 4] = size.to_bytes(4, "little")
    return bytes(content)


def test_what_is_packed_is_unpacked_the_same_each_time() -> None:
    packed = draft_zip.pack(SLUG, FILES)
    assert draft_zip.unpack(SLUG, packed) == FILES
    assert draft_zip.pack(SLUG, dict(reversed(FILES.items()))) == packed


HARMFUL = {
    "upwards": (zipped({"../../etc/cron.d/x": b"x"}), say.BAD_NAME),
    "upwards in one folder": (zipped({"a/../../x.md": b"x"}), say.BAD_NAME),
    "absolute": (zipped({"/etc/passwd": b"x"}), say.BAD_NAME),
    "a drive": (zipped({"C:\\x.md": b"x"}), say.BAD_NAME),
    "a link": (linked(b"/etc/passwd"), say.LINK_IN_FOLDER),
    "one long line": (
        zipped({"01-a.md": b"a" * 900_000}),
        say.TEXT_TOO_LARGE.format(limit=MAX_TEXT_KB),
    ),
    "no text": (zipped({"01-a.md": b"\xff\xfe\0"}), say.BINARY),
    "a bomb": (zipped({f"a{n}.bin": bytes(1_000_000) for n in range(30)}), "too_large"),
    "one large file": (zipped({"a.bin": bytes(30_000_000)}), "too_large"),
    "many files": (zipped({f"a{n}.md": b"" for n in range(600)}), "too_large"),
    "too small a size": (lying(10), "not_a_zip"),
    "too large a size": (lying(900_000), "not_a_zip"),
    "a size beyond all": (lying(0xFFFFFFF0), "too_large"),
    "another packing": (zipped({"01-a.md": b"a" * 5_000}, zipfile.ZIP_LZMA), "not_a_zip"),
    "nothing": (b"", "not_a_zip"),
    "only its end": (b"PK\x05\x06" + bytes(18), say.COURSE_FILE_MISSING),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_zip_that_would_harm_is_refused_within_bounds(name: str) -> None:
    content, reason = HARMFUL[name]
    tracemalloc.start()
    with pytest.raises(Invalid) as refused:
        draft_zip.unpack(SLUG, content)
    assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    tracemalloc.stop()
    told = [refused.value.reason]
    if isinstance(refused.value, BadSource):
        told = [problem.message for problem in refused.value.problems]
    assert reason in told


def test_hundred_thousand_entries_are_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of a zip made by hand: a hundred thousand names for one file."""
    one = zipped({})
    at, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    count = 100_000
    listed = one[at:end] * count
    tail = bytearray(b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12))
    tail += count.to_bytes(8, "little") * 2 + len(listed).to_bytes(8, "little")
    tail += at.to_bytes(8, "little")
    tail += b"PK\x06\x07" + bytes(4) + (at + len(listed)).to_bytes(8, "little") + bytes(4)
    tail += b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(Invalid, match="too_large"):
        draft_zip.unpack(SLUG, one[:at] + listed + bytes(tail))


@given(st.binary(max_size=12), st.integers(0, 5_000))
def test_a_damaged_zip_never_crashes(junk: bytes, place: int) -> None:
    whole = zipped(FILES)
    at = place % len(whole)
    with contextlib.suppress(Invalid):
        draft_zip.unpack(SLUG, whole[:at] + junk + whole[at + len(junk) :])
