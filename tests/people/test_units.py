"""The tree of units, and what lies within a person's reach."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from elearn.database import db, transaction
from elearn.errors import Invalid, NotAllowed, NotFound
from elearn.people import accounts, staffing, units
from elearn.people.models import Unit
from elearn.people.permissions import Role
from tests.people_cast import Cast, actor_of


def names_of(nodes: list[units.UnitNode]) -> list[str]:
    return [node.name for node in nodes]


def test_the_tree_lists_each_unit_before_those_below_it(cast: Cast) -> None:
    assert [(node.name, node.depth) for node in units.tree()] == [
        ("Pemerintah Kabupaten Contoh", 0),
        ("Dinas Kesehatan", 1),
        ("Puskesmas Hulu", 2),
        ("Pustu Bukit Sari", 3),
        ("Dinas PUPR", 1),
    ]


def test_a_subtree_is_a_unit_and_all_below(cast: Cast) -> None:
    assert names_of(units.subtree(cast.puskesmas)) == ["Puskesmas Hulu", "Pustu Bukit Sari"]


def test_a_unit_below_one_that_is_left_out_stands_below_the_next_one_up(cast: Cast) -> None:
    with transaction():
        db.session.get_one(Unit, cast.puskesmas.id).closed_ms = 1
    assert [(node.name, node.depth) for node in units.open_tree()][1:3] == [
        ("Dinas Kesehatan", 1),
        ("Pustu Bukit Sari", 2),
    ]


def test_siblings_stand_by_rank_then_by_name(cast: Cast) -> None:
    with transaction():
        for rank, name in ((1, "Aa"), (0, "bb"), (0, "Ab"), (0, "Ab Baru")):
            units.create_unit(name, cast.works).rank = rank
    assert names_of(units.subtree(cast.works)) == ["Dinas PUPR", "Ab", "Ab Baru", "bb", "Aa"]


def test_a_path_that_begins_alike_is_another_branch(cast: Cast) -> None:
    with transaction():
        for number in range(40):
            units.create_unit(f"Unit {number}", cast.government)
    assert names_of(units.subtree(cast.works)) == ["Dinas PUPR"]


def test_a_unit_without_a_name_is_refused(cast: Cast) -> None:
    with pytest.raises(Invalid), transaction():
        units.create_unit("  ", cast.government)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("ani", set()),
        ("budi", set()),
        ("dewi", set()),
        ("citra", {"Dinas Kesehatan", "Puskesmas Hulu", "Pustu Bukit Sari"}),
        ("stranger", {"Dinas PUPR"}),
    ],
)
def test_reach_is_the_branch_of_ones_grant(cast: Cast, who: str, seen: set[str]) -> None:
    actor = actor_of(getattr(cast, who))
    assert set(db.session.scalars(select(Unit.name).where(units.reach(actor)))) == seen
    assert set(names_of(units.tree_in_reach(actor))) == seen


@pytest.mark.parametrize("who", ["syamsul", "fadli"])
def test_hr_of_the_agency_and_the_auditor_see_everywhere(cast: Cast, who: str) -> None:
    actor = actor_of(getattr(cast, who))
    assert len(units.tree_in_reach(actor)) == 5
    assert units.within_reach(actor, None).id == cast.government.id
    assert actor.in_reach(cast.pustu.path)


def test_without_a_unit_hr_gets_the_top_of_its_branch(cast: Cast) -> None:
    citra = actor_of(cast.citra)
    assert units.within_reach(citra, None).id == cast.health.id
    assert units.within_reach(citra, cast.pustu.id).id == cast.pustu.id


@pytest.mark.parametrize("place", ["works", "government"])
def test_a_unit_outside_the_branch_is_not_found(cast: Cast, place: str) -> None:
    with pytest.raises(NotFound):
        units.within_reach(actor_of(cast.citra), getattr(cast, place).id)


def test_a_unit_that_does_not_exist_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        units.within_reach(actor_of(cast.syamsul), 9999)
    with pytest.raises(NotFound):
        units.within_reach(actor_of(cast.ani), None)


def test_a_person_in_the_branch_comes_with_unit_and_position(cast: Cast, query_count: Any) -> None:
    citra, ani_id = actor_of(cast.citra), cast.ani.id
    db.session.expunge_all()
    with query_count() as count:
        person = units.person_in_reach(citra, ani_id)
        assert (person.unit.name, person.position) == ("Pustu Bukit Sari", None)
    assert count.total == 1


@pytest.mark.parametrize("who", ["ani", "budi", "dewi", "stranger"])
def test_a_person_is_not_found_by_a_stranger(cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        units.person_in_reach(actor_of(getattr(cast, who)), cast.citra.id)


def test_an_auditor_sees_a_person_but_may_not_act(cast: Cast) -> None:
    fadli = actor_of(cast.fadli)
    assert units.person_in_reach(fadli, cast.ani.id).id == cast.ani.id
    with pytest.raises(NotAllowed):
        units.person_to_act_on(fadli, cast.ani.id)


def test_an_auditor_who_is_hr_of_a_unit_acts_in_that_unit_only(cast: Cast) -> None:
    with transaction():
        staffing.grant(None, cast.fadli.id, Role.HR_UNIT, cast.works.id)
    fadli = actor_of(cast.fadli)
    assert units.person_to_act_on(fadli, cast.stranger.id).id == cast.stranger.id
    with pytest.raises(NotAllowed):
        units.person_to_act_on(fadli, cast.ani.id)


def test_help_comes_from_the_nearest_hr_upward(cast: Cast) -> None:
    [contact] = units.hr_of(cast.pustu.id)
    assert (contact.name, contact.unit, contact.whatsapp) == (
        "Citra Lestari",
        "Dinas Kesehatan",
        "6281200000908",
    )
    with transaction():
        staffing.grant(None, cast.budi.id, Role.HR_UNIT, cast.puskesmas.id)
    assert [contact.name for contact in units.hr_of(cast.pustu.id)] == ["Drs. Budi Hartono"]


def test_where_no_unit_has_hr_the_agency_helps(cast: Cast) -> None:
    assert [contact.name for contact in units.hr_of(cast.government.id)] == ["Syamsul Bahri"]


def test_an_inactive_hr_is_not_named(cast: Cast) -> None:
    with transaction():
        accounts.deactivate(None, cast.citra.id)
    assert [contact.name for contact in units.hr_of(cast.pustu.id)] == ["Syamsul Bahri"]
