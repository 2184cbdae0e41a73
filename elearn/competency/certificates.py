"""Certificates as they are read: by their holder, by HR, by anybody who checks one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import aliased

from elearn import canonical, clock
from elearn.competency.events import Source
from elearn.competency.frozen import digest_of
from elearn.competency.models import Certificate
from elearn.database import db
from elearn.errors import Invalid, NotFound
from elearn.people import nip, units
from elearn.people.actors import Actor
from elearn.people.models import Unit

ID_GROUP = 5
PORTION = 500
DAYS = {"started_on", "completed_on", "issued_on", "expires_on"}  # frozen fields that are days
MOST_MARKS, MARK_LENGTH = 1_000, 16
SEPARATORS = str.maketrans("", "", " -.")


class State(StrEnum):
    """What the check says of a certificate."""

    VALID = "valid"
    # Complete but for a number of the office register.
    AWAITING_NUMBER = "awaiting_number"
    # Numbered, but not valid before a signed PDF has taken the place of ours.
    AWAITING_SIGNATURE = "awaiting_signature"
    # Its last day is over.
    EXPIRED = "expired"
    # The course was completed again in a later round, whose certificate is valid in its place.
    RENEWED = "renewed"
    # Taken back by HR of the agency, with a reason that anybody may read.
    REVOKED = "revoked"
    # The stored text is no longer the one whose digest was taken at issue.
    DAMAGED = "damaged"


# Where a certificate that was issued and not taken back may stand: its file is given.
ISSUED = (State.VALID, State.EXPIRED, State.RENEWED)


@dataclass(frozen=True)
class Paper:
    """A certificate as it is shown: ``fields`` are the frozen ones, dates as dates.

    ``number`` is empty while it waits for one.
    """

    id: str
    number: str
    person_id: int
    fields: dict[str, Any]
    state: State
    issued_ms: int
    digest: str  # SHA-256 of the frozen text
    pdf_digest: str  # SHA-256 of the PDF; empty until it is first needed
    signed_digest: str  # SHA-256 of the signed PDF in its place; empty without one
    revoked_ms: int  # 0 while it stands
    revoked_reason: str
    expires_on: date | None  # its last day; None where it is valid for good
    renews: str  # the id of the one it renews; empty without one
    renewed_by: str  # the id of the one that is valid in its place; empty without one
    replacement: str  # the id of the corrected one in the place of a revoked one; else empty

    @property
    def is_genuine(self) -> bool:
        """Issued and never taken back, though its days may be over."""
        return self.state in ISSUED

    @property
    def code(self) -> str:
        """The id in groups, as it is printed for typing."""
        return "-".join(self.id[at : at + ID_GROUP] for at in range(0, len(self.id), ID_GROUP))


def id_of(source: Source) -> str:
    """The id of the certificate that stands for a source; empty without one."""
    return db.session.scalar(select(Certificate.id).where(stands_for(source))) or ""


def stands_for(source: Source) -> ColumnElement[bool]:
    """The condition on Certificate: of this source, and none is in its place."""
    at = (Certificate.source_kind == source.kind) & (Certificate.source_id == source.id)
    return at & Certificate.replacement_id.is_(None)


def id_typed(code: str) -> str:
    """The id behind a code as people type it: in groups, in capitals."""
    return code.strip().lower().translate(SEPARATORS)


def of(person_id: int) -> list[Paper]:
    """The certificates of a person, newest first."""
    wanted = _papers().where(Certificate.person_id == person_id)
    order = (Certificate.issued_ms.desc(), Certificate.serial.desc())
    return [_paper(row) for row in db.session.execute(wanted.order_by(*order))]


def own(actor: Actor, id: str) -> Paper:
    """A certificate for its holder, or for HR within whose reach the holder is."""
    paper = load(id)
    units.refuse_stranger(actor, paper.person_id)
    return paper


def in_reach(actor: Actor, ids: Sequence[str]) -> list[str]:
    """Those of the ids, in their order, whose records lie within the actor's reach."""
    found: set[str] = set()
    for at in range(0, len(ids), PORTION):
        wanted = select(Certificate.id).join(Unit, Unit.id == Certificate.unit_id)
        some = Certificate.id.in_(ids[at : at + PORTION])
        found.update(db.session.scalars(wanted.where(some, units.reach(actor))))
    return [id_ for id_ in ids if id_ in found]


def public(id: str) -> Paper:
    """A certificate for anybody who knows its id: the NIP is masked."""
    return _masked(load(id))


def _masked(paper: Paper) -> Paper:
    paper.fields["nip"] = nip.mask(paper.fields["nip"])
    return paper


def find(code: str, number: str, last_digits: str) -> str:
    """The id of a certificate by its code, or by its number with the end of the NIP on it.

    A number alone can be guessed, so it opens nothing. Raises Invalid with the field.
    """
    if code.strip():
        return _existing(id_typed(code))
    if not number.strip():
        raise Invalid("nothing_typed", "code")
    if len(last_digits.strip()) != nip.SHOWN_DIGITS:
        raise Invalid("last_digits_missing", "last_digits")
    wanted = select(Certificate).where(Certificate.number == number.strip())
    found = db.session.scalar(wanted)
    if found is None or not json.loads(found.frozen)["nip"].endswith(last_digits.strip()):
        raise Invalid("unknown", "number")
    return found.id


def _existing(id: str) -> str:
    found = db.session.scalar(select(Certificate.id).where(Certificate.id == id))
    if found is None:
        raise Invalid("unknown", "code")
    return found


class Standing(Protocol):
    """The columns that say where a certificate stands."""

    @property
    def frozen(self) -> Any: ...
    @property
    def digest(self) -> Any: ...
    @property
    def number(self) -> Any: ...
    @property
    def needs_signature(self) -> Any: ...
    @property
    def signed_digest(self) -> Any: ...
    @property
    def revoked_ms(self) -> Any: ...
    @property
    def expires_on(self) -> Any: ...
    @property
    def renewed_by(self) -> Any: ...


def renewed_by() -> ColumnElement[str]:
    """The certificate that is valid in the place of one, as a column of a select of Certificate.

    A later round renews what one source gave, also where it was replaced after that.
    """
    later, same = aliased(Certificate), aliased(Certificate)
    of_source = select(same.id).where(
        same.person_id == Certificate.person_id,
        same.source_kind == Certificate.source_kind,
        same.source_id == Certificate.source_id,
    )
    stands = later.number.is_not(None) & later.revoked_ms.is_(None)
    signed = ~later.needs_signature | (later.signed_digest != "")
    newest = select(later.id).where(
        later.renews.in_(of_source.correlate(Certificate)), stands, signed
    )
    one = newest.order_by(later.issued_ms.desc()).limit(1).correlate(Certificate)
    return one.scalar_subquery().label("renewed_by")


def state_of(row: Standing) -> State:
    """Where a certificate stands; the one place that says it."""
    if digest_of(row.frozen) != row.digest:
        return State.DAMAGED
    if row.revoked_ms:
        return State.REVOKED
    if not row.number:
        return State.AWAITING_NUMBER
    if row.needs_signature and not row.signed_digest:
        return State.AWAITING_SIGNATURE
    if row.renewed_by:
        return State.RENEWED
    is_over = row.expires_on is not None and row.expires_on < clock.today()
    return State.EXPIRED if is_over else State.VALID


def is_in(state: State) -> ColumnElement[bool]:
    """The condition on Certificate that holds in a state; a damaged one is seen only when read."""
    unsigned = Certificate.needs_signature & (Certificate.signed_digest == "")
    stands = Certificate.number.is_not(None) & Certificate.revoked_ms.is_(None)
    renewed, over = renewed_by().is_not(None), Certificate.expires_on < clock.today()
    lasts = Certificate.expires_on.is_(None) | ~over
    conditions: dict[State, ColumnElement[bool]] = {
        State.AWAITING_NUMBER: Certificate.number.is_(None),
        State.AWAITING_SIGNATURE: stands & unsigned,
        State.VALID: stands & ~unsigned & ~renewed & lasts,
        State.EXPIRED: stands & ~unsigned & ~renewed & over,
        State.RENEWED: stands & ~unsigned & renewed,
        State.REVOKED: Certificate.revoked_ms.is_not(None),
        State.DAMAGED: false(),
    }
    return conditions[state]


def load(id: str) -> Paper:
    """A certificate whoever asks, as it stands now, for work that has asked already.

    What the session holds is read again: a chain may have been waited for since. Raises NotFound.
    """
    row = db.session.execute(_papers().where(Certificate.id == id_typed(id))).first()
    if row is None:
        raise NotFound
    return _paper(row)


class TakenBack(NamedTuple):
    """Marks of certificates that are revoked, and of those that others have replaced."""

    revoked: list[str]
    replaced: list[str]


def taken_back() -> TakenBack:
    """The newest revocations, by marks from which no id can be told, for the kept check."""
    wanted = select(Certificate.id, Certificate.replacement_id)
    revoked = wanted.where(Certificate.revoked_ms.is_not(None))
    newest = revoked.order_by(Certificate.revoked_ms.desc()).limit(MOST_MARKS)
    found = TakenBack([], [])
    for id_, replacement in db.session.execute(newest):
        (found.replaced if replacement else found.revoked).append(mark_of(id_))
    return found


def mark_of(id: str) -> str:
    """The start of the SHA-256 of an id, in hex; static/js/verify.js makes it too."""
    return canonical.sha256(id)[:MARK_LENGTH]


class Kin(NamedTuple):
    """The certificates before and after one that replaced or was replaced; None for neither."""

    before: Paper | None
    after: Paper | None


def kin(paper: Paper) -> Kin:
    """What a certificate replaced, and what replaced it; no statement where nothing did."""
    before = None
    if paper.fields.get("replaces"):
        row = db.session.execute(_papers().where(Certificate.replacement_id == paper.id)).first()
        before = _paper(row) if row else None
    return Kin(before, load(paper.replacement) if paper.replacement else None)


_COLUMNS = (
    Certificate.id,
    Certificate.number,
    Certificate.person_id,
    Certificate.frozen,
    Certificate.digest,
    Certificate.issued_ms,
    Certificate.pdf_digest,
    Certificate.needs_signature,
    Certificate.signed_digest,
    Certificate.revoked_ms,
    Certificate.revoked_reason,
    Certificate.expires_on,
    Certificate.renews,
    Certificate.replacement_id,
)


def _papers() -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS, renewed_by())


def _paper(row: Any) -> Paper:
    fields = json.loads(row.frozen)
    for name in DAYS & fields.keys():
        fields[name] = date.fromisoformat(fields[name])
    return Paper(
        id=row.id,
        number=row.number or "",
        person_id=row.person_id,
        fields=fields,
        state=state_of(row),
        issued_ms=row.issued_ms,
        digest=row.digest,
        pdf_digest=row.pdf_digest,
        signed_digest=row.signed_digest,
        revoked_ms=row.revoked_ms or 0,
        revoked_reason=row.revoked_reason,
        expires_on=row.expires_on,
        renews=row.renews or "",
        renewed_by=row.renewed_by or "",
        replacement=row.replacement_id or "",
    )


class Match(NamedTuple):
    """What is known of a file by its SHA-256: whose it is, and whether it is the signed one."""

    paper: Paper
    is_signed: bool


def of_file(digest: str) -> Match | None:
    """The certificate of which a file with this SHA-256 is the PDF, the NIP masked."""
    same = (Certificate.pdf_digest == digest) | (Certificate.signed_digest == digest)
    row = db.session.execute(_papers().where(same).limit(1)).first()
    return Match(_masked(_paper(row)), row.signed_digest == digest) if row else None
