"""GIFT, Moodle XML and Aiken: there and back, samples of the documented formats, and rubbish."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import Shape
from elearn.content.formats import notes as say
from elearn.content.formats.aiken import read_aiken, write_aiken
from elearn.content.formats.exchange import MAX_QUESTIONS, Imported, Unreadable
from elearn.content.formats.gift import read_gift
from elearn.content.formats.gift_writer import write_gift
from elearn.content.formats.markdown import write_bank
from elearn.content.formats.moodle import read_moodle
from elearn.content.formats.moodle_writer import NOT_XML, write_moodle
from elearn.content.formats.reading import read_bank
from tests.content.formats.banks import BANK, CODES, questions_of

READ = read_bank(BANK, CODES)[0]
IN_GIFT = {Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.TEXT, Shape.NUMBER, Shape.MATCHING}


def digests(bank: str) -> dict[str, str]:
    return {question.id: question.digest for question in questions_of(bank)}


def bare_bank(*, hints: bool) -> str:
    """The bank without what Moodle has no place for: ``tetap``, feedback of pairs, hints."""
    bank = BANK.replace(" `tetap`", "")
    for feedback in ("Bukan unit ini.", "Pengembangan.", "Menurut kewenangan."):
        bank = bank.replace(f"  > {feedback}\n", "").replace(f"   > {feedback}\n", "")
    if not hints:
        start, end = bank.index("> Petunjuk: Bandingkan"), bank.index("- [ ] 10 JP")
        bank = bank[:start] + bank[end:]
    return bank


def test_every_shape_survives_moodle_xml_with_its_digest() -> None:
    bank = bare_bank(hints=True)
    read, _ = read_bank(bank, CODES)
    out = write_moodle(read)
    back = read_moodle(out.content, CODES)
    assert back.notes == ()
    assert digests(write_bank("Uji", back.questions)) == digests(bank)


def test_the_shapes_of_gift_survive_with_their_digests() -> None:
    bank = bare_bank(hints=False)
    read, _ = read_bank(bank, CODES)
    back = read_gift(write_gift(read).content, CODES)
    again = digests(write_bank("Uji", back.questions))
    before = {q.id: q.digest for q in questions_of(bank) if q.shape in IN_GIFT}
    assert {name: again[name] for name in before} == before


def test_what_a_format_cannot_carry_is_reported() -> None:
    told = {(note.place.split(".")[0], note.text) for note in write_gift(READ).notes}
    assert {("1", say.HINTS), ("1", say.STAYS_LAST), ("4", say.TYPOS)} <= told
    left = [note.place for note in write_gift(READ).notes if note.left_out]
    assert [place.split(".")[0] for place in left] == ["8", "9"]
    assert [n.place.split(".")[0] for n in write_aiken(READ).notes if n.left_out] == [
        "2", "4", "5", "6", "7", "8", "9", "10",
    ]  # fmt: skip


def test_aiken_carries_choices_as_plain_words() -> None:
    out = write_aiken(READ)
    back = read_aiken(out.content, CODES)
    assert [q.shape for q in back.questions] == [Shape.SINGLE, Shape.TRUE_FALSE, Shape.SINGLE]
    assert b"C. Semua salah\nANSWER: B\n" in out.content


GIFT = r"""
// comment
$CATEGORY: $course$/Umum

::Q1:: Siapa presiden pertama? {=Soekarno ~Hatta#Wakilnya. ~%50%Sukarno-Hatta}

Bumi bulat.{T#Salah.#Benar.}

::Dua:: [html]<p>Pilih <b>dua</b> &amp; hanya dua</p> {~%50%A ~%50%B ~%-100%C ####Umum}

Siapa? {=Budi =budi santoso =%25%Bud#Hampir}

Pasangkan {=Satu -> 1 =Dua -> 2 = -> 3}

Berapa? {#3.5:0.25}

Tahun? {#1945..1949}

Bobot? {#=1822:0 =%50%1822:2#dekat}

Ibu kota {~Medan =Jakarta ~Bandung} ada di Jawa.

Jelaskan. {}

Hanya keterangan.

Rumus \{a\=b\} dan \: {=ya ~tidak}
"""


def shapes(imported: Imported) -> list[Shape]:
    return [question.shape for question in imported.questions]


def test_a_gift_sample_of_every_kind_is_read() -> None:
    read = read_gift(GIFT.encode(), CODES)
    assert shapes(read) == [
        Shape.SINGLE, Shape.TRUE_FALSE, Shape.MULTIPLE, Shape.TEXT, Shape.MATCHING,
        Shape.NUMBER, Shape.NUMBER, Shape.NUMBER, Shape.SINGLE, Shape.ESSAY, Shape.SINGLE,
    ]  # fmt: skip
    first, truth, two, typed, pairs, near, between, *_ = read.questions
    assert [(o.text, o.correct, o.percent) for o in first.options] == [
        ("Soekarno", True, None), ("Hatta", False, None), ("Sukarno-Hatta", False, 50),
    ]  # fmt: skip
    assert [(o.correct, o.feedback) for o in truth.options] == [(True, "Benar."), (False, "Salah.")]
    assert (two.title, two.explanation) == ("Pilih **dua** & hanya dua", "Umum")
    assert [(a.text, a.percent) for a in typed.answers] == [
        ("Budi | budi santoso", 100),
        ("Bud", 25),
    ]
    assert [(p.left, p.right) for p in pairs.pairs] == [("Satu", "1"), ("Dua", "2"), ("", "3")]
    assert [a.text for q in (near, between) for a in q.answers] == ["3,5 ± 0,25", "1947 ± 2"]
    assert read.questions[-1].title == "Rumus {a=b} dan :"
    assert [note.place for note in read.notes if note.left_out] == ["soal 11"]


MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/atas</text></category></question>
<question type="multichoice">
 <name><text>Ibu kota</text></name>
 <questiontext format="html"><text><![CDATA[<p>Apa ibu kota <em>Jambi</em>?</p>
 <ul><li>satu</li></ul><p><img src="@@PLUGINFILE@@/a.png" alt="Peta"/></p>]]></text></questiontext>
 <defaultgrade>2.0000000</defaultgrade><single>true</single><shuffleanswers>0</shuffleanswers>
 <correctfeedback format="html"><text>Bagus</text></correctfeedback>
 <answer fraction="100"><text>Kota Jambi</text><feedback><text>Ya.</text></feedback></answer>
 <answer fraction="33.33333"><text>Muaro &lt;Jambi&gt;</text></answer>
 <answer fraction="-10"><text>Medan</text></answer>
 <hint format="html"><text>Di Sumatra</text></hint>
 <tags><tag><text>mudah</text></tag><tag><text>bab 1</text></tag></tags>
</question>
<question type="numerical"><name><text>Soal 2</text></name>
 <questiontext format="plain_text"><text>Berapa * 2?</text></questiontext>
 <answer fraction="100"><text>4</text><tolerance>0.5</tolerance></answer>
 <answer fraction="0"><text>*</text><tolerance>0</tolerance></answer>
</question>
<question type="cloze"><name><text>Rumpang</text></name>
 <questiontext format="html"><text><![CDATA[<p>Isi {1:SHORTANSWER:=dua~=2#ya} dan
 {2:MULTICHOICE:%0%satu~=tiga} dan {1:NM:=5:1}.</p>]]></text></questiontext>
</question>
<question type="essay"><name><text>Esai</text></name>
 <questiontext><text>Jelaskan.</text></questiontext><defaultgrade>5</defaultgrade></question>
<question type="ddimageortext"><name><text>Seret</text></name></question>
</quiz>"""


def test_a_moodle_sample_is_read_and_what_is_lost_is_said() -> None:
    read = read_moodle(MOODLE.encode(), CODES)
    assert shapes(read) == [Shape.SINGLE, Shape.NUMBER, Shape.CLOZE, Shape.ESSAY]
    first, number, cloze, essay = read.questions
    assert (first.title, first.stem) == ("Apa ibu kota *Jambi*?", "* satu\n\nPeta")
    assert (first.labels.points, first.labels.shuffled, first.labels.difficulty) == (
        2,
        False,
        "mudah",
    )
    assert [o.text for o in first.options] == ["Kota Jambi", r"Muaro \<Jambi\>", "Medan"]
    assert first.hints == ("Di Sumatra",)
    assert (number.stem, number.answers[0].text) == (r"Berapa \* 2?", "4 ± 0,5")
    assert cloze.title == "Isi [[dua | 2]] dan [[satu | (tiga)]] dan [[5 ± 1]]."
    assert essay.criteria[0].points == 5
    told = {note.text for note in read.notes}
    assert {say.PICTURES, say.NEGATIVE, say.PERCENT_ROUNDED, say.COMBINED_FEEDBACK} <= told
    assert say.TAG_UNKNOWN.format(tag="bab 1") in told
    assert say.TYPE_UNKNOWN.format(name="ddimageortext") in told


BOMB = b"""<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
]><quiz><question type="essay"><name><text>&b;</text></name></question></quiz>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (BOMB, say.XML_DOCTYPE),
        (b"<!DOCTYPE q SYSTEM 'file:///etc/passwd'><quiz/>", say.XML_DOCTYPE),
        (b"<quiz>" + b"<a>" * 50, say.XML_DEEP),
        (b"<quiz><question>", say.XML_BROKEN.format(line=1)),
        (b"<html/>", say.XML_OTHER),
        (b"<quiz>" + b" " * 1_000_001, say.TOO_LARGE.format(limit=1000)),
        (b'<?xml version="1.0" encoding="utf-99"?><quiz/>', say.XML_BROKEN.format(line=1)),
    ],
)
def test_xml_that_would_harm_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_moodle(content, CODES)
    assert refused.value.reason == reason


PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["::", "{", "}", "=", "~", "#", "####", "->", "\n\n", "\\", "%50%", "%-5%", "T", "..",
             ":", "[html]", "<p>", "<![a", "<?",
             "<!--", "// [tag:", "]", "A. ", "\nB. ", "\nANSWER: ", "[[", "1.5", "`"]
        ),
    ),
    max_size=20,
).map("".join)  # fmt: skip


@given(PIECES)
def test_random_text_never_crashes_gift_and_aiken(text: str) -> None:
    for read in (read_gift, read_aiken):
        try:
            imported = read(text.encode("utf-8", "surrogatepass"), CODES)
        except Unreadable:
            continue
        bank = write_bank("Uji", imported.questions)
        assert read_bank(bank, CODES)[0] == imported.questions


def test_odd_declarations_in_html_are_dropped() -> None:
    read = read_gift(b"[html]Apa <![a <?php <!-- x -->itu? {=a ~b}", CODES)
    assert [question.title for question in read.questions] == ["Apa itu?"]


def test_more_questions_than_the_limit_are_reported() -> None:
    read = read_gift(b"Apa? {=a ~b}\n\n" * (MAX_QUESTIONS + 5), CODES)
    assert len(read.questions) == MAX_QUESTIONS
    assert [n.text for n in read.notes] == [say.TOO_MANY.format(limit=MAX_QUESTIONS)]


@given(st.binary(max_size=200))
def test_random_bytes_never_crash_an_importer(content: bytes) -> None:
    for read in (read_gift, read_aiken, read_moodle):
        try:
            read(content, CODES)
        except Unreadable:
            continue


FORMS = st.sampled_from(["html", "markdown", "plain_text", "moodle_auto_format"])
KINDS = st.sampled_from(
    [
        "multichoice",
        "truefalse",
        "shortanswer",
        "numerical",
        "matching",
        "ordering",
        "cloze",
        "essay",
    ]
)


@given(kind=KINDS, form=FORMS, text=PIECES, answer=PIECES, fraction=st.integers(-100, 100))
def test_random_words_in_moodle_xml_never_crash(
    kind: str, form: str, text: str, answer: str, fraction: int
) -> None:
    asked, given_answer = (escape(NOT_XML.sub("", part)) for part in (text, answer))
    content = (
        f'<quiz><question type="{kind}"><name><text>{asked}</text></name>'
        f'<questiontext format="{form}"><text>{asked}</text></questiontext>'
        f"<subquestion><text>{asked}</text><answer><text>{given_answer}</text></answer></subquestion>"
        f'<answer fraction="100" format="{form}"><text>{given_answer}</text></answer>'
        f'<answer fraction="{fraction}"><text>{asked}</text></answer></question></quiz>'
    )
    imported = read_moodle(content.encode("utf-8", "replace"), CODES)
    bank = write_bank("Uji", imported.questions)
    assert read_bank(bank, CODES)[0] == imported.questions
