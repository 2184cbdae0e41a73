"""Tables of competency: the framework, evidence, hours (JP), certificates, learning elsewhere."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from elearn.database import Model

LEVEL_RANGE = "level between 1 and 5"


class Group(StrEnum):
    """The families of competencies; the agency's own ones are technical."""

    MANAGERIAL = "manajerial"
    SOCIO_CULTURAL = "sosial_kultural"
    DIGITAL = "digital"
    TECHNICAL = "teknis"


# Their wording follows a regulation of the nation: the agency does not change it.
NATIONAL = frozenset({Group.MANAGERIAL, Group.SOCIO_CULTURAL})


class Competency(Model):
    """Something an ASN can do, measured at five levels; how it is worded stands in its editions."""

    __tablename__ = "competency"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    group: Mapped[Group] = mapped_column(String(20))
    # As the newest edition names it.
    name: Mapped[str] = mapped_column(String(120))
    # The order on pages.
    position: Mapped[int]
    # The number of the newest edition.
    edition: Mapped[int] = mapped_column(default=1)
    # The first WIB day on which nothing asks for it any more; null while it is in use.
    retired_from: Mapped[date | None] = mapped_column(Date)

    @property
    def is_national(self) -> bool:
        return self.group in NATIONAL

    def is_retired(self, day: date) -> bool:
        """Whether nothing asks for it on a day."""
        return self.retired_from is not None and self.retired_from <= day


class CompetencyEdition(Model):
    """A competency as it reads from a day on, with who changed it and why; never changed."""

    __tablename__ = "competency_edition"

    code: Mapped[str] = mapped_column(ForeignKey("competency.code"), primary_key=True)
    # 1, 2, ... without gaps.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    valid_from: Mapped[date] = mapped_column(Date)
    # Canonical JSON of the wording.
    wording: Mapped[str] = mapped_column(Text)
    retired_from: Mapped[date | None] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(400), default="")
    # Empty for what the framework came with.
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_ms: Mapped[int | None] = mapped_column(BigInteger)


class PositionClass(Model):
    """A class of positions, from pelaksana to JPT utama and the tiers of JF."""

    __tablename__ = "position_class"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    group: Mapped[str] = mapped_column(String(20))
    position: Mapped[int]
    # How well the required levels are attested: confirmed, secondhand or background.
    status: Mapped[str] = mapped_column(String(20))


class Requirement(Model):
    """The level a position class asks of a competency from a day on; 0 asks none."""

    __tablename__ = "requirement"
    __table_args__ = (CheckConstraint("level between 0 and 5", name="level"),)

    position_class: Mapped[str] = mapped_column(ForeignKey("position_class.key"), primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("competency.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    level: Mapped[int]
    reason: Mapped[str] = mapped_column(String(400), default="")
    # Empty for what the framework came with.
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_ms: Mapped[int | None] = mapped_column(BigInteger)


class PositionRequirement(Model):
    """The level one position asks of a competency from a day on, in the place of its class's.

    0 asks none; without a level the position follows its class again.
    """

    __tablename__ = "position_requirement"
    __table_args__ = (CheckConstraint("level between 0 and 5", name="level"),)

    position_id: Mapped[int] = mapped_column(
        ForeignKey("position.id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(ForeignKey("competency.code"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    level: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(400))
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_ms: Mapped[int] = mapped_column(BigInteger)


class TrainingKind(Model):
    """A kind of training as SIASN numbers it (jenisDiklatId)."""

    __tablename__ = "training_kind"

    id: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    # SIASN's jenisKursusSertipikat; empty where it was not found.
    flag: Mapped[str] = mapped_column(String(2))
    classical: Mapped[bool]
    position: Mapped[int]


class AssessedLevel(Model):
    """A level set by an assessment and entered by HR: the only thing called the level held."""

    __tablename__ = "assessed_level"
    __table_args__ = (
        CheckConstraint(LEVEL_RANGE, name="level"),
        Index(
            "ix_assessed_level_standing",
            "person_id",
            "code",
            "assessed_on",
            unique=True,
            sqlite_where=text("withdrawn_ms IS NULL"),
            postgresql_where=text("withdrawn_ms IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    code: Mapped[str] = mapped_column(ForeignKey("competency.code"))
    level: Mapped[int]
    assessed_on: Mapped[date] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_ms: Mapped[int] = mapped_column(BigInteger)
    # A level that was entered wrongly stays, and counts no more.
    withdrawn_ms: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_reason: Mapped[str] = mapped_column(String(400), default="")


class TargetProposal(Model):
    """A class or one position that HR proposes to a person as target, until they answer."""

    __tablename__ = "target_proposal"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    position_class: Mapped[str] = mapped_column(ForeignKey("position_class.key"))
    # One position of that class; null for the class as a whole.
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_ms: Mapped[int] = mapped_column(BigInteger)


class Evidence(Model):
    """Something that supports a competency up to a level; derived from the journal."""

    __tablename__ = "evidence"
    __table_args__ = (CheckConstraint(LEVEL_RANGE, name="level"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[int]
    source_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at_ms: Mapped[int] = mapped_column(BigInteger)


class HoursEntry(Model):
    """JP credited to a person from one source; derived from the journal."""

    __tablename__ = "hours_entry"
    __table_args__ = (
        CheckConstraint("jp >= 1", name="jp"),
        Index("ix_hours_entry_person_ended", "person_id", "ended_on"),
        Index("ix_hours_entry_ended", "ended_on", "person_id"),
    )

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id"), primary_key=True, autoincrement=False
    )
    source_kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    # TrainingKind.id; no foreign key, as the journal may name a kind that HR has removed since.
    kind: Mapped[str] = mapped_column(String(10))
    jp: Mapped[int]
    # Development by written assignment, as opposed to own initiative.
    planned: Mapped[bool]
    # WIB day; its year is the year of credit.
    ended_on: Mapped[date] = mapped_column(Date)
    # JSON list of the WIB days with activity; empty where they are not known.
    days: Mapped[str] = mapped_column(Text)
    # The unit at the time: a record stays where it was earned.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class HoursYear(Model):
    """JP of a person in a WIB calendar year; derived from the entries in the same transaction."""

    __tablename__ = "hours_year"
    __table_args__ = (Index("ix_hours_year_year_person", "year", "person_id"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    earned_jp: Mapped[int]
    countable_jp: Mapped[int]


class Certificate(Model):
    """A numbered certificate, frozen at issue and never changed, though it may be revoked.

    While it waits for a number of the office register, ``number`` and ``serial`` are empty, and
    ``issued_ms`` is the moment since when it waits.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        # One stands for a source; those that it replaced, one by one, stay beside it.
        Index(
            "ix_certificate_standing",
            "source_kind",
            "source_id",
            unique=True,
            sqlite_where=text("replacement_id IS NULL"),
            postgresql_where=text("replacement_id IS NULL"),
        ),
        UniqueConstraint("year", "serial"),
        Index("ix_certificate_issued", "issued_ms", "unit_id"),
    )

    # An unguessable token: the address of the public check.
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[str | None] = mapped_column(String(80), unique=True)
    # Empty too where the number came from the register.
    serial: Mapped[int | None]
    # WIB year of issue; serials run without gaps within it.
    year: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # The unit at the time: a record stays where it was earned.
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    source_kind: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[str] = mapped_column(String(40))
    # Canonical JSON of everything printed; digest is its SHA-256 and stands in the journal.
    frozen: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    issued_ms: Mapped[int] = mapped_column(BigInteger)
    # SHA-256 of the PDF, whose bytes are kept as a file; empty until it is first needed.
    pdf_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    # Whether it counts only once a signed PDF has taken the place of ours; and that PDF's SHA-256.
    needs_signature: Mapped[bool] = mapped_column(default=False)
    signed_digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    # When, by whom (a person) and why it was revoked; the row itself stays.
    revoked_ms: Mapped[int | None] = mapped_column(BigInteger, index=True)
    revoked_by: Mapped[int | None]
    revoked_reason: Mapped[str] = mapped_column(String(400), default="")
    # The id of the certificate in its place, and when, by whom (a person) and why it was issued.
    replacement_id: Mapped[str | None] = mapped_column(String(40), index=True, unique=True)
    replaced_ms: Mapped[int | None] = mapped_column(BigInteger)
    replaced_by: Mapped[int | None]
    replaced_reason: Mapped[str] = mapped_column(String(400), default="")
    # The last WIB day on which it is valid, as it is printed; null where it is valid for good.
    expires_on: Mapped[date | None] = mapped_column(Date)
    # The id of the certificate of the round before, which this one renews.
    renews: Mapped[str | None] = mapped_column(String(40), index=True)


class CertificateSerial(Model):
    """The last serial given in a year."""

    __tablename__ = "certificate_serial"

    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CertificatePhoto(Model):
    """The photo that a person wants on certificates issued from now on."""

    __tablename__ = "certificate_photo"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sent_ms: Mapped[int] = mapped_column(BigInteger)


class NumberBatch(Model):
    """Numbers of the office register that were entered together."""

    __tablename__ = "number_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What they rest on, as the letter of the office.
    basis: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_ms: Mapped[int] = mapped_column(BigInteger)


class NumberState(StrEnum):
    """What became of a number of the register."""

    FREE = "free"
    GIVEN = "given"
    CANCELLED = "cancelled"


class RegisterNumber(Model):
    """A number of the office register; given once, in the order of entry, never again."""

    __tablename__ = "register_number"
    __table_args__ = (
        CheckConstraint("state in ('free', 'given', 'cancelled')", name="state"),
        Index("ix_register_number_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("number_batch.id"))
    number: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[NumberState] = mapped_column(String(10))
    certificate_id: Mapped[str | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    given_ms: Mapped[int | None] = mapped_column(BigInteger)
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    cancelled_ms: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(400), default="")
