"""An instructor's working copy: files by revision; what another has saved is never overwritten."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session, aliased

from elearn import clock, files
from elearn.content.assets import media_type_of
from elearn.content.course import Asset
from elearn.content.draft_models import Act, DraftFile, DraftRevision
from elearn.content.models import Course, CourseState, CourseTeacher, CourseVersion, TeacherRole
from elearn.content.reader import Source
from elearn.content.teachers import AUTHORS
from elearn.database import db, insert_new
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people.models import Person, full_name

ANY_FILE = "application/octet-stream"
ABOUT = "course.md"
TITLE = re.compile(r"^(?:judul|title):[ \t]*(\S.*)$", re.MULTILINE)
# Saves that a script makes while somebody types become one revision for so long.
TYPING_MS = 10 * 60_000


class Draft(NamedTuple):
    """A course whose working copy a person may change."""

    course_id: int
    slug: str
    title: str
    state: CourseState


class Entry(NamedTuple):
    """A file in the tree of a working copy."""

    path: str
    number: int
    digest: str
    saved_ms: int
    saved_by: str

    @property
    def is_text(self) -> bool:
        return self.path.endswith(".md")

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class File:
    """A file of a working copy with its content."""

    path: str
    number: int
    content: bytes
    person_id: int | None
    saved_ms: int
    saved_by: str

    @property
    def address(self) -> str:
        """Where a file that is not Markdown is served."""
        return Asset.of(self.path, "", self.content).address

    @property
    def text(self) -> str:
        """The file as one reads it: no byte-order mark, one kind of line end."""
        text = self.content.decode("utf-8-sig", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def authored(person_id: int, slug: str) -> Draft:
    """The course with a slug, for its owner and co-authors.

    Raises NotAllowed to its reviewers, NotFound to all others.
    """
    found = db.session.execute(_part_of(person_id).where(Course.slug == slug)).first()
    if found is None:
        raise NotFound
    if found.role not in AUTHORS:
        raise NotAllowed
    return _draft(found)


def all_authored(person_id: int) -> list[Draft]:
    """The courses a person owns or writes, by title; one statement."""
    wanted = _part_of(person_id).where(CourseTeacher.role.in_(AUTHORS))
    found = [_draft(row) for row in db.session.execute(wanted)]
    return sorted(found, key=lambda draft: (draft.title.lower(), draft.slug))


def unpublished(person_id: int) -> list[Draft]:
    """The courses of a person that were never published; one statement."""
    version = aliased(CourseVersion)
    has_version = exists().where(version.course_id == Course.id)
    wanted = _part_of(person_id).where(CourseTeacher.role.in_(AUTHORS), ~has_version)
    wanted = wanted.order_by(Course.slug)
    return [_draft(row) for row in db.session.execute(wanted)]


def _part_of(person_id: int) -> Any:
    about = and_(DraftFile.course_id == Course.id, DraftFile.path == ABOUT)
    return (
        select(
            Course.id,
            Course.slug,
            Course.state,
            CourseVersion.title,
            CourseTeacher.role,
            DraftRevision.content,
        )
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .outerjoin(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .outerjoin(DraftFile, about)
        .outerjoin(DraftRevision, newest())
        .where(CourseTeacher.person_id == person_id)
    )


def _draft(row: Any) -> Draft:
    """Named as the working copy names it; else as it was published, else by its slug."""
    title = TITLE.search((row.content or b"").decode("utf-8-sig", "replace"))
    named = title[1].strip(" \"'") if title else row.title
    return Draft(row.id, row.slug, named or row.slug, row.state)


def begin(slug: str, contents: Mapping[str, bytes], person_id: int) -> int:
    """A new course with its first files; the person owns it. Returns its id.

    Raises Conflict("exists") when the slug is taken.
    """
    row = {"slug": slug, "state": CourseState.DRAFT, "created_ms": clock.now_ms()}
    if not insert_new(Course, [row]):
        raise Conflict("exists")
    course_id = db.session().scalars(select(Course.id).where(Course.slug == slug)).one()
    teacher = {"course_id": course_id, "person_id": person_id, "role": TeacherRole.OWNER}
    insert_new(CourseTeacher, [teacher])
    take_over(course_id, contents, person_id)
    return course_id


def newest() -> ColumnElement[bool]:
    """A revision is the newest of its file."""
    return and_(
        DraftRevision.course_id == DraftFile.course_id,
        DraftRevision.path == DraftFile.path,
        DraftRevision.number == DraftFile.number,
    )


def tree(course_id: int) -> list[Entry]:
    """The files of a working copy by path; one statement."""
    wanted = (
        select(DraftFile, DraftRevision.saved_ms, *NAME)
        .join(DraftRevision, newest())
        .outerjoin(Person, Person.id == DraftRevision.person_id)
        .where(DraftFile.course_id == course_id, DraftFile.digest != "")
        .order_by(DraftFile.path)
    )
    return [
        Entry(row[0].path, row[0].number, row[0].digest, row.saved_ms, name_of(row))
        for row in db.session.execute(wanted)
    ]


NAME = (Person.degrees_before, Person.name, Person.degrees_after)


def name_of(row: Any) -> str:
    """Who saved a row that holds the columns of a name; empty for the console."""
    return full_name(row.degrees_before, row.name, row.degrees_after) if row.name else ""


def contents(course_id: int) -> dict[str, bytes]:
    """Every file of a working copy by path; one statement."""
    wanted = (
        select(DraftFile.path, DraftRevision.content, files.Blob.content.label("blob"))
        .join(DraftRevision, newest())
        .outerjoin(files.Blob, files.Blob.digest == DraftRevision.digest)
        .where(DraftFile.course_id == course_id, DraftFile.digest != "")
        .order_by(DraftFile.path)
    )
    return {row.path: _bytes(row.content, row.blob) for row in db.session.execute(wanted)}


def _bytes(content: bytes | None, blob: bytes | None) -> bytes:
    return content if content is not None else blob or b""


def source(draft: Draft, changed: Mapping[str, bytes] | None = None) -> Source:
    """The working copy as the compiler reads it, with files that were not saved yet."""
    return Source.from_texts(draft.slug, {**contents(draft.course_id), **(changed or {})})


def load(course_id: int, path: str) -> File:
    """A file of a working copy. Raises NotFound."""
    wanted = (
        select(DraftRevision, files.Blob.content.label("blob"), *NAME)
        .join(DraftFile, newest())
        .outerjoin(files.Blob, files.Blob.digest == DraftRevision.digest)
        .outerjoin(Person, Person.id == DraftRevision.person_id)
        .where(DraftFile.course_id == course_id, DraftFile.path == path, DraftFile.digest != "")
    )
    row = db.session.execute(wanted).first()
    if row is None:
        raise NotFound
    held: DraftRevision = row[0]
    content = _bytes(held.content, row.blob)
    return File(path, held.number, content, held.person_id, held.saved_ms, name_of(row))


@dataclass(frozen=True)
class Change:
    """What a person wants a file to be; ``based_on`` is the revision they looked at.

    ``other_path`` is the name it had, where it is moved.
    """

    path: str
    content: bytes
    based_on: int
    act: Act = Act.SAVED
    other_path: str = ""


def save(course_id: int, change: Change, person_id: int | None) -> int:
    """Keep a file and return its revision; the same content is no new one.

    Raises Conflict("moved") when another revision than ``based_on`` is the newest, Invalid for
    what cannot be a file of a course.
    """
    refuse_odd(change.path, change.content)
    session = db.session()
    head = lock(session, course_id, change.path)
    present = head.number if head else 0
    if present != change.based_on:
        raise Conflict("moved")
    digest = sha256(change.content).hexdigest()
    if head and head.digest == digest:
        return present
    _append(session, course_id, change, person_id)
    _point(session, head, DraftFile(course_id=course_id, path=change.path, digest=digest, number=0))
    return present + 1


def create(course_id: int, path: str, content: bytes, person_id: int) -> int:
    """A file that is not there yet. Raises Conflict("exists")."""
    head = lock(db.session(), course_id, path)
    if head and head.digest:
        raise Conflict("exists")
    return save(course_id, Change(path, content, head.number if head else 0), person_id)


def ensure(course_id: int, path: str, content: bytes, person_id: int) -> None:
    """A file whose name says what it holds: there already, or put there now."""
    head = lock(db.session(), course_id, path)
    save(course_id, Change(path, content, head.number if head else 0), person_id)


def delete(course_id: int, path: str, based_on: int, person_id: int) -> None:
    """Take a file away; its revisions stay. Raises NotFound, Conflict("moved")."""
    session = db.session()
    head = lock(session, course_id, path)
    if head is None or not head.digest:
        raise NotFound
    if head.number != based_on:
        raise Conflict("moved")
    note_deleted(session, head, person_id)


def note_deleted(
    session: Session, head: DraftFile, person_id: int | None, other_path: str = ""
) -> None:
    """A file is no more under its path; ``other_path`` is where it went, if anywhere."""
    now = clock.now_ms()
    head.number, head.digest = head.number + 1, ""
    session.add(
        DraftRevision(
            course_id=head.course_id,
            path=head.path,
            number=head.number,
            act=Act.DELETED,
            content=None,
            digest="",
            other_path=other_path,
            person_id=person_id,
            begun_ms=now,
            saved_ms=now,
        )
    )
    session.flush()


def take_over(course_id: int, contents: Mapping[str, bytes], person_id: int | None) -> None:
    """Make the working copy exactly these files; what was there stays in the history."""
    session = db.session()
    wanted = select(DraftFile).where(DraftFile.course_id == course_id).with_for_update()
    heads = {head.path: head for head in session.scalars(wanted)}
    for path, content in contents.items():
        number = heads[path].number if path in heads else 0
        save(course_id, Change(path, content, number, Act.UPLOADED), person_id)
    for path, head in heads.items():
        if path not in contents and head.digest:
            note_deleted(session, head, person_id)


def refuse_odd(path: str, content: bytes) -> None:
    """Raise Invalid with the first reason why this cannot be a file of a course."""
    read = Source.from_texts("x", {"course.md": b"", path: content})
    if read.problems:
        raise Invalid(read.problems[0].message, "path")


def lock(session: Session, course_id: int, path: str) -> DraftFile | None:
    """The head of a file, held until the transaction ends."""
    wanted = select(DraftFile).where(DraftFile.course_id == course_id, DraftFile.path == path)
    return session.scalars(wanted.with_for_update()).first()


def _point(session: Session, head: DraftFile | None, new: DraftFile) -> None:
    """Let the file be its next revision."""
    if head:
        head.number, head.digest = head.number + 1, new.digest
        session.flush()
        return
    row = {"course_id": new.course_id, "path": new.path, "number": 1, "digest": new.digest}
    if not insert_new(DraftFile, [row]):
        raise Conflict("moved")


def _append(session: Session, course_id: int, change: Change, person_id: int | None) -> None:
    is_text = change.path.endswith(".md")
    digest = sha256(change.content).hexdigest()
    if not is_text:
        files.store(digest, media_type_of(change.content) or ANY_FILE, change.content)
    now = clock.now_ms()
    row = _typed_into(session, course_id, change, person_id, now)
    if row is None:
        row = DraftRevision(course_id=course_id, path=change.path, begun_ms=now)
        session.add(row)
    row.number, row.act, row.person_id = change.based_on + 1, change.act, person_id
    row.content, row.digest, row.saved_ms = change.content if is_text else None, digest, now
    row.other_path = change.other_path
    session.flush()


def _typed_into(
    session: Session, course_id: int, change: Change, person_id: int | None, now: int
) -> DraftRevision | None:
    """The revision that goes on while one person types."""
    if change.act is not Act.AUTOSAVED:
        return None
    wanted = select(DraftRevision).where(
        DraftRevision.course_id == course_id,
        DraftRevision.path == change.path,
        DraftRevision.number == change.based_on,
        DraftRevision.act == Act.AUTOSAVED,
        DraftRevision.person_id == person_id,
        DraftRevision.begun_ms > now - TYPING_MS,
    )
    return session.scalars(wanted).first()
