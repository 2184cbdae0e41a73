"""Evidence supports a level; only an assessment sets one."""

from __future__ import annotations

from collections import namedtuple
from datetime import date, timedelta

import pytest
from flask import Flask

from elearn import clock
from elearn.competency import evidence
from elearn.competency.events import Source
from elearn.competency.evidence import Assessment
from elearn.database import transaction
from elearn.errors import Invalid, NotAllowed
from elearn.journal import chain
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People

Level = namedtuple("Level", ["code", "level"])
COURSE = Source("course", "1")
AT_MS = clock.start_of_year_ms(2026)


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def record(people: People, *items: Level, source: Source = COURSE) -> None:
    with transaction():
        evidence.record(people.ani, items, source, AT_MS)


def assess(people: People, **changes: object) -> int:
    values = {"code": "M.01", "level": 2, "assessed_on": date(2025, 3, 1), "source": "Asesmen 2025"}
    with transaction():
        return evidence.assess(people.citra, people.ani, Assessment(**(values | changes)))


def test_nobody_enters_a_level_of_their_own(people: People) -> None:
    own = Assessment("M.01", 2, date(2025, 3, 1), "Asesmen 2025")
    with pytest.raises(NotAllowed), transaction():
        evidence.assess(people.citra, people.citra, own)
    assert not evidence.assessments(people.citra)


def test_a_course_supports_each_of_its_competencies_once(people: People) -> None:
    for _ in range(2):
        record(people, Level("DIG.AMAN", 2), Level("M.01", 1))
    found = {(item.code, item.level, item.at_ms) for item in evidence.of(people.ani)}
    assert found == {("DIG.AMAN", 2, AT_MS), ("M.01", 1, AT_MS)}
    assert len(chain.events_of(people.ani)) == 2


def test_a_competency_named_twice_counts_at_its_highest_level(people: People) -> None:
    record(people, Level("M.01", 3), Level("M.01", 1))
    assert [item.level for item in evidence.of(people.ani)] == [3]


def test_two_sources_support_the_same_competency_apart(people: People) -> None:
    record(people, Level("M.01", 1))
    record(people, Level("M.01", 2), source=Source("workshop", "1"))
    assert len(evidence.of(people.ani)) == 2


def test_evidence_never_raises_the_level_held(people: People) -> None:
    record(people, Level("M.01", 5))
    assert evidence.held(people.ani) == {}


def test_the_newest_assessment_is_the_level_held(people: People) -> None:
    assess(people, level=3, assessed_on=date(2025, 3, 1))
    assess(people, level=2, assessed_on=date(2024, 3, 1))
    assert evidence.held(people.ani)["M.01"].level == 3
    assert [row.level for row in evidence.assessments(people.ani)] == [3, 2]


def test_an_assessment_is_in_the_journal_without_its_words(people: People) -> None:
    id_ = assess(people)
    (event,) = chain.events_of(people.ani)
    assert event["kind"] == "level_assessed"
    said = {"id": id_, "code": "M.01", "level": 2, "assessed_on": "2025-03-01"}
    assert event["body"].items() >= said.items()
    assert event["body"].keys() - said.keys() == {"entered_by", "digest"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "X.99"}, "code"),
        ({"level": 0}, "level"),
        ({"level": 6}, "level"),
        ({"assessed_on": clock.today() + timedelta(days=1)}, "assessed_on"),
        ({"source": " "}, "source"),
    ],
)
def test_a_wrong_assessment_is_refused_beside_its_field(people: People, change, field) -> None:
    with pytest.raises(Invalid) as refused:
        assess(people, **change)
    assert refused.value.field == field
    assert chain.events_of(people.ani) == []


def test_one_competency_is_assessed_once_a_day(people: People) -> None:
    assess(people)
    with pytest.raises(Invalid) as refused:
        assess(people, level=4)
    assert refused.value.field == "assessed_on"
