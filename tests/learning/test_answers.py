"""Answers as they are sent: read from forms, held to limits, and what of them the journal tells."""

from __future__ import annotations

import hashlib

import pytest

from elearn.content.course import Shape
from elearn.errors import Invalid
from elearn.learning import answers
from tests.builders import a_question

WORD = hashlib.sha256(b"warga").hexdigest()


def test_an_answer_is_read_from_fields_by_name_and_part() -> None:
    fields = {
        "q1": ["a", " "],
        "q1.p": ["x"],
        "q1.r": [""],
        "q10": ["b"],
        "q10.p": ["z"],
        "c1": ["0"],
    }
    assert answers.from_fields(fields, "q1") == ["a", "p:x"]
    assert answers.from_fields(fields, "q2") == []


@pytest.mark.parametrize(
    "answer",
    [
        ["a"] * 51,
        ["x" * 501],
        ["text:" + "x" * 20_000],
        ["text:" + "x" * 600, "a"],
        ["0:" + "x" * 500],
        ["text:\x00"],
        ["0:\ud800"],
    ],
)
def test_what_no_page_sends_is_refused(answer: list[str]) -> None:
    with pytest.raises(Invalid):
        answers.check(answer)


def test_an_essay_may_be_long() -> None:
    essay = ["text:" + "kata " * 3_000]
    answers.check(essay)
    assert answers.essay_of(essay) == "kata " * 3_000


@pytest.mark.parametrize(
    ("shape", "answer", "told"),
    [
        (Shape.SINGLE, ["a"], ["a"]),
        (Shape.TEXT, ["warga"], [WORD]),
        (Shape.MATCHING, ["p:x"], ["p:x"]),
        (Shape.ORDERING, ["a:1"], ["a:1"]),
        (Shape.CLOZE, ["0:warga"], [f"0:{WORD}"]),
        (Shape.ESSAY, ["text:warga"], [f"text:{WORD}"]),
    ],
)
def test_the_journal_holds_no_typed_text(shape: Shape, answer: list[str], told: list[str]) -> None:
    assert answers.for_journal(a_question(shape=shape), answer) == told
