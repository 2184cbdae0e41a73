"""Pages of learning: catalogue, course, lesson, attempt, result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from elearn import clock, settings
from elearn.competency import framework
from elearn.content import catalogue, teachers
from elearn.content.catalogue import CatalogueFilter
from elearn.content.course import PRETEST, Category, Check
from elearn.content.keys import EssayKey
from elearn.database import transaction
from elearn.errors import Conflict, Invalid, NotFound
from elearn.learning import (
    answers,
    asked,
    attempts,
    checks,
    corrections,
    hints,
    lesson_shell,
    marked,
    marking,
    migration,
    pretests,
    quizzes,
    reflections,
    renewals,
    study,
    surveys,
)
from elearn.learning.checks import CheckState
from elearn.learning.corrections import Wanted
from elearn.learning.quizzes import NewAnswer
from elearn.learning.record import Outcome
from elearn.learning.rubric import Mark
from elearn.people.access import actor, require
from elearn.people.permissions import Permission
from elearn.shells import Kept, Shell

blueprint = Blueprint("learning", __name__)
MAX_QUERY = 100
SUBMIT = "submit"
# Why a course may not be entered now.
NOT_NOW = {
    "prerequisites": _l("Selesaikan dahulu kursus prasyaratnya."),
    "not_due": _l("Kursus ini belum waktunya diperbarui; kelulusan Anda masih berlaku."),
}
HINT = re.compile(r"hint-([0-9]{1,4})-([0-9]{1,4})", re.ASCII)


@blueprint.get("/courses")
@require(Permission.COURSE_STUDY)
def show_catalogue() -> str:
    """Search and filter the open courses."""
    wanted = _filter()
    page = catalogue.open_courses(wanted)
    return render_template(
        "learning/catalogue.html",
        page=page,
        wanted=wanted,
        mine={course.slug: course for course in study.in_hand(actor().id)},
        asked=asked.by_course(asked.of_person(actor().id)),
        categories=list(Category),
        competencies=framework.names(),
    )


def _filter() -> CatalogueFilter:
    args = request.args
    category = args.get("category", "")
    return CatalogueFilter(
        query=args.get("q", "").strip()[:MAX_QUERY],
        category=category if category in list(Category) else "",
        competency=args.get("competency", "")[:20],
        level=_number(args.get("level")),
        jp=_number(args.get("jp")),
        page=_number(args.get("page")) or 1,
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0


@blueprint.get("/courses/<slug>")
@require(Permission.COURSE_STUDY)
def show_course(slug: str) -> str:
    """Show what a course is, and where the person stands in it."""
    here = study.studying_or_none(actor().id, slug)
    outline = (
        here.outline if here else catalogue.outline(catalogue.open_course(slug).open_version_id)
    )
    return render_template(
        "learning/course.html",
        here=here,
        outline=outline,
        overview_html=catalogue.overview_html(outline.version_id),
        missing=[] if here else study.missing_prerequisites(actor().id, outline),
        attempt=study.open_attempt(here.key.id) if here else None,
        pretest_id=pretests.open_attempt_id(here.key.id) if here and here.may_take_pretest else "",
        offer=migration.offer(here) if here else None,
        renewal=renewals.of(here) if here else None,
        asked=asked.by_course(asked.of_person(actor().id)).get(slug),
        earlier=renewals.earlier_rounds(here) if here else [],
        certificate_id=study.certificate_of(here.key.id) if here else "",
        names=framework.names(),
        jp_per_day=settings.value("elearning_jp_per_day", clock.today().year),
    )


@blueprint.post("/courses/<slug>/enrol")
@require(Permission.COURSE_STUDY)
def enrol(slug: str) -> AnyResponse:
    """Enter a course and open the lesson to begin with, or offer its pretest first."""
    return _enter(study.enrol, slug)


@blueprint.post("/courses/<slug>/renew")
@require(Permission.COURSE_STUDY)
def renew(slug: str) -> AnyResponse:
    """Begin a new round of a course whose completion ends, as it was entered the first time."""
    return _enter(renewals.begin, slug)


def _enter(begin: Callable[[Session, int, str], study.Studying], slug: str) -> AnyResponse:
    try:
        with transaction() as session:
            here = begin(session, actor().id, slug)
    except Conflict as problem:
        if problem.reason not in NOT_NOW:
            raise
        flash(NOT_NOW[problem.reason], "warn")
        return redirect(url_for("learning.show_course", slug=slug))
    if here.may_take_pretest:
        return redirect(url_for("learning.show_course", slug=slug))
    return _to_next_lesson(here)


def _to_next_lesson(here: study.Studying) -> AnyResponse:
    key = here.standing.next_lesson or here.outline.lesson_keys[0]
    return redirect(url_for("learning.show_lesson", slug=here.outline.slug, key=key))


@blueprint.get("/courses/<slug>/lessons/<path:key>")
@require(Permission.COURSE_STUDY)
def show_lesson(slug: str, key: str) -> str | bytes:
    """Show a lesson, and the verdict on a self-check when one is asked for."""
    page = study.lesson_page(actor().id, slug, key)
    check, state = _check(page)
    if state and request.headers.get("X-Part") == "check":
        return render_template("learning/_check.html", block=check, check_state=state, page=page)
    if state or not page.is_same_for_all or "_flashes" in session or not _keeps_shells():
        return _lesson(page, check_state=state)
    return _prepared_lesson(page)


def _keeps_shells() -> bool:
    return not current_app.config["DEVELOPMENT"]  # there, templates change


def _prepared_lesson(page: study.LessonPage) -> bytes:
    """The same page as ``_lesson`` gives, from a shell: most of it is the same for everybody."""
    kept: Kept = current_app.extensions["shells"]
    person = actor()
    kept.get(
        lesson_shell.key_of(page, person), lambda: Shell(_lesson(page, check_state=None, gaps=True))
    )
    kept.get(lesson_shell.entries_key_of(page), lambda: _entries(page.studying.outline))
    return lesson_shell.filled(kept, page, person) or b""


def _entries(outline: catalogue.Outline) -> lesson_shell.Entries:
    part: Any = current_app.jinja_env.get_template("learning/_outline.html").module
    return {
        (lesson.key, state): part.entry(outline.slug, lesson, state).encode()
        for lesson in outline.lessons
        for state in lesson_shell.STATES
    }


def _lesson(page: study.LessonPage, **more: Any) -> str:
    enrolment_id = page.studying.key.id
    lesson = page.lesson
    keys = [quiz.key for quiz in lesson.quizzes]
    return render_template(
        "learning/lesson.html",
        page=page,
        attempts=attempts.attempts_of(enrolment_id, keys),
        allowances=attempts.allowances(page.studying, keys),
        written=reflections.of(enrolment_id) if lesson.reflections else {},
        **more,
    )


def _check(page: study.LessonPage) -> tuple[Check | None, CheckState | None]:
    """A self-check is answered in the address: nothing is written, no script is needed."""
    key = request.args.get(checks.KEY, "")
    found = (b for b in page.blocks if isinstance(b, Check) and b.key == key)
    block = next(found, None) if key else None
    if block is None:
        return None, None
    return block, checks.state_of(key, block.question, request.args.to_dict(flat=False))


@blueprint.post("/courses/<slug>/lessons/<path:key>")
@require(Permission.COURSE_STUDY)
def finish_lesson(slug: str, key: str) -> AnyResponse:
    """Mark a lesson as finished and go on to the next."""
    with transaction() as session:
        outcome = study.finish_lesson(session, actor().id, slug, key)
    if outcome.is_due:
        return _to_completed(slug)
    here = study.studying(actor().id, slug)
    following = here.outline.next_key(key)
    if following:
        return redirect(url_for("learning.show_lesson", slug=slug, key=following))
    return redirect(url_for("learning.show_course", slug=slug))


def _to_completed(slug: str) -> AnyResponse:
    flash(_("Selamat, Anda lulus. Sertifikat Anda sudah terbit."), "ok")
    return redirect(url_for("learning.show_course", slug=slug))


@blueprint.post("/courses/<slug>/reflections/<key>")
@require(Permission.COURSE_STUDY)
def write_reflection(slug: str, key: str) -> AnyResponse | tuple[str, int]:
    """Save a reflection; what was typed is kept when it is too short."""
    here = study.studying(actor().id, slug)
    lesson = here.outline.lesson_of_reflection(key)
    text = request.form.get("text", "")
    try:
        with transaction() as session:
            outcome = reflections.write(session, here, key, text)
    except Invalid as problem:
        return _typed_again(slug, lesson.key, problem, key=key, text=text)
    return _written(slug, lesson.key, outcome, _("Refleksi Anda tersimpan."))


@blueprint.post("/courses/<slug>/surveys/<key>")
@require(Permission.COURSE_STUDY)
def answer_survey(slug: str, key: str) -> AnyResponse | tuple[str, int]:
    """Count what was said to a survey; an empty one is shown again."""
    here = study.studying(actor().id, slug)
    lesson = here.outline.lesson_of_survey(key)
    fields = request.form.to_dict(flat=False)
    survey = surveys.find(here.key.version_id, key)
    given = [answers.from_fields(fields, f"q{i}") for i in range(len(survey.questions))]
    try:
        with transaction() as session:
            outcome = surveys.answer(session, here, survey, given)
    except Invalid as problem:
        return _typed_again(slug, lesson.key, problem, key=key, given=given)
    thanks = _("Terima kasih, jawaban survei Anda tersimpan tanpa nama.")
    return _written(slug, lesson.key, outcome, thanks)


def _typed_again(slug: str, lesson_key: str, problem: Invalid, **typed: Any) -> tuple[str, int]:
    """The lesson with what was typed, and why it was not taken."""
    page = study.lesson_page(actor().id, slug, lesson_key)
    return _lesson(page, check_state=None, typed=typed | {"reason": problem.reason}), problem.status


def _written(slug: str, lesson_key: str, outcome: Outcome, said: str) -> AnyResponse:
    """Back to the lesson, or to the completed course when that was the last thing missing."""
    if outcome.is_due:
        return _to_completed(slug)
    flash(said, "ok")
    return redirect(url_for("learning.show_lesson", slug=slug, key=lesson_key))


@blueprint.post("/courses/<slug>/quizzes/<key>")
@require(Permission.COURSE_STUDY)
def start_attempt(slug: str, key: str) -> AnyResponse:
    """Open an attempt, or the one that is open."""
    here = study.studying(actor().id, slug)
    try:
        with transaction() as session:
            attempt_id = quizzes.start(session, here, key)
    except Conflict as problem:
        if problem.reason == "pretest_over":
            return _pretest_over(slug)
        if problem.reason not in ("no_attempts_left", "waiting"):
            raise
        if problem.reason == "waiting":
            flash(_("Uraian Anda pada kuis ini masih menunggu penilaian."), "warn")
        else:
            flash(_("Kesempatan kuis ini sudah terpakai semua."), "warn")
        lesson = here.outline.lesson_of_quiz(key)
        return redirect(url_for("learning.show_lesson", slug=slug, key=lesson.key))
    return redirect(url_for("learning.show_attempt", attempt_id=attempt_id))


def _pretest_over(slug: str) -> AnyResponse:
    flash(_("Uji awal hanya dapat diisi sebelum materi pertama. Silakan lanjut belajar."), "warn")
    return redirect(url_for("learning.show_course", slug=slug))


@blueprint.post("/courses/<slug>/pretest/skip")
@require(Permission.COURSE_STUDY)
def skip_pretest(slug: str) -> AnyResponse:
    """Go on to the first lesson without the pretest."""
    here = study.studying(actor().id, slug)
    try:
        with transaction() as session:
            pretests.skip(session, here)
    except Conflict:
        pass  # done or skipped already: all the same to who wants to go on
    return _to_next_lesson(here)


@blueprint.get("/attempts/<attempt_id>")
@require(Permission.COURSE_STUDY)
def show_attempt(attempt_id: str) -> str | AnyResponse:
    """Show the questions of an open attempt with the answers saved so far."""
    page = attempts.attempt_page(actor().id, attempt_id)
    if page.attempt.state != "open":
        return redirect(url_for("learning.show_result", attempt_id=attempt_id))
    if pretests.is_late(page.attempt):
        return redirect(url_for("learning.show_course", slug=page.outline.slug))
    return render_template("learning/attempt.html", page=page, opened_hints=hints.opened_of(page))


@blueprint.post("/attempts/<attempt_id>")
@require(Permission.COURSE_STUDY)
def post_attempt(attempt_id: str) -> AnyResponse:
    """Save the whole page of answers, and open a hint or hand it in when that is asked."""
    page = attempts.attempt_page(actor().id, attempt_id)
    changed = _changed(page, request.form)
    action = request.form.get("action", "")
    hint = HINT.fullmatch(action)
    try:
        with transaction() as session:
            if hint:  # first, as it locks the attempt
                hints.open_hint(session, actor().id, attempt_id, int(hint[1]), int(hint[2]))
            if action == SUBMIT:
                quizzes.submit(session, actor().id, attempt_id, changed)
            else:
                quizzes.save_answers(session, actor().id, attempt_id, changed)
    except Conflict as problem:
        if problem.reason == "out_of_order":
            raise
        return _closed(attempt_id, asked_hint=bool(hint))
    if action == SUBMIT:
        return redirect(url_for("learning.show_result", attempt_id=attempt_id))
    place = f"soal-{int(hint[1]) + 1}" if hint else None
    if not hint:
        flash(_("Jawaban Anda tersimpan."), "ok")
    return redirect(url_for("learning.show_attempt", attempt_id=attempt_id, _anchor=place))


def _closed(attempt_id: str, *, asked_hint: bool) -> AnyResponse:
    """The time is over, or another device handed it in: what was saved counts."""
    quizzes.close_by_time(attempt_id)
    if asked_hint:
        flash(_("Kuis ini sudah berakhir, jadi petunjuk tidak dapat dibuka lagi."), "warn")
    return redirect(url_for("learning.show_result", attempt_id=attempt_id))


def _changed(page: attempts.AttemptPage, form: MultiDict[str, str]) -> list[NewAnswer]:
    """The answers that differ from what is stored, by the counters the page was shown with."""
    fields = form.to_dict(flat=False)
    found = []
    for shown in page.questions:
        answer = answers.from_fields(fields, f"q{shown.position}")
        if f"c{shown.position}" not in form or answer == shown.answer:
            continue
        counter = _number(form[f"c{shown.position}"]) + 1
        if counter > shown.counter:
            new = NewAnswer(shown.position, answer, counter)
            quizzes.check_answer(new)
            found.append(new)
    return found


@blueprint.post("/attempts/<attempt_id>/answers/<int:position>")
@require(Permission.COURSE_STUDY)
def save_answer(attempt_id: str, position: int) -> tuple[Response, int]:
    """Save one answer; the reply comes only when it is on disk."""
    new = quizzes.answer_of(position, _body())
    try:
        saved = quizzes.save_one_answer(actor().id, attempt_id, new)
    except Conflict as problem:
        return jsonify(reason=problem.reason), problem.status
    return jsonify(saved.receipt), 200


@blueprint.post("/attempts/<attempt_id>/hints/<int:position>/<int:hint>")
@require(Permission.COURSE_STUDY)
def open_hint(attempt_id: str, position: int, hint: int) -> str | tuple[Response, int]:
    """Open a hint and show the hints of its question as they stand."""
    try:
        with transaction() as session:
            done = hints.open_hint(session, actor().id, attempt_id, position, hint)
    except Conflict as problem:
        return jsonify(reason=problem.reason), problem.status
    return render_template(
        "learning/_attempt_hints.html",
        attempt_id=attempt_id,
        position=position,
        question=done.question,
        opened=done.opened,
        may_open=True,
    )


def _body() -> Any:
    """The JSON that was sent; None for what is none, however deeply it is nested."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


@blueprint.get("/attempts/<attempt_id>/result")
@require(Permission.COURSE_STUDY)
def show_result(attempt_id: str) -> str | AnyResponse:
    """Show the result of a handed-in attempt, with what the quiz lets one see."""
    if attempts.attempt_of(actor().id, attempt_id).quiz_key == PRETEST:
        return _pretest_done(attempt_id)
    try:
        page = attempts.result_page(actor().id, attempt_id)
    except Conflict:
        return redirect(url_for("learning.show_attempt", attempt_id=attempt_id))
    done = page.is_course_complete
    return render_template(
        "learning/result.html",
        page=page,
        marks=marking.marks_of(attempt_id),
        corrections=marked.corrections_of(attempt_id),
        names=framework.names(),
        certificate_id=study.certificate_of(page.attempt.enrolment_id) if done else "",
    )


def _pretest_done(attempt_id: str) -> str | AnyResponse:
    """Thanks for a pretest; what was right in it is told to nobody."""
    attempt = attempts.attempt_of(actor().id, attempt_id)
    if attempt.state == "open":
        return redirect(url_for("learning.show_attempt", attempt_id=attempt_id))
    here = study.studying(actor().id, catalogue.outline(attempt.version_id).slug)
    return render_template("learning/pretest_done.html", here=here)


@blueprint.post("/courses/<slug>/version")
@require(Permission.COURSE_STUDY)
def move_to_open_version(slug: str) -> AnyResponse:
    """Go on in the newest version."""
    try:
        with transaction() as session:
            migration.move_to_open_version(session, actor().id, slug)
    except Conflict as problem:
        if problem.reason == "attempt_open":
            flash(_("Selesaikan dahulu kuis yang sedang dikerjakan."), "warn")
    else:
        flash(
            _("Anda kini belajar di versi terbaru. Materi yang tidak berubah tetap selesai."), "ok"
        )
    return redirect(url_for("learning.show_course", slug=slug))


@blueprint.post("/teach/<slug>/learners/<int:enrolment_id>/attempts/<key>")
@require(Permission.COURSE_TEACH)
def grant_attempt(slug: str, enrolment_id: int, key: str) -> AnyResponse:
    """Open one more attempt for a learner of one's own course."""
    course = _taught(slug)
    try:
        with transaction() as session:
            quizzes.grant_attempt(session, actor().id, course.id, enrolment_id, key)
    except Conflict:
        flash(_("Peserta ini masih punya kesempatan, atau sudah lulus."), "warn")
    else:
        flash(_("Satu kesempatan ditambahkan, dan peserta sudah diberi tahu."), "ok")
    return redirect(url_for("reports.show_taught_course", slug=slug))


def _taught(slug: str) -> catalogue.CourseLink:
    """A course of one's own. Raises NotFound for any other."""
    course = catalogue.link(slug)
    if not teachers.teaches(actor().id, course.id):
        raise NotFound
    return course


@blueprint.get("/teach/<slug>/essays")
@require(Permission.COURSE_TEACH)
def show_essays(slug: str) -> str:
    """Show the essays that wait for their marks."""
    course = _taught(slug)
    waiting = marking.queue(course.id, actor().id)
    marked_count = marked.count(course.id, actor().id)
    return render_template(
        "learning/essays.html", course=course, waiting=waiting, marked_count=marked_count
    )


@blueprint.get("/teach/<slug>/essays/marked")
@require(Permission.COURSE_TEACH)
def show_marked_essays(slug: str) -> str:
    """Show the essays that have their marks, the newest first."""
    course = _taught(slug)
    page = marked.page(course.id, actor().id, _number(request.args.get("page")))
    waiting_count = len(marking.queue(course.id, actor().id))
    return render_template(
        "learning/marked_essays.html", course=course, page=page, waiting_count=waiting_count
    )


@blueprint.get("/teach/<slug>/essays/<attempt_id>/<int:position>")
@require(Permission.COURSE_TEACH)
def show_essay(slug: str, attempt_id: str, position: int) -> str:
    """Show an essay beside its rubric; once it is marked, with its mark."""
    course = _taught(slug)
    try:
        page = marking.essay_page(course.id, actor().id, attempt_id, position)
    except Conflict:
        return _marked_essay(course, attempt_id, position)
    return render_template("learning/essay.html", course=course, page=page, typed=None)


def _marked_essay(
    course: catalogue.CourseLink,
    attempt_id: str,
    position: int,
    typed: MultiDict[str, str] | None = None,
    reason: str = "",
) -> str:
    page = marked.essay_page(course.id, actor().id, attempt_id, position)
    return render_template(
        "learning/marked_essay.html", course=course, page=page, typed=typed, reason=reason
    )


@blueprint.post("/teach/<slug>/essays/<attempt_id>/<int:position>")
@require(Permission.COURSE_TEACH)
def mark_essay(slug: str, attempt_id: str, position: int) -> str | AnyResponse | tuple[str, int]:
    """Keep the marks of an essay and go on to the next of one's own that waits."""
    course = _taught(slug)
    typed = request.form
    try:
        page = marking.essay_page(course.id, actor().id, attempt_id, position)
        with transaction() as session:
            marking.give_mark(session, actor().id, page, _mark_of(typed, page.key))
    except Conflict as problem:
        return _marked_essay(course, attempt_id, position, typed, problem.reason), problem.status
    except Invalid as problem:
        return render_template(
            "learning/essay.html", course=course, page=page, typed=typed, reason=problem.reason
        ), problem.status
    flash(_("Penilaian tersimpan."), "ok")
    following = [essay for essay in marking.queue(course.id, actor().id) if essay.is_mine]
    if not following:
        return redirect(url_for("learning.show_essays", slug=slug))
    first = following[0]
    return redirect(
        url_for(
            "learning.show_essay",
            slug=slug,
            attempt_id=first.attempt_id,
            position=first.position,
            _anchor="uraian",  # else the browser keeps the place of the form
        )
    )


@blueprint.post("/teach/<slug>/essays/<attempt_id>/<int:position>/correction")
@require(Permission.COURSE_TEACH)
def correct_mark(slug: str, attempt_id: str, position: int) -> AnyResponse | tuple[str, int]:
    """Let another mark stand, and tell the learner why."""
    course = _taught(slug)
    typed = request.form
    page = marked.essay_page(course.id, actor().id, attempt_id, position)
    wanted = Wanted(
        _mark_of(typed, page.key), typed.get("reason", ""), _number(typed.get("revision"))
    )
    try:
        with transaction() as session:
            corrections.correct(session, actor().id, page, wanted)
    except (Conflict, Invalid) as problem:
        return _marked_essay(course, attempt_id, position, typed, problem.reason), problem.status
    flash(_("Penilaian diperbaiki, dan peserta sudah diberi tahu."), "ok")
    return redirect(url_for("learning.show_marked_essays", slug=slug), 303)


def _mark_of(form: MultiDict[str, str], key: EssayKey) -> Mark:
    points = [form.get(f"points{i}", "") for i in range(len(key.criteria))]
    whole = tuple(int(text) if text.isascii() and text.isdigit() else -1 for text in points)
    return Mark(whole, form.get("comment", "").replace("\r\n", "\n").strip())


@blueprint.get("/teach/<slug>/surveys")
@require(Permission.COURSE_TEACH)
def show_surveys(slug: str) -> str:
    """Show what was said to the surveys of a course, without names."""
    course = _taught(slug)
    found = surveys.results(course.id)
    return render_template("learning/surveys.html", course=course, surveys=found)
