"""Home from a shell: its frame is the same for everybody, and its parts are for many people."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from flask import Flask, render_template

from elearn import clock
from elearn.learning.study import CourseInHand
from elearn.people.access import on_page
from elearn.people.actors import Actor
from elearn.shells import Kept, Shell
from elearn.site.home import Home

PARTS = "home_parts"  # the name of what is kept of them
READ = "elearn.own_home"  # in the request's environment: an OwnHome that was read for it
PARTS_KEPT = 4096
MORNING_UNTIL, MIDDAY_UNTIL, AFTERNOON_UNTIL = 10, 15, 18


class Part(NamedTuple):
    """A part of home: what its macro is given, and what it is kept under if it may be kept."""

    shown: object
    key: Hashable | None


def init_app(app: Flask) -> None:
    """Make room for the parts."""
    app.extensions[PARTS] = Kept(PARTS_KEPT)


def part_of_day() -> str:
    """Morning until 10, midday until 15, afternoon until 18, then night, by WIB."""
    hour = clock.now().hour
    if hour < MORNING_UNTIL:
        return "morning"
    if hour < MIDDAY_UNTIL:
        return "midday"
    return "afternoon" if hour < AFTERNOON_UNTIL else "night"


def filled(app: Flask, page: Home, person: Actor) -> bytes | None:
    """The page as it is sent; None while its shell or one of its parts has not been made."""
    shell = app.extensions["shells"].find(_key(person))
    kept: Kept = app.extensions[PARTS]
    parts = {name: kept.find((name, part.key)) for name, part in _parts(page).items()}
    if shell is None or None in parts.values():
        return None
    return _fill(shell, page, person, parts)


def made(app: Flask, page: Home, person: Actor) -> bytes:
    """The same bytes as the template gives; keeps what may be kept."""
    shells: Kept = app.extensions["shells"]
    day = part_of_day()
    shell = shells.get(
        _key(person), lambda: Shell(render_template("site/home.html", part_of_day=day, gaps=True))
    )
    parts = {name: _made(app, name, part) for name, part in _parts(page).items()}
    return _fill(shell, page, person, parts)


def _key(person: Actor) -> Hashable:
    return ("home", part_of_day(), person.permissions)


def _fill(shell: Shell, page: Home, person: Actor, parts: Mapping[str, Shell]) -> bytes:
    attempts = {_hole(course): course.attempt_id.encode() for course in page.under_way}
    pieces = {name: part.fill(attempts) for name, part in parts.items()}
    return shell.fill(on_page(person) | pieces)


def _made(app: Flask, name: str, part: Part) -> Shell:
    if part.key is None:
        return _rendered(app, name, part.shown)
    kept: Kept = app.extensions[PARTS]
    return kept.get((name, part.key), lambda: _rendered(app, name, part.shown))


def _rendered(app: Flask, name: str, shown: object) -> Shell:
    template: Any = app.jinja_env.get_template("site/_home.html").module
    return Shell.with_holes(getattr(template, name)(shown))


def _parts(page: Home) -> dict[str, Part]:
    """Each part by its name. To begin a course is a form with a token: that is not kept."""
    seen = _without_person(page)
    may_keep_first = seen.going_on or seen.to_renew or not seen.offered
    courses = ("following", seen.under_way, seen.passed)
    return {
        "first": Part(seen, ("first", seen.going_on, seen.to_renew) if may_keep_first else None),
        "announced": Part(seen.announced, seen.announced),
        "asked": Part(seen.asked, seen.asked),
        "following": Part(seen, courses),
        "hours_card": Part(seen.hours, seen.hours),
        "offered": Part(seen.others_offered, ("offered", seen.others_offered)),
        "post_card": Part(seen.post, seen.post),
    }


def _without_person(page: Home) -> Home:
    """Home as it is for everybody who is as far: holes where an attempt is named."""
    return page._replace(
        going_on=_look(page.going_on) if page.going_on else None,
        others=tuple(map(_look, page.others)),
        passed=tuple(map(_look, page.passed)),
    )


def _look(course: CourseInHand) -> CourseInHand:
    attempt = Shell.hole(_hole(course)) if course.attempt_id else ""
    return course._replace(attempt_id=attempt, last_ms=0)


def _hole(course: CourseInHand) -> str:
    return f"attempt-{course.slug}"
