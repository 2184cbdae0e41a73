"""The pages of the register and the settings: HR of the agency changes, the auditor reads."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import jobs, settings, work
from elearn.competency.models import RegisterNumber
from elearn.database import db, transaction
from elearn.people.models import AuditEntry
from tests.certification.conftest import give
from tests.people_cast import Cast
from tests.reports.school import browser_of, page_of, rows_of

HERE = "/hr/certificates/numbers"
OPTIONS = "/hr/certificates/settings"
CHOSEN = {
    "pattern": "800/{serial:03}/{unit}/{year}",
    "numbers": "automatic",
    "place": "Muara",
    "signer_name": "",
    "signer_title": "Kepala BKPSDM",
}


@pytest.fixture
def by_register(cast: Cast) -> Cast:
    with transaction():
        settings.change("certificate_numbers", 2026, "register", None)
    return cast


def entered() -> list[str]:
    return list(db.session.scalars(select(RegisterNumber.number).order_by(RegisterNumber.id)))


def test_a_run_and_a_list_are_entered_and_given(app: Flask, by_register: Cast) -> None:
    give(by_register.ani)
    hr = browser_of(app, by_register.syamsul)
    assert "1 sertifikat menunggu nomor" in page_of(app, by_register.syamsul, HERE)
    run = {"basis": "Surat 1", "before": "800/", "first": "09", "last": "10", "after": "/B"}
    assert hr.post(HERE, data=run).headers["Location"] == HERE
    assert hr.post(HERE, data={"basis": "Surat 2", "numbers": " x-1 \n\n x-2 "}).status_code == 303
    assert entered() == ["800/09/B", "800/10/B", "x-1", "x-2"]
    while jobs.run_one(work.HANDLERS):
        pass
    rows = rows_of(page_of(app, by_register.syamsul, f"{HERE}?sort=entered"))
    assert "terpakai" in rows[0]
    assert "bebas" in rows[1]
    assert "Surat 2" in rows[3]
    csv = browser_of(app, by_register.fadli).get(f"{HERE}.csv?state=given").get_data(as_text=True)
    assert "800/09/B,terpakai,Surat 1,Syamsul Bahri" in csv
    assert "x-1" not in csv


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"basis": "S"}, "Isi rentang nomor"),
        ({"basis": "", "numbers": "a"}, "perlu diisi"),
        ({"basis": "S", "first": "x", "last": "2"}, "Tulis angka saja"),
        ({"basis": "S", "numbers": "a\nb\na"}, "Baris 3: nomor a tertulis dua kali"),
    ],
)
def test_a_wrong_batch_says_what_and_keeps_what_was_typed(
    app: Flask, by_register: Cast, data: dict[str, str], says: str
) -> None:
    answer = browser_of(app, by_register.syamsul).post(HERE, data=data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert says in text
    assert all(value in text for value in data.values())
    assert entered() == []


def test_a_free_number_is_cancelled_with_a_reason(app: Flask, by_register: Cast) -> None:
    hr = browser_of(app, by_register.syamsul)
    hr.post(HERE, data={"basis": "S", "numbers": "a"})
    (number_id,) = db.session.scalars(select(RegisterNumber.id))
    assert "Batalkan nomor a?" in hr.get(f"{HERE}/{number_id}/cancel").get_data(as_text=True)
    assert hr.post(f"{HERE}/{number_id}/cancel", data={"reason": "x"}).status_code == 422
    assert hr.post(f"{HERE}/{number_id}/cancel", data={"reason": "Lembar rusak"}).status_code == 303
    assert "Lembar rusak" in page_of(app, by_register.syamsul, HERE)
    again = hr.post(f"{HERE}/{number_id}/cancel", data={"reason": "Lembar rusak"})
    assert again.status_code == 303
    assert hr.get(f"{HERE}/999/cancel").status_code == 404


def test_a_serial_that_was_passed_over_is_explained(app: Flask, by_register: Cast) -> None:
    hr = browser_of(app, by_register.syamsul)
    hr.post(HERE, data={"basis": "S", "numbers": "0002/BKPSDM/XI/2026"})
    with transaction():
        settings.change("certificate_numbers", 2026, "automatic", None)
    give(by_register.ani)
    whole = page_of(app, by_register.fadli, HERE)
    assert "Nomor urut 1 sampai 1 terpakai semua, tanpa celah." in whole
    give(by_register.budi)
    gap = page_of(app, by_register.fadli, HERE)
    assert "Nomor urut 1 sampai 3 terpakai, kecuali 2: nomor itu sudah ada di register" in gap


def test_the_settings_are_kept_and_noted(app: Flask, cast: Cast) -> None:
    hr = browser_of(app, cast.syamsul)
    assert hr.post(OPTIONS, data=CHOSEN).headers["Location"] == OPTIONS
    assert "800/{serial:03}/{unit}/{year}" in page_of(app, cast.syamsul, OPTIONS)
    noted = db.session.scalars(
        select(AuditEntry.body).where(AuditEntry.action == "setting:changed")
    )
    assert sorted(noted) == [
        '{"after":"800/{serial:03}/{unit}/{year}","before":"{serial:04}/{unit}/{month_roman}/{year}",'
        '"setting":"certificate_pattern","year":2026}',
        '{"after":"Muara","before":"Jambi","setting":"certificate_place","year":2026}',
    ]
    assert [made.number for made in give(cast.ani)] == ["800/001/BKPSDM/2026"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pattern": "{serial}/BKD"}, "Pola harus memuat {year}"),
        ({"pattern": "{serial}{year}"}, "harus ada pemisah"),
        ({"pattern": ""}, "perlu diisi"),
        ({"numbers": "other"}, "Pilih salah satu"),
        ({"signer_title": "x" * 161}, "Paling banyak 160 huruf"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(
    app: Flask, cast: Cast, change: dict[str, str], says: str
) -> None:
    answer = browser_of(app, cast.syamsul).post(OPTIONS, data=CHOSEN | change)
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert settings.history("certificate_pattern") == []


@pytest.mark.parametrize("who", ["citra", "fadli"])
def test_who_only_sees_changes_nothing(app: Flask, by_register: Cast, who: str) -> None:
    other = browser_of(app, getattr(by_register, who))
    assert other.post(HERE, data={"basis": "S", "numbers": "a"}).status_code == 403
    assert other.post(f"{HERE}/1/cancel", data={"reason": "Lembar rusak"}).status_code == 403
    assert other.post(OPTIONS, data=CHOSEN).status_code == 403
    assert other.get(HERE).status_code == (200 if who == "fadli" else 404)
    assert entered() == []
