"""A kept step is taken once, put back whole, and never over what it does not know."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from elearn.database import db, transaction
from elearn.people import units
from elearn.people.models import Unit
from tests.kept import kept

taken: list[str] = []


@kept
def settle(name: str) -> Unit:
    taken.append(name)
    with transaction():
        return units.create_unit(name)


def names() -> list[str]:
    return list(db.session.scalars(select(Unit.name).order_by(Unit.id)))


@pytest.mark.parametrize("time", ["first", "second"])
def test_it_is_taken_once_and_what_it_left_can_be_changed(app: Flask, time: str) -> None:
    unit = settle("Dinas Kesehatan")
    assert (taken.count("Dinas Kesehatan"), names()) == (1, ["Dinas Kesehatan"])
    with transaction():
        unit.name = "Dinas PUPR"
        units.create_unit("Bidang Jalan", unit)
    assert names() == ["Dinas PUPR", "Bidang Jalan"]


@pytest.mark.parametrize("time", ["first", "second"])
def test_after_anything_else_was_written_it_is_taken_again(app: Flask, time: str) -> None:
    before = taken.count("Dinas Sosial")
    with transaction():
        units.create_unit("Sekretariat")
    settle("Dinas Sosial")
    assert (taken.count("Dinas Sosial") - before, names()) == (1, ["Sekretariat", "Dinas Sosial"])
