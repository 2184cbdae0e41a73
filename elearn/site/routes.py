"""Pages that belong to no single capability."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, render_template, session
from sqlalchemy import select

from elearn import clock
from elearn.database import db
from elearn.people.access import actor, public, require
from elearn.people.permissions import Permission
from elearn.site import home, home_shell, samples

blueprint = Blueprint("site", __name__)
MORNING_UNTIL, MIDDAY_UNTIL, AFTERNOON_UNTIL = 10, 15, 18


@blueprint.get("/")
@require(Permission.COURSE_STUDY)
def show_home() -> str | bytes:
    """Show what to do now."""
    page, part_of_day = home.of(actor()), _part_of_day()
    if "_flashes" in session or current_app.config["DEVELOPMENT"]:
        return render_template("site/home.html", home=page, part_of_day=part_of_day)
    return home_shell.filled(page, part_of_day)


def _part_of_day() -> str:
    """Morning until 10, midday until 15, afternoon until 18, then night, by WIB."""
    hour = clock.now().hour
    if hour < MORNING_UNTIL:
        return "morning"
    if hour < MIDDAY_UNTIL:
        return "midday"
    return "afternoon" if hour < AFTERNOON_UNTIL else "night"


@blueprint.get("/healthz")
@public
def health() -> Response:
    """Say that the process runs and the database answers."""
    db.session.execute(select(1))
    response = make_response({"status": "ok"})
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/styleguide")
@public
def styleguide() -> str:
    """Show every part in every state, in development only."""
    if not current_app.config["DEVELOPMENT"]:
        abort(404)
    return render_template("site/styleguide.html", **samples.styleguide())
