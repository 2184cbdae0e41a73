"""Contracts of PPPK: put right in place, one after another, and told before the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from elearn import clock, jobs, settings
from elearn.agency import contract_ends
from elearn.competency import hours
from elearn.database import db, transaction
from elearn.people import accounts, contracts
from elearn.people.contracts import Term
from elearn.people.history_models import Contract, Placement
from elearn.people.models import Notice, Person
from elearn.work import HANDLERS
from tests.people_cast import Cast, signed_in

HIRED = date(2023, 1, 1)
FIRST = Term(starts_on=date(2024, 2, 1), ends_on=date(2025, 1, 31), letter="PK/1")
SECOND = Term(starts_on=date(2025, 2, 1), ends_on=date(2027, 1, 31), letter="PK/2")


@pytest.fixture
def held(cast: Cast) -> list[Contract]:
    """Ani as PPPK since 2023, with two contracts, the first one first."""
    with transaction() as session:
        ani = session.get_one(Person, cast.ani.id)
        ani.status = "pppk"  # type: ignore[assignment]  # as the database gives it
        moment = clock.start_of_day_ms(HIRED)
        session.execute(update(Placement).values(from_ms=moment, status="pppk"))
        return [contracts.add(None, ani.id, term) for term in (FIRST, SECOND)]


def sent(term: Term, **changes: str) -> dict[str, str]:
    days = {"contract_start": str(term.starts_on), "contract_end": str(term.ends_on or "")}
    return days | {"letter": term.letter, "reason": "salah ketik"} | changes


def test_a_contract_is_put_right_in_place_with_its_history(
    app: Flask, cast: Cast, held: list[Contract]
) -> None:
    citra = signed_in(app, cast.citra)
    here = f"/hr/people/{cast.ani.id}"
    shown = citra.get(f"{here}/contracts/{held[1].id}").text
    assert 'value="2027-01-31"' in shown
    assert 'value="PK/2"' in shown
    changed = sent(SECOND, contract_end="2028-01-31")
    assert citra.post(f"{here}/contracts/{held[1].id}", data=changed).location == f"{here}/career"
    newest, oldest = contracts.of(cast.ani.id)
    assert (newest.id, newest.ends_on) == (held[1].id, date(2028, 1, 31))
    assert oldest.ends_on == FIRST.ends_on
    page = citra.get(f"{here}/career").text
    assert "alasan: salah ketik" in page
    assert "semula sampai: 2027-01-31" in page
    extended = citra.get(f"{here}/contract").text
    assert 'value="2028-02-01"' in extended


@pytest.mark.parametrize(
    ("which", "changes", "said"),
    [
        (1, {"contract_start": "2025-01-31"}, "bertumpang tindih"),
        (1, {"contract_start": "2025-02-02"}, "Ada jeda sesudah kontrak sebelumnya"),
        (0, {"contract_end": "2025-01-30"}, "Ada jeda sampai kontrak berikutnya"),
        (0, {"contract_end": "2025-02-01"}, "bertumpang tindih"),
        (1, {"contract_end": "2025-01-01"}, "mendahului"),
        (1, {"reason": ""}, "Isian ini perlu diisi."),
        (1, {"contract_start": "kemarin"}, "Tulis tanggal yang ada"),
        (None, {"contract_start": "2027-02-02", "contract_end": ""}, "Ada jeda sesudah"),
        (None, {"contract_start": "2027-01-31", "contract_end": ""}, "bertumpang tindih"),
    ],
)
def test_overlaps_and_gaps_are_refused_in_words(
    app: Flask,
    cast: Cast,
    held: list[Contract],
    which: int | None,
    changes: dict[str, str],
    said: str,
) -> None:
    part = "contract" if which is None else f"contracts/{held[which].id}"
    data = sent((FIRST, SECOND)[which or 0], **changes)
    refused = signed_in(app, cast.citra).post(f"/hr/people/{cast.ani.id}/{part}", data=data)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert [contract.ends_on for contract in contracts.of(cast.ani.id)] == [
        SECOND.ends_on,
        FIRST.ends_on,
    ]


def test_days_away_are_no_gap(cast: Cast, held: list[Contract]) -> None:
    later = Term(starts_on=date(2027, 6, 1))
    with transaction():
        placed = db.session.scalars(select(Placement).where(Placement.person_id == cast.ani.id))
        placed.one().until_ms = clock.start_of_day_ms(date(2027, 2, 1))
        contracts.refuse_gap(cast.ani.id, later)


def test_only_hr_of_the_branch_changes_a_contract(
    app: Flask, cast: Cast, held: list[Contract]
) -> None:
    address = f"/hr/people/{cast.ani.id}/contracts/{held[1].id}"
    other = f"/hr/people/{cast.citra.id}/contracts/{held[1].id}"
    for who, status in (("stranger", 404), ("ani", 404), ("fadli", 403), ("dewi", 404)):
        client = signed_in(app, getattr(cast, who))
        changed = sent(SECOND, contract_end="2028-01-31")
        assert client.get(address).status_code == status
        assert client.post(address, data=changed).status_code == status
    assert signed_in(app, cast.syamsul).get(address).status_code == 200
    assert signed_in(app, cast.syamsul).get(other).status_code == 404
    assert contracts.of(cast.ani.id)[0].ends_on == SECOND.ends_on


def test_jp_follow_the_contract_year_as_it_was_put_right(cast: Cast, held: list[Contract]) -> None:
    ani = db.session.get_one(Person, cast.ani.id)
    day = date(2026, 11, 24)
    before = hours.contract(ani, day)
    with transaction():
        term = Term(starts_on=date(2025, 2, 1), ends_on=date(2026, 6, 30))
        contracts.change(None, ani.id, held[1].id, term)
        contracts.add(None, ani.id, Term(starts_on=date(2026, 7, 1)))
    after = hours.contract(ani, day)
    assert before
    assert after
    assert (before.start, after.start) == (date(2026, 2, 1), date(2026, 7, 1))


# --- told before the end


def run_days(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """The runner comes round on a day, as often as it likes."""
    monkeypatch.setattr(clock, "today", lambda: day)
    for attempt in ("first", "again"):
        with transaction():
            jobs.enqueue(contract_ends.TELL_OF_CONTRACTS, f"{day}:{attempt}")
        while jobs.run_one(HANDLERS):
            pass


def told(person: Person) -> list[str]:
    wanted = select(Notice.key).where(Notice.person_id == person.id, Notice.kind.like("contract%"))
    return list(db.session.scalars(wanted.order_by(Notice.id)))


def test_people_and_hr_are_told_once_of_each_step(
    app: Flask, cast: Cast, held: list[Contract], monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = SECOND.ends_on
    assert ends
    for left, number in ((91, 0), (90, 1), (89, 1), (31, 1), (29, 2), (0, 2), (-1, 2)):
        run_days(monkeypatch, ends - timedelta(days=left))
        assert (len(told(cast.ani)), len(told(cast.citra))) == (number, number), left
    assert not told(cast.stranger)
    assert not told(cast.syamsul)
    monkeypatch.undo()
    assert (
        "Perjanjian kerja Anda berakhir 31 Januari 2027"
        in signed_in(app, cast.ani).get("/inbox").text
    )
    hr = signed_in(app, cast.citra).get("/inbox").text
    assert "1 kontrak PPPK di unit Anda berakhir 31 Januari 2027" in hr


Change = Callable[[Cast], object]


@pytest.mark.parametrize(
    "change",
    [
        lambda cast: contracts.add(None, cast.ani.id, Term(starts_on=date(2027, 2, 1))),
        lambda cast: accounts.deactivate(None, cast.ani.id),
        lambda _cast: settings.change("contract_notice_days", 2026, [], None),
        lambda _cast: settings.change("contract_notice_days", 2026, [60], None),
    ],
    ids=["extended", "left", "turned off", "later"],
)
def test_nobody_is_told_without_cause(
    cast: Cast, held: list[Contract], monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    with transaction():
        change(cast)
    run_days(monkeypatch, date(2026, 11, 2))
    assert told(cast.ani) == told(cast.citra) == []
