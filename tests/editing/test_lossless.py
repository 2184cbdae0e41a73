"""What a form does not show stays byte for byte, and a form sent untouched changes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.content.drafts import File
from elearn.content.sections import Role
from elearn.editing import form_edits
from elearn.editing.fields import Fields, Row
from elearn.editing.form_edits import Shown
from elearn.editing.question_forms import fields_of
from elearn.errors import Invalid
from tests.editing.examples import FILES, file_of, written

Found = tuple[File, Shown]


@cache
def _questions() -> list[Found]:
    return [(file, shown) for file in FILES for shown in form_edits.questions(file)]


QUESTIONS = st.deferred(lambda: st.sampled_from(_questions()))
WORDS = st.text("abc XYZ é→|[]`*#>-1:.", max_size=30).filter(str.strip)
FIELDS = st.sampled_from(["title", "stem", "explanation"])


def test_every_question_of_the_guide_and_the_courses_has_a_form() -> None:
    assert len(_questions()) > 150
    assert [
        (file.path, shown.place.title) for file, shown in _questions() if not shown.fields
    ] == []


def _rows(file: File) -> list[str]:
    return file.content.decode("utf-8-sig").splitlines(keepends=True)


@settings(max_examples=40)
@given(QUESTIONS, FIELDS, WORDS, st.booleans(), st.booleans())
def test_a_changed_question_leaves_every_other_byte(
    found: Found, name: str, typed: str, crlf: bool, mark: bool
) -> None:
    file = written(found[0], crlf=crlf, mark=mark)
    at, place = found[1].position, found[1].place
    fields = fields_of(form_edits.places(file)[at])
    assert fields is not None
    assert form_edits.with_question(file, at, fields) == file.content
    try:
        content = form_edits.with_question(file, at, replace(fields, **{name: typed}))
    except Invalid:
        return
    after = replace(file, content=content)
    old, new = _rows(file), _rows(after)
    assert new[: place.start - 1] == old[: place.start - 1]
    rest = old[place.end :]
    assert new[len(new) - len(rest) :] == rest
    assert content.startswith(b"\xef\xbb\xbf") is mark
    assert ("\r\n" in content.decode()) is crlf
    again = form_edits.places(after)
    assert len(again) == sum(held is found[0] for held, _ in _questions())
    assert again[at].id == place.default


KEPT = """## Kuis: A

### Apa?

<!-- sumber: buku aduan -->

Lihat catatan[^1].

[^1]: Buku bernomor halaman.

Jawaban: ya
"""


def test_what_is_no_part_of_a_question_stays_with_it() -> None:
    file = file_of("x.md", KEPT)
    fields = form_edits.questions(file)[0].fields
    assert fields is not None
    text = form_edits.with_question(file, 0, replace(fields, answer="tidak")).decode()
    assert "`#apa`" in text
    assert "Jawaban: tidak\n\n<!-- sumber: buku aduan -->\n\n[^1]: Buku bernomor" in text


LISTED = """## Kuis: A

### Berapa persen?

Jawaban:

- 25 `0%`
  > Itu yang belum.
- 75 ± 0,5

### Cocokkan

- Satu → I
  > Angka Romawi.
- → IX
- Dua → II

### Mana?

Jawaban: a \\| b | c
"""


def test_answers_and_pairs_come_back_in_their_order() -> None:
    shown = [shown.fields for shown in form_edits.questions(file_of("x.md", LISTED))]
    assert [fields.rows for fields in shown if fields] == [
        (Row("25", feedback="Itu yang belum.", percent="0"), Row("75 ± 0,5")),
        (Row("I", left="Satu", feedback="Angka Romawi."), Row("IX"), Row("II", left="Dua")),
        (),
    ]
    assert shown[2] is not None
    assert shown[2].answer == "a \\| b | c"


@pytest.mark.parametrize(
    ("at", "changed", "told"),
    [
        (0, {"rows": (Row("25", percent="0"),)}, "no_answer"),
        (0, {"rows": (Row("25", percent="120"), Row("75"))}, "bad_percent"),
        (1, {"rows": (Row("I", left="Satu"), Row("II"))}, "few_pairs"),
        (1, {"rows": (Row("a → b", left="Satu"), Row("II", left="Dua"))}, "reads_otherwise"),
        (2, {"points": "x"}, "bad_points"),
        (2, {"points": "101"}, "bad_points"),
        (2, {"typos": "9"}, "bad_typos"),
        (2, {"title": " "}, "no_title"),
    ],
)
def test_a_complaint_names_what_is_amiss(at: int, changed: dict[str, object], told: str) -> None:
    file = file_of("x.md", LISTED)
    fields = form_edits.questions(file)[at].fields
    assert isinstance(fields, Fields)
    with pytest.raises(Invalid, match=told):
        form_edits.with_question(file, at, replace(fields, **changed))  # type: ignore[arg-type]


def test_a_number_of_an_english_course_has_a_form_too() -> None:
    file = file_of("x.md", "## Quiz: A\n\n### How much?\n\nAnswer: 0.5 ± 0.1\n")
    fields = form_edits.questions(file)[0].fields
    assert fields is not None
    text = form_edits.with_question(file, 0, replace(fields, answer="0.75")).decode()
    assert text.endswith("Jawaban: 0.75\n")


def test_questions_of_a_survey_have_forms_without_keys() -> None:
    text = "# A\n\n## Survei: B\n\n### Berguna?\n\nSkala: 1..5 (tidak … ya)\n\n### Saran?\n"
    file = file_of("x.md", text)
    scale, essay = (shown.fields for shown in form_edits.questions(file))
    assert scale is not None
    assert essay is not None
    assert (scale.low, scale.high_label) == ("1", "ya")
    assert form_edits.questions(file)[0].place.role is Role.SURVEY
    changed = form_edits.with_question(file, 0, replace(scale, high="7")).decode()
    assert "`#berguna`\n\nSkala: 1..7 (tidak … ya)\n" in changed
