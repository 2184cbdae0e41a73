"""What one position asks in the place of its class: dated, and the same on every page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from elearn.competency import framework, gaps, position_requirements, requirements
from elearn.competency.models import PositionRequirement, Requirement
from elearn.competency.requirements import Wish
from elearn.competency.targets import Target
from elearn.database import db, transaction
from elearn.people.models import Person, Position
from elearn.planning import standings
from elearn.planning.standings import Aim
from elearn.site import home
from tests.people_cast import Cast, actor_of
from tests.reports.school import browser_of, page_of, text_of

POSITIONS = "/hr/gaps/requirements/positions"
TODAY, LATER = date(2026, 11, 24), date(2027, 1, 1)
START = date(2020, 1, 1)
LEVEL = st.one_of(st.none(), st.integers(0, 5))
ROW = st.tuples(st.integers(0, 12), LEVEL)


def nurse() -> Position:
    """The position that Ani holds."""
    return db.session.scalars(select(Position).where(Position.name == "Perawat Terampil")).one()


def here() -> str:
    return f"{POSITIONS}/{nurse().id}"


def change(app: Flask, person: Person, **values: Any) -> Any:
    own = position_requirements.own(nurse().id)
    levels = {f"level_{code}": own.get(code, "") for code in framework.names_in_use()}
    sent = levels | {"valid_from": "2026-11-24", "reason": "Anjab 7/2026"} | values
    return browser_of(app, person).post(here(), data=sent)


def test_a_position_asks_its_own_level_from_its_day_on(app: Flask, cast: Cast) -> None:
    sent = {"level_M.01": "4", "level_M.02": "0", "level_DIG.AMAN": "3"}
    assert change(app, cast.syamsul, **sent).status_code == 303
    asked = framework.requirements_of(nurse())
    of_class = framework.requirements("jf_terampil")
    assert asked == {k: v for k, v in of_class.items() if k != "M.02"} | {"M.01": 4, "DIG.AMAN": 3}
    assert framework.requirements_of(nurse(), TODAY - timedelta(1)) == of_class
    assert change(app, cast.syamsul, **{"level_M.01": "", "valid_from": "2027-01-01"}) is not None
    assert framework.requirements_of(nurse())["M.01"] == 4
    assert framework.requirements_of(nurse(), LATER)["M.01"] == of_class["M.01"]
    page = page_of(app, cast.fadli, here())
    for said in ("Anjab 7/2026", "ikut kelas", "belum berlaku", "ditetapkan untuk jabatan ini"):
        assert said in page
    assert "level sendiri" in page_of(app, cast.citra, POSITIONS)
    assert change(app, cast.syamsul).status_code == 303
    assert len(position_requirements.history(nurse().id)) == 4  # the same levels make no rows


def test_every_page_uses_what_the_position_asks(app: Flask, cast: Cast) -> None:
    for code in framework.requirements("jf_terampil"):
        change(app, cast.syamsul, **{f"level_{code}": "0"})
    change(app, cast.syamsul, **{"level_DIG.AMAN": "5"})
    with transaction() as session:
        session.get_one(Person, cast.ani.id).target_class = ""
    (line,) = home.of(actor_of(cast.ani)).post.lines
    assert (line.gap.code, line.gap.required) == ("DIG.AMAN", 5)
    (ani,) = standings.of_people([Person.id == cast.ani.id], Aim.PRESENT)
    assert ani.wanted == {"DIG.AMAN": 5}
    assert ani.against == Target("jf_terampil", nurse().id)
    assert "diminta level 5" in page_of(app, cast.ani, "/record")
    assert "Jabatan Anda meminta level 5" in page_of(app, cast.ani, "/competencies/DIG.AMAN")
    assert "tidak meminta level tertentu" in page_of(app, cast.ani, "/competencies/M.01")
    assert "Aman digital" in page_of(app, cast.syamsul, "/hr/gaps/people?code=DIG.AMAN")
    assert "Jabatan yang meminta sendiri" in page_of(app, cast.fadli, "/hr/framework/DIG.AMAN")


def test_one_position_can_be_a_target(app: Flask, cast: Cast) -> None:
    key = f"position:{nurse().id}"
    change(app, cast.syamsul, **{"level_DIG.AMAN": "5"})
    ani = browser_of(app, cast.ani)
    browser_of(app, cast.citra).post(f"/hr/people/{cast.ani.id}/target", data={"to": key})
    assert "mengusulkan sasaran: Perawat Terampil" in page_of(app, cast.ani, "/record/way")
    assert ani.post("/record/target", data={"to": key}).status_code == 303
    (found,) = standings.of_people([Person.id == cast.ani.id], Aim.TARGET)
    assert found.wanted["DIG.AMAN"] == 5
    assert "sasaran: Perawat Terampil" in page_of(app, cast.ani, "/record")
    assert home.of(actor_of(cast.ani)).post.title == "Perawat Terampil"
    assert ani.get(f"/record/way?to={key}").status_code == 200
    for wrong in ("position:99999", "position:x", "position:" + "9" * 30):
        assert ani.post("/record/target", data={"to": wrong}).status_code == 422
        assert ani.get(f"/record/way?to={wrong}").status_code == 404


@pytest.mark.parametrize(
    ("who", "seen", "changes"), [("citra", 200, 403), ("fadli", 200, 403), ("ani", 404, 404)]
)
def test_only_hr_of_the_agency_changes_a_position(
    app: Flask, cast: Cast, who: str, seen: int, changes: int
) -> None:
    person = getattr(cast, who)
    for address in (POSITIONS, here(), f"{POSITIONS}?q=perawat&page=7"):
        assert browser_of(app, person).get(address).status_code == seen
    assert change(app, person, **{"level_M.01": "4"}).status_code == changes
    assert position_requirements.own(nurse().id) == {}


@pytest.mark.parametrize(
    "values", [{"reason": ""}, {"valid_from": "2016-01-01"}, {"level_M.01": "6"}]
)
def test_a_wrong_wish_is_refused(app: Flask, cast: Cast, values: dict[str, str]) -> None:
    page = change(app, cast.syamsul, **({"level_M.02": "5"} | values))
    assert page.status_code == 422
    assert 'aria-invalid="true"' in text_of(page)
    assert browser_of(app, cast.syamsul).get(f"{POSITIONS}/99999").status_code == 404
    assert "Tidak ada jabatan" in page_of(app, cast.citra, f"{POSITIONS}?q=kaisar")


def newest(rows: list[tuple[int, int | None]], day: int) -> int | None:
    """The level of the newest day up to this one, the last written of a day."""
    held = {when: level for when, level in rows if when <= day}
    return held[max(held)] if held else None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(of_class=st.lists(ROW, max_size=4), own=st.lists(ROW, max_size=4), day=st.integers(0, 12))
def test_own_wins_else_the_class_on_every_day(
    cast: Cast, of_class: list[Any], own: list[Any], day: int
) -> None:
    with transaction() as session:
        session.execute(delete(Requirement).where(Requirement.code == "M.01"))
        session.execute(delete(PositionRequirement))
        for when, level in sorted(of_class, key=lambda row: row[0]):
            wish = Wish({"M.01": level}, START + timedelta(when), "x")
            requirements.change(cast.syamsul.id, "jf_terampil", wish)
        for when, level in sorted(own, key=lambda row: row[0]):
            wish = Wish({"M.01": level}, START + timedelta(when), "x")
            position_requirements.change(cast.syamsul.id, nurse().id, wish)
    expected = newest(own, day)
    expected = newest(of_class, day) if expected is None else expected
    asked = framework.requirements_of(nurse(), START + timedelta(day))
    assert asked.get("M.01", 0) == (expected or 0)


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 5)),
    st.dictionaries(st.sampled_from("abc"), LEVEL),
)
def test_what_is_asked_is_ones_own_before_the_class(
    of_class: dict[str, int], own: dict[str, int | None]
) -> None:
    asked = gaps.asked(of_class, own)
    for code in "abc":
        level = own.get(code)
        assert asked.get(code, 0) == (of_class.get(code, 0) if level is None else level)
    assert all(asked.values())
