"""Who looked at one's record: told to its person alone, from the audit log."""

from __future__ import annotations

from typing import Any

from flask import Flask

from elearn.database import transaction
from elearn.people import audit
from elearn.people.audit import Action
from elearn.privacy import looks
from tests.people_cast import Cast, signed_in

HERE = "/account/looks"


def test_one_reads_who_when_and_what_and_nothing_of_others(app: Flask, cast: Cast) -> None:
    signed_in(app, cast.citra).get(f"/hr/people/{cast.ani.id}")
    signed_in(app, cast.syamsul).get(f"/hr/people/{cast.stranger.id}")
    with transaction():
        audit.record(None, Action.CODE_ISSUED, cast.ani.id)
        audit.record(cast.ani.id, Action.SIGNED_IN, cast.ani.id)
    page = signed_in(app, cast.ani).get(HERE).text
    for words in ("Citra Lestari", "Kepegawaian unit", "Dinas Kesehatan", "data pegawai dilihat"):
        assert words in page
    assert "pengelola server" in page
    assert "Syamsul" not in page
    assert "<td>masuk" not in page
    seen = looks.of(cast.ani.id).looks
    assert [look.action for look in seen] == ["code:issued", "person:viewed", "person:created"]
    assert "Belum ada yang melihat" not in page


def test_a_long_list_has_pages_of_two_statements(app: Flask, cast: Cast, query_count: Any) -> None:
    with transaction():
        for _ in range(looks.PAGE_SIZE + 1):
            audit.record(cast.citra.id, Action.PERSON_VIEWED, cast.ani.id)
    with query_count() as count:
        page = looks.of(cast.ani.id)
    assert count.total == 2
    assert page.has_next
    assert len(looks.of(cast.ani.id, 2).looks) == 2
    assert signed_in(app, cast.ani).get(f"{HERE}?page=2").status_code == 200
    assert len(list(looks.everything(cast.ani.id))) == looks.PAGE_SIZE + 2


def test_who_nobody_looked_at_is_told_so(app: Flask, cast: Cast) -> None:
    page = signed_in(app, cast.dewi).get(f"{HERE}?page=9").text
    assert "Belum ada yang melihat" in page
