"""Who is told under which traits: nobody in a group of fewer than five, and no more is hidden."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from elearn.privacy import pseudonyms
from elearn.privacy.pseudonyms import FEWEST, HIDDEN, Traits

SOME = st.builds(
    Traits,
    unit=st.sampled_from(["A", "B", "C"]),
    born=st.sampled_from(["1980–1989", "1990–1999"]),
    sex=st.sampled_from("LP"),
    status=st.sampled_from(["pns", "pppk"]),
)
PEOPLE = st.dictionaries(st.integers(1, 500), SOME, max_size=60)


@given(PEOPLE)
def test_everybody_shares_their_traits_with_four_others(people: dict[int, Traits]) -> None:
    told = pseudonyms.coarsened(people)
    if len(people) < FEWEST:
        assert told == {}
        return
    assert told.keys() == people.keys()
    assert min(Counter(told.values()).values()) >= FEWEST
    for id, traits in told.items():
        assert all(t in (HIDDEN, w) for t, w in zip(traits, people[id], strict=True))


@given(PEOPLE)
def test_who_stands_in_a_large_group_keeps_its_traits(people: dict[int, Traits]) -> None:
    told = pseudonyms.coarsened(people)
    sizes = Counter(people.values())
    kept = sum(told.get(id) == traits for id, traits in people.items())
    # Only a group that takes the last few in loses what it could have kept.
    large = [size for size in sizes.values() if size >= FEWEST]
    assert kept >= sum(large) - max(large, default=0)


def test_a_pseudonym_is_one_person_under_one_key() -> None:
    names = {pseudonyms.pseudonym(key, id) for key in (b"a", b"b") for id in range(50)}
    assert len(names) == 100
    assert pseudonyms.pseudonym(b"a", 7) == pseudonyms.pseudonym(b"a", 7)
    assert pseudonyms.band(1994) == "1990–1999"
