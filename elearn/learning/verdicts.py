"""What is to be said about a graded answer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from elearn.content.course import Option, Question
from elearn.content.keys import ExpectedKey
from elearn.learning import answers, grading
from elearn.learning.answers import Answer


@dataclass(frozen=True)
class Verdict:
    """An answer to a question, part by part; what of it may be shown is the page's affair."""

    question: Question
    answer: Answer
    hundredths: int

    @property
    def is_right(self) -> bool:
        return self.hundredths == grading.FULL

    @property
    def is_partly_right(self) -> bool:
        return 0 < self.hundredths < grading.FULL

    @property
    def parts(self) -> Mapping[str, str]:
        """What was given for each part, by its key."""
        return answers.parts_of(self.answer)

    @property
    def rights(self) -> Mapping[str, bool]:
        """Which parts of a matching or cloze are right."""
        return grading.right_parts(self.question, self.answer)

    @property
    def in_order(self) -> tuple[Option, ...]:
        """The steps of an ordering as they were put; those left out stand at the end."""
        places = answers.places_of(self.answer)
        last = len(self.question.options) + 1
        return tuple(sorted(self.question.options, key=lambda o: places.get(o.key, last)))

    @property
    def told_html(self) -> str:
        """The feedback for a typed answer that the author foresaw."""
        key = self.question.key
        if not isinstance(key, ExpectedKey) or not self.answer:
            return ""
        expected = grading.expected_of(key, self.answer[0])
        return expected.feedback_html if expected else ""


def judge(question: Question, answer: Answer) -> Verdict:
    """Grade an answer and keep what is to be said about it."""
    return Verdict(question, answer, grading.grade(question, answer))
