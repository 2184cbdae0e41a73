"""Every action and every value in the audit log has words of its own on the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask

from elearn.database import transaction
from elearn.people import audit
from elearn.people.audit import Action
from elearn.people.staffing import PersonFacts
from tests.people_cast import Cast, signed_in

PACKAGE = Path(__file__).resolve().parents[2] / "elearn"
TREES = [ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
CONSTANTS = {
    target.id: node.value.value
    for tree in TREES
    for node in tree.body
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    for target in node.targets
    if isinstance(target, ast.Name)
}
# What @audited itself hands on: the action its callers name.
HANDED_ON = "action"


def _calls(name: str) -> Iterator[ast.Call]:
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield node


def _action(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.Name(id=name) if name in CONSTANTS:
            return str(CONSTANTS[name])
        case ast.Attribute(value=ast.Name(id="Action"), attr=name):
            return Action[name]
    raise AssertionError(f"name the action {ast.unparse(node)} by a constant")


RECORDED = list(_calls("audit.record"))
NAMED = [call.args[1] for call in RECORDED] + [
    call.args[0] for name in ("audited", "exported") for call in _calls(name)
]
ACTIONS = sorted({_action(node) for node in NAMED if ast.unparse(node) != HANDED_ON} | set(Action))
VALUES = sorted({word.arg for call in RECORDED for word in call.keywords if word.arg})


WORDS = (PACKAGE.parent / "templates" / "people" / "_statuses.html").read_text("utf-8")


def test_the_source_was_read() -> None:
    assert {"course:approved", "level:assessed", "outside_learning:withdrawn"} <= set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_shown_in_words(action: str) -> None:
    assert f'"{action}": _("' in WORDS


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_shown_with_a_word(name: str) -> None:
    assert f'"{name}": _("' in WORDS


@pytest.mark.parametrize("field", [field.name for field in fields(PersonFacts)])
def test_a_changed_field_is_shown_with_a_word(field: str) -> None:
    assert f'"{field}": _("' in WORDS


def test_a_changed_person_is_told_in_words(app: Flask, cast: Cast) -> None:
    with transaction():
        audit.record(cast.dewi.id, Action.PERSON_CHANGED, cast.ani.id, fields=["grade", "name"])
    page = signed_in(app, cast.fadli).get("/admin/audit").text
    assert "isian: golongan, nama" in page
