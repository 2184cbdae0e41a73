"""Whatever authors or their files say, pages answer: a course, or a reason; never a failure."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from random import Random

from flask import Flask
from flask.testing import FlaskClient

from elearn.content import drafts
from elearn.content.reader import read_folder
from elearn.database import transaction
from tests.content.test_properties import FRAGMENTS
from tests.editing.test_pages import EDIT, LESSON, budi, cast, course_id, number, zipped
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
COURSES = Path(__file__).parent.parent / "courses"
# ELEARN_MUTATIONS=1000 tries as many; the suite tries a few of the same row.
MUTATIONS = int(os.environ.get("ELEARN_MUTATIONS", "6"))
LONG_LINE = "a" * 5_000_000
FINE = {200, 303, 404, 409, 422}
QUESTION_BANK = "/teach/question_bank"


def sources(chance: Random) -> dict[str, str]:
    """One of the good courses, all of whose shapes are known."""
    folder = COURSES / chance.choice(("contoh-baik", "contoh-bentuk"))
    return {path: file.text for path, file in read_folder(folder).files.items() if file.text}


def mutated(text: str, chance: Random) -> str:
    """A text with a line cut, doubled, moved, replaced, or with odd letters in it."""
    lines = text.splitlines(keepends=True) or [""]
    at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    odd = "".join(chr(chance.choice((chance.randrange(1, 0x2FF), 0x202E, 0xFFFD))) for _ in "abc")
    cut = chance.randrange(len(lines[at]) + 1)
    change = {
        "cut": "",
        "double": lines[at] * 2,
        "move": lines[other],
        "replace": chance.choice(FRAGMENTS),
        "insert": lines[at] + chance.choice(FRAGMENTS),
        "odd": lines[at][:cut] + odd + lines[at][cut:],
        "half": lines[at][:cut],
    }
    lines[at] = change[chance.choice(sorted(change))]
    return "".join(lines)


def test_no_mutation_of_a_course_fails_a_page(budi: FlaskClient, cast: Cast) -> None:
    chance = Random(20261124)  # noqa: S311  # the same row each time
    for count in range(MUTATIONS):
        files = sources(chance)
        for _ in range(chance.randint(1, 4)):
            path = chance.choice(sorted(files))
            files[path] = mutated(files[path], chance)
        contents = {path: text.encode() for path, text in files.items()}
        with transaction():
            drafts.take_over(course_id(cast), contents, cast.budi.id)
        for status in pages(budi, path, files[path], chance):
            assert status in FINE, (count, path, files[path])


def pages(client: FlaskClient, path: str, text: str, chance: Random) -> list[int]:
    """The statuses of the pages that compile or show what was changed."""
    shown = [client.post(f"{EDIT}/preview/{path}", data={"text": text}).status_code]
    views = ("form", "files", "preview")
    shown += [client.get(f"{EDIT}/{chance.choice(views)}/{path}").status_code]
    published = client.post(f"{EDIT}/publish")
    if published.location:
        shown += [client.get(published.location).status_code]
    return [*shown, client.get(EDIT).status_code, published.status_code]


def test_one_line_of_five_megabytes_is_refused_everywhere(
    app: Flask, budi: FlaskClient, cast: Cast
) -> None:
    before = drafts.contents(course_id(cast))
    typed = {"text": LONG_LINE, "based_on": number(cast, LESSON)}
    packed = zipped({"course.md": b"# A", "01-a.md": LONG_LINE.encode()})
    pasted = {"paste-title": "T", "paste-text": LONG_LINE}
    upload = {"title": "T", "format": "gift", "file": (BytesIO(LONG_LINE.encode()), "soal")}
    for address, data, status in (
        (f"{EDIT}/files/{LESSON}", typed, 413),
        (f"{EDIT}/files/{LESSON}", {**typed, "text": LONG_LINE[:400_000]}, 422),
        (f"{EDIT}/preview/{LESSON}", typed, 413),
        (f"{EDIT}/zip", {"zip": (BytesIO(packed), "x.zip")}, 422),
        (f"{QUESTION_BANK}/paste", pasted, 413),
        (f"{QUESTION_BANK}/paste", {**pasted, "paste-text": LONG_LINE[:400_000]}, 422),
        (QUESTION_BANK, upload, 413),
        (f"{QUESTION_BANK}/draft", {"title": "T", "bank": LONG_LINE, "format": "gift"}, 413),
    ):
        assert budi.post(address, data=data).status_code == status, address
    assert drafts.contents(course_id(cast)) == before


def test_a_preview_of_a_long_line_says_what_is_wrong(budi: FlaskClient) -> None:
    answer = budi.post(f"{EDIT}/preview/{LESSON}", data={"text": LONG_LINE[:400_000]})
    assert answer.status_code == 200
    told = answer.get_json()
    assert "200 KB" in told["problems"][0]["message"]
