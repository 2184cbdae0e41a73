"""Who opens the pages of `bench.hr`, and what stands in the gaps of their addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sqlalchemy import text
from werkzeug.routing import AnyConverter, Rule

from elearn import clock
from elearn.certification import packages
from elearn.certification.models import SignedUpload
from elearn.database import db, transaction
from elearn.people import staffing
from elearn.people.models import Person, RoleGrant, Unit
from elearn.people.permissions import Role
from elearn.privacy.models import Breach

Parts = Mapping[str, Any]
OFFICE = "Dinas Contoh 7"
# By the beginning of the address, the longest first: SQL for the value of each part.
SAMPLES: dict[str, dict[str, str]] = {
    "/hr/assignments": {"id": "SELECT max(id) FROM assignment WHERE owner_unit_id IS NULL"},
    "/hr/assignments/<int(max=2147483647):id>/exempt": {
        "id": "SELECT 1",
        "person_id": "SELECT min(person_id) FROM listed_person",
    },
    "/hr/certificates/<id>": {"id": "SELECT id FROM certificate ORDER BY issued_ms DESC LIMIT 1"},
    "/hr/certificates/numbers": {"number_id": "SELECT max(id) FROM register_number"},
    "/hr/certificates/packages": {"package_id": "SELECT max(id) FROM package"},
    "/hr/certificates/signed": {"upload_id": "SELECT max(id) FROM signed_upload"},
    "/hr/completions/outside": {
        "id": "SELECT max(id) FROM outside_learning WHERE state = 'waiting'"
    },
    "/hr/courses": {"slug": "SELECT slug FROM course WHERE id = 2"},
    "/hr/levels": {"id": "SELECT max(id) FROM assessed_level"},
    "/hr/rectifications": {"id": "SELECT max(id) FROM rectification"},
    "/hr/gaps/requirements": {"key": "SELECT min(key) FROM position_class"},
    "/admin/privacy/breaches": {"id": "SELECT max(id) FROM breach"},
    "": {
        "person_id": (
            "SELECT person_id FROM chain_head JOIN person ON person.id = person_id"
            f" JOIN unit ON unit.id = unit_id JOIN unit office ON office.name = '{OFFICE}'"
            " WHERE unit.path LIKE office.path || '%' ORDER BY seq DESC LIMIT 1"
        ),
        "unit_id": f"SELECT id FROM unit WHERE name = '{OFFICE}'",
        "import_id": "SELECT max(id) FROM roster_import",
    },
}
# Words in an address that are no rows of a table.
WORDS = {
    ("/hr/gaps/import/<kind>", "kind"): ("levels", "requirements"),
    ("/hr/jp-rules/<key>", "key"): ("floor",),
    ("/hr/jp-rules/forms/<kind>", "kind"): ("8",),
}


def prepare() -> None:
    """Rows that the demo lacks, each with a page of its own."""
    now_ms = clock.now_ms()
    with transaction() as session:
        breach = {"title": "Surel salah alamat", "found_ms": now_ms}
        session.add(Breach(**breach, opened_by=2, opened_ms=now_ms))
        session.add(SignedUpload(sent_by=2, sent_ms=now_ms, content=b"", ended_ms=now_ms))
        ids = session.execute(text("SELECT id FROM certificate LIMIT 50")).scalars()
        packages.ask(2, list(ids), to_sign=False)


def people() -> dict[str, int]:
    """Those who look, by what they are; HR of an office is made from one of its people."""
    found = {
        who: db.session.query(RoleGrant.person_id).filter(RoleGrant.role == role).limit(1).scalar()
        for who, role in (("HR agency", Role.HR_AGENCY), ("admin", Role.ADMIN))
    }
    office = db.session.query(Unit).filter(Unit.name == OFFICE).one()
    inside = Unit.path.startswith(office.path)
    theirs = db.session.query(Person.id).join(Unit, Unit.id == Person.unit_id).filter(inside)
    held = db.session.query(RoleGrant.person_id).filter(RoleGrant.unit_id == office.id).scalar()
    if held is None:
        held = theirs.order_by(Person.id).limit(1).scalar()
        with transaction():
            staffing.grant(None, held, Role.HR_UNIT, office.id)
            db.session.get_one(Person, held).must_change_password = False
    return {"HR agency": found["HR agency"], "HR office": held, "admin": found["admin"]}


def parts() -> dict[str, Parts]:
    """The values of the samples; one that has none is left out."""
    found: dict[str, Parts] = {}
    for start, wanted in SAMPLES.items():
        values = {name: db.session.execute(text(sql)).scalar() for name, sql in wanted.items()}
        found[start] = {name: value for name, value in values.items() if value is not None}
    return found


def for_rule(rule: Rule, samples: Mapping[str, Parts]) -> Iterator[Parts]:
    """What to open a page with: each word of a choice once, and one sample of anything else."""
    choices = {name: _choices(rule, name, samples) for name in sorted(rule.arguments)}
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def _choices(rule: Rule, name: str, samples: Mapping[str, Parts]) -> list[Any]:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    if words := WORDS.get((rule.rule, name)):
        return list(words)
    starts = sorted((start for start in samples if rule.rule.startswith(start)), key=len)
    found = [samples[start][name] for start in starts if name in samples[start]]
    return found[-1:]
