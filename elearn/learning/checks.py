"""A self-check as its address asks for it: answered, or with one hint more. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from elearn.content.course import Question
from elearn.learning import answers, verdicts
from elearn.learning.answers import Answer
from elearn.learning.verdicts import Verdict

KEY, ANSWER = "cek", "jawab"
# How many hints are wanted, and how many were open before.
WANTED, OPEN = "petunjuk", "terbuka"


@dataclass(frozen=True)
class CheckState:
    """Where somebody stands in a self-check; nothing of it is kept.

    ``hints`` is how many are open. Without a ``verdict`` the answer stands in the form, and
    ``is_empty`` says that a verdict was asked for without one.
    """

    key: str
    answer: Answer
    hints: int
    verdict: Verdict | None
    is_empty: bool

    @property
    def parts(self) -> Mapping[str, str]:
        """What was given for each part, by its key."""
        return answers.parts_of(self.answer)


def state_of(key: str, question: Question, fields: Mapping[str, Sequence[str]]) -> CheckState:
    """The state of a self-check by the fields of its address."""
    given = answers.from_fields(fields, ANSWER)[: answers.MAX_PICKS]
    answer = [part[: answers.MAX_CHARACTERS] for part in given]
    has_answer = any(part.strip() for part in answer)
    wants_hint = WANTED in fields
    verdict = verdicts.judge(question, answer) if has_answer and not wants_hint else None
    opened = min(_most(fields), len(question.hints_html))
    return CheckState(key, answer, opened, verdict, not has_answer and not wants_hint)


def _most(fields: Mapping[str, Sequence[str]]) -> int:
    texts = [*fields.get(WANTED, ()), *fields.get(OPEN, ())]
    return max((int(text) for text in texts if _is_number(text)), default=0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 4
