"""From the agency's account to the person here: matched by NIP, never made."""

from __future__ import annotations

from sqlalchemy import select

from elearn.database import rows
from elearn.people import nip, refusals
from elearn.people.accounts import Verified, Way
from elearn.people.models import Person
from elearn.sign_on.provider import Known
from elearn.sign_on.refusing import UNTOLD, Reason, Refused


def verified_of(known: Known) -> Verified:
    """The active person whose NIP the provider named, as who has shown a first factor.

    Raises Refused.
    """
    return Verified(person_of(known.nip), way=Way.AGENCY, has_second=known.has_second_factor)


def person_of(told: object) -> int:
    """The id of the active person with the NIP that the provider told. Raises Refused."""
    if told is None or told == "":
        raise Refused(Reason.NIP_MISSING)
    if not isinstance(told, str):  # a number may have been rounded on its way
        raise Refused(Reason.NIP_DAMAGED)
    try:
        digits = nip.parse(told).digits
    except nip.NipError:
        raise Refused(Reason.NIP_DAMAGED) from None
    found = rows(select(Person.id, Person.active).where(Person.nip == digits))
    if not found:
        raise Refused(Reason.NIP_UNKNOWN, account=digits)
    if not found[0].active:
        raise Refused(Reason.LEFT, person_id=found[0].id)
    return int(found[0].id)


def note(problem: Refused) -> None:
    """Keep in the audit log that somebody was not let in, and why."""
    if problem.reason not in UNTOLD:
        refusals.note_agency(problem.reason, problem.account, problem.person_id)
