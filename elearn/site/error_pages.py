"""What went wrong becomes a page in the product's look, with the right status."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, make_response, request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from elearn import failures
from elearn.errors import DomainError, TooManyTries, Unavailable

FORBIDDEN_CHARACTER = "\x00"
_SAFE = _l("Jawaban dan kemajuan yang sudah tersimpan tetap aman.")
_WORDS: dict[int, dict[str, Any]] = {
    400: {
        "title": _l("Permintaan tidak dapat dibaca"),
        "happened": _l("Alamat atau isian yang dikirim tidak lengkap atau rusak di jalan."),
        "safe": _SAFE,
        "advice": _l("Kembali ke halaman sebelumnya, muat ulang, lalu coba sekali lagi."),
    },
    403: {
        "title": _l("Anda tidak dapat mengubah ini"),
        "happened": _l("Halaman ini ada, tetapi peran Anda tidak mengizinkan tindakan itu."),
        "safe": _l("Tidak ada yang berubah."),
        "advice": _l("Bila menurut Anda ini keliru, hubungi pengelola kepegawaian unit Anda."),
    },
    404: {
        "title": _l("Halaman tidak ditemukan"),
        "happened": _l("Alamat yang Anda buka tidak ada, atau bukan untuk akun ini."),
        "safe": _SAFE,
        "advice": _l("Periksa kembali alamatnya, atau mulai lagi dari Beranda."),
    },
    405: {
        "title": _l("Cara membuka halaman ini keliru"),
        "happened": _l("Alamat ini hanya menerima kiriman dari tombol di halamannya."),
        "safe": _SAFE,
        "advice": _l("Kembali ke Beranda, lalu buka lagi dari menu."),
    },
    409: {
        "title": _l("Keadaannya sudah berubah"),
        "happened": _l("Halaman yang tadi Anda lihat sudah tidak sama dengan keadaan sekarang."),
        "safe": _SAFE,
        "advice": _l("Muat ulang halaman sebelumnya, lalu periksa keadaannya yang terbaru."),
    },
    413: {
        "title": _l("Kiriman terlalu besar"),
        "happened": _l("Yang Anda kirim melebihi batas ukuran."),
        "safe": _SAFE,
        "advice": _l("Kecilkan isinya, lalu kirim lagi."),
    },
    422: {
        "title": _l("Isian belum dapat diterima"),
        "happened": _l("Ada isian yang tidak sesuai dengan yang diminta halaman ini."),
        "safe": _l("Tidak ada yang berubah."),
        "advice": _l("Kembali ke halaman sebelumnya dan periksa isiannya."),
    },
    429: {
        "title": _l("Terlalu banyak percobaan"),
        "happened": _l("Demi keamanan, percobaan berikutnya ditahan sebentar."),
        "safe": _SAFE,
        "advice": _l("Tunggu sebentar, lalu coba lagi."),
    },
    500: {
        "title": _l("Ada yang salah di pihak kami"),
        "happened": _l("Halaman ini gagal dibuka. Kesalahannya sudah tercatat."),
        "safe": _SAFE,
        "advice": _l("Coba lagi sebentar lagi. Bila tetap gagal, beri tahu pengelola kodenya."),
    },
    503: {
        "title": _l("Sedang sibuk"),
        "happened": _l("Terlalu banyak permintaan datang bersamaan."),
        "safe": _SAFE,
        "advice": _l("Tunggu beberapa detik, lalu muat ulang halaman ini."),
    },
}


# Where one status has several causes, what people are told depends on the reason.
_REASONS: dict[str, Any] = {
    "form_expired": {
        "title": _l("Formulir ini sudah tidak berlaku"),
        "happened": _l("Formulir dibuka terlalu lama, atau dikirim dari tempat lain."),
        "safe": _l("Tidak ada yang berubah, dan yang sudah tersimpan tetap aman."),
        "advice": _l("Kembali ke halaman sebelumnya, muat ulang, lalu kirim lagi."),
    },
}


def init_app(app: Flask) -> None:
    """Turn domain errors, HTTP errors and surprises into pages."""
    app.before_request(_refuse_null)
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_surprise)


def _refuse_null() -> Response | None:
    """A NUL is never typed by a person, and PostgreSQL cannot store it."""
    texts = [request.path]
    if request.query_string:
        texts += _flat(request.args)
    if request.method == "POST" and not request.is_json:
        texts += _flat(request.form)
    bad = any(FORBIDDEN_CHARACTER in text for text in texts)
    return _page(400, "") if bad else None


def _flat(values: object) -> list[str]:
    return [text for pair in values.items(multi=True) for text in pair]  # type: ignore[attr-defined]


def show_domain_error(error: DomainError) -> Response:
    response = _page(error.status, getattr(error, "reason", ""))
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, TooManyTries):
        response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def show_http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = _page(error.code, "")
    for name, value in error.get_headers(request.environ):
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def show_surprise(error: Exception) -> Response:
    return _page(500, "", failures.note(error, request.endpoint or "-"))


def _page(status: int, reason: str, code: str = "") -> Response:
    if request.accept_mimetypes.best == "application/json":
        told = {"status": status, "reason": reason} | ({"code": code} if code else {})
        return make_response(told, status)
    general = _WORDS[500] if status >= 500 else _WORDS[400]
    words = _REASONS.get(reason) or _WORDS.get(status, general)
    # Rendered without what every other page asks the database: it may be what has failed.
    page = current_app.jinja_env.get_template("site/error.html")
    return make_response(page.render(status=status, code=code, **words), status)
