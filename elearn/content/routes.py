"""Pages of content: the files of courses, and the approval of a course's terms by HR."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, send_file

from elearn import files
from elearn.people.access import require
from elearn.people.permissions import Permission

blueprint = Blueprint("content", __name__)
FOR_EVER = "private, max-age=31536000, immutable"
# A file opened by itself runs and loads nothing, whatever it holds.
FILE_POLICY = "default-src 'none'; sandbox"
SHOWN = ("image/", "video/", "text/vtt")


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
