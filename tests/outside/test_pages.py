"""The pages of submissions: they work, keep what was typed, and show the paper to nobody else."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from elearn.competency import outside, submissions
from elearn.competency.outside_models import OutsideLearning
from elearn.competency.submissions import Asked
from elearn.database import db, transaction
from elearn.journal.models import Event
from elearn.people.models import AuditEntry, Person
from tests.competency.people_of_jambi import Browser
from tests.outside.conftest import PDF, a_learning, photograph, submit
from tests.people_cast import Cast, actor_of
from tests.reports.school import browser_of, page_of, text_of

NEW = "/record/outside-learning/new"
DASHBOARD = 14  # statements, as its own tests count them
QUEUE = "/hr/completions/outside"
TYPED = {
    "title": "Seminar gizi",
    "kind": "9",
    "jp": "4",
    "organiser": "Dinas Kesehatan",
    "number": "12/2026",
    "started_on": "2026-05-07",
    "ended_on": "2026-05-07",
}


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def send(browser: Browser, address: str, content: bytes = PDF, **changes: str) -> TestResponse:
    paper = (BytesIO(content), "sertifikat.pdf")
    data = {**TYPED, **changes, **({"paper": paper} if content else {})}
    return browser.post(address, data=data, content_type="multipart/form-data")


def only() -> OutsideLearning:
    return db.session.scalars(select(OutsideLearning)).one()


def test_a_learner_submits_a_photo_and_follows_it(app: Flask, cast: Cast) -> None:
    ani = browser_of(app, cast.ani)
    assert NEW in text_of(ani.get("/record"))
    page = send(ani, NEW, photograph())
    row = only()
    assert (page.status_code, page.headers["Location"]) == (
        303,
        f"/record/outside-learning/{row.id}",
    )
    text = text_of(ani.get(page.headers["Location"]))
    assert "Menunggu verifikasi" in text
    assert "menunggu verifikasi" in text_of(ani.get("/record")).lower()
    picture = ani.get(f"/outside-learning/{row.id}/paper")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Disposition"].startswith("inline")
    assert b"Kamera Rahasia" not in picture.data
    assert "199404" not in picture.headers["Content-Disposition"]


def test_a_pdf_is_taken_away_and_never_shown_inside(app: Flask, cast: Cast) -> None:
    row = submit(cast.ani)
    sent = browser_of(app, cast.ani).get(f"/outside-learning/{row.id}/paper")
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.data == PDF


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "Isian ini perlu diisi"),
        ({"jp": "-3"}, "bilangan bulat, 1 sampai"),
        ({"jp": "2,5"}, "bilangan bulat"),
        ({"kind": "99"}, "Pilih salah satu dari daftar"),
        ({"ended_on": "2026-05-01"}, "mendahului tanggal mulai"),
        ({"ended_on": "2027-05-01"}, "belum tiba"),
        ({"letter_number": "800/1"}, "Surat tugas perlu nomor dan tanggalnya"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_the_paper(
    app: Flask, cast: Cast, change: dict[str, str], said: str
) -> None:
    ani = browser_of(app, cast.ani)
    page = send(ani, NEW, **change)
    text = text_of(page)
    assert page.status_code == 422
    assert said in text
    assert 'value="12/2026"' in text
    assert "Berkas sudah kami terima" in text
    assert (count(OutsideLearning), count(Event)) == (0, 0)
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', text)
    assert kept
    assert send(ani, NEW, b"", kept=kept[1]).status_code == 303
    assert browser_of(app, cast.ani).get(f"/outside-learning/{only().id}/paper").data == PDF


def test_what_somebody_else_uploaded_cannot_be_submitted(app: Flask, cast: Cast) -> None:
    text = text_of(send(browser_of(app, cast.ani), NEW, title=""))
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', text)
    assert kept
    page = send(browser_of(app, cast.budi), NEW, b"", kept=kept[1])
    assert page.status_code == 422
    assert "Pilih foto atau PDF sertifikatnya" in text_of(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "Pilih foto atau PDF"), (b"MZ program", "bukan foto"), (PDF[:12], "terpotong")],
)
def test_what_is_no_certificate_is_refused(
    app: Flask, cast: Cast, content: bytes, said: str
) -> None:
    page = send(browser_of(app, cast.ani), NEW, content)
    assert page.status_code == 422
    assert said in text_of(page)
    assert count(OutsideLearning) == 0


def test_without_jp_they_are_proposed_with_the_rule(app: Flask, cast: Cast) -> None:
    ani = browser_of(app, cast.ani)
    page = send(ani, NEW, kind="8", jp="", ended_on="2026-05-09")
    text = text_of(page)
    assert page.status_code == 422
    assert "3 hari × 8 JP = 24 JP" in text
    assert 'name="jp" step="1" type="number" value="24"' in text
    asked = send(ani, NEW, kind="16", jp="9", hours="3", act="propose")
    assert asked.status_code == 200
    assert "Periksa kembali isian" not in text_of(send(ani, NEW, title="", act="propose"))
    assert "3 hari" not in text_of(asked)
    assert "3 JP sehari = 3 JP" in text_of(asked)
    assert count(OutsideLearning) == 0


def test_a_learner_mends_what_was_sent_back(app: Flask, cast: Cast) -> None:
    row = submit(cast.ani)
    citra = actor_of(cast.citra)
    with transaction():
        submissions.send_back(citra, Asked(row.id, 1), "Foto buram")
    ani = browser_of(app, cast.ani)
    here = f"/record/outside-learning/{row.id}"
    assert "Foto buram" in text_of(ani.get(here))
    assert "Foto buram" in text_of(ani.get("/record"))
    edit = ani.get(f"{here}/edit")
    assert 'value="893/012/2026"' in text_of(edit)
    assert send(ani, f"{here}/edit", photograph(), revision="1").status_code == 303
    assert send(ani, f"{here}/edit", b"", revision="1").status_code == 303  # from an old page
    db.session.expire_all()
    assert (only().state, only().revision, only().title) == ("waiting", 2, "Seminar gizi")
    assert ani.post(f"{here}/withdraw").status_code == 303
    assert ani.get(f"{here}/edit").status_code == 303
    assert "Ditarik" in text_of(ani.get(here))


@pytest.mark.parametrize(
    ("who", "paper", "check"),
    [
        ("ani", 200, 404),
        ("citra", 200, 200),
        ("syamsul", 200, 200),
        ("fadli", 200, 200),
        ("stranger", 404, 404),
        ("budi", 404, 404),
        ("dewi", 404, 404),
    ],
)
def test_the_paper_is_seen_by_its_person_hr_within_reach_and_the_auditor(
    app: Flask, cast: Cast, who: str, paper: int, check: int
) -> None:
    row = submit(cast.ani)
    browser = browser_of(app, getattr(cast, who))
    before = count(AuditEntry)
    assert browser.get(f"/outside-learning/{row.id}/paper").status_code == paper
    assert count(AuditEntry) - before == (paper == 200 and who != "ani")
    assert browser.get(f"{QUEUE}/{row.id}").status_code == check
    if who != "ani":
        assert browser.get(f"/record/outside-learning/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"), [("ani", 404), ("budi", 404), ("stranger", 404), ("fadli", 403)]
)
@pytest.mark.parametrize("act", ["approve", "return", "refuse"])
def test_who_may_not_decide_is_refused_and_nothing_is_written(
    app: Flask, cast: Cast, who: str, status: int, act: str
) -> None:
    row = submit(cast.ani)
    browser, before = browser_of(app, getattr(cast, who)), count(Event)
    data = {"jp": "24", "revision": "1", "return-reason": "x", "refuse-reason": "x"}
    assert browser.post(f"{QUEUE}/{row.id}/{act}", data=data).status_code == status
    assert browser.get(f"{QUEUE}/{row.id}/{act}").status_code == 405
    assert count(Event) == before


def test_hr_checks_one_with_the_rule_and_what_looks_like_it(app: Flask, cast: Cast) -> None:
    row = submit(cast.ani, jp=40)
    submit(cast.budi, title="Sama nomornya")
    citra = browser_of(app, cast.citra)
    here = f"{QUEUE}/{row.id}"
    text = text_of(citra.get(here))
    assert "3 hari × 8 JP = 24 JP" in text
    assert "Berkas yang sama ada pada" in text
    assert "pegawai di luar unit Anda" in text  # Budi works elsewhere
    assert "Budi" not in text
    asked = {"jp": "24", "revision": "1"}
    refused = citra.post(f"{here}/approve", data=asked)
    assert refused.status_code == 422
    assert "Isian ini perlu diisi" in text_of(refused)
    done = citra.post(f"{here}/approve", data=asked | {"reason": "Menurut sertifikat"})
    assert (done.status_code, done.headers["Location"]) == (303, QUEUE)
    again = citra.post(f"{here}/approve", data=asked | {"reason": "x"})
    assert again.headers["Location"] == here
    assert "semula diajukan 40 JP" in text_of(citra.get(here))
    assert "Disetujui dengan JP lain" in page_of(
        app, cast.ani, f"/record/outside-learning/{row.id}"
    )


@pytest.mark.parametrize("act", ["return", "refuse"])
def test_hr_sends_back_and_refuses_with_a_reason(app: Flask, cast: Cast, act: str) -> None:
    row = submit(cast.ani)
    citra, here = browser_of(app, cast.citra), f"{QUEUE}/{row.id}/{act}"
    assert citra.post(here, data={f"{act}-revision": "1"}).status_code == 422
    data = {f"{act}-revision": "1", f"{act}-reason": "Alasan di sini"}
    assert citra.post(here, data=data).headers["Location"] == QUEUE
    assert citra.post(here, data=data).headers["Location"] == f"{QUEUE}/{row.id}"
    assert "Alasan di sini" in page_of(app, cast.ani, f"/record/outside-learning/{row.id}")
    assert "ilihat" not in page_of(app, cast.ani, "/inbox")


def test_the_queue_shows_a_branch_and_approves_what_is_ticked(app: Flask, cast: Cast) -> None:
    rows = [submit(cast.ani, number=str(n), title=f"Bimtek {n}") for n in range(3)]
    far = submit(cast.stranger, number="far", title="Jauh")
    with transaction():
        submissions.resubmit(cast.ani, Asked(rows[1].id, 1), a_learning(number="1", title="B"))
    citra = browser_of(app, cast.citra)
    text = text_of(citra.get(QUEUE))
    assert "Bimtek 0" in text
    assert "Jauh" not in text
    chosen = [f"{row.id}:1" for row in (*rows, far)]
    done = citra.post(f"{QUEUE}/approve", data={"chosen": [*chosen, "x", "7:y"], "sort": "name"})
    assert done.headers["Location"] == f"{QUEUE}?sort=name"
    text = text_of(citra.get(QUEUE))
    assert "2 sertifikat disetujui" in text
    assert "Berubah sejak halaman dibuka" in text
    assert "Bimtek 2" in text_of(citra.get(f"{QUEUE}?state=approved"))
    db.session.expire_all()
    assert [row.state for row in (*rows, far)] == ["approved", "waiting", "approved", "waiting"]
    assert citra.post(f"{QUEUE}/approve").status_code == 303
    assert "Centang dahulu" in text_of(citra.get(QUEUE))


def test_an_auditor_reads_the_queue_and_ticks_nothing(app: Flask, cast: Cast) -> None:
    row = submit(cast.ani)
    fadli = browser_of(app, cast.fadli)
    text = text_of(fadli.get(QUEUE))
    assert "Bimbingan teknis gizi" in text
    assert 'type="checkbox"' not in text
    assert fadli.post(f"{QUEUE}/approve", data={"chosen": f"{row.id}:1"}).status_code == 403
    for who in (cast.ani, cast.budi, cast.dewi):
        assert browser_of(app, who).get(QUEUE).status_code == 404


def test_the_queue_is_found_by_name_and_nip_that_stands_in_no_address(
    app: Flask, cast: Cast
) -> None:
    submit(cast.ani)
    citra = browser_of(app, cast.citra)
    found = citra.post("/hr/find", data={"list": "outside", "q": cast.ani.nip, "state": "all"})
    assert cast.ani.nip not in found.headers["Location"]
    assert "Bimbingan teknis gizi" in text_of(citra.get(found.headers["Location"]))
    none = citra.post("/hr/find", data={"list": "outside", "q": "Zulkifli"})
    assert "Tidak ada sertifikat yang cocok" in text_of(citra.get(none.headers["Location"]))
    assert "Tidak ada yang menunggu" in page_of(app, cast.stranger, QUEUE)


def test_hr_learns_on_the_first_page_how_many_wait(app: Flask, cast: Cast) -> None:
    assert "menunggu verifikasi" not in page_of(app, cast.citra, "/hr")
    submit(cast.ani)
    submit(cast.ani, number="2", title="Lain")
    assert "2 sertifikat menunggu verifikasi" in page_of(app, cast.citra, "/hr")
    assert "menunggu verifikasi" not in page_of(app, cast.stranger, "/hr")


def test_hr_cannot_enter_its_own(app: Flask, cast: Cast) -> None:
    citra = browser_of(app, cast.citra)
    address = f"/hr/people/{cast.citra.id}/outside-learning"
    assert "diajukan dari Capaian" in text_of(citra.get(address))
    assert send(citra, address).status_code == 403
    assert count(OutsideLearning) == 0


def test_hr_enters_with_a_photo_of_the_paper(app: Flask, cast: Cast) -> None:
    citra = browser_of(app, cast.citra)
    assert (
        send(citra, f"/hr/people/{cast.ani.id}/outside-learning", photograph()).status_code == 303
    )
    assert only().paper_digest
    assert "dicatat kepegawaian" in page_of(app, cast.ani, "/record")


@pytest.mark.parametrize(
    ("address", "most"), [(QUEUE, 7), (f"{QUEUE}?state=all&sort=-jp", 7), ("/hr", DASHBOARD)]
)
def test_statements_do_not_grow_with_the_queue(
    app: Flask, cast: Cast, query_count: Any, address: str, most: int
) -> None:
    citra = browser_of(app, cast.citra)
    submit(cast.ani)
    citra.get(address)
    with query_count() as few:
        assert citra.get(address).status_code == 200
    filled = actor_of(cast.citra)
    with transaction():
        ani = db.session.get_one(Person, cast.ani.id)
        for n in range(60):
            outside.enter(filled, ani, a_learning(number=f"n{n}", jp=2))
    for n in range(5):
        submit(cast.ani, number=f"w{n}")
    with query_count() as many:
        assert citra.get(address).status_code == 200
    assert many.total == few.total <= most
