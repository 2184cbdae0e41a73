"""Where people worked as what, and who worked where on a day; contracts that follow each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import accounts, contracts, placements, staffing
from elearn.people.contracts import Term
from elearn.people.history_models import Contract, Leaving, Placement
from elearn.people.models import Person, Status
from elearn.people.placements import Basis
from tests.people_cast import Cast

HIRED_MS = clock.start_of_day_ms(date(2025, 1, 6))


@pytest.fixture
def hired(cast: Cast) -> Cast:
    """The cast, with Ani placed since January of last year."""
    with transaction():
        placed = select(Placement).where(Placement.person_id == cast.ani.id)
        db.session.scalars(placed).one().from_ms = HIRED_MS
    return cast


def ani_of(cast: Cast) -> Person:
    return db.session.get_one(Person, cast.ani.id)


def place(cast: Cast, day: date, **changes: object) -> None:
    with transaction():
        post = replace(placements.post_of(ani_of(cast)), **changes)  # type: ignore[arg-type]
        basis = Basis(at_ms=clock.start_of_day_ms(day), reason="rotasi", letter="800/12/2026")
        staffing.place(cast.dewi.id, cast.ani.id, post, basis)


def unit_on(cast: Cast, day: date) -> int | None:
    placed = placements.on(day)
    wanted = select(placed.c.unit_id).where(placed.c.person_id == cast.ani.id)
    return db.session.scalar(wanted)


def test_a_day_tells_who_worked_where(hired: Cast) -> None:
    place(hired, date(2026, 3, 1), unit_id=hired.works.id, grade="III/a")
    place(hired, date(2026, 6, 1), grade="III/b")
    days = {
        date(2025, 1, 5): None,
        date(2025, 1, 6): hired.pustu.id,
        date(2026, 2, 28): hired.pustu.id,
        date(2026, 3, 1): hired.works.id,
        clock.today(): hired.works.id,
    }
    assert {day: unit_on(hired, day) for day in days} == days
    told = [(row.unit, row.grade, row.letter) for row in placements.of(hired.ani.id)]
    assert told == [
        ("Dinas PUPR", "III/b", "800/12/2026"),
        ("Dinas PUPR", "III/a", "800/12/2026"),
        ("Pustu Bukit Sari", "", ""),
    ]


def test_who_left_is_not_there_until_they_come_back(hired: Cast) -> None:
    left_ms = clock.start_of_day_ms(date(2026, 5, 1))
    with transaction():
        basis = Basis(at_ms=left_ms, letter="882/1")
        accounts.deactivate(hired.dewi.id, hired.ani.id, Leaving.MOVED_OUT, basis)
    assert unit_on(hired, date(2026, 4, 30)) == hired.pustu.id
    assert unit_on(hired, date(2026, 5, 1)) is None
    with transaction():
        accounts.reactivate(hired.dewi.id, hired.ani.id, hired.works.id)
        accounts.reactivate(hired.dewi.id, hired.ani.id)
    assert unit_on(hired, clock.today()) == hired.works.id
    [now, before] = placements.of(hired.ani.id)
    assert (before.leaving, before.until_ms, now.until_ms) == (Leaving.MOVED_OUT, left_ms, None)


@pytest.mark.parametrize(
    ("day", "changes", "reason"),
    [
        (date(2026, 3, 1), {}, "post_same"),
        (date(2024, 12, 31), {"grade": "III/a"}, "move_before_last"),
        (date(2126, 1, 1), {"grade": "III/a"}, "move_in_future"),
        (date(2026, 3, 1), {"grade": "IX"}, "grade_differs"),
        (date(2026, 3, 1), {"position_id": 9999}, "position_unknown"),
        (date(2026, 3, 1), {"unit_id": 9999}, "unit_unknown"),
    ],
)
def test_a_placement_that_cannot_be_is_refused(
    hired: Cast, day: date, changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(Invalid) as refused:
        place(hired, day, **changes)
    assert refused.value.reason == reason
    assert len(placements.of(hired.ani.id)) == 1


def test_nobody_is_placed_in_a_closed_unit(hired: Cast) -> None:
    with transaction():
        hired.works.closed_ms = HIRED_MS
        db.session.merge(hired.works)
    with pytest.raises(Invalid, match="unit_closed"):
        place(hired, date(2026, 3, 1), unit_id=hired.works.id)


def test_the_same_moment_corrects_and_the_newest_can_be_undone(hired: Cast) -> None:
    place(hired, date(2026, 3, 1), unit_id=hired.works.id)
    place(hired, date(2026, 3, 1), unit_id=hired.health.id)
    now, before = placements.of(hired.ani.id)
    assert (now.unit, before.until_ms) == ("Dinas Kesehatan", now.from_ms)
    for wrong in (before.id, 9999):
        with pytest.raises(Conflict), transaction():
            placements.undo_last(staffing.locked(hired.ani.id), wrong)
    with transaction():
        placements.undo_last(staffing.locked(hired.ani.id), now.id, actor_id=hired.dewi.id)
    [only] = placements.of(hired.ani.id)
    assert (only.until_ms, ani_of(hired).unit_id) == (None, hired.pustu.id)
    with pytest.raises(Conflict), transaction():
        placements.undo_last(staffing.locked(hired.ani.id), only.id)


FIRST = Term(starts_on=date(2023, 3, 1), ends_on=date(2025, 2, 28), letter="810/1")
SECOND = Term(starts_on=date(2025, 3, 1), ends_on=date(2027, 2, 28))


def test_a_day_lies_in_one_of_the_contracts_that_follow_one_another(cast: Cast) -> None:
    with transaction():
        for term in (FIRST, SECOND):
            contracts.put(None, cast.ani.id, term)
        contracts.put(None, cast.ani.id, SECOND)
    days = {
        date(2020, 1, 1): FIRST,
        date(2025, 2, 28): FIRST,
        date(2025, 3, 1): SECOND,
        date(2030, 1, 1): SECOND,
    }
    for day, term in days.items():
        held = contracts.on(cast.ani.id, day)
        joined = select(Contract.starts_on).join(Person, contracts.holds(day))
        assert held is not None
        assert (held.starts_on, held.ends_on) == (term.starts_on, term.ends_on)
        assert db.session.scalars(joined).all() == [term.starts_on]
    assert [held.starts_on for held in contracts.of(cast.ani.id)] == [
        SECOND.starts_on,
        FIRST.starts_on,
    ]
    assert contracts.on(cast.budi.id, clock.today()) is None


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (Term(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)), "contract_ends_before"),
        (Term(starts_on=date(2024, 1, 1), ends_on=date(2026, 1, 1)), "contract_overlaps"),
        (Term(starts_on=date(2023, 3, 1)), "contract_overlaps"),
        (Term(starts_on=date(2025, 2, 28)), "contract_overlaps"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(cast: Cast, term: Term, reason: str) -> None:
    with transaction():
        contracts.add(None, cast.ani.id, FIRST)
    with pytest.raises(Invalid) as refused, transaction():
        contracts.add(None, cast.ani.id, term)
    assert refused.value.reason == reason


def test_a_contract_is_changed_and_removed_by_its_own_person_only(cast: Cast) -> None:
    with transaction():
        held = contracts.add(None, cast.ani.id, FIRST)
        longer = replace(FIRST, ends_on=FIRST.starts_on + timedelta(days=900))
        contracts.change(None, cast.ani.id, held.id, longer)
    for act in (contracts.one_of, lambda *ids: contracts.remove(None, *ids)):
        with pytest.raises(NotFound), transaction():
            act(cast.budi.id, held.id)
    with transaction():
        contracts.remove(None, cast.ani.id, held.id)
    assert list(contracts.of(cast.ani.id)) == []


def test_a_new_pppk_comes_with_a_contract(cast: Cast) -> None:
    new = staffing.NewPerson(
        nip="199005172023211902",
        name="Rudi",
        unit_id=cast.works.id,
        status=Status.PPPK,
        contract_start=FIRST.starts_on,
        contract_end=FIRST.ends_on,
    )
    with transaction():
        rudi = staffing.create_person(new)
    [held] = contracts.of(rudi.id)
    assert (held.starts_on, held.ends_on) == (FIRST.starts_on, FIRST.ends_on)
