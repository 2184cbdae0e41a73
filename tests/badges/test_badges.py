"""Badges: an independent verifier accepts them; they are kept, told to the journal, and revoked."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from flask import Flask, current_app
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from sqlalchemy import delete, func, select, update

from elearn import clock, signing
from elearn.badges import credential, derived, issuing, status
from elearn.badges.models import Badge
from elearn.competency import certificates, revoking
from elearn.competency import issuing as certifying
from elearn.database import db, transaction
from elearn.errors import Conflict
from elearn.files import Blob
from elearn.journal import chain
from elearn.journal.models import Event
from tests.badges.structure import faults
from tests.builders import a_framework
from tests.competency.test_certificates import an_issue
from tests.people_cast import Cast, actor_of, make_cast
from tests.reports.school import browser_of, text_of

HOST = "http://localhost"


@pytest.fixture
def cast(app: Flask) -> Cast:
    made = make_cast()
    a_framework()
    return made


@pytest.fixture
def certificate(cast: Cast) -> str:
    """The id of Ani's certificate, issued now by the wall clock: the verifiers look at it."""
    with transaction():
        return certifying.issue(an_issue(cast.ani.id)).id


def made(certificate: str) -> str:
    return issuing.text_of(certificate).decode()


def payload_of(text: str) -> dict[str, Any]:
    found: dict[str, Any] = jwt.decode(text, options={"verify_signature": False})
    return found


def pem_of(text: str) -> bytes:
    """The public key that the header names, as the one who checks would keep it."""
    kid = jwt.get_unverified_header(text)["kid"]
    key = jwt.PyJWKSet(json.loads(keys_page())["keys"])[kid]
    encoding = serialization.Encoding.PEM
    pem: bytes = key.key.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem


def keys_page() -> str:
    return current_app.test_client().get("/keys.json").get_data(as_text=True)


def fetched(address: str) -> bytes:
    """What anybody gets at a public address."""
    answer = current_app.test_client().get(address.removeprefix(HOST))
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    return answer.get_data()


def verified(text: str) -> Any:
    """Let another's verifier look at signature, structure, term and status."""
    verifier = OB3Verifier(pem_of(text))
    return verifier.verify(text, check_status=True, download=fetched)


def test_an_independent_verifier_accepts_the_badge(cast: Cast, certificate: str) -> None:
    text = made(certificate)
    found = verified(text)
    assert found.id == f"{HOST}/verify/{certificate}"
    assert found.issuer.id == json.loads(fetched(f"{HOST}/badges/issuer"))["id"]
    head, _, signature = text.split(".")
    forged = json.dumps(payload_of(text) | {"name": "Lain"}).encode()
    changed = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    with pytest.raises(OB3VerificationError, match="signature"):
        verified(f"{head}.{changed}.{signature}")


def test_the_badge_says_what_the_certificate_does(cast: Cast, certificate: str) -> None:
    payload = payload_of(made(certificate))
    assert faults(payload) == []
    subject, paper = payload["credentialSubject"], certificates.load(certificate)
    achievement = subject["achievement"]
    assert payload["issuer"]["name"] == "Pemerintah Daerah"
    assert payload["nbf"] == paper.issued_ms // 1000
    assert subject["licenseNumber"] == paper.number
    assert subject["activityEndDate"] == "2026-11-24T00:00:00+07:00"
    assert (achievement["creditsAvailable"], subject["creditsEarned"]) == (3, 3)
    assert [result["value"] for result in subject["result"]] == ["86.5"]
    assert "Mengenali penipuan (45 menit)" in achievement["criteria"]["narrative"]
    (alignment,) = achievement["alignment"]
    described = fetched_page(alignment["targetUrl"])
    assert (alignment["targetCode"], alignment["targetName"] in described) == ("M.01", True)
    issued = clock.day_of(paper.issued_ms)  # as it was worded then
    assert alignment["targetUrl"].endswith(f"/M.01?on={issued}")
    assert fetched_page(f"{alignment['targetUrl']}x") == described


def fetched_page(address: str) -> str:
    return text_of(current_app.test_client().get(address.removeprefix(HOST)))


def test_the_nip_stands_in_it_only_as_a_salted_hash(cast: Cast, certificate: str) -> None:
    payload = payload_of(made(certificate))
    name, nip = payload["credentialSubject"]["identifier"]
    expected = hashlib.sha256((cast.ani.nip + nip["salt"]).encode()).hexdigest()
    assert (nip["identityHash"], nip["hashed"]) == (f"sha256${expected}", True)
    assert name["identityHash"] == "Ani Pratiwi, A.Md.Kep."
    assert cast.ani.nip not in json.dumps(payload)
    with transaction():
        other = certifying.issue(an_issue(cast.ani.id, "2")).id
    again = payload_of(made(other))["credentialSubject"]
    assert again["identifier"][1]["identityHash"] != nip["identityHash"]
    assert again["achievement"] == payload["credentialSubject"]["achievement"]


def test_what_is_not_known_is_left_out(cast: Cast) -> None:
    bare = replace(an_issue(cast.ani.id), score_tenths=None, modules=[], competencies=[])
    with transaction():
        issued = certifying.issue(bare).id
    payload = payload_of(made(issued))
    assert faults(payload) == []
    assert payload["credentialSubject"]["result"] == []
    assert "validUntil" not in payload


def test_it_is_valid_to_the_end_of_its_last_day(cast: Cast, certificate: str) -> None:
    fields = certificates.load(certificate).fields | {"expires_on": date(2027, 5, 31)}
    subject = credential.Subject("a:b", "c:d", 0, "", status.entry(1), {}, "e:f")
    payload = credential.claims(fields, subject)
    assert payload["validUntil"] == "2027-05-31T16:59:59Z"
    assert payload["exp"] == clock.start_of_day_ms(date(2027, 6, 1)) // 1000 - 1


def test_each_download_is_the_same_file_and_told_once(
    app: Flask, cast: Cast, certificate: str
) -> None:
    browser = browser_of(app, cast.ani)
    first, second = (browser.get(f"/certificates/{certificate}.jwt") for _ in range(2))
    assert first.get_data() == second.get_data() == made(certificate).encode()
    assert first.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "0001-BKPSDM" in first.headers["Content-Disposition"]
    told = select(func.count()).select_from(Event).where(Event.kind == "badge_issued")
    assert db.session.scalar(told) == 1
    assert list(differences()) == []


def differences() -> Iterator[derived.Difference]:
    people = list(db.session.scalars(select(Event.person_id).distinct()))
    return derived.differences_of(chain.events_of_people(people))


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (update(Badge).values(digest="0" * 64), "changed"),
        (update(Badge).values(made_ms=1), "changed"),
        (update(Blob).values(content=b"x"), "file of"),
        (delete(Badge), "missing"),
    ],
)
def test_a_kept_badge_is_held_against_the_journal(
    cast: Cast, certificate: str, statement: Any, what: str
) -> None:
    made(certificate)
    with transaction() as session:
        session.execute(statement)
    (found,) = differences()
    assert found.what.startswith(what)


def test_an_old_key_still_checks_what_it_signed(
    app: Flask, cast: Cast, certificate: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "elearn_keys", signing.KeyRing(tmp_path))
    with clock.set_to(clock.now_ms() - 1000):
        text = made(certificate)
    new = signing.ring().rotate()
    old = jwt.get_unverified_header(text)["kid"]
    assert json.loads(fetched(old))["kid"] == old
    assert "d" not in json.loads(fetched(old))
    OB3Verifier(pem_of(text)).verify(text)
    listed = [key["kid"] for key in json.loads(keys_page())["keys"]]
    assert listed == [f"{HOST}/keys/{new.id}.json", old]
    shown = text_of(app.test_client().get("/keys"))
    assert shown.index("menandatangani") < shown.index("lama</span>")
    assert app.test_client().get("/keys/none.json").status_code == 404


def test_a_revoked_certificate_gives_none_and_its_bit_is_set(
    app: Flask, cast: Cast, certificate: str
) -> None:
    with transaction():
        other = certifying.issue(an_issue(cast.stranger.id, "2")).id
    standing, text = made(other), made(certificate)
    with transaction():
        revoking.revoke(actor_of(cast.syamsul), certificate, "Nama pada sertifikat keliru.")
    with pytest.raises(OB3VerificationError, match="revocation"):
        verified(text)
    verified(standing)
    answer = browser_of(app, cast.ani).get(f"/certificates/{certificate}.jwt")
    assert answer.headers["Location"] == f"/certificates/{certificate}"
    with pytest.raises(Conflict, match="revoked"):
        made(certificate)
    assert app.test_client().get("/badges/status/1").status_code == 404


def test_a_list_is_as_the_specification_packs_it(cast: Cast, certificate: str) -> None:
    made(certificate)
    content = payload_of(fetched(f"{HOST}/badges/status/0").decode())
    encoded = content["credentialSubject"]["encodedList"]
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert (encoded[0], len(bits), any(bits)) == ("u", 16 * 1024, False)
    ends = date.fromisoformat(content["validUntil"][:10])
    assert ends - date.fromisoformat(content["validFrom"][:10]) == timedelta(days=2)
    assert status._bits([0, 9])[:2] == b"\x80\x40"
    assert status.entry(status.SIZE + 1)["id"] == f"{HOST}/badges/status/1#0"


@pytest.mark.parametrize(
    ("who", "code"),
    [("ani", 200), ("citra", 200), ("budi", 404), ("stranger", 404), ("dewi", 404)],
)
def test_only_who_may_see_the_certificate_takes_its_badge(
    app: Flask, cast: Cast, certificate: str, who: str, code: int
) -> None:
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(f"/certificates/{certificate}.jwt").status_code == code
    assert browser.get("/certificates/none.jwt").status_code == 404
    assert (db.session.scalar(select(func.count()).select_from(Badge)) == 1) == (code == 200)
