"""The pretest of a course: two forms of the same banks, alike by tag, for before and after."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from elearn.content import messages as say
from elearn.content.course import Course, Pool, Pretest, Question, Quiz, Shape
from elearn.content.frontmatter import FrontMatter, Value
from elearn.content.problems import FileReport, excerpt, nearest

KEY = "uji-awal"
EXAMPLE = "bank/dasar.md ambil 8"
PART = re.compile(r"(?P<path>\S+)\s+(?:ambil|draw)\s+(?P<draw>[1-9][0-9]{0,2})$", re.IGNORECASE)

Banks = Mapping[str, tuple[Question, ...]]
Pair = tuple[Question, Question]


@dataclass(frozen=True)
class _Part:
    """A bank, and how many of its questions each form asks."""

    place: Value
    path: str
    draw: int


def build_pretest(
    matter: FrontMatter, course: Course, banks: Banks, report: FileReport
) -> Pretest | None:
    """The two forms that the front matter asks for; None without them, or with problems noted."""
    if not matter.has(KEY):
        return None
    parts = [part for value in matter.words(KEY, EXAMPLE) if (part := _read(value, banks, report))]
    _refuse_twice(parts, report)
    if not course.quizzes:
        report.error(matter.line_of(KEY), say.PRETEST_NO_QUIZ)
    if not parts and not report.report.has_errors:
        report.error(matter.line_of(KEY), say.PRETEST_FORM)
    if report.report.has_errors:  # what a broken bank or quiz lacks must not be told as another
        return None
    final = course.quizzes[-1]
    pairs = [pair for part in parts for pair in _pairs_of(part, banks[part.path], final, report)]
    if report.report.has_errors:
        return None
    pretest = Pretest(_forms(pairs))
    _check_final(pretest, final, matter.line_of(KEY), report)
    _warn_elsewhere(pretest, course, matter.line_of(KEY), report)
    return pretest


def _read(value: Value, banks: Banks, report: FileReport) -> _Part | None:
    found = PART.match(value.text)
    if not found:
        report.error(value.line, say.PRETEST_FORM, value.column)
        return None
    path = posixpath.normpath(found["path"])
    if path not in banks:
        hint = nearest(path, banks)
        message = say.BANK_MISSING.format(path=excerpt(path), hint=hint)
        report.error(value.line, message, value.column)
        return None
    return _Part(value, path, int(found["draw"]))


def _refuse_twice(parts: Sequence[_Part], report: FileReport) -> None:
    seen: set[str] = set()
    for part in parts:
        if part.path in seen:
            message = say.PRETEST_TWICE.format(path=part.path)
            report.error(part.place.line, message, part.place.column)
        seen.add(part.path)


def _pairs_of(part: _Part, bank: Sequence[Question], final: Quiz, report: FileReport) -> list[Pair]:
    """As many pairs as a form asks questions; none with a problem noted."""
    asked = _ids(final.pools)
    usable = [q for q in bank if q.id in asked and q.shape is not Shape.ESSAY and not q.voided]
    if len(usable) < 2 * part.draw:
        message = say.PRETEST_TOO_SMALL.format(
            draw=part.draw, need=2 * part.draw, path=part.path, quiz=final.title, count=len(usable)
        )
        report.error(part.place.line, message, part.place.column)
        return []
    pairs = pair_up(usable, part.draw)
    for first, second in pairs:
        if first.stratum != second.stratum:
            message = say.PRETEST_TAGS.format(first=first.id, second=second.id)
            report.warn(part.place.line, message, part.place.column)
    return pairs


def _ids(pools: Iterable[Pool]) -> set[str]:
    return {question.id for pool in pools for question in pool.questions}


def pair_up(questions: Sequence[Question], count: int) -> list[Pair]:
    """So many pairs of like tags, in the order of the bank, the tags by their share. Pure.

    Where tags do not suffice, what is left over is paired by its order.
    """
    strata: dict[str, list[Question]] = {}
    for question in questions:
        strata.setdefault(question.stratum, []).append(question)
    waiting = {name: list(_in_twos(group)) for name, group in strata.items()}
    pairs: list[Pair] = []
    while len(pairs) < count and (largest := max(waiting.values(), key=len)):
        pairs.append(largest.pop(0))
    taken = {question.id for pair in pairs for question in pair}
    spare = [question for question in questions if question.id not in taken]
    return [*pairs, *_in_twos(spare)][:count]


def _in_twos(questions: Sequence[Question]) -> Iterator[Pair]:
    return zip(questions[::2], questions[1::2], strict=False)


def _forms(pairs: Sequence[Pair]) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """A question of each pair in each form; neither always gets the one that comes first."""
    turned = [pair if n % 2 == 0 else (pair[1], pair[0]) for n, pair in enumerate(pairs)]
    return tuple(first for first, _ in turned), tuple(second for _, second in turned)


def _check_final(pretest: Pretest, final: Quiz, line: int, report: FileReport) -> None:
    """The final quiz can do without the form that was asked, and asks all of the other."""
    for pool in final.pools:
        ids = _ids([pool])
        shares = [len(ids.intersection(form)) for form in pretest.ids]
        left = len(ids) - max(shares)
        told = {"quiz": final.title, "pool": pool.title, "draw": pool.draw}
        if pool.draw > left:
            report.error(line, say.PRETEST_ROOM.format(left=left, **told))
        elif pool.draw < max(shares):
            report.warn(line, say.PRETEST_PARTLY.format(count=max(shares), **told))


def _warn_elsewhere(pretest: Pretest, course: Course, line: int, report: FileReport) -> None:
    asked = {id_ for form in pretest.ids for id_ in form}
    for quiz in course.quizzes[:-1]:
        if asked & _ids(quiz.pools):
            report.warn(line, say.PRETEST_ELSEWHERE.format(quiz=quiz.title))
