"""Pages of the dashboard: a branch in one screen, and on one sheet of paper."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from elearn.competency import framework, submissions
from elearn.dashboard import figures
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


def _nodes() -> list[UnitNode]:
    """The units within reach; without any there is nothing for this person here."""
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes
