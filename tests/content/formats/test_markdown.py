"""Questions written as Markdown are the same questions when they are read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import CompetencyLevel, Difficulty, Shape
from elearn.content.formats.guards import literal
from elearn.content.formats.markdown import write_bank, write_question
from elearn.content.formats.reading import read_bank
from elearn.content.formats.written import (
    Labels,
    WrittenAnswer,
    WrittenCriterion,
    WrittenOption,
    WrittenPair,
    WrittenQuestion,
)
from elearn.content.keys import ScaleKey
from tests.content.formats.banks import BANK, CODES, questions_of

COURSES = Path(__file__).resolve().parents[3] / "courses"


def test_what_is_read_and_written_again_has_the_same_digests() -> None:
    read, problems = read_bank(BANK, CODES)
    assert problems == ()
    again = write_bank("Uji", read)
    before, after = questions_of(BANK), questions_of(again)
    assert [(q.id, q.digest) for q in after] == [(q.id, q.digest) for q in before]
    assert write_bank("Uji", read_bank(again, CODES)[0]) == again


@pytest.mark.parametrize("bank", sorted(COURSES.glob("*/bank/*.md")), ids=lambda path: path.name)
def test_the_banks_of_our_courses_survive(bank: Path) -> None:
    text = bank.read_text()
    codes = frozenset(word for word in text.replace("`@", " @").replace(":", " ").split())
    codes = frozenset(code[1:] for code in codes if code.startswith("@"))
    read, problems = read_bank(text, codes)
    assert (problems, len(read) > 0) == ((), True)
    again, _ = read_bank(write_bank("Uji", read), codes)
    assert again == read


def test_the_chips_are_written_in_one_order() -> None:
    labels = Labels(
        id="a", points=2, competencies=(CompetencyLevel("M.05", 2),), difficulty=Difficulty.HARD,
        shuffled=True, partial=True, typos=1, voided=True,
    )  # fmt: skip
    question = WrittenQuestion(Shape.MULTIPLE, "Mana?", labels=labels)
    chips = "`#a` `2 poin` `@M.05:2` `sulit` `acak` `parsial` `salah ketik 1` `anulir`"
    assert chips in write_question(question)


TWO = (WrittenOption("satu"), WrittenOption("dua", feedback="Ya.\n\nBenar."))


@pytest.mark.parametrize(
    ("question", "written"),
    [
        (
            WrittenQuestion(
                Shape.SINGLE, "T", options=(TWO[0], WrittenOption("dua", True, percent=100))
            ),
            "- [ ] satu\n- [x] dua `100%`\n",
        ),
        (
            WrittenQuestion(Shape.ORDERING, "T", options=TWO),
            "`urutkan`\n\n1. satu\n2. dua\n   > Ya.\n   >\n   > Benar.\n",
        ),
        (
            WrittenQuestion(
                Shape.MATCHING, "T", pairs=(WrittenPair("a", "b", "x"), WrittenPair("", "c"))
            ),
            "- a → b\n  > x\n- → c\n",
        ),
        (
            WrittenQuestion(
                Shape.NUMBER, "T", answers=(WrittenAnswer("75"), WrittenAnswer("25", 0, "Bukan."))
            ),
            "Jawaban:\n\n- 75\n- 25 `0%`\n  > Bukan.\n",
        ),
        (
            WrittenQuestion(Shape.ESSAY, "T", criteria=(WrittenCriterion("Jelas", 2),)),
            "Jawaban: uraian\n\n> Rubrik:\n>\n> - Jelas `2 poin`\n",
        ),
        (WrittenQuestion(Shape.CLOZE, "T", "Isi [[a]]."), "Isi [[a]].\n"),
        (
            WrittenQuestion(Shape.SCALE, "T", scale=ScaleKey(1, 5, "tidak", "ya")),
            "Skala: 1..5 (tidak … ya)\n",
        ),
    ],
)
def test_each_shape_has_its_spelling(question: WrittenQuestion, written: str) -> None:
    assert write_question(question) == f"## T\n\n{written}"


LINES = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("#*_`[]()>-+=:|1.\\")
    ),
    max_size=40,
)
HEADS = st.sampled_from(
    ["", "# ", "- [x] ", "Jawaban: ", "1. ", "> ", "a. ", "---", "Kuis: ", "[["]
)
TEXTS = st.lists(st.builds(str.__add__, HEADS, LINES), max_size=4).map("\n".join)


@given(title=TEXTS, stem=TEXTS, option=TEXTS, explanation=TEXTS)
def test_plain_text_never_becomes_structure(
    title: str, stem: str, option: str, explanation: str
) -> None:
    """Whatever the words are, one question stays one single choice with these options."""
    options = (
        WrittenOption(literal(" ".join(option.split())) or "kosong"),
        WrittenOption("benar sekali", True),
        WrittenOption("ya"),
    )
    question = WrittenQuestion(
        Shape.SINGLE, literal(title), "Pembuka.\n\n" + literal(stem), options,
        explanation=literal(explanation),
    )  # fmt: skip
    read, problems = read_bank(write_bank("Uji", [question]), CODES)
    assert problems == ()
    assert [(q.shape, len(q.options), q.options[1].correct) for q in read] == [
        (Shape.SINGLE, 3, True)
    ]


@pytest.mark.parametrize(
    "stem",
    [
        "# judul\n\nteks",
        "teks\n---",
        "Kunci: B",
        "> Jawaban: B",
        "* [x] kotak",
        "Lihat [[ini]].",
        "a. satu\nb. dua",
    ],
)
def test_text_that_looks_like_structure_is_kept_as_text(stem: str) -> None:
    question = WrittenQuestion(Shape.TEXT, "Apa?", stem, answers=(WrittenAnswer("dua"),))
    read, problems = read_bank(write_bank("Uji", [question]), CODES)
    assert problems == ()
    assert [(q.shape, q.title, q.answers) for q in read] == [(Shape.TEXT, "Apa?", question.answers)]
