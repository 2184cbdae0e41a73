"""Files of a working copy under new names, by revisions: nothing of another is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from elearn.content.draft_models import Act, DraftFile, DraftRevision
from elearn.content.drafts import NAME, Change, lock, name_of, newest, note_deleted, save
from elearn.database import db
from elearn.errors import Conflict, NotFound
from elearn.people.models import Person

Seen = Mapping[str, int]


class Gone(NamedTuple):
    """What became of a file that is no more: where it went, "" when it was deleted, and by whom."""

    number: int
    other_path: str
    saved_ms: int
    saved_by: str


def apply(
    course_id: int, moves: Mapping[str, str], contents: Mapping[str, bytes], seen: Seen, person: int
) -> None:
    """Let files have new paths. ``contents`` is what each file then holds, by its new path.

    Files that only changed are saved; ``seen`` are the revisions all of it is based on. Raises
    Conflict("exists") for a path that is taken, Conflict("moved") when somebody saved meanwhile.
    """
    session = db.session()
    taken = set(moves.values()) & (seen.keys() - moves.keys())
    if taken or len(set(moves.values())) < len(moves):
        raise Conflict("exists")
    for old, new in moves.items():
        _leave(session, course_id, old, (new, seen[old]), person)
    origins = {new: old for old, new in moves.items()}
    for path, content in contents.items():
        origin = origins.get(path, "")
        based_on = seen[path] if path in seen and not origin else _number(session, course_id, path)
        save(course_id, Change(path, content, based_on, Act.SAVED, origin), person)


def _leave(
    session: Session, course_id: int, old: str, new: tuple[str, int], person_id: int
) -> None:
    held = lock(session, course_id, old)
    if held is None or not held.digest or held.number != new[1]:
        raise Conflict("moved")
    note_deleted(session, held, person_id, new[0])


def _number(session: Session, course_id: int, path: str) -> int:
    held = lock(session, course_id, path)
    return held.number if held else 0


def gone(course_id: int, path: str) -> Gone:
    """What became of a file. Raises NotFound where there never was one, or it is still there."""
    wanted = (
        select(DraftRevision, *NAME)
        .join(DraftFile, newest())
        .outerjoin(Person, Person.id == DraftRevision.person_id)
        .where(DraftFile.course_id == course_id, DraftFile.path == path, DraftFile.digest == "")
    )
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    held: DraftRevision = row[0]
    return Gone(held.number, held.other_path, held.saved_ms, name_of(row))


def now_at(course_id: int, path: str) -> str:
    """The path that a moved file has now. Raises NotFound for one that is no more."""
    passed: set[str] = set()
    while path not in passed:
        passed.add(path)
        held = select(DraftFile.digest).where(
            DraftFile.course_id == course_id, DraftFile.path == path
        )
        if db.session.scalar(held):
            return path
        path = gone(course_id, path).other_path
    raise NotFound


def deleted(course_id: int) -> list[str]:
    """The paths of files that were deleted and not moved, for their history."""
    wanted = (
        select(DraftFile.path)
        .join(DraftRevision, newest())
        .where(
            DraftFile.course_id == course_id,
            DraftFile.digest == "",
            DraftRevision.other_path == "",
        )
        .order_by(DraftFile.path)
    )
    return list(db.session.scalars(wanted))
