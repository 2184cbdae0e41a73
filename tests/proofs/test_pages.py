"""Roots and proofs over HTTP: for anybody, for oneself, for HR within reach; audited."""

from __future__ import annotations

import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn.competency import certificates, revoking
from elearn.database import db, transaction
from elearn.journal import seal
from elearn.people.models import AuditEntry
from elearn.proofs import proof_file, roots
from tests.builders import a_published_version, pass_everything
from tests.people_cast import SAME_SITE, Cast, actor_of, make_cast, signed_in


@pytest.fixture
def cast(app: Flask) -> Cast:
    return make_cast()


@pytest.fixture
def done(cast: Cast) -> int:
    """A completion that waits for its seal."""
    a_published_version(cast)
    return pass_everything(cast.ani).key.id


def views(person_id: int) -> int:
    wanted = select(func.count()).where(AuditEntry.subject_id == person_id)
    return db.session.scalar(wanted.where(AuditEntry.action == "person:viewed")) or 0


def test_roots_are_shown_and_sent_to_anybody(client: FlaskClient, done: int) -> None:
    assert "Belum ada akar" in client.get("/roots").text
    (made,) = seal.seal_now()
    for address in ("/roots", "/roots?page=x", "/roots?page=-3"):
        assert made.statement.root in client.get(address).text
    sent = client.get("/roots.jsonl")
    assert roots.read(sent.text.splitlines()).seals == {1: made}
    assert "attachment" in sent.headers["Content-Disposition"]


def test_a_proof_is_taken_away_and_checked_by_anybody(
    app: Flask, client: FlaskClient, cast: Cast, done: int
) -> None:
    ani = signed_in(app, cast.ani)
    page = f"/completions/{done}/proof"
    assert f'href="{page}"' in ani.get("/record").text
    assert "Bukti belum tersedia" in ani.get(page).text
    assert ani.get(f"{page}.json").status_code == 409
    seal.seal_now()
    assert "Unduh bukti" in ani.get(page).text
    sent = ani.get(f"{page}.json")
    assert len(sent.data) < proof_file.MOST_BYTES
    assert views(cast.ani.id) == 0
    for form in ({"text": sent.text}, {"file": (io.BytesIO(sent.data), "bukti.json")}):
        told = client.post("/proof", data=form, environ_base=SAME_SITE)
        assert told.status_code == 200
        for words in ("Bukti ini sah", "Keamanan informasi", "3 JP", "/verify/"):
            assert words in told.text
        assert cast.ani.name not in told.text


def test_a_proof_that_is_none_is_refused_in_words_and_what_was_typed_is_kept(
    app: Flask, client: FlaskClient, cast: Cast, done: int
) -> None:
    assert client.get("/proof").status_code == 200
    seal.seal_now()
    sent = signed_in(app, cast.ani).get(f"/completions/{done}/proof.json").text
    body = json.loads(sent)
    body["events"][0]["body"]["jp"] = 30
    for text, words in (
        ("", "Pilih berkas bukti"),
        ("<b>bukan</b>", "terpotong, atau bukan berkas bukti"),
        (sent[:200], "terpotong"),
        (json.dumps(body), "tidak sama dengan yang disegel"),
    ):
        told = client.post("/proof", data={"text": text}, environ_base=SAME_SITE)
        assert told.status_code == 422
        assert words in told.text
        assert "<b>bukan</b>" not in told.text
    assert client.post("/proof", data={"text": sent}).status_code == 403  # from no page of ours


def test_a_proof_is_for_oneself_and_for_hr_within_reach_who_are_noted(
    app: Flask, cast: Cast, done: int
) -> None:
    seal.seal_now()
    for address in (f"/completions/{done}/proof", f"/completions/{done}/proof.json"):
        before = views(cast.ani.id)
        for person, status in (
            (cast.citra, 200),  # HR of her office
            (cast.syamsul, 200),
            (cast.fadli, 200),  # auditor
            (cast.budi, 404),  # an equal
            (cast.dewi, 404),
            (cast.stranger, 404),  # HR of another office
        ):
            assert signed_in(app, person).get(address).status_code == status
        assert views(cast.ani.id) == before + 3
    assert signed_in(app, cast.ani).get("/completions/99999/proof").status_code == 404


def test_a_proof_tells_what_became_of_its_certificate(
    app: Flask, client: FlaskClient, cast: Cast, done: int
) -> None:
    seal.seal_now()
    proof = signed_in(app, cast.ani).get(f"/completions/{done}/proof.json").text
    (held,) = certificates.of(cast.ani.id)
    with transaction():
        revoking.revoke(actor_of(cast.syamsul), held.id, "Gelar pada nama keliru.")
    told = client.post("/proof", data={"text": proof}, environ_base=SAME_SITE).text
    assert "Bukti ini sah" in told
    assert "Sertifikatnya telah dicabut" in told
    assert "telah dicabut" in signed_in(app, cast.ani).get(f"/completions/{done}/proof").text
