"""The rules of the design that a tool does not check, as tests over the source and the URL map."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from elearn.people.access import OPEN_ENDPOINTS, is_audited, is_public, rule_of
from elearn.people.permissions import Permission

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "elearn"
MODULES = sorted(PACKAGE.rglob("*.py"))
SLICES = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
BANNED = {
    "utils",
    "util",
    "helpers",
    "common",
    "misc",
    "core",
    "base",
    "manager",
    "handler",
    "service",
    "services",
}
# These write by Core on the session's connection, past the guards of database.py, for speed or
# for what only a dialect can say; each stands inside transaction().
RAW_WRITERS = {
    "elearn/database.py",
    "elearn/journal/chain.py",
    "elearn/learning/quizzes.py",
    "elearn/learning/record.py",
}
WRITES = {"insert", "update", "delete"}
# What the protocol has a browser bring by following an address (RFC 6749, 4.1.2).
BROUGHT_BY_ADDRESS = {"sign_on.finish"}
PUBLIC = {
    "badges.show_competency",
    "badges.show_issuer",
    "badges.show_keys",
    "badges.take_key",
    "badges.take_keys",
    "badges.take_status_list",
    "competency.check",
    "competency.check_file",
    "competency.show_check",
    "competency.show_check_form",
    "competency.show_offline_check",
    "competency.take_worker",
    "people.login",
    "people.show_help",
    "people.show_login",
    "privacy.show_edition",
    "privacy.show_notice",
    "factors.check_code",
    "factors.check_passkey",
    "factors.show_code",
    "proofs.check_proof",
    "proofs.download_roots",
    "proofs.show_proof_form",
    "proofs.show_roots",
    "sign_on.begin",
    "sign_on.finish",
    "sign_on.show_refused",
    "sign_on.show_signed_out",
    "site.health",
    "site.styleguide",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def called(node: ast.AST) -> Iterator[str]:
    """The last word of everything that is called below a node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            function = part.func
            if isinstance(function, ast.Attribute):
                yield function.attr
            elif isinstance(function, ast.Name):
                yield function.id


def functions_of(path: Path) -> dict[str, ast.FunctionDef]:
    return {
        node.name: node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)
    }


# --- who may open what


def test_every_route_names_a_permission_or_is_public(app: Flask) -> None:
    silent = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in OPEN_ENDPOINTS and rule_of(view) is None
    ]
    assert silent == []
    asked = {rule.permission for view in app.view_functions.values() if (rule := rule_of(view))}
    assert asked - {None} <= set(Permission)


def test_what_is_public_is_named_here(app: Flask) -> None:
    assert {name for name, view in app.view_functions.items() if is_public(view)} == PUBLIC


def test_every_address_answers_a_wrong_method_with_405(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.arguments:
            continue
        with pytest.raises(HTTPException) as refused:
            adapter.match(rule.rule, "TRACE")
        assert refused.value.code == 405


# --- transactions


def test_nothing_commits_but_database() -> None:
    guilty = [name_of(path) for path in MODULES if "commit" in set(called(tree_of(path)))]
    # A migration ends the setting of its connection; it runs outside any transaction() of ours.
    assert set(guilty) <= {"elearn/database.py", "elearn/migrations/env.py"}
    assert "elearn/database.py" in guilty


def opens_transaction(name: str, functions: dict[str, ast.FunctionDef], seen: set[str]) -> bool:
    """Whether a function, or one of the same module that it calls, opens transaction()."""
    if name in seen:
        return False
    seen.add(name)
    names = set(called(functions[name]))
    return "transaction" in names or any(
        opens_transaction(other, functions, seen) for other in names & functions.keys()
    )


def methods_of(function: ast.FunctionDef) -> set[str]:
    """The methods of the routes of a view, by its decorators."""
    found: set[str] = set()
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute):
            found.add(decorator.func.attr)
    return found


def test_what_is_only_looked_at_writes_nothing(app: Flask) -> None:
    looked_at = 0
    for path in PACKAGE.glob("*/routes.py"):
        functions = functions_of(path)
        for name, function in functions.items():
            view = app.view_functions.get(f"{path.parent.name}.{name}")
            if f"{path.parent.name}.{name}" in BROUGHT_BY_ADDRESS:
                continue
            if view is None or methods_of(function) & {"post", "route"} or is_audited(view):
                continue
            looked_at += 1
            assert not opens_transaction(name, functions, set()), f"{name_of(path)}: {name}"
    assert looked_at > 10


def test_use_cases_open_no_transaction_of_their_own() -> None:
    """Who starts the work opens it: a route, a command, a job, the seed of the demo."""
    openers = {name_of(path) for path in MODULES if "transaction" in set(called(tree_of(path)))}
    starters = {
        "elearn/work.py",
        "elearn/jobs.py",
        "elearn/database.py",  # Prepared.write: a statement that is a transaction of its own
        "elearn/agency/contract_ends.py",  # a job
        "elearn/programme/team_notices.py",  # a job
        "elearn/people/refusals.py",  # a job
        "elearn/people/access.py",  # @audited, @paced
        "elearn/people/entering.py",  # the web side of every way in
        "elearn/people/proving.py",  # counts a try, then the password
        "elearn/privacy/retention.py",  # a job
        "elearn/health/verifying.py",  # a job
        "elearn/announcements/telling.py",  # a job
        "elearn/failures.py",  # an error is counted aside of what failed
        "elearn/slow_statements.py",  # written aside of what was slow
        "elearn/competency/register.py",  # a job
        "elearn/badges/issuing.py",  # a badge is kept when it is first needed
        "elearn/journal/seal.py",  # a job: signs between two short ones
        "elearn/certification/intake.py",  # a job
        "elearn/certification/packages.py",  # a job
        "elearn/competency/certificate_pdf.py",  # a PDF is kept when it is first needed
        "elearn/learning/announcements.py",  # a job
        "elearn/programme/reminders.py",  # jobs
        "elearn/learning/endings.py",  # a job
        "elearn/learning/quizzes.py",  # the job that closes what is overdue
        "elearn/learning/regrade.py",  # a job
        "elearn/dashboard/reading.py",  # a job: some rows at a time
        "elearn/reports/rollups.py",  # a job: batches, each on disk before the next
        "elearn/roster/reading.py",  # a job
        "elearn/roster/applying.py",  # a job
        "elearn/roster/undoing.py",  # a job
    }
    others = {
        name
        for name in openers - starters
        if not name.endswith("/routes.py") and not name.startswith(("elearn/cli/", "elearn/demo/"))
    }
    assert others == set()


def test_raw_writes_are_few_and_named() -> None:
    guilty = set()
    for path in MODULES:
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        uses_connection = "session.connection()" in text or "session().connection()" in text
        imported = {
            alias.name
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
            for alias in node.names
        }
        if uses_connection and imported & WRITES:
            guilty.add(name_of(path))
    assert guilty <= RAW_WRITERS


# --- names and places


def test_no_module_is_named_for_nothing() -> None:
    assert [name_of(path) for path in MODULES if path.stem in BANNED] == []
    assert [folder.name for folder in SLICES if folder.name in BANNED] == []


def test_every_slice_has_its_tests_and_its_templates() -> None:
    for folder in SLICES:
        if folder.name in {"migrations"}:
            continue
        tests = ROOT / "tests" / folder.name
        assert list(tests.glob("test_*.py")), f"no tests for {folder.name}"
        if (folder / "routes.py").exists():
            assert list((ROOT / "templates" / folder.name).glob("*.html")), folder.name


def test_every_slice_stands_in_the_map_of_the_readme_and_of_the_package() -> None:
    readme = (ROOT / "README.md").read_text()
    package = ast.get_docstring(tree_of(PACKAGE / "__init__.py")) or ""
    for folder in SLICES:
        if folder.name == "migrations":
            continue
        assert f"`elearn/{folder.name}`" in readme, folder.name
        assert f"\n    {folder.name} " in package, folder.name


def test_every_module_says_what_it_answers_for() -> None:
    silent = [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path))]
    assert [name for name in silent if not name.startswith("elearn/migrations/")] == []


def test_time_comes_from_the_clock_alone() -> None:
    forbidden = {"utcnow", "today", "now", "time", "time_ns"}
    for path in MODULES:
        if path.name == "clock.py":
            continue
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            asks = isinstance(owner, ast.Name) and owner.id in {"datetime", "date", "time"}
            assert not (asks and node.func.attr in forbidden), f"{name_of(path)}:{node.lineno}"


# --- templates


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        for mark in (' style="', " onclick=", " onchange=", " onsubmit=", "<style", "javascript:"):
            assert mark not in text, f"{name_of(path)}: {mark}"
        assert text.count("<script") == text.count("<script src="), name_of(path)
        assert 'src="http' not in text, name_of(path)
