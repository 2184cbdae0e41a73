"""Acts on the tree of units: what they change, what they refuse, and that they can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from elearn import clock
from elearn.agency import branches, tree
from elearn.agency.tree import Doing, Facts
from elearn.database import db, transaction
from elearn.errors import Invalid
from elearn.people import audit, placements, units
from elearn.people.history_models import Placement, UnitSpan
from elearn.people.models import Person, Unit, UnitKind
from tests.people_cast import Cast, actor_of

PAST_MS = clock.start_of_day_ms(date(2026, 1, 5))
FAR_MS = clock.start_of_day_ms(date(2999, 1, 5))


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """The cast, with units and placements that began in January."""
    with transaction() as session:
        session.execute(update(UnitSpan).values(from_ms=PAST_MS))
        session.execute(update(Placement).values(from_ms=PAST_MS))
    return cast


def doing(cast: Cast, at_ms: int | None = None) -> Doing:
    moment = clock.now_ms() if at_ms is None else at_ms
    return Doing(actor_id=cast.dewi.id, at_ms=moment, reason="Perbup 3/2026")


def do(act: Callable[..., Any], *args: Any) -> Any:
    with transaction():
        return act(*args)


def paths() -> dict[str, str]:
    """Where each unit stands, by the names from the top."""
    names = {node.id: node.name for node in units.tree()}
    return {
        node.name: "/".join(names[id] for id in units.path_ids(node.path)) for node in units.tree()
    }


def unit(held: Unit) -> Unit:
    return db.session.get_one(Unit, held.id, populate_existing=True)


def place_of(person: Person) -> int:
    return db.session.scalar(select(Person.unit_id).where(Person.id == person.id)) or 0


def test_a_unit_is_added_below_another_and_renamed_with_its_history(settled: Cast) -> None:
    facts = Facts(name=" Seksi Gizi ", code="GZ", kind=UnitKind.SECTION, rank=2)
    made = do(tree.add, doing(settled), settled.health.id, facts)
    assert (made.path, made.rank) == (f"{settled.health.path}{made.id}/", 2)
    do(tree.change, doing(settled), settled.health.id, Facts(name="Dinas Kesehatan dan KB"))
    shown = branches.shown(actor_of(settled.dewi), settled.health.id)
    assert [span.name for span in shown.spans] == ["Dinas Kesehatan dan KB", "Dinas Kesehatan"]
    assert shown.spans[1].until_ms == shown.spans[0].from_ms
    assert [child.name for child in shown.children] == ["Puskesmas Hulu", "Seksi Gizi"]
    found = branches.find(actor_of(settled.dewi), "dinas kesehatan")
    assert [branch.name for branch in found] == ["Dinas Kesehatan dan KB"]
    entry = audit.find(audit.Wanted(action="unit:renamed")).entries[0]
    assert entry.values["before"] == "Dinas Kesehatan"
    assert entry.values["reason"] == "Perbup 3/2026"


def test_a_branch_moves_with_all_below_it_and_back(settled: Cast, query_count: Any) -> None:
    before = paths()
    with query_count() as count:
        do(tree.move, doing(settled), settled.puskesmas.id, settled.works.id)
    assert count.total <= 20
    assert paths()["Pustu Bukit Sari"] == (
        "Pemerintah Kabupaten Contoh/Dinas PUPR/Puskesmas Hulu/Pustu Bukit Sari"
    )
    assert not actor_of(settled.citra).in_reach(unit(settled.pustu).path)
    assert actor_of(settled.stranger).in_reach(unit(settled.pustu).path)
    do(tree.move, doing(settled), settled.puskesmas.id, settled.health.id)
    assert paths() == before
    [now, there, first] = branches.shown(actor_of(settled.dewi), settled.puskesmas.id).spans
    assert [span.parent for span in (first, there, now)] == [
        "Dinas Kesehatan",
        "Dinas PUPR",
        "Dinas Kesehatan",
    ]


@pytest.mark.parametrize(
    ("act", "which", "target", "reason"),
    [
        (tree.move, "health", "pustu", "unit_in_itself"),
        (tree.move, "health", "health", "unit_in_itself"),
        (tree.move, "health", "government", "unit_stands_there"),
        (tree.move, "government", "works", "unit_is_top"),
        (tree.merge, "health", "pustu", "unit_in_itself"),
        (tree.merge, "health", "health", "unit_in_itself"),
    ],
)
def test_what_would_make_a_circle_is_refused(
    settled: Cast, act: Callable[..., Any], which: str, target: str, reason: str
) -> None:
    before = paths()
    with pytest.raises(Invalid, match=reason):
        do(act, doing(settled), getattr(settled, which).id, getattr(settled, target).id)
    assert paths() == before


def test_a_merger_takes_people_and_units_along_and_can_be_undone(
    settled: Cast, query_count: Any
) -> None:
    before = paths()
    with query_count() as count:
        went = do(tree.merge, doing(settled), settled.health.id, settled.works.id)
    assert (went, count.total <= 34) == (1, True)
    assert place_of(settled.citra) == settled.works.id
    assert place_of(settled.ani) == settled.pustu.id
    assert paths()["Puskesmas Hulu"] == "Pemerintah Kabupaten Contoh/Dinas PUPR/Puskesmas Hulu"
    closed = branches.shown(actor_of(settled.dewi), settled.health.id)
    assert closed.unit.closed_ms is not None
    assert closed.merged_into is not None
    assert closed.merged_into.id == settled.works.id
    assert [row.unit for row in placements.of(settled.citra.id)] == [
        "Dinas PUPR",
        "Dinas Kesehatan",
    ]
    assert settled.health.id not in {node.id for node in units.open_tree()}
    assert do(tree.undo_merge, doing(settled), settled.health.id) == 1
    assert paths() == before
    assert place_of(settled.citra) == settled.health.id
    assert place_of(settled.stranger) == settled.works.id
    assert unit(settled.health).closed_ms is None
    with pytest.raises(Invalid, match="unit_not_merged"):
        do(tree.undo_merge, doing(settled), settled.health.id)


def test_who_has_moved_since_a_merger_stays_where_they_are(settled: Cast) -> None:
    do(tree.merge, doing(settled), settled.health.id, settled.works.id)
    do(tree.merge, doing(settled), settled.works.id, settled.government.id)
    assert do(tree.undo_merge, doing(settled), settled.health.id) == 0
    assert place_of(settled.citra) == settled.government.id


def test_only_an_empty_unit_is_closed_and_it_opens_again(settled: Cast) -> None:
    for which, reason in (("pustu", "unit_has_people"), ("puskesmas", "unit_has_units")):
        with pytest.raises(Invalid, match=reason):
            do(tree.close, doing(settled), getattr(settled, which).id)
    do(tree.merge, doing(settled), settled.pustu.id, settled.health.id)
    do(tree.close, doing(settled), settled.puskesmas.id)
    with pytest.raises(Invalid, match="unit_closed"):
        do(tree.add, doing(settled), settled.puskesmas.id, Facts(name="Baru"))
    with pytest.raises(Invalid, match="unit_above_closed"):
        do(tree.undo_merge, doing(settled), settled.pustu.id)
    do(tree.reopen, doing(settled), settled.puskesmas.id)
    do(tree.reopen, doing(settled), settled.puskesmas.id)
    do(tree.undo_merge, doing(settled), settled.pustu.id)
    assert place_of(settled.ani) == settled.pustu.id


@pytest.mark.parametrize(
    ("name", "at_ms", "reason"),
    [
        (" ", None, "unit_name_missing"),
        ("Dinas PUPR", None, "unit_twin"),
        ("Dinas Baru", PAST_MS - 1, "unit_changed_later"),
        ("Dinas Baru", FAR_MS, "move_in_future"),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    settled: Cast, name: str, at_ms: int | None, reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        do(tree.change, doing(settled, at_ms), settled.health.id, Facts(name=name))
    assert refused.value.reason == reason
    assert unit(settled.health).name == "Dinas Kesehatan"


def test_people_placed_after_the_day_of_a_merger_stop_it(settled: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        do(tree.merge, doing(settled, PAST_MS), settled.health.id, settled.works.id)
    assert (refused.value.reason, refused.value.field) == ("people_placed_later", "day")
    assert place_of(settled.citra) == settled.health.id


def test_the_impact_counts_people_units_and_roles(settled: Cast) -> None:
    told = branches.impact(settled.health)
    assert (told.people, told.here, told.subunits, told.studying) == (2, 1, 2, 0)
    assert [(holder.person, holder.unit) for holder in told.holders] == [
        ("Citra Lestari", "Dinas Kesehatan")
    ]


def test_a_big_tree_costs_as_many_statements_as_a_small_one(
    settled: Cast, query_count: Any
) -> None:
    with transaction() as session:
        for number in range(300):
            made = Unit(name=f"Unit {number}", parent_id=settled.works.id, path="")
            session.add(made)
            session.flush()
            made.path = f"{settled.works.path}{made.id}/"
    dewi = actor_of(settled.dewi)
    with query_count() as count:
        shown = branches.shown(dewi, settled.works.id)
        assert len(shown.children) == 300
    assert count.total <= 7
    with query_count() as count:
        assert len(branches.targets(dewi, settled.health, "unit 29")) == 11
        branches.top(dewi)
    assert count.total <= 4
