"""One person added by hand: who may, what is refused in which words, duplicates, the code."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from elearn.competency import framework
from elearn.database import db, transaction
from elearn.people import accounts, contracts, staffing
from elearn.people.audit import Action
from elearn.people.models import AuditEntry, Person, Position
from tests.people_cast import Cast, signed_in
from tests.roster.files import ANI, NEW, person_of

HERE = "/hr/people/new"
PPPK_NIP = "199001152024211991"


@pytest.fixture
def cast(cast: Cast) -> Cast:
    with transaction():
        framework.load_seed()
    return cast


def typed(cast: Cast, **values: object) -> dict[str, object]:
    held = {
        "nip": NEW,
        "name": "BAYU PRATAMA",
        "degrees_before": "dr.",
        "degrees_after": "Sp.A.",
        "unit_id": cast.puskesmas.id,
        "position": "Perawat Ahli Pertama",
        "position_class": "",
        "status": "pns",
        "grade": "III/b",
    }
    return held | values


def people_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def entries(action: Action) -> list[int | None]:
    wanted = select(AuditEntry.subject_id).where(AuditEntry.action == action)
    return list(db.session.scalars(wanted.order_by(AuditEntry.id)))


def test_hr_adds_a_person_and_hands_over_a_code(app: Flask, cast: Cast) -> None:
    citra = signed_in(app, cast.citra)
    assert "Perawat" not in citra.get(HERE).text
    made = citra.post(HERE, data=typed(cast))
    assert made.headers["Cache-Control"] == "no-store"
    assert NEW not in made.text
    person = person_of(NEW)
    assert (person.full_name, person.grade) == ("dr. Bayu Pratama, Sp.A.", "III/b")
    post = db.session.get_one(Position, person.position_id)
    assert (post.name, post.position_class) == ("Perawat Ahli Pertama", "jf_ahli_pertama")
    code = re.search(r'<code class="nip">([^<]+)</code>', made.text)
    assert code
    assert accounts.authenticate(NEW, code[1]).person_id == person.id
    assert entries(Action.PERSON_CREATED)[-1] == person.id
    assert entries(Action.CODE_ISSUED)[-1] == person.id
    assert "Perawat Ahli Pertama" in citra.get(HERE).text


def test_a_contract_and_what_is_unusual_of_a_number(app: Flask, cast: Cast) -> None:
    days = {"contract_start": "2024-03-01", "contract_end": "2029-02-28"}
    sent = typed(cast, nip=PPPK_NIP, status="pppk", grade="IX", **days)
    made = signed_in(app, cast.citra).post(HERE, data=sent)
    assert "Periksa sekali lagi" not in made.text
    [held] = contracts.of(person_of(PPPK_NIP).id)
    assert (held.starts_on.isoformat(), str(held.ends_on)) == tuple(days.values())
    unusual = signed_in(app, cast.syamsul).post(HERE, data=typed(cast, status="pppk", grade="IX"))
    assert "tidak lazim untuk statusnya" in unusual.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nip": "1,98609E+17"}, "rusak oleh lembar kerja"),
        ({"nip": "19900115201503199"}, "NIP terdiri dari 18 angka."),
        ({"nip": "199013152015031991"}, "bukan tanggal lahir"),
        ({"nip": "199001152015033991"}, "Angka ke-15"),
        ({"nip": ""}, "Bagian ini perlu diisi."),
        ({"name": " "}, "Isi nama."),
        ({"unit_id": "works"}, "Pilih dari daftar."),
        ({"position": "Penjaga Menara", "position_class": ""}, "pilih dari daftar."),
        ({"position_class": "raja"}, "Pilih dari daftar."),
        ({"grade": "IX"}, "Golongan tidak sesuai"),
        ({"contract_start": "2024-03-01"}, "Kontrak hanya dicatat untuk PPPK"),
        ({"status": "pppk", "grade": "IX", "contract_end": "2029-01-01"}, "awal kontraknya"),
        (
            {
                "status": "pppk",
                "grade": "IX",
                "contract_start": "2024-03-01",
                "contract_end": "2024-02-01",
            },
            "mendahului",
        ),
        ({"whatsapp": "12"}, "seperti 0812"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    app: Flask, cast: Cast, changes: dict[str, str], said: str
) -> None:
    sent = typed(cast, **changes)
    if changes.get("unit_id"):
        sent["unit_id"] = cast.works.id
    before = people_count()
    refused = signed_in(app, cast.citra).post(HERE, data=sent)
    assert (refused.status_code, said in refused.text) == (422, True)
    assert 'value="dr."' in refused.text
    assert people_count() == before


def test_a_number_that_is_known_is_told_as_far_as_one_may_see(app: Flask, cast: Cast) -> None:
    citra, stranger = signed_in(app, cast.citra), signed_in(app, cast.stranger)
    told = citra.post(HERE, data=typed(cast, nip=ANI))
    assert told.status_code == 422
    assert "milik Ani Pratiwi, A.Md.Kep." in told.text
    assert f"/hr/people/{cast.ani.id}/career" in told.text
    other = stranger.post(HERE, data=typed(cast, nip=ANI, unit_id=cast.works.id)).text
    assert "milik seorang pegawai Pustu Bukit Sari" in other
    assert "Ani" not in other
    assert f"/hr/people/{cast.ani.id}" not in other
    assert entries(Action.PERSON_VIEWED) == [cast.ani.id, cast.ani.id]
    with transaction():
        staffing.change_nip(None, cast.ani.id, NEW)
        accounts.deactivate(None, cast.ani.id)
    former = citra.post(HERE, data=typed(cast, nip=ANI)).text
    assert "pernah dipakai oleh Ani Pratiwi" in former
    left = citra.post(HERE, data=typed(cast, nip=NEW)).text
    assert "sudah dinonaktifkan" in left
    assert f'action="/hr/people/{cast.ani.id}/return"' in left
    assert "Aktifkan kembali" not in stranger.post(HERE, data=typed(cast, nip=NEW)).text


def test_who_may_not_adds_nobody(app: Flask, cast: Cast) -> None:
    """A learner is a subordinate, the auditor sees all and changes nothing, an equal has another
    branch: its units are not among those of the form."""
    before = people_count()
    for who, status in (("ani", 404), ("fadli", 403), ("dewi", 404), ("stranger", 422)):
        client = signed_in(app, getattr(cast, who))
        assert client.post(HERE, data=typed(cast)).status_code == status
    assert people_count() == before
    assert "Pegawai baru" not in signed_in(app, cast.fadli).get("/hr/people").text
