"""Pages of the agency: the tree of units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.agency import branches, careers, contract_ends, roles, teams, tree
from elearn.agency.forms import (
    INDENT,
    KIND_WORDS,
    AgencyForm,
    ContractChangeForm,
    ContractForm,
    DatedForm,
    FactsForm,
    HeadForm,
    LeaveForm,
    LendingForm,
    NamesForm,
    NewUnitForm,
    PlaceForm,
    SupervisorForm,
    TargetForm,
    UndoForm,
    offered,
)
from elearn.agency.tree import Doing
from elearn.database import transaction
from elearn.errors import Invalid
from elearn.learning import asked
from elearn.people import contracts, delegations, directory, proving, supervisors, units
from elearn.people.access import actor, audited, part_of, require
from elearn.people.audit import Action
from elearn.people.history_models import Leaving
from elearn.people.models import Person, Unit
from elearn.people.permissions import Permission
from elearn.settings import Switch

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
    "head": (
        HeadForm,
        lambda doing, id, form: supervisors.mark_head(doing.actor_id, id, form.target.data),
    ),
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
    head_id = supervisors.head_of(shown.unit)
    return render_template(
        "agency/unit.html",
        area=area,
        shown=shown,
        unit=shown.unit,
        kinds=KIND_WORDS,
        head=directory.person_of(head_id).full_name if head_id else "",
    )


@blueprint.get(ACT)
@require(Permission.UNIT_CHANGE, seen_with=Permission.UNIT_READ)
def show_act(area: str, unit_id: int, act: str) -> str:
    unit = branches.seen(actor(), unit_id)
    kind, _run = ACTS[act]
    facts = {"name": unit.name, "code": unit.code, "kind": unit.kind, "rank": unit.rank}
    filled: dict[str, dict[str, Any]] = {"edit": facts}
    if act == "head":
        filled["head"] = {"target": supervisors.head_of(unit)}
    form = kind(data={"day": clock.today(), **filled.get(act, {})})
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
@part_of(Switch.DELEGATION)
def show_delegations() -> str:
    return _delegations_page(LendingForm(data={"since": clock.today()}))


@blueprint.post("/hr/delegations")
@require(Permission.ROLE_LEND)
@part_of(Switch.DELEGATION)
def lend_role() -> Page | AnyResponse:
    form = _offered_lending(LendingForm(request.form))
    if not (form.validate() and proving.is_proven(form) and _apply(form, lambda: _lend(form))):
        return _delegations_page(form), form.refusal_status
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
    form.target.choices = offered(people, none=True)
    return form


def _delegations_page(form: LendingForm) -> str:
    return render_template(
        "agency/delegations.html",
        form=_offered_lending(form),
        lent=delegations.of(actor().id),
        text=_searched(),
        asks=proving.asks(),
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
    if isinstance(form, HeadForm):
        chosen = form.target.raw_data or [str(supervisors.head_of(unit) or "")]
        form.target.choices = offered(roles.anybody(_searched(), chosen), none=True)
    return form


def _doing(form: DatedForm) -> Doing:
    reason = form.reason.data if form.reason else ""
    return Doing(actor_id=actor().id, at_ms=form.at_ms(), reason=reason)


def _apply(form: AgencyForm, change: Callable[[], Any]) -> bool:
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
        "head": _("Kepala unit tersimpan."),
        "reopen": _("Unit sudah dibuka kembali."),
        "unmerge": _("Penggabungan sudah dibatalkan."),
    }
    return str(words[act])


# What HR changes of a person, by the word in its address: the form, and the use case of a form.
PERSON_ACTS: dict[str, tuple[type[AgencyForm], Callable[[int, Any], Any]]] = {
    "place": (PlaceForm, lambda id, form: careers.place(actor(), id, form.post(), form.basis())),
    "names": (NamesForm, lambda id, form: careers.rename(actor(), id, form.data)),
    "contract": (ContractForm, lambda id, form: careers.enter_contract(actor(), id, form.term())),
    "supervisor": (
        SupervisorForm,
        lambda id, form: careers.choose_supervisor(actor(), id, form.target.data),
    ),
    "leave": (
        LeaveForm,
        lambda id, form: careers.leave(actor(), id, Leaving(form.leaving.data), form.basis()),
    ),
}
PERSON = "/hr/people/<int(max=2147483647):person_id>"
CONTRACT = f"{PERSON}/contracts/<int(max=2147483647):contract_id>"
PERSON_ACT = f"{PERSON}/<any({', '.join(PERSON_ACTS)}):act>"


@blueprint.get(f"{PERSON}/career")
@require(Permission.PERSON_READ)
@audited(Action.PERSON_VIEWED)
def show_career(person_id: int) -> str:
    career = careers.of(actor(), person_id)
    may_change = actor().may(Permission.PERSON_CHANGE) and actor().acts_in(career.person.unit.path)
    return render_template(
        "agency/career.html", career=career, person=career.person, may_change=may_change
    )


@blueprint.get(PERSON_ACT)
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def show_person_act(person_id: int, act: str) -> str:
    person = units.person_to_act_on(actor(), person_id)
    kind, _run = PERSON_ACTS[act]
    given = {"day": clock.today(), "target": person.supervisor_id}
    if act == "contract":
        given["contract_start"] = careers.next_start(person_id)
    return _person_act_page(person, act, kind(obj=person, data=given))


@blueprint.post(PERSON_ACT)
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def do_person_act(person_id: int, act: str) -> Page | AnyResponse:
    person = units.person_to_act_on(actor(), person_id)
    kind, run = PERSON_ACTS[act]
    form = _offered_person(kind(request.form), person)
    if not (form.validate() and _apply(form, lambda: run(person_id, form))):
        return _person_act_page(person, act, form), REFUSED
    return _to_career(person_id, _("Perubahan tersimpan."))


@blueprint.post(f"{PERSON}/return")
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def return_person(person_id: int) -> AnyResponse:
    with transaction():
        careers.come_back(actor(), person_id)
    return _to_career(person_id, _("Akun dibuka kembali."))


@blueprint.post(f"{PERSON}/placements/<int(max=2147483647):placement_id>/undo")
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def undo_placement(person_id: int, placement_id: int) -> AnyResponse:
    with transaction():
        careers.undo(actor(), person_id, placement_id)
    return _to_career(person_id, _("Penempatan terakhir dibatalkan; yang sebelumnya berlaku lagi."))


@blueprint.get(CONTRACT)
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def show_contract(person_id: int, contract_id: int) -> str:
    held = careers.contract_to_change(actor(), person_id, contract_id)
    days = {"contract_start": held.starts_on, "contract_end": held.ends_on}
    form = ContractChangeForm(obj=held, data=days)
    return _person_act_page(directory.person_of(person_id), "contract_change", form)


@blueprint.post(CONTRACT)
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def change_contract(person_id: int, contract_id: int) -> Page | AnyResponse:
    careers.contract_to_change(actor(), person_id, contract_id)
    form = ContractChangeForm(request.form)
    if not (form.validate() and _apply(form, lambda: _change(person_id, contract_id, form))):
        person = directory.person_of(person_id)
        return _person_act_page(person, "contract_change", form), REFUSED
    return _to_career(person_id, _("Kontrak diubah; JP tahun kontraknya dihitung ulang."))


def _change(person_id: int, contract_id: int, form: ContractChangeForm) -> None:
    careers.change_contract(actor(), person_id, contract_id, form.term(), form.reason.data)


@blueprint.post(f"{CONTRACT}/remove")
@require(Permission.PERSON_CHANGE, seen_with=Permission.PERSON_READ)
def remove_contract(person_id: int, contract_id: int) -> AnyResponse:
    with transaction():
        careers.remove_contract(actor(), person_id, contract_id)
    return _to_career(person_id, _("Kontrak dihapus."))


@blueprint.get("/hr/contracts")
@require(Permission.PERSON_READ)
def list_contracts() -> str:
    """Contracts that end soon; nothing ends by this list."""
    return render_template(
        "agency/contracts.html", found=contract_ends.ending(actor()), days=contract_ends.ENDING_DAYS
    )


def _to_career(person_id: int, told: str) -> AnyResponse:
    """To the career, or to the list where the person is no longer in reach."""
    flash(told, "ok")
    return redirect(url_for("agency.show_career", person_id=person_id), 303)


def _offered_person(form: AgencyForm, person: Person) -> AgencyForm:
    """The form with what one may choose for a person."""
    if isinstance(form, PlaceForm):
        nodes = units.open_tree_of(actor())
        form.unit_id.choices = offered((node.id, INDENT * node.depth + node.name) for node in nodes)
        form.position_id.choices = offered(directory.positions(), none=True)
    if isinstance(form, SupervisorForm):
        chosen = [*(form.target.raw_data or []), person.supervisor_id or ""]
        form.target.choices = offered(roles.within_reach(actor(), _searched(), chosen), none=True)
    return form


def _person_act_page(person: Person, act: str, form: AgencyForm) -> str:
    return render_template(
        "agency/person_act.html",
        person=person,
        act=act,
        form=_offered_person(form, person),
        contracts=contracts.of(person.id) if act.startswith("contract") else (),
        asked=asked.open_of(person.id) if act in ("place", "leave") else (),
        text=_searched(),
    )


@blueprint.get("/team")
@require(Permission.RECORD_OWN)
@part_of(Switch.TEAM)
def show_team() -> str:
    """Direct reports; the role of a supervisor is derived, so anybody may ask."""
    return render_template("agency/team.html", team=teams.of(actor()))


@blueprint.get("/team/<int(max=2147483647):person_id>")
@require(Permission.RECORD_OWN)
@part_of(Switch.TEAM)
@audited(Action.PERSON_VIEWED)
def show_member(person_id: int) -> str:
    return render_template("agency/member.html", member=teams.member(actor(), person_id))
