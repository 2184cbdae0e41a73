"""Pages of the installation's health, and what an administrator does about it."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock, failures, marks, slow_statements
from elearn.database import transaction
from elearn.health import desk, looking, verifying
from elearn.marks import MarkKind
from elearn.people.access import actor, require
from elearn.people.permissions import Permission

blueprint = Blueprint("health", __name__)
JOB = "<int(max=2147483647):job_id>"
SHOWN_CHECKS = 7


@blueprint.get("/admin/health")
@require(Permission.HEALTH_READ)
def show_health() -> str:
    """Show how everything is, the failed jobs, errors, slow statements and last checks."""
    first = clock.today() - timedelta(days=looking.SHOWN_DAYS - 1)
    return render_template(
        "health/health.html",
        look=looking.look(),
        failed=desk.failed(),
        errors=failures.since(first),
        slow=slow_statements.since(first),
        checks=marks.recent(MarkKind.VERIFIED, SHOWN_CHECKS),
        may_act=actor().may(Permission.HEALTH_MANAGE),
    )


@blueprint.post("/admin/health/verify")
@require(Permission.HEALTH_MANAGE, seen_with=Permission.HEALTH_READ)
def verify() -> AnyResponse:
    with transaction():
        verifying.ask(actor().id)
    flash(_("Pemeriksaan jurnal akan berjalan sebentar lagi."), "ok")
    return _back()


@blueprint.post(f"/admin/health/jobs/{JOB}/retry")
@require(Permission.HEALTH_MANAGE, seen_with=Permission.HEALTH_READ)
def retry_job(job_id: int) -> AnyResponse:
    with transaction():
        desk.retry(actor().id, job_id)
    flash(_("Pekerjaan itu akan dicoba lagi sebentar lagi."), "ok")
    return _back()


@blueprint.get(f"/admin/health/jobs/{JOB}/drop")
@require(Permission.HEALTH_MANAGE, seen_with=Permission.HEALTH_READ)
def show_drop(job_id: int) -> str:
    return render_template("health/drop.html", job=desk.failed_one(job_id))


@blueprint.post(f"/admin/health/jobs/{JOB}/drop")
@require(Permission.HEALTH_MANAGE, seen_with=Permission.HEALTH_READ)
def drop_job(job_id: int) -> AnyResponse:
    with transaction():
        desk.drop(actor().id, job_id)
    flash(_("Pekerjaan itu dihapus dari daftar."), "ok")
    return _back()


def _back() -> AnyResponse:
    return redirect(url_for("health.show_health"), 303)
