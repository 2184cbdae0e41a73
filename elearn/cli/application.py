"""The application as the commands use it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from flask import Flask

from elearn.errors import DomainError

ROOT = Path(__file__).resolve().parents[2]


def application() -> Flask:
    """The application that ``wsgi.py`` beside the package makes."""
    sys.path.insert(0, str(ROOT))
    app: Flask = import_module("wsgi").app
    return app


def in_app(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command within the application, and its domain errors as one line and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with application().app_context():
                return command(*args, **kwargs)
        except DomainError as problem:
            raise click.ClickException(_told(problem)) from problem

    return run


def _told(problem: DomainError) -> str:
    reason = getattr(problem, "reason", "")
    return f"{type(problem).__name__}{': ' + reason if reason else ''}"
