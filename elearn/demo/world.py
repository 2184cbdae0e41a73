"""What the steps of the demo know of each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from elearn.content.course import Question
from elearn.demo import members
from elearn.demo.calendar import Calendar
from elearn.demo.editions import Editions
from elearn.demo.population import Resident
from elearn.people.actors import Actor
from elearn.people.models import Status


@dataclass(frozen=True)
class Step:
    """Something that happens at a moment."""

    at_ms: int
    do: Callable[[], None]


@dataclass(frozen=True)
class Secrets:
    """Hashes made before any lock is held: of the one phrase, and of the one-time code."""

    phrase: str
    code: str


@dataclass
class World:
    """What the steps know of each other.

    ``truths`` are the questions of each course with their right keys; ``people`` and ``units`` ids
    by NIP and by key; ``actors`` those who act for HR.
    """

    calendar: Calendar
    residents: dict[str, Resident]
    editions: Editions
    truths: dict[str, dict[str, Question]]
    secrets: Secrets
    people: dict[str, int] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def deputy(self) -> str:
        """Who checks what the head of BKPSDM learns elsewhere: nobody checks their own."""
        colleagues = [
            person.nip
            for person in self.residents.values()
            if person.office == "bkpsdm"
            and person.status is Status.PNS
            and person.nip != members.SYAMSUL
        ]
        return min(colleagues, key=lambda nip: (nip in members.BY_NIP, nip))

    def checker_of(self, nip: str) -> Actor:
        """Who acts for HR in what concerns a person."""
        if nip == members.SYAMSUL:
            return self.actors[self.deputy]
        is_health = self.residents[nip].office == "dinkes" and nip != members.CITRA
        return self.actors[members.CITRA if is_health else members.SYAMSUL]
