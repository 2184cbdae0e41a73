"""A quiz on paper: numbers, letters, keys."""

from __future__ import annotations

from elearn.content.course import Pool, Question, Quiz, Shape
from elearn.exchange.paper import PaperQuestion, paper_of
from tests.content.formats.banks import BANK, questions_of


def printed(question: Question) -> PaperQuestion:
    quiz = Quiz("k", "Kuis", (Pool("", 1, (question,)),))
    return paper_of(quiz)[0].questions[0]


def by_shape() -> dict[Shape, Question]:
    return {question.shape: question for question in reversed(questions_of(BANK))}


def test_each_shape_has_its_key_in_words() -> None:
    asked = by_shape()
    keys = {shape: printed(question).key for shape, question in asked.items()}
    assert keys[Shape.SINGLE] == "B"
    assert keys[Shape.MULTIPLE] == "A, B"
    assert keys[Shape.TRUE_FALSE] == "A"
    assert keys[Shape.TEXT] == "masyarakat / warga | rakyat"
    assert keys[Shape.NUMBER] == "75 % ± 0,5"
    assert keys[Shape.CLOZE] == "(1) 20 / dua puluh; (2) diteruskan; (3) 3 ± 1 hari"
    assert keys[Shape.ESSAY] == ""
    assert [line.points for line in printed(asked[Shape.ESSAY]).criteria] == [3, 1]


def test_the_letters_of_an_ordering_and_a_matching_lead_to_the_right_options() -> None:
    asked = by_shape()
    ordering = printed(asked[Shape.ORDERING])
    letters = {p.letter: p.option for p in ordering.options}
    assert tuple(letters[x] for x in ordering.key.split(", ")) == asked[Shape.ORDERING].options
    matching = printed(asked[Shape.MATCHING])
    rights = {p.letter: p.option.key for p in matching.options}
    pairs = [pair.split("–")[1] for pair in matching.key.split(", ")]
    assert [rights[letter] for letter in pairs] == [prompt.option for prompt in matching.prompts]
    assert [p.letter for p in matching.options] == ["A", "B", "C"]


def test_fixed_questions_stand_together_and_pools_say_what_they_draw() -> None:
    one, two, three, four, five, *_ = questions_of(BANK)
    quiz = Quiz(
        "k", "Kuis", (Pool("", 1, (one,)), Pool("", 1, (two,)), Pool("P", 1, (three, four)),
                      Pool("", 1, (five,))),
    )  # fmt: skip
    parts = paper_of(quiz)
    assert [(part.title, part.draw) for part in parts] == [("", 0), ("P", 1), ("", 0)]
    assert [[q.number for q in part.questions] for part in parts] == [[1, 2], [3, 4], [5]]
    assert paper_of(quiz) == parts
