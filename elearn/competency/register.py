"""The office register: numbers entered in batches, given in order, cancelled with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from elearn import clock, jobs
from elearn.competency import issuing
from elearn.competency.models import Certificate, NumberBatch, NumberState, RegisterNumber
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.jobs import Work
from elearn.journal import chain
from elearn.number_patterns import MAX_NUMBER_LENGTH
from elearn.people import audit, notices
from elearn.people.notices import NoticeKind

MOST_NUMBERS = 2_000  # a batch
GIVEN_AT_ONCE = 50  # a transaction: short, so that nobody waits long
PORTION = 200
MIN_REASON, MAX_REASON = 5, 400


class BadNumber(Invalid):
    """A line of a batch that cannot be entered. ``line`` counts from 1."""

    def __init__(self, reason: str, line: int, number: str) -> None:
        super().__init__(reason, "numbers")
        self.line = line
        self.number = number


@dataclass(frozen=True)
class Run:
    """Numbers in a row: what stands before and after, and the first and the last one."""

    before: str
    first: str
    last: str
    after: str

    def numbers(self) -> list[str]:
        """As wide as the first one is written: 0101 to 0150. Raises Invalid with the field."""
        for field, text in (("first", self.first), ("last", self.last)):
            if not (text.isascii() and text.isdigit() and len(text) <= 9):
                raise Invalid("not_a_number", field)
        low, high, width = int(self.first), int(self.last), len(self.first)
        if high < low:
            raise Invalid("last_before_first", "last")
        if high - low >= MOST_NUMBERS:
            raise Invalid("too_many", "last")
        return [f"{self.before}{at:0{width}}{self.after}" for at in range(low, high + 1)]


def lines_of(text: str) -> list[str]:
    """The numbers of a pasted list, one a line; empty lines are passed over."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def enter(actor_id: int, basis: str, numbers: Sequence[str]) -> int:
    """Enter a batch, all or nothing, and have it given to those who wait. Returns how many.

    Raises BadNumber with the first line that cannot be entered, Invalid("no_numbers", "numbers")
    and Invalid("too_many", "numbers").
    """
    _check(numbers)
    now_ms = clock.now_ms()
    batch = NumberBatch(basis=basis, entered_by=actor_id, entered_ms=now_ms)
    db.session.add(batch)
    db.session.flush()
    rows = [
        {"batch_id": batch.id, "number": number, "state": NumberState.FREE, "reason": ""}
        for number in numbers
    ]
    db.session.execute(insert(RegisterNumber), rows)
    audit.record(actor_id, "number:entered", None, id=batch.id, count=len(rows))
    jobs.enqueue(issuing.NUMBER_JOB, f"{issuing.NUMBER_JOB}:batch:{batch.id}")
    return len(rows)


def _check(numbers: Sequence[str]) -> None:
    if not numbers:
        raise Invalid("no_numbers", "numbers")
    if len(numbers) > MOST_NUMBERS:
        raise Invalid("too_many", "numbers")
    seen: set[str] = set()
    for line, number in enumerate(numbers, start=1):
        if len(number) > MAX_NUMBER_LENGTH or not number.isprintable():
            raise BadNumber("number_malformed", line, number)
        if number in seen:
            raise BadNumber("number_twice", line, number)
        seen.add(number)
    taken = _taken(numbers)
    for line, number in enumerate(numbers, start=1):
        if number in taken:
            raise BadNumber("number_taken", line, number)


def _taken(numbers: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(numbers), PORTION):
        some = numbers[at : at + PORTION]
        for column in (Certificate.number, RegisterNumber.number):
            found.update(
                number
                for number in db.session.scalars(select(column).where(column.in_(some)))
                if number
            )
    return found


def cancel(actor_id: int, number_id: int, reason: str) -> RegisterNumber:
    """Take a free number out of use; it stays in the register with the reason.

    Raises NotFound, Conflict("given") for one that is not free, Invalid("reason_short", "reason").
    """
    if not MIN_REASON <= len(reason.strip()) <= MAX_REASON:
        raise Invalid("reason_short", "reason")
    row = number_of(number_id)
    free = (RegisterNumber.id == number_id) & (RegisterNumber.state == NumberState.FREE)
    values = {
        "state": NumberState.CANCELLED,
        "cancelled_by": actor_id,
        "cancelled_ms": clock.now_ms(),
        "reason": reason.strip(),
    }
    done = db.session.execute(update(RegisterNumber).where(free).values(values))
    if not done.rowcount:  # type: ignore[attr-defined]  # an update has one
        raise Conflict("given")
    audit.record(actor_id, "number:cancelled", None, id=number_id, number=row.number)
    return row


def number_of(number_id: int) -> RegisterNumber:
    """A number of the register. Raises NotFound."""
    row = db.session.get(RegisterNumber, number_id)
    if row is None:
        raise NotFound
    return row


def give_waiting(work: Work) -> None:
    """The job that gives free numbers to the certificates that wait, the oldest first."""
    while _give_some():
        work.report(50)
    work.report(100)


def _give_some() -> bool:
    """A transaction's worth. Returns whether there may be more."""
    with transaction():
        _one_at_a_time()
        waiting = _waiting()
        numbers = _free(len(waiting))
        pairs = list(zip(waiting, numbers, strict=False))
        for person_id in sorted({certificate.person_id for certificate, _ in pairs}):
            chain.append(db.session(), person_id, [], clock.now_ms())  # holds the chain
        for certificate, number in pairs:
            _give(certificate, number)
    return len(pairs) == GIVEN_AT_ONCE


def _one_at_a_time() -> None:
    """The first batch is the lock: two runners would else take numbers out of turn."""
    first = select(NumberBatch.id).order_by(NumberBatch.id).limit(1)
    db.session.execute(first.with_for_update())


def _waiting() -> Sequence[Certificate]:
    wanted = select(Certificate).where(Certificate.number.is_(None))
    order = (Certificate.issued_ms, Certificate.id)
    return db.session.scalars(wanted.order_by(*order).limit(GIVEN_AT_ONCE)).all()


def _free(count: int) -> Sequence[RegisterNumber]:
    wanted = select(RegisterNumber).where(RegisterNumber.state == NumberState.FREE)
    return db.session.scalars(wanted.order_by(RegisterNumber.id).limit(count)).all()


def _give(certificate: Certificate, number: RegisterNumber) -> None:
    issuing.number_waiting(certificate, number.number)
    number.state = NumberState.GIVEN
    number.certificate_id = certificate.id
    number.given_ms = clock.now_ms()
    notices.notify(
        certificate.person_id,
        NoticeKind.CERTIFICATE_NUMBERED,
        f"numbered:{certificate.id}",
        title=issuing.title_of(certificate),
        number=number.number,
        certificate=certificate.id,
    )
