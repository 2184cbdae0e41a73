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
RECORD, NAMED_FIRST = "audit.record", ("audited", "exported")
# What @audited itself hands on: the action its callers name.
HANDED_ON = "action"


def _trees() -> Iterator[ast.Module]:
    """The modules that speak of the audit log."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text("utf-8")
        if "audit" in text:
            yield ast.parse(text)


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            named = (target.id for target in node.targets if isinstance(target, ast.Name))
            yield from ((name, node.value.value) for name in named)


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=holder), attr=name):
            return f"{holder}.{name}"
    return ""


def _action(node: ast.expr, constants: dict[str, object]) -> str:
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.Name(id=name) if name in constants:
            return str(constants[name])
        case ast.Attribute(value=ast.Name(id="Action"), attr=name):
            return Action[name]
    raise AssertionError(f"name the action {ast.unparse(node)} by a constant")


def _words() -> tuple[list[str], list[str]]:
    """The actions and the names of values that the source records."""
    trees = list(_trees())
    constants = dict(pair for tree in trees for pair in _constants(tree))
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    recorded = [call for call in calls if _called(call) == RECORD]
    named = [call.args[1] for call in recorded]
    named += [call.args[0] for call in calls if _called(call) in NAMED_FIRST]
    actions = {_action(node, constants) for node in named if ast.unparse(node) != HANDED_ON}
    values = {word.arg for call in recorded for word in call.keywords if word.arg}
    return sorted(actions | set(Action)), sorted(values)


ACTIONS, VALUES = _words()  # the trees are let go: so many nodes slow the collector
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
