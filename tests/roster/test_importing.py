"""A roster from file to people: looked at, applied at once, taken back, and brought again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid
from elearn.people import accounts, placements, staffing, units
from elearn.people.history_models import Contract, Placement
from elearn.people.models import AuditEntry, FormerNip, Person, Position, SignIn
from elearn.roster import applying, deciding, listing, undoing
from elearn.roster.columns import Field
from elearn.roster.comparing import Kind
from elearn.roster.deciding import Said
from elearn.roster.models import RosterImport, RosterRow, State
from tests.people_cast import Cast, actor_of, token_of
from tests.roster.files import (
    ANI,
    HEADINGS,
    NEW,
    a_csv,
    a_line,
    a_workbook,
    as_it_stands,
    bring,
    counts,
    person_of,
    run_jobs,
)

OTHER = "199505052023212993"


def confirm(person: Person, row: RosterImport, *, closes: bool = True, is_sure: bool = True) -> Any:
    with transaction():
        applying.confirm(actor_of(person), row.id, closes=closes, is_sure=is_sure)
    run_jobs()
    return as_it_stands(row.id)


def take_back(person: Person, row: RosterImport) -> RosterImport:
    with transaction():
        undoing.ask(actor_of(person), row.id)
    run_jobs()
    return as_it_stands(row.id)


def everybody() -> dict[str, tuple[Any, ...]]:
    """All people, their places and their numbers, as they can be compared."""
    people = db.session.execute(
        select(*Person.__table__.c).order_by(Person.id).execution_options(populate_existing=True)
    )
    return {
        "people": tuple(tuple(row) for row in people),
        "places": tuple(
            tuple(row)[1:]
            for row in db.session.execute(select(*Placement.__table__.c).order_by(Placement.id))
        ),
        "numbers": tuple(tuple(row) for row in db.session.execute(select(*FormerNip.__table__.c))),
    }


def reasons(row: RosterImport) -> dict[int, list[tuple[str, str]]]:
    return {
        entry.number: [(problem.column, problem.reason) for problem in entry.problems]
        for entry in listing.every(row.id, listing.PROBLEMS)
    }


def test_a_file_is_looked_at_applied_brought_again_and_taken_back(app: Flask, cast: Cast) -> None:
    moved = a_line(nip=ANI, name="ANI PRATIWI", unit="Puskesmas Hulu", position="Perawat Terampil")
    content = a_workbook([a_line(), moved], above=["Daftar pegawai Dinas Kesehatan", ""])
    before = everybody()
    row = bring(cast.citra, content)
    assert (row.state, row.sheet) == (State.READY, "Pegawai")
    assert counts(row) == {Kind.NEW: 1, Kind.MOVED: 1}
    assert everybody() == before
    (change,) = listing.find(row.id, Kind.MOVED).entries
    assert [(each.column, each.before, each.after) for each in change.changes] == [
        ("grade", "", "III/b"),
        ("unit_id", "Pustu Bukit Sari", "Puskesmas Hulu"),
        ("position_name", "", "Perawat Terampil"),
    ]
    row = confirm(cast.citra, row)
    assert (row.state, row.content) == (State.APPLIED, b"")
    new, ani = person_of(NEW), person_of(ANI)
    position = db.session.get_one(Position, new.position_id)
    assert (position.name, position.position_class) == ("Perawat Ahli Pertama", "jf_ahli_pertama")
    assert (new.name, new.sort_name, new.grade, new.unit_id) == (
        "Bayu Pratama",
        "bayu pratama",
        "III/b",
        cast.puskesmas.id,
    )
    assert (ani.name, ani.degrees_after, ani.unit_id) == (
        "Ani Pratiwi",
        "A.Md.Kep.",
        cast.puskesmas.id,
    )
    places = select(func.count()).select_from(Placement).where(Placement.person_id == ani.id)
    assert db.session.scalar(places) == 2
    newest = select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(1)
    assert db.session.scalar(newest) == "roster:applied"
    again = bring(cast.citra, content)
    assert counts(again) == {Kind.SAME: 2}
    with pytest.raises(Conflict, match="not_applicable"):
        confirm(cast.citra, again)
    row = take_back(cast.citra, row)
    assert row.state == State.UNDONE
    assert everybody() == before


def test_a_complete_file_closes_who_is_missing_and_undo_opens_them(app: Flask, cast: Cast) -> None:
    token_of(cast.ani)
    citra = a_line(nip=cast.citra.nip, name="Citra Lestari", unit="Dinas Kesehatan", position="")
    row = bring(cast.citra, a_workbook([citra]), unit_id=cast.health.id, is_complete=True)
    assert counts(row)[Kind.LEAVER] == 1
    with pytest.raises(Invalid, match="unsure"):
        confirm(cast.citra, row, is_sure=False)
    before = everybody()
    row = confirm(cast.citra, row)
    ani = person_of(ANI)
    assert not ani.active
    assert db.session.scalar(select(SignIn.stamp).where(SignIn.person_id == ani.id)) is None
    assert ani.password_hash
    take_back(cast.citra, row)
    assert everybody() == before


def test_leavers_may_all_stay_or_one_by_one_and_who_runs_the_product_always(
    app: Flask, cast: Cast
) -> None:
    row = bring(cast.syamsul, a_workbook([a_line()]), is_complete=True)
    page = listing.find(row.id, Kind.LEAVER)
    kept = {entry.person_id for entry in page.entries if entry.is_kept}
    assert kept == {cast.syamsul.id, cast.dewi.id, cast.fadli.id}
    assert counts(row)[Kind.LEAVER] == 4
    with transaction():
        deciding.keep_leaver(actor_of(cast.syamsul), row.id, cast.ani.id, is_kept=True)
    assert counts(as_it_stands(row.id))[Kind.LEAVER] == 3
    confirm(cast.syamsul, row, closes=False)
    assert person_of(ANI).active
    assert person_of(cast.budi.nip).active


WRONG = [
    ({"nip": 198609262015051000.0}, Field.NIP, "nip_spreadsheet"),
    ({"nip": "1,98609E+17"}, Field.NIP, "nip_spreadsheet"),
    ({"nip": "19900115201503199"}, Field.NIP, "nip_wrong_length"),
    ({"nip": ""}, Field.NIP, "missing"),
    ({"nip": '="199001152015031992"'}, Field.NIP, "formula"),
    ({"name": ""}, Field.NAME, "missing"),
    ({"name": "x" * 201}, Field.NAME, "too_long"),
    ({"name": "#N/A"}, Field.NAME, "cell_error"),
    ({"unit": "Puskesmas Antah"}, Field.UNIT, "unit_unknown"),
    ({"unit": "Dinas PUPR"}, Field.UNIT, "unit_elsewhere"),
    ({"status": "Honorer"}, Field.STATUS, "status_unknown"),
    ({"status": ""}, Field.STATUS, "status_missing"),
    ({"grade": "V/z"}, Field.GRADE, "grade_unknown"),
    ({"grade": "IX"}, Field.GRADE, "grade_differs"),
    ({"nip": "198603032011011920", "unit": "Puskesmas Hulu"}, Field.NIP, "person_elsewhere"),
]


def test_each_wrong_cell_is_named_by_row_and_column_and_nothing_can_be_applied(
    app: Flask, cast: Cast
) -> None:
    lines = [
        a_line(**({"nip": f"1990011520150319{at:02}"} | wrong))
        for at, (wrong, _column, _reason) in enumerate(WRONG, 20)
    ]
    row = bring(cast.citra, a_workbook([*lines, a_line(), a_line()]))
    found = reasons(row)
    for at, (_wrong, column, reason) in enumerate(WRONG, 2):
        assert (column.value, reason) in found[at], (at, found[at])
    assert found[len(WRONG) + 3] == [("NIP", "same_as_row")]
    assert counts(row)[Kind.REFUSED] == len(WRONG) + 1
    with pytest.raises(Conflict):
        confirm(cast.citra, row)


def test_the_same_rows_as_csv_mean_the_same(app: Flask, cast: Cast) -> None:
    row = bring(
        cast.citra,
        a_csv([a_line(), a_line(nip=OTHER, name=" Dwi  Sari ", status="P3K", grade="9")]),
    )
    assert counts(row) == {Kind.NEW: 2}
    dwi = listing.find(row.id, Kind.NEW).entries[1]
    assert dwi.name == "Dwi Sari"


def test_units_under_other_names_are_said_once_and_remembered(app: Flask, cast: Cast) -> None:
    headings = (*HEADINGS, Field.PARENT)
    line = a_line(unit="SEKSI GIZI", parent="PUSKESMAS HULU")
    upper = a_line(
        nip=OTHER,
        name="Dwi Sari",
        status="PPPK",
        grade="IX",
        unit="PKM. HULU",
        parent="DINAS KESEHATAN",
    )
    row = bring(cast.citra, a_workbook([line, upper], headings))
    asked = deciding.unknown_units(row)
    assert [(unit.unit, unit.proposed, unit.people) for unit in asked] == [
        ("PKM. HULU", "Pkm. Hulu", 1),
        ("SEKSI GIZI", "Seksi Gizi", 1),
    ]
    assert asked[1].above is not None
    assert asked[1].above.id == cast.puskesmas.id
    said = [
        Said(0, "PKM. HULU", "DINAS KESEHATAN", unit_id=cast.puskesmas.id),
        Said(1, "SEKSI GIZI", "PUSKESMAS HULU", new_name="Seksi Gizi", above_id=cast.puskesmas.id),
    ]
    with transaction():
        deciding.say_units(actor_of(cast.citra), row.id, said)
    run_jobs()
    row = as_it_stands(row.id)
    assert counts(row) == {Kind.NEW: 2}
    confirm(cast.citra, row)
    assert person_of(OTHER).unit_id == cast.puskesmas.id
    assert counts(bring(cast.citra, a_workbook([line, upper], headings))) == {Kind.SAME: 2}


def test_a_new_number_of_somebody_known_is_theirs_when_somebody_says_so(
    app: Flask, cast: Cast
) -> None:
    new = "199404122025212941"
    line = a_line(nip=new, name="Ani Pratiwi", status="PPPK", grade="VII", unit="Pustu Bukit Sari")
    row = bring(cast.citra, a_workbook([line]))
    assert counts(row) == {Kind.NEW: 1, "twins": 1}
    (twin,) = deciding.twins(row.id)
    assert (twin.nip, twin.person_id) == (new, cast.ani.id)
    before = everybody()
    with transaction():
        deciding.say_twins(actor_of(cast.citra), row.id, {twin.number: True})
    run_jobs()
    row = as_it_stands(row.id)
    assert counts(row) == {Kind.CHANGED: 1}
    row = confirm(cast.citra, row)
    assert person_of(new).id == cast.ani.id
    assert db.session.get_one(FormerNip, ANI).person_id == cast.ani.id
    take_back(cast.citra, row)
    assert everybody()["people"] == before["people"]
    assert everybody()["numbers"] == ()


def test_the_id_of_siasn_finds_a_person_under_a_new_number(app: Flask, cast: Cast) -> None:
    headings = (*HEADINGS, Field.SIASN_ID)
    line = a_line(nip=ANI, name="Ani Pratiwi", unit="Pustu Bukit Sari", siasn_id="A5EB03E2")
    confirm(cast.citra, bring(cast.citra, a_workbook([line], headings)))
    row = bring(cast.citra, a_workbook([line | {Field.NIP: NEW}], headings))
    assert counts(row) == {Kind.CHANGED: 1}
    confirm(cast.citra, row)
    assert person_of(NEW).id == cast.ani.id


def test_contracts_follow_one_another_and_are_taken_back(app: Flask, cast: Cast) -> None:
    headings = (*HEADINGS, Field.CONTRACT_START, Field.CONTRACT_END)
    first = a_line(nip=OTHER, name="Dwi Sari", status="PPPK", grade="IX")
    first |= {Field.CONTRACT_START: date(2025, 3, 1), Field.CONTRACT_END: "28 Februari 2026"}
    confirm(cast.citra, bring(cast.citra, a_workbook([first], headings)))
    before = contracts()
    assert before == [(date(2025, 3, 1), date(2026, 2, 28))]
    assert counts(bring(cast.citra, a_workbook([first], headings))) == {Kind.SAME: 1}
    overlapping = first | {Field.CONTRACT_START: "01-02-2026", Field.CONTRACT_END: ""}
    row = bring(cast.citra, a_workbook([overlapping], headings))
    assert reasons(row) == {2: [("Awal kontrak", "contract_overlaps")]}
    longer = first | {Field.CONTRACT_END: "31/12/2026"}
    row = confirm(cast.citra, bring(cast.citra, a_workbook([longer], headings)))
    assert contracts() == [(date(2025, 3, 1), date(2026, 12, 31))]
    take_back(cast.citra, row)
    second = first | {Field.CONTRACT_START: "01-03-2026", Field.CONTRACT_END: ""}
    row = confirm(cast.citra, bring(cast.citra, a_workbook([second], headings)))
    assert contracts() == [*before, (date(2026, 3, 1), None)]
    take_back(cast.citra, row)
    assert contracts() == before


def contracts() -> list[tuple[Any, Any]]:
    found = db.session.execute(
        select(Contract.starts_on, Contract.ends_on).order_by(Contract.starts_on)
    )
    return [tuple(row) for row in found]


def test_who_has_left_comes_back_and_undo_lets_them_leave_again(app: Flask, cast: Cast) -> None:
    with transaction():
        accounts.deactivate(None, cast.ani.id)
    before = everybody()
    line = a_line(nip=ANI, name="Ani Pratiwi", unit="Pustu Bukit Sari", position="")
    row = bring(cast.citra, a_workbook([line]))
    assert counts(row) == {Kind.BACK: 1}
    row = confirm(cast.citra, row)
    assert person_of(ANI).active
    assert placements.of(cast.ani.id)[0].until_ms is None
    take_back(cast.citra, row)
    assert everybody() == before


def test_a_file_holds_from_its_day_but_never_before_the_last_placement(
    app: Flask, cast: Cast
) -> None:
    day = clock.today() - timedelta(days=3)
    line = a_line(nip=ANI, name="Ani Pratiwi", unit="Puskesmas Hulu")
    row = bring(cast.citra, a_workbook([line]), as_of=day)
    assert reasons(row) == {2: [("Unit kerja", "moved_later")]}
    with transaction():
        db.session.execute(update(Placement).values(from_ms=clock.start_of_day_ms(day) - 1))
    row = confirm(cast.citra, bring(cast.citra, a_workbook([line]), as_of=day))
    newest = placements.of(cast.ani.id)[0]
    assert (newest.unit, newest.from_ms) == ("Puskesmas Hulu", clock.start_of_day_ms(day))
    assert (newest.reason, newest.grade) == ("Impor pegawai", "III/b")


def test_a_unit_that_was_merged_means_the_one_it_went_into(app: Flask, cast: Cast) -> None:
    with transaction():
        old = units.create_unit("Puskesmas Lama", cast.health)
        old.closed_ms, old.merged_into_id = clock.now_ms(), cast.puskesmas.id
        units.create_unit("Puskesmas Tutup", cast.health).closed_ms = clock.now_ms()
    lines = [a_line(unit="PUSKESMAS LAMA"), a_line(nip=OTHER, unit="Puskesmas Tutup")]
    row = bring(cast.citra, a_workbook(lines))
    assert [entry.unit for entry in listing.find(row.id, Kind.NEW).entries] == ["Puskesmas Hulu"]
    assert ("Unit kerja", "unit_unknown") in reasons(row)[3]


def test_what_changed_since_it_was_looked_at_is_looked_at_again(app: Flask, cast: Cast) -> None:
    line = a_line(nip=ANI, name="Ani Pratiwi", unit="Puskesmas Hulu")
    row = bring(cast.citra, a_workbook([line]))
    with transaction():
        staffing.change_nip(None, cast.ani.id, "199404122019032941")
    row = confirm(cast.citra, row)
    assert row.state == State.READY
    assert reasons(row) == {2: [("NIP", "nip_former")]}
    assert person_of("199404122019032941").unit_id == cast.pustu.id


def test_undo_leaves_whom_something_has_happened_to(app: Flask, cast: Cast) -> None:
    lines = [a_line(), a_line(nip=OTHER, name="Dwi Sari", status="PPPK", grade="IX"),
             a_line(nip=ANI, name="Ani Pratiwi", unit="Puskesmas Hulu")]  # fmt: skip
    row = confirm(cast.citra, bring(cast.citra, a_workbook(lines)))
    with transaction():
        staffing.grant(None, person_of(OTHER).id, staffing.Role.INSTRUCTOR)
        db.session.get_one(Person, cast.ani.id).grade = "III/c"
    row = take_back(cast.citra, row)
    assert [entry.name for entry in listing.find(row.id, listing.LEFT).entries] == [
        "Ani Pratiwi, A.Md.Kep."
    ]
    assert db.session.scalar(select(Person.id).where(Person.nip == NEW)) is None
    assert not person_of(OTHER).active
    assert person_of(ANI).unit_id == cast.puskesmas.id
    assert db.session.scalar(select(func.count()).select_from(RosterRow)) == 3
