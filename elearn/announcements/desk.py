"""Writing announcements: who may for whom, drafts, giving out, withdrawing, what became of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, false, or_, select

from elearn import clock, jobs, markup
from elearn.announcements import shown
from elearn.announcements.models import (
    MAX_EXCERPT,
    Announcement,
    AnnouncementChange,
    AnnouncementState,
    Deed,
    Importance,
)
from elearn.database import db, rows
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import audit, units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Person, Unit, full_name
from elearn.people.permissions import Role
from elearn.people.units import UnitNode

ANNOUNCE = "announce"  # the kind of job
PUBLISHED = "announcement:published"
CHANGED = "announcement:changed"
WITHDRAWN = "announcement:withdrawn"
DELETED = "announcement:deleted"
LONGEST_DAYS = 366
PAGE_SIZE = 25
ELLIPSIS = "…"


@dataclass(frozen=True)
class Wish:
    """What somebody writes; both days are WIB days and included."""

    title: str
    text: str
    importance: Importance
    unit_id: int | None
    role: Role | None
    first: date
    last: date


class Listed(NamedTuple):
    """A line of the list; ``unit`` is empty where it is for all units."""

    announcement: Announcement
    unit: str


class DeskPage(NamedTuple):
    """Announcements one may write or read whole, the newest first."""

    found: list[Listed]
    number: int
    has_next: bool


class Change(NamedTuple):
    """One thing that was done; ``values`` are what it said from then on."""

    deed: str
    at_ms: int
    by: str
    values: dict[str, Any]


def is_for_whole(actor: Actor) -> bool:
    """Whether somebody may address everybody: administrators and HR of the agency."""
    return Role.ADMIN in actor.roles or EVERYWHERE in actor.acting_paths


def may_address(actor: Actor, path: str | None) -> bool:
    """Whether somebody may write to a branch, by the path of its unit; None is everybody."""
    return is_for_whole(actor) or (path is not None and actor.acts_in(path))


def branches(actor: Actor) -> list[UnitNode]:
    """The units somebody may write to, each followed by those below it."""
    return [node for node in units.open_tree() if may_address(actor, node.path)]


def find(actor: Actor, number: int = 1) -> DeskPage:
    """A page of the announcements somebody may write, or read as an auditor does."""
    reach = [Unit.path.startswith(path) for path in actor.acting_paths]
    wanted = select(Announcement, Unit.name).outerjoin(Unit, Unit.id == Announcement.unit_id)
    if not is_for_whole(actor) and EVERYWHERE not in actor.hr_paths:
        wanted = wanted.where(or_(false(), *reach))
    wanted = wanted.order_by(Announcement.id.desc()).limit(PAGE_SIZE + 1)
    found = [Listed(row[0], row[1] or "") for row in rows(wanted.offset((number - 1) * PAGE_SIZE))]
    return DeskPage(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)


def seen(actor: Actor, announcement_id: int) -> Announcement:
    """One that somebody may change, or read as an auditor does; raises as ``managed``."""
    row = db.session.get(Announcement, announcement_id)
    if row is not None and EVERYWHERE in actor.hr_paths:
        return row
    return managed(actor, announcement_id)


def managed(actor: Actor, announcement_id: int) -> Announcement:
    """One that somebody may change; NotAllowed where it is for them, NotFound to strangers."""
    row = db.session.get(Announcement, announcement_id)
    if row is None:
        raise NotFound
    path = units.unit_of(row.unit_id).path if row.unit_id else None
    if not may_address(actor, path):
        shown.one_for(actor, announcement_id)
        raise NotAllowed
    return row


def preview(text: str) -> str:
    """The safe HTML of a text. Raises Invalid("too_costly", "text")."""
    try:
        return markup.render(text, heading_base=3, prefix="pengumuman", links=markup.NoLinks())
    except markup.TooCostly as problem:
        raise Invalid("too_costly", "text") from problem


def write(actor: Actor, wish: Wish) -> Announcement:
    """Begin a draft. Raises Invalid."""
    row = Announcement(state=AnnouncementState.DRAFT)
    _fill(actor, row, wish)
    db.session.add(row)
    db.session.flush()
    _note(actor, row, Deed.WRITTEN)
    return row


def change(actor: Actor, announcement_id: int, wish: Wish) -> Announcement:
    """Change a draft, or what was given out: who is now meant too is told. Raises Invalid."""
    row = managed(actor, announcement_id)
    if row.state == AnnouncementState.WITHDRAWN:
        raise Conflict("withdrawn")
    _fill(actor, row, wish)
    _note(actor, row, Deed.CHANGED)
    if row.state == AnnouncementState.PUBLISHED:
        _tell(row)
        audit.record(actor.id, CHANGED, None, id=row.id, about=row.title)
    return row


def publish(actor: Actor, announcement_id: int) -> None:
    """Give a draft out; people are told when its first day comes. Raises Invalid, Conflict."""
    row = managed(actor, announcement_id)
    if row.state != AnnouncementState.DRAFT:
        raise Conflict("not_a_draft")
    if row.ends_ms <= clock.now_ms():
        raise Invalid("days_over", "last")
    row.state, row.published_ms = AnnouncementState.PUBLISHED, clock.now_ms()
    _note(actor, row, Deed.PUBLISHED)
    _tell(row)
    audit.record(actor.id, PUBLISHED, None, id=row.id, about=row.title)


def withdraw(actor: Actor, announcement_id: int) -> None:
    """Take back what was given out; its text is shown to nobody any more. Raises Conflict."""
    row = managed(actor, announcement_id)
    if row.state != AnnouncementState.PUBLISHED:
        raise Conflict("not_published")
    row.state = AnnouncementState.WITHDRAWN
    _note(actor, row, Deed.WITHDRAWN)
    audit.record(actor.id, WITHDRAWN, None, id=row.id, about=row.title)


def delete_draft(actor: Actor, announcement_id: int) -> None:
    """Delete what was never given out. Raises Conflict."""
    row = managed(actor, announcement_id)
    if row.state != AnnouncementState.DRAFT:
        raise Conflict("not_a_draft")
    own = AnnouncementChange.announcement_id == row.id
    db.session.execute(delete(AnnouncementChange).where(own))
    db.session.delete(row)
    audit.record(actor.id, DELETED, None, id=announcement_id, about=row.title)


def history(announcement_id: int) -> Sequence[Change]:
    """What was done to an announcement, the latest first."""
    wanted = (
        select(
            AnnouncementChange.deed,
            AnnouncementChange.at_ms,
            AnnouncementChange.body,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
        )
        .join(Person, Person.id == AnnouncementChange.changed_by)
        .where(AnnouncementChange.announcement_id == announcement_id)
        .order_by(AnnouncementChange.id.desc())
    )
    return [
        Change(deed, at_ms, full_name(*names), json.loads(body))
        for deed, at_ms, body, *names in rows(wanted)
    ]


def _fill(actor: Actor, row: Announcement, wish: Wish) -> None:
    _check_days(wish)
    unit = db.session.get(Unit, wish.unit_id) if wish.unit_id else None
    if not may_address(actor, unit.path if unit else None):
        raise Invalid("unit_beyond", "unit_id")
    row.title, row.text, row.importance = wish.title, wish.text, wish.importance
    row.html = preview(wish.text)
    row.excerpt = _excerpt(row.html)
    row.unit_id, row.role = (unit.id if unit else None), wish.role
    row.starts_ms = clock.start_of_day_ms(wish.first)
    row.ends_ms = clock.start_of_day_ms(wish.last + timedelta(days=1))


def _check_days(wish: Wish) -> None:
    if wish.last < wish.first:
        raise Invalid("ends_before", "last")
    if wish.last < clock.today():
        raise Invalid("days_over", "last")
    if (wish.last - wish.first).days > LONGEST_DAYS:
        raise Invalid("too_many_days", "last")


def _excerpt(html: str) -> str:
    text = " ".join(markup.plain(html).split())
    if len(text) <= MAX_EXCERPT:
        return text
    return text[: MAX_EXCERPT - 1].rsplit(" ", 1)[0] + ELLIPSIS


def _tell(row: Announcement) -> None:
    key = f"{ANNOUNCE}:{row.id}:{clock.now_ms()}"
    jobs.enqueue(ANNOUNCE, key, max(row.starts_ms, clock.now_ms()), announcement=row.id)


def _note(actor: Actor, row: Announcement, deed: Deed) -> None:
    body = {
        "title": row.title,
        "text": row.text,
        "importance": row.importance,
        "unit": row.unit_id,
        "role": row.role,
        "first": str(clock.day_of(row.starts_ms)),
        "last": str(clock.day_of(row.ends_ms - 1)),
    }
    db.session.add(
        AnnouncementChange(
            announcement_id=row.id,
            deed=deed,
            changed_by=actor.id,
            at_ms=clock.now_ms(),
            body=json.dumps(body, ensure_ascii=False, sort_keys=True),
        )
    )
