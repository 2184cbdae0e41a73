"""A list of NIP as somebody pastes it becomes people of their branch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import select, union

from elearn.assignments.rule import MOST_LISTED
from elearn.database import rows
from elearn.errors import Invalid
from elearn.people import nip
from elearn.people.actors import Actor
from elearn.people.models import FormerNip, Person, Unit

AT_ONCE = 500


@dataclass(frozen=True)
class Read:
    """The ids of those found, and what was typed for the rest."""

    people: tuple[int, ...]
    unknown: tuple[str, ...]


def read(actor: Actor, text: str) -> Read:
    """Who stands in a list, one number a line. Raises Invalid for one that is too long."""
    typed = dict.fromkeys(filter(None, (nip.compact(each) for each in text.splitlines())))
    if len(typed) > MOST_LISTED:
        raise Invalid("list_long", "people")
    held: dict[str, int] = {}
    for portion in _portions(list(typed)):
        held |= _known(actor, portion)
    unknown = tuple(each for each in typed if each not in held)
    return Read(tuple(sorted(set(held.values()))), unknown)


def _portions(typed: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(typed), AT_ONCE):
        yield typed[start : start + AT_ONCE]


def _known(actor: Actor, numbers: Iterable[str]) -> dict[str, int]:
    """Present and former numbers of people for whom the actor acts, with whose they are."""
    wanted = list(numbers)
    present = select(Person.nip, Person.id, Unit.path).join(Unit, Unit.id == Person.unit_id)
    former = (
        select(FormerNip.nip, Person.id, Unit.path)
        .join(Person, Person.id == FormerNip.person_id)
        .join(Unit, Unit.id == Person.unit_id)
    )
    both = union(
        present.where(Person.nip.in_(wanted)), former.where(FormerNip.nip.in_(wanted))
    ).subquery()
    return {row.nip: row.id for row in rows(select(both)) if actor.acts_in(row.path)}
