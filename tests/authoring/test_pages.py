"""The pages of editions, reviews, people and mended keys: who may see and do what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from elearn import jobs, work
from elearn.authoring.reviews import Point
from elearn.content import catalogue, publishing, teachers
from elearn.content.models import CourseTeacher, Review, TeacherRole
from elearn.content.publishing import Published, Staged
from elearn.database import db, transaction
from elearn.learning.models import Regrade
from tests.authoring.conftest import second_edition
from tests.builders import (
    SLUG,
    WRONG,
    an_attempt,
    an_enrolment,
    finish,
    hand_in,
)
from tests.people_cast import Cast, signed_in

HERE = f"/teach/{SLUG}"
PAIR = "digest-s2/digest-s2-betul"
WHY = "Kunci tertukar; lihat pedoman halaman 4."
PAGES = ["/versions", "/versions/1", "/people", "/keys"]
POSTS = [
    ("/versions/2/release", {"against": "1"}),
    ("/versions/2/review", {}),
    ("/versions/2/verdict", {"verdict": "passed"}),
    ("/state", {"act": "retire"}),
    ("/people", {"person": "1", "role": "owner"}),
    (f"/keys/{PAIR}", {"reason": WHY}),
]


WHO = [("dewi", 404), ("stranger", 404), ("ani", 403), ("citra", 403)]
THEIR_PART = {("ani", "/versions/2/review"), ("citra", "/versions/2/verdict")}
REFUSED = [
    (name, status, address, data)
    for name, status in WHO
    for address, data in POSTS
    if (name, address) not in THEIR_PART
]


@pytest.fixture
def budi(app: Flask, cast: Cast) -> FlaskClient:
    """The owner."""
    return signed_in(app, cast.budi)


def test_the_owner_sees_the_editions_and_the_effect(
    app: Flask, cast: Cast, budi: FlaskClient, staged: Staged
) -> None:
    an_enrolment(cast.fadli)
    finish(cast.fadli)
    hand_in(cast.fadli, an_attempt(cast.fadli), WRONG)
    page = budi.get(f"{HERE}/versions").text
    for word in ("Versi 2", "belum terbit", "terbuka bagi peserta", "Tutup kursus"):
        assert word in page
    page = budi.get(f"{HERE}/versions/2").text
    for word in (
        "Materi dasar/teks: <b>teks berubah</b>",
        "hanya kuisnya berubah",
        "kunci berubah",
        "Kunci: Ya s2 menjadi Tidak s2",
        "1 orang, tetap di versinya",
        "Materi dasar/teks: 1 orang",
        "perlu lolos telaah dahulu",
        "dari 1 percobaan, 1 nilai naik dan 0 menjadi lulus",
    ):
        assert word in page
    assert "/release" not in page


def test_an_edition_is_given_out_from_the_web(
    app: Flask, cast: Cast, budi: FlaskClient, staged: Staged
) -> None:
    with transaction():
        teachers.release_from(staged.course_id, cast.citra.id)
    address = f"{HERE}/versions/2/release"
    assert "/release" in budi.get(f"{HERE}/versions/2").text
    assert budi.post(address, data={"against": "99"}).status_code == 303
    assert "sudah berubah" in budi.get(f"{HERE}/versions/2").text
    against = catalogue.open_course(SLUG).open_version_id
    assert budi.post(address, data={"against": str(against)}).status_code == 303
    assert "terbit dan terbuka" in budi.get(f"{HERE}/versions").text
    assert catalogue.open_course(SLUG).open_version_id == staged.version_id


def test_other_terms_wait_for_hr_with_names_beside_codes(
    app: Flask, cast: Cast, budi: FlaskClient, dearer: Staged
) -> None:
    with transaction():
        teachers.release_from(dearer.course_id, cast.citra.id)
    assert "perlu disetujui kepegawaian" in budi.get(f"{HERE}/versions/2").text
    against = str(catalogue.open_course(SLUG).open_version_id)
    budi.post(f"{HERE}/versions/2/release", data={"against": against})
    assert "menunggu persetujuan" in budi.get(f"{HERE}/versions").text
    page = signed_in(app, cast.syamsul).get("/hr/approvals").text
    assert "2 JP, semula 3 JP" in page
    assert "M.05 level 2 (Pelayanan publik)" in page


def test_a_review_is_asked_for_filled_in_and_shown(
    app: Flask, cast: Cast, budi: FlaskClient, staged: Staged
) -> None:
    address = f"{HERE}/versions/2"
    assert budi.post(f"{address}/review").status_code == 303
    citra = signed_in(app, cast.citra)
    page = citra.get(address).text
    assert "Daftar periksa penelaah" in page
    assert "Akibatnya bagi peserta" not in page
    answer = citra.post(f"{address}/verdict", data={"verdict": "passed", "points": ["correct"]})
    assert answer.status_code == 422
    assert 'value="correct" checked' in answer.text
    answer = citra.post(f"{address}/verdict", data={"verdict": "returned", "remark": "Singkat"})
    assert (answer.status_code, "Singkat" in answer.text) == (422, True)
    half = {"verdict": "waiting", "points": ["correct", "hours"], "remark": "Sejauh ini baik."}
    assert citra.post(f"{address}/verdict", data=half).status_code == 303
    page = citra.get(address).text
    assert ('value="hours" checked' in page, 'value="rules" checked' in page) == (True, False)
    assert "Sejauh ini baik.</textarea>" in page
    assert "Citra Lestari sudah mencentang 2 dari 8 butir." in budi.get(address).text
    assert "menunggu telaah" in budi.get(f"{HERE}/versions").text
    data = {"verdict": "passed", "points": list(Point)}
    assert citra.post(f"{address}/verdict", data=data).status_code == 303
    page = budi.get(address).text
    assert "lolos telaah" in page
    assert "Terbitkan versi 2" in page


def test_authors_and_reviewers_read_an_edition_before_learners_do(
    app: Flask, cast: Cast, staged: Staged
) -> None:
    citra = signed_in(app, cast.citra)
    assert "/versions/2/lessons/dasar/teks" in citra.get(f"{HERE}/versions/2").text
    assert "Isi lain." in citra.get(f"{HERE}/versions/2/lessons/dasar/teks").text
    page = citra.get(f"{HERE}/versions/2/lessons/dasar/ujian").text
    for word in ("Soal s2", "Tidak s2", "PEMBAHASAN s2", "Kunci"):
        assert word in page
    assert "Apa niat Anda?" in citra.get(f"{HERE}/versions/2/lessons/dasar/janji").text
    assert citra.get(f"{HERE}/versions/2/lessons/dasar/x").status_code == 404
    dewi = signed_in(app, cast.dewi)
    assert dewi.get(f"{HERE}/versions/2/lessons/dasar/teks").status_code == 404


def test_a_course_is_closed_and_opened(app: Flask, budi: FlaskClient, course: Published) -> None:
    assert budi.post(f"{HERE}/state", data={"act": "retire"}).status_code == 303
    assert "Buka kembali" in budi.get(f"{HERE}/versions").text
    assert budi.post(f"{HERE}/state", data={"act": "retire"}).status_code == 303
    assert budi.post(f"{HERE}/state", data={"act": "reopen"}).status_code == 303
    assert budi.post(f"{HERE}/state", data={"act": "x"}).status_code == 404
    assert "Tutup kursus" in budi.get(f"{HERE}/versions").text


def test_the_owner_names_who_has_a_part(
    app: Flask, cast: Cast, budi: FlaskClient, course: Published
) -> None:
    address = f"{HERE}/people"
    assert "Dewi Anggraini" in budi.get(address).text
    budi.post(address, data={"person": cast.dewi.id, "role": "coauthor"})
    assert teachers.teaches(cast.dewi.id, course.course_id)
    budi.post(address, data={"person": cast.dewi.id, "role": "none"})
    assert not teachers.teaches(cast.dewi.id, course.course_id)
    budi.post(address, data={"person": cast.budi.id, "role": "none"})
    assert "sedikitnya satu pemilik" in budi.get(address).text
    assert budi.post(address, data={"person": "x", "role": "owner"}).status_code == 303
    assert budi.post(address, data={"person": cast.ani.id, "role": "x"}).status_code == 404
    assert budi.post(address, data={"person": cast.fadli.id, "role": "owner"}).status_code == 404


def test_who_gives_up_the_own_part_is_led_away(
    app: Flask, cast: Cast, budi: FlaskClient, course: Published
) -> None:
    budi.post(f"{HERE}/people", data={"person": cast.ani.id, "role": "owner"})
    answer = budi.post(f"{HERE}/people", data={"person": cast.budi.id, "role": "none"})
    assert answer.headers["Location"] == "/teach"
    assert budi.get(f"{HERE}/people").status_code == 404


def test_a_wrong_key_is_mended_step_by_step(
    app: Flask, cast: Cast, budi: FlaskClient, course: Published
) -> None:
    an_enrolment(cast.fadli)
    hand_in(cast.fadli, an_attempt(cast.fadli), WRONG)
    assert "Tidak ada kunci" in budi.get(f"{HERE}/keys").text
    with transaction():
        publishing.publish(second_edition(), None)
    page = budi.get(f"{HERE}/keys").text
    assert f"{HERE}/keys/{PAIR}" in page
    page = budi.get(f"{HERE}/keys/{PAIR}").text
    for word in ("Fadli Rahman", "Belum ada yang diubah", "Tidak ada peserta yang dirugikan"):
        assert word in page
    assert "Kembali ke tanpa merugikan" in budi.get(f"{HERE}/keys/{PAIR}?policy=strict").text
    answer = budi.post(f"{HERE}/keys/{PAIR}", data={"reason": "ya"})
    assert (answer.status_code, ">ya</textarea>" in answer.text) == (422, True)
    answer = budi.post(f"{HERE}/keys/{PAIR}", data={"reason": WHY})
    assert answer.status_code == 303
    report = answer.headers["Location"]
    assert "Sedang dihitung" in budi.get(report).text
    again = budi.post(f"{HERE}/keys/{PAIR}", data={"reason": WHY})
    assert again.headers["Location"] == f"{HERE}/keys"
    while jobs.run_one(work.HANDLERS):
        pass
    page = budi.get(report).text
    for word in ("Fadli Rahman", WHY, "Budi Hartono", 'class="n">50<'):
        assert word in page
    assert "Sedang dihitung" not in page
    assert WHY in budi.get(f"{HERE}/keys").text


def test_a_failed_regrade_says_so(app: Flask, budi: FlaskClient, course: Published) -> None:
    with transaction():
        publishing.publish(second_edition(), None)
    report = budi.post(f"{HERE}/keys/{PAIR}", data={"reason": WHY}).headers["Location"]
    with transaction() as session:
        session.query(jobs.Job).filter_by(kind="regrade").update({"state": "failed"})
    assert "Belum berhasil" in budi.get(report).text
    again = budi.post(f"{HERE}/keys/{PAIR}", data={"reason": WHY}).headers["Location"]
    assert again != report
    assert "Sedang dihitung" in budi.get(again).text
    assert "gagal" in budi.get(f"{HERE}/keys").text


def written() -> tuple[int, ...]:
    counted = [select(func.count()).select_from(t) for t in (Review, Regrade, CourseTeacher)]
    return tuple(db.session.scalar(count) or 0 for count in counted)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ["dewi", "stranger", "syamsul", "fadli"])
def test_strangers_find_nothing(
    app: Flask, cast: Cast, staged: Staged, page: str, name: str
) -> None:
    assert signed_in(app, getattr(cast, name)).get(HERE + page).status_code == 404


@pytest.mark.parametrize(("name", "status", "address", "data"), REFUSED)
def test_who_may_not_changes_nothing(
    app: Flask,
    cast: Cast,
    staged: Staged,
    name: str,
    status: int,
    address: str,
    data: dict[str, str],
) -> None:
    before = written()
    assert signed_in(app, getattr(cast, name)).post(HERE + address, data=data).status_code == status
    assert written() == before
    assert catalogue.open_course(SLUG).open_version_id != staged.version_id


@pytest.mark.parametrize("page", ["/keys", f"/keys/{PAIR}", "/regrades/1"])
def test_a_reviewer_sees_no_learners(app: Flask, cast: Cast, staged: Staged, page: str) -> None:
    citra = signed_in(app, cast.citra)
    assert citra.get(HERE + page).status_code == 403
    assert citra.get(HERE).status_code == 404
    assert f'href="{HERE}/versions"' in citra.get("/teach").text


@pytest.mark.parametrize(
    "page", ["/versions/9", "/regrades/9", "/keys/x/y", "/keys/digest-s1/digest-s2"]
)
def test_a_bad_id_is_not_found(budi: FlaskClient, course: Published, page: str) -> None:
    assert budi.get(HERE + page).status_code == 404


def test_a_post_without_what_was_shown_is_not_found(budi: FlaskClient, staged: Staged) -> None:
    assert budi.post(f"{HERE}/versions/2/release").status_code == 404


def test_a_draft_course_has_pages_before_its_first_edition(
    app: Flask, cast: Cast, budi: FlaskClient, course: Published
) -> None:
    with transaction():
        made = publishing.stage(replace(second_edition(), slug="baru"), cast.budi.id)
        teachers.set_teachers(made.course_id, {cast.budi.id: TeacherRole.OWNER})
    assert "/teach/baru/versions" in budi.get("/teach").text
    assert "Isi versi" in budi.get("/teach/baru/versions/1").text
    assert budi.post("/teach/baru/versions/1/release", data={"against": "0"}).status_code == 303
    assert "menunggu persetujuan" in budi.get("/teach/baru/versions").text
