"""Every shape of question as a table, and the draw of an attempt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.course import CompetencyLevel, Option, Pool, Question, Shape
from elearn.content.keys import (
    ClozeKey,
    Criterion,
    EssayKey,
    Expected,
    ExpectedKey,
    Gap,
    MatchingKey,
    NumberKey,
    Prompt,
    TextKey,
)
from elearn.learning import grading
from elearn.learning.grading import draw, grade, grade_all
from elearn.learning.typed import normalise, read_number
from tests.builders import a_question, a_quiz

FOUR = tuple(Option(key, key.upper(), correct=key in "ab") for key in "abcd")


def a_multiple(**changes: Any) -> Question:
    return a_question(shape=Shape.MULTIPLE, options=FOUR, **changes)


def a_text(*accepted: str, typos: int = 0) -> Question:
    return a_question(shape=Shape.TEXT, options=(), key=TextKey(accepted, typos))


def a_number(low: str, high: str, unit: str = "") -> Question:
    return a_question(shape=Shape.NUMBER, options=(), key=NumberKey(low, high, unit))


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (["a"], 100),
        (["b"], 0),
        ([], 0),
        ([""], 0),
        (["a", "b"], 0),
        (["zzz"], 0),
        (["a", "a"], 100),
    ],
)
@pytest.mark.parametrize("shape", [Shape.SINGLE, Shape.TRUE_FALSE])
def test_one_choice_is_all_or_nothing(shape: Shape, answer: list[str], wanted: int) -> None:
    assert grade(a_question(shape=shape), answer) == wanted


@pytest.mark.parametrize(
    ("answer", "whole", "partial"),
    [
        (["a", "b"], 100, 100),
        (["b", "a"], 100, 100),
        (["a"], 0, 50),
        (["a", "c"], 0, 0),
        (["a", "b", "c"], 0, 50),
        (["a", "b", "c", "d"], 0, 0),
        (["c", "d"], 0, 0),
        (["a", "unknown"], 0, 0),
        ([], 0, 0),
    ],
)
def test_several_choices_are_whole_or_partial(answer: list[str], whole: int, partial: int) -> None:
    assert grade(a_multiple(), answer) == whole
    assert grade(a_multiple(partial=True), answer) == partial


def test_partial_credit_without_wrong_options_divides_by_nothing() -> None:
    only_right = a_question(shape=Shape.MULTIPLE, partial=True, options=FOUR[:2])
    assert grade(only_right, ["a"]) == 50


def test_a_voided_question_gives_everyone_its_points() -> None:
    flawed = a_question(voided=True)
    assert [grade(flawed, answer) for answer in (["a"], ["b"], [])] == [100, 100, 100]


@pytest.mark.parametrize(
    ("accepted", "typed", "right"),
    [
        ("Masyarakat", " masya rakat. ", True),
        ("warga negara", "WargaNegara", True),
        ("warga", "negara", False),
        ("1,5", "15", False),
        ("1,5", "1 , 5", True),
        ("PP 11/2017", "pp 11 / 2017", True),
        ("PP 11/2017", "PP 112017", False),
        ("PP 11/2017", "PP.11/2017.", True),
        ("bab 1", "Bab1", True),
        ("bab 1 ayat 2", "bab 1, ayat 2", True),
        ("C++", "c", True),
        ("+", "+", True),
        ("+", "-", False),
        ("UU * 2023", "UU Nomor 20 Tahun 2023", True),
        ("UU * 2023", "UU Nomor 20", False),
        ("*", "apa saja", True),
        ("*", "  ", False),
        ("a.b", "aXb", False),
        ("ＡＳＮ", "asn", True),
        ("", "", False),
    ],
)
def test_short_text_ignores_what_does_not_matter(accepted: str, typed: str, right: bool) -> None:
    assert grade(a_text(accepted), [typed]) == 100 * right


def test_any_of_the_accepted_texts_will_do() -> None:
    question = a_text("masyarakat", "warga")
    assert [grade(question, [text]) for text in ("warga", "Masyarakat", "dinas")] == [100, 100, 0]


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("inspektorat", True),
        ("inspektort", True),
        ("innspektorat", True),
        ("inspektorad", True),
        ("inspketorat", True),
        ("inspketoart", False),
        ("inspektor", False),
        ("inspektorat daerah", False),
        ("", False),
    ],
)
def test_one_slip_is_forgiven_where_the_author_allows_it(typed: str, right: bool) -> None:
    assert grade(a_text("Inspektorat", typos=1), [typed]) == 100 * right
    if typed != "inspektorat":
        assert grade(a_text("Inspektorat"), [typed]) == 0


@pytest.mark.parametrize(("accepted", "typed"), [("ASN", "ASM"), ("PP 11/2017", "PP 11/2016")])
def test_short_words_and_digits_take_no_slip(accepted: str, typed: str) -> None:
    assert grade(a_text(accepted, typos=1), [typed]) == 0


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("75", ("75", "")),
        ("75,5", ("75.5", "")),
        ("75.5", ("75.5", "")),
        ("1.500", ("1500", "")),
        ("1.500.000,25", ("1500000.25", "")),
        ("1 500", ("1500", "")),
        (",5", ("0.5", "")),
        (".5", ("0.5", "")),
        ("−3", ("-3", "")),
        ("- 3", ("-3", "")),
        ("+3", ("3", "")),
        ("75 %", ("75", "%")),
        ("20 JP", ("20", "JP")),
        ("Rp 75.000,-", ("75000", "Rp")),
        ("rp75.000", ("75000", "rp")),
        ("75,", ("75", "")),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, wanted: tuple[str, str]) -> None:
    assert read_number(typed) == (Decimal(wanted[0]), wanted[1])


@pytest.mark.parametrize("typed", ["", "dua puluh", "1.2.3", "1,2,3", "-", ".", "rp", "rpm 5"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("unit", "typed", "right"),
    [
        ("", "75", True),
        ("", "74,5", True),
        ("", "74,49", False),
        ("", "75,51", False),
        ("", "75 %", True),
        ("", "75 kg", False),
        ("JP", "75 jp", True),
        ("JP", "75", True),
        ("JP", "75 jam", False),
        ("m²", "75 m2", True),
        ("Rp", "Rp 75", True),
        ("", "", False),
        ("", "75 1/2", False),
    ],
)
def test_a_number_has_bounds_and_may_have_a_unit(unit: str, typed: str, right: bool) -> None:
    assert grade(a_number("74.5", "75.5", unit), [typed]) == 100 * right


@pytest.mark.parametrize(
    ("answers", "tenths", "passed"),
    [
        ({}, 0, False),
        ({0: ["a"]}, 333, False),
        ({1: ["a"]}, 667, False),
        ({0: ["a"], 1: ["a"]}, 1000, True),
        ({0: ["a"], 1: ["a"], 7: ["a"]}, 1000, True),
    ],
)
def test_percent_is_points_earned_of_points_to_one_decimal(
    answers: dict[int, list[str]], tenths: int, passed: bool
) -> None:
    questions = [a_question("s1"), a_question("s2", points=2)]
    result = grade_all(questions, answers, pass_percent=70)
    assert (result.score_tenths, result.passed) == (tenths, passed)


def test_the_pass_mark_itself_passes() -> None:
    questions = [a_question(f"s{i}") for i in range(10)]
    assert grade_all(questions, {i: ["a"] for i in range(7)}, 70).passed
    assert not grade_all(questions, {i: ["a"] for i in range(6)}, 70).passed
    assert grade_all([], {}, 0).passed


ANY_QUESTION = st.sampled_from(
    [
        a_question(),
        a_multiple(),
        a_multiple(partial=True),
        a_text("masyarakat", "PP 11/2017", "a*b", typos=1),
        a_text("*"),
        a_number("74.5", "75.5", "JP"),
        a_question(shape=Shape.TEXT, options=()),
        a_question(voided=True),
    ]
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789.,-−+ %Rpab/*²½"), max_size=20),
    st.sampled_from(["a", "b", "zzz"]),
)


@given(
    st.lists(ANY_QUESTION, max_size=6),
    st.dictionaries(st.integers(-1, 7), st.lists(TYPED, max_size=5)),
)
def test_no_answer_crashes_grading(
    questions: list[Question], answers: dict[int, list[str]]
) -> None:
    result = grade_all(questions, answers, 70)
    assert len(result.hundredths) == len(questions)
    assert all(0 <= part <= 100 for part in result.hundredths)
    assert 0 <= result.score_tenths <= 1000


@given(st.text(max_size=40))
def test_a_text_accepts_itself(text: str) -> None:
    assert normalise(text) == normalise(f"  {text} ")
    assert grade(a_text(text.replace("*", "")), [text.replace("*", "")]) in (0, 100)


# --- the draw


def a_bank(**sizes: int) -> tuple[Question, ...]:
    """Questions by tag: a_bank(x=3) are three with the tag X:2."""
    return tuple(
        a_question(f"{tag}{number}", competencies=(CompetencyLevel(tag.upper(), 2),))
        for tag, size in sizes.items()
        for number in range(size)
    )


def drawn_ids(questions: tuple[Question, ...], count: int, seed: str, **seen: int) -> list[str]:
    quiz = a_quiz(pools=(Pool("", count, questions),))
    counted = {f"digest-{id}": times for id, times in seen.items()}
    return [d.digest.removeprefix("digest-") for d in draw(quiz, counted, seed)]


def test_a_pool_that_is_asked_whole_keeps_its_order() -> None:
    assert drawn_ids(a_bank(x=4), 4, "seed") == ["x0", "x1", "x2", "x3"]


def test_a_shuffled_quiz_changes_the_order_only() -> None:
    quiz = a_quiz(a_bank(x=12), shuffled=True)
    first, second = draw(quiz, {}, "one"), draw(quiz, {}, "two")
    assert [d.digest for d in first] != [d.digest for d in second]
    assert {d.digest for d in first} == {d.digest for d in second}


@given(st.text(min_size=1, max_size=8))
def test_the_same_seed_draws_the_same(seed: str) -> None:
    quiz = a_quiz(pools=(Pool("", 5, a_bank(x=7, y=6)),), shuffled=True)
    assert draw(quiz, {}, seed) == draw(quiz, {}, seed)


@given(
    st.dictionaries(st.sampled_from("uvwxyz"), st.integers(1, 9), min_size=1),
    st.integers(1, 40),
    st.text(min_size=1, max_size=6),
)
def test_each_tag_is_drawn_within_one_of_its_exact_share(
    sizes: dict[str, int], wanted: int, seed: str
) -> None:
    bank = a_bank(**sizes)
    count = min(wanted, len(bank))
    ids = drawn_ids(bank, count, seed)
    assert len(ids) == len(set(ids)) == count
    drawn = Counter(id[0] for id in ids)
    for tag, size in sizes.items():
        assert abs(drawn[tag] - size * count / len(bank)) < 1


def test_questions_not_seen_yet_come_first() -> None:
    bank = a_bank(x=9)
    first = drawn_ids(bank, 3, "first")
    second = drawn_ids(bank, 3, "second", **dict.fromkeys(first, 1))
    third = drawn_ids(bank, 3, "third", **dict.fromkeys(first + second, 1))
    assert {*first, *second, *third} == {question.id for question in bank}
    rarest = drawn_ids(bank, 3, "again", **{f"x{i}": 2 if i < 6 else 1 for i in range(9)})
    assert set(rarest) == {"x6", "x7", "x8"}


def test_chance_reaches_every_question() -> None:
    seen = {id for seed in range(60) for id in drawn_ids(a_bank(x=9), 3, str(seed))}
    assert len(seen) == 9


@given(st.text(min_size=1, max_size=6))
def test_an_option_that_stays_last_stays_last(seed: str) -> None:
    options = (Option("z", "Semua", False, stays_last=True), *FOUR)
    (drawn,) = draw(a_quiz([a_question(options=options)]), {}, seed)
    assert drawn.options[-1] == "z"
    assert set(drawn.options) == set("abcdz")


def test_options_keep_their_order_where_the_author_wants_it() -> None:
    question = a_question(options=FOUR, shuffled=False)
    orders = {draw(a_quiz([question]), {}, str(seed))[0].options for seed in range(20)}
    assert orders == {tuple("abcd")}
    assert grading.FULL == 100


SIDES = tuple(Option(key, key.upper(), correct=key != "z") for key in "xyz")
PROMPTS = tuple(Prompt(left, left, right) for left, right in (("p", "x"), ("q", "y"), ("r", "y")))
MATCHING = a_question(shape=Shape.MATCHING, options=SIDES, key=MatchingKey(PROMPTS))
STEPS = tuple(Option(key, key.upper(), correct=True) for key in "abcd")
ORDERING = a_question(shape=Shape.ORDERING, options=STEPS)
GAPS = (
    Gap(TextKey(("warga",), 1)),
    Gap(NumberKey("74.5", "75.5")),
    Gap(None, ("benar", "salah"), ("benar",)),
)
CLOZE = a_question(shape=Shape.CLOZE, options=(), key=ClozeKey(("", "", "", ""), GAPS))
EXPECTED = a_question(
    shape=Shape.NUMBER,
    options=(),
    key=ExpectedKey(
        (
            Expected(NumberKey("74.5", "75.5")),
            Expected(NumberKey("25", "25"), 0, "<p>Belum.</p>"),
            Expected(NumberKey("0.75", "0.75"), 50),
            Expected(TextKey(("*",)), 0, "<p>Lain.</p>"),
        )
    ),
)
WEIGHTED = a_question(
    options=(Option("a", "A", True), Option("b", "B", False, percent=50), Option("c", "C", False))
)
ESSAY = a_question(shape=Shape.ESSAY, options=(), key=EssayKey((Criterion("Isi", 2),)))


@pytest.mark.parametrize(
    ("question", "answer", "wanted"),
    [
        (MATCHING, ["p:x", "q:y", "r:y"], 100),
        (MATCHING, ["p:x", "q:x", "r:x"], 33),
        (MATCHING, ["p:x", "q:y"], 67),
        (MATCHING, ["p:z", "q:z", "r:z"], 0),
        (MATCHING, ["p"], 0),
        (ORDERING, ["a:1", "b:2", "c:3", "d:4"], 100),
        (ORDERING, ["b:1", "a:2", "c:3", "d:4"], 67),
        (ORDERING, ["a:1", "b:2", "d:3", "c:4"], 67),
        (ORDERING, ["d:1", "c:2", "b:3", "a:4"], 0),
        (ORDERING, ["c:1", "d:2", "a:3", "b:4"], 0),
        (ORDERING, ["a:1", "b:1", "c:1", "d:1"], 0),
        (ORDERING, ["a:1", "b:2"], 0),
        (ORDERING, ["a:x", "b:2", "c:3", "d:4"], 0),
        (CLOZE, ["0:Warga", "1:75", "2:benar"], 100),
        (CLOZE, ["0:wargq", "1:75,2", "2:salah"], 67),
        (CLOZE, ["2:benar"], 33),
        (CLOZE, ["0:", "1: ", "2:"], 0),
        (EXPECTED, ["75"], 100),
        (EXPECTED, ["25"], 0),
        (EXPECTED, ["0,75"], 50),
        (EXPECTED, ["entah"], 0),
        (WEIGHTED, ["a"], 100),
        (WEIGHTED, ["b"], 50),
        (WEIGHTED, ["c"], 0),
        (WEIGHTED, ["a", "b"], 0),
        (ESSAY, ["text:Panjang lebar."], 0),
    ],
)
def test_shapes_with_parts_and_weights(question: Question, answer: list[str], wanted: int) -> None:
    assert grade(question, answer) == wanted


def test_feedback_belongs_to_the_first_answer_that_matches() -> None:
    assert isinstance(EXPECTED.key, ExpectedKey)
    told = [grading.expected_of(EXPECTED.key, given) for given in ("25", "8")]
    assert [expected.feedback_html for expected in told if expected] == [
        "<p>Belum.</p>",
        "<p>Lain.</p>",
    ]


@pytest.mark.parametrize("typed", ["a" * 501, "*" * 300_000])
def test_what_is_too_long_for_a_short_text_matches_nothing(typed: str) -> None:
    assert grade(a_text("*"), [typed]) == 0


pieces = st.one_of(
    st.text(max_size=6),
    st.builds(
        "{}:{}".format, st.sampled_from("abcdpqr012"), st.sampled_from("xyz1234") | st.text()
    ),
)


@given(
    st.sampled_from([MATCHING, ORDERING, CLOZE, EXPECTED, WEIGHTED, ESSAY]),
    st.lists(pieces, max_size=8),
)
def test_no_answer_crashes_the_grading_of_parts(question: Question, answer: list[str]) -> None:
    assert 0 <= grade(question, answer) <= 100


@given(st.permutations("abcd"))
def test_an_order_and_its_reverse_never_earn_both(order: list[str]) -> None:
    there = grade(ORDERING, [f"{key}:{i}" for i, key in enumerate(order)])
    back = grade(ORDERING, [f"{key}:{9 - i}" for i, key in enumerate(order)])
    assert min(there, back) == 0


@given(st.text(max_size=6))
def test_steps_are_never_shown_in_the_right_order(seed: str) -> None:
    (drawn,) = draw(a_quiz((replace(ORDERING, digest="d"),)), {}, seed)
    assert sorted(drawn.options) == list("abcd")
    assert drawn.options != tuple("abcd")
