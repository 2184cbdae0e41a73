"""The pages of the unit editor."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn import clock
from elearn.database import db
from elearn.people.models import Unit
from tests.people_cast import Cast, signed_in

ACTS = ("add", "edit", "move", "merge", "close", "reopen", "unmerge")


def main_of(text: str) -> str:
    return text.split("<main")[1]


def form(**changes: object) -> dict[str, object]:
    return {"day": clock.today().isoformat(), "reason": "Perbup 3/2026", "kind": ""} | changes


def test_the_tree_is_seen_as_far_as_one_reaches(app: Flask, cast: Cast) -> None:
    page = main_of(signed_in(app, cast.citra).get("/hr/units").text)
    assert page.index("Dinas Kesehatan") < page.index("Puskesmas Hulu")
    assert "Pustu Bukit Sari" not in page
    assert "Pemerintah Kabupaten Contoh" not in page
    page = main_of(signed_in(app, cast.dewi).get("/admin/units").text)
    assert "Pemerintah Kabupaten Contoh" in page
    page = main_of(signed_in(app, cast.syamsul).get("/hr/units?q=pustu").text)
    assert "Pustu Bukit Sari" in page
    page = main_of(signed_in(app, cast.syamsul).get("/hr/units?q=zzz").text)
    assert "Tidak ada unit yang cocok" in page


@pytest.mark.parametrize(
    ("who", "unit", "status"),
    [
        ("citra", "pustu", 200),
        ("citra", "works", 404),
        ("citra", "government", 404),
        ("stranger", "pustu", 404),
        ("fadli", "works", 200),
        ("ani", "pustu", 404),
        ("dewi", "works", 200),
    ],
)
def test_a_unit_is_a_page_for_those_who_reach_it(
    app: Flask, cast: Cast, who: str, unit: str, status: int
) -> None:
    client = signed_in(app, getattr(cast, who))
    assert client.get(f"/hr/units/{getattr(cast, unit).id}").status_code == status
    assert client.get("/hr/units/99999").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_only_hr_of_the_agency_and_admins_change_the_tree(app: Flask, cast: Cast, act: str) -> None:
    address = f"/hr/units/{cast.works.id}/{act}"
    for who, status in ((cast.ani, 404), (cast.stranger, 403), (cast.fadli, 403)):
        client = signed_in(app, who)
        assert client.get(address).status_code == status
        assert client.post(address, data=form(target=cast.health.id)).status_code == status
    assert signed_in(app, cast.syamsul).get(address).status_code == 200
    assert db.session.get_one(Unit, cast.works.id).parent_id == cast.government.id


def test_a_unit_is_renamed_moved_merged_and_brought_back(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.dewi)
    here = f"/admin/units/{cast.puskesmas.id}"
    page = main_of(client.get(f"{here}/edit").text)
    assert 'value="Puskesmas Hulu"' in page
    assert "Pegawai di cabang ini" in page
    changed = form(name="Puskesmas Rawat Inap Hulu", code="PKM-1", rank="1")
    assert client.post(f"{here}/edit", data=changed).location == here
    page = main_of(client.get(here).text)
    assert "dahulu Puskesmas Hulu" in page
    assert "Perbup 3/2026" in page
    page = main_of(client.get(f"{here}/move?q=pupr").text)
    assert page.count("<option") == 2
    for act, words in (
        ("move", "Dinas PUPR"),
        ("merge", "digabungkan ke"),
        ("unmerge", "Tutup"),
    ):
        client.post(f"{here}/{act}", data=form(target=cast.works.id))
        assert words in main_of(client.get(here).text)
    made = client.post(f"{here}/add", data=form(name="Poli Gigi"))
    assert made.location == here
    assert "Poli Gigi" in main_of(client.get(here).text)


@pytest.mark.parametrize(
    ("act", "changes", "status", "sentence"),
    [
        ("edit", {"name": ""}, 422, "Isian ini perlu diisi."),
        ("edit", {"name": "Dinas PUPR"}, 422, "Sudah ada unit dengan nama itu"),
        ("edit", {"name": "A", "day": "2126-01-01"}, 422, "Tanggalnya belum tiba"),
        ("edit", {"name": "A", "kind": "planet"}, 422, "Pilih salah satu"),
        ("edit", {"name": "A", "rank": "-1"}, 422, "0 sampai 9999"),
        ("move", {"target": ""}, 422, "Isian ini perlu diisi."),
        ("move", {"target": "99999"}, 422, "Pilih salah satu"),
        ("move", {"reason": ""}, 422, "Isian ini perlu diisi."),
        ("close", {}, 422, "Masih ada pegawai"),
        ("unmerge", {}, 422, "tidak sedang digabungkan"),
    ],
)
def test_a_refused_act_says_why_and_keeps_what_was_typed(
    app: Flask, cast: Cast, act: str, changes: dict[str, str], status: int, sentence: str
) -> None:
    address = f"/hr/units/{cast.health.id}/{act}"
    response = signed_in(app, cast.syamsul).post(address, data=form(**changes))
    assert response.status_code == status
    assert sentence in main_of(response.text)
    if status == 422 and "reason" not in changes:
        assert 'value="Perbup 3/2026"' in response.text
    assert db.session.get_one(Unit, cast.health.id).name == "Dinas Kesehatan"
