"""Questions that were read go straight into a draft: all of them, or nothing."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from elearn.content import drafts, teachers
from elearn.content.course import CompetencyLevel
from elearn.content.drafts import Change
from elearn.content.formats.known import Name
from elearn.content.models import TeacherRole
from elearn.database import transaction
from elearn.editing import new_files, preview
from elearn.errors import Conflict
from elearn.exchange import conversion, drafting
from elearn.exchange.drafting import Place
from elearn.people import staffing
from elearn.people.models import Person
from elearn.people.permissions import Role
from tests.competency.people_of_jambi import Browser
from tests.content.formats.banks import BANK
from tests.exchange.test_pages import BANK_PAGE, GIFT, PASTED, bank_in, text_of
from tests.people_cast import Cast
from tests.reports.school import browser_of

SLUG = "layanan-prima"
HERE = f"{BANK_PAGE}/draft"
TO_BANK, TO_QUIZ = f"{SLUG}/bank", f"{SLUG}/quiz/01-memulai"
ONE = "# Bank: Impor\n\n## Siapa?\n\n- [x] Budi\n- [ ] Ani\n"


@pytest.fixture
def draft(cast: Cast) -> drafts.Draft:
    """A course that Budi has begun."""
    slug, contents = new_files.of_course("Layanan prima", "Cepat.", SLUG, "pelayanan")
    with transaction():
        drafts.begin(slug, contents, cast.budi.id)
    return drafts.authored(cast.budi.id, slug)


def send(app: Flask, person: Person, **changed: Any) -> TestResponse:
    return post(browser_of(app, person), **changed)


def post(browser: Browser, **changed: Any) -> TestResponse:
    data = {"title": "Soal loket", "bank": ONE, "format": "markdown", "place": TO_BANK}
    return browser.post(HERE, data={**data, **changed})


def files(draft: drafts.Draft) -> dict[str, bytes]:
    return drafts.contents(draft.course_id)


@pytest.mark.parametrize(
    ("place", "path"),
    [(TO_BANK, "bank/soal-loket.md"), (TO_QUIZ, "01-memulai/03-soal-loket.md")],
)
def test_every_shape_is_kept_and_still_compiles(
    app: Flask, cast: Cast, draft: drafts.Draft, place: str, path: str
) -> None:
    before = files(draft)
    answer = send(app, cast.budi, bank=BANK, place=place)
    assert answer.status_code == 303
    assert answer.location == f"/teach/{SLUG}/edit/form/{path}"
    after = files(draft)
    assert {**before, path: after[path]} == after
    page = preview.of_file(preview.compiled(draft), path)
    assert [p for p in page.problems if p.severity == "galat"] == []
    assert len(page.all_questions) == BANK.count("\n## ")


@pytest.mark.parametrize(
    ("content", "form"), [(GIFT, "gift"), (b"Apa?\nA. ini\nB. itu\nANSWER: A\n", "aiken")]
)
def test_what_was_read_from_a_file_leads_to_a_draft(
    app: Flask, cast: Cast, draft: drafts.Draft, content: bytes, form: str
) -> None:
    data = {"title": "Dari berkas", "format": form, "file": (BytesIO(content), "soal")}
    page = browser_of(app, cast.budi).post(BANK_PAGE, data=data)
    assert f'formaction="{HERE}"' in page.text
    assert f'<option value="{TO_BANK}">' in page.text
    assert f'<option value="{TO_QUIZ}">' in page.text
    assert '<optgroup label="Layanan prima">' in page.text
    assert send(app, cast.budi, bank=bank_in(page)).status_code == 303
    assert b"## " in files(draft)["bank/soal-loket.md"]


def test_what_was_pasted_and_confirmed_leads_to_a_draft(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    data = {"paste-title": "T", "paste-text": PASTED}
    assert browser_of(app, cast.budi).post(f"{BANK_PAGE}/paste", data=data).status_code == 200
    typed = {"title": "T", "questions-0-text": "Siapa?", "questions-0-a": "Ani",
             "questions-0-b": "Budi", "questions-0-key": "B", "questions-0-keep": "y"}  # fmt: skip
    page = browser_of(app, cast.budi).post(f"{BANK_PAGE}/confirm", data=typed)
    assert send(app, cast.budi, bank=bank_in(page)).status_code == 303
    assert b"- [x] Budi" in files(draft)["bank/soal-loket.md"]


def test_ids_that_are_taken_are_given_anew_and_told(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    taken = preview.of_file(preview.compiled(draft), "bank/dasar.md").questions[0].id
    bank = ONE.replace("## Siapa?\n", f"## Siapa?\n\n`#{taken}`\n")
    browser = browser_of(app, cast.budi)
    answer = post(browser, bank=bank)
    assert answer.status_code == 303
    assert f"`#{taken}-2`".encode() in files(draft)["bank/soal-loket.md"]
    assert preview.compiled(draft).course is not None
    told = text_of(browser.get(answer.location))
    assert "1 soal disimpan ke bank/soal-loket.md di rancangan Layanan prima." in told
    assert f"Nama soal yang sudah dipakai diganti: {taken}-2." in told


def test_the_same_again_is_one_file_and_others_get_a_free_name(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    for _ in range(2):
        answer = send(app, cast.budi)
        assert answer.location.endswith("/bank/soal-loket.md")
    answer = send(app, cast.budi, bank=ONE.replace("Siapa", "Mengapa"))
    assert answer.location.endswith("/bank/soal-loket-2.md")
    for _ in range(2):
        answer = send(app, cast.budi, bank=ONE.replace("Siapa", "Kapan"), place=TO_QUIZ)
        assert answer.location.endswith("/01-memulai/03-soal-loket.md")
    answer = send(app, cast.budi, bank=ONE.replace("Siapa", "Di mana"), place=TO_QUIZ)
    assert answer.location.endswith("/01-memulai/04-soal-loket-2.md")
    assert preview.compiled(draft).course is not None


REFUSED = [
    ({"place": ""}, "Pilih kursus"),
    ({"place": SLUG}, "Pilih kursus"),
    ({"place": f"{SLUG}/survey"}, "Pilih kursus"),
    ({"place": f"{SLUG}/quiz/09-tidak-ada"}, "Modul itu sudah tidak ada"),
    ({"place": f"{SLUG}/quiz/../x"}, "Modul itu sudah tidak ada"),
    ({"title": "…"}, "Judul perlu memuat"),
    ({"bank": ONE + "\n## Tanpa kunci?\n\nteks\n"}, "Sebagian isi tidak terbaca"),
    ({"bank": ""}, "Belum ada soal yang dapat dipakai"),
]


def test_what_cannot_be_kept_whole_changes_nothing_and_stays_typed(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    before = files(draft)
    for changed, told in REFUSED:
        answer = send(app, cast.budi, **changed)
        assert answer.status_code == 422, changed
        assert told in text_of(answer), changed
        if "bank" not in changed:
            assert "- [x] Budi" in bank_in(answer)
    assert files(draft) == before


def test_questions_that_do_not_fit_the_course_are_refused_with_the_reason(
    cast: Cast, draft: drafts.Draft
) -> None:
    (question,) = conversion.read(ONE.encode(), Name.MARKDOWN, "T").questions
    labels = replace(question.labels, competencies=(CompetencyLevel("M.99", 2),))
    with pytest.raises(drafting.Unfit) as refused:
        drafting.prepare(draft, Place.of(TO_QUIZ), "T", [replace(question, labels=labels)])
    assert "`M.99`" in refused.value.problems[0].message


def test_another_who_was_quicker_is_not_overwritten(cast: Cast, draft: drafts.Draft) -> None:
    one = drafting.Prepared("bank/soal.md", b"# Bank: A\n", (), is_new=True)
    with transaction():
        drafting.keep(draft, one, cast.budi.id)
    with pytest.raises(Conflict, match="exists"), transaction():
        drafting.keep(draft, one._replace(content=b"# Bank: B\n"), cast.budi.id)
    assert files(draft)["bank/soal.md"] == b"# Bank: A\n"


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), (TeacherRole.REVIEWER, 403), (TeacherRole.COAUTHOR, 303)]
)
def test_only_authors_keep_questions_in_a_draft(
    app: Flask, cast: Cast, draft: drafts.Draft, role: TeacherRole | None, status: int
) -> None:
    with transaction():
        staffing.grant(None, cast.stranger.id, Role.INSTRUCTOR)
        if role:
            teachers.assign(draft.course_id, cast.stranger.id, role)
    before = files(draft)
    page = browser_of(app, cast.stranger).post(
        BANK_PAGE, data={"title": "T", "format": "gift", "file": (BytesIO(GIFT), "soal")}
    )
    assert (f'value="{TO_BANK}"' in page.text) == (role is TeacherRole.COAUTHOR)
    assert send(app, cast.stranger).status_code == status
    assert (files(draft) == before) == (status != 303)


def test_other_roles_find_nothing(app: Flask, cast: Cast, draft: drafts.Draft) -> None:
    before = files(draft)
    for person in (cast.ani, cast.citra, cast.dewi, cast.syamsul, cast.fadli):
        assert send(app, person).status_code == 404
    assert send(app, cast.budi, place="tidak-ada/bank").status_code == 404
    assert browser_of(app, cast.budi).get(HERE).status_code == 405
    assert files(draft) == before


def test_a_place_is_one_word_there_and_back() -> None:
    for place in drafting.places_in("a", ["01-x/01-y.md", "course.md", "bank/z.md"]):
        assert Place.of(place.value) == place
    assert drafting.places_in("a", ["course.md"]) == [Place("a", "bank"), Place("a", "quiz")]


def test_a_deleted_file_of_the_name_comes_back_as_a_new_revision(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    with transaction():
        path = "bank/soal-loket.md"
        drafts.save(draft.course_id, Change(path, b"# Bank: Lama\n", 0), cast.budi.id)
        drafts.delete(draft.course_id, path, 1, cast.budi.id)
    assert send(app, cast.budi).status_code == 303
    assert drafts.load(draft.course_id, path).number == 3
