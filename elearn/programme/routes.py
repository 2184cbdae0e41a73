"""Pages of assignments: give and change them, follow them unit by unit, name who is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from elearn import canonical, clock, pdf, settings
from elearn.assignments import assigned as assignments
from elearn.assignments import assigning
from elearn.assignments.assigned import Assigned
from elearn.assignments.rule import Line, Rule
from elearn.competency import framework
from elearn.content import catalogue
from elearn.database import transaction
from elearn.downloads import attachment
from elearn.errors import Conflict, Invalid, NotAllowed, NotFound
from elearn.learning import asked, asked_figures
from elearn.people import directory, units
from elearn.people.access import actor, exported, require
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.programme import handouts, listing, numbers, reminders, sheets
from elearn.programme.forms import EVERY_STATUS, ExemptionForm, Filled, ReasonForm
from elearn.reports import branch, filters, sending

blueprint = Blueprint("programme", __name__)
ROOT = "/hr/assignments"
ID = "<int(max=2147483647):id>"
PERSON = "<int(max=2147483647):person_id>"
KIND = "<any(csv, xlsx):kind>"
SAVE, ADD, REMOVE = "save", "add", "remove-"
SEE, MANAGE = Permission.REPORT_READ, Permission.ASSIGNMENT_MANAGE
DEFAULT_DAYS = 30


def _nodes() -> list[UnitNode]:
    """The units within reach; without any there is nothing for this person here."""
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes


def _state() -> str:
    state = request.args.get("state", "")
    return state if state in listing.STATES else listing.OPEN


def _standing() -> str:
    standing = request.args.get("standing", "")
    return standing if standing in listing.STANDINGS else ""


# --- the list


@blueprint.get(ROOT)
@require(SEE)
def show_assignments() -> str:
    nodes = _nodes()
    wanted, state = filters.read(request.args, nodes), _state()
    return render_template(
        "programme/assignments.html",
        page=listing.find(actor(), wanted, state),
        wanted=wanted,
        state=state,
        nodes=nodes,
        classes=_classes(),
    )


@blueprint.get(f"{ROOT}.{KIND}")
@require(SEE)
@exported("export:assignments")
def export_assignments(kind: str) -> Response:
    found = listing.everything(actor(), filters.read(request.args, _nodes()), _state())
    return sending.saved(sheets.assignments_sheet(found), kind)


def _classes() -> dict[str, str]:
    return {row.key: row.name for row in framework.classes()}


# --- giving and changing


@blueprint.get(f"{ROOT}/new")
@require(MANAGE, seen_with=SEE)
def show_new() -> str:
    filled = Filled(None, _choices())
    filled.form.starts_on.data, filled.form.days.data = clock.today(), DEFAULT_DAYS
    course = filters.number_of(request.args, "course")
    filled.form.courses.data = [course] if course else []
    return _form_page(filled, None)


@blueprint.post(f"{ROOT}/new")
@require(MANAGE, seen_with=SEE)
def give() -> Response:
    filled = Filled(request.form, _choices())
    rule = _rule(filled)
    if rule is None or not _is_checked(filled, rule):
        return _again(filled, rule, None)
    try:
        with transaction():
            id_ = assigning.give(actor(), _owner(filled), rule)
    except Invalid as problem:
        return _refused(filled, problem, None)
    flash(_("Kursus wajib ditetapkan."), "ok")
    return redirect(url_for("programme.show_assignment", id=id_), 303)


@blueprint.get(f"{ROOT}/{ID}/edit")
@require(MANAGE, seen_with=SEE)
def show_edit(id: int) -> str:
    assigned = _to_change(id)
    filled = Filled(None, _choices(assigned))
    filled.show(assigned.rule, [assignments.numbers_of(line) for line in assigned.rule.lines])
    filled.form.revision.data = str(assigned.revision)
    return _form_page(filled, assigned)


@blueprint.post(f"{ROOT}/{ID}/edit")
@require(MANAGE, seen_with=SEE)
def revise(id: int) -> Response:
    assigned = _to_change(id)
    filled = Filled(request.form, _choices(assigned))
    rule = _rule(filled)
    if rule is None or not _is_checked(filled, rule):
        return _again(filled, rule, assigned)
    if filled.form.revision.data != str(assigned.revision):
        raise Conflict("assignment_changed")
    try:
        with transaction():
            assigning.revise(actor(), assigned, rule)
    except Invalid as problem:
        return _refused(filled, problem, assigned)
    flash(_("Perubahan disimpan dan berlaku mulai sekarang."), "ok")
    return redirect(url_for("programme.show_assignment", id=id), 303)


def _to_change(id: int) -> Assigned:
    found = listing.seen_by(actor(), id).assigned
    if not found.is_changed_by(actor()):
        raise NotAllowed
    if not found.is_open:
        raise Conflict("assignment_withdrawn")
    return found


def _choices(assigned: Assigned | None = None) -> dict[str, Any]:
    """What the selects of the form offer: open courses, and the actor's own units."""
    open_ = {course.id: course.title for course in catalogue.open_links()}
    kept = {c.id: c.title for c in assigned.courses if not c.is_open} if assigned else {}
    nodes = [node for node in units.tree_in_reach(actor()) if actor().acts_in(node.path)]
    names = {str(node.id): "\u2003" * node.depth + node.name for node in nodes}
    tops = {str(node.id): node.name for node in nodes if node.path in actor().acting_paths}
    return {
        "courses": open_ | kept,
        "unit_id": {"": _("Semua unit")} | names,
        "owner": tops,
        "position_class": {"": _("Semua kelas")} | _classes(),
        "status": {key: str(word) for key, word in EVERY_STATUS.items()},
    }


def _owner(filled: Filled) -> int | None:
    """The branch that is to own it: none for HR of the agency."""
    if actor().acts_in("/"):
        return None
    offered = list(filled.form.owner.choices)
    chosen = filled.form.owner.data or (offered[0] if offered else "")
    if chosen not in offered:
        raise NotAllowed
    return int(chosen)


def _rule(filled: Filled) -> Rule | None:
    """The rule that was filled in; None where something is wrong with it, which is said."""
    act = request.form.get("act", "")
    if act == ADD:
        filled.add()
        return None
    if act.startswith(REMOVE):
        filled.without(filters.whole(act.removeprefix(REMOVE)) or 0)
        return None
    if not filled.validate():
        return None
    lines = _lines(filled)
    if lines is None:
        return None
    rule = filled.form.rule(lines)
    try:
        assigning.check(rule)
    except Invalid as problem:
        _place(filled, problem)
        return None
    return rule


def _lines(filled: Filled) -> tuple[Line, ...] | None:
    found = []
    for form in filled.lines:
        text = form.people.data or ""
        try:
            read = numbers.read(actor(), text) if text.strip() else None
        except Invalid as problem:
            form.place(problem)
            return None
        if read and read.unknown:
            form.say_unknown(read.unknown)
            return None
        found.append(form.line(read.people if read else None))
    return tuple(found)


def _place(filled: Filled, problem: Invalid) -> None:
    at_line = filled.lines[problem.line] if isinstance(problem, assigning.InvalidLine) else None
    (at_line or filled.form).place(problem)


def _is_checked(filled: Filled, rule: Rule) -> bool:
    """Whether what is saved is what was counted and shown a moment before."""
    is_same = filled.form.checked.data == _mark(rule)
    return request.form.get("act") == SAVE and is_same


def _mark(rule: Rule) -> str:
    return canonical.sha256(repr(rule))


def _again(filled: Filled, rule: Rule | None, assigned: Assigned | None) -> Response:
    """The form once more, with what its rule means in people."""
    effect = _effect(filled, rule, assigned) if rule else None
    if request.headers.get("X-Part") == "effect":
        part = render_template("programme/_effect.html", assigned=assigned, effect=effect)
        return make_response(part)
    filled.form.checked.data = _mark(rule) if rule else ""
    status = Invalid.status if filled.errors else 200
    return make_response(_form_page(filled, assigned, effect), status)


def _effect(filled: Filled, rule: Rule, assigned: Assigned | None) -> asked.Change:
    if assigned is not None:
        return asked.change(assigned, rule)
    owner = _owner(filled)
    people = asked.count(rule, units.unit_of(owner).path if owner else None)
    return asked.Change(0, people, people, 0)


def _refused(filled: Filled, problem: Invalid, assigned: Assigned | None) -> Response:
    _place(filled, problem)
    return _again(filled, None, assigned)


def _form_page(filled: Filled, assigned: Assigned | None, effect: Any = None) -> str:
    filled.form.line_count.data = str(len(filled.lines))
    return render_template(
        "programme/assignment_form.html",
        sent=filled,
        form=filled.form,
        assigned=assigned,
        effect=effect,
        posts=sorted({name for _id, name in directory.positions()}),
    )


# --- one of them


@blueprint.get(f"{ROOT}/{ID}")
@require(SEE)
def show_assignment(id: int) -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    assigned = listing.seen_by(actor(), id).assigned
    found = asked.by_unit(assigned, branch.scope(actor(), wanted))
    return render_template(
        "programme/assignment.html",
        assigned=assigned,
        figures=listing.total(found, "/"),
        shares=listing.shares(wanted.unit, nodes, found),
        exemptions=assignments.exemptions(id, branch.scope(actor(), wanted)),
        revisions=assignments.revisions(id),
        wanted=wanted,
        nodes=nodes,
        classes=_classes(),
        today=clock.today(),
    )


@blueprint.get(f"{ROOT}/{ID}/people")
@require(Permission.PERSON_READ)
def show_people(id: int) -> str:
    nodes = _nodes()
    wanted, standing = filters.read(request.args, nodes), _standing()
    assigned = listing.seen_by(actor(), id).assigned
    counts = listing.counts(actor(), assigned, wanted)
    total = counts.get(standing, 0) if standing else sum(counts.values())
    return render_template(
        "programme/people.html",
        assigned=assigned,
        page=listing.people(actor(), assigned, wanted, standing, total),
        counts=counts,
        standing=standing,
        wanted=wanted,
        nodes=nodes,
    )


@blueprint.get(f"{ROOT}/{ID}/people.{KIND}")
@require(Permission.PERSON_READ)
@exported("export:assignment")
def export_people(id: int, kind: str) -> Response:
    wanted = filters.read(request.args, _nodes())
    assigned = listing.seen_by(actor(), id).assigned
    found = listing.everyone(actor(), assigned, wanted, _standing())
    return sending.saved(sheets.people_sheet(assigned, found), kind)


@blueprint.get(f"{ROOT}/{ID}/withdraw")
@require(MANAGE, seen_with=SEE)
def show_withdrawal(id: int) -> str:
    return _withdrawal_page(ReasonForm(), _to_change(id))


def _withdrawal_page(form: ReasonForm, assigned: Assigned) -> str:
    figures = asked_figures.figures_of(assigned, actor().hr_paths)
    return render_template(
        "programme/withdrawal.html", form=form, assigned=assigned, figures=figures
    )


@blueprint.post(f"{ROOT}/{ID}/withdraw")
@require(MANAGE, seen_with=SEE)
def withdraw(id: int) -> Response:
    assigned, form = _to_change(id), ReasonForm(request.form)
    if form.validate():
        try:
            with transaction():
                assigning.withdraw(actor(), assigned, form.reason.data)
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Kursus wajib ini ditarik. Kelulusan yang sudah ada tetap tercatat."), "ok")
            return redirect(url_for("programme.show_assignment", id=id), 303)
    return make_response(_withdrawal_page(form, assigned), Invalid.status)


# --- exemptions


@blueprint.get(f"{ROOT}/{ID}/exempt/{PERSON}")
@require(MANAGE, seen_with=Permission.PERSON_READ)
def show_exemption(id: int, person_id: int) -> str:
    return _exemption_page(ExemptionForm(), id, person_id)


def _exemption_page(form: ExemptionForm, id: int, person_id: int) -> str:
    assigned = listing.seen_by(actor(), id).assigned
    person = units.person_to_act_on(actor(), person_id)
    return render_template("programme/exemption.html", form=form, assigned=assigned, person=person)


@blueprint.post(f"{ROOT}/{ID}/exempt/{PERSON}")
@require(MANAGE, seen_with=Permission.PERSON_READ)
def exempt(id: int, person_id: int) -> Response:
    assigned, form = listing.seen_by(actor(), id).assigned, ExemptionForm(request.form)
    if form.validate():
        try:
            with transaction():
                assigning.exempt(actor(), assigned, person_id, form.reason.data, form.until.data)
        except Invalid as problem:
            form.place(problem)
        else:
            flash(_("Pengecualian dicatat."), "ok")
            return redirect(url_for("programme.show_assignment", id=id) + "#exempt", 303)
    return make_response(_exemption_page(form, id, person_id), Invalid.status)


@blueprint.post(f"{ROOT}/{ID}/exemptions/<int(max=2147483647):exemption_id>/end")
@require(MANAGE, seen_with=Permission.PERSON_READ)
def end_exemption(id: int, exemption_id: int) -> Response:
    assigned = listing.seen_by(actor(), id).assigned
    with transaction():
        assigning.end_exemption(actor(), assigned, exemption_id)
    flash(_("Pengecualian diakhiri. Kursus ini kembali wajib bagi pegawai itu."), "ok")
    return redirect(url_for("programme.show_assignment", id=id) + "#exempt", 303)


# --- what is handed out


@blueprint.post(f"{ROOT}/{ID}/remind")
@require(MANAGE, seen_with=SEE)
def remind(id: int) -> Response:
    """Let the runner remind everybody of the actor's branch who has not done it."""
    assigned = listing.seen_by(actor(), id).assigned
    if not assigned.is_open:
        raise Conflict("assignment_withdrawn")
    with transaction():
        is_new = reminders.ask_now(actor(), assigned)
    if is_new:
        flash(_("Pengingat dikirim ke kotak pesan mereka yang belum selesai."), "ok")
    else:
        flash(_("Pengingat sudah dikirim hari ini."), "warn")
    return redirect(url_for("programme.show_assignment", id=id), 303)


@blueprint.get(f"{ROOT}/{ID}/message")
@require(Permission.PERSON_READ)
@exported("export:assignment_message")
def show_message(id: int) -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    assigned = listing.seen_by(actor(), id).assigned
    scope = branch.scope(actor(), wanted)
    names = listing.missing_names(assigned, scope, handouts.MOST_NAMES)
    text = handouts.message(assigned, names) if names else ""
    link = f"https://wa.me/?text={quote(text)}" if 0 < len(text) < handouts.LONGEST_LINK else ""
    return render_template(
        "programme/message.html",
        assigned=assigned,
        text=text,
        link=link,
        wanted=wanted,
        nodes=nodes,
    )


@blueprint.get(f"{ROOT}/{ID}/poster.pdf")
@require(SEE)
def show_poster(id: int) -> Response:
    """A sheet for the wall by which people find the course."""
    assigned = listing.seen_by(actor(), id).assigned
    agency = settings.value("agency_name", clock.today().year)
    return attachment(
        handouts.poster(assigned, agency), f"poster-kursus-wajib-{id}.pdf", pdf.MEDIA_TYPE
    )
