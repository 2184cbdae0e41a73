"""Pages that belong to no single capability."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    session,
)
from sqlalchemy import select

from elearn.database import db
from elearn.people.access import actor, public, require
from elearn.people.permissions import Permission
from elearn.site import home, home_shell, samples

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
@require(Permission.COURSE_STUDY)
def show_home() -> str | bytes:
    """Show what to do now."""
    page = _read_before() or home.of(actor())
    if "_flashes" in session or current_app.config["DEVELOPMENT"]:
        day = home_shell.part_of_day()
        return render_template("site/home.html", home=page, part_of_day=day)
    return home_shell.made(current_app, page, actor())


def _read_before() -> home.Home | None:
    found: home.OwnHome | None = request.environ.get(home_shell.READ)
    return found.page if found and found.person.id == actor().id else None


@blueprint.get("/hr/more")
@require(Permission.REPORT_READ)
def show_more() -> str:
    """List the places of HR that a phone's navigation has no room for."""
    return render_template("site/more.html")


@blueprint.get("/admin/more")
@require(Permission.ROLE_GRANT)
def show_more_of_admin() -> str:
    """List the places of administration that a phone's navigation has no room for."""
    return render_template("site/more.html")


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
