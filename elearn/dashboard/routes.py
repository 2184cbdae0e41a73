"""Pages of the dashboard: a branch in one screen, and on one sheet of paper."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from elearn import pdf
from elearn.competency import framework, submissions
from elearn.dashboard import figures, report
from elearn.downloads import Response, attachment
from elearn.errors import NotFound
from elearn.people import units
from elearn.people.access import actor, require
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.reports import branch, filters

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/hr")
@require(Permission.REPORT_READ)
def show_dashboard() -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    scope = branch.scope(actor(), wanted)
    return render_template(
        "dashboard/dashboard.html",
        board=figures.of(scope, wanted, nodes),
        wanted=wanted,
        nodes=nodes,
        years=filters.years(),
        classes=framework.classes(),
        waiting=submissions.waiting_count(scope),
    )


@blueprint.get("/hr/report.pdf")
@require(Permission.REPORT_READ)
def take_report() -> Response:
    """One page on a unit, to be printed; the highest within reach where none is asked for."""
    wanted = filters.read(request.args, _nodes())
    unit = units.within_reach(actor(), wanted.unit.id if wanted.unit else None)
    name = f"laporan-{unit.id}-{wanted.year}{wanted.part and '-' + wanted.part}.pdf"
    return attachment(report.unit_report(unit.id, wanted.period), name, pdf.MEDIA_TYPE)


def _nodes() -> list[UnitNode]:
    """The units within reach; without any there is nothing for this person here."""
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes
