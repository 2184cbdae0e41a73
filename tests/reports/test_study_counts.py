"""What the events of one person add to the counters, as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from elearn import clock
from elearn.reports.study_counts import Cell, Counts, difference, of_person

NURSE, TEACHER = "jf_terampil", "jf_pertama"


def at(month: int, day: int = 5) -> int:
    return clock.start_of_day_ms(date(2026, month, day))


def event(kind: str, month: int, **body: Any) -> dict[str, Any]:
    return {"kind": kind, "happened_ms": at(month), "body": {"enrolment": 7, **body}}


def entered(month: int, **more: Any) -> dict[str, Any]:
    return event("enrolled", month, **{"course": 3, "unit": 4, "position_class": NURSE, **more})


def completed(month: int, unit: int = 4, post: str = NURSE) -> dict[str, Any]:
    return event("course_completed", month, unit=unit, position_class=post)


MARCH, APRIL = Cell(4, NURSE, 202603, 3), Cell(4, NURSE, 202604, 3)
ALL_MARCH, ALL_APRIL = Cell(4, NURSE, 202603, 0), Cell(4, NURSE, 202604, 0)
LESSON = event("lesson_completed", 4, lesson="a", digest="d")
HANDED_IN = event("attempt_submitted", 4, quiz="akhir")
PRETEST = event("attempt_submitted", 4, quiz="_pretest")
ISSUED = event(
    "certificate_issued", 4, id="c", unit_id=4, source_kind="course", source_id="7"
)  # fmt: skip
CASES = {
    "nothing": ([], {}),
    "only entered": (
        [entered(3)],
        {MARCH: Counts(enrolled=1, learners=1), ALL_MARCH: Counts(learners=1)},
    ),
    "a lesson a month later is one of those who entered": (
        [entered(3), LESSON],
        {
            MARCH: Counts(enrolled=1, begun=1, learners=1),
            ALL_MARCH: Counts(learners=1),
            APRIL: Counts(lessons=1, learners=1),
            ALL_APRIL: Counts(learners=1),
        },
    ),
    "the pretest is no try": (
        [entered(4), PRETEST],
        {APRIL: Counts(enrolled=1, learners=1), ALL_APRIL: Counts(learners=1)},
    ),
    "all of it in a month": (
        [entered(4), LESSON, LESSON, HANDED_IN, HANDED_IN, completed(4), ISSUED],
        {
            APRIL: Counts(1, 1, 1, 1, 2, 2, 1, 1, 1),
            ALL_APRIL: Counts(learners=1),
        },
    ),
    "a completion stays with the unit and class of its day": (
        [entered(4), completed(4, 9, TEACHER)],
        {
            APRIL: Counts(enrolled=1, finished=1, learners=1),
            ALL_APRIL: Counts(learners=1),
            Cell(9, TEACHER, 202604, 3): Counts(completed=1),
        },
    ),
    "older events are placed by their completion": (
        [entered(4, unit=0, position_class=""), completed(4)],
        {APRIL: Counts(enrolled=1, finished=1, completed=1, learners=1),
         ALL_APRIL: Counts(learners=1)},
    ),
    "and nowhere until then": ([entered(4, unit=0), LESSON], {}),
    "two rounds are one learner": (
        [entered(4), completed(4), entered(4, enrolment=8)],
        {APRIL: Counts(enrolled=2, finished=1, completed=1, learners=1),
         ALL_APRIL: Counts(learners=1)},
    ),
    "a certificate counts when it got its number": (
        [entered(4), {**ISSUED, "kind": "certificate_prepared", "happened_ms": at(3)}, ISSUED],
        {APRIL: Counts(enrolled=1, learners=1), ALL_APRIL: Counts(learners=1),
         Cell(4, "", 202604, 3): Counts(certificates=1)},
    ),
    "another slice's events": ([event("level_assessed", 4)], {}),
    "what cannot be read counts for nothing": ([entered(4), {**LESSON, "body": 1}], {}),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_events_add(case: str) -> None:
    events, expected = CASES[case]
    assert of_person(events) == expected


def test_a_month_begins_at_midnight_in_jambi() -> None:
    before = {**entered(4), "happened_ms": at(4, 1) - 1}
    assert {cell.month for cell in of_person([before])} == {202603}
    assert {cell.month for cell in of_person([entered(4) | {"happened_ms": at(4, 1)}])} == {202604}


def test_a_difference_names_only_what_changed() -> None:
    before, after = of_person([entered(3)]), of_person([entered(3), LESSON])
    assert difference(after, before) == {
        MARCH: Counts(begun=1),
        APRIL: Counts(lessons=1, learners=1),
        ALL_APRIL: Counts(learners=1),
    }
    assert difference(after, after) == {}
