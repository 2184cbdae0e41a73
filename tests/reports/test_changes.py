"""Riwayat perubahan: corrections and withdrawals in a record with who, why and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from elearn.competency import outside
from elearn.competency.outside_models import OutsideLearning
from elearn.content.models import QuestionVersion
from elearn.database import db, transaction
from elearn.journal import chain
from elearn.journal.chain import Fact
from elearn.learning.models import Attempt, EssayMark, MarkCorrection, Regrade
from elearn.people import actors
from elearn.people.models import Person
from elearn.reports import changes
from tests.people_cast import Cast, token_of
from tests.reports.school import NOW_MS, learns_elsewhere, page_of, passes

WHY = "Kunci soal tertukar pada naskah ini."


def actor_of(person: Person) -> actors.Actor:
    found = actors.load(token_of(person), NOW_MS)
    assert found is not None
    return found


def tell(person: Person, kind: str, body: dict[str, Any], at_ms: int) -> None:
    with transaction() as session:
        chain.append(session, person.id, [Fact(f"{kind}:{at_ms}", kind, body, at_ms)], at_ms)


def test_a_record_without_changes_says_so(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani)
    assert changes.of(cast.ani.id) == []
    assert "Belum ada yang diperbaiki atau ditarik" in page_of(app, cast.ani, "/record")


def test_each_change_tells_who_why_and_when(app: Flask, cast: Cast, course_id: int) -> None:
    passes(cast.ani)
    learns_elsewhere(cast.citra, cast.ani, 20, date(2026, 3, 2))
    entry = db.session.scalars(select(OutsideLearning)).one()
    with transaction():
        outside.withdraw(actor_of(cast.citra), entry.id, "Sertifikat milik orang lain")
    attempt_id = db.session.scalars(select(Attempt.id)).one()
    question, mended = db.session.scalars(select(QuestionVersion.digest).limit(2)).all()
    with transaction() as session:
        regrade = Regrade(
            course_id=course_id,
            question=question,
            mended=mended,
            never_worse=True,
            reason=WHY,
            asked_by=cast.budi.id,
            asked_ms=NOW_MS,
        )
        mark = {"attempt_id": attempt_id, "position": 0}
        given = {"points": "[1]", "comment": "", "marked_by": cast.budi.id, "marked_ms": NOW_MS}
        session.add_all([regrade, EssayMark(**mark, **given)])
        session.flush()
        session.add(
            MarkCorrection(
                **mark,
                revision=2,
                before_points="[1]",
                after_points="[3]",
                before_comment="",
                after_comment="",
                before_tenths=None,
                after_tenths=None,
                reason="Butir kedua terlewat dibaca",
                corrected_by=cast.budi.id,
                corrected_ms=NOW_MS,
            )
        )
    by = cast.budi.id
    body = {"attempt": attempt_id, "regrade": regrade.id, "regraded_by": by}
    tell(cast.ani, "attempt_regraded", body, NOW_MS + 1)
    body = {"attempt": attempt_id, "position": 0, "revision": 2, "corrected_by": by}
    tell(cast.ani, "mark_corrected", body, NOW_MS + 2)
    found = changes.of(cast.ani.id)
    assert [(change.kind, change.by, change.reason) for change in found] == [
        ("mark_corrected", cast.budi.full_name, "Butir kedua terlewat dibaca"),
        ("attempt_regraded", cast.budi.full_name, WHY),
        ("outside_learning_withdrawn", cast.citra.full_name, "Sertifikat milik orang lain"),
    ]
    assert found[0].title.startswith("Keamanan informasi – ")
    assert found[2].title == entry.title
    page = page_of(app, cast.citra, f"/hr/people/{cast.ani.id}")
    for words in ("Riwayat perubahan", "Nilai kuis dihitung ulang", WHY, cast.budi.full_name):
        assert words in page


def test_every_kind_of_change_has_a_word(app: Flask) -> None:
    module: Any = app.jinja_env.get_template("reports/_changes.html").module
    for kind in changes.TOLD:
        assert str(module.word(kind)) != kind
