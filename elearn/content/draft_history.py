"""Revisions of a draft's file: who saved when, what differs, bring one back, who else is here."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from elearn import clock, files
from elearn.content.draft_models import Act, DraftFile, DraftRevision, DraftVisit
from elearn.content.drafts import Change, File, name_of, save
from elearn.database import db, insert_new
from elearn.errors import NotFound
from elearn.people.models import Person

SHOWN = 100
AROUND = 3
HERE_MS = 2 * 60_000


class Revision(NamedTuple):
    """A line of the history."""

    number: int
    act: Act
    saved_ms: int
    saved_by: str
    other_path: str = ""


class Row(NamedTuple):
    """A line of a difference: ``mark`` is "+", "-", " " or "@" between distant places."""

    mark: str
    text: str


_NAME = (Person.degrees_before, Person.name, Person.degrees_after)


def of(course_id: int, path: str) -> list[Revision]:
    """The newest revisions of a file, the newest first; one statement. Raises NotFound."""
    wanted = (
        select(
            DraftRevision.number,
            DraftRevision.act,
            DraftRevision.saved_ms,
            DraftRevision.other_path,
            *_NAME,
        )
        .outerjoin(Person, Person.id == DraftRevision.person_id)
        .where(DraftRevision.course_id == course_id, DraftRevision.path == path)
        .order_by(DraftRevision.number.desc())
        .limit(SHOWN)
    )
    rows = db.session.execute(wanted).all()
    if not rows:
        raise NotFound
    return [
        Revision(row.number, Act(row.act), row.saved_ms, name_of(row), row.other_path)
        for row in rows
    ]


def at(course_id: int, path: str, number: int) -> File:
    """A file as it was after a revision; a deleted one is empty. Raises NotFound."""
    wanted = (
        select(DraftRevision, files.Blob.content.label("blob"), *_NAME)
        .outerjoin(files.Blob, files.Blob.digest == DraftRevision.digest)
        .outerjoin(Person, Person.id == DraftRevision.person_id)
        .where(
            DraftRevision.course_id == course_id,
            DraftRevision.path == path,
            DraftRevision.number == number,
        )
    )
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    held: DraftRevision = row[0]
    content = held.content if held.content is not None else row.blob or b""
    return File(path, number, content, held.person_id, held.saved_ms, name_of(row))


def bring_back(course_id: int, path: str, number: int, based_on: int, person_id: int) -> int:
    """Let a file be again what it was; a new revision. Raises NotFound, Conflict("moved")."""
    old = at(course_id, path, number)
    change = Change(path, old.content, based_on, Act.RESTORED)
    return save(course_id, change, person_id)


def settled(course_id: int) -> dict[str, bytes]:
    """What the files said that have only been typed into since: by path; one statement."""
    head, typed = aliased(DraftRevision), aliased(DraftRevision)
    last = (
        select(func.max(DraftRevision.number))
        .where(
            DraftRevision.course_id == DraftFile.course_id,
            DraftRevision.path == DraftFile.path,
            DraftRevision.act != Act.AUTOSAVED,
        )
        .correlate(DraftFile)
        .scalar_subquery()
    )
    wanted = (
        select(head.path, head.content)
        .join(DraftFile, and_(head.course_id == DraftFile.course_id, head.path == DraftFile.path))
        .join(typed, and_(typed.course_id == head.course_id, typed.path == head.path,
                          typed.number == DraftFile.number, typed.act == Act.AUTOSAVED))
        .where(DraftFile.course_id == course_id, head.number == last)
    )  # fmt: skip
    return {row.path: row.content or b"" for row in db.session.execute(wanted)}


def difference(old: str, new: str) -> list[Row]:
    """How a text became another, with a few lines around each place. Pure."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=AROUND)
    return list(_rows(lines))


def _rows(lines: Iterator[str]) -> Iterator[Row]:
    for index, line in enumerate(lines):
        if index < 2:  # the names of the two files
            continue
        if not line.startswith("@@"):
            yield Row(line[0], line[1:])
        elif index > 2:
            yield Row("@", "")


def visit(course_id: int, path: str, person_id: int) -> list[str]:
    """Note that a person has a file open; the names of the others who have it open now."""
    session = db.session()
    now = clock.now_ms()
    key = {"course_id": course_id, "path": path, "person_id": person_id}
    if not insert_new(DraftVisit, [{**key, "seen_ms": now}]):
        row = session.get(DraftVisit, (course_id, path, person_id))
        if row:
            row.seen_ms = now
            session.flush()
    others = (
        select(*_NAME)
        .join(DraftVisit, DraftVisit.person_id == Person.id)
        .where(
            DraftVisit.course_id == course_id,
            DraftVisit.path == path,
            DraftVisit.person_id != person_id,
            DraftVisit.seen_ms > now - HERE_MS,
        )
        .order_by(Person.sort_name)
    )
    return [name_of(row) for row in session.execute(others)]
