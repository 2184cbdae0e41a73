"""Imports as they stand: begun, named, dropped; whose they are, and about which branch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, select

from elearn import clock, jobs
from elearn.database import db
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.people import units
from elearn.people.actors import EVERYWHERE, Actor
from elearn.people.models import Unit
from elearn.roster.columns import NEEDED, Field, Header, header_of, recognise, signature
from elearn.roster.comparing import Kind
from elearn.roster.models import RosterBefore, RosterImport, RosterMapping, RosterRow, State
from elearn.tables.cells import Row
from elearn.tables.reading import MAX_BYTES

LOOK_JOB, APPLY_JOB, UNDO_JOB = "roster_look", "roster_apply", "roster_undo"
LONGEST_NAME = 120
KEPT_MS = 3 * clock.DAY_MS
SAMPLES = 3
AT_WORK = frozenset({State.WAITING, State.APPLYING, State.UNDOING})
OPEN = frozenset({State.HEADINGS, State.READY, State.REFUSED})
LISTED = 30
NO_ROW = Row(0, [])
UNTOUCHED = frozenset({Kind.SAME, Kind.REFUSED})


@dataclass(frozen=True)
class Asked:
    """A file as it is sent, and what it is about; ``path`` is the branch of ``unit_id``."""

    file_name: str
    content: bytes
    as_of: date
    unit_id: int | None = None
    is_complete: bool = False


@dataclass(frozen=True)
class Scope:
    """Where an import may act: in the branches of ``acting``, and of them only below ``path``."""

    actor_id: int | None
    acting: tuple[str, ...]
    path: str

    def holds(self, unit_path: str) -> bool:
        """Whether a unit lies within."""
        return unit_path.startswith(self.acting) and unit_path.startswith(self.path or EVERYWHERE)

    def acts_in(self, unit_path: str) -> bool:
        """Whether the one who asked may act in a unit."""
        return unit_path.startswith(self.acting)


class About:
    """What is known of an import beside its rows."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values

    @classmethod
    def of(cls, row: RosterImport) -> About:
        return cls(json.loads(row.about))

    @property
    def counts(self) -> dict[str, int]:
        """Rows by kind, and "warned"."""
        found: dict[str, int] = self.values.get("counts", {})
        return found

    @property
    def is_sound(self) -> bool:
        """Whether no row is refused and no number waits for a decision."""
        return not (self.counts.get(Kind.REFUSED) or self.counts.get("twins"))

    @property
    def changes(self) -> int:
        """How many people would be touched."""
        return sum(self.counts.get(kind, 0) for kind in Kind if kind not in UNTOUCHED)

    @property
    def may_be_applied(self) -> bool:
        """Whether the import can be applied as it stands, and would do anything."""
        return self.is_sound and bool(self.changes or self.counts.get("fresh_ids"))

    @property
    def decided(self) -> dict[str, int]:
        """The person somebody said a new number belongs to, by number; 0 for nobody known."""
        found: dict[str, int] = self.values.get("decided", {})
        return found

    @staticmethod
    def effective_ms(row: RosterImport) -> int:
        """The moment its facts hold from: now, or the start of an earlier day."""
        today = clock.today()
        return clock.now_ms() if row.as_of >= today else clock.start_of_day_ms(row.as_of)


def start(actor: Actor | None, asked: Asked) -> int:
    """Take in a file and have the runner look at it; returns the id of the import, as ``take``."""
    row = take(actor, asked)
    _enqueue(LOOK_JOB, row)
    return row.id


def take(actor: Actor | None, asked: Asked) -> RosterImport:
    """Take in a file. Raises Invalid with the field, NotFound for a unit out of reach."""
    if not asked.content:
        raise Invalid("file_missing", "file")
    if len(asked.content) > MAX_BYTES:
        raise Invalid("file_large", "file")
    if asked.as_of > clock.today():
        raise Invalid("day_in_future", "as_of")
    if asked.unit_id is not None:
        _refuse_stranger(actor, units.unit_of(asked.unit_id))
    row = RosterImport(
        asked_by=actor.id if actor else None,
        asked_ms=clock.now_ms(),
        file_name=asked.file_name[-LONGEST_NAME:],
        content=asked.content,
        unit_id=asked.unit_id,
        is_complete=asked.is_complete,
        as_of=asked.as_of,
        state=State.WAITING,
        about=json.dumps({"acting": _acting(actor)}),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _acting(actor: Actor | None) -> Sequence[str]:
    return actor.acting_paths if actor else (EVERYWHERE,)


def _refuse_stranger(actor: Actor | None, unit: Unit) -> None:
    if actor is None or actor.acts_in(unit.path):
        return
    raise NotAllowed if actor.in_reach(unit.path) else NotFound


def _enqueue(kind: str, row: RosterImport) -> None:
    """One job for each time the state changes."""
    jobs.enqueue(kind, job_key(kind, row.id, clock.now_ms()), roster=row.id)
    remember(row, job=job_key(kind, row.id, clock.now_ms()))


def job_key(kind: str, import_id: int, moment_ms: int) -> str:
    """The key of the job of an import."""
    return f"{kind}:{import_id}:{moment_ms}"


def of_id(actor: Actor | None, import_id: int) -> RosterImport:
    """An import for who asked for it, and for HR of the agency. Raises NotFound."""
    row = db.session.get(RosterImport, import_id)
    if row is None or not (actor is None or _is_seen(actor, row)):
        raise NotFound
    return row


def _is_seen(actor: Actor, row: RosterImport) -> bool:
    return row.asked_by == actor.id or EVERYWHERE in actor.acting_paths


def recent(actor: Actor) -> list[RosterImport]:
    """The newest imports the actor may see; their bytes are left out."""
    wanted = select(RosterImport).order_by(RosterImport.id.desc()).limit(LISTED)
    if EVERYWHERE not in actor.acting_paths:
        wanted = wanted.where(RosterImport.asked_by == actor.id)
    return list(db.session.scalars(wanted))


def locked(actor: Actor | None, import_id: int, *states: State) -> RosterImport:
    """An import to be changed while it is in one of the states. Raises NotFound and Conflict."""
    of_id(actor, import_id)
    wanted = select(RosterImport).where(RosterImport.id == import_id).with_for_update()
    row = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    if row.state not in states:
        raise Conflict("moved_on")
    return row


def scope_of(row: RosterImport) -> Scope:
    """Where an import may act, as it was when it was asked for."""
    acting = tuple(json.loads(row.about)["acting"])
    path = units.unit_of(row.unit_id).path if row.unit_id is not None else ""
    return Scope(row.asked_by, acting, path)


def has_lost_reach(actor: Actor, row: RosterImport) -> bool:
    """Whether what the actor may do has changed since the file was looked at."""
    return set(json.loads(row.about)["acting"]) != set(actor.acting_paths)


def settle(import_id: int, state: State, sheet: str = "", **found: Any) -> None:
    """Note what reading has found."""
    row = locked(None, import_id, State.WAITING)
    row.state = state
    row.sheet = sheet[:60]
    remember(row, **found)


def remember(row: RosterImport, **values: Any) -> None:
    """Keep more about an import."""
    row.about = json.dumps({**json.loads(row.about), **values}, ensure_ascii=False)


def again(row: RosterImport, **values: Any) -> None:
    """Have a file looked at once more, with what was decided by hand."""
    remember(row, **values)
    row.state = State.WAITING
    _enqueue(LOOK_JOB, row)


def proceed(row: RosterImport, state: State, kind: str, **values: Any) -> None:
    """Have the runner do the next thing with an import."""
    remember(row, **values)
    row.state = state
    _enqueue(kind, row)


def drop(actor: Actor | None, import_id: int) -> None:
    """Forget a file that is not wanted: its bytes and its rows."""
    row = locked(actor, import_id, *OPEN)
    row.state, row.content = State.DROPPED, b""
    forget_rows(row.id)


def forget_rows(import_id: int) -> None:
    """Take away what a reading has kept."""
    for model in (RosterBefore, RosterRow):
        db.session.execute(delete(model).where(model.import_id == import_id))


# --- headings ------------------------------------------------------------------------------------


def header_in(head: Sequence[Row]) -> Header | None:
    """The headings of a file: as somebody has named them before, else as they are known."""
    found = {recognise(row).signature: row for row in head}
    wanted = select(RosterMapping).where(RosterMapping.signature.in_(found))
    held = db.session.scalars(wanted).first()
    if held is None:
        return header_of(head)
    row = found[held.signature]
    columns = {Field(name): at for name, at in json.loads(held.columns).items()}
    return Header(row.number, recognise(row).headings, columns)


def headings_of(header: Header | None, head: Sequence[Row]) -> dict[str, Any]:
    """The headings of a file, and what stands below each, for somebody to name them."""
    found = header or recognise(max(head, key=_texts, default=NO_ROW))
    below = [row for row in head if row.number > found.row][:SAMPLES]
    return {
        "headings": found.headings,
        "samples": [[_sample(row.at(at)) for row in below] for at in range(len(found.headings))],
        "columns": found.columns,
    }


def _texts(row: Row) -> int:
    return sum(isinstance(cell, str) and bool(cell.strip()) for cell in row.cells)


def _sample(cell: object) -> str:
    return " ".join(str(cell).split())[:40]


def name_columns(actor: Actor, import_id: int, columns: Mapping[Field, int]) -> None:
    """Say which column is what; it is remembered for files with the same headings.

    Raises Invalid with the field that is needed.
    """
    row = locked(actor, import_id, State.HEADINGS)
    headings: list[str] = json.loads(row.about).get("headings", [])
    for field in NEEDED:
        if field not in columns:
            raise Invalid("column_missing", field.value)
    if any(not 0 <= at < len(headings) for at in columns.values()):
        raise NotFound
    held = RosterMapping(
        signature=signature(headings),
        columns=json.dumps(columns),
        mapped_by=actor.id,
        mapped_ms=clock.now_ms(),
    )
    db.session.merge(held)
    again(row)


def prune() -> None:
    """Forget files that nobody came back for; rows of imports go by the rules of retention."""
    now_ms = clock.now_ms()
    open_states = [state.value for state in OPEN]
    old = select(RosterImport).where(
        RosterImport.state.in_(open_states), RosterImport.asked_ms < now_ms - KEPT_MS
    )
    for row in db.session.scalars(old):
        row.state, row.content = State.DROPPED, b""
        forget_rows(row.id)
