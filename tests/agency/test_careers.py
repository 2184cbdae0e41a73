"""What HR changes of a person, contracts that end, and who supervises whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from elearn import clock
from elearn.agency import contract_ends, teams
from elearn.database import db, transaction
from elearn.errors import NotFound
from elearn.people import contracts, placements, staffing, supervisors
from elearn.people.contracts import Term
from elearn.people.history_models import Placement, Supervision
from elearn.people.models import Person, Position, Unit
from elearn.reports import branch
from tests.builders import a_published_version, an_enrolment, pass_everything
from tests.people_cast import Cast, actor_of, signed_in

PAST_MS = clock.start_of_day_ms(date(2026, 1, 5))
TODAY = clock.today().isoformat()


@pytest.fixture
def settled(cast: Cast) -> Cast:
    """The cast, placed since January."""
    with transaction() as session:
        session.execute(update(Placement).values(from_ms=PAST_MS))
    return cast


def ani_of(cast: Cast) -> Person:
    return db.session.get_one(Person, cast.ani.id, populate_existing=True)


def form(cast: Cast, **changes: object) -> dict[str, object]:
    held = {"unit_id": cast.puskesmas.id, "status": "pns", "grade": "II/d", "day": "2026-03-02"}
    return held | {"letter": "821/7", "reason": "rotasi", "position_id": ""} | changes


ACTS = ("place", "names", "contract", "supervisor", "leave")


@pytest.mark.parametrize("act", ACTS)
def test_hr_changes_people_of_its_branch_only(app: Flask, settled: Cast, act: str) -> None:
    address = f"/hr/people/{settled.ani.id}/{act}"
    expected = {"citra": 200, "syamsul": 200, "stranger": 404, "ani": 404, "fadli": 403}
    got = {who: signed_in(app, getattr(settled, who)).get(address).status_code for who in expected}
    assert got == expected
    for who, status in (("stranger", 404), ("ani", 404), ("fadli", 403)):
        posted = signed_in(app, getattr(settled, who)).post(address, data=form(settled))
        assert posted.status_code == status
    assert len(placements.of(settled.ani.id)) == 1


def test_a_person_is_placed_with_day_and_letter_and_it_is_undone(app: Flask, settled: Cast) -> None:
    client = signed_in(app, settled.citra)
    here = f"/hr/people/{settled.ani.id}"
    assert client.post(f"{here}/place", data=form(settled)).location == f"{here}/career"
    page = client.get(f"{here}/career").text
    assert "821/7" in page
    assert "Batalkan" in page
    now, _before = placements.of(settled.ani.id)
    assert (now.unit, now.grade, now.from_ms) == (
        "Puskesmas Hulu",
        "II/d",
        clock.start_of_day_ms(date(2026, 3, 2)),
    )
    client.post(f"{here}/placements/{now.id}/undo")
    assert (ani_of(settled).unit_id, ani_of(settled).grade) == (settled.pustu.id, "")


@pytest.mark.parametrize(
    ("act", "changes", "sentence"),
    [
        ("place", {"unit_id": "works"}, "Pilih salah satu"),
        ("place", {"grade": "IX"}, "Golongan tidak sesuai"),
        ("place", {"day": "2025-01-01"}, "sesudah penempatan terakhir"),
        ("place", {"day": "2126-01-01"}, "belum tiba"),
        ("place", {"unit_id": "pustu", "grade": ""}, "Tidak ada yang berubah"),
        ("names", {"name": ""}, "Isian ini perlu diisi."),
        ("names", {"name": "Ani", "whatsapp": "12"}, "seperti 0812"),
        ("contract", {"contract_start": "2026-02-02", "contract_end": "2026-02-01"}, "mendahului"),
        ("supervisor", {"target": "99999"}, "Pilih salah satu"),
        ("leave", {"leaving": "bosan"}, "Pilih salah satu"),
        ("leave", {"leaving": "pension", "day": "2126-01-01"}, "belum tiba"),
    ],
)
def test_a_refused_change_says_why(
    app: Flask, settled: Cast, act: str, changes: dict[str, str], sentence: str
) -> None:
    unit = changes.get("unit_id")
    sent = changes | ({"unit_id": str(getattr(settled, unit).id)} if unit else {})
    address = f"/hr/people/{settled.ani.id}/{act}"
    response = signed_in(app, settled.citra).post(address, data=form(settled, **sent))
    assert (response.status_code, sentence in response.text) == (422, True)
    assert ani_of(settled).active
    assert len(placements.of(settled.ani.id)) == 1


def test_names_contracts_and_leaving_are_kept(app: Flask, settled: Cast) -> None:
    client = signed_in(app, settled.citra)
    here = f"/hr/people/{settled.ani.id}"
    client.post(f"{here}/names", data={"name": "Ani Pratiwi", "degrees_after": "S.Kep."})
    assert ani_of(settled).full_name == "Ani Pratiwi, S.Kep."
    contract = {"contract_start": "2026-02-01", "contract_end": "2027-01-31", "letter": "PK/1"}
    client.post(f"{here}/contract", data=contract)
    [held] = contracts.of(settled.ani.id)
    assert held.letter == "PK/1"
    client.post(f"{here}/contracts/{held.id}/remove")
    assert not contracts.of(settled.ani.id)
    client.post(f"{here}/leave", data={"leaving": "pension", "day": TODAY, "letter": "882/1"})
    assert not ani_of(settled).active
    page = client.get(f"{here}/career").text
    assert "pensiun" in page
    assert "Aktifkan kembali" in page
    client.post(f"{here}/return")
    assert ani_of(settled).active
    upward = signed_in(app, settled.stranger)
    with transaction():
        staffing.move(None, settled.dewi.id, settled.works.id, clock.now_ms())
    refused = upward.post(
        f"/hr/people/{settled.dewi.id}/leave", data={"leaving": "pension", "day": TODAY}
    )
    assert refused.status_code == 403


def test_contracts_that_end_soon_are_listed_for_their_branch(app: Flask, settled: Cast) -> None:
    soon = clock.today() + timedelta(days=30)
    with transaction():
        for person in (settled.ani, settled.stranger):
            db.session.get_one(Person, person.id).status = "pppk"  # type: ignore[assignment]
            term = Term(starts_on=date(2024, 1, 1), ends_on=soon)
            contracts.add(None, person.id, term)
    found = contract_ends.ending(actor_of(settled.citra))
    assert [(row.person_id, row.days) for row in found] == [(settled.ani.id, 30)]
    assert len(contract_ends.ending(actor_of(settled.syamsul))) == 2
    assert "30 hari lagi" in signed_in(app, settled.citra).get("/hr/contracts").text
    with transaction():
        contracts.add(None, settled.ani.id, Term(starts_on=soon + timedelta(days=1)))
    assert contract_ends.ending(actor_of(settled.citra)) == []


@pytest.fixture
def led(settled: Cast) -> Cast:
    """Citra leads the health office as administrator, Budi (a pengawas) its puskesmas."""
    with transaction():
        chief = staffing.position("Kepala Dinas", "administrator")
        second = staffing.position("Kepala Puskesmas", "pengawas")
        for person, post, unit in (
            (settled.citra, chief, settled.health),
            (settled.budi, second, settled.puskesmas),
        ):
            held = db.session.get_one(Person, person.id)
            held.position_id, held.unit_id = post.id, unit.id
    return settled


def supervisor_of(person: Person) -> int | None:
    return supervisors.of(db.session.get_one(Person, person.id, populate_existing=True))


def test_the_tree_says_who_supervises_whom(led: Cast, query_count: Any) -> None:
    assert supervisor_of(led.ani) == led.budi.id
    assert supervisor_of(led.budi) == led.citra.id
    assert supervisor_of(led.citra) is None
    with query_count() as count:
        assert supervisors.team(led.citra.id) == [led.budi.id]
    assert count.total <= 11
    assert supervisors.team(led.budi.id) == [led.ani.id]
    assert supervisors.team(led.ani.id) == []


def test_a_head_marked_by_hand_and_a_supervisor_by_hand_go_before_the_tree(led: Cast) -> None:
    with transaction():
        supervisors.mark_head(None, led.pustu.id, led.stranger.id)
    assert supervisor_of(led.ani) == led.stranger.id
    assert supervisors.team(led.stranger.id) == [led.ani.id]
    assert supervisors.team(led.budi.id) == []
    with transaction():
        supervisors.choose(None, staffing.locked(led.ani.id), led.citra.id)
    assert supervisors.team(led.citra.id) == sorted([led.ani.id, led.budi.id])
    with transaction():
        supervisors.choose(None, staffing.locked(led.ani.id), None)
        supervisors.mark_head(None, led.pustu.id, None)
    assert supervisor_of(led.ani) == led.budi.id
    [held] = db.session.scalars(select(Supervision)).all()
    assert (held.supervisor_id, held.until_ms is not None) == (led.citra.id, True)


def test_two_of_one_class_lead_nobody_until_one_is_marked(led: Cast) -> None:
    with transaction():
        budi = db.session.get_one(Person, led.budi.id)
        db.session.get_one(Person, led.stranger.id).position_id = budi.position_id
        db.session.get_one(Person, led.stranger.id).unit_id = led.puskesmas.id
    assert supervisor_of(led.ani) == led.citra.id
    assert supervisors.head_of(db.session.get_one(Unit, led.puskesmas.id)) is None


def test_a_team_is_seen_by_its_supervisor_alone(app: Flask, led: Cast) -> None:
    a_published_version(led)
    pass_everything(led.ani)
    an_enrolment(led.budi)
    page = signed_in(app, led.budi).get("/team").text
    assert "Ani Pratiwi, A.Md.Kep." in page
    assert "3 dari 20" in page
    member = signed_in(app, led.budi).get(f"/team/{led.ani.id}").text
    assert "Keamanan informasi" in member
    for who, whom in (
        (led.ani, led.budi),  # a subordinate looks up
        (led.stranger, led.ani),
        (led.citra, led.ani),  # not a direct report
        (led.budi, led.budi),
        (led.budi, led.citra),
    ):
        with pytest.raises(NotFound):
            teams.member(actor_of(who), whom.id)
        assert signed_in(app, who).get(f"/team/{whom.id}").status_code == 404
    assert "Belum ada bawahan langsung" in signed_in(app, led.ani).get("/team").text


def test_a_head_is_marked_on_the_page_of_the_unit(app: Flask, led: Cast) -> None:
    client = signed_in(app, led.syamsul)
    here = f"/hr/units/{led.pustu.id}"
    assert "Hendra Saputra" in client.get(f"{here}/head?q=hendra").text
    assert client.post(f"{here}/head", data={"target": led.stranger.id}).location == here
    assert "Hendra Saputra" in client.get(here).text
    assert client.post(f"{here}/head", data={"target": "99999"}).status_code == 422


def test_a_closed_year_uses_the_unit_at_its_end(settled: Cast) -> None:
    """As Joni of the demo: a completion before the move and one after, each year where it ended."""
    with transaction() as session:
        hired_ms = clock.start_of_day_ms(date(2024, 3, 1))
        session.execute(update(Placement).values(from_ms=hired_ms))
    with transaction():
        moved_ms = clock.start_of_day_ms(date(2026, 1, 1))
        staffing.move(None, settled.ani.id, settled.works.id, moved_ms)
    units_of = {
        year: db.session.scalar(
            select(branch.unit_in(year)).select_from(Person).where(Person.id == settled.ani.id)
        )
        for year in (2024, 2025, 2026)
    }
    assert units_of == {2024: settled.pustu.id, 2025: settled.pustu.id, 2026: settled.works.id}
    placed = placements.on(date(2025, 12, 31))
    held = dict(db.session.execute(select(placed.c.person_id, placed.c.unit_id)).all())
    for person_id, unit_id in db.session.execute(select(Person.id, branch.unit_in(2025))):
        assert held[person_id] == unit_id


@pytest.mark.parametrize(
    ("year", "status", "position"),
    [
        (2023, "pppk", "Bidan Terampil"),  # before any placement: as at first
        (2024, "pppk", "Bidan Terampil"),
        (2025, "cpns", None),  # a post without a position
        (2026, "pns", "Bidan Mahir"),  # the year that runs: as today
    ],
)
def test_a_closed_year_uses_status_and_position_at_its_end(
    app: Flask, settled: Cast, year: int, status: str, position: str | None
) -> None:
    ani = settled.ani
    with transaction() as session:
        first = staffing.position("Bidan Terampil", "jf_terampil")
        now = staffing.position("Bidan Mahir", "jf_mahir")
        session.execute(delete(Placement).where(Placement.person_id == ani.id))
        spans = (
            (date(2024, 3, 1), date(2025, 6, 1), "pppk", first.id),
            (date(2025, 6, 1), date(2026, 2, 1), "cpns", None),
            (date(2026, 2, 1), None, "pns", now.id),
        )
        for begins, ends, held, post in spans:
            placed = Placement(person_id=ani.id, unit_id=ani.unit_id, position_id=post, grade="")
            placed.from_ms, placed.status = clock.start_of_day_ms(begins), held
            placed.until_ms = clock.start_of_day_ms(ends) if ends else None
            session.add(placed)
        person = session.get_one(Person, ani.id)
        person.status, person.position_id = "pns", now.id
    columns = branch.status_in(year), Position.name
    wanted = select(*columns).select_from(Person).where(Person.id == ani.id)
    joined = wanted.outerjoin(Position, Position.id == branch.position_in(year))
    assert tuple(db.session.execute(joined).one()) == (status, position)
    page = signed_in(app, settled.syamsul).get(f"/hr/people?year={year}&status={status}").text
    assert "Ani Pratiwi" in page


def test_a_time_in_which_only_units_were_kept_tells_todays_post(settled: Cast) -> None:
    with transaction() as session:
        session.execute(update(Placement).values(status=None, position_id=None))
    wanted = select(branch.status_in(2025)).select_from(Person)
    assert set(db.session.scalars(wanted)) == {"pns"}
