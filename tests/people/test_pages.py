"""What the pages of people do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn import clock
from elearn.database import db, transaction
from elearn.people import audit, brake, notices, staffing
from elearn.people.models import AuditEntry, Person, RoleGrant, SignIn
from elearn.people.notices import NoticeKind
from elearn.people.permissions import Role
from tests.people_cast import PASSWORD, Cast, a_person, browser, signed_in


def main_of(text: str) -> str:
    return text.split("<main")[1]


def fill(**changes: str) -> dict[str, str]:
    nabila = {"nip": "20010115 202605 2 912", "name": "Nabila Putri", "status": "cpns"}
    return nabila | changes


def test_the_sign_in_page_asks_for_digits_and_carries_a_token(app: Flask, cast: Cast) -> None:
    page = browser(app).get("/login").text
    assert 'inputmode="numeric"' in page
    assert 'name="csrf_token"' in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("nip", "password", "sentence"),
    [
        ("", "", "Bagian ini perlu diisi."),
        ("123", PASSWORD, "NIP terdiri dari 18 angka."),
        ("199404122019032901", "salah sama sekali", "NIP atau kata sandi tidak cocok."),
        ("199001152015031991", PASSWORD, "NIP atau kata sandi tidak cocok."),
    ],
)
def test_a_refused_sign_in_says_why_and_keeps_what_was_typed(
    app: Flask, cast: Cast, nip: str, password: str, sentence: str
) -> None:
    form = {"nip": nip, "password": password, "next": "/record", "remember": "y"}
    response = browser(app).post("/login", data=form)
    page = main_of(response.text)
    assert response.status_code == 422
    assert sentence in page
    assert f'value="{nip}"' in page
    assert 'value="/record"' in page
    assert 'aria-invalid="true"' in page
    assert not password or password not in page
    assert db.session.scalar(select(func.count()).select_from(SignIn)) == 0


def test_a_known_and_an_unknown_nip_get_the_same_page(app: Flask, cast: Cast) -> None:
    pages = []
    for nip in (cast.ani.nip, "199001152015031991"):
        form = {"nip": nip, "password": "salah sama sekali"}
        page = main_of(browser(app).post("/login", data=form).text).replace(nip, "NIP")
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", page))
    assert pages[0] == pages[1]


def test_after_five_tries_one_waits_even_with_the_right_password(app: Flask, cast: Cast) -> None:
    client, now_ms = browser(app), clock.now_ms()
    with clock.set_to(now_ms):
        for _ in range(brake.FREE_FAILURES):
            client.post("/login", data={"nip": cast.ani.nip, "password": "salah sama sekali"})
        form = {"nip": cast.ani.nip, "password": PASSWORD}
        response = client.post("/login", data=form)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "1"
        assert "coba lagi dalam 1 detik" in response.text
    with clock.set_to(now_ms + 1000):
        assert client.post("/login", data=form).status_code == 303


def test_guessing_the_old_password_is_slowed_down_too(app: Flask, cast: Cast) -> None:
    client = signed_in(app, cast.ani)
    form = {"old": "salah sama sekali", "new": "sampan kecil hilir", "again": "sampan kecil hilir"}
    with clock.set_to(clock.now_ms()):
        statuses = [client.post("/account/password", data=form).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("new", "again", "sentence"),
    [
        ("sampan kecil hilir", "sampan kecil hulu", "Kedua kata sandi baru belum sama."),
        ("pendek", "pendek", "sedikitnya 10 karakter"),
        ("indonesia2026", "indonesia2026", "mudah ditebak"),
    ],
)
def test_a_refused_password_says_why(
    app: Flask, cast: Cast, new: str, again: str, sentence: str
) -> None:
    form = {"old": PASSWORD, "new": new, "again": again}
    response = signed_in(app, cast.ani).post("/account/password", data=form)
    assert response.status_code == 422
    assert sentence in main_of(response.text).replace("Sedikitnya 10 karakter. Beberapa", "")


def test_help_names_the_hr_of_a_unit_and_asks_nobody_who_they_are(app: Flask, cast: Cast) -> None:
    client = browser(app)
    page = main_of(client.get("/forgot").text)
    assert "Pustu Bukit Sari" in page
    assert 'name="nip"' not in page
    assert "Citra" not in page
    page = main_of(client.get(f"/forgot?unit={cast.pustu.id}").text)
    assert "Citra Lestari" in page
    assert "https://wa.me/6281200000908" in page
    assert cast.citra.nip not in page


def test_help_says_what_to_do_where_nobody_holds_hr(app: Flask, cast: Cast) -> None:
    with transaction():
        for held in db.session.scalars(select(RoleGrant)):
            staffing.revoke(None, held.person_id, held.id)
    page = browser(app).get(f"/forgot?unit={cast.pustu.id}").text
    assert "Belum ada petugas untuk unit ini" in page


def test_the_account_shows_ones_own_data_and_devices(app: Flask, cast: Cast) -> None:
    other = signed_in(app, cast.ani)
    client = signed_in(app, cast.ani)
    page = main_of(client.get("/account").text)
    assert "19940412 201903 2 901" in page
    assert page.count("Chrome, Android") == 2
    [stamp] = re.findall(r'name="stamp" value="([0-9a-f]{64})"', page)
    assert client.post("/account/devices", data={"stamp": stamp}).location == "/account"
    assert other.get("/account").status_code == 303
    assert client.get("/account").status_code == 200


def test_a_device_of_somebody_else_is_not_found(app: Flask, cast: Cast) -> None:
    signed_in(app, cast.budi)
    wanted = select(SignIn.stamp).where(SignIn.person_id == cast.budi.id)
    stamp = db.session.scalars(wanted).one()
    response = signed_in(app, cast.ani).post("/account/devices", data={"stamp": stamp})
    assert response.status_code == 404
    assert db.session.scalars(wanted).one() == stamp


def test_an_empty_inbox_says_what_will_come(app: Flask, cast: Cast) -> None:
    assert "Belum ada pesan" in signed_in(app, cast.ani).get("/inbox").text


def test_the_code_is_shown_once_and_kept_by_no_cache(app: Flask, cast: Cast) -> None:
    response = signed_in(app, cast.citra).post(f"/hr/people/{cast.ani.id}/code")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    [code] = re.findall(r"<code[^>]*>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", response.text)
    client = browser(app)
    form = {"nip": cast.ani.nip, "password": code}
    assert client.post("/login", data=form).status_code == 303
    assert client.get("/").location == "/account/password"


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [
        ("ani", "citra", 404),
        ("budi", "ani", 404),
        ("stranger", "ani", 404),
        ("citra", "stranger", 404),
        ("fadli", "ani", 403),
        ("syamsul", "dewi", 403),
        ("citra", "citra", 403),
    ],
)
def test_a_code_is_refused_and_nothing_changes(
    app: Flask, cast: Cast, who: str, whom: str, status: int
) -> None:
    person_id = getattr(cast, whom).id
    client = signed_in(app, getattr(cast, who))
    assert client.post(f"/hr/people/{person_id}/code").status_code == status
    person = db.session.get_one(Person, person_id)
    db.session.refresh(person)
    assert person.password_hash
    assert not person.code_hash


def test_a_closed_account_gets_no_code(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.dewi)
    admin.post(f"/admin/people/{cast.ani.id}/deactivate")
    assert admin.post(f"/hr/people/{cast.ani.id}/code").status_code == 409


def test_people_are_found_by_name_branch_and_state(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.dewi)
    for query, names in [
        ("q=PRATIWI", {"Ani Pratiwi"}),
        (f"unit={cast.health.id}", {"Ani Pratiwi", "Citra Lestari"}),
        (f"unit={cast.health.id}&q=ani", {"Ani Pratiwi"}),
        ("state=inactive", set()),
        ("q=%25", set()),
    ]:
        page = main_of(admin.get(f"/admin/people?{query}").text)
        everybody = ["Ani Pratiwi", "Citra Lestari", "Budi Hartono", "Hendra Saputra"]
        assert {name for name in everybody if name in page} == names, query


def test_people_are_sorted_both_ways(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.dewi)
    up = main_of(admin.get("/admin/people?sort=name").text)
    down = main_of(admin.get("/admin/people?sort=-name").text)
    assert up.index("Ani Pratiwi") < up.index("Syamsul Bahri")
    assert down.index("Ani Pratiwi") > down.index("Syamsul Bahri")


def test_an_empty_list_says_what_to_do(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.dewi).get("/admin/people?q=tidakada").text
    assert "Tidak ada pegawai yang cocok" in page


def test_a_nip_is_looked_for_without_standing_in_an_address(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.dewi)
    found = admin.post("/admin/people/find", data={"nip": "19940412 201903 2 901"})
    assert found.location == f"/admin/people/{cast.ani.id}"
    missing = admin.post("/admin/people/find", data={"nip": "199001152015031991"})
    assert missing.location == "/admin/people"
    assert cast.ani.nip not in admin.get("/admin/people").text.split("<tbody")[0]


def test_lists_take_few_statements_however_many_rows(
    app: Flask, cast: Cast, query_count: Any
) -> None:
    with transaction():
        for number in range(60):
            a_person(f"1990011520150319{10 + number}"[:18], f"Pegawai {number}", cast.works)
            audit.record(cast.dewi.id, audit.Action.PERSON_VIEWED, cast.ani.id)
    admin = signed_in(app, cast.dewi)
    for path in (f"/admin/people?unit={cast.works.id}", "/admin/people?page=2", "/admin/audit"):
        with query_count() as count:
            assert admin.get(path).status_code == 200
        assert count.total <= 6, count.statements
    ani = signed_in(app, cast.ani)
    with query_count() as count:
        ani.get("/inbox")
    assert count.total <= 6


def test_a_new_person_is_recorded(app: Flask, cast: Cast) -> None:
    admin = signed_in(app, cast.dewi)
    form = fill(unit_id=str(cast.works.id), grade="III/a", degrees_after="S.T.")
    response = admin.post("/admin/people/new", data=form)
    made = db.session.scalars(select(Person).where(Person.name == "Nabila Putri")).one()
    assert response.location == f"/admin/people/{made.id}"
    assert (made.nip, made.grade, made.unit_id) == ("200101152026052912", "III/a", cast.works.id)
    page = main_of(admin.get(response.location).text)
    assert "belum punya kata sandi" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nip": "19940412 201903 2 901"}, "sudah tercatat pada pegawai lain"),
        ({"nip": "1,98609E+17"}, "rusak oleh lembar kerja"),
        ({"nip": "199102292019032992"}, "bukan tanggal lahir"),
        ({"name": ""}, "Bagian ini perlu diisi."),
        ({"name": "x" * 201}, "Paling banyak 200 karakter."),
        ({"status": "dosen"}, "Pilih dari daftar."),
        ({"unit_id": "9999"}, "Pilih dari daftar."),
        ({"unit_id": "satu"}, "Pilih dari daftar."),
        ({"grade": "IX"}, "Golongan tidak sesuai"),
        ({"contract_start": "2026-02-30"}, "Tulis tanggal yang ada."),
        ({"whatsapp": "12"}, "nomor WhatsApp seperti"),
    ],
)
def test_a_bad_field_is_told_beside_it_and_nothing_is_written(
    app: Flask, cast: Cast, changes: dict[str, str], sentence: str
) -> None:
    form = fill(unit_id=str(cast.works.id), degrees_before="Ir. Hj.") | changes
    response = signed_in(app, cast.dewi).post("/admin/people/new", data=form)
    page = main_of(response.text)
    assert response.status_code == 422
    assert sentence in page
    assert "Ir. Hj." in page
    assert 'class="field wrong"' in page
    assert db.session.scalar(select(func.count()).select_from(Person)) == 7


def test_a_person_is_edited_and_the_rest_stays(app: Flask, cast: Cast) -> None:
    with transaction():
        place = staffing.position("Perawat Terampil", "jf_terampil")
        cast.ani.target_class = "pengawas"
    admin, path = signed_in(app, cast.dewi), f"/admin/people/{cast.ani.id}/edit"
    assert 'value="Ani Pratiwi"' in admin.get(path).text
    form = {"name": "Ani Pratiwi", "status": "pns", "grade": "II/d", "degrees_after": ""}
    form["position_id"] = str(place.id)
    assert admin.post(path, data=form).location == f"/admin/people/{cast.ani.id}"
    ani = db.session.get_one(Person, cast.ani.id)
    db.session.refresh(ani)
    assert (ani.position_id, ani.grade, ani.degrees_after) == (place.id, "II/d", "")
    assert ani.target_class == "pengawas"


def test_a_person_is_moved_from_today(app: Flask, cast: Cast) -> None:
    admin, path = signed_in(app, cast.dewi), f"/admin/people/{cast.ani.id}/move"
    form = {"unit_id": str(cast.works.id), "day": clock.today().isoformat()}
    assert admin.post(path, data=form).status_code == 303
    page = main_of(admin.get(f"/admin/people/{cast.ani.id}").text)
    assert "Dinas PUPR" in page
    assert "Pustu Bukit Sari" in page
    again = admin.post(path, data=form)
    assert again.status_code == 422
    assert "sudah bekerja di unit ini" in again.text
    assert "perlu diisi" in admin.post(path, data={"unit_id": str(cast.works.id)}).text


def test_a_nip_is_changed_and_the_old_one_shown(app: Flask, cast: Cast) -> None:
    admin, path = signed_in(app, cast.dewi), f"/admin/people/{cast.ani.id}/nip"
    assert admin.post(path, data={"nip": cast.ani.nip}).status_code == 422
    assert admin.post(path, data={"nip": "19940412 202421 2 901"}).status_code == 303
    page = main_of(admin.get(f"/admin/people/{cast.ani.id}").text)
    assert "19940412 202421 2 901" in page
    assert "19940412 201903 2 901" in page


def test_a_role_is_given_and_taken_back(app: Flask, cast: Cast) -> None:
    admin, path = signed_in(app, cast.dewi), f"/admin/people/{cast.ani.id}/roles"
    refused = admin.post(path, data={"role": "hr_unit"})
    assert refused.status_code == 422
    assert "Pilih unit yang diurus." in refused.text
    form = {"role": "hr_unit", "unit_id": str(cast.puskesmas.id)}
    assert admin.post(path, data=form).status_code == 303
    wanted = select(RoleGrant).where(RoleGrant.person_id == cast.ani.id)
    held = db.session.scalars(wanted).one()
    assert (held.role, held.unit_id) == (Role.HR_UNIT, cast.puskesmas.id)
    assert "Puskesmas Hulu" in admin.get(f"/admin/people/{cast.ani.id}").text
    assert admin.post(f"{path}/{held.id}/revoke").status_code == 303
    assert db.session.scalars(wanted).all() == []


def test_an_account_is_closed_after_saying_what_happens_and_opened_again(
    app: Flask, cast: Cast
) -> None:
    admin, path = signed_in(app, cast.dewi), f"/admin/people/{cast.ani.id}"
    page = main_of(admin.get(f"{path}/deactivate").text)
    assert "Catatan belajar, JP, dan sertifikatnya tetap tersimpan." in page
    assert db.session.get_one(Person, cast.ani.id).active
    admin.post(f"{path}/deactivate")
    assert "Akun ini ditutup" in admin.get(path).text
    admin.post(f"{path}/reactivate")
    assert "Akun ini ditutup" not in admin.get(path).text


def test_nobody_closes_their_own_account(app: Flask, cast: Cast) -> None:
    response = signed_in(app, cast.dewi).post(f"/admin/people/{cast.dewi.id}/deactivate")
    assert response.status_code == 409


def test_looking_at_a_person_is_noted_but_not_at_oneself_nor_in_vain(
    app: Flask, cast: Cast
) -> None:
    admin = signed_in(app, cast.dewi)
    for person_id in (cast.ani.id, cast.dewi.id, 9999):
        admin.get(f"/admin/people/{person_id}")
    wanted = select(AuditEntry).where(AuditEntry.action == "person:viewed")
    entry = db.session.scalars(wanted).one()
    assert (entry.actor_id, entry.subject_id) == (cast.dewi.id, cast.ani.id)


def test_the_audit_log_is_narrowed_by_person_action_and_days(app: Flask, cast: Cast) -> None:
    auditor, now_ms = signed_in(app, cast.fadli), clock.now_ms()
    with clock.set_to(now_ms - 3 * clock.DAY_MS), transaction():
        audit.record(cast.citra.id, "outside_learning:entered", cast.ani.id, jp=4)
    day = clock.day_of(now_ms - 3 * clock.DAY_MS).isoformat()
    for query, found in [
        ("action=outside_learning:entered", True),
        ("q=lestari&action=outside_learning:entered", True),
        ("subject=pratiwi&action=outside_learning:entered", True),
        ("q=lestari&subject=hendra&action=outside_learning:entered", False),
        ("q=hendra&action=outside_learning:entered", False),
        (f"since={day}&until={day}", True),
        (f"since={clock.today().isoformat()}", False),
        (f"until={day}", True),
        ("since=kemarin", True),
    ]:
        page = main_of(auditor.get(f"/admin/audit?{query}").text)
        assert ("JP: 4" in page) is found, query


def test_pages_of_the_audit_log_follow_each_other(app: Flask, cast: Cast) -> None:
    with transaction():
        for number in range(audit.PAGE_SIZE + 1):
            audit.record(cast.dewi.id, "test:done", cast.ani.id, number=number)
    auditor = signed_in(app, cast.fadli)
    first = main_of(auditor.get("/admin/audit?action=test:done").text)
    second = main_of(auditor.get("/admin/audit?action=test:done&page=2").text)
    assert "Lebih lama" in first
    assert "nomor: 0" in second
    assert "Lebih lama" not in second


def test_the_audit_log_speaks_in_words(app: Flask, cast: Cast) -> None:
    with transaction():
        staffing.move(cast.dewi.id, cast.ani.id, cast.works.id, clock.now_ms())
    page = main_of(signed_in(app, cast.fadli).get("/admin/audit").text)
    assert "sebelum: Pustu Bukit Sari" in page
    assert "sesudah: Dinas PUPR" in page
    assert "peran: Kepegawaian unit; unit: Dinas Kesehatan" in page
    assert "hr_unit" not in page


def test_an_empty_audit_page_says_what_to_do(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.fadli).get("/admin/audit?q=tidakada").text
    assert "Tidak ada catatan yang cocok" in page


def test_all_messages_are_marked_as_read_at_once(app: Flask, cast: Cast) -> None:
    with transaction():
        notices.notify(cast.ani.id, NoticeKind.EXTRA_ATTEMPT, "extra:1", title="Kuis akhir")
    ani = signed_in(app, cast.ani)
    assert "Tandai semua" in ani.get("/inbox").text
    assert ani.post("/inbox").location == "/inbox"
    assert "Tandai semua" not in ani.get("/inbox").text


def test_a_refused_edit_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    form = {"name": "Ani Pratiwi", "status": "pppk", "grade": "III/a", "degrees_after": "S.Tr."}
    path = f"/admin/people/{cast.ani.id}/edit"
    response = signed_in(app, cast.dewi).post(path, data=form)
    assert response.status_code == 422
    assert 'value="S.Tr."' in response.text
    assert db.session.get_one(Person, cast.ani.id).degrees_after == "A.Md.Kep."


def test_the_new_person_form_asks_for_the_nip_first(app: Flask, cast: Cast) -> None:
    page = main_of(signed_in(app, cast.dewi).get("/admin/people/new").text)
    assert page.index('id="nip"') < page.index('id="name"') < page.index('id="status"')
