"""Pages that belong to no single capability."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, render_template
from sqlalchemy import select

from elearn.database import db
from elearn.people.access import public

blueprint = Blueprint("site", __name__)


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
    return render_template("site/styleguide.html")
