"""Refused sign-ins in the audit log: told, counted, bounded, and nothing typed is kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock, signing
from elearn.database import db, transaction
from elearn.jobs import Work
from elearn.people import audit, refusals
from elearn.people.audit import Action, Entry
from elearn.people.models import AuditEntry, RefusedSignIn
from tests.people_cast import Cast, browser, signed_in

NOBODYS = "199001152015031991"
START_MS = 1_900_000_000_000 - 1_900_000_000_000 % refusals.QUARTER_MS


def entries() -> list[Entry]:
    return list(audit.everything(audit.Wanted(action=Action.SIGN_IN_REFUSED)))


def refuse(*accounts: str) -> None:
    for account in accounts:
        with transaction():
            refusals.note(account)


def end_quarter() -> None:
    with clock.set_to(START_MS + refusals.QUARTER_MS):
        refusals.tell_totals(Work(0, refusals.REFUSALS_JOB, {}))


def test_a_wrong_password_is_told_of_its_person_and_of_nobody(app: Flask, cast: Cast) -> None:
    for nip in (cast.ani.nip, NOBODYS):
        browser(app).post("/login", data={"nip": nip, "password": "salah sama sekali"})
    known, unknown = entries()
    assert (known.subject, known.values["times"]) == (cast.ani.full_name, 1)
    assert unknown.subject == ""
    assert len(unknown.values["account"]) == refusals.SHOWN
    kept = db.session.scalars(select(AuditEntry.body)).all()
    assert not any(NOBODYS in body or "salah" in body for body in kept)
    page = signed_in(app, cast.dewi).get("/admin/audit?action=account:refused").text
    assert "percobaan masuk ditolak" in page
    assert "tak dikenal" in page
    assert "percobaan masuk ditolak" in signed_in(app, cast.ani).get("/account/looks").text


def test_an_account_adds_two_entries_a_quarter(cast: Cast) -> None:
    with clock.set_to(START_MS + 1):
        refuse(*[cast.ani.nip] * 7, NOBODYS)
    assert [entry.values["times"] for entry in entries()] == [1, 1]
    end_quarter()
    assert [entry.values["times"] for entry in entries()] == [1, 1, 7]
    assert db.session.scalar(select(func.count()).select_from(RefusedSignIn)) == 0
    end_quarter()
    assert len(entries()) == 3


def test_a_flood_of_unknown_accounts_is_bounded(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "MOST_UNKNOWN", 3)
    with clock.set_to(START_MS + 1):
        refuse(*(f"{number:018}" for number in range(9)), f"{0:018}", cast.ani.nip)
    told = [entry.values["account"] for entry in entries()]
    assert len(told) == 5
    assert told[3:] == [refusals.BEYOND, ""]
    end_quarter()
    assert [e.values["times"] for e in entries()[5:]] == [2, 6]


def test_the_digest_of_an_account_is_keyed(cast: Cast) -> None:
    refuse(NOBODYS)
    key = signing.ring().secret(refusals.SECRET)
    assert len(key) == 32
    assert signing.ring().secret(refusals.SECRET) == key
    assert signing.ring().secret("another") != key
