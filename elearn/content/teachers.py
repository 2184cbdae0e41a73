"""Who teaches a course, who looks at it before it is given out, and what each may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, select

from elearn.content.catalogue import CourseLink
from elearn.content.models import Course, CourseState, CourseTeacher, CourseVersion, TeacherRole
from elearn.database import db, insert_new
from elearn.errors import Conflict, NotAllowed, NotFound
from elearn.people import holding
from elearn.people.models import Person, full_name
from elearn.people.permissions import Role

AUTHORS = (TeacherRole.OWNER, TeacherRole.COAUTHOR)
# The newest edition names a course that none has been given out of yet.
_NAMED = func.coalesce(
    Course.latest_version_id,
    select(func.max(CourseVersion.id))
    .where(CourseVersion.course_id == Course.id)
    .correlate(Course)
    .scalar_subquery(),
)


def teaches(person_id: int, course_id: int) -> bool:
    """Whether the person teaches the course; reviewers do not."""
    return role_of(person_id, course_id) in AUTHORS


def taught_link(person_id: int, slug: str) -> CourseLink:
    """A course with editions that the person teaches. Raises NotFound for any other."""
    statement = (
        select(Course.id, Course.slug, CourseVersion.title)
        .join(CourseVersion, CourseVersion.id == Course.latest_version_id)
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .where(
            Course.slug == slug,
            CourseTeacher.person_id == person_id,
            CourseTeacher.role.in_(AUTHORS),
        )
    )
    row = db.session.execute(statement).first()
    if row is None:
        raise NotFound
    return CourseLink(*row)


def role_of(person_id: int, course_id: int) -> TeacherRole | None:
    """What the person is to the course."""
    statement = select(CourseTeacher.role).where(
        CourseTeacher.course_id == course_id, CourseTeacher.person_id == person_id
    )
    found = db.session.scalar(statement)
    return TeacherRole(found) if found else None


class OwnCourse(NamedTuple):
    """A course somebody has a part in, also before its first edition is given out."""

    id: int
    slug: str
    title: str
    state: CourseState
    latest_version_id: int | None
    open_version_id: int | None
    role: TeacherRole

    @property
    def is_owner(self) -> bool:
        return self.role is TeacherRole.OWNER

    @property
    def is_author(self) -> bool:
        return self.role in AUTHORS


def _own(
    person_id: int,
) -> Select[int, str, str, CourseState, int | None, int | None, TeacherRole]:
    return (
        select(
            Course.id,
            Course.slug,
            CourseVersion.title,
            Course.state,
            Course.latest_version_id,
            Course.open_version_id,
            CourseTeacher.role,
        )
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .join(CourseVersion, CourseVersion.id == _NAMED)
        .where(CourseTeacher.person_id == person_id)
    )


def _own_course(row: Any) -> OwnCourse:
    return OwnCourse(
        row.id,
        row.slug,
        row.title,
        CourseState(row.state),
        row.latest_version_id,
        row.open_version_id,
        TeacherRole(row.role),
    )


def own_course(person_id: int, slug: str) -> OwnCourse:
    """A course the person owns, writes or reviews. Raises NotFound for any other."""
    row = db.session.execute(_own(person_id).where(Course.slug == slug)).first()
    if row is None:
        raise NotFound
    return _own_course(row)


def own_courses(person_id: int) -> list[OwnCourse]:
    """All courses the person owns, writes or reviews, by title."""
    rows = db.session.execute(_own(person_id).order_by(CourseVersion.title))
    return [_own_course(row) for row in rows]


def owned_course(person_id: int, slug: str) -> OwnCourse:
    """A course the person owns. Raises NotAllowed to its other authors and reviewers."""
    course = own_course(person_id, slug)
    if not course.is_owner:
        raise NotAllowed
    return course


def authored_course(person_id: int, slug: str) -> OwnCourse:
    """A course the person owns or writes. Raises NotAllowed to its reviewers."""
    course = own_course(person_id, slug)
    if not course.is_author:
        raise NotAllowed
    return course


@dataclass(frozen=True)
class TaughtCourse:
    """A course in the list of who has a part in it; ``published_ms`` 0 before the first edition."""

    id: int
    slug: str
    title: str
    state: CourseState
    role: TeacherRole
    number: int
    is_open: bool
    published_ms: int


def taught_by(person_id: int) -> list[TaughtCourse]:
    """The courses a person has a part in, by title."""
    statement = (
        select(Course, CourseTeacher.role, CourseVersion)
        .join(CourseTeacher, CourseTeacher.course_id == Course.id)
        .join(CourseVersion, CourseVersion.id == _NAMED)
        .where(CourseTeacher.person_id == person_id)
        .order_by(CourseVersion.title)
    )
    return [
        TaughtCourse(
            course.id,
            course.slug,
            version.title,
            course.state,
            role,
            version.number,
            course.open_version_id == version.id,
            version.published_ms,
        )
        for course, role, version in db.session.execute(statement)
    ]


class Teacher(NamedTuple):
    """Somebody with a part in a course, or who may be given one (then without a role)."""

    person_id: int
    full_name: str
    role: TeacherRole | None


def teachers_of(course_id: int) -> list[Teacher]:
    """Who has a part in a course: owners, co-authors, reviewers, each by name."""
    statement = (
        select(Person, CourseTeacher.role)
        .join(CourseTeacher, CourseTeacher.person_id == Person.id)
        .where(CourseTeacher.course_id == course_id)
        .order_by(Person.sort_name)
    )
    found = [Teacher(p.id, _name(p), TeacherRole(r)) for p, r in db.session.execute(statement)]
    return sorted(found, key=lambda teacher: list(TeacherRole).index(teacher.role or AUTHORS[0]))


def candidates(course_id: int) -> list[Teacher]:
    """The instructors who have no part in the course yet, by name."""
    taken = select(CourseTeacher.person_id).where(CourseTeacher.course_id == course_id)
    statement = (
        select(Person)
        .where(Person.active, Person.id.in_(_instructors()), Person.id.not_in(taken))
        .order_by(Person.sort_name)
    )
    return [Teacher(p.id, _name(p), None) for p in db.session.scalars(statement)]


def _instructors() -> Select[int]:
    roles = holding.held()
    return select(roles.c.person_id).where(roles.c.role == Role.INSTRUCTOR)


def _name(person: Person) -> str:
    return full_name(person.degrees_before, person.name, person.degrees_after)


def assign(course_id: int, person_id: int, role: TeacherRole) -> None:
    """Give an instructor a part in the course, or another part. Raises NotFound.

    Raises Conflict("last_owner") when nobody would own the course any more.
    """
    held = role_of(person_id, course_id)
    if held is None and person_id not in {c.person_id for c in candidates(course_id)}:
        raise NotFound
    if held is TeacherRole.OWNER and role is not TeacherRole.OWNER:
        _keep_an_owner(course_id)
    _remove(course_id, person_id)
    insert_new(CourseTeacher, [{"course_id": course_id, "person_id": person_id, "role": role}])


def release_from(course_id: int, person_id: int) -> None:
    """Take a person's part in the course. Raises NotFound, and Conflict as ``assign`` does."""
    held = role_of(person_id, course_id)
    if held is None:
        raise NotFound
    if held is TeacherRole.OWNER:
        _keep_an_owner(course_id)
    _remove(course_id, person_id)


def _keep_an_owner(course_id: int) -> None:
    owners = [t for t in teachers_of(course_id) if t.role is TeacherRole.OWNER]
    if len(owners) == 1:
        raise Conflict("last_owner")


def _remove(course_id: int, person_id: int) -> None:
    own = (CourseTeacher.course_id == course_id) & (CourseTeacher.person_id == person_id)
    db.session.execute(delete(CourseTeacher).where(own))


def set_teachers(course_id: int, teachers: dict[int, TeacherRole]) -> None:
    """Name who has a part in a course, in place of who had."""
    db.session.execute(delete(CourseTeacher).where(CourseTeacher.course_id == course_id))
    insert_new(CourseTeacher, _rows(course_id, teachers))


def _rows(course_id: int, teachers: dict[int, TeacherRole]) -> Sequence[dict[str, object]]:
    return [{"course_id": course_id, "person_id": p, "role": r} for p, r in teachers.items()]
