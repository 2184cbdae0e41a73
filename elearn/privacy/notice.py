"""The privacy notice: a text that the agency may write, in dated editions; ours until it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import select

from elearn import clock, markup, settings
from elearn.database import db, rows
from elearn.errors import Invalid, NotFound
from elearn.people import audit, setting_changes
from elearn.people.models import Person, full_name
from elearn.people.setting_changes import Wish
from elearn.privacy.models import NoticeEdition

OURS = Path(__file__).with_name("notice.md")
MAX_CHARACTERS = 30_000
# What stands in the text for a setting, so that it stays true when the setting changes.
NAMES = {"{agency}": "agency_name", "{organiser}": "organiser", "{short}": "agency_short"}
OFFICER = "privacy_officer"


@dataclass(frozen=True)
class Notice:
    """The notice as it is shown; ``id`` is 0 and ``from_day`` None for the text we came with.

    ``officer`` are the name and the contact of who answers questions, empty until they are set.
    """

    id: int
    from_day: date | None
    html: str
    officer: Mapping[str, str]


class Edition(NamedTuple):
    """A line in the list of editions."""

    id: int
    from_day: date
    written_by: str
    written_ms: int


def present() -> Notice:
    """The notice that holds today."""
    row = _in_force(clock.today())
    return _shown(row) if row else _notice(0, None, ours())


def edition(edition_id: int) -> Notice:
    """An edition that holds or held; NotFound for one whose day has not come."""
    row = db.session.get(NoticeEdition, edition_id)
    if row is None or row.from_day > clock.today():
        raise NotFound
    return _shown(row)


def text_now() -> str:
    """The Markdown to begin the next edition from: the newest that was written, or ours."""
    newest = select(NoticeEdition.text).order_by(NoticeEdition.id.desc()).limit(1)
    return db.session.scalar(newest) or ours()


@cache
def ours() -> str:
    """The text the product comes with."""
    return OURS.read_text("utf-8")


def editions() -> list[Edition]:
    """Every edition, the newest first."""
    found = rows(
        select(
            NoticeEdition.id,
            NoticeEdition.from_day,
            NoticeEdition.written_ms,
            Person.degrees_before,
            Person.name,
            Person.degrees_after,
        )
        .join(Person, Person.id == NoticeEdition.written_by)
        .order_by(NoticeEdition.from_day.desc(), NoticeEdition.id.desc())
    )
    return [
        Edition(
            row.id,
            row.from_day,
            full_name(row.degrees_before, row.name, row.degrees_after),
            row.written_ms,
        )
        for row in found
    ]


def write(actor_id: int, text: str, from_day: date) -> NoticeEdition:
    """Let the notice read so from a day on, today or later. Raises Invalid with the field."""
    text = text.replace("\r\n", "\n").strip()
    preview(text)
    if from_day < clock.today():
        raise Invalid("day_over", "from_day")
    row = NoticeEdition(
        from_day=from_day, text=text, written_by=actor_id, written_ms=clock.now_ms()
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor_id, "privacy:notice_written", None, id=row.id, day=from_day.isoformat())
    return row


def preview(text: str) -> str:
    """How a text will be shown, as HTML. Raises Invalid with the field ``text``."""
    if not text.strip():
        raise Invalid("missing", "text")
    if len(text) > MAX_CHARACTERS:
        raise Invalid("too_long", "text")
    try:
        return _html(_filled(text.replace("\r\n", "\n"), settings.of_year(clock.today().year)))
    except markup.TooCostly as problem:
        raise Invalid("too_costly", "text") from problem


def change_officer(actor_id: int, name: str, contact: str) -> bool:
    """Name who answers questions of people about their data; whether anything changed."""
    wanted, year = {"name": name.strip(), "contact": contact.strip()}, clock.today().year
    if wanted == settings.value(OFFICER, year):
        return False
    return setting_changes.change(actor_id, OFFICER, Wish(year, wanted))


def _in_force(day: date) -> NoticeEdition | None:
    begun = select(NoticeEdition).where(NoticeEdition.from_day <= day).limit(1)
    return db.session.scalar(begun.order_by(NoticeEdition.from_day.desc(), NoticeEdition.id.desc()))


def _shown(row: NoticeEdition) -> Notice:
    return _notice(row.id, row.from_day, row.text)


def _notice(edition_id: int, from_day: date | None, text: str) -> Notice:
    held = settings.of_year(clock.today().year)
    return Notice(edition_id, from_day, _html(_filled(text, held)), held[OFFICER])


def _filled(text: str, held: Mapping[str, Any]) -> str:
    for mark, key in NAMES.items():
        text = text.replace(mark, held[key])
    return text


@lru_cache(maxsize=8)
def _html(text: str) -> str:
    """A first heading is one below that of the page."""
    return markup.render(text, heading_base=2, prefix="privasi", links=markup.NoLinks())
