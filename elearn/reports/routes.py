"""Pages of reports: one's own record, what HR sees of a branch, what an instructor sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock
from elearn.competency import framework
from elearn.content import catalogue, drafts
from elearn.errors import NotFound
from elearn.people import audit, directory, second_factor, units
from elearn.people.access import actor, audited, exported, require
from elearn.people.models import Person
from elearn.people.permissions import Permission
from elearn.people.units import UnitNode
from elearn.reports import (
    branch,
    completions,
    courses,
    drafted,
    expiring,
    filters,
    gains,
    people,
    plots,
    queries,
    questions,
    sending,
    sheets,
    teaching,
)
from elearn.reports.filters import Wanted

blueprint = Blueprint("reports", __name__)
VIEWED = "person:viewed"
ID = "<int(max=2147483647):person_id>"
KIND = "<any(csv, xlsx):kind>"
# The lists that can be searched, by the word the search form sends.
LISTS = {
    "people": "reports.show_people",
    "course": "reports.show_course_people",
    "completions": "reports.show_completions",
    "expiring": "reports.show_expiring",
    "certificates": "certification.show_certificates",
    "outside": "outside.show_queue",
    "siasn": "siasn.show_rows",
    "rectifications": "privacy.show_requests",
    "assignment": "programme.show_people",
}
KEPT = (
    "unit", "year", "status", "class", "state", "standing", "floor", "active", "course", "from",
    "until", "sort",
)  # fmt: skip


@blueprint.get("/record")
@require(Permission.RECORD_OWN)
def show_record() -> str:
    """Show the signed-in person what they have learnt."""
    person = directory.person_of(actor().id)
    record = queries.record_of(person, filters.year_of(request.args))
    return render_template("reports/record.html", record=record)


def _nodes() -> list[UnitNode]:
    """The units within reach; without any there is nothing for this person here."""
    nodes = units.tree_in_reach(actor())
    if not nodes:
        raise NotFound
    return nodes


@blueprint.post("/hr/find")
@require(Permission.REPORT_READ)
def find() -> AnyResponse:
    """Narrow a list. It is posted, as no NIP may stand in an address."""
    form = request.form
    endpoint = LISTS.get(form.get("list", ""))
    if endpoint is None:
        raise NotFound
    values: dict[str, Any] = {name: form[name] for name in KEPT if form.get(name)}
    if endpoint == LISTS["course"]:
        values["slug"] = form.get("slug", "") or "-"
    elif endpoint == LISTS["assignment"]:
        values["id"] = filters.number_of(form, "id") or 0
    text = form.get("q", "").strip()[: filters.MAX_TEXT]
    if filters.digits_of(text):
        values["person"] = _person_with(text)
    elif text:
        values["q"] = text
    return redirect(url_for(endpoint, **values), 303)


def _person_with(text: str) -> int:
    """Whom a NIP belongs or belonged to; 0, which is nobody, also for those never within reach."""
    try:
        person_id = directory.by_nip(text)
    except NotFound:
        return 0
    return person_id if branch.has_worked_in(actor(), person_id) else 0


@blueprint.get("/hr/people")
@require(Permission.PERSON_READ)
def show_people() -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    rules = people.rules_of(wanted.year)
    page = people.find(actor(), wanted, rules)
    return render_template(
        "reports/people.html",
        page=page,
        wanted=wanted,
        nodes=nodes,
        rules=rules,
        years=filters.years(),
        classes=framework.classes(),
    )


@blueprint.get(f"/hr/people.{KIND}")
@require(Permission.PERSON_READ)
@exported("export:people")
def export_people(kind: str) -> Response:
    return sending.saved(sheets.people_sheet(actor(), filters.read(request.args, _nodes())), kind)


@blueprint.get(f"/hr/people/{ID}")
@require(Permission.PERSON_READ)
@audited(VIEWED)
def show_person(person_id: int) -> str:
    person = units.person_in_reach(actor(), person_id)
    record = queries.record_of(person, filters.year_of(request.args))
    return render_template("reports/person.html", record=record, acts=_acts_on(person))


def _acts_on(person: Person) -> dict[str, bool]:
    """What the actor may do for a person, so that only such buttons are shown."""
    me = actor()
    here = me.acts_in(person.unit.path)
    resets = me.may(Permission.PERSON_RESET) and person.active and person.id != me.id
    may_reset = resets and (here or me.may(Permission.ROLE_GRANT))
    return {
        "enter": here and me.may(Permission.OUTSIDE_LEARNING_ENTER),
        "reset": may_reset,
        "has_factor": may_reset and second_factor.is_on(person.id),
    }


@blueprint.get("/hr/courses")
@require(Permission.REPORT_READ)
def show_courses() -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    found = courses.named(courses.figures(actor(), wanted), wanted.text or wanted.digits)
    return render_template("reports/courses.html", found=found, wanted=wanted, nodes=nodes)


@blueprint.get("/hr/courses/<slug>")
@require(Permission.REPORT_READ)
def show_course_people(slug: str) -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    course = catalogue.link(slug)
    counts = courses.states(actor(), course.id, wanted)
    page = courses.find(actor(), course.id, wanted, counts)
    return render_template(
        "reports/course.html", course=course, page=page, counts=counts, wanted=wanted, nodes=nodes
    )


@blueprint.get(f"/hr/courses/<slug>.{KIND}")
@require(Permission.REPORT_READ)
@exported("export:course")
def export_course_people(slug: str, kind: str) -> Response:
    wanted = filters.read(request.args, _nodes())
    course = catalogue.link(slug)
    return sending.saved(sheets.course_sheet(actor(), course.id, course.slug, wanted), kind)


@blueprint.get("/hr/completions")
@require(Permission.REPORT_READ)
def show_completions() -> str:
    nodes = _nodes()
    wanted = filters.read(request.args, nodes)
    return render_template(
        "reports/completions.html",
        page=completions.find(actor(), wanted),
        wanted=wanted,
        nodes=nodes,
        courses=catalogue.all_links(),
        classes=framework.classes(),
    )


@blueprint.get(f"/hr/completions.{KIND}")
@require(Permission.REPORT_READ)
@exported("export:completions")
def export_completions(kind: str) -> Response:
    wanted = filters.read(request.args, _nodes())
    return sending.saved(sheets.completion_sheet(actor(), wanted), kind)


@blueprint.get("/hr/expiring")
@require(Permission.REPORT_READ)
def show_expiring() -> str:
    """Who must renew what, and until when."""
    nodes = _nodes()
    wanted = _of_expiring(nodes)
    return render_template(
        "reports/expiring.html",
        page=expiring.find(actor(), wanted),
        wanted=wanted,
        nodes=nodes,
        courses=catalogue.all_links(),
        today=clock.today(),
    )


def _of_expiring(nodes: list[UnitNode]) -> Wanted:
    """This list has states of its own."""
    asked = request.args.get("state", "")
    wanted = filters.read(request.args, nodes)
    return replace(wanted, state=asked if asked in expiring.STATES else "")


@blueprint.get(f"/hr/expiring.{KIND}")
@require(Permission.REPORT_READ)
@exported("export:expiring")
def export_expiring(kind: str) -> Response:
    return sending.saved(sheets.expiring_sheet(actor(), _of_expiring(_nodes())), kind)


@blueprint.get(f"/admin/audit.{KIND}")
@require(Permission.AUDIT_READ)
@exported("export:audit")
def export_audit(kind: str) -> Response:
    return sending.saved(sheets.audit_sheet(audit.read(request.args)), kind)


@blueprint.get("/teach")
@require(Permission.COURSE_TEACH)
def show_taught() -> str:
    return render_template(
        "reports/taught.html",
        found=teaching.courses_of(actor().id),
        unpublished=drafts.unpublished(actor().id),
    )


@blueprint.get("/teach/<slug>")
@require(Permission.COURSE_TEACH)
def show_taught_course(slug: str) -> str:
    course = teaching.taught_course(actor().id, slug)
    wanted = _of_learners()
    page = teaching.learners(course.id, wanted)
    return render_template("reports/taught_course.html", course=course, page=page, wanted=wanted)


def _of_learners() -> Wanted:
    return filters.read(request.args)


@blueprint.get("/teach/<slug>/questions")
@require(Permission.COURSE_TEACH)
def show_questions(slug: str) -> str:
    course = teaching.taught_course(actor().id, slug)
    found = questions.results(course.id, request.args.get("quiz", ""))
    drawn = plots.of(found.shown) if found.shown else None
    return render_template(
        "reports/questions.html",
        course=course,
        found=found,
        plots=drawn,
        measured=gains.of_course(course.id, found.version_id),
    )


@blueprint.get("/teach/<slug>/edit/figures/<path:path>")
@require(Permission.COURSE_TEACH)
def show_drafted(slug: str, path: str) -> str:
    """Show what answers tell of a draft file's questions; the editor fetches the list alone."""
    draft = drafts.authored(actor().id, slug)
    is_part = request.headers.get("X-Part") == "figures"
    return render_template(
        "reports/_drafted.html" if is_part else "reports/drafted.html",
        course=draft,
        path=path,
        found=drafted.of_file(draft, path),
    )


@blueprint.get("/teach/<slug>/reflections")
@require(Permission.COURSE_TEACH)
def show_reflections(slug: str) -> str:
    course = teaching.taught_course(actor().id, slug)
    wanted = _of_learners()
    page = teaching.reflections(course.id, wanted)
    return render_template("reports/reflections.html", course=course, page=page, wanted=wanted)
