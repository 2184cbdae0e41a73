"""The shortest honest way: the activities of least JP that support every gap. Pure.

Weighted set cover whose sets carry prerequisites with them, solved exactly by dynamic programming
over the gaps that are left and the shared prerequisites already taken. NP-hard in general; up to
about twenty gaps, which is more than any position has, it takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import NamedTuple

COUNT_UNIT = 1 << 12  # more candidates than there may ever be in one way


@dataclass(frozen=True)
class Candidate:
    """Something one may take part in: a course, or a workshop when there are some.

    ``supports`` are levels by competency, ``requires`` the keys of what must be completed before.
    """

    key: str
    jp: int
    supports: Mapping[str, int]
    requires: frozenset[str] = frozenset()


class Step(NamedTuple):
    """One activity of a way: the gaps it supports, and the later steps that ask for it."""

    candidate: Candidate
    codes: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """Steps in an order in which they can be taken, and the gaps that nothing supports."""

    steps: tuple[Step, ...]
    uncovered: tuple[str, ...]

    @property
    def jp(self) -> int:
        return sum(step.candidate.jp for step in self.steps)


class Years(NamedTuple):
    """The steps for this year and for later, each in an order in which they can be taken."""

    now: tuple[Step, ...]
    later: tuple[Step, ...]


def shortest(
    wanted: Mapping[str, int], candidates: Iterable[Candidate], done: Collection[str] = ()
) -> Way:
    """The way of least JP; of equal ones the fewest steps, then the first by their keys.

    ``wanted`` are the levels to be supported; what is ``done`` costs nothing and is not repeated.
    """
    open_ones = {each.key: each for each in candidates if each.key not in done}
    bundles = _bundles(open_ones, frozenset(done))
    supporting = {
        code: [key for key in bundles if open_ones[key].supports.get(code, 0) >= level]
        for code, level in wanted.items()
    }
    reachable = [code for code in wanted if supporting[code]]
    chosen = _Search(open_ones, bundles, {code: supporting[code] for code in reachable}).best()
    steps = tuple(_steps([open_ones[key] for key in chosen], wanted))
    return Way(steps, tuple(code for code in wanted if not supporting[code]))


def _bundles(open_ones: Mapping[str, Candidate], done: frozenset[str]) -> dict[str, frozenset[str]]:
    """Each candidate that can be reached at all, with everything that comes before it."""
    found: dict[str, frozenset[str]] = {}
    waiting = sorted(open_ones)
    while waiting:
        left = []
        for key in waiting:
            needed = open_ones[key].requires - done
            if needed <= found.keys():
                found[key] = frozenset({key}).union(*(found[each] for each in needed))
            else:
                left.append(key)
        if len(left) == len(waiting):  # the rest wait for each other, or for what is not offered
            break
        waiting = left
    return found


class _Option(NamedTuple):
    """A candidate with what comes before it, as far as it is not held; the lightest first.

    ``covered`` are the gaps left that it supports, ``shared`` what others may ask for too.
    """

    weight: int
    covered: int
    shared: int
    added: int

    def is_within(self, other: _Option) -> bool:
        return not (self.covered & ~other.covered or self.shared & ~other.shared)


class _Search:
    """Finds the cheapest closed set; gaps and candidates are bits of whole numbers.

    A candidate weighs its JP, then one step, then its place among the keys, in one number: no two
    sets weigh the same, so the best is unique.
    """

    def __init__(
        self,
        open_ones: Mapping[str, Candidate],
        bundles: Mapping[str, frozenset[str]],
        supporting: Mapping[str, Sequence[str]],
    ) -> None:
        ordered = sorted(bundles)
        jps = [open_ones[key].jp for key in ordered]
        weights = dict(zip(ordered, _weights(jps), strict=True))
        supporting = _without_beaten(supporting, bundles, weights)
        useful = frozenset().union(*(bundles[key] for keys in supporting.values() for key in keys))
        self.keys = sorted(useful)
        self.weights = [weights[key] for key in self.keys]
        places = {key: at for at, key in enumerate(self.keys)}
        # The gap that the fewest candidates support is settled first.
        self.gaps = sorted(supporting, key=lambda code: (len(supporting[code]), code))
        self.covers = [
            sum(1 << at for at, code in enumerate(self.gaps) if key in supporting[code])
            for key in self.keys
        ]
        self.bundles = [
            reduce(or_, (1 << places[each] for each in bundles[key]), 0) for key in self.keys
        ]
        shared = (bundle & ~(1 << at) for at, bundle in enumerate(self.bundles))
        self.shared: int = reduce(or_, shared, 0)
        self.choices = [self._choices(1 << at) for at in range(len(self.gaps))]
        self.known: dict[tuple[int, int], tuple[int, int]] = {}

    def _choices(self, gap: int) -> list[int]:
        return [at for at, covers in enumerate(self.covers) if covers & gap]

    def best(self) -> list[str]:
        """The keys of the best set."""
        _, chosen = self._cheapest((1 << len(self.gaps)) - 1, 0)
        return [key for at, key in enumerate(self.keys) if chosen >> at & 1]

    def _cheapest(self, left: int, held: int) -> tuple[int, int]:
        """Weight and set to be added for the gaps that are left, with shared ones held."""
        if not left:
            return 0, 0
        state = left, held
        if state not in self.known:
            first = (left & -left).bit_length() - 1
            self.known[state] = min(
                self._with(option, left, held) for option in self._worthy(first, left, held)
            )
        return self.known[state]

    def _worthy(self, gap: int, left: int, held: int) -> Iterable[_Option]:
        """The choices for a gap but those another one beats: no more than it and not lighter."""
        options = sorted(self._option(at, left, held) for at in self.choices[gap])
        worthy: list[_Option] = []
        for option in options:
            if not any(option.is_within(lighter) for lighter in worthy):
                worthy.append(option)
        return worthy

    def _option(self, at: int, left: int, held: int) -> _Option:
        added = self.bundles[at] & ~held
        covered = weight = 0
        for each in _bits(added):
            covered |= self.covers[each]
            weight += self.weights[each]
        return _Option(weight, covered & left, added & self.shared, added)

    def _with(self, option: _Option, left: int, held: int) -> tuple[int, int]:
        more, others = self._cheapest(left & ~option.covered, held | option.shared)
        return option.weight + more, option.added | others


def _without_beaten(
    supporting: Mapping[str, Sequence[str]],
    bundles: Mapping[str, frozenset[str]],
    weights: Mapping[str, int],
) -> dict[str, list[str]]:
    """Without what another candidate does, with all that comes before it, for less weight alone.

    Only what nothing else asks for is left out, so that every set can still be closed.
    """
    gaps = {
        key: frozenset(code for code, keys in supporting.items() if key in keys) for key in bundles
    }
    offered = [key for key in bundles if gaps[key]]
    whole = {
        key: (sum(weights[each] for each in bundles[key]), _union(gaps, bundles[key]))
        for key in offered
    }
    asked_for = _union({key: bundles[key] - {key} for key in offered}, offered)
    beaten = {
        key
        for key in offered
        if key not in asked_for
        and any(weight < weights[key] and gaps[key] <= does for weight, does in whole.values())
    }
    return {code: [key for key in keys if key not in beaten] for code, keys in supporting.items()}


def _union(sets: Mapping[str, frozenset[str]], keys: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(sets[key] for key in keys))


def _weights(jps: Sequence[int]) -> list[int]:
    size = len(jps)
    return [(jp * COUNT_UNIT + 1 << size) - (1 << size - 1 - at) for at, jp in enumerate(jps)]


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _steps(chosen: Sequence[Candidate], wanted: Mapping[str, int]) -> Iterator[Step]:
    """In an order in which they can be taken: of those that can, the one that supports most."""
    left, uncovered = {each.key: each for each in chosen}, set(wanted)
    while left:
        ready = [each for each in left.values() if not each.requires & left.keys()]
        step = min(
            ready, key=lambda each: (-len(_met(each, wanted) & uncovered), each.jp, each.key)
        )
        del left[step.key]
        uncovered -= _met(step, wanted)
        codes = tuple(code for code in wanted if code in _met(step, wanted))
        opens = tuple(sorted(each.key for each in left.values() if step.key in each.requires))
        yield Step(step, codes, opens)


def _met(candidate: Candidate, wanted: Mapping[str, int]) -> set[str]:
    return {code for code, level in wanted.items() if candidate.supports.get(code, 0) >= level}


def over_years(steps: Sequence[Step], jp: int) -> Years:
    """What fits in so many JP of this year, in order; what hangs on a later step is later too."""
    now, later, postponed = [], [], set[str]()
    for step in steps:
        if step.candidate.jp <= jp and not step.candidate.requires & postponed:
            jp -= step.candidate.jp
            now.append(step)
        else:
            later.append(step)
            postponed.add(step.candidate.key)
    return Years(tuple(now), tuple(later))
