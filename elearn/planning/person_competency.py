"""One competency of one person: what is asked, held and supported, down to each evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from elearn import clock
from elearn.competency import evidence, framework, gaps, targets
from elearn.competency.evidence import Supported
from elearn.competency.framework import Described
from elearn.competency.gaps import Gap, Held, Support
from elearn.competency.models import AssessedLevel
from elearn.people.models import Person


@dataclass(frozen=True)
class PersonCompetency:
    """Where a person stands in a competency; ``target`` is what the position aimed at asks."""

    described: Described
    gap: Gap
    target: int | None
    evidence: Sequence[Supported]
    assessments: Sequence[AssessedLevel]


def of(person: Person, code: str) -> PersonCompetency:
    """The competency of a person, who is loaded with their position. Raises NotFound."""
    described = framework.described(code)
    row = evidence.held(person.id).get(code)
    supports = [item for item in evidence.of(person.id) if item.code == code]
    held = {code: Held(row.level, row.assessed_on)} if row else {}
    since = [Support(code, item.level, clock.day_of(item.at_ms)) for item in supports]
    asked = framework.requirements_of(person.position)
    found = gaps.of([code], asked, held, since)
    return PersonCompetency(
        described,
        found[0] if found else Gap(code, None, None, 0),
        framework.asked(*targets.of(person)).get(code),
        supports,
        [each for each in evidence.assessments(person.id) if each.code == code],
    )
