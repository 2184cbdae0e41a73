"""Pages of announcements: written, looked at before, given out, read, put away without a script."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from elearn import clock
from elearn.announcements.models import Importance
from tests.announcements.conftest import a_draft, an_announcement
from tests.builders import a_published_version, an_enrolment
from tests.people_cast import Cast, browser, signed_in

DESK = "/admin/announcements"


def sent(cast: Cast, **changes: Any) -> dict[str, Any]:
    today = clock.today()
    values = {
        "title": "Rapat <umum>",
        "text": "Hadir **tepat** waktu.\n\n<script>alert(1)</script>",
        "importance": "important",
        "unit_id": str(cast.health.id),
        "role": "",
        "first": str(today),
        "last": str(today + timedelta(days=3)),
    }
    return values | changes


def test_from_a_draft_to_home_and_away(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    desk = "/hr/announcements"
    assert "Belum ada pengumuman" in citra.get(desk).text
    looked = citra.post(f"{desk}/new", data=sent(cast, preview="1"))
    assert looked.status_code == 200
    assert "<strong>tepat</strong>" in looked.text
    assert "<script>alert" not in looked.text
    assert "Belum ada pengumuman" in citra.get(desk).text
    made = citra.post(f"{desk}/new", data=sent(cast))
    assert made.status_code == 303
    page = made.headers["Location"]
    assert "draf" in citra.get(page).text
    ani = signed_in(app, cast.ani)
    assert "Rapat" not in ani.get("/").text
    citra.post(f"{page}/publish")
    assert "Rapat &lt;umum&gt;" in ani.get("/").text
    one = f"/announcements/{page.rsplit('/', 1)[1]}"
    assert "<strong>tepat</strong>" in ani.get(one).text
    assert ani.post(f"{one}/dismiss").headers["Location"] == "/"
    assert "Rapat" not in ani.get("/").text
    assert "Rapat &lt;umum&gt;" in ani.get("/announcements").text
    citra.post(f"{page}/withdraw")
    assert "sudah ditarik" in ani.get(one).text
    assert "tepat" not in ani.get(one).text
    assert "ditarik" in citra.get(page).text


def test_an_edit_begins_from_what_stands_and_keeps_what_was_typed(app: Flask, cast: Cast) -> None:
    id = an_announcement(cast.dewi, importance=Importance.URGENT, unit_id=cast.works.id)
    dewi = signed_in(app, cast.dewi)
    form = dewi.get(f"{DESK}/{id}/edit").text
    assert 'value="urgent"' in form
    assert f'selected value="{cast.works.id}"' in form
    wrong = sent(cast, first="2026-12-31", last="2026-12-01", title="Diketik")
    refused = dewi.post(f"{DESK}/{id}/edit", data=wrong)
    assert refused.status_code == 422
    assert "mendahului hari pertamanya" in refused.text
    assert 'value="Diketik"' in refused.text
    assert dewi.post(f"{DESK}/{id}/edit", data=sent(cast)).status_code == 303
    assert "Isinya waktu itu" in dewi.get(f"{DESK}/{id}").text


@pytest.mark.parametrize(
    "wrong",
    [{"unit_id": "x"}, {"unit_id": "99999"}, {"role": "raja"}, {"importance": ""}, {"first": "?"},
     {"title": ""}, {"text": "x" * 5001}, {"text": "*" * 4000}],
)  # fmt: skip
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_nonsense_is_refused_with_words(
    app: Flask, cast: Cast, wrong: dict[str, str], button: dict[str, str]
) -> None:
    dewi = signed_in(app, cast.dewi)
    refused = dewi.post(f"{DESK}/new", data=sent(cast, **wrong, **button))
    assert refused.status_code == 422
    assert "Periksa kembali isian" in refused.text


@pytest.mark.parametrize(
    ("who", "read", "status"),
    [("dewi", 200, 200), ("citra", 404, 404), ("fadli", 200, 403), ("ani", 404, 404)],
)
def test_who_opens_what_is_for_public_works(
    app: Flask, cast: Cast, who: str, read: int, status: int
) -> None:
    id = an_announcement(cast.dewi, unit_id=cast.works.id)
    client = signed_in(app, getattr(cast, who))
    assert client.get(f"{DESK}/{id}").status_code == read
    for path in (f"{DESK}/{id}/edit", f"{DESK}/{id}/withdraw"):
        assert client.get(path).status_code == status
    if status != 200:
        assert client.get(f"/announcements/{id}").status_code == 404
        for act in ("publish", "withdraw", "delete", "edit"):
            assert client.post(f"{DESK}/{id}/{act}").status_code == status
        assert client.post(f"/announcements/{id}/dismiss").status_code == 404


def test_an_auditor_reads_what_is_announced_and_writes_none(app: Flask, cast: Cast) -> None:
    an_announcement(cast.dewi, unit_id=cast.works.id)
    page = signed_in(app, cast.fadli).get("/hr/announcements")
    assert page.status_code == 200
    assert f"{page.request.path}/" in page.text
    assert "Tulis pengumuman" not in page.text
    assert signed_in(app, cast.fadli).get(f"{DESK}/new").status_code == 403


def test_what_is_for_everybody_is_seen_but_not_changed_by_hr_of_a_unit(
    app: Flask, cast: Cast
) -> None:
    id = an_announcement(cast.dewi)
    citra = signed_in(app, cast.citra)
    assert citra.get(f"/announcements/{id}").status_code == 200
    for path in (f"/hr/announcements/{id}/edit", f"/hr/announcements/{id}/withdraw"):
        assert citra.get(path).status_code == 403
        assert citra.post(path).status_code == 403


def test_what_cannot_be_done_now_is_said(app: Flask, cast: Cast) -> None:
    id = a_draft(cast.dewi)
    dewi = signed_in(app, cast.dewi)
    assert "sudah berubah" in dewi.post(f"{DESK}/{id}/withdraw", follow_redirects=True).text
    with clock.set_to(clock.now_ms() + 20 * clock.DAY_MS):
        late = signed_in(app, cast.dewi)
        assert "sudah lewat" in late.post(f"{DESK}/{id}/publish", follow_redirects=True).text


def test_a_form_from_elsewhere_puts_nothing_away(app: Flask, cast: Cast) -> None:
    id = an_announcement(cast.dewi)
    ani = signed_in(app, cast.ani)
    ani.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert ani.post(f"/announcements/{id}/dismiss").status_code == 403
    assert browser(app).post(f"/announcements/{id}/dismiss").status_code in {303, 401}


def test_home_with_a_strip_is_the_same_past_flask_and_through_it(app: Flask, cast: Cast) -> None:
    a_published_version(cast)
    an_enrolment(cast.ani)
    an_announcement(cast.dewi, importance=Importance.URGENT)
    ani = signed_in(app, cast.ani)
    ani.get("/?lewat=flask")
    past, through = ani.get("/"), ani.get("/?lewat=flask")
    assert past.data == through.data
    assert "Server dirawat" in past.text
    app.config["DEVELOPMENT"] = True
    by_template = signed_in(app, cast.ani).get("/")
    assert by_template.text == past.text
