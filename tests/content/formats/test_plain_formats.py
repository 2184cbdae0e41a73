"""Questions pasted from a word processor, and the Excel template."""

from __future__ import annotations

import contextlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.exchange import Unreadable
from elearn.content.formats.fields import Fields, Unusable, question_of
from elearn.content.formats.known import FORMATS, Name
from elearn.content.formats.pasted import MAX_PASTED, read_pasted
from elearn.content.formats.reading import read_bank
from elearn.content.formats.sheet import read_sheet
from elearn.content.formats.sheet_writer import template, write_sheet
from tests.content.formats.banks import BANK, CODES

PASTED = """Soal latihan

1. Siapa yang menilai layanan?
a. pegawai
b. masyarakat
   dan pemohon
Kunci: B
Pembahasan: Lihat aturannya.
Pasal 5.

2) Mana yang benar?
yang berikut:
1. satu hal
A. x\tB. y    C. z
*D. w
3. Tanpa kunci
A. ya
B. tidak
"""


def test_numbered_questions_become_fields_to_confirm() -> None:
    first, second, third = read_pasted(PASTED).questions
    assert first == Fields(
        "Siapa yang menilai layanan?",
        ("pegawai", "masyarakat dan pemohon"),
        "B",
        "Lihat aturannya.\nPasal 5.",
    )
    assert (second.text, second.options, second.key) == (
        "Mana yang benar?\nyang berikut:\n1. satu hal",
        ("x", "y", "z", "w"),
        "D",
    )
    assert (third.text, third.key) == ("Tanpa kunci", "")


def test_keys_may_stand_at_the_end() -> None:
    text = "1. A?\nA. x\nB. y\n2. B?\nA. x\nB. y\n\nKunci jawaban:\n1. B  2. A\n"
    assert [fields.key for fields in read_pasted(text).questions] == ["B", "A"]


def test_more_than_a_page_can_hold_is_cut_and_said() -> None:
    many = read_pasted("\n".join(f"{n}. Soal?" for n in range(1, MAX_PASTED + 3)))
    assert (len(many.questions), many.is_cut) == (MAX_PASTED, True)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (Fields("  ", ("a", "b"), "A"), say.NO_TEXT),
        (Fields("Apa?", ("a", "b"), ""), say.NO_KEY),
        (Fields("Apa?", ("a", "b"), "C"), say.KEY_UNKNOWN.format(key="C")),
        (Fields("Apa?", ("a", "", "c"), "B"), say.KEY_UNKNOWN.format(key="B")),
        (Fields("Apa?", ("a", "b"), "lainnya"), say.KEY_UNKNOWN.format(key="lainnya")),
    ],
)
def test_fields_that_make_no_question_say_why(fields: Fields, reason: str) -> None:
    with pytest.raises(Unusable) as refused:
        question_of(fields)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("fields", "shape", "right"),
    [
        (Fields("Apa?", ("a", "b"), "b."), Shape.SINGLE, [False, True]),
        (Fields("Apa?", ("a", "b", "c"), "A dan C"), Shape.MULTIPLE, [True, False, True]),
        (Fields("Apa?", ("Jambi", "Medan"), "jambi"), Shape.SINGLE, [True, False]),
        (Fields("Apa?", (), "salah"), Shape.TRUE_FALSE, [False, True]),
        (Fields("Apa?", (), "kata"), Shape.TEXT, []),
    ],
)
def test_the_key_decides_the_shape(fields: Fields, shape: Shape, right: list[bool]) -> None:
    question = question_of(fields)
    assert (question.shape, [option.correct for option in question.options]) == (shape, right)


def test_the_template_is_read_back() -> None:
    read = read_sheet(template(), CODES)
    assert read.notes == ()
    assert [(q.title[:9], q.options[1].text, q.options[1].correct) for q in read.questions] == [
        ("Berapa JP", "20 JP", True)
    ]


def test_a_sheet_carries_choices_and_typed_answers_and_reports_the_rest() -> None:
    questions, _ = read_bank(BANK, CODES)
    out = write_sheet(questions)
    back = read_sheet(out.content, CODES)
    assert [q.shape for q in back.questions] == [
        Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.TEXT, Shape.NUMBER, Shape.NUMBER,
        Shape.SINGLE,
    ]  # fmt: skip
    assert [n.place.split(".")[0] for n in out.notes if n.left_out] == ["7", "8", "9", "10"]
    assert ("1", say.HINTS) in {(note.place.split(".")[0], note.text) for note in out.notes}


def sheet_with(cells: str, extra: tuple[str, bytes] | None = None) -> bytes:
    """The template with another worksheet body, and one more member."""
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(template())) as book, zipfile.ZipFile(held, "w", 8) as again:
        for name in book.namelist():
            data = book.read(name)
            if name.endswith("sheet1.xml") and cells:
                data = (
                    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    b"<sheetData>" + cells.encode() + b"</sheetData></worksheet>"
                )
            again.writestr(name, data)
        if extra:
            again.writestr(*extra)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a zip", say.SHEET_BROKEN),
        (template()[:-40], say.SHEET_BROKEN),
        (sheet_with("", ("xl/bomb.xml", b"0" * 9_000_000)), say.SHEET_LARGE.format(rows=600)),
        (
            sheet_with('<row r="1"><c r="A1" t="str"><v>soal</v></c></row>'
                       '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            say.SHEET_LARGE.format(rows=600),
        ),
        (sheet_with('<row><c r="&#65;9"><v>1</v></c></row>'), say.SHEET_LARGE.format(rows=600)),
        (sheet_with("<row><c><v>1</v></c></row>"), say.SHEET_HEADER),
        (sheet_with("", ("xl/a.xml", b"<!DOCTYPE a>")), say.XML_DOCTYPE),
        (sheet_with('<row r="1"><c r="A1" t="str"><f>HYPERLINK("http://a")</f><v>soal</v></c></row>'),
         say.SHEET_FORMULA),
        (b"0" * 1_000_001, say.TOO_LARGE.format(limit=1000)),
    ],
)  # fmt: skip
def test_a_workbook_that_would_harm_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_sheet(content, CODES)
    assert refused.value.reason == reason


LINES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1. x", "2. y", "A. a", "B. b", "Kunci: B", "Kunci", "1. B", "Pembahasan:"]),
)


@given(st.lists(LINES, max_size=12).map("\n".join))
def test_random_text_never_crashes_the_paste(text: str) -> None:
    for fields in read_pasted(text).questions:
        try:
            question_of(fields)
        except Unusable:
            continue


@given(st.binary(max_size=120), st.integers(0, 5000))
def test_a_damaged_workbook_never_crashes(junk: bytes, place: int) -> None:
    whole = template()
    at = place % len(whole)
    with contextlib.suppress(Unreadable):
        read_sheet(whole[:at] + junk + whole[at + len(junk) :], CODES)


@pytest.mark.parametrize("name", list(Name))
def test_every_format_reads_what_it_writes(name: Name) -> None:
    questions, _ = read_bank(BANK, CODES)
    chosen = FORMATS[name]
    back = chosen.read(chosen.write(questions, "id").content, CODES, "id")
    assert back.questions
    again = chosen.read(chosen.write(back.questions, "id").content, CODES, "id")
    assert again.questions == back.questions
