"""The framework that is seeded, and HR's own values over it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from elearn.competency import framework, ranks, seed
from elearn.competency.models import Competency, CompetencyEdition, PositionClass, Requirement
from elearn.database import db, transaction
from elearn.errors import NotFound


@pytest.fixture(autouse=True)
def _seeded(app: Flask) -> None:
    load()


def load() -> None:
    with transaction():
        framework.load_seed()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_nine_and_the_digital_ones_are_known_in_order() -> None:
    assert framework.codes()[:9] == [*(f"M.0{n}" for n in range(1, 9)), "SK.01"]
    assert framework.known_codes() >= {"DIG.CAKAP", "DIG.AMAN", "DIG.ETIKA", "DIG.BUDAYA"}
    assert count(CompetencyEdition) == count(Competency)
    assert all(len(framework.described(code).wording.levels) == 5 for code in framework.codes())


def test_a_position_class_asks_its_level_of_the_nine_with_exceptions() -> None:
    asked = framework.requirements("jf_terampil")
    assert len(asked) == 9
    assert (asked["M.01"], asked["M.03"], asked["SK.01"]) == (2, 1, 1)
    assert set(framework.requirements("pengawas").values()) == {2}
    assert framework.requirements("unknown") == {}


def test_loading_again_changes_nothing_and_keeps_what_hr_has_changed() -> None:
    with transaction() as session:
        session.execute(update(Competency).values(name="Nama HR"))
        session.execute(update(Requirement).values(level=4))
    before = [count(model) for model in (Competency, PositionClass, Requirement)]
    load()
    assert [count(model) for model in (Competency, PositionClass, Requirement)] == before
    assert set(framework.names().values()) == {"Nama HR"}
    assert set(framework.requirements("pelaksana").values()) == {4}


def test_there_are_the_kinds_of_siasn() -> None:
    kinds = framework.training_kinds()
    assert [kind.id for kind in kinds] == [str(n) for n in range(1, 26)]
    assert next(kind.name for kind in kinds if kind.id == "16") == "E-Learning"


def test_an_unknown_competency_is_not_found() -> None:
    with pytest.raises(NotFound):
        framework.described("X.99")


def test_every_level_is_between_one_and_five() -> None:
    levels = db.session.scalars(select(Requirement.level)).all()
    assert set(levels) <= {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("status", "grade", "printed"),
    [
        ("pns", "III/b", "Penata Muda Tingkat I (III/b)"),
        ("cpns", "III/a", "Penata Muda (III/a)"),
        ("pns", "X/z", "X/z"),
        ("pppk", "IX", "Golongan IX"),
        ("pppk_pw", "", ""),
    ],
)
def test_a_rank_is_printed_for_pns_and_a_golongan_for_pppk(status, grade, printed) -> None:
    assert ranks.printed(status, grade) == printed


@pytest.mark.parametrize(
    "name",
    [
        "competencies",
        "digital_competencies",
        "position_levels",
        "pangkat",
        "jp_conversion",
        "training_kinds",
    ],
)
def test_every_seed_file_names_its_source(name: str) -> None:
    assert seed.read(name)["source"]
