"""Questions edited as forms over HTTP: nobody must see Markdown."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from elearn.content import drafts
from elearn.content.course import Shape
from elearn.content.sections import Role
from elearn.editing import form_edits
from elearn.editing.question_forms import markdown_of
from elearn.editing.shape_forms import SHAPE_FORMS
from tests.editing.test_pages import (
    BANK,
    EDIT,
    LESSON,
    QUIZ,
    budi,
    cast,
    course_id,
    number,
    page,
    save,
    text,
)
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
FORM = {
    "question": "0", "id": "tanda-benar", "shape": "single", "title": "Tanda mana yang benar?",
    "option-0": "Kurung berisi x", "option-1": "Tanda bintang", "correct": "0", "points": "2",
    "feedback-1": "Bintang hanya menebalkan.", "explanation": "Kurung berisi x.",
}  # fmt: skip


def send(client: FlaskClient, cast: Cast, path: str, **changed: Any) -> Any:
    data = {**FORM, "based_on": str(number(cast, path)), **changed}
    return client.post(f"{EDIT}/form/{path}", data=data)


def test_a_form_changes_its_question_and_no_other_byte(budi: FlaskClient, cast: Cast) -> None:
    before = text(cast, BANK)
    assert send(budi, cast, BANK).status_code == 303
    after = text(cast, BANK)
    head = "# Bank: Dasar\n\n"
    tail = before[before.index("## Berapa menit") :]
    assert after.startswith(head + "## Tanda mana yang benar?\n\n`#tanda-benar` `2 poin`\n")
    assert after.endswith("\n\n" + tail)
    assert "- [ ] Tanda bintang\n  > Bintang hanya menebalkan.\n" in after


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": ""}, "Tulis judul"),
        ({"correct": ""}, "tepat satu"),
        ({"option-1": ""}, "dua pilihan"),
        ({"stem": "Jawaban: 5"}, "terbaca lain"),
        ({"explanation": "# Judul\n\n## Kuis: lain"}, None),
        ({"title": "Kuis: lain"}, "terbaca lain"),
        ({"stem": "- [x] satu"}, "terbaca lain"),
    ],
)
def test_what_would_read_otherwise_is_refused_and_kept(
    budi: FlaskClient, cast: Cast, changed: dict[str, str], told: str | None
) -> None:
    before = text(cast, BANK)
    answer = send(budi, cast, BANK, **changed)
    if told is None:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    body = answer.get_data(as_text=True)
    assert told in body
    assert "Bintang hanya menebalkan." in body
    assert text(cast, BANK) == before


def test_a_form_of_an_older_file_is_refused_and_kept(budi: FlaskClient, cast: Cast) -> None:
    save(budi, BANK, text(cast, BANK) + "\nLagi.\n", number(cast, BANK))
    answer = send(budi, cast, BANK, based_on="1")
    assert answer.status_code == 409
    assert "Bintang hanya menebalkan." in answer.get_data(as_text=True)


@pytest.mark.parametrize("shape", list(SHAPE_FORMS))
@pytest.mark.parametrize(("path", "room"), [(QUIZ, "quiz"), (LESSON, "check"), (BANK, "0")])
def test_each_shape_is_added_as_a_sound_example_with_an_id(
    budi: FlaskClient, cast: Cast, shape: Shape, path: str, room: str
) -> None:
    data = {"shape": shape, "room": room, "based_on": number(cast, path)}
    answer = budi.post(f"{EDIT}/add/{path}", data=data)
    assert answer.status_code == 302
    file = drafts.load(course_id(cast), path)
    added = [shown for shown in form_edits.questions(file) if shown.place.id == "soal"]
    assert len(added) == 1
    assert added[0].fields is not None
    assert added[0].fields.shape is shape
    assert SHAPE_FORMS[shape].label in page(budi, f"{EDIT}/form/{path}")


def test_the_competencies_of_the_course_stand_beside_their_field(budi: FlaskClient) -> None:
    assert "Kursus ini mendukung M.05:1 " in page(budi, f"{EDIT}/form/{BANK}")


def test_two_questions_added_have_two_ids(budi: FlaskClient, cast: Cast) -> None:
    for _ in range(2):
        data = {"shape": "text", "room": "quiz", "based_on": number(cast, QUIZ)}
        budi.post(f"{EDIT}/add/{QUIZ}", data=data)
    assert {"soal", "soal-2"} <= form_edits.ids_of(drafts.contents(course_id(cast)))


def test_a_question_is_removed_and_the_rest_stays(budi: FlaskClient, cast: Cast) -> None:
    before = text(cast, BANK)
    data = {"question": "0", "based_on": number(cast, BANK)}
    assert budi.post(f"{EDIT}/remove/{BANK}", data=data).status_code == 303
    assert text(cast, BANK) == "# Bank: Dasar\n\n" + before[before.index("## Berapa menit") :]


@pytest.mark.parametrize("shape", list(SHAPE_FORMS))
def test_an_example_survives_its_own_form(shape: Shape) -> None:
    written = markdown_of(SHAPE_FORMS[shape].example, 2, Role.BANK)
    file = drafts.File("bank/x.md", 1, f"# Bank: x\r\n\r\n{written}\r\n".encode(), None, 0, "")
    shown = form_edits.questions(file)[0]
    assert shown.fields is not None
    again = form_edits.with_question(file, 0, shown.fields)
    assert form_edits.questions(drafts.File(**{**vars(file), "content": again}))[0].fields == (
        shown.fields
    )
