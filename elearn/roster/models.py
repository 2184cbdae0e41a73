"""Tables of the roster: imports, what each would do to whom, and what is remembered of files."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model


class State(StrEnum):
    """Where an import stands."""

    WAITING = "waiting"  # to be read
    HEADINGS = "headings"  # its columns are to be named by hand
    READY = "ready"  # looked at, nothing done
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"
    REFUSED = "refused"  # cannot be read
    DROPPED = "dropped"  # not wanted


class RosterImport(Model):
    """A file that HR brings. Its bytes are kept until it is applied or dropped."""

    __tablename__ = "roster_import"
    __table_args__ = (Index("ix_roster_import_asked", "asked_by", "asked_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None is the operator at the console.
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_ms: Mapped[int] = mapped_column(BigInteger)
    file_name: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # The branch it is about; None is everything within reach.
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # Whoever works in the branch and is not in the file has left.
    is_complete: Mapped[bool]
    # The day its facts hold from.
    as_of: Mapped[date] = mapped_column(Date)
    state: Mapped[State] = mapped_column(String(10))
    sheet: Mapped[str] = mapped_column(String(60), default="")
    # JSON: the fault of the file, its headings, counts, and what was decided by hand.
    about: Mapped[str] = mapped_column(Text, default="{}")
    applied_ms: Mapped[int | None] = mapped_column(BigInteger)
    undone_ms: Mapped[int | None] = mapped_column(BigInteger)


class PersonImage:
    """A person as an import sees them."""

    nip: Mapped[str] = mapped_column(String(18), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    sort_name: Mapped[str] = mapped_column(String(200), default="")
    degrees_before: Mapped[str] = mapped_column(String(60), default="")
    degrees_after: Mapped[str] = mapped_column(String(60), default="")
    status: Mapped[str] = mapped_column(String(10), default="")
    grade: Mapped[str] = mapped_column(String(10), default="")
    position_name: Mapped[str] = mapped_column(String(200), default="")
    position_class: Mapped[str] = mapped_column(String(40), default="")
    contract_start: Mapped[date | None] = mapped_column(Date)
    contract_end: Mapped[date | None] = mapped_column(Date)
    whatsapp: Mapped[str] = mapped_column(String(20), default="")
    active: Mapped[bool] = mapped_column(default=True)


class RosterRow(PersonImage, Model):
    """What an import would do to one person: the person after it."""

    __tablename__ = "roster_row"
    __table_args__ = (
        Index("ix_roster_row_kind", "import_id", "kind", "sort_name"),
        CheckConstraint(
            "kind in ('new', 'moved', 'changed', 'back', 'leaver', 'same', 'refused')", name="kind"
        ),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"), primary_key=True)
    # The row in the sheet; below zero for a leaver, who stands in none.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10))
    # No foreign key: a person who was made by an import may be deleted with it.
    person_id: Mapped[int | None]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    siasn_id: Mapped[str] = mapped_column(String(64), default="")
    # The unit as the file writes it.
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    parent_name: Mapped[str] = mapped_column(String(200), default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    # Somebody else's present number, who may be the same person.
    twin_id: Mapped[int | None]
    # A leaver whose account stays open.
    is_kept: Mapped[bool] = mapped_column(default=False)
    # Not taken back with the import, as the person has changed since.
    is_left: Mapped[bool] = mapped_column(default=False)


class RosterBefore(PersonImage, Model):
    """The same person before."""

    __tablename__ = "roster_before"

    import_id: Mapped[int] = mapped_column(ForeignKey("roster_import.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class RosterMapping(Model):
    """Columns that somebody has named by hand, for files with the same headings."""

    __tablename__ = "roster_mapping"

    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    columns: Mapped[str] = mapped_column(Text)
    mapped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    mapped_ms: Mapped[int] = mapped_column(BigInteger)


class UnitAlias(Model):
    """A unit as files write it, folded, with the one above; said once by hand."""

    __tablename__ = "unit_alias"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    parent: Mapped[str] = mapped_column(String(200), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)


class SiasnPerson(Model):
    """The id that SIASN gives a person for life."""

    __tablename__ = "siasn_person"

    siasn_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
