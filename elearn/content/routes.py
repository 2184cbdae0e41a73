"""Pages of content: the files of courses, and the approval of a course's terms by HR."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from elearn import files
from elearn.content import catalogue, publishing
from elearn.content.approvals import waiting_courses
from elearn.database import transaction
from elearn.errors import Conflict, NotFound
from elearn.people import audit
from elearn.people.access import actor, require
from elearn.people.permissions import Permission

blueprint = Blueprint("content", __name__)
FOR_EVER = "private, max-age=31536000, immutable"
# A file opened by itself runs and loads nothing, whatever it holds.
FILE_POLICY = "default-src 'none'; sandbox"
SHOWN = ("image/", "video/", "text/vtt")
COURSE_APPROVED = "course:approved"


@blueprint.get("/files/<string(length=64):digest>/<name>")
@require(Permission.COURSE_STUDY)
def show_file(digest: str, name: str) -> Response:
    """Send a file of a course; its address holds its digest, so it never changes."""
    file = files.load(digest)
    response = send_file(
        BytesIO(file.content),
        mimetype=file.media_type,
        as_attachment=not file.media_type.startswith(SHOWN),
        download_name=name,
        conditional=True,
        etag=digest,
    )
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/hr/approvals")
@require(Permission.COURSE_APPROVE)
def show_approvals() -> str:
    """List the courses whose JP, kind and competencies wait for HR of the agency."""
    return render_template("content/approvals.html", courses=waiting_courses())


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
            audit.record(actor().id, COURSE_APPROVED, None, course=slug, version=version.number)
    except Conflict:
        flash(_("Kursus ini sudah berubah atau sudah disetujui. Periksa daftar terbaru."), "warn")
    else:
        flash(_("%(title)s disetujui dan terbuka bagi peserta.", title=version.title), "ok")
    return redirect(url_for("content.show_approvals"), 303)
