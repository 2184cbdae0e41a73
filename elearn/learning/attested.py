"""What a person's events say of the rows beside them: attempts, answers, marks, reflections. Pure.

Free text may be erased later: a row of it that is gone or empty is no fault, one that reads
otherwise is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from elearn.learning import answers
from elearn.learning.grading import UNMARKED

Body = Mapping[str, Any]
Row = Mapping[str, Any]
Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]
# What each question earned, where the mark of an essay is told by its criteria only.
_UNTOLD = None
_SEPARATOR = ":"
_ANSWER = "attempt_answer"
_MAY_BE_GONE = {"reflection_text"}


class Wrong(NamedTuple):
    """A row, by table and key, with the columns that are not what events say.

    In their place "missing", "unexplained" or "unreadable" for a row as a whole.
    """

    table: str
    key: Key
    columns: tuple[str, ...]


@dataclass
class Told:
    """Rows by table and key, each with the columns that events tell of."""

    tables: dict[str, Rows] = field(default_factory=dict)
    # The answers that were handed in, by attempt.
    answers: dict[str, list[list[str]]] = field(default_factory=dict)
    # The version each enrolment is in, by its digest.
    versions: dict[int, str] = field(default_factory=dict)

    def row(self, table: str, *key: Any) -> dict[str, Any]:
        return self.tables.setdefault(table, {}).setdefault(key, {})


def told(events: Iterable[Row]) -> Told:
    """What the events of one person, in their order, say of those rows."""
    found = Told()
    for event in events:
        if tell := _TELL.get(event["kind"]):
            tell(found, event["body"], event["happened_ms"])
    return found


def _entered(found: Told, body: Body, _at_ms: int) -> None:
    found.versions[body["enrolment"]] = body["version"]


def _started(found: Told, body: Body, at_ms: int) -> None:
    found.row("attempt", body["attempt"]).update(
        enrolment_id=body["enrolment"],
        version=found.versions.get(body["enrolment"]),
        quiz_key=body["quiz"],
        number=body["number"],
        drawn=body["questions"],
        question_count=len(body["questions"]),
        started_ms=at_ms,
        state="open",
        **_result([], None, passed=None),
        submitted_ms=None,
        closed_by="",
    )


def _result(points: list[int], tenths: int | None, *, passed: bool | None) -> dict[str, Any]:
    waiting = points.count(UNMARKED)
    return {"points": points, "score_tenths": tenths, "passed": passed, "unmarked": waiting}


def _handed_in(found: Told, body: Body, at_ms: int) -> None:
    found.row("attempt", body["attempt"]).update(
        state="submitted",
        submitted_ms=at_ms,
        closed_by=body["closed_by"],
        **_result(body["points"], body.get("score_tenths"), passed=body.get("passed")),
    )
    found.answers[body["attempt"]] = body["answers"]


def _regraded(found: Told, body: Body, _at_ms: int) -> None:
    result = _result(body["points"], body["score_tenths"], passed=body["passed"])
    found.row("attempt", body["attempt"]).update(result)


def _marked(found: Told, body: Body, at_ms: int) -> None:
    attempt = found.row("attempt", body["attempt"])
    points = list(attempt["points"])
    points[body["position"]] = _UNTOLD
    attempt.update(points=points, unmarked=points.count(UNMARKED))
    _mark(found, body, by=body["marked_by"], at_ms=at_ms, revision=1)


def _mark(found: Told, body: Body, *, by: int, at_ms: int, revision: int) -> None:
    found.row("essay_mark", body["attempt"], body["position"]).update(
        points=body["points"],
        comment=Digest(body["comment"]),
        marked_by=by,
        marked_ms=at_ms,
        revision=revision,
    )


def _corrected(found: Told, body: Body, at_ms: int) -> None:
    tenths = body["score_tenths"]
    result = _result(body["hundredths"], tenths, passed=None if tenths is None else body["passed"])
    attempt = found.row("attempt", body["attempt"])
    attempt.update(result)
    _mark(found, body, by=body["corrected_by"], at_ms=at_ms, revision=body["revision"])
    found.row("mark_correction", body["attempt"], body["position"], body["revision"]).update(
        after_points=body["points"],
        after_comment=Digest(body["comment"]),
        after_tenths=tenths,
        reason=Digest(body["reason"]),
        corrected_by=body["corrected_by"],
        corrected_ms=at_ms,
    )


def _reflected(found: Told, body: Body, at_ms: int) -> None:
    found.row("reflection_text", body["enrolment"], body["reflection"]).update(
        text=Digest(body["digest"]), digest=body["digest"], words=body["words"], written_ms=at_ms
    )


_TELL: dict[str, Callable[[Told, Body, int], None]] = {
    "enrolled": _entered,
    "version_moved": _entered,
    "attempt_started": _started,
    "attempt_submitted": _handed_in,
    "attempt_handed_in": _handed_in,
    "attempt_marked": _regraded,
    "attempt_regraded": _regraded,
    "essay_marked": _marked,
    "mark_corrected": _corrected,
    "reflection_written": _reflected,
}


class Digest(NamedTuple):
    """The SHA-256 of a text that stands in a row; the text may have been erased."""

    sha256: str

    def agrees(self, text: str) -> bool:
        return not text or _sha256(text) == self.sha256


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def wrong(table: str, expected: Rows, stored: Mapping[Key, Row | None]) -> Iterator[Wrong]:
    """Where the rows of a table are not what events say; None stands for one that is unreadable."""
    for key, want in expected.items():
        if key not in stored:
            if table not in _MAY_BE_GONE:
                yield Wrong(table, key, ("missing",))
        elif columns := _differing(want, stored[key]):
            yield Wrong(table, key, tuple(columns))
    yield from (Wrong(table, key, ("unexplained",)) for key in stored.keys() - expected.keys())


def _differing(want: Row, row: Row | None) -> list[str]:
    if row is None:
        return ["unreadable"]
    return [
        name for name, value in want.items() if row[name] != value and not _agrees(value, row[name])
    ]


def _agrees(want: Any, have: Any) -> bool:
    """Whether what is not equal to what was told is what was told all the same."""
    if isinstance(want, Digest):
        return want.agrees(have)
    return isinstance(want, list) and isinstance(have, list) and _alike(want, have)


def _alike(want: list[Any], have: list[Any]) -> bool:
    return len(want) == len(have) and all(
        w is _UNTOLD or w == h for w, h in zip(want, have, strict=True)
    )


def wrong_answers(attempt: str, answers: Sequence[list[str]], stored: str) -> Iterator[Wrong]:
    """Where the stored answers of an attempt, as a JSON object by position, are not those told.

    An unanswered question has no row, and free text may have been erased.
    """
    try:
        rows = json.loads(stored)
    except ValueError:
        yield Wrong(_ANSWER, (attempt,), ("unreadable",))
        return
    for position, want in enumerate(answers):
        have = rows.pop(str(position), None)
        if have is None:
            if not all(map(_is_of_text, want)):
                yield Wrong(_ANSWER, (attempt, position), ("missing",))
        elif have != want and not _is_answer(want, have):
            yield Wrong(_ANSWER, (attempt, position), ("body",))
    yield from (Wrong(_ANSWER, (attempt, position), ("unexplained",)) for position in rows)


def _is_of_text(part: str) -> bool:
    digest = part.rpartition(_SEPARATOR)[2]
    return len(digest) == 64 and all(sign in "0123456789abcdef" for sign in digest)


def _is_answer(want: list[str], have: Any) -> bool:
    """Whether a stored answer is the one told by the digests of what was typed."""
    if not isinstance(have, list) or not all(isinstance(text, str) for text in have):
        return False
    parts = answers.parts_of(have)
    typed = [_sha256(text) for text in have if text]
    filled = [f"{part}{_SEPARATOR}{_sha256(text)}" for part, text in parts.items()]
    return want in (typed, filled) or (all(map(_is_of_text, want)) and _is_erased(want, have))


def _is_erased(want: list[str], have: list[str]) -> bool:
    """Whether nothing is left of what was typed but the names of its parts."""
    names = {told.rpartition(_SEPARATOR)[0] + _SEPARATOR for told in want}
    return all(not text or text in names for text in have)
