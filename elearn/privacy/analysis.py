"""Data for analysis: completions, attempts and answers under pseudonyms, of the whole agency.

Such a file is still personal data (UU 27/2022 art. 1): it is taken for a purpose, which the audit
log keeps. It has no filters, so that two files cannot be told apart by one person.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from elearn import clock, signing
from elearn.content import catalogue
from elearn.content.course import Shape
from elearn.content.models import Course, CourseVersion
from elearn.errors import Conflict
from elearn.learning import attempts
from elearn.learning.models import Attempt, AttemptState, Completion, Enrolment
from elearn.people import nip, units
from elearn.people.models import Person, Unit
from elearn.privacy import pseudonyms
from elearn.privacy.pseudonyms import FEWEST, Traits
from elearn.reports import branch
from elearn.reports.branch import AnyRow, Query
from elearn.reports.export import Cell, Sheet

KEPT_KEY = "analysis"
PORTION = 500
BORN = slice(0, 4)
SEXES = {nip.Sex.MALE: "L", nip.Sex.FEMALE: "P"}
SEX_DIGIT, MALE = 14, "1"
# What was picked is told by its keys; what was typed is not told.
_PICKED = frozenset(
    {Shape.SINGLE, Shape.MULTIPLE, Shape.TRUE_FALSE, Shape.MATCHING, Shape.ORDERING}
)


class Subject(StrEnum):
    """What a file tells of."""

    COMPLETIONS = "completions"
    ATTEMPTS = "attempts"
    ANSWERS = "answers"


@dataclass(frozen=True)
class Who:
    """The people of a file under their other names, as much as is told of them."""

    key: bytes
    traits: Mapping[int, Traits]

    def cells(self, person_id: int) -> tuple[Cell, ...]:
        return (pseudonyms.pseudonym(self.key, person_id), *self.traits[person_id])


def sheet(subject: Subject, *, linked: bool) -> Sheet:
    """A file for analysis. Names of a ``linked`` one are the same in the next linked one.

    Raises Conflict("too_few") where fewer than five people would be in it.
    """
    source = _SOURCES[subject]
    who = Who(_key(linked=linked), pseudonyms.coarsened(_traits(source.people())))
    if not who.traits:
        raise Conflict("too_few")
    header = [_("Samaran"), _("Unit"), _("Lahir"), _("Jenis kelamin"), _("Status")]
    return Sheet(f"analisis-{subject}", [*header, *source.header()], source.rows(who))


def _key(*, linked: bool) -> bytes:
    return signing.ring().secret(KEPT_KEY) if linked else secrets.token_bytes(32)


def _traits(people: Query) -> dict[int, Traits]:
    """What could be told of those whose ids a query finds; two statements."""
    names = {node.id: node.name for node in units.tree()}
    wanted = (
        select(Person.id, Person.nip, Person.status, Unit.path)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Person.id.in_(people))
    )
    return {row.id: _of(row, names) for row in branch.read(wanted)}


def _of(row: AnyRow, names: Mapping[int, str]) -> Traits:
    """The office below the government, the decade of birth, the sex and the status."""
    path = units.path_ids(row.path)
    office = names[path[min(1, len(path) - 1)]]
    sex = SEXES[nip.Sex.MALE if row.nip[SEX_DIGIT] == MALE else nip.Sex.FEMALE]
    return Traits(office, pseudonyms.band(int(row.nip[BORN])), sex, row.status)


# --- completions ---------------------------------------------------------------------------------


def _common_courses(counted: Any) -> Any:
    """The courses that five people or more stand in; the rest would single them out."""
    several = func.count(counted.person_id.distinct()) >= FEWEST
    return select(counted.course_id).group_by(counted.course_id).having(several)


def _completed() -> Query:
    common = _common_courses(Completion)
    return select(Completion.person_id).where(Completion.course_id.in_(common))


def _completion_header() -> list[str]:
    return [_("Kursus"), _("Versi"), _("Bulan lulus"), _("Nilai"), _("JP")]


def _completion_rows(who: Who) -> Iterator[Sequence[Cell]]:
    wanted = (
        select(
            Completion.person_id,
            Course.slug,
            CourseVersion.number,
            Completion.completed_ms,
            Completion.score_tenths,
            Completion.jp,
        )
        .join(Course, Course.id == Completion.course_id)
        .join(CourseVersion, CourseVersion.id == Completion.version_id)
        .where(Completion.course_id.in_(_common_courses(Completion)))
        .order_by(Course.slug, Completion.score_tenths, Completion.enrolment_id)
    )
    for row in branch.stream(wanted):
        if row.person_id in who.traits:
            score = row.score_tenths / 10
            month = _month(row.completed_ms)
            yield (*who.cells(row.person_id), row.slug, row.number, month, score, row.jp)


def _month(moment_ms: int) -> str:
    return f"{clock.day_of(moment_ms):%Y-%m}"


# --- attempts ------------------------------------------------------------------------------------


def _handed_in() -> list[Any]:
    common = _common_courses(Enrolment)
    return [Attempt.state == AttemptState.SUBMITTED, Enrolment.course_id.in_(common)]


def _attempted() -> Query:
    entered = Enrolment.id == Attempt.enrolment_id
    return select(Attempt.person_id).join(Enrolment, entered).where(*_handed_in())


def _attempt_header() -> list[str]:
    return [
        _("Kursus"),
        _("Versi"),
        _("Kuis"),
        _("Kesempatan"),
        _("Bulan"),
        _("Menit"),
        _("Nilai"),
        _("Lulus"),
    ]


def _attempt_query() -> Query:
    return (
        select(
            Attempt.id,
            Attempt.person_id,
            Course.slug,
            CourseVersion.number.label("version"),
            Attempt.quiz_key,
            Attempt.number,
            Attempt.started_ms,
            Attempt.submitted_ms,
            Attempt.score_tenths,
            Attempt.passed,
            Attempt.questions,
            Attempt.points,
        )
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(CourseVersion, CourseVersion.id == Attempt.version_id)
        .where(*_handed_in())
        .order_by(Course.slug, Attempt.quiz_key, Attempt.id)  # whose ids are random
    )


def _attempt_rows(who: Who) -> Iterator[Sequence[Cell]]:
    for row in branch.stream(_attempt_query()):
        if row.person_id in who.traits:
            yield (
                *who.cells(row.person_id),
                *(row.slug, row.version, row.quiz_key, row.number),
                _month(row.started_ms),
                round((row.submitted_ms - row.started_ms) / 60_000),
                None if row.score_tenths is None else row.score_tenths / 10,
                {True: "1", False: "0", None: ""}[row.passed],
            )


# --- answers -------------------------------------------------------------------------------------


def _answer_header() -> list[str]:
    return [
        *_attempt_header()[:4],
        _("Soal"),
        _("Naskah soal"),
        _("Urutan"),
        _("Pilihan"),
        _("Dijawab"),
        _("Nilai soal dari 100"),
    ]


def _answer_rows(who: Who) -> Iterator[Sequence[Cell]]:
    asked = Asked()
    found = (row for row in branch.stream(_attempt_query()) if row.person_id in who.traits)
    while portion := list(islice(found, PORTION)):
        given = attempts.answers_of_all([row.id for row in portion])
        for row in portion:
            cells = (*who.cells(row.person_id), row.slug, row.version, row.quiz_key, row.number)
            yield from ((*cells, *answer) for answer in _answers_of(row, given, asked))


def _answers_of(
    row: AnyRow, answers: Mapping[str, Mapping[int, list[str]]], asked: Asked
) -> Iterator[Sequence[Cell]]:
    points, given = json.loads(row.points), answers.get(row.id, {})
    for position, (digest, _order) in enumerate(json.loads(row.questions)):
        id, shape = asked[digest]
        answer = [text for text in given.get(position, []) if text.strip()]
        yield (
            id,
            digest[: pseudonyms.PSEUDONYM_LENGTH],
            position + 1,
            "|".join(sorted(answer)) if shape in _PICKED else "",
            "1" if answer else "0",
            points[position] if position < len(points) and points[position] >= 0 else None,
        )


class Asked(dict[str, tuple[str, Shape]]):
    """The id and the shape of question versions by digest, each read once."""

    def __missing__(self, digest: str) -> tuple[str, Shape]:
        question = catalogue.questions([digest])[0]
        self[digest] = question.id, question.shape
        return self[digest]


@dataclass(frozen=True)
class _Source:
    """Whom a file tells of, under which heads, in which rows."""

    people: Callable[[], Query]
    header: Callable[[], list[str]]
    rows: Callable[[Who], Iterator[Sequence[Cell]]]


_SOURCES = {
    Subject.COMPLETIONS: _Source(_completed, _completion_header, _completion_rows),
    Subject.ATTEMPTS: _Source(_attempted, _attempt_header, _attempt_rows),
    Subject.ANSWERS: _Source(_attempted, _answer_header, _answer_rows),
}
