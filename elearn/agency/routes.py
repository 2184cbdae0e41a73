"""Pages of the agency: the tree of units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.agency import branches, roles, tree
from elearn.agency.forms import (
    KIND_WORDS,
    DatedForm,
    FactsForm,
    LendingForm,
    NewUnitForm,
    TargetForm,
    UndoForm,
    offered,
)
from elearn.agency.tree import Doing
from elearn.database import transaction
from elearn.errors import Invalid
from elearn.people import delegations
from elearn.people.access import actor, require
from elearn.people.models import Unit
from elearn.people.permissions import Permission

blueprint = Blueprint("agency", __name__)
MOST_TEXT = 100
REFUSED = 422
# HR and admins each stay in their own area.
UNITS = "/<any(hr, admin):area>/units"
UNIT = "<int(max=2147483647):unit_id>"
LENT = "<int(max=2147483647):delegation_id>"
Page = tuple[str, int]
# The acts of the editor by the word in their address: the form, and the use case of a form.
ACTS: dict[str, tuple[type[DatedForm], Callable[[Doing, int, Any], Any]]] = {
    "add": (NewUnitForm, lambda doing, id, form: tree.add(doing, id, form.facts())),
    "edit": (FactsForm, lambda doing, id, form: tree.change(doing, id, form.facts())),
    "move": (TargetForm, lambda doing, id, form: tree.move(doing, id, form.target.data)),
    "merge": (TargetForm, lambda doing, id, form: tree.merge(doing, id, form.target.data)),
    "close": (DatedForm, lambda doing, id, _form: tree.close(doing, id)),
    "reopen": (UndoForm, lambda doing, id, _form: tree.reopen(doing, id)),
    "unmerge": (UndoForm, lambda doing, id, _form: tree.undo_merge(doing, id)),
}
ACT = f"{UNITS}/{UNIT}/<any({', '.join(ACTS)}):act>"


@blueprint.get(UNITS)
@require(Permission.UNIT_READ)
def list_units(area: str) -> str:
    text = request.args.get("q", "").strip()[:MOST_TEXT]
    found = branches.find(actor(), text) if text else branches.top(actor())
    return render_template("agency/units.html", found=found, text=text, kinds=KIND_WORDS, area=area)


@blueprint.get(f"{UNITS}/{UNIT}")
@require(Permission.UNIT_READ)
def show_unit(area: str, unit_id: int) -> str:
    shown = branches.shown(actor(), unit_id)
    return render_template(
        "agency/unit.html", shown=shown, unit=shown.unit, kinds=KIND_WORDS, area=area
    )


@blueprint.get(ACT)
@require(Permission.UNIT_CHANGE, seen_with=Permission.UNIT_READ)
def show_act(area: str, unit_id: int, act: str) -> str:
    unit = branches.seen(actor(), unit_id)
    kind, _run = ACTS[act]
    facts = {"name": unit.name, "code": unit.code, "kind": unit.kind, "rank": unit.rank}
    form = kind(data={"day": clock.today(), **(facts if act == "edit" else {})})
    return _act_page(area, unit, act, form)


@blueprint.post(ACT)
@require(Permission.UNIT_CHANGE, seen_with=Permission.UNIT_READ)
def do_act(area: str, unit_id: int, act: str) -> Page | AnyResponse:
    unit = branches.seen(actor(), unit_id)
    kind, run = ACTS[act]
    form = _offered(kind(request.form), unit)
    if not (form.validate() and _apply(form, lambda: run(_doing(form), unit.id, form))):
        return _act_page(area, unit, act, form), REFUSED
    flash(_told(act), "ok")
    return redirect(url_for("agency.show_unit", area=area, unit_id=unit.id), 303)


@blueprint.get("/hr/delegations")
@require(Permission.ROLE_LEND)
def show_delegations() -> str:
    return _delegations_page(LendingForm(data={"since": clock.today()}))


@blueprint.post("/hr/delegations")
@require(Permission.ROLE_LEND)
def lend_role() -> Page | AnyResponse:
    form = _offered_lending(LendingForm(request.form))
    if not (form.validate() and _apply(form, lambda: _lend(form))):
        return _delegations_page(form), REFUSED
    flash(_("Tugas sudah didelegasikan; berakhir sendiri pada tanggalnya."), "ok")
    return redirect(url_for("agency.show_delegations"), 303)


def _lend(form: LendingForm) -> None:
    chosen = form.grant.data, form.target.data
    delegations.give(actor(), *chosen, form.period(), form.reason.data)


@blueprint.post(f"/hr/delegations/{LENT}/end")
@require(Permission.ACCOUNT_OWN)
def end_delegation(delegation_id: int) -> AnyResponse:
    with transaction():
        delegations.end(actor(), delegation_id)
    flash(_("Delegasi sudah diakhiri."), "ok")
    back = "show_delegations" if actor().may(Permission.ROLE_LEND) else "list_roles"
    return redirect(url_for(f"agency.{back}"), 303)


@blueprint.get("/admin/roles")
@require(Permission.ROLE_GRANT)
def list_roles() -> str:
    """Who holds what, and what is lent to whom."""
    return render_template(
        "agency/roles.html", grants=roles.granted(), lent=delegations.everything()
    )


def _offered_lending(form: LendingForm) -> LendingForm:
    """The form with the roles one may lend and the people one may lend them to."""
    form.grant.choices = offered((own.id, own) for own in delegations.lendable(actor()))
    people = roles.within_reach(actor(), _searched(), form.target.raw_data)
    form.target.choices = offered(people)
    return form


def _delegations_page(form: LendingForm) -> str:
    return render_template(
        "agency/delegations.html",
        form=_offered_lending(form),
        lent=delegations.of(actor().id),
        text=_searched(),
    )


def _act_page(area: str, unit: Unit, act: str, form: DatedForm) -> str:
    return render_template(
        "agency/act.html",
        area=area,
        unit=unit,
        act=act,
        form=_offered(form, unit),
        impact=branches.impact(unit),
        text=_searched(),
    )


def _searched() -> str:
    return request.args.get("q", "").strip()[:MOST_TEXT]


def _offered(form: DatedForm, unit: Unit) -> DatedForm:
    """The form with the units one may choose, where it asks for one."""
    if isinstance(form, TargetForm):
        form.offer(branches.targets(actor(), unit, _searched()))
    return form


def _doing(form: DatedForm) -> Doing:
    reason = form.reason.data if form.reason else ""
    return Doing(actor_id=actor().id, at_ms=form.at_ms(), reason=reason)


def _apply(form: DatedForm, change: Callable[[], Any]) -> bool:
    """Run a change; False when something was refused, which the form then tells."""
    try:
        with transaction():
            change()
    except Invalid as problem:
        form.place(problem)
        return False
    return True


def _told(act: str) -> str:
    words = {
        "add": _("Unit baru sudah ditambahkan."),
        "edit": _("Perubahan unit tersimpan; nama lama tetap tercatat."),
        "move": _("Unit dan semua di bawahnya sudah dipindahkan."),
        "merge": _("Unit sudah digabungkan; pegawai dan unit di bawahnya sudah pindah."),
        "close": _("Unit sudah ditutup."),
        "reopen": _("Unit sudah dibuka kembali."),
        "unmerge": _("Penggabungan sudah dibatalkan."),
    }
    return str(words[act])
