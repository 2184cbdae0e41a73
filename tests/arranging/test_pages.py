"""The files of a draft arranged over HTTP, by two people, without JavaScript."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from elearn.content import draft_history, draft_moves, drafts
from elearn.content.models import TeacherRole
from elearn.database import transaction
from elearn.errors import Conflict
from tests.editing.test_pages import (
    BANK,
    EDIT,
    LESSON,
    QUIZ,
    another,
    budi,
    cast,
    course_id,
    number,
    page,
    save,
    text,
)
from tests.people_cast import Cast, signed_in

__all__ = ["budi", "cast"]
ORDER = f"{EDIT}/order"


def token(client: FlaskClient, address: str = ORDER) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page(client, address))
    assert found is not None
    return found[1]


def paths(cast: Cast) -> list[str]:
    return [entry.path for entry in drafts.tree(course_id(cast))]


def renamed(client: FlaskClient, path: str, name: str, **more: str) -> Any:
    address = f"{EDIT}/rename/{path}"
    return client.post(address, data={"name": name, "token": token(client, address), **more})


def test_the_order_names_modules_and_lessons(budi: FlaskClient) -> None:
    body = page(budi, ORDER)
    for words in ("Memulai", "Pengantar", "Kuis", "Dasar", "Tambah"):
        assert words in body


def test_a_lesson_goes_up_and_down(budi: FlaskClient, cast: Cast) -> None:
    sent = {"path": QUIZ, "direction": "up", "token": token(budi)}
    assert budi.post(ORDER, data=sent).status_code == 303
    assert {"01-memulai/01-kuis.md", "01-memulai/02-pengantar.md"} <= set(paths(cast))
    stale = budi.post(ORDER, data={**sent, "path": "01-memulai/01-kuis.md"})
    assert stale.status_code == 409
    assert "Susunan berkas sudah diubah" in stale.get_data(as_text=True)
    back = {"path": "01-memulai/01-kuis.md", "direction": "down", "token": token(budi)}
    assert budi.post(ORDER, data=back).status_code == 303
    assert {LESSON, QUIZ} <= set(paths(cast))
    assert "dipindah" in page(budi, f"{EDIT}/history/{LESSON}")


def test_a_move_based_on_an_older_revision_is_refused(budi: FlaskClient, cast: Cast) -> None:
    held = course_id(cast)
    before = drafts.contents(held)
    new = "01-memulai/01-lain.md"
    seen = {path: number(cast, path) for path in before} | {LESSON: 9}
    with pytest.raises(Conflict), transaction():
        draft_moves.apply(held, {LESSON: new}, {new: b"# A\n"}, seen, cast.budi.id)
    assert drafts.contents(held) == before


def test_a_renamed_bank_is_still_drawn_from(budi: FlaskClient, cast: Cast) -> None:
    assert renamed(budi, BANK, "Soal dasar").status_code == 303
    assert "(../bank/soal-dasar.md)" in text(cast, QUIZ)
    assert "Siap terbit" in page(budi, EDIT)


def test_after_a_release_a_lesson_remembers_its_name(budi: FlaskClient, cast: Cast) -> None:
    assert renamed(budi, LESSON, "Awal").status_code == 303
    assert "slug-lama" not in text(cast, "01-memulai/01-awal.md")
    budi.post(f"{EDIT}/publish")
    assert renamed(budi, "01-memulai/01-awal.md", "Pembuka").status_code == 303
    assert "slug-lama: [awal]" in text(cast, "01-memulai/01-pembuka.md")
    assert renamed(budi, "01-memulai", "Dasar dasar").status_code == 303
    assert "slug-lama: [memulai]" in text(cast, "01-dasar-dasar/module.md")
    assert "Siap terbit" in page(budi, EDIT)


@pytest.mark.parametrize(
    ("path", "name", "status", "told"),
    [
        (LESSON, "!!!", 422, "huruf atau angka"),
        (BANK, "lagi", 409, "Sudah ada"),
        (QUIZ, "pengantar", 409, "Sudah ada"),
        ("course.md", "x", 404, ""),
        ("01-memulai/module.md", "x", 404, ""),
        ("tidak/ada.md", "x", 404, ""),
    ],
)
def test_an_odd_name_changes_nothing(
    budi: FlaskClient, cast: Cast, path: str, name: str, status: int, told: str
) -> None:
    budi.post(f"{EDIT}/files", data={"kind": "bank", "title": "Lagi", "folder": ""})
    before = drafts.contents(course_id(cast))
    answer = budi.post(f"{EDIT}/rename/{path}", data={"name": name, "token": token(budi)})
    assert answer.status_code == status
    assert told in answer.get_data(as_text=True)
    assert drafts.contents(course_id(cast)) == before


def test_who_had_the_old_name_open_loses_nothing(app: Flask, budi: FlaskClient, cast: Cast) -> None:
    ratna = signed_in(app, another(cast, TeacherRole.COAUTHOR))
    seen = number(cast, LESSON)
    assert renamed(budi, LESSON, "Awal").status_code == 303
    answer = save(ratna, LESSON, "# Dari Ratna\n", seen)
    assert answer.status_code == 409
    body = answer.get_data(as_text=True)
    assert "# Dari Ratna" in body
    assert "01-memulai/01-awal.md" in body
    sent = {"part": "0", "text": "Isian Ratna.", "based_on": str(seen)}
    form = ratna.post(f"{EDIT}/text/{LESSON}", data=sent)
    assert form.status_code == 409
    assert "Isian Ratna." in form.get_data(as_text=True)
    assert "berganti nama" in form.get_data(as_text=True)


def test_a_file_is_deleted_after_a_question(app: Flask, budi: FlaskClient, cast: Cast) -> None:
    ratna = signed_in(app, another(cast, TeacherRole.COAUTHOR))
    asked = page(budi, f"{EDIT}/delete/{BANK}")
    assert "Tautan yang akan putus" in asked
    assert "01-memulai/02-kuis.md, baris" in asked
    seen = number(cast, BANK)
    save(ratna, BANK, text(cast, BANK) + "\nLagi.\n", seen)
    stale = budi.post(f"{EDIT}/delete/{BANK}", data={"based_on": str(seen)})
    assert stale.status_code == 409
    newest = number(cast, BANK)
    assert budi.post(f"{EDIT}/delete/{BANK}", data={"based_on": str(newest)}).status_code == 303
    assert BANK not in paths(cast)
    late = save(ratna, BANK, "# Bank: Ratna\n", newest)
    assert late.status_code == 409
    assert "# Bank: Ratna" in late.get_data(as_text=True)
    again = save(ratna, BANK, "# Bank: Ratna\n", newest + 1)
    assert again.status_code == 303
    assert text(cast, BANK) == "# Bank: Ratna\n"


def test_a_module_goes_with_its_files_and_the_settings_stay(budi: FlaskClient, cast: Cast) -> None:
    asked = page(budi, f"{EDIT}/delete/01-memulai")
    assert LESSON in asked
    sent = {"token": token(budi, f"{EDIT}/delete/01-memulai"), "based_on": "0"}
    assert budi.post(f"{EDIT}/delete/01-memulai", data=sent).status_code == 303
    assert paths(cast) == [BANK, "course.md"]
    assert f'history/{LESSON}"' in page(budi, ORDER)
    kept = budi.post(f"{EDIT}/delete/course.md", data={"based_on": "1"})
    assert kept.status_code == 422
    assert draft_history.of(course_id(cast), LESSON)[0].act == "deleted"


def test_a_survey_and_the_title_of_a_module_are_added(budi: FlaskClient, cast: Cast) -> None:
    sent = {"kind": "survey", "title": "Pendapat", "folder": "01-memulai"}
    assert budi.post(f"{EDIT}/files", data=sent).status_code == 303
    assert "## Survei: Pendapat" in text(cast, "01-memulai/03-pendapat.md")
    assert "Siap terbit" in page(budi, EDIT)
    again = budi.post(f"{EDIT}/files", data=sent)
    assert again.status_code == 409
    assert 'value="Pendapat"' in again.get_data(as_text=True)
    head = number(cast, "01-memulai/module.md")
    budi.post(f"{EDIT}/delete/01-memulai/module.md", data={"based_on": str(head)})
    assert budi.post(f"{EDIT}/heads", data={"folder": "01-memulai"}).status_code == 303
    assert "judul: " in text(cast, "01-memulai/module.md")


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), (TeacherRole.REVIEWER, 403), (TeacherRole.COAUTHOR, 200)]
)
def test_only_authors_arrange(
    app: Flask, budi: FlaskClient, cast: Cast, role: TeacherRole | None, status: int
) -> None:
    client = signed_in(app, another(cast, role))
    for address in (ORDER, f"{EDIT}/rename/{LESSON}", f"{EDIT}/delete/{LESSON}"):
        assert client.get(address).status_code == status
    if status != 200:
        before = drafts.contents(course_id(cast))
        sent = {"path": QUIZ, "direction": "up", "token": token(budi), "name": "x", "kind": "bank",
                "title": "X", "folder": "01-memulai", "based_on": "1"}  # fmt: skip
        for act in ("order", "files", "heads", f"rename/{LESSON}", f"delete/{LESSON}"):
            assert client.post(f"{EDIT}/{act}", data=sent).status_code == status, act
        assert drafts.contents(course_id(cast)) == before
