"""What the events of learning elsewhere carry: numbers and dates, the words only as a digest."""

from __future__ import annotations

from typing import Any

from elearn.competency.frozen import digest_of
from elearn.competency.outside_models import OutsideLearning
from elearn.journal import chain


def body_of(row: OutsideLearning) -> dict[str, Any]:
    """The body of outside_learning_entered or, once a person submitted it, of the newest of
    outside_learning_submitted, with the JP that were approved."""
    return _submitted(row) if row.revision else _entered(row)


def _entered(row: OutsideLearning) -> dict[str, Any]:
    paper = {"paper": row.paper_digest} if row.paper_digest else {}
    return {**_facts(row), "entered_by": row.entered_by, **paper}


def _submitted(row: OutsideLearning) -> dict[str, Any]:
    return {
        **_facts(row),
        "submitted_by": row.entered_by,
        "revision": row.revision,
        "paper": row.paper_digest,
        "hours": row.hours,
        "sessions": row.sessions,
        "abroad": row.abroad,
    }


def words_digest(row: OutsideLearning) -> str:
    """The digest of the words of a certificate."""
    words = [row.title, row.number, row.organiser, row.letter_number]
    return digest_of(chain.canonical(words))


def _facts(row: OutsideLearning) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "jp": row.jp,
        "started_on": row.started_on.isoformat(),
        "ended_on": row.ended_on.isoformat(),
        "letter_on": row.letter_on.isoformat() if row.letter_on else "",
        "digest": words_digest(row),
    }


def decision_body(row: OutsideLearning) -> dict[str, Any]:
    """The body of what HR decided about a submission."""
    return {
        "id": row.id,
        "revision": row.revision,
        "decided_by": row.decided_by,
        "jp": row.jp,
        "digest": digest_of(row.decision_reason),
    }
