"""Requests to put data right: by their person, decided by HR of the branch and nobody else."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from elearn import clock
from elearn.database import db, transaction
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.learning.models import AttemptAnswer, ReflectionText
from elearn.people import audit, notices, staffing
from elearn.people.history_models import Placement
from elearn.people.models import FormerNip, Person
from elearn.people.permissions import Role
from elearn.privacy import rectifications
from elearn.privacy.models import About, Rectification, RectificationState
from elearn.proofs import verification
from tests.builders import WORDS, a_published_version, pass_everything
from tests.outside.conftest import PDF
from tests.people_cast import Cast, actor_of, signed_in

OWN, HR = "/account/rectifications", "/hr/rectifications"
NEW_NIP = "199404122019032991"


def ask(person: Person, about: About = About.OTHER, words: str = "Keliru.", **wanted: Any) -> int:
    with transaction() as session:
        found = session.get_one(Person, person.id)
        return rectifications.ask(found, about, wanted, words).id


def again(person: Person) -> Person:
    db.session.expire_all()
    return db.session.get_one(Person, person.id)


def kinds(person: Person) -> list[str]:
    return [message.kind for message in notices.inbox(person.id).messages]


def test_a_name_is_asked_for_approved_and_told(app: Flask, cast: Cast) -> None:
    ani, citra = signed_in(app, cast.ani), signed_in(app, cast.citra)
    assert "about=name" in ani.get(f"{OWN}/new").text
    assert 'value="Ani Pratiwi"' in ani.get(f"{OWN}/new?about=name").text
    form = {"name": "Ani  Pratiwi Sari", "degrees_after": "S.Kep.", "words": "Ijazah baru."}
    sent = form | {"paper": (BytesIO(PDF), "ijazah.pdf")}
    assert ani.post(f"{OWN}/new?about=name", data=sent).status_code == 303
    assert "tenggat 27 November 2026 pukul 09.00 WIB" in ani.get(OWN).text
    assert kinds(cast.citra) == ["rectification_waiting"]
    row = rectifications.of(cast.ani.id)[0]
    listed = citra.get(HR).text
    assert "Nama dan gelar" in listed
    page = citra.get(f"{HR}/{row.id}").text
    assert "Ani Pratiwi → <b>Ani Pratiwi Sari</b>" in page
    assert citra.get(f"/rectifications/{row.id}/paper").data == PDF
    assert citra.post(f"{HR}/{row.id}/approve", data={"answer": ""}).status_code == 303
    assert again(cast.ani).full_name == "Ani Pratiwi Sari, S.Kep."
    assert "rectification_done" in kinds(cast.ani)
    assert "Dikerjakan" in ani.get(f"{OWN}/{row.id}").text
    told = [entry.action for entry in audit.everything(audit.Wanted(subject="ani"))]
    assert told[-2:] == ["person:changed", "rectification:approved"]
    assert citra.post(f"{HR}/{row.id}/approve").headers["Location"].endswith(f"{HR}/{row.id}")


def test_each_simple_kind_changes_the_person_with_its_history(app: Flask, cast: Cast) -> None:
    hr = actor_of(cast.syamsul)
    with transaction():
        post = staffing.position("Perawat Mahir", "jf_mahir").id
    since = date(2026, 11, 2)
    asked = [
        ask(cast.ani, About.NIP, nip="19940412 201903 2 991"),
        ask(cast.ani, About.UNIT, unit_id=cast.works.id, since=since),
        ask(cast.ani, About.POSITION, position_id=post),
        ask(cast.ani, About.GRADE, grade="II/d"),
    ]
    for id in asked:
        with transaction():
            rectifications.approve(hr, id, "")
    ani = again(cast.ani)
    assert (ani.nip, ani.unit_id, ani.position_id, ani.grade) == (
        NEW_NIP,
        cast.works.id,
        post,
        "II/d",
    )
    assert db.session.get(FormerNip, "199404122019032901") is not None
    placed = db.session.scalars(select(Placement).where(Placement.person_id == ani.id)).all()
    assert {row.unit_id for row in placed} == {cast.pustu.id, cast.works.id}


@pytest.mark.parametrize(
    ("about", "wanted", "words", "field"),
    [
        (About.NAME, {"name": " "}, "", "name"),
        (
            About.NAME,
            {"name": "Ani Pratiwi", "degrees_before": "", "degrees_after": "A.Md.Kep."},
            "",
            "name",
        ),
        (About.NIP, {"nip": "123"}, "", "nip"),
        (About.NIP, {"nip": "199404122019032901"}, "", "nip"),
        (About.UNIT, {"unit_id": 999, "since": date(2026, 1, 2)}, "", "unit_id"),
        (About.UNIT, {"unit_id": 1, "since": date(2027, 1, 2)}, "", "since"),
        (About.POSITION, {"position_id": 999}, "", "position_id"),
        (About.GRADE, {"grade": "IX"}, "", "grade"),
        (About.COMPLETION, {}, " ", "words"),
    ],
)
def test_what_cannot_be_asked(
    cast: Cast, about: About, wanted: dict[str, Any], words: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(cast.ani, about, words, **wanted)
    assert refused.value.field == field
    assert rectifications.of(cast.ani.id) == []


def test_a_refused_form_keeps_what_was_typed_and_its_file(app: Flask, cast: Cast) -> None:
    ani = signed_in(app, cast.ani)
    form = {"nip": "123", "words": "Sesuai SK.", "paper": (BytesIO(PDF), "sk.pdf")}
    refused = ani.post(f"{OWN}/new?about=nip", data=form)
    assert refused.status_code == 422
    assert "NIP terdiri dari 18 angka." in refused.text
    assert "Sesuai SK." in refused.text
    kept = refused.text.split('name="kept"')[1].split('value="')[1].split('"')[0]
    sent = {"nip": NEW_NIP, "words": "Sesuai SK.", "kept": kept}
    assert ani.post(f"{OWN}/new?about=nip", data=sent).status_code == 303
    assert rectifications.of(cast.ani.id)[0].paper_digest
    wrong = {"words": "x", "paper": (BytesIO(b"teks"), "x.txt")}
    assert "bukan foto" in ani.post(f"{OWN}/new?about=other", data=wrong).text
    assert ani.get(f"{OWN}/new?about=zzz").status_code == 200
    assert ani.post(f"{OWN}/new?about=zzz").status_code == 404


def test_what_is_done_by_hand_needs_an_answer(app: Flask, cast: Cast) -> None:
    id = ask(cast.ani, About.COMPLETION, "Kursus A belum tercatat.")
    citra = signed_in(app, cast.citra)
    for act in ("approve", "refuse"):
        refused = citra.post(f"{HR}/{id}/{act}", data={"answer": " "})
        assert refused.status_code == 422
        assert "perlu diisi" in refused.text
    citra.post(f"{HR}/{id}/refuse", data={"answer": "Belum lulus kuis."})
    row = db.session.get_one(Rectification, id, populate_existing=True)
    assert (row.state, row.answer) == (RectificationState.REFUSED, "Belum lulus kuis.")
    assert "rectification_refused" in kinds(cast.ani)


def test_what_cannot_be_carried_out_is_told_and_changes_nothing(app: Flask, cast: Cast) -> None:
    taken = ask(cast.ani, About.NIP, nip=cast.budi.nip)
    away = ask(cast.ani, About.UNIT, unit_id=cast.works.id, since=date(2026, 11, 2))
    citra = signed_in(app, cast.citra)
    assert "sudah tercatat pada pegawai lain" in citra.post(f"{HR}/{taken}/approve").text
    assert "di luar wewenang Anda" in citra.post(f"{HR}/{away}/approve").text
    ani = again(cast.ani)
    assert (ani.nip, ani.unit_id) == ("199404122019032901", cast.pustu.id)
    assert {row.state for row in rectifications.of(ani.id)} == {RectificationState.WAITING}


# who, what they see, what deciding gives them
SEERS = [
    ("citra", 200, 303),
    ("syamsul", 200, 303),
    ("stranger", 404, 404),
    ("fadli", 200, 403),
    ("ani", 404, 404),
    ("budi", 404, 404),
]


@pytest.mark.parametrize(("who", "seen", "decided"), SEERS)
def test_who_sees_and_who_decides(
    app: Flask, cast: Cast, who: str, seen: int, decided: int
) -> None:
    id = ask(cast.ani)
    browser = signed_in(app, getattr(cast, who))
    assert browser.get(f"{HR}/{id}").status_code == seen
    assert browser.post(f"{HR}/{id}/approve", data={"answer": "Ya."}).status_code == decided
    if decided != 303:
        assert rectifications.of(cast.ani.id)[0].state == RectificationState.WAITING
    if who != "ani":
        assert browser.get(f"{OWN}/{id}").status_code == 404
        assert browser.post(f"{OWN}/{id}/withdraw").status_code == 404


def test_nobody_decides_on_their_own_nor_on_who_stands_above(cast: Cast) -> None:
    citra, equal = actor_of(cast.citra), cast.budi
    own, above = ask(cast.citra), ask(cast.syamsul)
    with transaction():
        staffing.grant(None, equal.id, Role.HR_UNIT, cast.health.id)
    with pytest.raises(NotAllowed), transaction():
        rectifications.approve(citra, own, "Ya.")
    with pytest.raises(NotFound), transaction():
        rectifications.approve(citra, above, "Ya.")
    with transaction():
        rectifications.approve(actor_of(equal), own, "Ya.")
    with pytest.raises(Conflict), transaction():
        rectifications.refuse(actor_of(equal), own, "Tidak.")


def test_one_takes_a_request_back_while_it_waits(app: Flask, cast: Cast) -> None:
    id = ask(cast.ani)
    ani = signed_in(app, cast.ani)
    ani.post(f"{OWN}/{id}/withdraw")
    assert "Dibatalkan" in ani.get(OWN).text
    with pytest.raises(Conflict), transaction():
        rectifications.approve(actor_of(cast.citra), id, "Ya.")
    assert "sudah dijawab" in ani.post(f"{OWN}/{id}/withdraw", follow_redirects=True).text


def test_requests_are_bounded_and_late_ones_marked(
    app: Flask, cast: Cast, query_count: Any
) -> None:
    for _ in range(rectifications.MOST_OPEN):
        ask(cast.ani)
    with pytest.raises(Invalid):
        ask(cast.ani)
    citra = signed_in(app, cast.citra)
    citra.get(HR)
    with query_count() as count:
        citra.get(HR)
    with clock.set_to(clock.now_ms() + rectifications.LIMIT_MS + 1):
        assert "melewati tenggat" in signed_in(app, cast.citra).get(HR).text
    assert count.total <= 5


def test_what_was_written_at_length_is_forgotten_and_verify_stays_clean(
    app: Flask, cast: Cast
) -> None:
    a_published_version(cast)
    pass_everything(cast.ani)
    pass_everything(cast.budi)
    id = ask(cast.ani, About.WRITINGS, "")
    assert (
        "diputuskan oleh kepegawaian instansi" in signed_in(app, cast.citra).get(f"{HR}/{id}").text
    )
    with pytest.raises(NotAllowed), transaction():
        rectifications.approve(actor_of(cast.citra), id, "")
    with transaction():
        rectifications.approve(actor_of(cast.syamsul), id, "")
    texts = db.session.scalars(select(ReflectionText.text).order_by(ReflectionText.enrolment_id))
    assert texts.all() == ["", WORDS]
    assert list(verification.findings(lambda _count: None)) == []
    answers = db.session.scalars(select(AttemptAnswer.body)).all()
    assert all(json.loads(body) == ["a"] for body in answers)
    assert "sudah dihapus" in signed_in(app, cast.budi).get("/teach/keamanan/reflections").text
