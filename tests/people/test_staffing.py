"""Who works where as what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import audit, directory, staffing
from elearn.people.history_models import Placement
from elearn.people.models import AuditEntry, FormerNip, Person, RoleGrant, Status
from elearn.people.permissions import Role
from elearn.people.staffing import NewPerson, PersonFacts
from tests.people_cast import Cast, actor_of

NABILA = "200101152026052912"


def new_person(cast: Cast, **changes: object) -> NewPerson:
    nabila = NewPerson(nip=NABILA, name="Nabila Putri", unit_id=cast.works.id, status=Status.CPNS)
    return replace(nabila, **changes)  # type: ignore[arg-type]


def test_a_new_person_has_a_placement_and_no_way_in(cast: Cast) -> None:
    with transaction():
        person = staffing.create_person(
            new_person(
                cast, name=" Nabila  Putri", degrees_after="S.T.", whatsapp="+62 812-0000-0912"
            )
        )
    assert person.full_name == "Nabila Putri, S.T."
    assert (person.password_hash, person.must_change_password) == ("", True)
    assert person.whatsapp == "6281200000912"
    placed = db.session.scalars(select(Placement).where(Placement.person_id == person.id)).all()
    assert [row.unit_id for row in placed] == [cast.works.id]


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"nip": "1,98609E+17"}, "nip_spreadsheet", "nip"),
        ({"nip": "199404122019032901"}, "nip_taken", "nip"),
        ({"name": "  "}, "name_missing", "name"),
        ({"unit_id": 9999}, "unit_unknown", "unit_id"),
        ({"position_id": 9999}, "position_unknown", "position_id"),
        ({"grade": "IX"}, "grade_differs", "grade"),
        ({"status": Status.PPPK, "grade": "III/a"}, "grade_differs", "grade"),
        ({"whatsapp": "12"}, "whatsapp_wrong", "whatsapp"),
        ({"whatsapp": "telepon saya"}, "whatsapp_wrong", "whatsapp"),
        (
            {"contract_start": date(2026, 3, 1), "contract_end": date(2026, 2, 28)},
            "contract_ends_before",
            "contract_end",
        ),
    ],
)
def test_a_person_is_refused_with_the_field_and_nothing_is_written(
    cast: Cast, changes: dict[str, object], reason: str, field: str
) -> None:
    before = db.session.scalars(select(Person.id)).all()
    with pytest.raises(Invalid) as refused, transaction():
        staffing.create_person(new_person(cast, **changes))
    assert (refused.value.reason, refused.value.field) == (reason, field)
    assert db.session.scalars(select(Person.id)).all() == before


@pytest.mark.parametrize(
    ("status", "grade"),
    [(Status.PNS, "IV/e"), (Status.CPNS, ""), (Status.PPPK, "XVII"), (Status.PPPK_PART_TIME, "")],
)
def test_a_grade_of_ones_status_or_none_is_accepted(cast: Cast, status: Status, grade: str) -> None:
    with transaction():
        person = staffing.create_person(new_person(cast, status=status, grade=grade))
    assert person.grade == grade


def test_an_edit_notes_which_fields_changed(cast: Cast) -> None:
    facts = PersonFacts(
        name="Ani Pratiwi", status=Status.PNS, degrees_after="S.Kep.", grade="III/a"
    )
    with transaction():
        staffing.edit(cast.dewi.id, cast.ani.id, facts)
    entry = audit.find(audit.Wanted(action="person:changed")).entries[0]
    assert entry.values == {"fields": ["degrees_after", "grade"]}
    with transaction():
        staffing.edit(cast.dewi.id, cast.ani.id, facts)
    assert len(audit.find(audit.Wanted(action="person:changed")).entries) == 1


def test_a_move_keeps_where_one_was(cast: Cast) -> None:
    with transaction():
        staffing.move(cast.dewi.id, cast.ani.id, cast.works.id, clock.now_ms() + 0)
    profile = directory.profile(cast.ani.id)
    assert [placed.unit for placed in profile.placements] == ["Dinas PUPR", "Pustu Bukit Sari"]
    assert profile.person.unit_id == cast.works.id
    assert not actor_of(cast.citra).in_reach(cast.works.path)


@pytest.mark.parametrize(
    ("unit", "days", "reason"),
    [
        ("works", 1, "move_in_future"),
        ("works", -10, "move_before_last"),
        ("pustu", 0, "move_to_same_unit"),
    ],
)
def test_a_move_that_cannot_be_is_refused(cast: Cast, unit: str, days: int, reason: str) -> None:
    at_ms = clock.now_ms() + days * clock.DAY_MS
    with pytest.raises(Invalid) as refused, transaction():
        staffing.move(None, cast.ani.id, getattr(cast, unit).id, at_ms)
    assert refused.value.reason == reason


def test_a_new_nip_keeps_the_person_and_the_old_number(cast: Cast) -> None:
    old = cast.ani.nip
    with transaction():
        staffing.change_nip(cast.dewi.id, cast.ani.id, "19940412 202421 2 901")
    assert db.session.get_one(Person, cast.ani.id).nip == "199404122024212901"
    assert db.session.get_one(FormerNip, old).person_id == cast.ani.id
    assert directory.by_nip("19940412 201903 2 901") == cast.ani.id
    entry = audit.find(audit.Wanted(action="nip:changed")).entries[0]
    assert entry.values == {"before": "***************901", "after": "***************901"}


def test_a_number_somebody_had_is_nobody_elses(cast: Cast) -> None:
    old = cast.ani.nip
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122024212901")
    with pytest.raises(Invalid) as refused, transaction():
        staffing.create_person(new_person(cast, nip=old))
    assert refused.value.reason == "nip_taken"


def test_ones_own_old_number_may_come_back(cast: Cast) -> None:
    old = cast.ani.nip
    for number in ("199404122024212901", old):
        with transaction():
            staffing.change_nip(None, cast.ani.id, number)
    assert [former.nip for former in directory.profile(cast.ani.id).former_nips] == [
        "199404122024212901"
    ]


@pytest.mark.parametrize(
    ("role", "has_unit", "reason"),
    [
        (Role.LEARNER, False, "role_is_everybodys"),
        (Role.HR_UNIT, False, "role_needs_unit"),
        (Role.ADMIN, True, "role_without_unit"),
        (Role.INSTRUCTOR, False, "role_held"),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    cast: Cast, role: Role, has_unit: bool, reason: str
) -> None:
    with pytest.raises(Invalid) as refused, transaction():
        staffing.grant(None, cast.budi.id, role, cast.health.id if has_unit else None)
    assert refused.value.reason == reason


def test_a_role_works_at_once_and_ends_at_once(cast: Cast) -> None:
    with transaction():
        staffing.grant(cast.dewi.id, cast.ani.id, Role.HR_UNIT, cast.puskesmas.id)
    assert actor_of(cast.ani).acts_in(cast.pustu.path)
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.ani.id)).one()
    with transaction():
        staffing.revoke(cast.dewi.id, cast.ani.id, held.id)
    assert not actor_of(cast.ani).acts_in(cast.pustu.path)


def test_a_role_of_somebody_else_is_not_found(cast: Cast) -> None:
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.budi.id)).one()
    with pytest.raises(NotFound), transaction():
        staffing.revoke(cast.dewi.id, cast.ani.id, held.id)


def test_an_admin_does_not_lock_the_door_behind_them(cast: Cast) -> None:
    held = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == cast.dewi.id)).one()
    with pytest.raises(Conflict), transaction():
        staffing.revoke(cast.dewi.id, cast.dewi.id, held.id)


def test_the_same_position_is_made_once(cast: Cast) -> None:
    with transaction():
        first = staffing.position("Perawat Terampil", "jf_terampil")
        assert staffing.position("Perawat Terampil", "jf_terampil").id == first.id
        assert staffing.position("Perawat Terampil", "jf_mahir").id != first.id


def test_no_nip_stands_in_the_audit_log(cast: Cast) -> None:
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122024212901")
    assert "1994041" not in "".join(db.session.scalars(select(AuditEntry.body)))


def test_a_unit_that_does_not_exist_takes_nobody_and_no_role(cast: Cast) -> None:
    with pytest.raises(Invalid), transaction():
        staffing.move(None, cast.ani.id, 9999, clock.now_ms())
    with pytest.raises(Invalid), transaction():
        staffing.grant(None, cast.ani.id, Role.HR_UNIT, 9999)
