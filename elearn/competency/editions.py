"""Editions of a competency: added, worded anew, retired, taken up again, each with a reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, select

from elearn import clock
from elearn.competency import wording as wordings
from elearn.competency.models import Competency, CompetencyEdition, Group
from elearn.competency.wording import Wording
from elearn.database import db, rows
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import audit
from elearn.people.models import Person, full_name

MAX_CODE = 20
MAX_REASON = 400
# A letter first and a sign between, so that no YAML reader takes it for a number or a yes.
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:[.-][A-Z0-9]+)+")
# Codes that begin so are the nation's, or come with the product.
RESERVED = ("M.", "SK.", "DIG.")
DAYS_AHEAD = 3660


@dataclass(frozen=True)
class Why:
    """Since which WIB day a change holds, and for what reason."""

    valid_from: date
    reason: str


class Edition(NamedTuple):
    """An edition as its history tells it; ``by`` is empty for what the framework came with."""

    number: int
    valid_from: date
    wording: Wording
    retired_from: date | None
    reason: str
    by: str
    changed_ms: int | None


def competency(code: str) -> Competency:
    """A competency by its code. Raises NotFound."""
    found = db.session.get(Competency, code)
    if found is None:
        raise NotFound
    return found


def current(code: str) -> Wording:
    """How a competency reads in its newest edition. Raises NotFound."""
    return wordings.thawed(_row(code, competency(code).edition).wording)


def on(code: str, day: date) -> Wording:
    """How a competency read on a WIB day; in its first edition for days before. Raises NotFound."""
    held = select(CompetencyEdition.wording).where(CompetencyEdition.code == code).limit(1)
    by_then = held.where(CompetencyEdition.valid_from <= day)
    text = db.session.scalar(by_then.order_by(CompetencyEdition.number.desc()))
    text = text or db.session.scalar(held.order_by(CompetencyEdition.number))
    if text is None:
        raise NotFound
    return wordings.thawed(text)


def _row(code: str, number: int) -> CompetencyEdition:
    return db.session.get_one(CompetencyEdition, (code, number))


def history(code: str) -> list[Edition]:
    """Every edition of a competency, the newest first; one statement."""
    wanted = _wanted().where(CompetencyEdition.code == code)
    return [_edition(row) for row in rows(wanted.order_by(CompetencyEdition.number.desc()))]


def newest() -> dict[str, Edition]:
    """The newest edition of every competency, by code; one statement."""
    one = CompetencyEdition
    present = _wanted().join(Competency, Competency.code == one.code)
    found = rows(present.where(Competency.edition == one.number))
    return {row.code: _edition(row) for row in found}


def codes_by_name() -> dict[str, str]:
    """The code by every name a competency ever had; today's names come before earlier ones."""
    columns = select(CompetencyEdition.code, CompetencyEdition.wording)
    found = db.session.execute(columns.order_by(CompetencyEdition.number))
    ever = {wordings.thawed(row.wording).name: row.code for row in found}
    now = db.session.execute(select(Competency.name, Competency.code))
    return ever | {row.name: row.code for row in now}


def _wanted() -> Select[*tuple[Any, ...]]:
    one = CompetencyEdition
    named = (Person.degrees_before, Person.name, Person.degrees_after)
    columns = (one.code, one.number, one.valid_from, one.wording, one.retired_from, one.reason)
    wanted = select(*columns, one.changed_ms, *named)
    return wanted.outerjoin(Person, Person.id == one.changed_by)


def _edition(row: Any) -> Edition:
    by = full_name(row.degrees_before, row.name, row.degrees_after) if row.name else ""
    worded = wordings.thawed(row.wording)
    told = (row.number, row.valid_from, worded, row.retired_from, row.reason)
    return Edition(*told, by, row.changed_ms)


def add(actor_id: int, code: str, wording: Wording, why: Why) -> None:
    """Add a technical competency of the agency. Raises Invalid with the field."""
    wording = wordings.tidy(wording)
    check_code(code)
    wordings.check(wording)
    _check_why(why, latest=clock.today())
    if db.session.get(Competency, code) is not None:
        raise Invalid("code_taken", "code")
    _check_name(code, wording)
    last = db.session.scalar(select(func.max(Competency.position))) or 0
    row = Competency(code=code, group=Group.TECHNICAL, name=wording.name, edition=0)
    row.position = last + 1
    db.session.add(row)
    db.session.flush()
    _write(actor_id, row, wording, why)
    audit.record(actor_id, "competency:added", None, setting=code, reason=why.reason.strip())


def _check_name(code: str, wording: Wording) -> None:
    """Certificates tell competencies by name, so a name is of one competency."""
    same = func.lower(Competency.name) == wording.name.lower()
    if db.session.scalar(select(Competency.code).where(same, Competency.code != code)):
        raise Invalid("name_taken", "name")


def check_code(code: str) -> None:
    """Raise Invalid for a code that the agency cannot give."""
    if not CODE.fullmatch(code) or len(code) > MAX_CODE:
        raise Invalid("code_form", "code")
    if code.startswith(RESERVED):
        raise Invalid("code_reserved", "code")


def reword(actor_id: int, code: str, seen: int, wording: Wording, why: Why) -> int:
    """Let a competency read otherwise from a day on; the number of its newest edition.

    ``seen`` is the edition that was shown: another one in between is a Conflict. The same words
    make no edition. Raises NotFound, NotAllowed for a national one, and Invalid with the field.
    """
    row = _locked(code)
    if row.is_national:
        raise NotAllowed
    _check_seen(row, seen)
    wording = wordings.tidy(wording)
    wordings.check(wording)
    _check_name(code, wording)
    newest = _row(code, row.edition)
    _check_why(why, earliest=newest.valid_from, latest=clock.today())
    if wordings.frozen(wording) == newest.wording:
        return row.edition
    _write(actor_id, row, wording, why)
    audit.record(
        actor_id,
        "competency:reworded",
        None,
        setting=code,
        edition=row.edition,
        reason=why.reason.strip(),
    )
    return row.edition


def retire(actor_id: int, code: str, seen: int, why: Why) -> None:
    """Let nothing ask for a competency from a day on; what was assessed and proved stays.

    Raises NotFound, NotAllowed for a national one, Conflict, and Invalid with the field.
    """
    row = _locked(code)
    if row.is_national:
        raise NotAllowed
    last = clock.today().toordinal() + DAYS_AHEAD
    _check_why(why, earliest=clock.today(), latest=date.fromordinal(last))
    _check_seen(row, seen)
    if row.retired_from is not None:
        raise Conflict("already_retired")
    row.retired_from = why.valid_from
    _write(actor_id, row, current(code), Why(clock.today(), why.reason))
    told = {"from_day": why.valid_from.isoformat(), "reason": why.reason.strip()}
    audit.record(actor_id, "competency:retired", None, setting=code, **told)


def restore(actor_id: int, code: str, seen: int, reason: str) -> None:
    """Take a retired competency up again. Raises NotFound, Conflict, and Invalid with the field."""
    row, why = _locked(code), Why(clock.today(), reason)
    _check_why(why, latest=clock.today())
    _check_seen(row, seen)
    if row.retired_from is None:
        raise Conflict("not_retired")
    row.retired_from = None
    _write(actor_id, row, current(code), why)
    audit.record(actor_id, "competency:restored", None, setting=code, reason=reason.strip())


def remove(actor_id: int, code: str) -> None:
    """Delete one that was added by mistake; the caller has seen that nothing names it."""
    row = _locked(code)
    if row.group != Group.TECHNICAL:
        raise NotAllowed
    db.session.execute(delete(CompetencyEdition).where(CompetencyEdition.code == code))
    db.session.delete(row)
    db.session.flush()
    audit.record(actor_id, "competency:removed", None, setting=code, before=row.name)


def _locked(code: str) -> Competency:
    found = db.session.get(Competency, code, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _check_seen(row: Competency, seen: int) -> None:
    if row.edition != seen:
        raise Conflict("edited_meanwhile")


def _check_why(why: Why, *, latest: date, earliest: date = date.min) -> None:
    if not 0 < len(why.reason.strip()) <= MAX_REASON:
        raise Invalid("missing", "reason")
    if not earliest <= why.valid_from <= latest:
        raise Invalid("day_out_of_range", "valid_from")


def _write(actor_id: int, row: Competency, wording: Wording, why: Why) -> None:
    row.edition += 1
    row.name = wording.name
    edition = CompetencyEdition(
        code=row.code,
        number=row.edition,
        valid_from=why.valid_from,
        wording=wordings.frozen(wording),
        retired_from=row.retired_from,
        reason=why.reason.strip(),
        changed_by=actor_id,
        changed_ms=clock.now_ms(),
    )
    db.session.add(edition)
    db.session.flush()
