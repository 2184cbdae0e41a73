"""Pages that belong to no single capability."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy import select

from elearn import clock
from elearn.database import db
from elearn.people.access import actor, public, require
from elearn.people.permissions import Permission
from elearn.site import home, samples

blueprint = Blueprint("site", __name__)
MORNING_UNTIL, MIDDAY_UNTIL, AFTERNOON_UNTIL = 10, 15, 18


@blueprint.get("/")
@require(Permission.COURSE_STUDY)
def show_home() -> str:
    """Show what to do now."""
    return render_template("site/home.html", home=home.of(actor()), greeting=_greeting())


def _greeting() -> str:
    """Selamat pagi until 10, siang until 15, sore until 18, then malam, by WIB."""
    hour = clock.now().hour
    if hour < MORNING_UNTIL:
        return str(_("Selamat pagi"))
    if hour < MIDDAY_UNTIL:
        return str(_("Selamat siang"))
    return str(_("Selamat sore") if hour < AFTERNOON_UNTIL else _("Selamat malam"))


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
