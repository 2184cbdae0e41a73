"""The pages of this slice: they work, others are refused, strangers find nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from elearn.competency import derived, evidence
from elearn.competency.models import AssessedLevel
from elearn.database import db, transaction
from elearn.journal.models import Event
from elearn.people.models import AuditEntry
from tests.competency import people_of_jambi
from tests.competency.people_of_jambi import People, browser_of
from tests.competency.test_certificates import an_issue, issue

LEVEL = {"code": "M.01", "level": "2", "assessed_on": "2025-03-01", "source": "Asesmen 2025"}


@pytest.fixture
def people(app: Flask) -> People:
    return people_of_jambi.settle()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def text_of(page: TestResponse) -> str:
    return re.sub(r"\s+", " ", page.get_data(as_text=True))


# The certificate


def test_the_holder_sees_and_prints_the_certificate(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    page = browser_of(app, people.ani).get(f"/certificates/{made.id}")
    text = text_of(page)
    assert page.status_code == 200
    for part in (
        made.number,
        "Ani Pratiwi, A.Md.Kep.",
        "19940412 201903 2 901",
        "Pengatur (II/c)",
        "3 JP (tiga jam pelajaran)",
        "86,5",
        "2 November 2026 – 24 November 2026",
        "Kata sandi",
        f'href="http://localhost/verify/{made.id}"',
    ):
        assert part in text
    assert "<svg viewBox" in text
    assert "style=" not in text
    assert count(AuditEntry) == 0


def test_hr_of_the_branch_sees_it_and_that_is_noted(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert browser_of(app, people.citra).get(f"/certificates/{made.id}").status_code == 200
    noted = db.session.scalars(select(AuditEntry)).one()
    assert (noted.action, noted.actor_id, noted.subject_id) == (
        "person:viewed",
        people.citra,
        people.ani,
    )


def test_a_stranger_and_a_wrong_id_find_no_certificate(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert browser_of(app, people.yusni).get(f"/certificates/{made.id}").status_code == 404
    assert browser_of(app, people.ani).get("/certificates/unknown").status_code == 404
    assert count(AuditEntry) == 0


def test_who_is_not_signed_in_is_asked_to(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    page = browser_of(app).get(f"/certificates/{made.id}")
    assert (page.status_code, "/login" in page.headers["Location"]) == (303, True)


def test_a_certificate_is_only_read(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert browser_of(app, people.ani).post(f"/certificates/{made.id}").status_code == 405


def test_a_certificate_without_score_rank_or_material_is_shown_too(
    app: Flask, people: People
) -> None:

    bare = replace(an_issue(people.yusni), score_tenths=None, modules=[])
    (made,) = issue(bare)
    text = text_of(browser_of(app, people.yusni).get(f"/certificates/{made.id}"))
    assert "Daftar materi" not in text
    assert "Nilai</dt>" not in text


# The public check


def test_anybody_can_check_every_frozen_field_with_the_nip_masked(
    app: Flask, people: People
) -> None:
    (made,) = issue(an_issue(people.ani))
    page = browser_of(app).get(f"/verify/{made.id}")
    text = text_of(page)
    assert page.status_code == 200
    for part in (
        "Sertifikat ini berlaku",
        made.number,
        "Ani Pratiwi, A.Md.Kep.",
        "***************901",
        "Perawat Terampil",
        "Keamanan informasi untuk ASN",
        "24 November 2026",
        "Mengenali penipuan",
    ):
        assert part in text
    assert "199404122019032901" not in text
    assert "19940412" not in text


def test_an_unknown_code_is_told_what_it_means(app: Flask, people: People) -> None:
    page = browser_of(app).get("/verify/abcdefghjkmnpqrstuvw")
    assert page.status_code == 404
    assert "tidak diterbitkan di sini" in text_of(page)


def typed(app: Flask, **values: str) -> TestResponse:
    return browser_of(app).post("/verify", data=values)


def test_a_typed_code_or_number_leads_to_the_check(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    assert browser_of(app).get("/verify").status_code == 200
    for values in ({"code": made.id}, {"number": made.number, "last_digits": "901"}):
        page = typed(app, **values)
        assert (page.status_code, page.headers["Location"]) == (303, f"/verify/{made.id}")


@pytest.mark.parametrize(
    "values", [{}, {"code": "xxxx"}, {"number": "0001/BKPSDM/XI/2026"}, {"code": "x" * 61}]
)
def test_what_leads_to_nothing_is_said_beside_the_field_and_kept(
    app: Flask, people: People, values: dict[str, str]
) -> None:
    issue(an_issue(people.ani))
    page = typed(app, **values)
    text = text_of(page)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text
    assert all(f'value="{value}"' in text for value in values.values())


# What a competency means


def test_a_competency_shows_its_levels_and_what_the_position_asks(
    app: Flask, people: People
) -> None:
    text = text_of(browser_of(app, people.ani).get("/competencies/M.01"))
    assert "Integritas" in text
    assert "Jabatan Anda meminta level 2." in text
    assert "diminta jabatan Anda" in text
    assert "belum dinilai" in text


def test_a_competency_nobody_asks_is_shown_too(app: Flask, people: People) -> None:
    text = text_of(browser_of(app, people.yusni).get("/competencies/DIG.AMAN"))
    assert "Jabatan Anda tidak meminta level tertentu." in text


def test_an_unknown_competency_is_not_found(app: Flask, people: People) -> None:
    assert browser_of(app, people.ani).get("/competencies/X.99").status_code == 404


# Levels set by an assessment


def levels_address(person_id: int) -> str:
    return f"/hr/people/{person_id}/levels"


def test_hr_enters_an_assessed_level_and_the_learner_sees_it(app: Flask, people: People) -> None:
    hr = browser_of(app, people.citra)
    assert hr.post(levels_address(people.ani), data=LEVEL).status_code == 303
    assert "Asesmen 2025" in text_of(hr.get(levels_address(people.ani)))
    text = text_of(browser_of(app, people.ani).get("/competencies/M.01"))
    assert "Hasil penilaian 1 Maret 2025: level 2." in text


@pytest.mark.parametrize(
    "change",
    [
        {"code": "X.99"},
        {"level": "6"},
        {"level": "x"},
        {"level": ""},
        {"assessed_on": "2999-01-01"},
    ],
)
def test_a_wrong_level_is_refused_beside_its_field(app: Flask, people: People, change) -> None:
    page = browser_of(app, people.citra).post(levels_address(people.ani), data=LEVEL | change)
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text_of(page)
    assert (count(AssessedLevel), count(Event)) == (0, 0)


@pytest.mark.parametrize("who", ["ani", "yusni"])
def test_only_hr_of_the_branch_may_enter_a_level(app: Flask, people: People, who: str) -> None:
    browser = browser_of(app, getattr(people, who))
    assert browser.get(levels_address(people.ani)).status_code == 404
    assert browser.post(levels_address(people.ani), data=LEVEL).status_code == 404
    assert count(AssessedLevel) == 0


def test_a_wrong_level_is_corrected_and_stays_in_the_history(app: Flask, people: People) -> None:
    hr = browser_of(app, people.citra)
    hr.post(levels_address(people.ani), data=LEVEL)
    (row,) = db.session.scalars(select(AssessedLevel))
    here = f"/hr/levels/{row.id}/correction"
    assert hr.post(here, data={"level": "3", "reason": ""}).status_code == 422
    assert hr.post(here, data={"level": "2", "reason": "Salah baca."}).status_code == 422
    assert hr.post(here, data={"level": "3", "reason": "Salah baca."}).status_code == 303
    assert hr.post(here, data={"level": "4", "reason": "Lagi."}).status_code == 409
    assert evidence.held(people.ani)["M.01"].level == 3
    page = text_of(hr.get(levels_address(people.ani)))
    assert "Salah baca." in page
    assert page.count("Asesmen 2025") == 2
    text = text_of(browser_of(app, people.ani).get("/competencies/M.01"))
    assert "level 3." in text
    assert list(derived.differences()) == []
    again = db.session.scalars(select(AssessedLevel.id).where(AssessedLevel.level == 3)).one()
    hr.post(f"/hr/levels/{again}/correction", data={"level": "", "reason": "Orang lain."})
    assert "M.01" not in evidence.held(people.ani)
    for stranger in (people.ani, people.yusni):
        assert browser_of(app, stranger).get(here).status_code == 404
        assert browser_of(app, stranger).post(here, data={}).status_code == 404
    with transaction():
        db.session.execute(update(AssessedLevel).values(withdrawn_reason="Lain"))
    assert {found.table for found in derived.differences()} == {"assessed_level"}


@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_wrong_method_is_said_to_be_one(app: Flask, people: People, method: str) -> None:
    browser = browser_of(app, people.citra)
    for address in (levels_address(people.ani), "/verify"):
        assert getattr(browser, method)(address).status_code == 405


def test_wrong_digits_slow_down_the_next_for_that_number(app: Flask, people: People) -> None:
    (made,) = issue(an_issue(people.ani))
    visitor = browser_of(app, people.ani)
    wrong = {"number": made.number, "last_digits": "000"}
    answers = [visitor.post("/verify", data=wrong).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    other = {"number": "0999/BKPSDM/XI/2026", "last_digits": "000"}
    assert visitor.post("/verify", data=other).status_code == 422
    assert visitor.post("/verify", data={"code": made.id}).status_code == 303
