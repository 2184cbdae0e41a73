"""Ids are written on saving, and a reworded question keeps the one it had."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from elearn.content.identities import of_course, with_ids
from tests.editing.test_pages import EDIT, LESSON, budi, cast, number, save, text
from tests.people_cast import Cast

__all__ = ["budi", "cast"]
OLD = """# A

## Kuis: Pengaduan

`lulus 70%`

### Berapa hari aduan dijawab?

- [x] Tiga hari kerja
- [ ] Tujuh hari kerja

### Siapa yang berhak mengadu?

Jawaban: setiap orang
"""


@pytest.mark.parametrize(
    ("was", "now", "ids"),
    [
        ("", "", ["berapa-hari-aduan-dijawab", "siapa-yang-berhak-mengadu"]),
        ("Berapa hari aduan dijawab?", "Dalam berapa hari aduan harus dijawab?",
         ["berapa-hari-aduan-dijawab", "siapa-yang-berhak-mengadu"]),
        ("Berapa hari aduan dijawab?\n\n- [x] Tiga hari kerja\n- [ ] Tujuh hari kerja",
         "Apa isi buku aduan?\n\nJawaban: pokok masalah",
         ["apa-isi-buku-aduan", "siapa-yang-berhak-mengadu"]),
        ("### Siapa", "### Berapa?\n\nJawaban: 1\n\n### Siapa",
         ["berapa-hari-aduan-dijawab", "berapa", "siapa-yang-berhak-mengadu"]),
    ],
    ids=["unchanged", "reworded", "another question", "one more"],
)  # fmt: skip
def test_a_question_keeps_its_id(was: str, now: str, ids: list[str]) -> None:
    new = OLD.replace(was, now) if was else OLD
    named = with_ids("x.md", OLD, new, set())
    assert [row.strip("`#") for row in named.split("\n") if row.startswith("`#")] == ids
    assert [row for row in named.split("\n") if row[:2] != "`#" and row.strip()] == [
        row for row in new.split("\n") if row.strip()
    ]
    assert with_ids("x.md", named, named, set()) == named


def test_a_quiz_under_a_new_title_keeps_its_key() -> None:
    new = OLD.replace("Kuis: Pengaduan", "Kuis: Menangani aduan")
    assert "`lulus 70%` `#pengaduan`" in with_ids("x.md", OLD, new, set())
    assert "#pengaduan" not in with_ids("x.md", OLD, OLD, set())


def test_an_id_of_another_file_is_not_given_twice() -> None:
    texts = {"01.md": OLD, "02.md": OLD.replace("Pengaduan", "Lagi")}
    named = of_course({}, texts)
    assert "`#siapa-yang-berhak-mengadu`" in named["01.md"]
    assert "`#siapa-yang-berhak-mengadu-2`" in named["02.md"]


def test_ids_are_written_on_saving_and_not_while_typing(budi: FlaskClient, cast: Cast) -> None:
    json = {"Accept": "application/json"}
    save(budi, LESSON, OLD, number(cast, LESSON), data={"act": "autosaved"}, headers=json)
    assert text(cast, LESSON) == OLD
    save(budi, LESSON, OLD, number(cast, LESSON))
    assert "`#berapa-hari-aduan-dijawab`" in text(cast, LESSON)


def test_ids_are_written_before_an_edition_is_made(budi: FlaskClient, cast: Cast) -> None:
    json = {"Accept": "application/json"}
    for typed in (OLD, OLD.replace("Berapa hari", "Dalam berapa hari")):
        at = number(cast, LESSON)
        save(budi, LESSON, typed, at, data={"act": "autosaved"}, headers=json)
    budi.post(f"{EDIT}/publish")
    assert "`#dalam-berapa-hari-aduan-dijawab`" in text(cast, LESSON)
    reworded = text(cast, LESSON).replace("Dalam berapa", "Berapa")
    save(budi, LESSON, reworded, number(cast, LESSON))
    assert "`#dalam-berapa-hari-aduan-dijawab`" in text(cast, LESSON)
