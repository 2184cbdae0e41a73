"""The figures of a draft's questions as they are written now, beside them in the editor."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn.content import drafts, publishing, teachers
from elearn.content.drafts import Change
from elearn.content.models import TeacherRole
from elearn.database import transaction
from elearn.editing import new_files, preview
from elearn.people import staffing
from elearn.people.permissions import Role
from elearn.reports import drafted
from tests.people_cast import Cast
from tests.reports.school import begin, browser_of, page_of, text_of, written
from tests.reports.test_questions_page import hand_in_many

SLUG = "layanan-prima"
QUIZ = "01-memulai/02-kuis.md"
HERE = f"/teach/{SLUG}/edit/figures/{QUIZ}"
TEXT = """# Kuis

## Kuis: Akhir

`lulus 70%` `maks 3 kali`

### Siapa yang dilayani lebih dahulu?

`#pertama`

- [x] Yang datang lebih dahulu
- [ ] Yang dikenal

### Berapa menit menunggu?

`#kedua`

- [ ] Sejam
- [x] Lima menit

## Cek pemahaman: Sudah siap?

- [x] Sudah
- [ ] Belum
"""


@pytest.fixture
def draft(cast: Cast) -> drafts.Draft:
    """A course of Budi's whose quiz is as above, not published yet."""
    slug, contents = new_files.of_course("Layanan prima", "Cepat.", SLUG, "pelayanan")
    with transaction():
        drafts.begin(slug, {**contents, QUIZ: TEXT.encode()}, cast.budi.id)
    return drafts.authored(cast.budi.id, SLUG)


@pytest.fixture
def asked(cast: Cast, draft: drafts.Draft) -> drafts.Draft:
    """The same, given out and answered: who is right in one question is wrong in the other."""
    course = preview.compiled(draft).course
    assert course is not None
    with transaction():
        publishing.publish(course, cast.budi.id)
        teachers.set_teachers(draft.course_id, {cast.budi.id: TeacherRole.OWNER})
        publishing.approve(draft.course_id, cast.syamsul.id)
    begin(cast.ani, SLUG)
    (quiz,) = course.quizzes
    digests = [question.digest for pool in quiz.pools for question in pool.questions]
    answers = ["ab"] * 18 + ["ba"] * 18 + ["aa", "bb"]
    hand_in_many(cast, draft.course_id, answers, digests=digests, quiz=quiz.key)
    return draft


def mend(draft: drafts.Draft, cast: Cast, old: str, new: str) -> None:
    file = drafts.load(draft.course_id, QUIZ)
    with transaction():
        change = Change(QUIZ, file.text.replace(old, new).encode(), file.number)
        drafts.save(draft.course_id, change, cast.budi.id)


def test_each_graded_question_has_its_line_and_figures(
    app: Flask, cast: Cast, asked: drafts.Draft
) -> None:
    found = drafted.of_file(asked, QUIZ)
    lines = TEXT.splitlines()
    assert [lines[one.line - 1] for one in found] == [
        "### Siapa yang dilayani lebih dahulu?",
        "### Berapa menit menunggu?",
    ]
    page = page_of(app, cast.budi, HERE)
    assert page.count("38 kali ditampilkan") == 2
    assert "benar <span><b>50%</b> <small>(35–65%)</small>" in page
    assert "daya beda <span><b>−0,89</b>" in page
    assert page.count("Periksa kuncinya.") == 2
    assert "justru lebih sering salah di soal ini" in page
    assert 'href="/teach/layanan-prima/edit/files/01-memulai/02-kuis.md?baris=7"' in page


def test_another_wording_has_no_figures_yet(app: Flask, cast: Cast, asked: drafts.Draft) -> None:
    mend(asked, cast, "- [ ] Sejam", "- [ ] Dua jam")
    first, second = drafted.of_file(asked, QUIZ)
    assert first.result is not None
    assert (second.result, second.was_asked) == (None, True)
    assert "Belum ada jawaban untuk soal seperti yang tertulis" in page_of(app, cast.budi, HERE)
    mend(asked, cast, "- [ ] Dua jam", "- [ ] Sejam")
    assert drafted.of_file(asked, QUIZ)[1].result is not None


def test_few_answers_are_counted_and_not_judged(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    course = preview.compiled(draft).course
    assert course is not None
    with transaction():
        publishing.publish(course, cast.budi.id)
        publishing.approve(draft.course_id, cast.syamsul.id)
    begin(cast.ani, SLUG)
    (quiz,) = course.quizzes
    digests = [question.digest for pool in quiz.pools for question in pool.questions]
    hand_in_many(cast, draft.course_id, ["ab"] * 11, digests=digests, quiz=quiz.key)
    page = page_of(app, cast.budi, HERE)
    assert page.count("perlu 12 jawaban, baru 11") == 2
    assert page.count("perlu 30 jawaban, baru 11") == 2
    assert "%" not in text_of(browser_of(app, cast.budi).get(HERE, headers={"X-Part": "figures"}))


def test_a_draft_never_given_out_and_a_file_without_questions_open(
    app: Flask, cast: Cast, draft: drafts.Draft
) -> None:
    assert page_of(app, cast.budi, HERE).count("Belum pernah dijawab dalam kuis") == 2
    lesson = page_of(app, cast.budi, HERE.replace(QUIZ, "01-memulai/01-pengantar.md"))
    assert "Tidak ada soal kuis di berkas ini" in lesson


def test_a_broken_file_still_opens(app: Flask, cast: Cast, asked: drafts.Draft) -> None:
    mend(asked, cast, "# Kuis\n", "---\nx: [\n---\n# Kuis\n")
    assert "<!doctype html>" in page_of(app, cast.budi, HERE).lower()


def test_the_editor_fetches_the_list_alone(app: Flask, cast: Cast, asked: drafts.Draft) -> None:
    part = browser_of(app, cast.budi).get(HERE, headers={"X-Part": "figures"})
    assert "<html" not in part.text
    assert part.text.count("data-line=") == 2
    for view in ("form", "files"):
        page = page_of(app, cast.budi, f"/teach/{SLUG}/edit/{view}/{QUIZ}")
        assert f'data-figures="{HERE}"' in page


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), (TeacherRole.REVIEWER, 403), (TeacherRole.COAUTHOR, 200)]
)
def test_only_authors_see_them(
    app: Flask, cast: Cast, draft: drafts.Draft, role: TeacherRole | None, status: int
) -> None:
    with transaction():
        staffing.grant(None, cast.stranger.id, Role.INSTRUCTOR)
        if role:
            teachers.assign(draft.course_id, cast.stranger.id, role)
    before = written()
    assert browser_of(app, cast.stranger).get(HERE).status_code == status
    for person in (cast.ani, cast.citra, cast.dewi, cast.fadli):
        assert browser_of(app, person).get(HERE).status_code == 404
    budi = browser_of(app, cast.budi)
    assert budi.get(HERE + "x").status_code == 404
    assert budi.post(HERE).status_code == 405
    assert written() == before


def test_a_file_needs_few_statements(
    app: Flask, cast: Cast, asked: drafts.Draft, query_count: object
) -> None:
    page_of(app, cast.budi, HERE)
    with query_count() as count:  # type: ignore[operator]
        drafted.of_file(asked, QUIZ)
    assert count.total <= 8


def test_no_other_course_lends_its_figures(cast: Cast, asked: drafts.Draft) -> None:
    slug, contents = new_files.of_course("Lain", "Lain.", "lain", "pelayanan")
    with transaction():
        drafts.begin(slug, {**contents, QUIZ: TEXT.encode()}, cast.budi.id)
    found = drafted.of_file(drafts.authored(cast.budi.id, "lain"), QUIZ)
    assert {(one.result, one.was_asked) for one in found} == {(None, False)}
