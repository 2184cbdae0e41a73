"""The privacy notice: open to anybody, in dated editions, written by who may."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from elearn import clock
from elearn.database import transaction
from elearn.errors import Invalid, NotFound
from elearn.people import audit
from elearn.privacy import notice
from tests.people_cast import Cast, browser, signed_in

TODAY = date(2026, 11, 24)
HUB = "/admin/privacy"


def write(cast: Cast, text: str, day: date = TODAY) -> int:
    with transaction():
        return notice.write(cast.dewi.id, text, day).id


def test_anybody_reads_it_and_is_led_to_it(app: Flask, cast: Cast) -> None:
    page = browser(app).get("/privacy")
    assert page.status_code == 200
    for words in ("Pasal 20 ayat (2)", "Pemerintah Daerah", "3 × 24 jam", "Data saya", "60 bulan"):
        assert words in page.text
    assert "{" not in page.text.split("<main")[1]
    assert 'href="/privacy"' in browser(app).get("/login").text
    ani = signed_in(app, cast.ani)
    for path in ("/account", "/courses", "/"):
        assert 'href="/privacy"' in ani.get(path).text


def test_a_first_sign_in_says_that_it_exists(app: Flask, cast: Cast) -> None:
    with transaction() as session:
        session.get_one(type(cast.ani), cast.ani.id).must_change_password = True
    assert 'href="/privacy"' in signed_in(app, cast.ani).get("/account/password").text
    assert signed_in(app, cast.ani).get("/privacy").status_code == 200


def test_an_edition_holds_from_its_day_on(app: Flask, cast: Cast) -> None:
    first = write(cast, "Naskah **pertama** dari {organiser}.")
    coming = write(cast, "Naskah kedua.", TODAY + timedelta(days=3))
    page = browser(app).get("/privacy").text
    assert "<strong>pertama</strong>" in page
    assert "24 November 2026" in page
    assert "Badan Kepegawaian" in page
    assert browser(app).get(f"/privacy/{coming}").status_code == 404
    with clock.set_to(clock.now_ms() + 3 * clock.DAY_MS):
        page = browser(app).get("/privacy").text
        assert "Naskah kedua." in page
        assert f'href="/privacy/{first}"' in page
        assert "<strong>pertama</strong>" in browser(app).get(f"/privacy/{first}").text
    with pytest.raises(NotFound):
        notice.edition(coming)


@pytest.mark.parametrize(
    ("text", "day", "field"),
    [
        (" ", TODAY, "text"),
        ("a" * (notice.MAX_CHARACTERS + 1), TODAY, "text"),
        ("> " * 900 + "x", TODAY, "text"),
        ("Naskah.", TODAY - timedelta(days=1), "from_day"),
    ],
)
def test_what_no_edition_can_be(cast: Cast, text: str, day: date, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        write(cast, text, day)
    assert refused.value.field == field
    assert notice.editions() == []


def test_the_office_previews_writes_and_names_its_officer(app: Flask, cast: Cast) -> None:
    office = signed_in(app, cast.syamsul)
    form = {"text": "# Baru\n\n<script>x</script> Isi", "from_day": "2026-11-24"}
    shown = office.post(f"{HUB}/notice", data=form | {"act": "preview"})
    assert shown.status_code == 200
    assert '<h2 id="c-privasi-baru">Baru</h2>' in shown.text
    assert "<script>x" not in shown.text
    assert notice.editions() == []
    assert office.post(f"{HUB}/notice", data=form).status_code == 303
    refused = office.post(f"{HUB}/notice", data=form | {"from_day": "2026-11-01"})
    assert refused.status_code == 422
    assert "paling cepat hari ini" in refused.text
    assert "# Baru" in refused.text
    officer = {"name": "Kepala Bidang Data", "contact": "0741 000"}
    assert office.post(f"{HUB}/officer", data=officer).status_code == 303
    page = browser(app).get("/privacy").text
    assert "Kepala Bidang Data" in page
    assert "0741 000" in page
    told = [entry.action for entry in audit.everything(audit.Wanted(actor="syamsul"))]
    assert told == ["privacy:notice_written", "setting:changed"]


@pytest.mark.parametrize(("who", "status"), [("ani", 404), ("citra", 404), ("fadli", 404)])
def test_others_do_not_write_it(app: Flask, cast: Cast, who: str, status: int) -> None:
    browser_of = signed_in(app, getattr(cast, who))
    assert browser_of.get(HUB).status_code == status
    form = {"text": "Naskah.", "from_day": "2026-11-24"}
    assert browser_of.post(f"{HUB}/notice", data=form).status_code == status
    assert browser_of.post(f"{HUB}/officer", data={"name": "x"}).status_code == status
    assert notice.editions() == []
