"""Answer the questions of an attempt, right or wrong, as somebody would who knows the keys."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

from playwright.sync_api import Page

from tests.journeys.conftest import Site


def keys_of(site: Site, attempt_id: str) -> list[list[str]]:
    """The right answers of an attempt in its order: option keys, or one typed text."""
    path = site.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as database:
        (drawn,) = database.execute(
            "SELECT questions FROM attempt WHERE id = ?", (attempt_id,)
        ).fetchone()
        bodies = [
            json.loads(
                database.execute(
                    "SELECT body FROM question_version WHERE digest = ?", (digest,)
                ).fetchone()[0]
            )
            for digest, _ in json.loads(drawn)
        ]
    return [_right(body) for body in bodies]


def _right(question: dict) -> list[str]:
    if question["options"]:
        return [option["key"] for option in question["options"] if option["correct"]]
    key = question["key"]
    return [key["accepted"][0]] if "accepted" in key else [key["low"].replace(".", ",")]


def attempt_id_of(page: Page) -> str:
    found = re.search(r"/attempts/([^/?#]+)", page.url)
    assert found
    return found[1]


def give(page: Page, position: int, answer: list[str]) -> None:
    """Give one answer to the question that stands at a position."""
    question = page.locator(f'.question[data-position="{position}"]')
    typed = question.locator("input[type=text]")
    if typed.count():
        typed.fill(answer[0])
        typed.blur()
        return
    for key in answer:
        question.locator(f'input[value="{key}"]').check()
