"""What events say of attempts, answers, marks and reflections, held against rows. Pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from elearn.learning import attested
from elearn.learning.events import (
    AttemptHandedIn,
    AttemptMarked,
    AttemptRegraded,
    AttemptStarted,
    Enrolled,
    EssayMarked,
    LearningEvent,
    MarkCorrected,
    ReflectionWritten,
    encode,
    kind_of,
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


ANSWERS = [["a", "c"], [sha("sepuluh")], [f"text:{sha('Uraian saya')}"], []]
EVENTS: tuple[LearningEvent, ...] = (
    Enrolled(5, 1, "v1", 1),
    AttemptStarted(5, "x", "ujian", 1, ["q1", "q2", "q3", "q4"]),
    AttemptHandedIn(5, "x", "ujian", 1, ANSWERS, [100, 0, -1, 0], "person", []),
    EssayMarked(5, "x", "ujian", 2, [2, 1], sha("Baik."), 9),
    AttemptMarked(5, "x", "ujian", 1, [100, 0, 75, 0], 437, passed=False),
    MarkCorrected(
        5, "x", "ujian", 1, 2, 2, [2, 2], sha("Lebih baik."), [100, 0, 100, 0], 500,
        passed=False, corrected_by=9, reason=sha("Butir kedua terpenuhi."),
    ),
    AttemptRegraded(
        5, "x", "ujian", 1, 3, "q2", "q2b", [100, 100, 100, 0], 750,
        passed=True, best_tenths=750, best_passed=True, regraded_by=9, reason=sha("Kunci keliru."),
    ),
    ReflectionWritten(5, "niat", sha("Niat saya."), 2),
)  # fmt: skip
ROWS: dict[str, dict[attested.Key, dict[str, Any]]] = {
    "attempt": {
        ("x",): {
            "enrolment_id": 5, "version": "v1", "quiz_key": "ujian", "number": 1,
            "drawn": ["q1", "q2", "q3", "q4"], "question_count": 4, "started_ms": 1,
            "state": "submitted", "submitted_ms": 2, "closed_by": "person",
            "points": [100, 100, 100, 0], "score_tenths": 750, "passed": True, "unmarked": 0,
        }
    },
    "essay_mark": {
        ("x", 2): {
            "points": [2, 2], "comment": "Lebih baik.", "marked_by": 9, "marked_ms": 5,
            "revision": 2,
        }
    },
    "mark_correction": {
        ("x", 2, 2): {
            "after_points": [2, 2], "after_comment": "Lebih baik.", "after_tenths": 500,
            "reason": "Butir kedua terpenuhi.", "corrected_by": 9, "corrected_ms": 5,
        }
    },
    "reflection_text": {
        (5, "niat"): {
            "text": "Niat saya.", "digest": sha("Niat saya."), "words": 2, "written_ms": 7,
        }
    },
}  # fmt: skip


def told(events: tuple[LearningEvent, ...] = EVENTS) -> attested.Told:
    stored = (
        {"kind": kind_of(event), "body": encode(event), "happened_ms": at}
        for at, event in enumerate(events)
    )
    return attested.told(stored)


def wrong(table: str, rows: dict[attested.Key, Any]) -> list[tuple[str, ...]]:
    found = attested.wrong(table, told().tables[table], rows)
    return [one.columns for one in found]


@pytest.mark.parametrize("table", ROWS)
def test_rows_that_are_as_events_say_are_right(table: str) -> None:
    assert wrong(table, ROWS[table]) == []


@pytest.mark.parametrize(
    ("table", "key", "column", "value"),
    [
        (table, key, column, value)
        for table, rows in ROWS.items()
        for key, row in rows.items()
        for column, value in row.items()
    ],
)
def test_every_column_is_held(table: str, key: attested.Key, column: str, value: Any) -> None:
    other = [f"{value[0]}?", *value[1:]] if isinstance(value, list) else f"{value}?"
    rows = ROWS[table] | {key: ROWS[table][key] | {column: other}}
    assert wrong(table, rows) == [(column,)]


@pytest.mark.parametrize(
    ("table", "key", "row", "expected"),
    [
        ("attempt", ("x",), None, [("unreadable",)]),
        ("attempt", ("y",), {}, [("unexplained",)]),
        ("essay_mark", ("x", 2), ROWS["essay_mark"]["x", 2] | {"comment": ""}, []),
        (
            "reflection_text",
            (5, "niat"),
            ROWS["reflection_text"][5, "niat"] | {"text": ""},
            [],
        ),
    ],
)
def test_erased_text_is_no_fault(
    table: str, key: attested.Key, row: Any, expected: list[tuple[str, ...]]
) -> None:
    assert wrong(table, ROWS[table] | {key: row}) == expected


@pytest.mark.parametrize(
    ("table", "key", "expected"),
    [
        ("attempt", ("x",), [("missing",)]),
        ("essay_mark", ("x", 2), [("missing",)]),
        ("reflection_text", (5, "niat"), []),
    ],
)
def test_a_row_that_is_gone(table: str, key: attested.Key, expected: list[tuple[str, ...]]) -> None:
    assert wrong(table, {k: row for k, row in ROWS[table].items() if k != key}) == expected


def test_what_an_essay_earned_is_open_until_the_result_is_told() -> None:
    wanted = told(EVENTS[:4]).tables["attempt"]
    row = ROWS["attempt"]["x",] | {"score_tenths": None, "passed": None}
    assert (
        list(attested.wrong("attempt", wanted, {("x",): row | {"points": [100, 0, 75, 0]}})) == []
    )
    assert list(attested.wrong("attempt", wanted, {("x",): row | {"points": [75, 0, 75, 0]}}))


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ({}, {}),
        ({0: ["c"]}, {0: "body"}),
        ({0: None}, {0: "missing"}),
        ({1: ["sebelas"]}, {1: "body"}),
        ({1: None}, {}),
        ({1: []}, {}),
        ({2: ["text:Uraian lain"]}, {2: "body"}),
        ({2: ["text:"]}, {}),
        ({3: []}, {}),
        ({3: "a"}, {3: "body"}),
        ({4: ["a"]}, {"4": "unexplained"}),
    ],
)
def test_answers_are_those_told(stored: dict[int, Any], expected: dict[Any, str]) -> None:
    answers = {0: ["a", "c"], 1: ["sepuluh"], 2: ["text:Uraian saya"]} | stored
    text = json.dumps({position: body for position, body in answers.items() if body is not None})
    found = attested.wrong_answers("x", told().answers["x"], text)
    assert {one.key[1]: one.columns[0] for one in found} == expected


def test_an_answer_that_is_no_json_is_told() -> None:
    (found,) = attested.wrong_answers("x", told().answers["x"], '{"0":["a",}')
    assert found.columns == ("unreadable",)
