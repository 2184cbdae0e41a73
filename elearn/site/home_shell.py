"""Home from a shell: its frame is the same for everybody, and most parts are for many people."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from flask import current_app, render_template

from elearn.people.access import actor, on_page
from elearn.shells import Kept, Shell
from elearn.site.home import Home

PARTS = "home_parts"  # the name of what is kept of them


def filled(page: Home, part_of_day: str) -> bytes:
    """The same bytes as the template gives."""
    person = actor()
    shells: Kept = current_app.extensions["shells"]
    shell = shells.get(
        ("home", part_of_day, person.permissions),
        lambda: Shell(render_template("site/home.html", part_of_day=part_of_day, gaps=True)),
    )
    return shell.fill(on_page(person) | _parts(page))


def _parts(page: Home) -> dict[str, bytes]:
    """Each part by its name: kept by what it shows where that names nobody."""
    template: Any = current_app.jinja_env.get_template("site/_home.html").module
    empty = ("empty", page.going_on is None)
    return {
        "first": template.first(page).encode(),
        "following": _kept("following", empty, page)
        if page.follows_no_other
        else template.following(page).encode(),
        "hours_card": _kept("hours_card", page.hours, page.hours),
        "offered": _kept("offered", page.others_offered, page.others_offered),
        "post_card": _kept("post_card", page.post, page.post),
    }


def _kept(part: str, key: Hashable, shown: object) -> bytes:
    parts: Kept = current_app.extensions.setdefault(PARTS, Kept())
    return parts.get((part, key), lambda: _made(part, shown))


def _made(part: str, shown: object) -> bytes:
    template = current_app.jinja_env.get_template("site/_home.html").module
    html: str = getattr(template, part)(shown)
    return html.encode()
