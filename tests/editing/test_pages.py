"""The editor over HTTP: a course begun, edited as text and forms, kept from loss, published."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.content import catalogue, drafts, teachers
from elearn.content.models import TeacherRole
from elearn.database import transaction
from elearn.editing.preview import compiled
from elearn.people import staffing
from elearn.people.models import Person
from elearn.people.permissions import Role
from tests.builders import a_framework
from tests.people_cast import Cast, a_person, make_cast, signed_in

SLUG = "layanan-prima"
EDIT = f"/teach/{SLUG}/edit"
LESSON = "01-memulai/01-pengantar.md"
QUIZ = "01-memulai/02-kuis.md"
BANK = "bank/dasar.md"
NEW = {"title": "Layanan prima", "summary": "Melayani: cepat, ramah.", "category": "pelayanan"}


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the agency."""
    cast = make_cast()
    a_framework()
    return cast


@pytest.fixture
def budi(app: Flask, cast: Cast) -> FlaskClient:
    """An instructor with a course just begun."""
    client = signed_in(app, cast.budi)
    assert client.post("/teach/new", data=NEW).status_code == 303
    return client


def another(cast: Cast, role: TeacherRole | None) -> Person:
    """A second instructor, with a part in the course."""
    with transaction():
        ratna = a_person("198805052014032912", "Ratna Dewi", cast.government)
        staffing.grant(None, ratna.id, Role.INSTRUCTOR)
        if role:
            teachers.assign(course_id(cast), ratna.id, role)
    return ratna


def course_id(cast: Cast) -> int:
    return drafts.authored(cast.budi.id, SLUG).course_id


def number(cast: Cast, path: str) -> int:
    return drafts.load(course_id(cast), path).number


def text(cast: Cast, path: str) -> str:
    return drafts.load(course_id(cast), path).text


def save(client: FlaskClient, path: str, typed: str, based_on: int, **more: Any) -> Any:
    data = {"text": typed, "based_on": str(based_on), **more.pop("data", {})}
    return client.post(f"{EDIT}/files/{path}", data=data, **more)


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def test_a_course_begun_compiles_and_is_listed(budi: FlaskClient, cast: Cast) -> None:
    assert SLUG in page(budi, "/teach")
    shown = page(budi, EDIT)
    assert "Siap terbit" in shown
    for path in (LESSON, QUIZ, BANK, "course.md"):
        assert path.rpartition("/")[2] in shown
    course = compiled(drafts.authored(cast.budi.id, SLUG)).course
    assert course is not None
    assert (course.title, course.summary) == (NEW["title"], NEW["summary"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({**NEW, "title": " "}, "Tulis judul"),
        ({**NEW, "slug": "Tidak Boleh"}, "Alamat hanya boleh"),
        ({**NEW, "slug": "new"}, "Alamat hanya boleh"),
        (NEW, "Sudah ada"),
    ],
)
def test_what_was_typed_stays_when_no_course_is_begun(
    budi: FlaskClient, typed: dict[str, str], told: str
) -> None:
    answer = budi.post("/teach/new", data=typed)
    assert answer.status_code in (409, 422)
    body = answer.get_data(as_text=True)
    assert told in body
    assert NEW["summary"] in body


ADDRESSES = (
    EDIT,
    f"{EDIT}/files/{LESSON}",
    f"{EDIT}/form/{QUIZ}",
    f"{EDIT}/preview/{LESSON}",
    f"{EDIT}/history/{LESSON}",
    f"{EDIT}/course.zip",
)
POSTS = ("files", f"files/{LESSON}", f"form/{QUIZ}", f"preview/{LESSON}", f"history/{LESSON}",
         f"delete/{LESSON}", f"add/{QUIZ}", f"remove/{QUIZ}", "zip", "publish")  # fmt: skip


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), (TeacherRole.REVIEWER, 403), (TeacherRole.COAUTHOR, 200)]
)
def test_only_authors_edit(
    app: Flask, budi: FlaskClient, cast: Cast, role: TeacherRole | None, status: int
) -> None:
    client = signed_in(app, another(cast, role))
    for address in ADDRESSES:
        assert client.get(address).status_code == status
    if status != 200:
        before = drafts.contents(course_id(cast))
        for act in POSTS:
            data = {"text": "x", "based_on": "1", "revision": "1", "question": "0"}
            assert client.post(f"{EDIT}/{act}", data=data).status_code == status, act
        assert drafts.contents(course_id(cast)) == before


@pytest.mark.parametrize("name", ["ani", "citra", "dewi", "syamsul", "fadli"])
def test_for_all_who_do_not_teach_there_is_no_editor(
    app: Flask, budi: FlaskClient, cast: Cast, name: str
) -> None:
    client = signed_in(app, getattr(cast, name))
    assert client.get(EDIT).status_code == 404
    assert client.get("/teach/new").status_code == 404
    assert client.post(f"{EDIT}/publish").status_code == 404


def test_text_is_saved_with_the_line_ends_it_had(budi: FlaskClient, cast: Cast) -> None:
    with transaction():
        change = drafts.Change(LESSON, b"\xef\xbb\xbf# A\r\n\r\nLama.\r\n", number(cast, LESSON))
        drafts.save(course_id(cast), change, cast.budi.id)
    assert save(budi, LESSON, "# A\r\n\r\nBaru.\r\n", number(cast, LESSON)).status_code == 303
    assert drafts.load(course_id(cast), LESSON).content == b"\xef\xbb\xbf# A\r\n\r\nBaru.\r\n"


def test_nothing_of_another_is_overwritten(app: Flask, budi: FlaskClient, cast: Cast) -> None:
    client = signed_in(app, another(cast, TeacherRole.COAUTHOR))
    seen = number(cast, LESSON)
    assert save(client, LESSON, "# Dari Ratna\n", seen).status_code == 303
    answer = save(budi, LESSON, "# Dari Budi\n", seen)
    assert answer.status_code == 409
    body = answer.get_data(as_text=True)
    for word in ("Ratna Dewi", "# Dari Ratna", "# Dari Budi", "sudah diubah orang lain"):
        assert word in body
    assert text(cast, LESSON) == "# Dari Ratna\n"
    told = save(budi, LESSON, "# Dari Budi\n", seen, headers={"Accept": "application/json"})
    assert told.status_code == 409
    assert told.get_json() == {
        "reason": "moved", "number": seen + 1, "by": "Ratna Dewi", "text": "# Dari Ratna\n"
    }  # fmt: skip


def test_typing_becomes_one_revision_and_each_save_its_own(budi: FlaskClient, cast: Cast) -> None:
    for at, word in enumerate(("sa", "satu", "satu dua"), number(cast, LESSON)):
        answer = save(
            budi, LESSON, f"# {word}\n", at,
            data={"act": "autosaved"}, headers={"Accept": "application/json"},
        )  # fmt: skip
        assert answer.get_json() == {"number": at + 1}
    save(budi, LESSON, "# selesai\n", number(cast, LESSON))
    body = page(budi, f"{EDIT}/history/{LESSON}")
    assert body.count("tersimpan otomatis") == 1
    assert "+ # selesai" in body
    assert "- # satu dua" in body


def test_what_was_is_brought_back_and_a_deleted_file_too(budi: FlaskClient, cast: Cast) -> None:
    old = text(cast, LESSON)
    save(budi, LESSON, "# Lain\n", 1)
    back = {"revision": "1", "based_on": "2"}
    assert budi.post(f"{EDIT}/history/{LESSON}", data=back).status_code == 303
    assert text(cast, LESSON) == old
    assert budi.post(f"{EDIT}/delete/{LESSON}", data={"based_on": "3"}).status_code == 303
    assert budi.get(f"{EDIT}/files/{LESSON}").status_code == 404
    back = {"revision": "3", "based_on": "4"}
    assert budi.post(f"{EDIT}/history/{LESSON}", data=back).status_code == 303
    assert text(cast, LESSON) == old
    stale = {"revision": "1", "based_on": "2"}
    assert budi.post(f"{EDIT}/history/{LESSON}", data=stale).status_code == 409


def test_a_mistake_is_told_by_line_and_stops_publishing(budi: FlaskClient, cast: Cast) -> None:
    save(budi, LESSON, "# A\n\n## Kuis: B\n\n### Berapa?\n\n- [ ] 1\n- [ ] 2\n", 1)
    body = page(budi, f"{EDIT}/files/{LESSON}")
    assert "baris 9" in body  # below the id that saving wrote
    assert "Belum dapat terbit" in page(budi, EDIT)
    answer = budi.post(f"{EDIT}/publish")
    assert answer.status_code == 422
    assert "Perbaiki galat" in answer.get_data(as_text=True)
    assert catalogue.links([SLUG]) == []


def test_files_go_by_their_titles_and_modules_can_be_chosen(budi: FlaskClient) -> None:
    for shown in (page(budi, EDIT), page(budi, f"{EDIT}/files/{LESSON}")):
        assert ">Pengantar</a>" in shown
        assert ">Tentang modul ini</a>" in shown
        assert "<b>Memulai</b>" in shown
    assert '<option value="01-memulai" selected>Memulai</option>' in page(budi, f"{EDIT}/order")
    assert ">dasar.md</a>" in page(budi, EDIT)


def test_a_draft_is_published_after_its_effect_was_shown(budi: FlaskClient, cast: Cast) -> None:
    answer = budi.post(f"{EDIT}/publish")
    assert answer.location == f"/teach/{SLUG}/versions/1"
    assert NEW["title"] in page(budi, answer.location)
    assert catalogue.links([SLUG]) == []
    assert budi.post(f"{answer.location}/release", data={"against": "0"}).status_code == 303
    assert [link.title for link in catalogue.links([SLUG])] == [NEW["title"]]
    assert "Ubah kursus" in page(budi, f"/teach/{SLUG}")


def test_a_zip_comes_back_the_same(budi: FlaskClient, cast: Cast) -> None:
    before = compiled(drafts.authored(cast.budi.id, SLUG)).course
    contents = drafts.contents(course_id(cast))
    packed = budi.get(f"{EDIT}/course.zip").data
    save(budi, LESSON, "# Lain\n", 1)
    budi.post(f"{EDIT}/files", data={"kind": "bank", "title": "Lebih", "folder": ""})
    sent = {"zip": (BytesIO(packed), "kursus.zip")}
    assert budi.post(f"{EDIT}/zip", data=sent).status_code == 303
    after = compiled(drafts.authored(cast.budi.id, SLUG)).course
    assert drafts.contents(course_id(cast)) == contents
    assert before is not None
    assert after is not None
    assert after.digest == before.digest


def zipped(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "bukan zip"),
        (b"PK\x03\x04rusak", "bukan zip"),
        (zipped({"a.md": b"# A"}), "course.md"),
        (zipped({"course.md": b"# A", "b.md": b"\xff\xfe"}), "b.md"),
        (zipped({"course.md": b"# A", "a\\b?.md": b"x"}), "Perbaiki"),
    ],
)
def test_a_zip_that_is_no_course_changes_nothing(
    budi: FlaskClient, cast: Cast, content: bytes, told: str
) -> None:
    before = drafts.contents(course_id(cast))
    answer = budi.post(f"{EDIT}/zip", data={"zip": (BytesIO(content), "x.zip")})
    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert drafts.contents(course_id(cast)) == before


def test_the_preview_is_answered_on_the_spot(budi: FlaskClient) -> None:
    body = page(budi, f"{EDIT}/preview/{LESSON}")
    assert "Satu hal yang perlu diingat" in body
    right = re.search(r'value="([^"]+)"[^>]*>\s*<span>Benar', body)
    assert right is not None
    address = f"{EDIT}/preview/{LESSON}?cek=cek-gambar&jawab={right[1]}"
    assert "Gambar disimpan di folder assets" in page(budi, address)
    assert "Berapa menit dalam satu JP?" in page(budi, f"{EDIT}/preview/{BANK}")
    part = budi.get(address, headers={"X-Part": "check"}).get_data(as_text=True)
    assert part.count("<form") == 1


def test_a_survey_is_previewed_and_goes_nowhere(budi: FlaskClient, cast: Cast) -> None:
    survey = "\n## Survei: Pendapat\n\n`#pendapat`\n\n### Berguna?\n\nSkala: 1..3 (tidak … ya)\n"
    save(budi, LESSON, text(cast, LESSON) + survey, number(cast, LESSON))
    shown = page(budi, f"{EDIT}/preview/{LESSON}").partition("Pendapat</h3>")[2]
    assert shown.count('name="pendapat-q0"') == 3
    assert "Kirim" not in shown.partition("</section>")[0]


def test_the_front_page_previews_both_forms_of_a_pretest(budi: FlaskClient, cast: Cast) -> None:
    quiz, front = text(cast, QUIZ).replace("ambil 2", "ambil 1"), text(cast, "course.md")
    save(budi, QUIZ, quiz, number(cast, QUIZ))
    asked = front.replace("jp: 1\n", "jp: 1\nuji-awal: bank/dasar.md ambil 1\n")
    save(budi, "course.md", asked, number(cast, "course.md"))
    shown = page(budi, f"{EDIT}/preview/course.md")
    for said in ("Naskah A: 1 soal", "Naskah B: 1 soal", "Berapa menit dalam satu JP?"):
        assert said in shown
    file = page(budi, f"{EDIT}/files/course.md")
    assert "belum didukung" not in file


def test_what_is_typed_is_previewed_with_its_problems_and_who_else_is_here(
    app: Flask, budi: FlaskClient, cast: Cast
) -> None:
    client = signed_in(app, another(cast, TeacherRole.COAUTHOR))
    typed = {"text": "# A\n\nHalo **dunia**.\n\n- [x] ya\n- [ ] tidak\n"}
    client.post(f"{EDIT}/preview/{LESSON}", data=typed)
    told = budi.post(f"{EDIT}/preview/{LESSON}", data=typed).get_json()
    assert "<strong>dunia</strong>" in told["html"]
    assert [(p["line"], p["severity"]) for p in told["problems"]] == [(5, "galat")]
    assert told["others"] == ["Ratna Dewi"]
    assert "dunia" not in text(cast, LESSON)


@pytest.mark.parametrize("address", [EDIT, f"{EDIT}/order"])
def test_lists_need_few_statements(budi: FlaskClient, query_count: Any, address: str) -> None:
    page(budi, address)
    with query_count() as before:
        page(budi, address)
    for title in ("Satu", "Dua", "Tiga", "Empat"):
        sent = {"kind": "lesson", "title": title, "folder": "01-memulai"}
        assert budi.post(f"{EDIT}/files", data=sent).status_code == 303
    with query_count() as after:
        page(budi, address)
    assert after.total == before.total <= 8
