"""Classical item statistics of a question version, from first attempts. Pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from elearn.content.course import Option, Question, Shape
from elearn.reports import estimates
from elearn.reports.estimates import CONFIDENCE, Estimate

FACILITY_FROM = 12
DISCRIMINATION_FROM = 30
# What fewer than these picked, or left, says nothing about the key.
FEWEST_PICKS = 5
HALF = 0.5
PICKED = (Shape.SINGLE, Shape.TRUE_FALSE, Shape.MULTIPLE)


class Response(NamedTuple):
    """One question of an attempt: mark 0 to 1, option keys picked, seconds (None: not known).

    ``points`` is the weight of the question; ``answered`` says whether anything was given,
    ``hinted`` whether a hint was opened.
    """

    digest: str
    mark: float
    points: int
    picked: frozenset[str] = frozenset()
    answered: bool = True
    seconds: float | None = None
    hinted: bool = False


Sitting = Sequence[Response]


class Observation(NamedTuple):
    """A response beside what its person got of all (``total``) and of all else (``rest``).

    Both are shares 0 to 1 of the points of the person's own draw; ``rest`` is None when there
    is nothing else.
    """

    response: Response
    total: float
    rest: float | None


class Suspicion(StrEnum):
    """Why a key may be wrong."""

    REVERSED = "reversed"  # who does better elsewhere does worse here
    PREFERRED = "preferred"  # a wrong option draws the better ones, or a right one the weaker
    OUTNUMBERED = "outnumbered"  # even of the better half more pick a wrong option than the key


class Choice(NamedTuple):
    """An option: how often picked, its share of the times shown, why it speaks against the key."""

    option: Option
    picked: int
    share: Estimate | None
    suspicion: Suspicion | None


class QuestionFigures(NamedTuple):
    """The figures of one question version; None where too few have answered.

    ``facility`` is the mean mark, ``rest`` and ``total`` the correlations of the mark with the
    rest and the total score, ``seconds`` the median time, ``hinted`` the share that opened a hint
    of a question that has one.
    """

    question: Question
    shown: int
    answered: int
    facility: Estimate | None
    rest: Estimate | None
    total: Estimate | None
    seconds: Estimate | None
    hinted: Estimate | None
    choices: list[Choice]
    suspicions: list[Suspicion]

    @property
    def missing(self) -> int:
        """How many more answers the discrimination needs."""
        return max(DISCRIMINATION_FROM - self.shown, 0)


def observe(sitting: Sitting, voided: Iterable[str] = ()) -> list[Observation]:
    """The responses of one attempt with total and rest score; voided questions do not count."""
    left_out = set(voided)
    counted = [r for r in sitting if r.digest not in left_out]
    points = sum(r.points for r in counted)
    earned = sum(r.points * r.mark for r in counted)
    total = earned / points if points else 0.0
    return [Observation(r, total, _rest(r, earned, points, r.digest in left_out)) for r in sitting]


def _rest(response: Response, earned: float, points: int, is_voided: bool) -> float | None:
    own = 0 if is_voided else response.points
    if points == own:
        return None
    return (earned - own * response.mark) / (points - own)


def figures(question: Question, seen: Sequence[Observation]) -> QuestionFigures:
    """The figures of a question from every first attempt it was shown in."""
    responses = [o.response for o in seen]
    marks = [r.mark for r in responses]
    timed = [r.seconds for r in responses if r.seconds is not None]
    told = [] if question.voided or len(seen) < DISCRIMINATION_FROM else with_rest(seen)
    rest = _discrimination(told, [o.rest or 0 for o in told])
    suspects = _suspects(question, told)
    return QuestionFigures(
        question=question,
        shown=len(seen),
        answered=sum(r.answered for r in responses),
        facility=None if question.voided else _share(sum(marks), len(seen)),
        rest=rest,
        total=_discrimination(told, [o.total for o in told]),
        seconds=estimates.middle(timed) if len(timed) >= FACILITY_FROM else None,
        hinted=_share(sum(r.hinted for r in responses), len(seen)) if question.hints_html else None,
        choices=_choices(question, responses, suspects),
        suspicions=_suspicions(rest, suspects),
    )


def with_rest(seen: Iterable[Observation]) -> list[Observation]:
    """Those who were asked something else too."""
    return [o for o in seen if o.rest is not None]


def _share(total: float, count: int) -> Estimate | None:
    return estimates.share(total, count) if count >= FACILITY_FROM else None


def _discrimination(seen: Sequence[Observation], scores: Sequence[float]) -> Estimate | None:
    if len(seen) < DISCRIMINATION_FROM:
        return None
    return estimates.correlation([o.response.mark for o in seen], scores)


def _choices(
    question: Question, responses: Sequence[Response], suspects: Mapping[str, Suspicion]
) -> list[Choice]:
    picks = Counter(key for r in responses for key in r.picked)
    return [
        Choice(
            option,
            picks[option.key],
            _share(picks[option.key], len(responses)),
            suspects.get(option.key),
        )
        for option in question.options
        if question.shape in PICKED
    ]


def _suspicions(rest: Estimate | None, suspects: dict[str, Suspicion]) -> list[Suspicion]:
    found = {*suspects.values()} | ({Suspicion.REVERSED} if rest and rest.high < 0 else set())
    return [suspicion for suspicion in Suspicion if suspicion in found]


def _suspects(question: Question, seen: Sequence[Observation]) -> dict[str, Suspicion]:
    """The options that speak against the key, at 95 % for the question as a whole.

    Every comparison is made at a level shared out among them all (Bonferroni).
    """
    if question.shape not in PICKED:
        return {}
    if question.shape is Shape.MULTIPLE:
        level = _level(len(question.options))
        ticked = {o.key: _ticked(seen, o.key) for o in question.options}
        against = [o.key for o in question.options if _is_against(o, *ticked[o.key], level)]
        return dict.fromkeys(against, Suspicion.PREFERRED)
    right = next((o.key for o in question.options if o.correct), "")
    wrong = [o for o in question.options if not o.correct]
    level, half = _level(2 * len(wrong)), _median_rest(seen)
    found = {o.key: _why_suspect(o, right, seen, level, half) for o in wrong}
    return {key: suspicion for key, suspicion in found.items() if suspicion}


def _level(comparisons: int) -> float:
    return 1 - (1 - CONFIDENCE) / max(comparisons, 1)


def _median_rest(seen: Sequence[Observation]) -> float:
    ordered = sorted(o.rest or 0 for o in seen)
    return ordered[len(ordered) // 2] if ordered else 0


def _why_suspect(
    wrong: Option, right: str, seen: Sequence[Observation], level: float, half: float
) -> Suspicion | None:
    """Whether the better ones, from ``half`` on, pick this wrong option rather than the key."""
    pair = {frozenset((wrong.key,)), frozenset((right,))}
    either = [o for o in seen if o.response.picked in pair]
    if _is_against(wrong, *_ticked(either, wrong.key), level):
        return Suspicion.PREFERRED
    better = [wrong.key in o.response.picked for o in either if (o.rest or 0) >= half]
    if len(better) < FACILITY_FROM:
        return None
    is_outnumbered = estimates.share(sum(better), len(better), level).low > HALF
    return Suspicion.OUTNUMBERED if is_outnumbered else None


def _ticked(seen: Sequence[Observation], key: str) -> tuple[list[float], list[float]]:
    """Whether an option was picked, beside the rest score."""
    return [float(key in o.response.picked) for o in seen], [o.rest or 0 for o in seen]


def _is_against(
    option: Option, picked: Sequence[float], rest: Sequence[float], level: float
) -> bool:
    fewer = min(sum(picked), len(picked) - sum(picked))
    if len(picked) < DISCRIMINATION_FROM or fewer < FEWEST_PICKS:
        return False
    found = estimates.correlation(picked, rest, level)
    if found is None:
        return False
    return found.high < 0 if option.correct else found.low > 0
