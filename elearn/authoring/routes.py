"""Pages of how a course changes: editions and their effect, reviews, people, mended keys."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn.authoring import releases, reviews
from elearn.authoring.reviews import Findings, Point
from elearn.competency import framework
from elearn.content import catalogue, editions, publishing, teachers
from elearn.content.approvals import waiting_courses
from elearn.content.models import TeacherRole, Verdict
from elearn.content.teachers import OwnCourse
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.learning import flips, migration, regrade
from elearn.learning.regrade import Ask
from elearn.people import audit
from elearn.people.access import actor, require
from elearn.people.permissions import Permission

blueprint = Blueprint("authoring", __name__)
APPROVED = "course:approved"
RELEASED = "course:released"
RETIRED = "course:retired"
REOPENED = "course:reopened"
ASSIGNED = "teacher:assigned"
RELEASED_FROM = "teacher:released"
REGRADED = "course:regraded"
ACTS = {"retire": releases.retire, "reopen": releases.reopen}
REFUSED = {
    "moved": lambda: _("Keadaan kursus sudah berubah sejak halaman ini dibuka. Periksa kembali."),
    "retired": lambda: _("Kursus ini ditutup. Buka kembali sebelum menerbitkan versi."),
    "released": lambda: _("Versi ini sudah terbit."),
    "not_reviewed": lambda: _("Penelaah belum meloloskan versi ini."),
    "no_reviewers": lambda: _("Kursus ini belum punya penelaah. Tambahkan dahulu."),
    "asked": lambda: _("Versi ini sudah menunggu telaah."),
    "not_asked": lambda: _("Versi ini tidak sedang menunggu telaah."),
    "state": lambda: _("Keadaan kursus sudah berubah. Periksa kembali."),
    "last_owner": lambda: _("Kursus harus punya sedikitnya satu pemilik."),
    "running": lambda: _("Hitung ulang sebelumnya belum selesai. Tunggu sebentar."),
}


def _refuse(problem: Conflict) -> None:
    flash(REFUSED[problem.reason](), "warn")


# --- editions ------------------------------------------------------------------------------


@blueprint.get("/teach/<slug>/versions")
@require(Permission.COURSE_TEACH)
def show_versions(slug: str) -> str:
    course = teachers.own_course(actor().id, slug)
    found = [
        (edition, reviews.latest(edition.version_id)) for edition in editions.of_course(course)
    ]
    return render_template("authoring/versions.html", course=course, editions=found)


@blueprint.get("/teach/<slug>/versions/<int(max=2147483647):number>")
@require(Permission.COURSE_TEACH)
def show_version(slug: str, number: int) -> str:
    """Show what an edition changes and whom it would touch, before it is given out."""
    return _version(slug, number, {})


def _version(slug: str, number: int, typed: dict[str, Any]) -> str:
    course = teachers.own_course(actor().id, slug)
    edition = editions.find(course, number)
    against = editions.compared_with(course)
    now = catalogue.whole(against) if against and against != edition.version_id else None
    shown = catalogue.whole(edition.version_id)
    effect = migration.preview(now, shown)
    return render_template(
        "authoring/version.html",
        course=course,
        edition=edition,
        effect=effect,
        compared=now,
        against=against or 0,
        outlooks=[(q, flips.outlook(course.id, q)) for q in effect.difference.mended],
        review=reviews.latest(edition.version_id),
        reviewers=reviews.reviewers_of(course.id),
        points=list(Point),
        names=framework.names(),
        outline=catalogue.outline(edition.version_id),
        pretest_ids=shown.pretest_ids,
        typed=typed,
    )


@blueprint.get("/teach/<slug>/versions/<int(max=2147483647):number>/lessons/<path:key>")
@require(Permission.COURSE_TEACH)
def read_lesson(slug: str, number: int, key: str) -> str:
    """Let authors and reviewers read a lesson of any edition, with the keys of its questions."""
    course = teachers.own_course(actor().id, slug)
    edition = editions.find(course, number)
    outline = catalogue.outline(edition.version_id)
    lesson = outline.find(key)
    blocks = catalogue.lesson(edition.version_id, lesson.key)
    found = {quiz.key: catalogue.quiz(edition.version_id, quiz.key) for quiz in lesson.quizzes}
    return render_template(
        "authoring/lesson.html",
        course=course,
        edition=edition,
        outline=outline,
        lesson=lesson,
        blocks=blocks,
        quizzes=found,
    )


@blueprint.post("/teach/<slug>/versions/<int(max=2147483647):number>/release")
@require(Permission.COURSE_TEACH)
def release(slug: str, number: int) -> AnyResponse:
    """Give an edition out as its effect was shown."""
    course = teachers.owned_course(actor().id, slug)
    edition = editions.find(course, number)
    shown = request.form.get("against", type=int)
    if shown is None:
        raise NotFound
    try:
        with transaction():
            done = releases.release(course, edition, actor().id, shown)
            audit.record(actor().id, RELEASED, None, course=slug, version=number)
    except Conflict as problem:
        _refuse(problem)
        return redirect(url_for("authoring.show_version", slug=slug, number=number), 303)
    if done.is_open:
        flash(_("Versi %(number)s terbit dan terbuka bagi peserta.", number=number), "ok")
    else:
        flash(_("Versi %(number)s menunggu persetujuan kepegawaian.", number=number), "ok")
    return redirect(url_for("authoring.show_versions", slug=slug), 303)


@blueprint.post("/teach/<slug>/state")
@require(Permission.COURSE_TEACH)
def change_state(slug: str) -> AnyResponse:
    """Close a course, or open it again."""
    course = teachers.owned_course(actor().id, slug)
    act = ACTS.get(request.form.get("act", ""))
    if act is None:
        raise NotFound
    try:
        with transaction():
            act(course)
            if act is releases.retire:
                audit.record(actor().id, RETIRED, None, course=slug)
            else:
                audit.record(actor().id, REOPENED, None, course=slug)
    except Conflict as problem:
        _refuse(problem)
    return redirect(url_for("authoring.show_versions", slug=slug), 303)


# --- reviews -------------------------------------------------------------------------------


@blueprint.post("/teach/<slug>/versions/<int(max=2147483647):number>/review")
@require(Permission.COURSE_TEACH)
def ask_review(slug: str, number: int) -> AnyResponse:
    """Send an edition to the reviewers."""
    course = teachers.authored_course(actor().id, slug)
    edition = editions.find(course, number)
    try:
        with transaction():
            reviews.ask(course, edition, actor().id)
    except Conflict as problem:
        _refuse(problem)
    else:
        flash(_("Penelaah sudah diberi tahu."), "ok")
    return redirect(url_for("authoring.show_version", slug=slug, number=number), 303)


@blueprint.post("/teach/<slug>/versions/<int(max=2147483647):number>/verdict")
@require(Permission.COURSE_TEACH)
def decide_review(slug: str, number: int) -> AnyResponse | tuple[str, int]:
    """Keep what a reviewer found, so far or for good; what was typed stays when it is refused."""
    course = teachers.own_course(actor().id, slug)
    edition = editions.find(course, number)
    form = request.form
    given = form.get("verdict", "")
    verdict = Verdict(given) if given in list(Verdict) else Verdict.RETURNED
    found = Findings(verdict, form.getlist("points"), form.get("remark", ""))
    keep = reviews.note if verdict is Verdict.WAITING else reviews.decide
    try:
        with transaction():
            keep(course, edition, actor().id, found)
    except Conflict as problem:
        _refuse(problem)
    except Invalid as problem:
        typed = {"points": found.points, "remark": found.remark, "reason": problem.reason}
        return _version(slug, number, typed), problem.status
    else:
        if keep is reviews.note:
            flash(_("Tersimpan. Telaah belum diputuskan; lanjutkan kapan saja."), "ok")
    return redirect(url_for("authoring.show_version", slug=slug, number=number), 303)


# --- people --------------------------------------------------------------------------------


@blueprint.get("/teach/<slug>/people")
@require(Permission.COURSE_TEACH)
def show_people(slug: str) -> str:
    course = teachers.own_course(actor().id, slug)
    candidates = teachers.candidates(course.id) if course.is_owner else []
    return render_template(
        "authoring/people.html",
        course=course,
        people=teachers.teachers_of(course.id),
        candidates=candidates,
    )


@blueprint.post("/teach/<slug>/people")
@require(Permission.COURSE_TEACH)
def assign(slug: str) -> AnyResponse:
    """Give somebody a part in the course, or another part, or none."""
    course = teachers.owned_course(actor().id, slug)
    person_id = request.form.get("person", type=int)
    if person_id is None:
        flash(_("Pilih orangnya dari daftar."), "warn")
        return redirect(url_for("authoring.show_people", slug=slug), 303)
    try:
        with transaction():
            _assign(course, person_id, request.form.get("role", ""))
    except Conflict as problem:
        _refuse(problem)
    if person_id == actor().id and teachers.role_of(person_id, course.id) is None:
        return redirect(url_for("reports.show_taught"), 303)  # the course is theirs no longer
    return redirect(url_for("authoring.show_people", slug=slug), 303)


def _assign(course: OwnCourse, person_id: int, role: str) -> None:
    if role == "none":
        teachers.release_from(course.id, person_id)
        audit.record(actor().id, RELEASED_FROM, person_id, course=course.slug)
        return
    if role not in list(TeacherRole):
        raise NotFound
    teachers.assign(course.id, person_id, TeacherRole(role))
    audit.record(actor().id, ASSIGNED, person_id, course=course.slug, part=role)


# --- mended keys ---------------------------------------------------------------------------


@blueprint.get("/teach/<slug>/keys")
@require(Permission.COURSE_TEACH)
def show_keys(slug: str) -> str:
    course = teachers.authored_course(actor().id, slug)
    return render_template(
        "authoring/keys.html",
        course=course,
        mendable=flips.mendable(course.id),
        reports=flips.reports_of(course.id),
    )


DIGEST = "string(minlength=1, maxlength=64)"


@blueprint.get(f"/teach/<slug>/keys/<{DIGEST}:question>/<{DIGEST}:mended>")
@require(Permission.COURSE_TEACH)
def show_forecast(slug: str, question: str, mended: str) -> str:
    """Show which results would flip; nothing is changed."""
    strict = request.args.get("policy") == "strict"
    return _forecast(slug, Ask(0, question, mended, not strict, ""))


def _forecast(slug: str, wanted: Ask, reason: str = "") -> str:
    course = teachers.authored_course(actor().id, slug)
    wanted = wanted._replace(course_id=course.id)
    return render_template(
        "authoring/forecast.html",
        course=course,
        wanted=wanted,
        forecast=flips.forecast(wanted),
        problem=reason,
    )


@blueprint.post(f"/teach/<slug>/keys/<{DIGEST}:question>/<{DIGEST}:mended>")
@require(Permission.COURSE_TEACH)
def ask_regrade(slug: str, question: str, mended: str) -> AnyResponse | tuple[str, int]:
    """Have attempts graded again by a mended key; the reason is kept."""
    course = teachers.owned_course(actor().id, slug)
    lenient = request.form.get("policy") != "strict"
    wanted = Ask(course.id, question, mended, lenient, request.form.get("reason", ""))
    try:
        with transaction():
            regrade_id = regrade.ask(actor().id, wanted)
            audit.record(actor().id, REGRADED, None, course=slug, id=regrade_id)
    except Invalid as problem:
        return _forecast(slug, wanted, problem.reason), problem.status
    except Conflict as problem:
        _refuse(problem)
        return redirect(url_for("authoring.show_keys", slug=slug), 303)
    address = url_for("authoring.show_regrade", slug=slug, regrade_id=regrade_id)
    return redirect(address, 303)


@blueprint.get("/teach/<slug>/regrades/<int(max=2147483647):regrade_id>")
@require(Permission.COURSE_TEACH)
def show_regrade(slug: str, regrade_id: int) -> str:
    """How far a regrade is, and what it has changed so far."""
    course = teachers.authored_course(actor().id, slug)
    report = flips.report(course.id, regrade_id)
    return render_template("authoring/regrade.html", course=course, report=report)


# --- HR of the agency ----------------------------------------------------------------------


@blueprint.get("/hr/approvals")
@require(Permission.COURSE_APPROVE)
def show_approvals() -> str:
    """List the courses whose JP, kind and competencies wait for HR of the agency."""
    return render_template(
        "authoring/approvals.html", courses=waiting_courses(), names=framework.names()
    )


@blueprint.post("/hr/approvals/<int(max=2147483647):course_id>")
@require(Permission.COURSE_APPROVE)
def approve_course(course_id: int) -> AnyResponse:
    """Vouch for the terms that were shown; a newer version in between is not waved through."""
    shown = request.form.get("version", type=int)
    if shown is None:
        raise NotFound
    try:
        with transaction():
            version = publishing.approve(course_id, actor().id, shown)
            slug = catalogue.outline(version.id).slug
            audit.record(actor().id, APPROVED, None, course=slug, version=version.number)
    except Conflict:
        flash(_("Kursus ini sudah berubah atau sudah disetujui. Periksa daftar terbaru."), "warn")
    else:
        flash(_("%(title)s disetujui dan terbuka bagi peserta.", title=version.title), "ok")
    return redirect(url_for("authoring.show_approvals"), 303)
