"""What people see: on home, in the list of theirs, one by itself; putting one away."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, or_, select

from elearn import clock
from elearn.announcements.models import (
    Announcement,
    AnnouncementDismissal,
    AnnouncementState,
    Importance,
)
from elearn.database import Prepared, insert_new, rows
from elearn.errors import NotFound
from elearn.people import notices
from elearn.people.actors import Actor
from elearn.people.models import Unit

ON_HOME = 3
PAGE_SIZE = 20
_NOW: Any = bindparam("now_ms")
_PUBLISHED = Announcement.state == AnnouncementState.PUBLISHED
_IS_SHOWN = and_(_PUBLISHED, Announcement.starts_ms <= _NOW, Announcement.ends_ms > _NOW)
# Whether anything is shown to anybody: one look at an index, for the statement of home.
SOME = select(Announcement.id).where(_IS_SHOWN).limit(1).scalar_subquery()


class Strip(NamedTuple):
    """An announcement on home; the same for everybody it is for."""

    id: int
    title: str
    excerpt: str
    importance: str


class Shown(NamedTuple):
    """An announcement as a page of its own or a line of the list; no text once withdrawn."""

    id: int
    title: str
    html: str
    excerpt: str
    importance: str
    starts_ms: int
    ends_ms: int
    is_withdrawn: bool

    @property
    def is_over(self) -> bool:
        return self.ends_ms <= clock.now_ms()


class ShownPage(NamedTuple):
    """Announcements for somebody, the newest first."""

    found: list[Shown]
    number: int
    has_next: bool


def _is_for(path: Any) -> ColumnElement[bool]:
    """The condition that an announcement is for the branch in which a path lies."""
    begins = func.substr(path, 1, func.length(Unit.path)) == Unit.path
    return or_(Announcement.unit_id.is_(None), begins)


_put_away = (
    select(AnnouncementDismissal.at_ms)
    .where(
        AnnouncementDismissal.announcement_id == Announcement.id,
        AnnouncementDismissal.person_id == bindparam("person"),
    )
    .exists()
)
_RANK = case(
    (Announcement.importance == Importance.URGENT, 0),
    (Announcement.importance == Importance.IMPORTANT, 1),
    else_=2,
)
_ON_HOME = Prepared(
    select(
        Announcement.id,
        Announcement.title,
        Announcement.excerpt,
        Announcement.importance,
        Announcement.role,
    )
    .outerjoin(Unit, Unit.id == Announcement.unit_id)
    .where(_IS_SHOWN, _is_for(bindparam("path")), ~_put_away)
    .order_by(_RANK, Announcement.starts_ms.desc(), Announcement.id.desc())
)


def on_home(person: Actor) -> tuple[Strip, ...]:
    """What is shown to a person now and was not put away, the urgent first."""
    found = _ON_HOME.all(now_ms=clock.now_ms(), path=person.unit_path, person=person.id)
    mine = (Strip(*row[:4]) for row in found if row.role is None or row.role in person.roles)
    return tuple(mine)[: ON_HOME + 1]


def all_for(person: Actor, number: int = 1) -> ShownPage:
    """Everything that is or was shown to a person, also what they put away."""
    wanted = (
        _for(person)
        .where(_PUBLISHED)
        .order_by(Announcement.starts_ms.desc(), Announcement.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((number - 1) * PAGE_SIZE)
    )
    found = [_shown(row) for row in rows(wanted)]
    return ShownPage(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)


def one_for(person: Actor, announcement_id: int) -> Shown:
    """An announcement for a person; NotFound where it is not for them or not yet."""
    wanted = _for(person).where(
        Announcement.id == announcement_id, Announcement.state != AnnouncementState.DRAFT
    )
    row = next(iter(rows(wanted)), None)
    if row is None:
        raise NotFound
    return _shown(row)


def _for(person: Actor) -> Any:
    has_role = or_(Announcement.role.is_(None), Announcement.role.in_(list(person.roles)))
    return (
        select(
            Announcement.id,
            Announcement.title,
            Announcement.html,
            Announcement.excerpt,
            Announcement.importance,
            Announcement.starts_ms,
            Announcement.ends_ms,
            Announcement.state,
        )
        .outerjoin(Unit, Unit.id == Announcement.unit_id)
        .where(_is_for(person.unit_path), has_role, Announcement.starts_ms <= clock.now_ms())
    )


def _shown(row: Row[*tuple[Any, ...]]) -> Shown:
    is_withdrawn = row.state == AnnouncementState.WITHDRAWN
    return Shown(
        id=row.id,
        title=row.title,
        html="" if is_withdrawn else row.html,
        excerpt="" if is_withdrawn else row.excerpt,
        importance=row.importance,
        starts_ms=row.starts_ms,
        ends_ms=row.ends_ms,
        is_withdrawn=is_withdrawn,
    )


def dismiss(person: Actor, announcement_id: int) -> None:
    """Put an announcement away, and its message with it. Raises NotFound as ``one_for``."""
    one_for(person, announcement_id)
    keys = {"announcement_id": announcement_id, "person_id": person.id}
    insert_new(AnnouncementDismissal, [{**keys, "at_ms": clock.now_ms()}])
    notices.mark_told_read(person.id, notice_key(announcement_id))


def notice_key(announcement_id: int) -> str:
    """The key of the message about an announcement."""
    return f"announcement:{announcement_id}"
