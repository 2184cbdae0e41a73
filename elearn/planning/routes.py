"""Pages of planning: gaps of units, the people behind them, and the shortest way of a person."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn.competency import framework, targets
from elearn.database import transaction
from elearn.errors import NotFound
from elearn.people import directory, units
from elearn.people.access import actor, audited, require
from elearn.people.models import Person
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.planning import unit_gaps, ways
from elearn.planning.standings import Aim
from elearn.reports import filters
from elearn.reports.filters import Wanted

blueprint = Blueprint("planning", __name__)
VIEWED = "person:viewed"
PERSON = "<int(max=2147483647):person_id>"


@blueprint.get("/record/way")
@require(Permission.RECORD_OWN)
def show_own_way() -> str:
    """Show the shortest way to one's target, or to a position class asked for."""
    return _way_page(directory.person_of(actor().id), is_own=True)


def _way_page(person: Person, *, is_own: bool) -> str:
    room = filters.number_of(request.args, "jp", ways.MOST_JP)
    return render_template(
        "planning/way.html",
        person=person,
        found=ways.of_person(person, request.args.get("to", ""), room),
        classes=framework.classes(),
        proposal=targets.proposal_of(person.id),
        is_own=is_own,
        may_propose=not is_own and actor().acts_in(person.unit.path),
    )


@blueprint.post("/record/target")
@require(Permission.RECORD_OWN)
def choose_target() -> Response:
    """Choose the position class one works towards; empty for none."""
    to = request.form.get("to", "")
    with transaction():
        targets.choose(actor(), to)
    flash(_("Jabatan sasaran disimpan.") if to else _("Jabatan sasaran dihapus."), "ok")
    return redirect(url_for("planning.show_own_way"), 303)


@blueprint.post("/record/target/decline")
@require(Permission.RECORD_OWN)
def decline_target() -> Response:
    with transaction():
        targets.decline(actor())
    flash(_("Usul jabatan sasaran tidak diambil."), "ok")
    return redirect(url_for("planning.show_own_way"), 303)


@blueprint.get(f"/hr/people/{PERSON}/way")
@require(Permission.PERSON_READ)
@audited(VIEWED)
def show_way(person_id: int) -> str:
    """Show HR the shortest way of a person."""
    return _way_page(units.person_in_reach(actor(), person_id), is_own=False)


@blueprint.post(f"/hr/people/{PERSON}/target")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
def propose_target(person_id: int) -> Response:
    """Propose a position class; the person decides."""
    with transaction():
        targets.propose(actor(), person_id, request.form.get("to", ""))
    flash(_("Usul jabatan sasaran disampaikan kepada pegawai."), "ok")
    return redirect(url_for("planning.show_way", person_id=person_id), 303)


@blueprint.get("/hr/gaps")
@require(Permission.REPORT_READ)
def show_gaps() -> str:
    """Show the gaps of a branch as a heat map."""
    nodes, wanted, aim = _asked()
    return render_template(
        "planning/gaps.html",
        found=unit_gaps.heat_map(actor(), wanted, nodes, aim),
        wanted=wanted,
        nodes=nodes,
        aim=aim,
    )


def _asked() -> tuple[list[UnitNode], Wanted, Aim]:
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    asked = request.args.get("aim", "")
    return (
        nodes,
        filters.read(request.args, nodes),
        Aim(asked) if asked in set(Aim) else Aim.PRESENT,
    )


@blueprint.get("/hr/gaps/people")
@require(Permission.PERSON_READ)
def show_gap_people() -> str:
    """Show the people of a branch who fall short in a competency."""
    nodes, wanted, aim = _asked()
    code = request.args.get("code", "")
    return render_template(
        "planning/gap_people.html",
        competency=framework.described(code).competency,
        page=unit_gaps.people_page(actor(), wanted, aim, code),
        wanted=wanted,
        nodes=nodes,
        aim=aim,
    )


@blueprint.get("/hr/gaps/needs")
@require(Permission.REPORT_READ)
def show_needs() -> str:
    """Show which courses the ways of a branch name, and what no course supports."""
    nodes, wanted, aim = _asked()
    return render_template(
        "planning/needs.html",
        found=ways.of_branch(unit_gaps.conditions(actor(), wanted), aim),
        names=framework.names(),
        wanted=wanted,
        nodes=nodes,
        aim=aim,
    )
