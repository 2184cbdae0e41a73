"""Who is who under another name, and what is told of them, coarse enough for no small group. Pure.

A pseudonym is an HMAC of the person under a key: without the key it leads nowhere. What is told
beside it (unit, birth, status, sex) is coarsened until everybody shares it with four others at
least, as k-anonymity asks (Sweeney 2002) and rule 11 of the product says for groups.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

FEWEST = 5
HIDDEN = "-"
PSEUDONYM_LENGTH = 16
BAND_YEARS = 10


class Traits(NamedTuple):
    """What is told of a person; HIDDEN where telling it would single them out."""

    unit: str
    born: str
    sex: str
    status: str


# What is hidden, step by step: the unit first, as it says the most.
_STEPS = ((), ("unit",), ("unit", "born"), ("unit", "born", "sex"), Traits._fields)


def pseudonym(key: bytes, person_id: int) -> str:
    """The name a person has under a key."""
    return hmac.new(key, str(person_id).encode(), "sha256").hexdigest()[:PSEUDONYM_LENGTH]


def band(year: int) -> str:
    """The years of birth that are told as one, as 1990–1999."""
    first = year - year % BAND_YEARS
    return f"{first}–{first + BAND_YEARS - 1}"


def coarsened(people: Mapping[int, Traits]) -> dict[int, Traits]:
    """Each person's traits, hidden as far as needed; nobody at all for fewer than FEWEST."""
    if len(people) < FEWEST:
        return {}
    told: dict[int, Traits] = {}
    left = dict(people)
    for hidden in _STEPS:
        groups = _groups({id: _without(traits, hidden) for id, traits in left.items()})
        for traits, members in groups.items():
            if len(members) >= FEWEST:
                told |= dict.fromkeys(members, traits)
        left = {id: traits for id, traits in left.items() if id not in told}
    return _joined(told, left)


def _without(traits: Traits, hidden: Iterable[str]) -> Traits:
    return traits._replace(**dict.fromkeys(hidden, HIDDEN))


def _groups(people: Mapping[int, Traits]) -> dict[Traits, list[int]]:
    groups: dict[Traits, list[int]] = defaultdict(list)
    for id, traits in people.items():
        groups[traits].append(id)
    return groups


def _joined(told: dict[int, Traits], left: Mapping[int, Traits]) -> dict[int, Traits]:
    """Those who are too few even with everything hidden take the smallest group in with them."""
    if not left:
        return told
    nothing = _without(next(iter(left.values())), Traits._fields)
    groups = _groups(told)
    groups.pop(nothing, None)
    _, smallest = min(groups.items(), key=lambda group: (len(group[1]), group[0]))
    return told | dict.fromkeys((*left, *smallest), nothing)
