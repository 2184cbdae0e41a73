"""Static files: read once, sent compressed, named by their digest, cached for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

COMPRESSED = (".css", ".js", ".svg", ".json", ".txt", ".webmanifest")
DIGEST_LENGTH = 12
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """A file of static/ as it is sent."""

    content: bytes
    packed: bytes
    media_type: str
    digest: str


def load(folder: Path) -> dict[str, StaticFile]:
    """Every file below the folder by its path with slashes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): _read(path) for path in files}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if path.suffix in COMPRESSED else b""
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return StaticFile(content, packed, media_type, hashlib.sha256(content).hexdigest())


def init_app(app: Flask) -> None:
    """Serve static/ and give templates ``asset(path)``."""
    folder = Path(app.root_path) / "static"
    files = load(folder)

    def asset(path: str) -> str:
        """The address of a static file, with its digest."""
        if app.config["DEVELOPMENT"]:
            files[path] = _read(folder / path)
        return f"/static/{path}?v={files[path].digest[:DIGEST_LENGTH]}"

    def static(path: str) -> Response:
        found = files.get(path)
        return _send(found) if found else abort(404)

    app.jinja_env.globals["asset"] = asset
    app.add_url_rule("/static/<path:path>", "static", static)


def _send(file: StaticFile) -> Response:
    packed = bool(file.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(file.packed if packed else file.content, content_type=file.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if file.packed:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOR_EVER if request.args.get("v") else "no-cache"
    response.set_etag(file.digest[:DIGEST_LENGTH] + ("-gz" if packed else ""))
    response.make_conditional(request)
    return response
