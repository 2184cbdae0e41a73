"""The shortest honest way against brute force, and what it says of itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from elearn.competency import way
from elearn.competency.way import Candidate

CODES = ("M.01", "M.02", "M.03", "DIG.A")
KEYS = "abcdefg"


def course(key: str, jp: int, requires: str = "", **supports: int) -> Candidate:
    named = {code.replace("_", "."): level for code, level in supports.items()}
    return Candidate(key, jp, named, frozenset(requires))


def supported(chosen: Sequence[Candidate], wanted: Mapping[str, int]) -> set[str]:
    return {
        code
        for code, level in wanted.items()
        if any(each.supports.get(code, 0) >= level for each in chosen)
    }


def can_be_taken(chosen: Sequence[Candidate], done: Collection[str]) -> bool:
    taken, left = set(done), list(chosen)
    while ready := [each for each in left if each.requires <= taken]:
        taken |= {each.key for each in ready}
        left = [each for each in left if each not in ready]
    return not left


def by_brute_force(
    wanted: Mapping[str, int], candidates: Sequence[Candidate], done: Collection[str]
) -> list[str]:
    """Every set that can be taken; the most gaps, then least JP, fewest, first by keys."""
    offered = [each for each in candidates if each.key not in done]
    sets = (chosen for size in range(len(offered) + 1) for chosen in combinations(offered, size))
    return min(
        (
            -len(supported(chosen, wanted)),
            sum(each.jp for each in chosen),
            len(chosen),
            sorted(each.key for each in chosen),
        )
        for chosen in sets
        if can_be_taken(chosen, done)
    )[3]


levels = st.dictionaries(st.sampled_from(CODES), st.integers(1, 3), max_size=4)
some_keys = st.frozensets(st.sampled_from(KEYS), max_size=2)
offers = st.lists(
    st.builds(Candidate, st.sampled_from(KEYS), st.integers(0, 4), levels, some_keys),
    max_size=7,
    unique_by=lambda each: each.key,
)


@settings(max_examples=150)
@given(levels, offers, some_keys)
def test_no_set_is_shorter(
    wanted: dict[str, int], candidates: list[Candidate], done: frozenset[str]
) -> None:
    found = way.shortest(wanted, candidates, done)
    chosen = [step.candidate for step in found.steps]
    assert sorted(each.key for each in chosen) == by_brute_force(wanted, candidates, done)
    assert supported(chosen, wanted) == wanted.keys() - set(found.uncovered)
    taken = set(done)
    for each in chosen:  # the order is one in which they can be taken
        assert each.requires <= taken
        taken.add(each.key)


def greedy(wanted: Mapping[str, int], candidates: Sequence[Candidate]) -> int:
    """The JP of the usual rule: again and again what supports most gaps a JP."""
    left, jp = set(wanted), 0
    while left:
        each = max(candidates, key=lambda each: len(supported([each], wanted) & left) / each.jp)
        left -= supported([each], wanted)
        jp += each.jp
    return jp


def test_it_beats_the_greedy_rule() -> None:
    wanted = {"M.01": 2, "M.02": 2, "M.03": 2, "DIG.A": 2}
    offered = [
        course("bait", 3, M_02=2, M_03=2, DIG_A=2),
        course("left", 2, M_01=2, M_02=2),
        course("right", 2, M_03=2, DIG_A=2),
        course("low", 1, M_01=1),
    ]
    assert way.shortest(wanted, offered).jp == 4
    assert greedy(wanted, offered[:3]) == 5


def test_each_step_says_why_and_what_nobody_offers_is_named() -> None:
    offered = [course("a", 2), course("b", 3, "a", M_01=3), course("c", 9, M_01=2)]
    found = way.shortest({"M.01": 3, "SK.01": 2}, offered)
    assert [(step.candidate.key, step.codes, step.opens) for step in found.steps] == [
        ("a", (), ("b",)),
        ("b", ("M.01",), ()),
    ]
    assert (found.jp, found.uncovered) == (5, ("SK.01",))
    assert [s.candidate.key for s in way.shortest({"M.01": 3}, offered, {"a"}).steps] == ["b"]


def test_what_cannot_be_begun_is_not_offered() -> None:
    circle = [course("a", 1, "b", M_01=2), course("b", 1, "a")]
    closed = [course("c", 1, "x", M_01=2)]
    assert way.shortest({"M.01": 2}, circle + closed) == way.Way((), ("M.01",))


def test_what_does_not_fit_in_the_year_comes_later() -> None:
    offered = [course("a", 6), course("b", 3, "a", M_01=2), course("c", 4, M_02=2)]
    steps = way.shortest({"M.01": 2, "M.02": 2}, offered).steps

    def keys(jp: int) -> tuple[str, str]:
        now, later = way.over_years(steps, jp)
        return tuple("".join(s.candidate.key for s in part) for part in (now, later))  # type: ignore[return-value]

    assert keys(13) == ("cab", "")
    assert keys(9) == ("c", "ab")
    assert keys(0) == ("", "cab")


def test_twenty_gaps_and_eighty_courses_take_no_time() -> None:
    codes = [f"C.{n:02}" for n in range(20)]
    offered = [
        Candidate(f"k{n:02}", 2 + n * 7 % 11, {codes[(n * step) % 20]: 3 for step in (1, 3, 7)})
        for n in range(80)
    ]
    began = process_time()
    assert not way.shortest(dict.fromkeys(codes, 3), offered).uncovered
    assert process_time() - began < 1
