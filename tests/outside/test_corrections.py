"""Words of an approved entry are put right: who may, what stays, what the journal says."""

from __future__ import annotations

import pytest
from flask import Flask

from elearn.competency import derived, hours, outside
from elearn.competency.outside_models import OutsideLearning
from elearn.database import transaction
from elearn.journal import chain
from tests.outside.conftest import a_learning, submit
from tests.people_cast import Cast, actor_of
from tests.reports.school import browser_of, page_of, text_of

WORDS = {"title": "Bimbingan teknis gizi", "number": "893/2026", "organiser": "Balai Pelatihan"}
DATA = WORDS | {"reason": "Nomornya baru terbit"}


def entered(cast: Cast, **changes: object) -> OutsideLearning:
    citra = actor_of(cast.citra)
    with transaction():
        return outside.enter(citra, cast.ani, a_learning(**changes))


def here(row: OutsideLearning) -> str:
    return f"/hr/completions/outside/{row.id}/correct"


def test_hr_puts_the_words_right_and_the_hours_stay(app: Flask, cast: Cast) -> None:
    row = entered(cast, number="-")
    citra = browser_of(app, cast.citra)
    assert 'value="-"' in text_of(citra.get(here(row)))
    for number in ("893/2026", "894/2026", "893/2026"):
        assert citra.post(here(row), data=DATA | {"number": number}).status_code == 303
        assert list(derived.differences()) == []
    assert (row.number, row.number_key, row.jp) == ("893/2026", "893/2026", 24)
    assert hours.year(cast.ani, 2026).earned == 24
    kinds = [event["kind"] for event in chain.events_of(cast.ani.id)]
    assert kinds.count("outside_learning_corrected") == 3
    assert "893/2026" not in str([event["body"] for event in chain.events_of(cast.ani.id)])
    assert "dibetulkan oleh kepegawaian" in page_of(app, cast.ani, "/inbox")
    assert "Nomornya baru terbit" in page_of(app, cast.fadli, "/admin/audit")


@pytest.mark.parametrize("field", ["title", "number", "organiser", "reason"])
def test_nothing_may_be_left_out(app: Flask, cast: Cast, field: str) -> None:
    row = entered(cast)
    page = browser_of(app, cast.citra).post(here(row), data=DATA | {field: " "})
    assert page.status_code == 422
    assert len(chain.events_of(cast.ani.id)) == 2


def test_two_entries_do_not_become_one_paper(app: Flask, cast: Cast) -> None:
    row = entered(cast)
    entered(cast, number="893/2026")
    page = browser_of(app, cast.citra).post(here(row), data=DATA)
    assert page.status_code == 422
    assert "sudah dicatat untuk pegawai ini" in text_of(page)


def test_only_what_is_approved_is_put_right(app: Flask, cast: Cast) -> None:
    row = submit(cast.ani)
    assert browser_of(app, cast.citra).post(here(row), data=DATA).status_code == 303
    assert row.number == "893/012/2026"


@pytest.mark.parametrize(
    ("who", "status"), [("ani", 404), ("budi", 404), ("stranger", 404), ("fadli", 403)]
)
def test_others_put_nothing_right(app: Flask, cast: Cast, who: str, status: int) -> None:
    row = entered(cast)
    browser = browser_of(app, getattr(cast, who))
    assert browser.get(here(row)).status_code == status
    assert browser.post(here(row), data=DATA).status_code == status
    assert len(chain.events_of(cast.ani.id)) == 2


def test_nobody_puts_their_own_right(app: Flask, cast: Cast) -> None:
    syamsul = actor_of(cast.syamsul)
    with transaction():
        row = outside.enter(syamsul, cast.citra, a_learning())
    assert browser_of(app, cast.citra).post(here(row), data=DATA).status_code == 403
