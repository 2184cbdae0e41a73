"""A breach: its time, its steps, its log, and letters to begin from; for the office alone."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn import clock
from elearn.people import audit
from elearn.privacy import breaches
from elearn.privacy.models import Step
from tests.people_cast import Cast, signed_in

HERE = "/admin/privacy/breaches"
FOUND = {"title": "Ponsel HR hilang", "found_at": "2026-11-24T08:00"}


def entry(step: Step, **changes: str) -> dict[str, str]:
    return {"step": step, "words": "Surat 12/2026.", "done_at": "2026-11-24T08:30"} | changes


def test_a_breach_is_opened_logged_told_and_closed(app: Flask, cast: Cast) -> None:
    office = signed_in(app, cast.syamsul)
    page = office.post(HERE, data=FOUND).headers["Location"]
    text = office.get(page).text
    assert "tenggat 27 November 2026 pukul 08.00 WIB" in text
    assert "Pasal 46" in text
    assert "Pemerintah Daerah" in text
    told = office.post(f"{page}/close", follow_redirects=True).text
    assert "Catat dahulu pemberitahuan" in told
    for step in (Step.CONTAIN, *breaches.TIMED):
        assert office.post(page, data=entry(step)).status_code == 303
    log = office.get(f"{page}.csv").text
    assert "Surat 12/2026." in log
    assert "Syamsul Bahri" in log
    office.post(f"{page}/close")
    assert "ditutup" in office.get(HERE).text
    assert office.post(page, data=entry(Step.LEARN)).status_code == 409
    acts = [e.action for e in audit.everything(audit.Wanted(actor="syamsul"))]
    assert acts[:2] == ["breach:opened", "breach:noted"]
    assert acts[-2:] == ["export:breach", "breach:closed"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "perlu diisi"),
        ({"found_at": "besok"}, "Tulis tanggal dan jam"),
        ({"found_at": "2026-11-25T08:00"}, "belum tiba"),
    ],
)
def test_what_is_no_breach_is_told(
    app: Flask, cast: Cast, changes: dict[str, str], words: str
) -> None:
    refused = signed_in(app, cast.dewi).post(HERE, data=FOUND | changes)
    assert refused.status_code == 422
    assert words in refused.text
    assert breaches.everything() == []


def test_after_its_time_it_says_so_and_others_see_nothing(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.dewi).post(HERE, data=FOUND).headers["Location"]
    with clock.set_to(clock.now_ms() + breaches.LIMIT_MS):
        assert "sudah lewat" in signed_in(app, cast.dewi).get(page).text
    for who in (cast.ani, cast.citra, cast.fadli):
        other = signed_in(app, who)
        for path in (HERE, page, f"{page}.csv"):
            assert other.get(path).status_code == 404
        assert other.post(page, data=entry(Step.LEARN)).status_code == 404
    bad = signed_in(app, cast.dewi).post(page, data=entry(Step.LEARN, words="") | {"step": "zzz"})
    assert bad.status_code == 422
    assert signed_in(app, cast.dewi).get(f"{HERE}/99").status_code == 404
