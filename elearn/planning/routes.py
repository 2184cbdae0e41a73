"""Pages of planning: gaps of units, the people behind them, and the shortest way of a person."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import staged
from elearn.competency import framework, targets
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.people import directory, units
from elearn.people.access import actor, audited, part_of, require
from elearn.people.models import Person
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.planning import imports, person_competency, sheet_lines, unit_gaps, ways
from elearn.planning.forms import SheetForm, fault_word
from elearn.planning.models import SheetImport
from elearn.planning.plans import Plan
from elearn.planning.sheet_lines import NoTable
from elearn.planning.sheets import KINDS, Kind
from elearn.planning.standings import Aim
from elearn.reports import filters, sending
from elearn.reports.export import Sheet
from elearn.reports.filters import Wanted
from elearn.settings import Switch

blueprint = Blueprint("planning", __name__)
VIEWED = "person:viewed"
PERSON = "<int(max=2147483647):person_id>"
SHEETS = "/hr/gaps/import"
IMPORT = "<int(max=2147483647):id>"
# What one must be allowed to do to bring in a sheet of a kind.
NEEDED = {
    Kind.LEVELS: Permission.OUTSIDE_LEARNING_ENTER,
    Kind.REQUIREMENTS: Permission.FRAMEWORK_CHANGE,
    Kind.FRAMEWORK: Permission.FRAMEWORK_CHANGE,
}


@blueprint.get("/record/way")
@require(Permission.RECORD_OWN)
@part_of(Switch.WAY)
def show_own_way() -> str:
    """Show the shortest way to one's target, or to a position class asked for."""
    return _way_page(directory.person_of(actor().id), is_own=True)


def _way_page(person: Person, *, is_own: bool) -> str:
    room = filters.number_of(request.args, "jp", ways.MOST_JP)
    return render_template(
        "planning/way.html",
        person=person,
        found=ways.of_person(person, request.args.get("to", ""), room),
        options=targets.options(),
        target=targets.of(person),
        proposal=targets.proposal_of(person.id),
        is_own=is_own,
        may_propose=not is_own and actor().acts_in(person.unit.path),
    )


@blueprint.post("/record/target")
@require(Permission.RECORD_OWN)
@part_of(Switch.WAY)
def choose_target() -> Response:
    """Choose the position class one works towards; empty for none."""
    to = request.form.get("to", "")
    with transaction():
        targets.choose(actor(), to)
    flash(_("Jabatan sasaran disimpan.") if to else _("Jabatan sasaran dihapus."), "ok")
    return redirect(url_for("planning.show_own_way"), 303)


@blueprint.post("/record/target/decline")
@require(Permission.RECORD_OWN)
@part_of(Switch.WAY)
def decline_target() -> Response:
    with transaction():
        targets.decline(actor())
    flash(_("Usul jabatan sasaran tidak diambil."), "ok")
    return redirect(url_for("planning.show_own_way"), 303)


@blueprint.get(f"/hr/people/{PERSON}/way")
@require(Permission.PERSON_READ)
@part_of(Switch.WAY)
@audited(VIEWED)
def show_way(person_id: int) -> str:
    """Show HR the shortest way of a person."""
    return _way_page(units.person_in_reach(actor(), person_id), is_own=False)


@blueprint.get(f"/hr/people/{PERSON}/competencies/<code>")
@require(Permission.PERSON_READ)
@audited(VIEWED)
def show_person_competency(person_id: int, code: str) -> str:
    """Show HR one competency of a person, down to each evidence."""
    person = units.person_in_reach(actor(), person_id)
    return render_template(
        "planning/person_competency.html",
        person=person,
        found=person_competency.of(person, code),
        may_enter=actor().acts_in(person.unit.path) and person.id != actor().id,
    )


@blueprint.post(f"/hr/people/{PERSON}/target")
@require(Permission.OUTSIDE_LEARNING_ENTER, seen_with=Permission.PERSON_READ)
@part_of(Switch.WAY)
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


# --- sheets that are brought in: looked at first, then all or nothing -----------------------------


def _kind(kind: str) -> Kind:
    """A kind of sheet that the actor may bring in. Raises NotFound."""
    if kind not in set(Kind) or not actor().may(NEEDED[Kind(kind)]):
        raise NotFound
    return Kind(kind)


@blueprint.get(f"{SHEETS}/<kind>")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def show_import(kind: str) -> str:
    return _import_page(_kind(kind), SheetForm())


def _import_page(kind: Kind, form: SheetForm) -> str:
    by = actor().id if kind is Kind.LEVELS else None  # of others' sheets nobody is told who is in
    return render_template(
        "planning/import.html", kind=kind.value, form=form, imported=imports.newest(kind, by)
    )


@blueprint.get(f"{SHEETS}/<kind>/template.xlsx")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def take_template(kind: str) -> Response:
    """Send a sheet with the headings and one example, every cell as text."""
    found = KINDS[_kind(kind)]
    return sending.saved(Sheet(f"templat-{kind}", found.columns, [found.example]), "xlsx")


@blueprint.post(f"{SHEETS}/<kind>")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def read_import(kind: str) -> Response:
    """Look at an uploaded sheet; nothing is changed before it is confirmed."""
    wanted, form = _kind(kind), SheetForm()
    upload = request.files.get("file")
    content = upload.read() if upload else b""
    try:
        found = _plan(wanted, content)
    except Invalid as problem:
        form.place(problem)
        return make_response(_import_page(wanted, form), problem.status)
    with transaction():
        token = staged.keep(actor().id, wanted, content) if found.may_be_applied else ""
    return _report(wanted, found, token)


def _plan(kind: Kind, content: bytes) -> Plan:
    """What a sheet would do. Raises Invalid with the field ``file``."""
    try:
        return KINDS[kind].plan(actor(), content)
    except NoTable as problem:
        raise Invalid(fault_word(problem.reason), "file") from problem


def _report(kind: Kind, found: Plan, token: str) -> Response:
    page = render_template("planning/report.html", kind=kind.value, plan=found, token=token)
    return make_response(page, Invalid.status if found.wrong else 200)


@blueprint.post(f"{SHEETS}/<kind>/confirm")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def confirm_import(kind: str) -> Response:
    """Do what was looked at, all of it or nothing."""
    wanted, token = _kind(kind), request.form.get("token", "")
    content = staged.find(actor().id, wanted, token)
    if content is None:
        flash(_("Berkas itu sudah dipakai atau lewat sehari. Unggah lagi."), "warn")
        return redirect(url_for("planning.show_import", kind=kind), 303)
    with transaction():
        found = _plan(wanted, content)
        count = imports.apply(actor().id, wanted, found) if found.may_be_applied else 0
        staged.drop(actor().id, token)
    if not count:  # something changed since it was looked at
        return _report(wanted, found, "")
    flash(_("%(count)s baris dicatat.", count=count), "ok")
    return redirect(url_for("planning.show_import", kind=kind), 303)


@blueprint.get(f"{SHEETS}/<kind>/{IMPORT}/undo")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def show_undo(kind: str, id: int) -> str:
    """Say what taking back a sheet does before it is done."""
    return render_template("planning/undo.html", kind=kind, imported=_imported(_kind(kind), id))


def _imported(kind: Kind, id: int) -> SheetImport:
    """A sheet that the actor may take back: levels only their own. Raises NotFound."""
    found = imports.of(kind, id)
    if kind is Kind.LEVELS and found.imported_by != actor().id:
        raise NotFound
    return found


@blueprint.post(f"{SHEETS}/<kind>/{IMPORT}/undo")
@require(Permission.OUTSIDE_LEARNING_ENTER)
def undo_import(kind: str, id: int) -> Response:
    """Take back what a sheet did, as far as it stands."""
    wanted = _kind(kind)
    try:
        with transaction():
            left = imports.undo(actor(), _imported(wanted, id), KINDS[wanted].take_back)
    except Conflict:
        flash(_("Impor itu sudah dibatalkan."), "warn")
    else:
        flash(_("Impor dibatalkan. %(count)s yang sudah berubah dibiarkan.", count=left), "ok")
    return redirect(url_for("planning.show_import", kind=kind), 303)


@blueprint.url_value_preprocessor
def _allow_sheets(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A sheet may be larger than any form."""
    if endpoint == "planning.read_import":
        request.max_content_length = sheet_lines.MAX_BYTES
