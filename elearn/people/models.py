"""Tables of people: persons, the unit tree, roles, sign-ins, notices, the audit log."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from elearn.database import Model
from elearn.people.permissions import Role
from elearn.people.statuses import Status as Status


class UnitKind(StrEnum):
    """What a unit is; only a word beside its name, no rule hangs on it."""

    OTHER = ""
    GOVERNMENT = "government"
    AGENCY = "agency"  # OPD: dinas, badan, inspektorat, sekretariat
    DIVISION = "division"  # bidang, bagian
    SECTION = "section"  # seksi, subbagian, subbidang
    DISTRICT = "district"  # kecamatan
    VILLAGE = "village"  # kelurahan
    HEALTH_CENTRE = "health_centre"
    SCHOOL = "school"
    TECHNICAL_UNIT = "technical_unit"  # UPTD


class Unit(Model):
    """A node of the agency tree: government, OPD, bidang, seksi, puskesmas, school."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[UnitKind] = mapped_column(String(20), default=UnitKind.OTHER, server_default="")
    # Among the units beside it; alike ones stand by name.
    rank: Mapped[int] = mapped_column(default=0, server_default="0")
    # Since when nobody is placed here any more; None while the unit is open.
    closed_ms: Mapped[int | None] = mapped_column(BigInteger)
    # Where its people and subunits went when it was closed by a merger.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    # "/1/4/9/": the ids from the root to this unit, so that a branch is one prefix.
    path: Mapped[str] = mapped_column(String(200), index=True)


class Position(Model):
    """A jabatan and the class (pelaksana ... JPT utama, JF tiers) that sets its requirements."""

    __tablename__ = "position"
    __table_args__ = (UniqueConstraint("name", "position_class"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    position_class: Mapped[str] = mapped_column(String(40))


class Person(Model):
    """An ASN. ``id`` is stable for life; the NIP may change and keeps its history."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("length(nip) = 18", name="nip_length"),
        CheckConstraint("status in ('pns', 'cpns', 'pppk', 'pppk_pw')", name="status"),
        Index("ix_person_unit_status", "unit_id", "active", "status"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nip: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    degrees_before: Mapped[str] = mapped_column(String(60), default="")
    degrees_after: Mapped[str] = mapped_column(String(60), default="")
    # Folded name, for searching and sorting.
    sort_name: Mapped[str] = mapped_column(String(200), index=True)
    status: Mapped[Status] = mapped_column(String(10))
    grade: Mapped[str] = mapped_column(String(10), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    # Position class the person works towards; empty when none is chosen.
    target_class: Mapped[str] = mapped_column(String(40), default="")
    # One position of that class; null for the class as a whole.
    target_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    whatsapp: Mapped[str] = mapped_column(String(20), default="")
    active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(default=True)
    # One-time sign-in code: Argon2id hash and the moment it stops working.
    code_hash: Mapped[str] = mapped_column(String(200), default="")
    code_until_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    created_ms: Mapped[int] = mapped_column(BigInteger, index=True)

    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")
    position: Mapped[Position | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[position_id]
    )

    @property
    def full_name(self) -> str:
        return full_name(self.degrees_before, self.name, self.degrees_after)


def full_name(before: str, name: str, after: str) -> str:
    """The name as printed: degrees before and after."""
    start = f"{before} {name}" if before else name
    return f"{start}, {after}" if after else start


class FormerNip(Model):
    """A number a person had before; the history stays with the person."""

    __tablename__ = "former_nip"

    nip: Mapped[str] = mapped_column(String(18), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    until_ms: Mapped[int] = mapped_column(BigInteger)


class RoleGrant(Model):
    """A role beyond learner; HR of a unit holds it for a unit and all below."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    granted_ms: Mapped[int] = mapped_column(BigInteger)
    # When it holds: until_ms is the first moment after it, None where no end is set.
    from_ms: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    until_ms: Mapped[int | None] = mapped_column(BigInteger)


class Way(StrEnum):
    """What somebody showed first when they signed in."""

    PASSWORD = "password"  # noqa: S105  # the name of a way
    CODE = "code"  # the one-time code from HR
    AGENCY = "agency"  # the sign-on of the agency; no password of one's own is needed
    RESCUE = "rescue"  # a one-time code of an admin, while passwords are switched off


class SignIn(Model):
    """One device that is signed in. Without this row its cookie is dead."""

    __tablename__ = "sign_in"

    # SHA-256 of the token in the cookie: a stolen database opens no session.
    stamp: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_ms: Mapped[int] = mapped_column(BigInteger)
    until_ms: Mapped[int] = mapped_column(BigInteger)
    device: Mapped[str] = mapped_column(String(120), default="")
    # When its person last showed who they are: signed in, or gave the password again.
    confirmed_ms: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    # From when it can do nothing but set up a second factor; None where none is asked.
    factor_due_ms: Mapped[int | None] = mapped_column(BigInteger)
    way: Mapped[Way] = mapped_column(
        String(10), default=Way.PASSWORD, server_default=Way.PASSWORD.value
    )


class Guessing(Model):
    """Failed tries per account or address, kept by digest."""

    __tablename__ = "guessing"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    blocked_until_ms: Mapped[int] = mapped_column(BigInteger)
    last_ms: Mapped[int] = mapped_column(BigInteger)


class RefusedSignIn(Model):
    """How often an account was refused in a quarter of an hour; gone when it is over."""

    __tablename__ = "refused_sign_in"

    # "person:12", or a keyed digest of what was typed where nobody has it.
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    quarter_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    times: Mapped[int]


class Allowance(Model):
    """How much of its allowance of public pages an address has used, kept by digest."""

    __tablename__ = "allowance"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    # When all of it is there again, if nothing more is used.
    whole_ms: Mapped[int] = mapped_column(BigInteger)


class Notice(Model):
    """A message in a person's inbox: a kind and its values, never a sentence."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index("ix_notice_inbox", "person_id", "read_ms", "created_ms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    # The same key is one notice, however often its cause is repeated.
    key: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    created_ms: Mapped[int] = mapped_column(BigInteger)
    read_ms: Mapped[int | None] = mapped_column(BigInteger)


class AuditEntry(Model):
    """Who did or saw what of whom, and when; chained for each actor, never updated."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_actor_seq", "actor_id", "seq", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None is the operator at the console, or the product itself.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    body: Mapped[str] = mapped_column(Text, default="{}")
    at_ms: Mapped[int] = mapped_column(BigInteger, index=True)
    seq: Mapped[int] = mapped_column(server_default="0")
    digest: Mapped[str] = mapped_column(String(64), server_default="")


class AuditHead(Model):
    """The last link of an actor's chain of audit entries."""

    __tablename__ = "audit_head"

    # A person, or 0 for the operator.
    actor: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
