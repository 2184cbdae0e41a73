"""The audit log: chained for each actor, also by many writers at once; searched, taken away."""

from __future__ import annotations

import csv
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from elearn.database import db, snapshot, transaction
from elearn.people import audit, audit_chain
from elearn.people.models import AuditEntry, AuditHead
from tests.people_cast import PASSWORD, SAME_SITE, Cast, signed_in

THREADS, EACH = 6, 5


def faults() -> list[str]:
    db.session.remove()
    with snapshot():
        seen = list(audit_chain.checked())
        last = {entry.actor: (entry.seq, entry.digest) for entry in seen}
        heads = [what for _, what in audit_chain.head_faults(last)]
        return [entry.fault for entry in seen if entry.fault] + heads


def test_each_actor_has_a_chain_and_the_operator_one_too(cast: Cast) -> None:
    with transaction():
        for actor in (cast.dewi.id, None, cast.dewi.id, cast.citra.id):
            audit.record(actor, "person:viewed", cast.ani.id)
    by_actor = {head.actor: head.seq for head in db.session.scalars(select(AuditHead))}
    assert by_actor[cast.dewi.id] == 2
    assert by_actor[cast.citra.id] == 1
    assert by_actor[audit_chain.OPERATOR] >= 1
    assert faults() == []


def test_many_writers_make_one_unbroken_chain(app: Flask, cast: Cast) -> None:
    gate, actors = threading.Barrier(THREADS), (cast.dewi.id, cast.citra.id, None)
    subject = cast.ani.id

    def write(number: int) -> None:
        with app.app_context():
            gate.wait()
            for _ in range(EACH):
                with transaction():
                    audit.record(actors[number % 3], "person:viewed", subject)
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(write, range(THREADS)))
    heads = {head.actor: head.seq for head in db.session.scalars(select(AuditHead))}
    assert heads[cast.dewi.id] == heads[cast.citra.id] == EACH * THREADS // 3
    assert faults() == []


def test_an_entry_that_is_undone_leaves_no_gap(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # after the work
        audit.record(cast.dewi.id, "person:viewed", cast.ani.id)
        raise ZeroDivisionError
    with transaction():
        audit.record(cast.dewi.id, "person:viewed", cast.ani.id)
    assert faults() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_change_an_entry(app: Flask, cast: Cast, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql(statement)


def actions_of(person_id: int) -> list[str]:
    mine = select(AuditEntry.action).where(AuditEntry.actor_id == person_id)
    return list(db.session.scalars(mine.order_by(AuditEntry.id)))


def test_signing_in_and_out_is_noted(app: Flask, cast: Cast) -> None:
    browser = app.test_client()
    values = {"nip": cast.ani.nip, "password": PASSWORD}
    assert browser.post("/login", data=values, environ_base=SAME_SITE).status_code == 303
    browser.post("/logout", environ_base=SAME_SITE)
    assert actions_of(cast.ani.id) == ["account:signed_in", "account:signed_out"]


def test_the_log_is_found_by_actor_and_subject_and_the_operator(cast: Cast) -> None:
    with transaction():
        audit.record(cast.citra.id, "person:viewed", cast.ani.id)
        audit.record(cast.dewi.id, "person:viewed", cast.budi.id)
        audit.record(None, "export:completions", None)
    found = {
        (actor, subject): len(audit.find(audit.Wanted(actor, subject, "person:viewed")).entries)
        for actor, subject in (
            (cast.citra.name, ""),
            ("", cast.ani.name),
            (cast.citra.name, cast.ani.name),
            (cast.citra.name, cast.budi.name),
            ("", ""),
        )
    }
    assert list(found.values()) == [1, 1, 1, 0, 2]
    assert len(audit.find(audit.Wanted("operator", "", "export:completions")).entries) == 1


def test_the_log_is_taken_away_as_wanted_and_that_is_noted(app: Flask, cast: Cast) -> None:
    with transaction():
        audit.record(cast.citra.id, "=cmd", cast.ani.id, reason="=1+1")
        audit.record(cast.dewi.id, "person:viewed", cast.ani.id)
    fadli = signed_in(app, cast.fadli)
    sent = fadli.get("/admin/audit.csv?action=%3Dcmd&q=&page=3")
    lines = list(csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff"))))
    assert len(lines) == 2
    assert lines[1][3] == "'=cmd"
    assert lines[1][7] == db.session.scalar(
        select(AuditEntry.digest).where(AuditEntry.action == "=cmd")
    )
    assert fadli.get("/admin/audit.xlsx").data.startswith(b"PK")
    wanted = select(AuditEntry).where(AuditEntry.action == "export:audit").order_by(AuditEntry.id)
    noted = db.session.scalars(wanted).all()
    assert [entry.body for entry in noted] == [
        '{"narrowed":["action==cmd","kind=csv"]}',
        '{"narrowed":["kind=xlsx"]}',
    ]
    assert "saringan: action==cmd, kind=csv" in fadli.get("/admin/audit").text
    for person in (cast.ani, cast.citra, cast.syamsul):
        assert signed_in(app, person).get("/admin/audit.csv").status_code == 404
